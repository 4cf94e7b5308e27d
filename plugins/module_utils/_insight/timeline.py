# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Incidents over time, and when addresses were blocked.

The view threat-line has a row for each bucket of time. Where FortiAnalyzer does not have it, one ranking of threats for each part of the time range
adds up to the same.
"""

from __future__ import annotations

import math
import typing as t
from datetime import datetime

from .._common.clock_text import time_text
from .._query.fortianalyzer_clock import zone_of
from .._query.rows import Row, is_counter
from . import units
from .page_zone import PageZone
from .tables import Table, total_of, without_number

LINE = "threat-line"
SUMS = ("incidents", "blocked", "detected")
# More columns would be too narrow to see.
MOST_BUCKETS = 60
# A larger number cannot be a time in seconds; some releases may write milliseconds.
LATEST = 10**11
HOUR = 3600

Timeline = dict[str, t.Any]


class _Point(t.NamedTuple):
    """What one row, or one ranking, adds at a time."""

    at: int
    sums: dict[str, t.Optional[float]]


class _Span(t.NamedTuple):
    start: int
    end: int


def timeline_of(tables: t.Sequence[Table], blocked_at: t.Sequence[tuple[float, str]]) -> t.Optional[Timeline]:
    """Buckets of one length from the earliest to the latest time. A bucket without a row had no incidents, as far as `notes` do not say that rows
    are missing. None if no time is known. `blocked_at` has the time and address of each block."""
    spans = [span for span in map(_span, tables) if span is not None]
    has_lines = any(table.view == LINE for table in tables)
    points, step, notes = _of_lines(tables, spans) if has_lines else _of_parts(tables)
    if not points:
        return None
    first, last = min(one.at for one in points), max(one.at for one in points)
    if has_lines and spans:
        first -= max(0, first - min(span.start for span in spans)) // step * step
        last += max(0, max(span.end for span in spans) - 1 - last) // step * step
    step *= math.ceil(((last - first) // step + 1) / MOST_BUCKETS)
    buckets = [_bucket(start, step, points, blocked_at) for start in range(first, last + 1, step)]
    return {"step": step, "buckets": buckets, "notes": notes + _gaps(tables)}


def timeline_section(found: Timeline, zone: PageZone) -> dict[str, t.Any]:
    """Bars in percent of the greatest bucket, and the rows of the table behind them."""
    buckets = found["buckets"]
    most = max(map(_height, buckets)) or 1
    labels = [zone(one["start"]) for one in buckets]
    top = max(range(len(buckets)), key=lambda place: buckets[place]["incidents"] or 0)
    totals = {name: total_of(one[name] for one in buckets) for name in SUMS}
    said = f"{units.many(totals['incidents'] or 0, 'incident')}, most of them from {labels[top]} on: {units.exact(buckets[top]['incidents'] or 0)}"
    rows = [
        [label, *[_text(one[name]) for name in SUMS], units.exact(one["blocks"]) if one["blocks"] else "-"]
        for label, one in zip(labels, buckets)
    ]
    return {
        "bars": _bars(buckets, most),
        "most": units.exact(most),
        "said": said,
        "first": labels[0],
        "last": labels[-1],
        "step": units.span(found["step"] / HOUR),
        "columns": ["From", "Incidents", "Blocked", "Only detected", "Addresses blocked"],
        "rows": rows,
        "marked": any(one["blocks"] for one in buckets),
        "notes": found["notes"],
    }


def _height(one: t.Mapping[str, t.Any]) -> float:
    return max((one["blocked"] or 0) + (one["detected"] or 0), one["incidents"] or 0)


def _bars(buckets: t.Sequence[t.Mapping[str, t.Any]], most: float) -> list[dict[str, t.Any]]:
    width = 100 / len(buckets)
    return [
        {
            "x": round(place * width, 2),
            "width": round(width * 0.8, 2),
            "parts": _parts(one, most),
            "blocks": one["blocks"],
            "middle": round((place + 0.4) * width, 2),
        }
        for place, one in enumerate(buckets)
    ]


def _text(value: t.Optional[float]) -> str:
    return "-" if value is None else units.exact(value)


def _parts(one: t.Mapping[str, t.Any], most: float) -> list[tuple[str, float, float]]:
    """Class, top and height from below, blocked first; one grey piece where the outcome is not known."""
    if one["blocked"] is None or one["detected"] is None:
        height = round(100 * (one["incidents"] or 0) / most, 2)
        return [("earlier", round(100 - height, 2), height)] if height else []
    blocked, detected = (round(100 * one[name] / most, 2) for name in ("blocked", "detected"))
    pieces = [("blocked", round(100 - blocked, 2), blocked), ("detected", round(100 - blocked - detected, 2), detected)]
    return [piece for piece in pieces if piece[2]]


def _of_lines(tables: t.Sequence[Table], spans: t.Sequence[_Span]) -> tuple[list[_Point], int, list[str]]:
    """The points, the time between them, and notes. Rankings would count the same incidents again."""
    points, notes, left_out = [], [], []
    for table in tables:
        if table.view != LINE:
            left_out.append(
                f"The rankings of threats{_where(table)} are left out, because other results have a row for each time."
            )
            continue
        known = [row for row in table.rows if _is_time(row.get("time"))]
        points += [_Point(int(row["time"]), _sums([row])) for row in known]
        if len(known) < len(table.rows):
            notes.append(
                f"{len(table.rows) - len(known)} of {units.many(len(table.rows), 'row')}{_where(table)} without a time that can be read."
            )
    return points, _step(points, spans), notes + left_out


def _of_parts(tables: t.Sequence[Table]) -> tuple[list[_Point], int, list[str]]:
    spans = [(table, _span(table)) for table in tables]
    known = [(table, span) for table, span in spans if span is not None]
    if not known:
        return [], HOUR, []
    first = min(span.start for dummy, span in known)
    step = max(span.end - span.start for dummy, span in known)
    # The queries of several ADOMs begin some seconds apart.
    points = [_Point(first + round((span.start - first) / step) * step, _sums(table.rows)) for table, span in known]
    return points, step, ["Each column is the sum of one ranking of threats."]


def _is_time(value: object) -> bool:
    return is_counter(value) and 0 < t.cast("float", value) < LATEST


def _sums(rows: t.Sequence[Row]) -> dict[str, t.Optional[float]]:
    """None if a row has no number; nothing at all adds up to 0."""
    return {
        name: None if any(not is_counter(row.get(name)) for row in rows) else sum(row[name] for row in rows)
        for name in SUMS
    }


def _step(points: t.Sequence[_Point], spans: t.Sequence[_Span]) -> int:
    """The greatest length that all times are a multiple of."""
    times = sorted({one.at for one in points})
    found = math.gcd(*(later - earlier for earlier, later in zip(times, times[1:]))) if len(times) > 1 else 0
    return found or max((span.end - span.start for span in spans), default=HOUR) or HOUR


def _span(table: Table) -> t.Optional[_Span]:
    asked = table.time_range or {}
    zone = zone_of(str(asked.get("timezone") or ""))
    ends = []
    for key in ("start", "end"):
        try:
            moment = datetime.fromisoformat(str(asked.get(key)).replace("Z", "+00:00"))
        except ValueError:
            return None
        if moment.tzinfo is None and zone is None:
            return None
        ends.append(int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()))
    return _Span(*ends) if ends[0] < ends[1] else None


def _bucket(
    start: int, step: int, points: t.Sequence[_Point], blocked_at: t.Sequence[tuple[float, str]]
) -> dict[str, t.Any]:
    inside = [one.sums for one in points if start <= one.at < start + step]
    sums = {
        name: None if any(one[name] is None for one in inside) else sum(one[name] or 0 for one in inside)
        for name in SUMS
    }
    return {
        "start": time_text(start),
        **sums,
        "blocks": len({address for moment, address in blocked_at if start <= moment < start + step}),
    }


def _gaps(tables: t.Sequence[Table]) -> list[str]:
    said = []
    for table in tables:
        if table.truncated:
            said.append(f"There may be more incidents{_where(table)}: FortiAnalyzer has more rows than were read.")
        if table.view != LINE and _span(table) is None:
            said.append(f"A ranking{_where(table)} is left out, because its time zone is not known.")
        if any(without_number(table.rows, name) for name in SUMS):
            said.append(f"Some rows{_where(table)} have no number: their columns are grey, or missing.")
    return list(dict.fromkeys(said))


def _where(table: Table) -> str:
    return f" in {table.adom}" if table.adom else ""
