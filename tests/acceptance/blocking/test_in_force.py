# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A block is called a block only where the packet is stopped: policies above, interfaces, groups, feeds, VDOMs.

See protocol_fortigate.rst, "Deny policies".
"""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest

from acceptance.blocking.cases import clock_of, on
from simulators.fortigate import FortiGate
from support.blocking import PREPARED, Data, Ended, Line, in_two_steps

SOURCE, SIX, SERVER, INSIDE, C2 = "198.51.100.7", "2001:db8:bad::7", "203.0.113.10", "10.1.1.20", "203.0.114.66"
LOOKUP = "policy-lookup"
# By this the official connection logs in, where there is one.
LOGIN = re.compile(r"system/status$")
PULLED = {"name": "soc-block", "update-method": "feed", "resource": "https://feeds.example.com/a"}
Variables = dict[str, t.Any]


def names(*given: str) -> list[dict[str, str]]:
    return [{"name": one} for one in given]


def policy(policyid: int, **given: t.Any) -> Variables:
    return {
        "policyid": policyid, "action": "accept", "schedule": "always", "service": names("ALL"), "srcintf": names("any"),
        "dstintf": names("any"), "srcaddr": names("all"), "dstaddr": names("all"), **given,
    }  # fmt: skip


def first(box: FortiGate, given: Variables) -> None:
    """An administrator makes a policy and moves it to the top."""
    box.other_administrator("POST", "cmdb/firewall/policy?vdom=root", given)
    box.other_administrator("PUT", f"cmdb/firewall/policy/{given['policyid']}?vdom=root&action=move&before=9001")


def accept_country(box: FortiGate, **given: t.Any) -> None:
    box.configure("firewall/address", [{"name": "geo-xx", "type": "geography", "country": "XX"}])
    first(box, policy(50, name="allow-xx", srcaddr=names("geo-xx"), dstaddr=names("all", "vip-web"), **given))
    box.switches.update({"countries": {"198.51.100.0/24": "XX"}})


def accept_network(box: FortiGate, subnet: str = "198.51.100.0/24", **given: t.Any) -> None:
    box.configure("firewall/address", [{"name": "partners", "subnet": subnet}])
    first(box, policy(50, name="allow-partners", srcaddr=names("partners"), dstaddr=names("all", "vip-web"), **given))


def second_way_in(box: FortiGate) -> None:
    box.configure("system/interface", [{"name": "wan2", "vdom": "root", "ip": "192.0.2.130/30", "role": "wan"}])
    box.configure(
        "firewall/policy", [policy(60, name="second-line", srcintf=names("wan2"), dstintf=names("dmz", "lan"))]
    )


def many_ways_in(box: FortiGate) -> None:
    box.configure(
        "system/interface",
        [{"name": f"wan{n}", "vdom": "root", "ip": f"192.0.2.{128 + 4 * n}/30", "role": "wan"} for n in range(2, 7)],
    )


def only_wan1(box: FortiGate) -> None:
    box.configure("firewall/policy", [{"policyid": 9001, "srcintf": names("wan1")}])


def excluded(box: FortiGate, **obj: t.Any) -> None:
    box.configure("firewall/address", [{"name": "partner", **obj}])
    box.configure("firewall/addrgrp", [{"name": "SOC-BLOCK", "exclude": "enable", "exclude-member": names("partner")}])


def parent(box: FortiGate) -> None:
    """The policies name a group that has ours as a member."""
    box.configure("firewall/addrgrp", [{"name": "ALL-BLOCKS", "member": names("SOC-BLOCK")}])
    box.configure("firewall/policy", [{"policyid": 9001, "srcaddr": names("ALL-BLOCKS")}])
    box.configure("firewall/policy", [{"policyid": 9002, "dstaddr": names("ALL-BLOCKS")}])


# Each FortiGate by its name: options of the module, switches, and what somebody has configured.
# Other ones for each method: whose an address is, is asked once for all FortiGates.
TEN = {
    method: [{"ip": f"198.51.100.{number}"} for number in range(first, first + 10)]
    for method, first in (("feed_push", 10), ("addrgrp", 30), ("ban", 50))
}
KINDS = (("feed", "feed_push"), ("group", "addrgrp"), ("ban", "ban"))
FEED, GROUP = {"method": "feed_push"}, {"method": "addrgrp"}
SETUPS: dict[str, tuple[Variables, Variables, t.Callable[[FortiGate], t.Any]]] = {
    # In force, and how that is known.
    "feed": (FEED, {}, lambda box: None),
    "group": (GROUP, {}, lambda box: None),
    "ban": ({"method": "ban"}, {}, lambda box: None),
    "both-sides": ({**FEED, "targets": [{"ip": C2, "side": "both"}, {"ip": SIX}]}, {}, lambda box: None),
    "blind": (FEED, {"policy_lookup_sees_feeds": False}, lambda box: None),
    "no-lookup": (GROUP, {"policy_lookup": "not_found"}, lambda box: None),
    "forbidden": (FEED, {"policy_lookup": "forbidden"}, lambda box: None),
    "failed-lookup": (FEED, {"policy_lookup": "failed_dependency"}, lambda box: None),
    "parent": (GROUP, {}, parent),
    "other-network": (GROUP, {}, lambda box: accept_network(box, "192.0.2.0/24")),
    "only-lan": (FEED, {}, lambda box: accept_network(box, "0.0.0.0/0", srcintf=names("lan"))),
    "not-there": (FEED, {}, lambda box: accept_country(box, status="disable")),
    "at-no-time": (FEED, {}, lambda box: accept_network(box, schedule="none")),
    "no-group6": (
        {**GROUP, "group6": "NO-SUCH-GROUP"}, {},
        lambda box: box.configure("firewall/policy", [{"policyid": one, f"{side}addr6": names("all")} for one, side in ((9001, "src"), (9002, "dst"))]),
    ),
    "sdwan": (FEED, {}, lambda box: box.configure("router/static", [{"seq-num": 1, "device": "wan1", "gateway": "203.0.113.254"}])),
    "many-ways-in": (FEED, {}, many_ways_in),
    # Something accepts the traffic first.
    "network-above": (FEED, {}, accept_network),
    "country-above": (GROUP, {}, accept_country),
    "country-above-feed": (FEED, {}, accept_country),
    "not-required": ({**FEED, "require_policy": False}, {}, accept_network),
    "negated": (FEED, {}, lambda box: accept_network(box, "192.0.2.0/24", **{"srcaddr-negate": "enable"})),
    "one-interface": (FEED, {}, lambda box: [second_way_in(box), only_wan1(box)]),
    "one-interface-only": (FEED, {}, only_wan1),
    # Nobody can say.
    "country-blind": (FEED, {"policy_lookup_sees_feeds": False}, lambda box: accept_country(box, schedule="always")),
    "country-no-lookup": (GROUP, {"policy_lookup": "not_found"}, accept_country),
    # The list itself.
    "excluded": (GROUP, {}, lambda box: excluded(box, subnet="198.51.100.0/24")),
    "excluded-country": (GROUP, {"policy_lookup": "not_found"}, lambda box: excluded(box, type="geography", country="XX")),
    "excluded-other": (GROUP, {}, lambda box: excluded(box, subnet="192.0.2.0/24")),
    "disabled": (FEED, {}, lambda box: box.configure("system/external-resource", [{"name": "soc-block", "status": "disable"}])),
    "category": (FEED, {}, lambda box: box.configure("system/external-resource", [{"name": "soc-block", "type": "category"}])),
    "pulled": (FEED, {}, lambda box: box.configure("system/external-resource", [PULLED])),
    "group6-needed": ({**GROUP, "group6": "NO-SUCH-GROUP", "targets": [{"ip": SIX}]}, {}, lambda box: None),
    # Places.
    "admin-vdom": ({"method": "ban"}, {"vdoms": ["root", "FG-traffic"], "admin_vdom": "root"}, lambda box: None),
    "admin-vdom-feed": (FEED, {"vdoms": ["root", "FG-traffic"], "admin_vdom": "root"}, lambda box: None),
    "left-out": ({"method": "ban"}, {"vdoms": ["root", "guest"]}, lambda box: None),
    "unsaved": (GROUP, {}, lambda box: box.configure("system/global", {"cfg-save": "revert"})),
    **{f"ten-{kind}": ({"method": method, "targets": TEN[method]}, {}, lambda box: None) for kind, method in KINDS},
    "unverified": ({**FEED, "verify": False}, {}, lambda box: None),
}  # fmt: skip


class Case:
    """A FortiGate of SETUPS, and what the two steps of the role make of it."""

    def __init__(self, box: FortiGate, folder: Path, name: str) -> None:
        variables, switches, prepare = SETUPS[name]
        box.switches.restore(type(box.switches)())
        box.reset()
        box.switches.update({**PREPARED, "vdoms": ["root"], **switches})
        prepare(box)
        self.box, self.name = box, name
        self._line, self._send = Line.of(box), Line.of(box).sender()
        self._audit = folder / "audit.jsonl"
        usual: Data = {"registry": str(folder / "blocks.sqlite"), "audit_log": str(self._audit), "vdoms": ["root"]}
        self._options = {"targets": [{"ip": SOURCE}], **usual, **variables}
        self.ended = self.run()

    def run(self) -> Ended:
        clock = clock_of(self.box)
        hosts = {self.name: (self._line, self._options)}
        return in_two_steps(hosts, send=self._send, now=clock.now, sleep=clock.advance)[self.name]

    @property
    def lines(self) -> list[Data]:
        return [json.loads(line) for line in self._audit.read_text().splitlines()] if self._audit.exists() else []

    @property
    def passes(self) -> bool:
        return self.box.passes(SOURCE, SERVER) or self.box.passes(SOURCE, INSIDE)

    def says(self, words: str) -> bool:
        return any(words in notice for notice in self.ended.result["notices"])

    def reads(self, part: str) -> list[t.Any]:
        return [one for one in self.box.journal if part in one.path]


@pytest.fixture
def case(request: pytest.FixtureRequest, fortigate: FortiGate, tmp_path: Path) -> t.Iterator[Case]:
    yield Case(fortigate, tmp_path, request.param)
    assert fortigate.check() == []


IN_FORCE = {
    "feed": ("lookup", 9001), "group": ("lookup", 9001), "ban": ("entry", None), "blind": ("order", 9001),
    "no-lookup": ("order", 9001), "forbidden": ("order", 9001), "failed-lookup": ("order", 9001), "parent": ("lookup", 9001),
    "other-network": ("lookup", 9001), "only-lan": ("lookup", 9001), "not-there": ("lookup", 9001), "at-no-time": ("lookup", 9001),
    "no-group6": ("lookup", 9001), "sdwan": ("lookup", 9001), "one-interface-only": ("lookup", 9001),
    "excluded-other": ("lookup", 9001), "many-ways-in": ("order", 9001), "left-out": ("entry", None), "unsaved": ("lookup", 9001),
}  # fmt: skip


@on(*IN_FORCE)
def test_a_block_says_how_it_is_known_to_be_in_force(case: Case) -> None:
    assert not case.ended.failed, case.ended.said
    assert not case.passes
    (line,) = case.lines
    assert (line["result"], line["proof"], line["policy"]) == ("blocked", *IN_FORCE[case.name])


@on("both-sides")
def test_both_sides_and_both_ip_versions_are_proven(case: Case) -> None:
    assert {line["proof"] for line in case.lines} == {"lookup"}
    asked = [one.place for one in case.reads(LOOKUP)]
    assert any(f"dest={C2}" in one for one in asked) and any("ipv6=true" in one for one in asked)
    assert not case.box.passes(INSIDE, C2)


REFUSED = {
    "network-above": "policy 50 'allow-partners' accepts the traffic first",
    "negated": "policy 50 'allow-partners' accepts the traffic first",
    "one-interface": "enters through wan2",
    "excluded": "partner is excluded from the group SOC-BLOCK",
    "disabled": "feed soc-block in VDOM root is disabled",
    "category": "is of type category",
    "pulled": "is not a push feed",
    "group6-needed": "there is no group NO-SUCH-GROUP",
    "admin-vdom": "Blocks in VDOM root have no effect, because a VDOM of type admin carries no traffic",
    "admin-vdom-feed": "Set fortigate_block_vdoms to VDOMs with traffic: FG-traffic",
}


@on(*REFUSED)
def test_nothing_is_written_where_it_would_block_nothing(case: Case) -> None:
    assert case.ended.failed and REFUSED[case.name] in case.ended.said
    assert case.box.writes == []


@on("one-interface")
def test_the_open_interface_and_the_policy_that_accepts_there_are_named(case: Case) -> None:
    said = case.ended.said
    assert "policy 9001" in said and "policy 60 'second-line' accepts it there" in said
    assert "wan1" not in said.split("enters through")[1].split(" and ")[0]


@on("country-above", "country-above-feed")
def test_what_the_fortigate_itself_would_let_pass_is_rolled_back(case: Case) -> None:
    """Only the FortiGate knows which country an address is of."""
    said = case.ended.said
    assert case.ended.failed and "policy 50 'allow-xx' accepts the traffic first" in said and "was rolled back" in said
    assert case.box.feed("soc-block") == [] and case.box.members("SOC-BLOCK") == ["blk-placeholder"]
    assert [line["result"] for line in case.lines] == ["rolled_back"]


@on("not-required")
def test_without_a_required_policy_it_is_written_and_not_called_a_block(case: Case) -> None:
    assert not case.ended.failed
    assert [line["result"] for line in case.lines] == ["written, not in force"]
    assert case.passes and case.says("policy 50 'allow-partners' accepts the traffic first")


@on("country-no-lookup", "excluded-country")
def test_where_neither_decides_it_is_said(case: Case) -> None:
    assert not case.ended.failed
    assert [(line["result"], line["proof"]) for line in case.lines] == [("written, not proven", "")]
    assert case.says(f"It is not known whether {SOURCE} is blocked in VDOM root: ")


@on("country-blind")
def test_a_contradiction_counts_although_the_lookup_does_not_see_feeds(case: Case) -> None:
    assert case.ended.failed and "policy 50 'allow-xx'" in case.ended.said


SAID = {
    "blind": "seems not to evaluate the feed",
    "many-ways-in": "For traffic that enters through wan5, wan6, the order of the policies is the proof",
    "left-out": "Nothing is blocked in VDOM guest. Add all VDOMs that carry traffic",
    "unsaved": "cfg-save of the FortiGate is revert",
    "one-interface-only": "do not cover these interfaces: lan, dmz",
}


@on(*SAID)
def test_what_limits_a_block_is_said(case: Case) -> None:
    assert case.says(SAID[case.name])


@on("unverified")
def test_without_verification_nothing_is_claimed(case: Case) -> None:
    assert not case.ended.failed
    assert [(line["result"], line["proof"]) for line in case.lines] == [("written, not verified", "")]
    assert case.reads(LOOKUP) == []


@on("ten-feed", "ten-group", "ten-ban")
def test_a_first_block_of_ten_addresses_stays_within_its_reads(case: Case) -> None:
    """Both steps of the role together; at most 25 for the whole FortiGate, 28 for the VDOM and 1 for each address."""
    assert not case.ended.failed
    sent = [one for one in case.box.journal if one.http_method == "GET" and not LOGIN.search(one.path)]
    assert len([one for one in sent if one.vdom == "global"]) <= 25
    assert len(sent) <= 25 + 28 + 10


@on("feed", "group", "parent", "ban")
def test_the_next_run_sends_no_new_reads(case: Case) -> None:
    mark = len(case.box.journal)
    again = case.run()
    sent = [one.path.split("?")[0] for one in list(case.box.journal)[mark:]]
    assert not again.failed and not again.changed, again.said
    assert sent and not [
        one for one in sent if "policy-lookup" in one or "system/interface" in one or "settings" in one
    ]
    assert len([one for one in sent if one.endswith("firewall/policy")]) == (0 if case.name == "ban" else 1)
