# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two jobs at the same time on one FortiGate and one registry: what the one that ended well says is in force and claimed."""

from __future__ import annotations

import time
import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError

from simulators.fortigate import FortiGate, ManualClock
from support.blocking import METHODS, PREPARED, Data, Line, operate, orphans, state
from support.processes import End, Forks
from support.registries import emptied

FIRST, BOTH, SECOND = ["198.51.100.7", "2001:db8:bad::7"], ["203.0.113.77"], ["198.51.100.9"]
# Enough for all readings of the verification.
VERIFY_RETRIES = 1
UNREADABLE = VERIFY_RETRIES + 1
ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="module")
def box() -> t.Iterator[FortiGate]:
    with FortiGate(clock=ManualClock(time.time())) as box:
        yield box


@pytest.fixture(scope="module")
def forks() -> t.Iterator[Forks]:
    with Forks("support.jobs") as forks:
        yield forks


@pytest.fixture(params=ENGINES)
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    where = str(tmp_path / "blocks.sqlite")
    if request.param == "postgresql":
        where = emptied(request.getfixturevalue("postgresql_url"))
    open_registry(where).close()
    return where


class Jobs:
    def __init__(self, box: FortiGate, forks: Forks, registry: str, folder: Path, method: str) -> None:
        box.reset()
        box.switches.update(PREPARED)
        self.box, self.forks, self.registry, self.method = box, forks, registry, method
        self.file = folder / "feed.txt"
        self.audit = folder / "audit.jsonl"

    def options(self, run_id: str, **more: t.Any) -> Data:
        file = {"feed_file": str(self.file)} if self.method == "feed_file" else {}
        usual = {"method": self.method, "registry": self.registry, "run_id": run_id, "audit_log": str(self.audit)}
        return {**usual, "verify_retries": VERIFY_RETRIES, "allow_shrink": True, **file, **more}

    def at_once(self, first: Data, second: Data, unreadable: int = 0) -> tuple[Data, Data]:
        start = time.time() + 0.2
        calls = [
            ("support.jobs:job", (Line.of(self.box), one, start, bad))
            for one, bad in ((first, unreadable), (second, 0))
        ]
        ends: list[End] = self.forks.run(*calls)
        assert all(isinstance(one.result, dict) for one in ends), ends
        return ends[0].result, ends[1].result

    def state(self) -> tuple[set[str], list[str]]:
        """What is blocked, and where registry and FortiGate do not agree."""
        found = state(self.box, self.registry, self.method, time.time(), self.file)
        assert self.box.check() == []
        return found.listed, found.problems


@pytest.fixture(params=METHODS)
def jobs(request: pytest.FixtureRequest, box: FortiGate, forks: Forks, registry: str, tmp_path: Path) -> Jobs:
    return Jobs(box=box, forks=forks, registry=registry, folder=tmp_path, method=request.param)


def test_the_same_addresses(jobs: Jobs) -> None:
    first, second = jobs.at_once(jobs.options("a", targets=FIRST), jobs.options("b", targets=FIRST))
    assert not first["failed"] and not second["failed"], (first, second)
    assert jobs.state() == (set(FIRST), [])


def test_addresses_that_overlap(jobs: Jobs) -> None:
    first, second = jobs.at_once(jobs.options("a", targets=FIRST + BOTH), jobs.options("b", targets=BOTH + SECOND))
    assert not first["failed"] and not second["failed"], (first, second)
    assert jobs.state() == ({*FIRST, *BOTH, *SECOND}, [])


def test_one_that_rolls_back(jobs: Jobs) -> None:
    if jobs.method == "feed_file":
        # Nothing of a file is read from the FortiGate, so here its writing fails.
        jobs.file.with_suffix(".txt.lock").mkdir()
    first, second = jobs.at_once(
        jobs.options("a", targets=FIRST + BOTH), jobs.options("b", targets=BOTH + SECOND), UNREADABLE
    )
    if jobs.method == "feed_file":
        assert first["failed"] and second["failed"] and jobs.state() == (set(), [])
        return
    assert first["failed"] and "was rolled back" in first["said"], first
    assert not second["failed"], second
    assert jobs.state() == ({*BOTH, *SECOND}, [])
    assert orphans(jobs.box) == set()


def test_one_that_unblocks_what_the_other_blocks(jobs: Jobs) -> None:
    operate(Line.of(jobs.box), **jobs.options("before", targets=BOTH))
    first, second = jobs.at_once(
        jobs.options("a", targets=FIRST + BOTH), jobs.options("b", state="absent", targets=BOTH)
    )
    assert not first["failed"] and not second["failed"], (first, second)
    listed, problems = jobs.state()
    assert problems == [] and listed - set(BOTH) == set(FIRST)


# A job that shares no registry with ours: it does the same just before our write.
MEANWHILE: dict[str, list[Data]] = {
    "addrgrp": [
        {
            "method": "POST",
            "path": "cmdb/firewall/address?vdom=root",
            "body": {
                "name": "blk-203.0.113.77",
                "type": "ipmask",
                "subnet": "203.0.113.77/32",
                "comment": "run=other exp=never",
            },
        },
        {
            "method": "POST",
            "path": "cmdb/firewall/addrgrp/SOC-BLOCK/member?vdom=root",
            "body": {"name": "blk-203.0.113.77"},
        },
    ],
    "ban": [
        {
            "method": "POST",
            "path": "monitor/user/banned/add_users?vdom=root",
            "body": {"ip_addresses": BOTH, "expiry": 7200},
        }
    ],
}
WRITES = {"addrgrp": ("POST", "firewall/address?"), "ban": ("POST", "user/banned/add_users")}


@pytest.mark.parametrize("method", MEANWHILE)
def test_the_same_by_somebody_without_our_registry(box: FortiGate, forks: Forks, tmp_path: Path, method: str) -> None:
    jobs = Jobs(box=box, forks=forks, registry=str(tmp_path / "blocks.sqlite"), folder=tmp_path, method=method)
    box.fault("meanwhile", method=WRITES[method][0], path=WRITES[method][1], do=MEANWHILE[method])
    found = operate(Line.of(box), **jobs.options("ours", targets=BOTH + SECOND))
    assert {one["result"] for one in found["steps"]} == {"blocked"}
    assert jobs.state() == ({*BOTH, *SECOND}, [])


def test_what_somebody_else_made_meanwhile_is_not_rolled_back(box: FortiGate, forks: Forks, tmp_path: Path) -> None:
    jobs = Jobs(box=box, forks=forks, registry=str(tmp_path / "blocks.sqlite"), folder=tmp_path, method="addrgrp")
    box.fault("meanwhile", method="POST", path="firewall/address?", do=MEANWHILE["addrgrp"])
    box.fault("device_error", method="POST", path="addrgrp6/SOC-BLOCK6/member")
    with pytest.raises(FortiViewError, match="was rolled back"):
        operate(Line.of(box), **jobs.options("ours", targets=BOTH + FIRST))
    assert jobs.state()[0] == set(BOTH)
    assert orphans(box) == set()
