# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""60 queries over 12 ADOMs in one task, on an appliance with eight slots."""

from __future__ import annotations

from pathlib import Path

from .playbooks import Runner, Trees
from .report import Failed, Figure, Report
from .simulated import SimulatedFortiAnalyzer

ADOMS = ["root", "Branch_Office", "Data_Center", *(f"ADOM_{number:03d}" for number in range(1, 10))]
VIEWS = ["top-sources", "top-destinations", "top-applications", "top-countries", "policy-hits"]
QUERIES = [{"adom": adom, "view": view} for adom in ADOMS for view in VIEWS]
TASK_SECONDS, SLOTS = 2.0, 8
IDEAL = len(QUERIES) * TASK_SECONDS / SLOTS
STARTS = 3


def run(directory: Path) -> Report:
    trees, runner = Trees(directory), Runner(directory)
    figures: list[Figure] = []
    with SimulatedFortiAnalyzer(
        directory, extra_adoms=len(ADOMS) - 3, task_seconds=TASK_SECONDS, slots=SLOTS
    ) as fortianalyzer:
        fortianalyzer.reset(task_seconds=0.0)
        variables = {**fortianalyzer.settings, "queries": QUERIES, "slots": SLOTS}
        runner.seconds("fleet", trees.whole, variables)  # cold files, and the simulator's event log
        start = runner.start_up(trees.whole, STARTS)
        figures.append(Figure(f"start of an empty playbook, median of {STARTS}", start))
        for way, tree in (("action plugin", trees.whole), ("module", trees.modules_only)):
            fortianalyzer.reset()
            wall = runner.seconds("fleet", tree, variables)
            connections = fortianalyzer.state()["connections"]
            fortianalyzer.assert_clean()
            # A query that is asked twice, for want of rows or of a slot, would be measured as if it were two.
            if fortianalyzer.submits() != len(QUERIES):
                raise Failed(f"{fortianalyzer.submits()} submits for {len(QUERIES)} queries")
            figures += [
                Figure(f"{way}: wall time", wall),
                Figure(f"{way}: (wall time - start) / ideal {IDEAL:g} s", (wall - start) / IDEAL, "", 1.3),
                Figure(f"{way}: TCP connections", connections, "connections", 10),
            ]
    return Report(
        f"{len(QUERIES)} queries over {len(ADOMS)} ADOMs, tasks of {TASK_SECONDS:g} s, {SLOTS} slots", figures
    )
