# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By which interfaces traffic of an address can pass."""

from __future__ import annotations

import ipaddress
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.topology import (
    Routing,
    notices,
    read_topology,
    refusal,
    routing_of,
    topology,
)
from unit.blocking.rules import ROUTING
from unit.blocking.support import Simulated, options


def test_interfaces_of_an_address() -> None:
    def towards(text: str) -> list[str]:
        return [one.name for one in ROUTING.towards(ipaddress.ip_network(text))]

    assert towards("198.51.100.7") == ["wan1", "wan2"]
    assert towards("10.1.1.7") == ["lan"]
    assert towards("172.16.9.9") == ["wan1", "wan2", "lan", "tunnel6"]
    assert towards("2001:db8:bad::7") == ["wan1", "wan2", "tunnel6"]
    assert towards("203.0.113.77") == ["wan1", "wan2"]


EMPTY: dict[str, t.Any] = {"type": "traffic", **{key: [] for key in ("routes", "routes6", "sdwan", "zones", "vips")}}


def routing(*interfaces: dict[str, t.Any], **tables: t.Any) -> Routing:
    return routing_of({"interfaces": list(interfaces), "vdoms": {"root": {**EMPTY, **tables}}}, "root")


def outside(found: Routing, version: int = 4) -> list[str]:
    return [one.name for one in found.outside(version)]


ONE, TWO = {"name": "a", "ip": "203.0.113.1/24"}, {"name": "b", "ip": "10.1.1.1/24"}


def test_without_a_default_route_every_interface_may_lead_outside() -> None:
    """As with a routing protocol."""
    assert outside(routing(ONE, TWO)) == ["a", "b"]


@pytest.mark.parametrize(
    "route, leads",
    [
        ({"dst": "0.0.0.0 0.0.0.0", "device": "a"}, ["a"]),
        ({"dst": "0.0.0.0/0", "device": "a"}, ["a"]),
        ({"dst": "10.0.0.0 255.0.0.0", "device": "a"}, ["a", "b"]),
        ({"dst": "0.0.0.0 0.0.0.0", "device": "a", "status": "disable"}, ["a", "b"]),
        ({"dst": "0.0.0.0 0.0.0.0", "device": "a", "blackhole": "enable"}, ["a", "b"]),
        ({"dst": "0.0.0.0 0.0.0.0", "device": "a", "dstaddr": "office"}, ["a", "b"]),
        ({"dst": "0.0.0.0 0.0.0.0", "device": "a", "internet-service": 65537}, ["a", "b"]),
    ],
)
def test_a_default_route_leads_outside(route: dict[str, t.Any], leads: list[str]) -> None:
    assert outside(routing(ONE, TWO, routes=[route])) == leads


def test_a_dynamic_gateway_leads_outside_unless_it_is_not_used() -> None:
    assert outside(routing({**ONE, "mode": "pppoe"}, TWO)) == ["a"]
    assert outside(routing({**ONE, "mode": "dhcp", "defaultgw": "disable"}, TWO)) == ["a", "b"]


def test_a_route_of_ipv6_says_nothing_about_ipv4() -> None:
    found = routing(ONE, TWO, routes6=[{"dst": "::/0", "device": "b"}])
    assert outside(found) == ["a", "b"] and outside(found, 6) == ["b"]


def test_policies_may_name_the_zone_of_an_interface_that_is_down() -> None:
    off = {**TWO, "status": "down"}
    found = routing(ONE, off, zones=[{"name": "office", "interface": [{"interface-name": "b"}]}])
    assert [one.name for one in found.interfaces] == ["a"] and found.names == {"a", "b", "office"}


@pytest.mark.parametrize(
    "ip, behind", [("10.1.1.1/24", "10.1.1.2"), ("10.1.1.2/24", "10.1.1.1"), ("10.1.1.1/31", ""), ("10.1.1.1/32", "")]
)
def test_an_address_behind_an_interface_is_not_its_own(ip: str, behind: str) -> None:
    assert routing({"name": "a", "ip": ip}).interfaces[0].behind(4) == behind


@pytest.mark.parametrize("ip", ["0.0.0.0 0.0.0.0", "", None, "not an address", "10.1.1.1 255.255.0.255"])
def test_an_interface_without_an_address(ip: t.Any) -> None:
    assert routing({"name": "a", "ip": ip}).interfaces[0].addresses == ()


def test_internal_interfaces_are_those_that_do_not_lead_outside() -> None:
    found = routing(ONE, TWO, routes=[{"dst": "0.0.0.0/0", "device": "a"}])
    assert [(one.name, address) for one, address in found.inside(4)] == [("b", "10.1.1.2")] and found.inside(6) == []
    # Where each may lead outside, each may be internal.
    assert [one.name for one, _address in routing(ONE, TWO).inside(4)] == ["a", "b"]


def test_a_virtual_ip_that_is_disabled_publishes_nothing() -> None:
    vips = [
        {"name": "on", "extip": "203.0.113.10-203.0.113.11"},
        {"name": "off", "extip": "203.0.113.9", "status": "disable"},
    ]
    assert routing(ONE, vips=vips).published == {"on": (ipaddress.ip_network("203.0.113.10/31"),)}


def test_a_block_in_a_vdom_without_traffic_is_refused(fortigate: Simulated) -> None:
    fortigate.made_with(vdoms=["mgmt", "root"], admin_vdom="mgmt")
    facts = read_topology(fortigate.device, ["mgmt"], False, False)
    assert "Blocks in VDOM mgmt have no effect, because a VDOM of type admin" in refusal(facts)
    assert "Set fortigate_block_vdoms to VDOMs with traffic: root" in refusal(facts)
    assert refusal(read_topology(fortigate.device, ["root"], False, False)) == ""


def test_a_vdom_that_carries_traffic_and_is_left_out_is_named(fortigate: Simulated) -> None:
    assert any("VDOM guest" in one for one in notices(read_topology(fortigate.device, ["root"], False, True), True))
    assert list(notices(read_topology(fortigate.device, ["root", "guest"], False, True), True)) == []


def test_a_configuration_that_is_not_saved_by_itself_is_told_for_lists_only(fortigate: Simulated) -> None:
    fortigate.configure("system/global", {"cfg-save": "revert"})
    facts = read_topology(fortigate.device, ["root", "guest"], False, True)
    assert any("cfg-save" in one for one in notices(facts, True))
    assert not any("cfg-save" in one for one in notices(facts, False))


def test_a_table_without_a_right_is_named_with_the_right(fortigate: Simulated) -> None:
    fortigate.instead["GET cmdb/system/zone"] = 403
    (said,) = notices(read_topology(fortigate.device, ["root", "guest"], False, True), True)
    assert "system/zone of VDOM root" in said and "netgrp" in said


def test_a_run_that_writes_nothing_reads_nothing(fortigate: Simulated) -> None:
    fortigate.vdom.read("monitor/user/banned")  # from then on its serial number is known
    fortigate.reads.clear()
    assert topology(options(), fortigate.context, lists=True, writes=False) is None and fortigate.reads == []
    known = topology(options(), fortigate.context, lists=True, writes=True)
    fortigate.reads.clear()
    fortigate.later(3600)
    assert topology(options(), fortigate.context, lists=True, writes=False) == known and fortigate.reads == []
    topology(options(), fortigate.context, lists=True, writes=True)
    assert fortigate.reads, "facts of an hour ago are too old to write by"


def test_a_ban_needs_no_interfaces_and_its_facts_are_none_for_a_list(fortigate: Simulated) -> None:
    fortigate.vdom.read("monitor/user/banned")
    bans = topology(options(), fortigate.context, lists=False, writes=True)
    lists = topology(options(), fortigate.context, lists=True, writes=True)
    assert bans is not None and bans["interfaces"] == [] and lists is not None and lists["interfaces"]


def test_two_fortigates_do_not_share_their_facts(fortigate: Simulated) -> None:
    fortigate.vdom.read("monitor/user/banned")
    topology(options(), fortigate.context, lists=True, writes=True)
    fortigate.device.serial = "FG100FTK20000002"
    assert topology(options(), fortigate.context, lists=True, writes=False) is None
