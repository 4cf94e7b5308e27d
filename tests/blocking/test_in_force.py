# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A block is called a block only where the packet is stopped: policies above, interfaces, groups, feeds, VDOMs.

See protocol_fortigate.rst, "Deny policies".
"""

from __future__ import annotations

import typing as t

import pytest

from blocking.fleet import Fleet, Run
from simulators.fortigate import FortiGate

SOURCE, SIX, SERVER, INSIDE, C2 = "198.51.100.7", "2001:db8:bad::7", "203.0.113.10", "10.1.1.20", "203.0.114.66"
LOOKUP = "policy-lookup"
PULLED = {"name": "soc-block", "update-method": "feed", "resource": "https://feeds.example.com/a"}
Variables = dict[str, t.Any]
# One playbook over all of these FortiGates takes more than a minute on a busy machine.
pytestmark = pytest.mark.timeout(600)


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


# Each FortiGate by its name: the method, variables of the role, switches, and what somebody has configured.
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
    # Something accepts it first.
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


@pytest.fixture(scope="module")
def run(fleet: Fleet) -> Run:
    for name, (variables, switches, prepare) in SETUPS.items():
        prepared = {"with_feed": True, "with_group": True, "with_policies": True, "vdoms": ["root"], **switches}
        box = fleet.box(name, prepared, **{"targets": [{"ip": SOURCE}], "vdoms": ["root"], **variables})
        prepare(box)
    return fleet.play("-vv")


def steps(fleet: Fleet, name: str) -> list[dict[str, t.Any]]:
    return fleet.lines(name)


def reads(fleet: Fleet, name: str, part: str) -> list[t.Any]:
    return [one for one in fleet.boxes[name].journal if part in one.path]


def passes(fleet: Fleet, name: str, source: str = SOURCE) -> bool:
    box = fleet.boxes[name]
    return box.passes(source, SERVER) or box.passes(source, INSIDE)


IN_FORCE = {
    "feed": ("lookup", 9001), "group": ("lookup", 9001), "ban": ("entry", None), "blind": ("order", 9001),
    "no-lookup": ("order", 9001), "forbidden": ("order", 9001), "failed-lookup": ("order", 9001), "parent": ("lookup", 9001),
    "other-network": ("lookup", 9001), "only-lan": ("lookup", 9001), "not-there": ("lookup", 9001), "at-no-time": ("lookup", 9001),
    "no-group6": ("lookup", 9001), "sdwan": ("lookup", 9001), "one-interface-only": ("lookup", 9001),
    "excluded-other": ("lookup", 9001), "many-ways-in": ("order", 9001), "left-out": ("entry", None), "unsaved": ("lookup", 9001),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_FORCE)
def test_a_block_says_how_it_is_known_to_be_in_force(fleet: Fleet, run: Run, name: str) -> None:
    assert not run.outcomes[name].failed, run.outcomes[name].said
    assert not passes(fleet, name)
    (line,) = steps(fleet, name)
    assert (line["result"], line["proof"], line["policy"]) == ("blocked", *IN_FORCE[name])


def test_both_sides_and_both_ip_versions_are_proven(fleet: Fleet, run: Run) -> None:
    assert {line["proof"] for line in steps(fleet, "both-sides")} == {"lookup"}
    asked = [one.place for one in reads(fleet, "both-sides", LOOKUP)]
    assert any(f"dest={C2}" in one for one in asked) and any("ipv6=true" in one for one in asked)
    assert not fleet.boxes["both-sides"].passes(INSIDE, C2)


REFUSED = {
    "network-above": "policy 50 'allow-partners' accepts it first",
    "negated": "policy 50 'allow-partners' accepts it first",
    "one-interface": "in by wan2",
    "excluded": "partner is excluded from the group SOC-BLOCK",
    "disabled": "feed soc-block in VDOM root is disabled",
    "category": "is of type category",
    "pulled": "takes no push",
    "group6-needed": "there is no group NO-SUCH-GROUP",
    "admin-vdom": "VDOM root is of type admin and carries no traffic",
    "admin-vdom-feed": "fortigate_block_vdoms: FG-traffic",
}


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_is_written_where_it_would_block_nothing(fleet: Fleet, run: Run, name: str) -> None:
    assert run.outcomes[name].failed and REFUSED[name] in run.outcomes[name].said
    assert fleet.boxes[name].writes == []


def test_the_open_interface_and_the_policy_that_accepts_there_are_named(fleet: Fleet, run: Run) -> None:
    said = run.outcomes["one-interface"].said
    assert "policy 9001" in said and "policy 60 'second-line' accepts it there" in said
    assert "wan1" not in said.split("comes in by")[1].split(" and ")[0]


@pytest.mark.parametrize("name", ["country-above", "country-above-feed"])
def test_what_the_fortigate_itself_would_let_pass_is_rolled_back(fleet: Fleet, run: Run, name: str) -> None:
    """Only the FortiGate knows which country an address is of."""
    outcome = run.outcomes[name]
    assert (
        outcome.failed and "policy 50 'allow-xx' accepts it first" in outcome.said and "was rolled back" in outcome.said
    )
    box = fleet.boxes[name]
    assert box.feed("soc-block") == [] and box.members("SOC-BLOCK") == ["blk-placeholder"]
    assert [line["result"] for line in steps(fleet, name)] == ["rolled_back"]


def test_without_a_required_policy_it_is_written_and_not_called_a_block(fleet: Fleet, run: Run) -> None:
    assert not run.outcomes["not-required"].failed
    assert [line["result"] for line in steps(fleet, "not-required")] == ["written, not in force"]
    assert passes(fleet, "not-required") and "policy 50 'allow-partners' accepts it first" in run.output


@pytest.mark.parametrize("name", ["country-no-lookup", "excluded-country"])
def test_where_neither_decides_it_is_said(fleet: Fleet, run: Run, name: str) -> None:
    assert not run.outcomes[name].failed
    assert [(line["result"], line["proof"]) for line in steps(fleet, name)] == [("written, not proven", "")]
    assert notices(run, name, f"Whether {SOURCE} is blocked in VDOM root is not known")


def test_a_contradiction_counts_although_the_lookup_does_not_see_feeds(fleet: Fleet, run: Run) -> None:
    assert run.outcomes["country-blind"].failed and "policy 50 'allow-xx'" in run.outcomes["country-blind"].said


SAID = {
    "blind": "seems not to evaluate the feed",
    "many-ways-in": "for what comes in by wan5, wan6 the order of the policies is the proof",
    "left-out": "Nothing is blocked in VDOM guest, which carries traffic",
    "unsaved": "cfg-save of the FortiGate is revert",
    "one-interface-only": "leave these interfaces open: lan, dmz",
}


@pytest.mark.parametrize("name", SAID)
def test_what_limits_a_block_is_said(run: Run, name: str) -> None:
    assert notices(run, name, SAID[name])


def notices(run: Run, name: str, said: str) -> bool:
    results = [line for line in run.output.splitlines() if line.startswith((f"changed: [{name}]", f"ok: [{name}]"))]
    return any(said in line for line in results)


def test_without_verification_nothing_is_claimed(fleet: Fleet, run: Run) -> None:
    assert not run.outcomes["unverified"].failed
    assert [(line["result"], line["proof"]) for line in steps(fleet, "unverified")] == [("written, not verified", "")]
    assert reads(fleet, "unverified", LOOKUP) == []


@pytest.mark.parametrize("name", ["ten-feed", "ten-group", "ten-ban"])
def test_a_first_block_of_ten_addresses_stays_within_its_reads(fleet: Fleet, run: Run, name: str) -> None:
    """Both steps of the role together; at most 25 for the whole FortiGate, 28 for the VDOM and 1 for each address."""
    assert not run.outcomes[name].failed
    sent = [one for one in fleet.boxes[name].journal if one.http_method == "GET" and one.path.startswith("/api/v2/")]
    assert len([one for one in sent if one.vdom == "global"]) <= 25
    assert len(sent) <= 25 + 28 + 10


def test_the_next_run_sends_no_new_reads(fleet: Fleet, run: Run) -> None:
    before = {name: len(fleet.boxes[name].journal) for name in ("feed", "group", "parent", "ban")}
    again = fleet.play(only=",".join(before))
    for name, mark in before.items():
        sent = [one.path.split("?")[0] for one in list(fleet.boxes[name].journal)[mark:]]
        assert not again.outcomes[name].failed and again.outcomes[name].changed == 0, again.outcomes[name].said
        assert not [one for one in sent if "policy-lookup" in one or "system/interface" in one or "settings" in one]
        assert len([one for one in sent if one.endswith("firewall/policy")]) == (0 if name == "ban" else 1)
