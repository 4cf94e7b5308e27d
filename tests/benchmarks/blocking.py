# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""100 addresses blocked on a FortiGate: by fortigate_ban, by the whole role, and by the official module one at a time."""

from __future__ import annotations

import shutil
import statistics
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from .playbooks import ROOT, Runner
from .report import Failed, Figure, Report
from .simulated import SimulatedFortiAnalyzer

ADDRESSES = [f"203.0.{number // 250}.{number % 250 + 1}" for number in range(100)]
OFFICIAL = ("ansible", "fortinet")
ROUNDS = 3
# Of the official loop's time.
MOST = 0.1


class SimulatedFortiGate(SimulatedFortiAnalyzer):
    """A FortiGate with two VDOMs."""

    SIMULATOR = "fortigate"
    TOLD = ("host", "port", "ca_path", "token")


def run(directory: Path) -> Report:
    tree, runner = tree_of(directory), Runner(directory)
    with ExitStack() as stack:
        boxes = [
            stack.enter_context(SimulatedFortiGate(directory / name, vdoms=["root", "guest"]))
            for name in ("hq", "branch")
        ]
        first = boxes[:1]

        def measured(way: str) -> float:
            return _measured(runner, tree, first, way, ["root"])

        for way in ("nothing", "ban"):
            measured(way)  # cold files
        start = statistics.median(measured("nothing") for dummy in range(ROUNDS))
        ban = statistics.median(measured("ban") for dummy in range(ROUNDS)) - start
        role = statistics.median(measured("role") for dummy in range(ROUNDS)) - start
        loop = measured("loop") - start
        _measured(runner, tree, boxes, "ban", ["root", "guest"])
        writes = [box.state()["writes"] for box in boxes]
    return Report(
        f"{len(ADDRESSES)} addresses blocked on a FortiGate, over httpapi and verified TLS",
        [
            Figure(f"start of a playbook with one FortiGate, median of {ROUNDS}", start),
            Figure(f"fortigate_ban, all at once, read back: median of {ROUNDS} without the start", ban),
            Figure(
                f"role fortigate_block, all guardrails, reads and the audit log: median of {ROUNDS} without the start",
                role,
            ),
            Figure("fortinet.fortios.fortios_monitor, one at a time, not read back: without the start", loop),
            Figure("fortigate_ban / loop", ban / loop, "", MOST),
            # With its four reads, its rails and its audit the role does far more than the loop; the step above is what blocks.
            Figure("role / loop", role / loop, ""),
            Figure("writes of fortigate_ban, most of two FortiGates with two VDOMs each", max(writes), "writes", 2),
        ],
    )


def tree_of(directory: Path) -> Path:
    """The collection with its roles, and the official ones that `make collections` has fetched."""
    tree = directory / "tree"
    collection = tree / "ansible_collections" / "secops" / "fortiview"
    for part in ("plugins", "meta", "roles"):
        shutil.copytree(ROOT / part, collection / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "galaxy.yml", collection)
    for namespace in OFFICIAL:
        fetched = ROOT / ".build" / "ansible_collections" / namespace
        if not fetched.exists():
            raise Failed("the official collections are not there: make collections")
        (tree / "ansible_collections" / namespace).symlink_to(fetched)
    return tree


def _measured(runner: Runner, tree: Path, boxes: list[SimulatedFortiGate], way: str, vdoms: list[str]) -> float:
    """Wall time of one way on fresh boxes, and a look at what it left there."""
    for box in boxes:
        box.reset()
    variables: dict[str, Any] = {
        "way": way,
        "boxes": [box.settings for box in boxes],
        "vdoms": vdoms,
        "addresses": ADDRESSES,
        "audit": str(tree.parent / "audit.jsonl"),
    }
    seconds = runner.seconds("blocking", tree, variables)
    for box in boxes:
        box.assert_clean()
        wanted = set() if way == "nothing" else set(ADDRESSES)
        for vdom in vdoms:
            if {ban["ip_address"] for ban in box.state()["bans"][vdom]} != wanted:
                raise Failed(f"{way} did not ban what it was to ban")
    return seconds
