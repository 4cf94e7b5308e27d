# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine on which a benchmark runs."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

# The launcher is a small process between parent and child. Linux counts the memory of the parent at the fork as memory of the child.
LAUNCHER = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"\\n{used.ru_utime + used.ru_stime} {used.ru_maxrss}", file=sys.stderr)
sys.exit(code)
"""


def used(launched: str) -> tuple[float, float]:
    """Processor seconds and peak memory of one process in MB (10^6 bytes), from the output of the launcher on stderr."""
    processor, peak = launched.split()[-2:]
    return float(processor), int(peak) * 1024 / 1e6


def describe() -> dict[str, str]:
    """The properties of the machine, by name."""
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "Python": platform.python_version(),
        "ansible-core": version("ansible-core"),
        "requests": version("requests"),
    }


def sentence() -> str:
    known = describe()
    versions = ", ".join(f"{name} {known[name]}" for name in ("Python", "ansible-core", "requests"))
    return f"The measurements were made on {known['cores']} {known['processor']} cores with {versions}."


def load() -> float:
    """The load average of the last minute."""
    return os.getloadavg()[0]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
