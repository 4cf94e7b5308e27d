# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role on boxes that lie or break while it writes, one fault each: in force, or failed and nothing left (blocking contract
sections 10.7 and 11)."""

from __future__ import annotations

import os
import typing as t

import pytest

from blocking.fleet import Fleet, Run
from simulators.fortigate import FortiGate
from simulators.fortigate.client import Client

ATTACKERS = ["198.51.100.7", "203.0.113.77", "2001:db8:bad::7"]
PREPARED = {"with_feed": True, "with_group": True, "with_policies": True}
FOREIGN = {"198.51.100.200": "IPS", "198.51.100.201": "AV", "198.51.100.202": "DOS", "198.51.100.203": "APP"}
BEFORE = "198.51.100.1"
# How a write goes wrong: every fault of section 10.7, by the simulator's name for it.
KINDS: dict[str, dict[str, t.Any]] = {
    "unauthorized": {},
    "forbidden": {},
    "forbidden_html": {},
    "not_json": {},
    "empty": {},
    "status_error": {},
    "redirect": {"location": "/login"},
    "not_found": {},
    "not_allowed": {},
    "bad_attribute": {},
    "too_many": {},
    "table_full": {},
    "duplicate": {},
    "in_use": {},
    "cut_before": {},
    "cut_after": {},
    # Longer than ansible_command_timeout, and carried out.
    "slow": {"seconds": 8},
}
# The write of each method: method and part of the path. Members are what an address group blocks by.
WRITES = {
    "ban": ("POST", "user/banned/add_users"),
    "feed_push": ("POST", "external-resource/dynamic"),
    "addrgrp": ("POST", "addrgrp/SOC-BLOCK/member"),
}
# What the box is like, in place of a fault.
CONDITIONS: dict[str, dict[str, t.Any]] = {
    "read_only": {"read_only": True},
    "other_vdom_only": {"vdoms_allowed": ["guest"]},
    "clock_ahead": {"clock_skew": 7200.0},
    "clock_behind": {"clock_skew": -7200.0},
    "no_version": {"version": ""},
    "v6.4.9": {"version": "v6.4.9"},
    "v7.0.17": {"version": "v7.0.17"},
    "v7.2.10": {"version": "v7.2.10"},
    "v7.6.6": {"version": "v7.6.6"},
    "v8.0.0": {"version": "v8.0.0"},
}
# Every fault with every method: minutes of work for two processors.
ALL = [
    *((method, kind) for method in WRITES for kind in (*KINDS, *CONDITIONS)),
    ("ban", "partial"),
    ("feed_push", "partial"),
]
# Of each way to go wrong one. What the role does about a fault of a ban is what it does about one of a feed, and the modules
# below go through all of them in tests/faults.
USUAL = [
    *(("ban", kind) for kind in ("forbidden_html", "redirect", "slow", "cut_after", "partial", "read_only")),
    *(("feed_push", kind) for kind in ("forbidden_html", "v6.4.9")),
    *(("addrgrp", kind) for kind in ("forbidden_html", "status_error", "duplicate", "cut_after")),
]
CASES = ALL if os.environ.get("FAULTS") == "all" else USUAL


def _name(method: str, kind: str) -> str:
    return f"{method}-{kind}".replace(".", "-").replace("_", "-")


@pytest.fixture(scope="module")
def run(fleet: Fleet) -> Run:
    """One play for all cases."""
    for method, kind in CASES:
        box = fleet.box(_name(method, kind), PREPARED, method=method)
        box.seed_bans([{"ip_address": ip, "source": source} for ip, source in FOREIGN.items()])
        if method == "feed_push":
            with Client(box) as client:
                client.push("add", [BEFORE])
        if kind in CONDITIONS:
            box.switches.update(CONDITIONS[kind])
        elif kind == "partial":
            box.fault("partial", method="POST", path=WRITES[method][1], missing=1)
        else:
            # Twice: a member is put and then posted, and a write that is tried again must not be what saves it.
            box.fault(kind, method=WRITES[method][0], path=WRITES[method][1], times=2, **KINDS[kind])
    return fleet.play(
        targets=[{"ip": ip, "reason": "test", "evidence": "alert 17"} for ip in ATTACKERS],
        # Reading what to protect is another subject.
        protect_infra=False,
        verify_retries=1,
    )


def _blocked(method: str, box: FortiGate) -> set[str]:
    """What the method's own list holds."""
    if method == "ban":
        return {str(ban["ip_address"]) for ban in box.bans() if ban["source"] == "Administrative"}
    if method == "feed_push":
        return set(box.feed("soc-block")) - {BEFORE}
    names = [name for group in ("SOC-BLOCK", "SOC-BLOCK6") for name in box.members(group) if name != "blk-placeholder"]
    return {name.removeprefix("blk-").replace("_", ":") for name in names}


def _made(box: FortiGate) -> set[str]:
    """Address objects that a run has left."""
    tables = ("firewall/address", "firewall/address6")
    names = {one["name"] for table in tables for one in box.objects(table)}
    return {name for name in names if name.startswith("blk-") and name != "blk-placeholder"}


@pytest.mark.parametrize("method, kind", CASES, ids=[_name(*case) for case in CASES])
def test_in_force_or_failed_and_nothing_left(fleet: Fleet, run: Run, method: str, kind: str) -> None:
    name = _name(method, kind)
    box, outcome = fleet.boxes[name], run.outcomes[name]
    results = {line["ip"]: line["result"] for line in fleet.lines(name)}
    if outcome.failed:
        assert _blocked(method, box) == set()
        assert _made(box) == set()
        assert outcome.said
        assert set(results.values()) <= {"rolled_back"}
    else:
        assert _blocked(method, box) == set(ATTACKERS)
        assert results == dict.fromkeys(ATTACKERS, "blocked")
    # And what only a packet to a published server can tell.
    assert {box.passes(ip, "203.0.113.10") for ip in ATTACKERS if "." in ip} == {outcome.failed}
    assert {ban["ip_address"]: ban["source"] for ban in box.bans() if ban["source"] != "Administrative"} == FOREIGN
    if method == "feed_push":
        assert BEFORE in box.feed("soc-block")
    assert box.check() == []


def test_refusals_fail(run: Run) -> None:
    """What cannot have been carried out must not be reported as done."""
    certain = ("forbidden", "forbidden_html", "redirect", "read_only", "other_vdom_only", "partial")
    asked = {_name(method, kind) for method, kind in CASES if kind in certain}
    assert asked and asked == {name for name in asked if run.outcomes[name].failed}
