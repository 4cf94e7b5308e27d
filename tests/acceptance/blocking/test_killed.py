# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that is killed between any two of its changes: the next run makes registry and FortiGate agree, whatever that run is asked to do."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry

from simulators.fortigate import FortiGate, ManualClock
from support.blocking import METHODS, PREPARED, Data, Line, operate, orphans, state
from support.killing import killed_after
from support.processes import Forks
from support.registries import emptied

START = 1_800_000_000.0
TTL = 3600
TARGETS = ["198.51.100.7", "203.0.113.77", "2001:db8:bad::7"]
OTHERS = ["198.51.100.99"]
MOST_CHANGES = 100
BLOCK: Data = {"state": "present", "targets": TARGETS, "ttl": str(TTL), "run_id": "first"}
# Of three addresses two get onto the list, and are rolled back.
FAULTS: dict[str, tuple[str, str, str, Data]] = {
    "ban": ("partial", "POST", "user/banned/add_users", {"missing": 1}),
    "feed_push": ("partial", "POST", "external-resource/dynamic", {"missing": 1}),
    "addrgrp": ("device_error", "POST", "addrgrp6/SOC-BLOCK6/member", {}),
}
# What is killed, and what was done before it.
OPERATIONS: dict[str, tuple[Data, list[Data], float]] = {
    "block": (BLOCK, [], 0),
    "roll back": (BLOCK, [], 0),
    "extend": ({**BLOCK, "ttl": str(4 * TTL), "run_id": "longer"}, [BLOCK], 60),
    "unblock": ({"state": "absent", "targets": TARGETS, "run_id": "undo"}, [BLOCK], 60),
    "expire": ({"state": "expired", "run_id": "expiry"}, [BLOCK], TTL + 1),
}
# What the next run does.
NEXT: dict[str, Data] = {
    "same": {**BLOCK, "run_id": "again"},
    "other": {**BLOCK, "targets": OTHERS, "run_id": "other"},
    "everything": {"state": "absent", "everything": True, "run_id": "clear"},
    "expire": {"state": "expired", "run_id": "sweep"},
}
# What follows which operation.
FOLLOWING: dict[str, list[str]] = {
    operation: [one for one in NEXT if operation in ("block", "roll back") or one != "expire"]
    for operation in OPERATIONS
}
# Bans end by themselves, so that nothing is written. Nothing of a file is sent to the FortiGate, so that no reply makes it roll back.
NOTHING_TO_KILL = (("expire", "ban"), ("roll back", "feed_file"))
CASES = [
    (operation, method) for operation in OPERATIONS for method in METHODS if (operation, method) not in NOTHING_TO_KILL
]
# Each kind of run after each change takes four times as long: `make soak` does it.
ALL = os.environ.get("KILLED") == "all"


def followed(operation: str, turn: int = 0) -> list[list[str]]:
    """What the kills of one operation are followed by: by one kind of run each, or by all kinds in turn."""
    kinds = FOLLOWING[operation]
    turned = [kinds[(turn + number) % len(kinds)] for number in range(len(kinds))]
    return [[one] for one in kinds] if ALL else [turned]


class Bench:
    """A FortiGate that forgets, a clock, and a registry that is new for each case."""

    def __init__(self, box: FortiGate, clock: ManualClock, folder: Path, forks: Forks, url: str = "") -> None:
        self.forks = forks
        self.box = box
        self.line = Line.of(box)
        self.clock = clock
        self.folder = folder
        self.url = url
        self.cases = 0
        self.send = self.line.sender()

    def fresh(self) -> None:
        self.cases += 1
        self.box.reset()
        self.box.switches.update(PREPARED)
        if self.url:
            emptied(self.url)
        # Its tables are there: how they are made is tested elsewhere.
        open_registry(self.registry).close()

    @property
    def registry(self) -> str:
        return self.url or str(self.folder / f"{self.cases}.sqlite")

    @property
    def file(self) -> Path:
        return self.folder / f"{self.cases}.txt"

    def fail(self, method: str) -> None:
        kind, verb, path, details = FAULTS[method]
        self.box.fault(kind, method=verb, path=path, **details)

    def options(self, method: str, given: Data) -> Data:
        file = {"feed_file": str(self.file)} if method == "feed_file" else {}
        audit = str(self.folder / f"{self.cases}.jsonl")
        usual = {"method": method, "registry": self.registry, "audit_log": audit, "pardon": "0", "allow_shrink": True}
        return {**usual, **file, **given}

    def run(self, method: str, given: Data) -> Data:
        return operate(self.line, self.send, self.clock.now, self.clock.advance, **self.options(method, given))

    def problems(self, method: str) -> list[str]:
        return state(self.box, self.registry, method, self.clock.now(), self.file).problems

    def listed(self, method: str) -> set[str]:
        return state(self.box, self.registry, method, self.clock.now(), self.file).listed


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Bench]:
    clock = ManualClock(START)
    with FortiGate(clock=clock) as box, Forks("support.killing") as forks:
        yield Bench(box, clock, tmp_path_factory.mktemp("killed"), forks)
        assert box.check() == []


@pytest.fixture
def shared(bench: Bench, postgresql_url: str, tmp_path: Path) -> Bench:
    return Bench(bench.box, bench.clock, tmp_path, bench.forks, postgresql_url)


def wrong_after(bench: Bench, method: str, operation: str, followings: t.Sequence[str]) -> list[str]:
    """What is wrong, with the number of changes before it, over all of the operation. The kills are followed by these, in turn."""
    found = []
    given, before, later = OPERATIONS[operation]
    for step in range(MOST_CHANGES):
        following = followings[step % len(followings)]
        bench.fresh()
        for one in before:
            bench.run(method, one)
        bench.clock.advance(later)
        if operation == "roll back":
            bench.fail(method)
        if not killed_after(bench.forks, step, bench.line, bench.options(method, given), bench.clock.now()):
            assert step > 5
            return found
        if following == "expire":
            bench.clock.advance(5 * TTL)
        bench.box.state.faults.clear()
        try:
            bench.run(method, NEXT[following])
        except Exception as error:  # noqa: BLE001  any of them is a finding
            found.append(f"after {step}, {following}: {error}")
            continue
        wrong = bench.problems(method) + _wanted(bench, method, operation, following)
        found += [f"after {step}, {following}: {one}" for one in wrong]
    raise AssertionError("the operation has no end")


def _wanted(bench: Bench, method: str, operation: str, following: str) -> list[str]:
    listed = bench.listed(method)
    if following == "same" and not listed >= set(TARGETS):
        return [f"only {sorted(listed)} are blocked"]
    if following == "other" and not listed >= set(OTHERS):
        return [f"{OTHERS} are not blocked"]
    if following in ("everything", "expire") and (listed or orphans(bench.box)):
        return [f"{sorted(listed | orphans(bench.box))} are left"]
    return []


@pytest.mark.parametrize(
    "operation, method, followings",
    [
        pytest.param(operation, method, kinds, id=f"{operation}-{method}-{'-'.join(kinds)}")
        for operation, method in CASES
        for kinds in followed(operation, METHODS.index(method))
    ],
)
def test_the_run_after_a_kill(bench: Bench, operation: str, method: str, followings: list[str]) -> None:
    """After each change of the operation."""
    assert wrong_after(bench, method, operation, followings) == []


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "operation, followings", [(operation, kinds) for operation in ("block", "unblock") for kinds in followed(operation)]
)
def test_with_a_shared_registry(shared: Bench, operation: str, followings: list[str]) -> None:
    assert wrong_after(shared, "feed_push", operation, followings) == []
