# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report over 20 results of 1,000 rows: how long its files take, and how big the page is."""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path
from typing import Any

from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.report_files import report_files

from .playbooks import ROOT, Runner, Trees
from .report import Failed, Figure, Report

RESULTS, ROWS, ROUNDS = 20, 1000, 3
MOST_SECONDS, MOST_KILOBYTES = 3, 2000
TEMPLATES = ROOT / "roles" / "threat_report" / "templates"
NAMES = (
    "Apache.Log4j.Error.Log.Remote.Code.Execution",
    "SQL.Injection",
    "Fortinet.FortiOS.SSL.VPN.Directory.Traversal",
    "udp_flood",
    "invoice.doc",
)


def run(directory: Path) -> Report:
    results = [_result(number) for number in range(RESULTS)]
    for result in results:
        if len(result["rows"]) != ROWS:
            raise Failed("not the rows that were to be measured")
    times, page = [], ""
    for _round in range(ROUNDS):
        started = time.monotonic()
        files = report_files(results, templates=str(TEMPLATES), title="Benchmark")
        times.append(time.monotonic() - started)
        page = next(one["text"] for one in files if one["name"] == "report.html")
    if page.count("<tr>") < RESULTS * ROWS:
        raise Failed("the page does not hold all rows")
    trees, runner = Trees(directory), Runner(directory)
    data = directory / "results.json"
    data.write_text(json.dumps(results))
    start = runner.start_up(trees.whole, ROUNDS)
    role = runner.seconds("report", trees.whole, {"data": str(data), "dest": str(directory / "report")})
    return Report(
        f"A report over {RESULTS} results of {ROWS:,} rows",
        [
            Figure(f"all files made, median of {ROUNDS}", statistics.median(times), most=MOST_SECONDS),
            Figure("size of the page", len(page.encode()) / 1e3, "kB", MOST_KILOBYTES),
            Figure(f"size of all {len(files)} files", sum(len(one["text"].encode()) for one in files) / 1e3, "kB"),
            Figure("role threat_report, data read from a file: wall time without the start", role - start),
        ],
    )


def _result(number: int) -> dict[str, Any]:
    """Threats and sources in turn, each of an ADOM of its own."""
    threats = number % 2 == 0
    return {
        "name": f"result_{number}",
        "adom": f"ADOM_{number // 2:03d}",
        "view": "top-threats" if threats else "top-sources",
        "complete": True,
        "total": ROWS,
        "time_range": {"start": "2026-03-01 00:00:00", "end": "2026-03-02 00:00:00", "timezone": "Europe/Berlin"},
        "rows": [_threat(place) if threats else _source(place, number) for place in range(ROWS)],
        "warnings": [],
    }


def _threat(place: int) -> dict[str, Any]:
    return {
        "threat": f"{NAMES[place % len(NAMES)]}.{place}",
        "threattype": "ips",
        "severity": ("critical", "high", "medium", "low")[place % 4],
        "incidents": 3 * (ROWS - place),
        "blocked": 2 * (ROWS - place),
        "detected": ROWS - place,
        "devices": ["FG100FTK20000001"],
    }


def _source(place: int, number: int) -> dict[str, Any]:
    return {
        "srcip": f"10.{number}.{place // 250}.{place % 250}",
        "hostname": f"LAPTOP-USER{place:04d}",
        "f_user": f"user{place:04d}",
        "sessions": 5 * (ROWS - place),
        "bytes": 1_234_567 * (ROWS - place),
        "devices": ["FG100FTK20000001"],
    }
