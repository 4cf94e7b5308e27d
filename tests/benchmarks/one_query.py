# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One query from the start of ansible-playbook to its end: on the controller, as a module, and by hand with uri.

Durations that are no multiples of the 2 s delay, so that a lucky phase of uri's pauses does not decide.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from .playbooks import Runner, Trees
from .report import Figure, Report
from .simulated import SimulatedFortiAnalyzer

DURATIONS = (2.3, 3.0, 3.7)
ROUNDS = 3
ACTION, MODULE, URI = WAYS = ("action plugin", "module", "uri")
MOST = {ACTION: 0.25, MODULE: 0.6}

Walls = dict[tuple[str, float], list[float]]


def run(directory: Path) -> Report:
    trees, runner = Trees(directory), Runner(directory)
    places = {ACTION: ("query", trees.whole), MODULE: ("query", trees.modules_only), URI: ("uri", trees.whole)}
    walls: Walls = {(way, duration): [] for way in WAYS for duration in DURATIONS}
    starts: list[float] = []
    with SimulatedFortiAnalyzer(directory) as fortianalyzer:

        def measured(way: str, duration: float) -> float:
            fortianalyzer.reset(task_seconds=duration)
            playbook, tree = places[way]
            seconds = runner.seconds(playbook, tree, fortianalyzer.settings)
            fortianalyzer.assert_clean()
            return seconds

        # The first run of each pays for cold files, and for the simulator's event log.
        for way in WAYS:
            measured(way, 0.0)
        runner.start_up(trees.whole, 1)
        turn = 0
        for dummy in range(ROUNDS):
            for duration in DURATIONS:
                starts.append(runner.start_up(trees.whole, 1))
                turn += 1
                # Whoever goes first changes, so that a slow phase of the machine meets all alike.
                for way in (WAYS[(turn + place) % len(WAYS)] for place in range(len(WAYS))):
                    walls[way, duration].append(measured(way, duration))
    return Report("One query, end to end by ansible-playbook", _figures(starts, walls))


def _figures(starts: Sequence[float], walls: Walls) -> list[Figure]:
    start = statistics.median(starts)
    figures = [Figure(f"start of an empty playbook, median of {len(starts)}", start)]
    left = dict.fromkeys(WAYS, 0.0)
    for way in WAYS:
        for duration in DURATIONS:
            wall = statistics.median(walls[way, duration])
            left[way] += wall - duration - start
            figures.append(Figure(f"{way}, task of {duration} s: wall time, median of {ROUNDS}", wall))
    figures += [Figure(f"{way}: left of the three without tasks and starts", left[way]) for way in WAYS]
    return figures + [Figure(f"{way} / uri", left[way] / left[URI], "", most) for way, most in MOST.items()]
