# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the notification of a report from its verdict, its counters, and the threats that got through."""

from __future__ import annotations

import typing as t

from .._query.rows import severity_rank
from .counts import SEVERE, got_through
from .report import Report
from .verdict import CONTROL


def report_notification(report: Report, link: str = "") -> dict[str, t.Any]:
    """The notification, in the format that `read_notification` reads."""
    rows = _not_stopped(report)
    tiles = report.shown["headline"]
    critical = any(row["severity"] == "critical" for row in rows)
    calm = (report.found.verdict or {"level": CONTROL})["level"] == CONTROL
    alarming = not calm or bool(rows or report.found.failed) or any(tile["alarming"] for tile in tiles)
    return {
        "title": report.shown["title"],
        "level": "critical" if critical else "warning" if alarming else "info",
        "text": " ".join(_sentences(report)),
        "facts": [{"name": tile["label"], "value": tile["value"]} for tile in tiles],
        "rows": rows,
        "link": link,
        "key": f"report: {report.shown['title']}",
    }


def _sentences(report: Report) -> list[str]:
    """The sentences of the verdict, its details and its doubts. A report without a verdict has the sentences of its summary."""
    verdict = report.found.verdict
    if not verdict:
        return report.shown["lede"]
    named = [f"{one['term']}: {one['text']}." for one in report.shown["highlights"]]
    return [*verdict["sentences"], *named, *verdict["doubts"]]


def _not_stopped(report: Report) -> list[dict[str, t.Any]]:
    """Critical and high threats with incidents that got through, the worst first."""
    found: dict[tuple[str, str], tuple[dict[str, t.Any], str]] = {}
    for source in report.found.sources:
        for row in source.table.rows if source.kind == "threats" else ():
            if row.get("severity") in SEVERE and got_through(row):
                found.setdefault((str(row.get("threat")), source.table.adom), (row, source.table.adom))
    ordered = sorted(found.values(), key=lambda one: (severity_rank(one[0]["severity"]), -one[0]["detected"]))
    return [
        {
            "threat": row.get("threat"),
            "severity": row["severity"],
            "got through": row["detected"],
            "blocked": row.get("blocked"),
            "ADOM": adom,
        }
        for row, adom in ordered
    ]
