# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which policy decides first, judged from configuration alone; and the packet check of the simulator as the judge of that."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import packets, policies, topology
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.address_book import Book, Tables
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate as Device
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.packets import (
    ACCEPTED,
    DENIED,
    IDLE,
    UNDECIDED,
    Need,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from unit.blocking.rules import ADDRESSES, ALL, BOOK, DENY, GROUPS, ROUTING, SOURCES, TARGET, Obj, rule
from unit.blocking.support import sender

from simulators.common.clock import ManualClock
from simulators.fortigate import Switches
from simulators.fortigate.configuring import configure
from simulators.fortigate.state import FortiGateState
from support.random_fortigates import LISTS, PARTS, names, open_packets, order_of, put_objects, put_policies

ABOVE = [
    ([DENY, ALL], DENIED), ([rule(9001, "deny", "parent"), ALL], DENIED), ([ALL], IDLE), ([ALL, DENY], ACCEPTED),
    ([rule(50, "accept", "here"), DENY], ACCEPTED), ([rule(50, "accept", "there"), DENY], DENIED),
    ([rule(50, "accept", "but-some"), DENY], DENIED), ([rule(50, "accept", "country"), DENY], UNDECIDED),
    ([rule(50, "accept", "there", **{"srcaddr-negate": "enable"}), DENY], ACCEPTED),
    ([rule(50, "accept", "here", **{"srcaddr-negate": "enable"}), DENY], DENIED),
    ([rule(50, "accept", "here", status="disable"), DENY], DENIED), ([rule(50, "accept", "here", schedule="none"), DENY], DENIED),
    ([rule(50, "accept", "here", schedule="office-hours"), DENY], UNDECIDED),
    ([rule(50, "accept", "here", groups=names("vpn")), DENY], UNDECIDED), ([rule(50, "ipsec", "here"), DENY], UNDECIDED),
    ([rule(50, "accept", "here", srcintf=names("lan")), DENY], DENIED),
    ([rule(50, "accept", "here", srcintf=names("office")), DENY], DENIED),
    ([rule(50, "accept", "here", srcintf=names("uplinks")), DENY], ACCEPTED),
    ([rule(50, "accept", "here", srcintf=names("no-such-zone")), DENY], UNDECIDED),
    ([rule(50, "accept", "here", srcintf=names("off")), DENY], DENIED),
    ([rule(50, "accept", "here", dstaddr=[]), DENY], DENIED), ([rule(50, "accept", "here", dstaddr=names("none")), DENY], DENIED),
    ([rule(50, "accept", "here", srcaddr=[], **{"internet-service-src": "enable"}), DENY], UNDECIDED),
    ([{**DENY, "service": names("DNS")}, ALL], IDLE), ([{**DENY, "service-negate": "enable"}, ALL], IDLE),
    ([{**DENY, "match-vip": "disable"}, ALL], IDLE), ([{**DENY, "schedule": "office-hours"}, ALL], IDLE),
    ([{**DENY, "srcintf": names("wan1")}, ALL], ACCEPTED), ([{**DENY, "srcintf": names("wan1")}], DENIED),
    ([{**DENY, "srcintf": names("wan1", "uplinks")}, ALL], DENIED), ([{**DENY, "dstintf": names("lan")}, ALL], ACCEPTED),
    ([{**DENY, "srcintf": names("lan")}, ALL], ACCEPTED), ([{**DENY, "srcintf": names("lan")}], IDLE),
    ([{**DENY, "srcintf": names("no-such-zone")}, ALL], UNDECIDED), ([{**DENY, "srcintf": names("no-such-zone")}], UNDECIDED),
    ([rule(8, "deny", "country"), rule(50, "accept", "here"), DENY], UNDECIDED),
    ([rule(8, "deny", "here"), rule(50, "accept", "here"), DENY], DENIED),
]  # fmt: skip


@pytest.mark.parametrize(("order", "kind"), ABOVE)
def test_the_first_policy_that_fits_decides(order: list[Obj], kind: str) -> None:
    assert packets.judge(order, BOOK, ROUTING, SOURCES, TARGET).kind == kind


OBJECTS6 = {
    "six": {"type": "ipprefix", "ip6": "2001:db8:bad::/48"},
    "odd": {"ip6": "what?"},
    "ranged": {"type": "iprange", "start-ip": "2001:db8:bad::7", "end-ip": "2001:db8:bad::9"},
}
EDGES = [
    *("198.51.99.255", "198.51.100.0", "198.51.100.1", "198.51.100.9", "198.51.100.10", "198.51.100.255", "198.51.101.0"),
    *("192.0.1.255", "192.0.2.1", "192.0.2.77", "10.1.1.77", "10.1.2.1", "172.16.9.9", "203.0.113.77", "203.0.114.1", "8.8.8.8"),
    *("198.51.100.0/24", "198.51.100.8/29", "192.0.2.128/25", "2001:db8:bad::7", "2001:db8:bad:ffff::9", "2001:db8:bae::1", "2001:db8:10::9"),
]  # fmt: skip
RULES = [one for order, _kind in ABOVE for one in order] + [
    rule(60, "accept", "all", dstaddr=names(one)) for one in ADDRESSES
]
RULES += [rule(61, "accept", "all", srcaddr6=names(one), dstaddr6=names("all")) for one in OBJECTS6]


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(RULES), max_size=6),
    st.lists(st.tuples(st.sampled_from(EDGES), st.sampled_from(["source", "destination", "both", ""])), max_size=12),
    st.sampled_from([None, ROUTING]),
)
def test_addresses_that_are_judged_together_are_judged_as_each_alone(
    order: list[Obj], wanted: list[tuple[str, str]], routing: t.Any
) -> None:
    book = BOOK._replace(tables={4: Tables(ADDRESSES, GROUPS), 6: Tables(OBJECTS6, {})})
    targets = parse_targets([{"address": address, "side": side} for address, side in dict(wanted).items()])
    found = policies.judged(t.cast("t.Any", None), order, book, routing, targets, False).verdicts
    assert found == {
        one.address: [
            packets.judge(order, book, routing, need, t.cast("t.Any", one.network)) for need in policies.needs_of(one)
        ]
        for one in targets
    }


def test_the_interfaces_that_stay_open_are_known() -> None:
    order = [{**DENY, "srcintf": names("wan1")}, ALL]
    found = packets.judge(order, BOOK, ROUTING, SOURCES, TARGET)
    assert {one.name for one, _other in found.pairs if one} == {"wan2"}
    assert (found.policy, found.denied_by) == (ALL, order[0])
    assert packets.open_interfaces(order, BOOK, ROUTING, SOURCES, TARGET) == ["wan2", "lan", "tunnel6"]


def test_destinations_are_judged_by_where_they_go() -> None:
    deny = {**rule(9002, "deny", "all"), "dstaddr": names("SOC")}
    need = Need(4, "destination")
    for open_to, kind in (("lan", DENIED), ("wan1", ACCEPTED), ("any", ACCEPTED)):
        above = rule(50, "accept", "all", dstintf=names(open_to))
        assert packets.judge([above, deny], BOOK, ROUTING, need, TARGET).kind == kind


@pytest.mark.parametrize(("excluded", "kind"), [("here", IDLE), ("there", DENIED), ("country", UNDECIDED)])
def test_excluded_members_of_our_own_group(excluded: str, kind: str) -> None:
    ours = {"member": [], "exclude": "enable", "exclude-member": names(excluded)}
    book = BOOK._replace(tables={4: Tables(ADDRESSES, {"SOC": ours})})
    found = packets.judge([DENY, ALL], book, ROUTING, SOURCES, TARGET)
    assert found.kind == kind and bool(found.why) == (kind != DENIED)


def test_without_interfaces_and_objects_only_what_is_sure_is_said() -> None:
    """As in a run that changes nothing."""
    book = Book({4: "SOC"})
    for order, kind in (
        ([{**DENY, "srcintf": names("wan1")}, ALL], DENIED), ([ALL, DENY], ACCEPTED), ([ALL], IDLE),
        ([rule(50, "accept", "all", srcintf=names("lan")), DENY], UNDECIDED), ([rule(9001, "deny", "parent"), ALL], UNDECIDED),
        ([rule(50, "accept", "here"), DENY], UNDECIDED),
    ):  # fmt: skip
        assert packets.judge(order, book, None, SOURCES, TARGET).kind == kind


# Random FortiGates, in the words of the simulator.
SRC, SIX = "198.51.100.7", "2001:db8:bad::7"
_boxes = st.fixed_dictionaries(
    {
        **PARTS,
        "method": st.sampled_from(sorted(LISTS)),
        "side": st.sampled_from(["source", "destination", "both"]),
        "six": st.booleans(),
        "second": st.booleans(),
        "country": st.booleans(),
    }
)


def _built(drawn: Obj, target: str) -> FortiGateState:
    """The target is on its list; what names mean differs by IP version."""
    box = FortiGateState(Switches(vdoms=["root"], version="v7.6.6"), ManualClock(1.0), "FGT", "fgt")
    box.switches.update({"countries": {"198.51.100.0/24": "XX", "2001:db8:bad::/48": "XX"} if drawn["country"] else {}})
    six, on_group = "6" if drawn["six"] else "", drawn["method"] == "addrgrp"
    subnet, kind = ("ip6", "ipprefix") if six else ("subnet", "ipmask")
    configure(box, f"firewall/address{six}", [{"name": "blk", "type": kind, subnet: target}], "root")
    put_objects(box, drawn, ["blk"] if on_group else ["there"], versions=[six])
    if not on_group:
        box.feeds.push("root", "FEED", "add", [target], 1.0)
    if drawn["second"]:
        configure(
            box, "system/interface", [{"name": "wan2", "vdom": "root", "ip": "192.0.3.1/24", "role": "wan"}], "root"
        )
    put_policies(box, order_of(drawn, "SOC" if on_group else "FEED"), versions=[six])
    return box


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(_boxes)
def test_nothing_is_called_blocked_that_passes(drawn: Obj) -> None:
    address = SIX if drawn["six"] else SRC
    box = _built(drawn, address)
    device = Device(sender(box), "fgt")
    routing = topology.routing_of(topology.read_topology(device, ["root"], False, True), "root")
    vdom, (target,) = device.vdom("root"), parse_targets([{"ip": address, "side": drawn["side"]}])
    feed, (four, six) = drawn["method"] == "feed_push", LISTS[drawn["method"]]
    groups = (
        {} if feed else {6 if drawn["six"] else 4: vdom.objects(f"cmdb/firewall/addrgrp{'6' if drawn['six'] else ''}")}
    )
    tables = {
        key: Tables({}, {one["name"]: one for one in found if one["name"] in (four, six)})
        for key, found in groups.items()
    }
    book = Book({4: four, 6: six}, tables, routing.published)
    found = policies.judged(vdom, policies.read_policies(vdom), book, routing, [target], True).verdicts[address]
    kinds = {one.kind for one in found}
    event(",".join(sorted(kinds)))
    if kinds == {DENIED}:
        assert not open_packets(box, address, drawn["side"])
