# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Offenders that attack the FortiGate itself: a ban says that it does not stop them."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError

from simulators.fortigate import FortiGate, ManualClock
from support.hosts import PREPARED, Blocking

BRUTE, SCANNER, PORTAL, VIP, SERVER = "198.51.100.7", "198.51.100.8", "203.0.113.1", "203.0.113.10", "172.16.1.10"


def offender(address: str, *victims: str) -> dict[str, t.Any]:
    return {"address": address, "role": "attacker", "side": "source", "victims": list(victims)}


@pytest.fixture
def run(tmp_path: t.Any) -> t.Iterator[Blocking]:
    clock = ManualClock(1762862400.0)
    with FortiGate(clock=clock) as box:
        box.switches.update({**PREPARED, "with_local_in": True})
        found = Blocking(tmp_path, clock)
        found.fortigates = {"fgt-hq": box}
        yield found


@pytest.mark.parametrize(
    "victim, said", [(PORTAL, "interface wan1 (203.0.113.1)"), (VIP, "virtual IP vip-web (203.0.113.10)")]
)
def test_a_ban_says_that_it_does_not_stop_this(run: Blocking, victim: str, said: str) -> None:
    targets = [offender(BRUTE, "10.1.1.20", f"::ffff:{victim}"), offender(SCANNER, SERVER)]
    result = run.block("fgt-hq", targets)
    steps = {one["address"]: one for one in result["steps"]}
    assert said in steps[BRUTE]["why"] and "a ban does not stop" in steps[BRUTE]["why"] and steps[SCANNER]["why"] == ""
    assert victim in " ".join(steps[BRUTE]["victims"])
    (notice,) = [one for one in result["notices"] if "A ban stops only traffic through the FortiGate" in one]
    assert BRUTE in notice and "fortigate_block_local_in" in notice and "feed_push" in notice
    assert run.fortigates["fgt-hq"].passes(BRUTE, PORTAL, to_fortigate=True), "so it is as the notice says"


@pytest.mark.parametrize("method", ["feed_push", "addrgrp"])
def test_lists_with_local_in_stop_it(run: Blocking, method: str) -> None:
    everything = {"dstaddr": [{"name": "all"}], "service": [{"name": "ALL"}], "schedule": "always", "action": "deny"}
    group = {"policyid": 9003, "intf": [{"name": "any"}], "srcaddr": [{"name": "SOC-BLOCK"}], **everything}
    run.fortigates["fgt-hq"].configure("firewall/local-in-policy", [group])
    result = run.block("fgt-hq", [offender(BRUTE, PORTAL)], method=method)
    assert not any("ban" in one for one in [*result["notices"], result["steps"][0]["why"]])
    assert not run.fortigates["fgt-hq"].passes(BRUTE, PORTAL, to_fortigate=True)


LOCAL_IN, SIX = "cmdb/firewall/local-in-policy", "2001:db8:bad::7"
BOTH = (offender(BRUTE, SERVER, PORTAL), offender(SCANNER, SERVER))


def split(run: Blocking, targets: t.Any = BOTH, **options: t.Any) -> dict[str, t.Any]:
    return run.block("fgt-hq", list(targets), **{"local_in_method": "feed_push", **options})


def by_group(box: FortiGate) -> None:
    everything = {"dstaddr": [{"name": "all"}], "schedule": "always", "action": "deny"}
    for six, group in (("", "SOC-BLOCK"), ("6", "SOC-BLOCK6")):
        policy = {"policyid": 9003, "intf": [{"name": "any"}], "srcaddr": [{"name": group}], **everything}
        box.configure(f"firewall/local-in-policy{six}", [policy])


def on_lists(run: Blocking) -> tuple[list[str], list[str], list[str]]:
    box = run.fortigates["fgt-hq"]
    return [one["ip_address"] for one in box.bans()], box.feed("soc-block"), box.members("SOC-BLOCK")[1:]


@pytest.mark.parametrize("method", ["feed_push", "addrgrp"])
def test_attackers_of_the_fortigate_go_on_a_list_and_the_others_are_banned(run: Blocking, method: str) -> None:
    box = run.fortigates["fgt-hq"]
    by_group(box)
    result = split(run, local_in_method=method)
    steps = {one["address"]: one for one in result["steps"]}
    assert (steps[BRUTE]["method"], steps[SCANNER]["method"]) == (method, "ban")
    assert f"{method} instead of a ban, because it attacked" in steps[BRUTE]["why"] and "wan1" in steps[BRUTE]["why"]
    assert [one["result"] for one in result["steps"]] == ["blocked", "blocked"]
    assert not any("A ban stops only" in one for one in result["notices"])
    assert not box.passes(BRUTE, PORTAL, to_fortigate=True) and not box.passes(BRUTE, VIP)
    assert not box.passes(SCANNER, VIP) and box.passes(SCANNER, PORTAL, to_fortigate=True), (
        "who attacked a server is banned"
    )
    assert [len(one) for one in on_lists(run)] == ([1, 1, 0] if method == "feed_push" else [1, 0, 1])
    mark = len(box.journal)
    assert not split(run, local_in_method=method)["changed"]
    most = {"feed_push": 4, "addrgrp": 8}[method]
    assert len(list(box.journal)[mark:]) <= most, "the lists, the policies and the local-in policies"


def test_what_is_blocked_by_two_methods_is_unblocked_expired_and_listed(run: Blocking) -> None:
    split(run)
    run.clock.advance(4000)
    run.block("fgt-hq", None, state="expired", method="ban", local_in_method="feed_push")
    assert on_lists(run) == ([], [], [])
    split(run)
    run.block("fgt-hq", [BRUTE, SCANNER], state="absent", method="ban", local_in_method="feed_push")
    assert on_lists(run) == ([], [], [])


def test_both_lists_are_rolled_back_together(run: Blocking) -> None:
    box = run.fortigates["fgt-hq"]
    box.fault("partial", method="POST", path="external-resource/dynamic", times=1)
    with pytest.raises(FortiViewError) as caught:
        split(run)
    assert caught.value.context["rolled_back"] and on_lists(run) == ([], [], [])


def accepts_first(box: FortiGate) -> None:
    everything = {"dstaddr": [{"name": "all"}], "service": [{"name": "ALL"}], "schedule": "always", "action": "accept"}
    box.configure(
        "firewall/local-in-policy",
        [{"policyid": 5, "intf": [{"name": "any"}], "srcaddr": [{"name": "all"}], **everything}],
    )
    box.other_administrator("PUT", f"{LOCAL_IN}/5?vdom=root&action=move&before=9001")


REFUSED: dict[str, tuple[dict[str, t.Any], t.Callable[[FortiGate], t.Any], dict[str, t.Any], str]] = {
    "no such policy": (
        {},
        lambda box: box.other_administrator("DELETE", f"{LOCAL_IN}/9001?vdom=root"),
        {},
        "no local-in policy of VDOM root denies the addresses in soc-block. Create such a policy with the entry point bootstrap",
    ),
    "release": (
        {"version": "v7.2.1", "with_local_in": False},
        lambda box: None,
        {},
        "feeds in local-in policies need FortiOS 7.2.4 or later, but the FortiGate runs v7.2.1",
    ),
    "disabled": (
        {},
        lambda box: box.configure("firewall/local-in-policy", [{"policyid": 9001, "status": "disable"}]),
        {},
        "denies the addresses in soc-block",
    ),
    "one service": (
        {},
        lambda box: box.configure("firewall/local-in-policy", [{"policyid": 9001, "service": [{"name": "SSH"}]}]),
        {},
        "denies the addresses in soc-block",
    ),
    "one interface": (
        {},
        lambda box: box.configure("firewall/local-in-policy", [{"policyid": 9001, "intf": [{"name": "lan"}]}]),
        {},
        "that denies the addresses in soc-block does not deny traffic that enters through wan1",
    ),
    "cluster": (
        {},
        lambda box: box.configure("firewall/local-in-policy", [{"policyid": 9001, "ha-mgmt-intf-only": "enable"}]),
        {},
        "denies the addresses in soc-block",
    ),
    "another accepts": (
        {},
        accepts_first,
        {},
        "local-in policy 5 of VDOM root accepts the traffic before a policy denies the addresses in soc-block",
    ),
    "group": ({}, lambda box: None, {"local_in_method": "addrgrp"}, "denies the addresses in SOC-BLOCK"),
    "not required": (
        {},
        lambda box: box.other_administrator("DELETE", f"{LOCAL_IN}/9001?vdom=root"),
        {"require_policy": False},
        "no local-in policy",
    ),
    "no policy": ({"with_policies": False}, lambda box: None, {}, "no policy denies the addresses in soc-block"),
    "six": ({}, lambda box: None, {"targets": [offender(SIX, PORTAL)]}, "no local-in policy for IPv6"),
    "no right": ({"denied": ["local-in-policy"]}, lambda box: None, {}, "fwgrp"),
    "unprotected": ({}, lambda box: None, {"protect_infrastructure": False}, "fortigate_block_protect_infra"),
    "protected": ({}, lambda box: None, {"targets": [*BOTH, offender(PORTAL, PORTAL)]}, "protected: interface wan1"),
    "too many": ({}, lambda box: None, {"max_per_run": 1}, "max_per_run permits 1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_where_the_list_would_not_stop_it_nothing_is_written(run: Blocking, name: str) -> None:
    switches, prepare, options, said = REFUSED[name]
    box = run.fortigates["fgt-hq"]
    box.switches.update(switches)
    prepare(box)
    with pytest.raises(FortiViewError) as caught:
        split(run, **options)
    assert said in f"{caught.value} {caught.value.next_step}" and box.writes == [], caught.value


def test_without_attackers_of_the_fortigate_the_list_needs_nothing(run: Blocking) -> None:
    box = run.fortigates["fgt-hq"]
    box.other_administrator("DELETE", f"{LOCAL_IN}/9001?vdom=root")
    result = split(run, [offender(SCANNER, SERVER), {"address": BRUTE}])
    assert {one["method"] for one in result["steps"]} == {"ban"} and len(box.bans()) == 2
    assert not [one for one in box.journal if "entry-list" in one.path or "local-in" in one.path]


def test_a_country_that_a_local_in_policy_accepts_cannot_be_decided(run: Blocking) -> None:
    box = run.fortigates["fgt-hq"]
    box.configure("firewall/address", [{"name": "geo", "type": "geography", "country": "XX"}])
    accepts_first(box)
    box.configure("firewall/local-in-policy", [{"policyid": 5, "srcaddr": [{"name": "geo"}]}])
    result = split(run)
    steps = {one["address"]: one["result"] for one in result["steps"]}
    assert steps == {BRUTE: "written, not proven", SCANNER: "blocked"}
    assert any("traffic from 198.51.100.7 to the FortiGate itself: another policy" in one for one in result["notices"])


def test_a_destination_that_attacked_the_fortigate_is_suited(run: Blocking) -> None:
    """A ban is refused for a destination; the list stops both sides."""
    result = split(run, [{**offender(BRUTE, PORTAL), "side": "both"}, offender(SCANNER, SERVER)])
    assert not any("was also a destination" in one for one in result["notices"])
    assert not run.fortigates["fgt-hq"].passes("10.1.1.20", BRUTE)


def test_victims_of_the_same_address_are_joined(run: Blocking) -> None:
    result = run.block("fgt-hq", [offender(BRUTE, SERVER), offender(BRUTE, PORTAL, "no address")], check_mode=True)
    assert result["steps"][0]["victims"] == [SERVER, PORTAL]
