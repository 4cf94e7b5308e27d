# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the benchmarks and says whether their targets were met: python -m benchmarks [a] [b] [c] [d] [e] [f] [g] [h] [i] [j] [k] [--json FILE]"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from . import (
    blocking,
    blocking_fleet,
    blocking_many,
    fleet,
    inventory,
    many_rows,
    noticing,
    one_query,
    reconciling,
    registry,
    reporting,
    slices,
)
from .machine import describe, load
from .report import Report, as_text

Benchmark = Callable[[Path], Report]
BENCHMARKS: dict[str, tuple[Benchmark, ...]] = {
    "a": (one_query.run, noticing.run),
    "b": (fleet.run,),
    "c": (many_rows.run,),
    "d": (blocking.run,),
    "e": (reporting.run,),
    "f": (slices.run,),
    "g": (registry.run,),
    "h": (blocking_fleet.run,),
    "i": (blocking_many.run,),
    "j": (inventory.run,),
    "k": (reconciling.run,),
}


def main() -> int:
    arguments = _arguments()
    machine = describe()
    print(", ".join(f"{name} {value}" for name, value in machine.items()), flush=True)
    started = time.monotonic()
    reports = []
    for letter in arguments.which or BENCHMARKS:
        for benchmark in BENCHMARKS[letter]:
            with tempfile.TemporaryDirectory(prefix="fortiview-benchmark-") as directory:
                before = load()
                report = benchmark(Path(directory))
            reports.append(report)
            print(f"\n({letter}) {as_text(report)}\nload average before {before:.2f}, after {load():.2f}", flush=True)
    if arguments.json:
        found = {"machine": machine, "reports": [report.as_dict() for report in reports]}
        arguments.json.write_text(json.dumps(found, indent=2) + "\n")
    missed = [figure for report in reports for figure in report.figures if figure.missed]
    print(f"\n{time.monotonic() - started:.0f} s. ", end="")
    print(f"{len(missed)} targets missed." if missed else "All targets met.")
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Speed and memory against the simulators; exit code 1 when a target is missed.",
        epilog="a  one query, compared with ansible.builtin.uri; polling\n"
        "b  60 queries over 12 ADOMs in one task\n"
        "c  memory for 100,000 rows\n"
        "d  100 addresses blocked on a FortiGate, compared with the official module\n"
        "e  a report over 20 results of 1,000 rows\n"
        "f  200 ADOMs with five views each, in four slices at once\n"
        "g  the registry of blocks with a million ended claims\n"
        "h  ten addresses blocked on a fleet, against the role at an earlier commit\n"
        "i  5,000 addresses in a feed, the sessions of 50, and memory with a million ended claims\n"
        "j  an inventory of 500 devices, and from its cache\n"
        "k  blocks reconciled on FortiGates with nothing to change",
    )
    parser.add_argument("which", nargs="*", metavar="|".join(BENCHMARKS), help="benchmarks to run, all by default")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    arguments = parser.parse_args()
    unknown = set(arguments.which) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
