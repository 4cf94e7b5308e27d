# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Thousands of addresses in one run: the requests do not grow with them, and none of them is forgotten."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import in_force, sessions

from simulators.fortigate import FortiGate, ManualClock
from support.hosts import PREPARED, Blocking

ADDRESSES = [f"198.18.{number // 256}.{number % 256}" for number in range(5000)]
VDOMS = ["root", "guest"]
MANY: dict[str, t.Any] = {"method": "feed_push", "max_per_run": 5000, "max_active": 5000}
# Of a run that writes, but for what is asked about single addresses.
MOST_REQUESTS = 120
SINGLE = ("close-multiple", "policy-lookup")


@pytest.fixture
def run(tmp_path: t.Any) -> t.Iterator[Blocking]:
    clock = ManualClock(1762862400.0)
    found = Blocking(tmp_path, clock)
    with FortiGate(clock=clock) as box:
        box.switches.update(PREPARED)
        found.fortigates = {"fgt": box}
        yield found
        assert box.check() == []


def pushed(box: FortiGate) -> list[str]:
    """The VDOM of each write to a feed."""
    return [str(entry.vdom) for entry in box.writes if "external-resource" in entry.path]


def single(box: FortiGate, part: str) -> int:
    return sum(part in entry.path for entry in box.journal)


def others(box: FortiGate) -> int:
    return sum(not any(part in entry.path for part in SINGLE) for entry in box.journal)


def test_one_write_to_each_vdom(run: Blocking) -> None:
    box = run.fortigates["fgt"]
    run.block("fgt", ADDRESSES, vdoms=VDOMS, **MANY)
    assert [set(box.feed("soc-block", vdom)) for vdom in VDOMS] == [set(ADDRESSES)] * 2
    assert sorted(pushed(box)) == sorted(VDOMS)
    assert others(box) <= MOST_REQUESTS
    before = len(box.journal)
    assert not run.block("fgt", ADDRESSES, vdoms=VDOMS, **MANY)["changed"]
    assert len(box.journal) - before <= 6 * len(VDOMS) and sorted(pushed(box)) == sorted(VDOMS)
    run.clock.advance(7200)
    run.block("fgt", None, state="expired", method="feed_push", vdoms=VDOMS)
    assert [box.feed("soc-block", vdom) for vdom in VDOMS] == [[], []]
    assert sorted(pushed(box)) == sorted(VDOMS * 2)


def test_sessions_of_some_are_closed_and_the_others_are_named(run: Blocking) -> None:
    box = run.fortigates["fgt"]
    hunted = [{"address": one, "role": "attacker", "side": "source"} for one in ADDRESSES[-30:]]
    result = run.block("fgt", [*ADDRESSES[:-30], *hunted], **MANY)
    closed = {str(one.get("saddr") or one.get("daddr")) for one in box.closed_sessions}
    assert closed == set(ADDRESSES[-30:]) | set(ADDRESSES[: sessions.MOST - 30])
    assert set(result["sessions_open"]) == set(ADDRESSES) - closed
    assert [
        one for one in result["notices"] if "sessions" in one and f"{len(ADDRESSES) - sessions.MOST - 10} more" in one
    ]


def test_not_every_undecided_address_is_looked_up(run: Blocking) -> None:
    """Only the FortiGate knows which addresses a country has."""
    box = run.fortigates["fgt"]
    names = {
        key: [{"name": value}]
        for key, value in {"service": "ALL", "srcintf": "any", "dstintf": "any", "dstaddr": "all"}.items()
    }
    box.configure("firewall/address", [{"name": "geo-xx", "type": "geography", "country": "XX"}])
    policy = {
        "policyid": 50,
        "name": "allow-xx",
        "action": "accept",
        "schedule": "always",
        "srcaddr": [{"name": "geo-xx"}],
        **names,
    }
    box.other_administrator("POST", "cmdb/firewall/policy?vdom=root", policy)
    box.other_administrator("PUT", "cmdb/firewall/policy/50?vdom=root&action=move&before=9001")
    result = run.block("fgt", ADDRESSES, close_sessions=False, **MANY)
    proven = [one for one in result["steps"] if one["proof"]]
    assert len(proven) == in_force.MOST_LOOKED_UP and {one["result"] for one in proven} == {"blocked"}
    assert single(box, "policy-lookup") <= 4 * in_force.MOST_LOOKED_UP
    unproven = [one for one in result["steps"] if not one["proof"]]
    assert {one["result"] for one in unproven} == {in_force.UNPROVEN}
    (notice,) = [one for one in result["notices"] if one.startswith("It is not known whether ")]
    assert f"and {len(unproven) - 10} more are blocked" in notice and "policy 50 'allow-xx'" in notice
