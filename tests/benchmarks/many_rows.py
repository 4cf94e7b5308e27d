# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""100,000 rows of one view through a module process: its memory and its speed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from .machine import LAUNCHER, used
from .playbooks import Trees
from .report import Failed, Figure, Report
from .simulated import SimulatedFortiAnalyzer

MODULE = "ansible_collections.secops.fortiview.plugins.modules.faz_fortiview_task"
# The two views whose rows are the widest and the most usual.
VIEWS = ("top-sources", "top-threats")
ROWS = 100_000
MOST_MEGABYTES = 500
COUNT = "import json, sys; print(len(json.load(sys.stdin)['results'][0]['rows']))"


class Run(NamedTuple):
    """`peak` is the most memory that the process ever had, in MB (10^6 bytes)."""

    seconds: float
    peak: float
    output: float


def run(directory: Path) -> Report:
    trees = Trees(directory)
    figures: list[Figure] = []
    with SimulatedFortiAnalyzer(directory, synthetic_rows=dict.fromkeys(VIEWS, ROWS)) as fortianalyzer:
        one = _run(trees.whole, directory, {**_query(VIEWS[0], 1), **fortianalyzer.settings}, 1)
        figures.append(Figure("peak memory for one row", one.peak, "MB"))
        for view in VIEWS:
            fortianalyzer.reset()
            many = _run(trees.whole, directory, {**_query(view, ROWS), **fortianalyzer.settings}, ROWS)
            fortianalyzer.assert_clean()
            figures += [
                Figure(f"{view}, {ROWS:,} rows: peak memory", many.peak, "MB", MOST_MEGABYTES),
                Figure(f"{view}: size of the result", many.output, "MB"),
                Figure(f"{view}: time", many.seconds),
                Figure(f"{view}: speed", ROWS / many.seconds, "rows/s"),
            ]
    return Report(f"{ROWS:,} rows of one view through a module process", figures)


def _query(view: str, limit: int) -> dict[str, Any]:
    return {"view": view, "limit": limit, "time_range": {"last": "24h"}, "wait": True}


def _run(tree: Path, directory: Path, arguments: dict[str, Any], rows: int) -> Run:
    """The module as Ansible starts it: its arguments on stdin, its result on stdout."""
    output = directory / "result.json"
    given = json.dumps({"ANSIBLE_MODULE_ARGS": arguments})
    with output.open("w") as result:
        started = time.monotonic()
        launched = subprocess.run(
            [sys.executable, "-c", LAUNCHER, sys.executable, "-m", MODULE],
            input=given,
            stdout=result,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(tree)},
            cwd=directory,
        )
        seconds = time.monotonic() - started
    if launched.returncode:
        raise Failed(f"the module failed: {output.read_bytes()[:2000]!r} {launched.stderr}")
    with output.open() as result:
        counted = subprocess.run([sys.executable, "-c", COUNT], stdin=result, capture_output=True, check=True).stdout
    if int(counted) != rows:
        raise Failed(f"{int(counted)} rows instead of {rows}")
    return Run(seconds, used(launched.stderr)[1], output.stat().st_size / 1e6)
