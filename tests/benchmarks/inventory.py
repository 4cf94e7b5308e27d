# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory of 500 devices, from a FortiAnalyzer and from its cache, against an empty inventory in the same run."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from simulators.fortianalyzer.inventory import DEVICES, ODD_DEVICES

from .playbooks import Runner, Trees
from .report import Failed, Figure, Report
from .simulated import SimulatedFortiAnalyzer

FORTIGATES = 500
# The simulator has one device that is not a FortiGate.
EXTRA = FORTIGATES + 1 - len(DEVICES) - len(ODD_DEVICES)
ROUNDS = 5
PLUGIN = "plugin: secops.fortiview.fortianalyzer\n"
CACHE = "cache: true\ncache_plugin: ansible.builtin.jsonfile\ncache_connection: {}\n"


def run(directory: Path) -> Report:
    tree, runner = Trees(directory).whole, Runner(directory)
    cached = _source(directory, "cached", PLUGIN + CACHE.format(directory / "cache"))
    sources = {
        "empty": _source(directory, "empty", "all: {}\n"),
        "asked": _source(directory, "asked", PLUGIN),
        "cached": cached,
    }
    with SimulatedFortiAnalyzer(directory, extra_devices=EXTRA) as box:

        def seconds(source: Path, count: int) -> float:
            given: dict[str, Any] = {**box.settings, "count": count}
            return runner.seconds("inventory", tree, given, "-i", str(source))

        # Fills the cache.
        seconds(cached, FORTIGATES)
        found: dict[str, list[float]] = {name: [] for name in sources}
        for _round in range(ROUNDS):
            for name, source in sources.items():
                before = box.requests()
                found[name].append(seconds(source, 0 if name == "empty" else FORTIGATES))
                if (box.requests() > before) is not (name == "asked"):
                    raise Failed(f"{name}: {box.requests() - before} requests")
        box.assert_clean()
    empty, asked, kept = (statistics.median(found[name]) for name in ("empty", "asked", "cached"))
    return Report(
        f"Inventory of {FORTIGATES} FortiGates, median of {ROUNDS} runs of a playbook of one task",
        [
            Figure("empty inventory", empty),
            Figure("from FortiAnalyzer", asked),
            Figure("from the cache", kept),
            # 2 s, and 0.3 s more than an empty inventory, on a machine that starts a playbook in 0.55 s.
            Figure("from FortiAnalyzer / empty inventory", asked / empty, "", 3.6),
            Figure("from the cache / empty inventory", kept / empty, "", 1.55),
        ],
    )


def _source(directory: Path, name: str, text: str) -> Path:
    path = directory / f"{name}.fortianalyzer.yml"
    path.write_text(text)
    return path
