# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By which ticket an address is blocked and who has approved it: in the registry, the audit log, comments, the list and the result."""

from __future__ import annotations

import contextlib
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry

from blocking.fleet import Fleet, Run
from support.blocking import PREPARED

METHODS = ("ban", "feed_push", "addrgrp")
PLAIN, OWN, PUBLISHED = "198.51.100.7", "203.0.114.77", "203.0.113.10"
# What an attacker calls a threat, to pass for somebody's ticket.
PRETENDS = "ticket=CHG-9 approver=boss"
TARGETS = [{"address": PLAIN, "threats": [PRETENDS]}, {"address": OWN, "ticket": "CHG-1", "approver": "{{ 6 * 7 }}"}]
WHO = {PLAIN: ("CHG-7", "Jürgen"), OWN: ("CHG-1", "{{ 6 * 7 }}")}


@pytest.fixture(scope="module")
def runs(fleet: Fleet) -> dict[str, Run]:
    targets = [
        {key: {"__ansible_unsafe": value} if "{{" in value else value for key, value in one.items()} for one in TARGETS
    ]
    for method in METHODS:
        fleet.box(method, PREPARED, method=method, targets=targets)
    found = {"block": fleet.play("-v", ticket="CHG-7", approver=" Jürgen\n")}
    assert not any(box.passes(address, PUBLISHED) for box in fleet.boxes.values() for address in WHO)
    found["again"] = fleet.play()
    found["list"] = fleet.play("-v", entry="list")
    found["unblock"] = fleet.play(entry="unblock", targets=[PLAIN], ticket=4711, approver="anna")
    return found


def test_all_runs_end_well(fleet: Fleet, runs: dict[str, Run]) -> None:
    assert [name for name, run in runs.items() if any(one.failed for one in run.outcomes.values())] == []
    assert [run.outcomes["ban"].changed for run in runs.values()] == [1, 0, 0, 1]
    for box in fleet.boxes.values():
        assert box.passes(PLAIN, PUBLISHED) and not box.passes(OWN, PUBLISHED)


@pytest.mark.parametrize("method", METHODS)
def test_the_audit_log_has_them(fleet: Fleet, runs: dict[str, Run], method: str) -> None:
    lines: list[dict[str, t.Any]] = fleet.lines(method)
    blocked = {one["address"]: (one["ticket"], one["approver"]) for one in lines if one["result"] == "blocked"}
    assert blocked == WHO
    (removed,) = [one for one in lines if one["result"] == "removed"]
    assert (removed["address"], removed["ticket"], removed["approver"]) == (PLAIN, "4711", "anna")


@pytest.mark.parametrize("run", ["block", "list"])
def test_the_result_and_the_list_have_them(runs: dict[str, Run], run: str) -> None:
    for ticket, approver in WHO.values():
        written = f'"{approver}"' if approver.isascii() else '"J\\u00fcrgen"'
        assert f'"ticket": "{ticket}"' in runs[run].output, run
        assert f'"approver": {written}' in runs[run].output or f'"approver": "{approver}"' in runs[run].output, run


def test_the_comment_of_an_object_has_them_and_no_threat_passes_for_them(fleet: Fleet, runs: dict[str, Run]) -> None:
    objects = {
        one["name"]: one["comment"] for one in fleet.boxes["addrgrp"].objects("firewall/address") if one.get("comment")
    }
    assert " ticket=CHG-1 approver={{ 6 * 7 }}" in objects[f"blk-{OWN}"]
    assert f"blk-{PLAIN}" not in objects
    (body,) = [
        entry.body
        for entry in fleet.boxes["addrgrp"].writes
        if f"blk-{PLAIN}" in str(entry.body) and "comment" in str(entry.body)
    ]
    comment = body["comment"]
    assert comment.startswith("run=") and comment.endswith(" ticket=CHG-7 approver=J_rgen ticket_CHG-9 approver_boss")


def test_the_registry_has_them(fleet: Fleet, runs: dict[str, Run]) -> None:
    with contextlib.closing(open_registry(str(fleet.directory / "blocks.sqlite"))) as registry:
        claims = [*registry.find(), *(one.claim for one in registry.history())]
    assert {(one.address, one.ticket, one.approver) for one in claims} == {(key, *value) for key, value in WHO.items()}
    assert len(claims) == 2 * len(METHODS)
