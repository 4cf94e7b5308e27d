# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that reconciles fifty FortiGates with 500 blocks each, and finds nothing to do."""

from __future__ import annotations

import statistics
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import yaml

from simulators.fortigate import FortiGate
from support.fortigates import inventory

from .blocking_fleet import current_tree, requests_to
from .playbooks import Runner
from .report import Failed, Figure, Report

FORTIGATES, FORKS = 50, 10
ADDRESSES = [f"198.51.{number // 250}.{number % 250 + 1}" for number in range(500)]
# Seconds of processor for each FortiGate, and requests to one with one VDOM.
MOST_PROCESSOR, MOST_REQUESTS = 2, 4
SWITCHES = {"with_feed": True, "with_policies": True}


def run(directory: Path) -> Report:
    tree, runner = current_tree(directory / "tree"), Runner(directory)
    with ExitStack() as stack:
        boxes = {
            f"fgt-{number:02d}": stack.enter_context(FortiGate(serial=f"FGT{number:07d}"))
            for number in range(FORTIGATES)
        }
        for box in boxes.values():
            box.switches.update(SWITCHES)
        place = directory / "inventory.yml"
        place.write_text(yaml.safe_dump(inventory(boxes)))
        given: dict[str, Any] = {
            "fortigate_block_method": "feed_push",
            "fortigate_block_never_extra": [],
            "fortigate_block_registry": str(directory / "blocks.sqlite"),
            "fortigate_block_max_per_run": len(ADDRESSES),
            "fortigate_block_close_sessions": False,
        }
        arguments = ("-i", str(place), "-f", str(FORKS))
        block = {**given, "fortigate_block_targets": ADDRESSES, "fortigate_block_ttl": "7d"}
        runner.seconds("blocking_fleet", tree, block, *arguments)
        if any(len(box.feed("soc-block")) != len(ADDRESSES) for box in boxes.values()):
            raise Failed("not all addresses are blocked")
        before = {name: len(box.journal) for name, box in boxes.items()}
        used = runner.usage("reconciling", tree, given, *arguments)
        sent = max(requests_to(box, before[name]) for name, box in boxes.items())
        if any(box.writes[-1:] and len(box.feed("soc-block")) != len(ADDRESSES) for box in boxes.values()):
            raise Failed("a run with nothing to do has changed something")
        empty = statistics.median(runner.usage("empty", tree, {}).processor for dummy in range(3))
    each = (used.processor - empty) / FORTIGATES
    figures = [
        Figure("seconds of the run", used.seconds),
        Figure("processor for each FortiGate", each, "s", MOST_PROCESSOR),
        Figure("requests to one FortiGate", sent, "requests", MOST_REQUESTS),
        Figure("most memory of one process", used.peak, "MB"),
    ]
    return Report(
        f"{FORTIGATES} FortiGates with {len(ADDRESSES)} blocks each are reconciled, and nothing changes", figures
    )
