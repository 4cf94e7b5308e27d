# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Would this packet pass? The effect of everything that blocks (protocol_fortigate.rst, "Deny policies")."""

from __future__ import annotations

import pytest

from simulators.fortigate import FortiGate, Switches

ATTACKER, SERVER, BOX, INSIDE = "198.51.100.7", "203.0.113.10", "203.0.113.1", "10.1.1.20"


@pytest.fixture(scope="module")
def switches():
    return Switches(with_feed=True, with_group=True, with_policies=True)


def block(client, ip=ATTACKER):
    name = "blk-" + ip.replace(":", "_")
    if ":" in ip:
        client.post("cmdb/firewall/address6", {"name": name, "ip6": f"{ip}/128"})
        return client.post("cmdb/firewall/addrgrp6/SOC-BLOCK6/member", {"name": name})
    client.post("cmdb/firewall/address", {"name": name, "subnet": f"{ip}/32"})
    return client.post("cmdb/firewall/addrgrp/SOC-BLOCK/member", {"name": name})


def test_before_anything_is_blocked(fortigate):
    assert fortigate.passes(ATTACKER, SERVER) and not fortigate.passes(ATTACKER, SERVER, dport=80)
    assert not fortigate.passes(ATTACKER, INSIDE)
    assert fortigate.passes(INSIDE, ATTACKER, dport=25) and fortigate.passes("2001:db8:10::5", "2001:db8:ffff::1")
    assert fortigate.passes("10.2.1.20", ATTACKER, vdom="guest")
    assert fortigate.passes(ATTACKER, BOX) and fortigate.passes(ATTACKER, "203.0.113.2")


@pytest.mark.parametrize("how", ["group", "feed"])
def test_source_and_destination(fortigate, client, how):
    block(client) if how == "group" else client.push("add", [ATTACKER])
    assert not fortigate.passes(ATTACKER, SERVER) and not fortigate.passes(INSIDE, ATTACKER)
    assert fortigate.passes("198.51.100.8", SERVER) and fortigate.passes(INSIDE, "198.51.100.8")
    assert fortigate.passes(ATTACKER, BOX)
    assert fortigate.passes("10.2.1.20", ATTACKER, vdom="guest")


def test_what_a_group_excludes_is_not_blocked(fortigate, client):
    block(client)
    client.post("cmdb/firewall/address", {"name": "partner", "subnet": "198.51.100.0/29"})
    group = "cmdb/firewall/addrgrp/SOC-BLOCK"
    assert client.put(group, {"exclude": "enable", "exclude-member": [{"name": "partner"}]}).status_code == 200
    assert fortigate.passes(ATTACKER, SERVER)
    client.put(group, {"exclude": "disable"})
    assert not fortigate.passes(ATTACKER, SERVER)


@pytest.mark.parametrize("how", ["group", "feed"])
def test_ipv6(fortigate, client, how):
    target = "2001:db8:ffff::1"
    block(client, target) if how == "group" else client.push("add", [target])
    assert not fortigate.passes("2001:db8:10::5", target) and fortigate.passes("2001:db8:10::5", "2001:db8:ffff::2")


def test_order_decides(fortigate, client):
    block(client)
    client.put("cmdb/firewall/policy/9001?action=move&after=2", "null")
    assert fortigate.passes(ATTACKER, SERVER)
    client.put("cmdb/firewall/policy/9001?action=move&before=1", "null")
    assert not fortigate.passes(ATTACKER, SERVER)


def test_match_vip_decides_for_published_servers(fortigate, client):
    block(client)
    client.put("cmdb/firewall/policy/9001", {"match-vip": "disable"})
    assert fortigate.passes(ATTACKER, SERVER)


@pytest.mark.parametrize(
    "change", [{"status": "disable"}, {"schedule": "none"}, {"srcintf": [{"name": "dmz"}]},
               {"service": [{"name": "SSH"}]}, {"dstaddr": [{"name": "none"}]}, {"srcaddr-negate": "enable"}],
)  # fmt: skip
def test_a_policy_that_does_not_fit_blocks_nothing(fortigate, client, change):
    block(client)
    client.put("cmdb/firewall/policy/9001", change)
    assert fortigate.passes(ATTACKER, SERVER)


def test_a_disabled_feed_blocks_nothing(fortigate, client):
    client.push("add", ["198.51.100.0/24"])
    assert not fortigate.passes(ATTACKER, SERVER)
    client.put("cmdb/system/external-resource/soc-block", {"status": "disable"})
    assert fortigate.passes(ATTACKER, SERVER)


def test_groups_in_groups_and_ranges(fortigate, client):
    client.post(
        "cmdb/firewall/address",
        {"name": "range", "type": "iprange", "start-ip": "198.51.100.5", "end-ip": "198.51.100.9"},
    )
    client.post("cmdb/firewall/addrgrp", {"name": "inner", "member": [{"name": "range"}]})
    client.post("cmdb/firewall/addrgrp/SOC-BLOCK/member", {"name": "inner"})
    assert not fortigate.passes(ATTACKER, SERVER) and fortigate.passes("198.51.100.10", SERVER)


def test_local_in_protects_the_box_itself(fortigate, client):
    client.push("add", [ATTACKER, "2001:db8:bad::1"])
    body = {
        "policyid": 1, "intf": [{"name": "wan1"}], "srcaddr": [{"name": "soc-block"}], "dstaddr": [{"name": "all"}],
        "service": [{"name": "HTTPS"}], "schedule": "always",
    }  # fmt: skip
    assert client.post("cmdb/firewall/local-in-policy", body).status_code == 200
    assert client.post("cmdb/firewall/local-in-policy6", body).status_code == 200
    assert not fortigate.passes(ATTACKER, BOX) and not fortigate.passes("2001:db8:bad::1", "2001:db8:1::1")
    assert not fortigate.passes(ATTACKER, "192.0.2.77", to_fortigate=True)
    assert fortigate.passes(ATTACKER, BOX, dport=22) and fortigate.passes("198.51.100.8", BOX)
    client.put("cmdb/firewall/local-in-policy/1", {"action": "accept"})
    assert fortigate.passes(ATTACKER, BOX)


def test_closing_sessions_is_recorded(fortigate, client):
    path = "monitor/firewall/session/close-multiple?vdom=root"
    assert client.post(path, {"saddr": ATTACKER}).json()["status"] == "success"
    assert client.post(path.replace("session", "session6"), {"saddr": "2001:db8:bad::1"}).json()["status"] == "success"
    assert [one["saddr"] for one in fortigate.closed_sessions] == [
        ATTACKER,
        "2001:db8:bad::1",
    ] and fortigate.alarms == []
    client.post(path, {})
    client.post("monitor/firewall/session/close-all")
    assert len(fortigate.alarms) == 2
    fortigate.switches.version = "v7.0.1"
    assert client.post(path, {"saddr": ATTACKER}).status_code == 404


def test_policies_need_something_to_deny():
    with FortiGate(Switches(with_policies=True)) as fortigate, pytest.raises(ValueError, match="with_policies needs"):
        fortigate.objects("firewall/policy")
