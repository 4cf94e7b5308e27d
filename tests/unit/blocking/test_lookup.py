# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the FortiGate's policy lookup is asked, and what its answers prove."""

from __future__ import annotations

import ipaddress
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import lookup, packets, topology
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.packets import UNDECIDED, Need
from unit.blocking.rules import ALL, BOOK, DENY, NET, ROUTING, SOURCES, TARGET, rule
from unit.blocking.support import ADDRESS, SIX, Simulated, scripted


def test_what_is_asked_of_the_fortigate() -> None:
    assert lookup.probe_packets(ROUTING, SOURCES, TARGET) == [
        lookup.ProbePacket(wan, "198.51.100.7", dest, port)
        for wan in ("wan1", "wan2")
        for dest, port in (("10.1.1.2", 443), ("203.0.113.10", 8443))
    ]
    assert lookup.probe_packets(ROUTING, Need(4, "destination"), TARGET) == [
        lookup.ProbePacket("lan", "10.1.1.2", "198.51.100.7")
    ]
    six = lookup.probe_packets(ROUTING, Need(6, "source"), ipaddress.ip_network("2001:db8:bad::7"))
    assert {one.dest for one in six} == {"2001:db8:10::2", "2001:db8:1::10"}


def test_what_is_not_asked_is_known() -> None:
    """Of many interfaces only some are asked, for either side."""
    wans = [{"name": f"wan{n}", "vdom": "root", "ip": f"203.0.{n}.1/24", "role": "wan"} for n in range(6)]
    lans = [{"name": f"lan{n}", "vdom": "root", "ip": f"10.{n}.1.1/24"} for n in range(7)]
    tables = {key: [] for key in ("routes", "routes6", "sdwan", "zones", "vips")}
    routing = topology.routing_of(
        {"interfaces": [*wans, *lans], "vdoms": {"root": {"type": "traffic", **tables}}}, "root"
    )
    assert {one.interface for one in lookup.probe_packets(routing, SOURCES, TARGET)} == {"wan0", "wan1", "wan2", "wan3"}
    assert lookup.unasked(routing, SOURCES, TARGET) == ["wan4", "wan5"]
    towards = Need(4, "destination")
    assert {one.interface for one in lookup.probe_packets(routing, towards, TARGET)} == {"lan0", "lan1", "lan2", "lan3"}
    assert lookup.unasked(routing, towards, TARGET) == ["lan4", "lan5", "lan6"]
    assert lookup.unasked(ROUTING, SOURCES, TARGET) == lookup.unasked(None, SOURCES, TARGET) == []
    doubtful = packets.judge([rule(50, "accept", "country"), DENY, ALL], BOOK, routing, SOURCES, TARGET)
    assert doubtful.kind == UNDECIDED and lookup.probe_packets_about(doubtful, routing) is None, (
        "too many packets are needed"
    )


@pytest.mark.parametrize(
    ("answers", "sees_lists", "kind"),
    [
        (["9001", "9001"], False, lookup.PROVEN), (["9001", None], False, lookup.SILENT), ([], True, lookup.SILENT),
        (["9001", "1"], False, lookup.BLIND), (["1"], True, lookup.CONTRADICTED), (["50", "9001"], False, lookup.CONTRADICTED),
        (["777"], True, lookup.SILENT), (["8"], False, lookup.PROVEN),
    ],
)  # fmt: skip
def test_what_an_answer_is_worth(answers: list[t.Optional[str]], sees_lists: bool, kind: str) -> None:
    order = [rule(8, "deny", "country"), rule(50, "accept", "country"), DENY, ALL]
    verdict = packets.judge(order, BOOK, ROUTING, SOURCES, TARGET)
    assert lookup.weigh(answers, order, verdict, sees_lists).kind == kind


PACKET = lookup.ProbePacket("wan1", "198.51.100.7", "203.0.113.10", 8443)


@pytest.mark.parametrize(
    "answer, policy",
    [
        ({"success": True, "policy_id": 9001}, "9001"),
        ({"success": True, "policy_id": "1"}, "1"),
        ({"success": True, "policy_id": 0}, None),
        ({"success": True}, None),
        ({"success": False, "policy_id": 1}, None),
        ({"success": "true", "policy_id": 1}, None),
        ([], None),
        ([{"success": True, "policy_id": 1}], None),
        ("9001", None),
        (None, None),
    ],
)
def test_only_an_answer_that_names_a_policy_counts(answer: t.Any, policy: t.Optional[str]) -> None:
    vdom = scripted(lambda _method, _path, _body: answer).vdom("root")
    assert lookup.ask(vdom, [PACKET]) == [policy]


def test_a_packet_of_each_ip_version(fortigate: Simulated) -> None:
    fortigate.push(ADDRESS, SIX)
    asked = [
        lookup.ProbePacket("wan1", one, dest) for one, dest in ((ADDRESS, "203.0.113.10"), (SIX, "2001:db8:10::5"))
    ]
    assert lookup.ask(fortigate.vdom, asked) == ["9001", "9001"]
    assert [one["ipv6"] for one in fortigate.queries] == ["false", "true"]


def test_a_network_is_asked_for_by_one_of_its_hosts() -> None:
    assert {one.source for one in lookup.probe_packets(ROUTING, SOURCES, NET)} == {"198.51.100.1"}


def test_a_fortigate_that_refuses_one_packet_is_not_asked_for_the_others() -> None:
    asked: list[str] = []

    def reply(_method: str, path: str, _body: t.Any) -> int:
        asked.append(path)
        return 403

    assert lookup.ask(scripted(reply).vdom("root"), [PACKET] * 5) == [None]
    assert len(asked) == 1


TABLES: dict[str, t.Any] = {key: [] for key in ("routes", "routes6", "sdwan", "zones", "vips")}
TWO = topology.routing_of(
    {
        "interfaces": [{"name": "wan1", "ip": "203.0.113.1/24", "role": "wan"}, {"name": "lan", "ip": "10.1.1.1/24"}],
        "vdoms": {"root": {"type": "traffic", **TABLES}},
    },
    "root",
)


def test_a_doubtful_policy_is_decided_by_packets_that_only_it_takes() -> None:
    order = [rule(50, "accept", "country"), DENY]
    found = lookup.probe_packets_about(packets.judge(order, BOOK, TWO, SOURCES, TARGET), TWO)
    assert found == [lookup.ProbePacket("wan1", "198.51.100.7", dest) for dest in ("203.0.113.2", "10.1.1.2")]
    towards = packets.judge([rule(50, "accept", "all", dstaddr=[{"name": "country"}]), {**rule(9, "deny", "all"), "dstaddr": [{"name": "SOC"}]}],
                            BOOK, TWO, Need(4, "destination"), TARGET)  # fmt: skip
    assert lookup.probe_packets_about(towards, TWO) == [
        lookup.ProbePacket("wan1", "203.0.113.2", "198.51.100.7"), lookup.ProbePacket("lan", "10.1.1.2", "198.51.100.7"),
    ]  # fmt: skip


def test_where_one_interface_cannot_be_asked_nothing_is_proven() -> None:
    """Behind tunnel6 no address of IPv4 is known. A network is never proven by single packets."""
    order = [rule(50, "accept", "country"), DENY]
    assert lookup.probe_packets_about(packets.judge(order, BOOK, ROUTING, SOURCES, TARGET), ROUTING) is None
    assert lookup.probe_packets_about(packets.judge(order, BOOK, TWO, SOURCES, NET), TWO) is None
    decided = packets.judge(order, BOOK, TWO, SOURCES, TARGET)
    assert lookup.probe_packets_about(decided, None) is None
    assert lookup.probe_packets_about(decided._replace(why="its group may exclude it"), TWO) is None


@pytest.mark.parametrize(
    "narrow", [{"service": [{"name": "DNS"}]}, {"schedule": "office-hours"}, {"groups": [{"name": "vpn"}]}]
)
def test_a_narrow_policy_is_not_decided_by_one_packet(narrow: dict[str, t.Any]) -> None:
    order = [rule(50, "accept", "country", **narrow), DENY]
    assert lookup.probe_packets_about(packets.judge(order, BOOK, TWO, SOURCES, TARGET), TWO) is None
