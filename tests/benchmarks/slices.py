# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""200 ADOMs with five views each, in four jobs at once, each against a FortiAnalyzer of its own."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from .playbooks import Runner, Trees
from .report import Failed, Figure, Report
from .simulated import SimulatedFortiAnalyzer

ADOMS = ["root", "Branch_Office", "Data_Center", *(f"ADOM_{number:03d}" for number in range(1, 198))]
VIEWS = ["top-threats", "top-sources", "top-destinations", "top-applications", "policy-hits"]
SLICES, SLOTS, TASK_SECONDS = 4, 8, 1.0
SHARE = len(ADOMS) * len(VIEWS) // SLICES
IDEAL = SHARE * TASK_SECONDS / SLOTS


def run(directory: Path) -> Report:
    trees, runner = Trees(directory), Runner(directory)
    with ExitStack() as stack:
        boxes = [
            stack.enter_context(
                SimulatedFortiAnalyzer(
                    directory / str(number), extra_adoms=len(ADOMS) - 3, task_seconds=TASK_SECONDS, slots=SLOTS
                )
            )
            for number in range(SLICES)
        ]
        start = runner.start_up(trees.whole, 3)
        alone = _seconds(runner, trees, boxes[0], _queries(0))
        _check(boxes[0])
        boxes[0].reset()
        started = time.monotonic()
        with ThreadPoolExecutor(SLICES) as pool:
            each = list(
                pool.map(lambda number: _seconds(runner, trees, boxes[number], _queries(number)), range(SLICES))
            )
        wall = time.monotonic() - started
        logins = [_check(box) for box in boxes]
    return Report(
        f"{len(ADOMS)} ADOMs x {len(VIEWS)} views in {SLICES} slices, tasks of {TASK_SECONDS:g} s, {SLOTS} slots",
        [
            Figure("start of an empty playbook, median of 3", start),
            Figure(f"one slice alone, {SHARE} queries", alone),
            Figure(f"one slice alone: (wall time - start) / ideal {IDEAL:g} s", (alone - start) / IDEAL, "", 1.3),
            Figure(f"all {SLICES} slices at once, {SHARE * SLICES} queries", wall),
            Figure("the slowest slice", max(each)),
            Figure("queries a second, all slices", SHARE * SLICES / wall, ""),
            Figure("TCP connections, most of a slice", max(logins), "connections", 10),
        ],
    )


def _queries(number: int) -> list[dict[str, str]]:
    """A controller gives each slice every n-th host of its inventory, by name."""
    return [{"adom": adom, "view": view} for adom in sorted(ADOMS)[number::SLICES] for view in VIEWS]


def _seconds(runner: Runner, trees: Trees, box: SimulatedFortiAnalyzer, queries: list[dict[str, str]]) -> float:
    variables: dict[str, Any] = {**box.settings, "queries": queries, "slots": SLOTS}
    return runner.seconds("fleet", trees.whole, variables)


def _check(box: SimulatedFortiAnalyzer) -> int:
    """TCP connections. Raises Failed where something was left, or asked twice."""
    box.assert_clean()
    if box.submits() != SHARE:
        raise Failed(f"{box.submits()} submits for {SHARE} queries")
    return int(box.state()["connections"])
