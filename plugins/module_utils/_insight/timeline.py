# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shows the incidents over time, and the times at which addresses were blocked.

The view threat-line has a row for each bucket of time. If FortiAnalyzer does not have this view, one ranking of
threats is read for each part of the time range.
"""

from __future__ import annotations

import math
import typing as t
from datetime import datetime

from .._common.clock_text import parse_time, time_text
from .._query.fortianalyzer_clock import zone_of
from .._query.rows import Row, is_counter
from . import units
from .effect import unproven
from .page_zone import PageZone
from .tables import Table, in_adom, total_of, without_number

# Maximum number of labels below the columns, so that they fit on a phone.
MOST_LABELS = 4
MOST_MARKS = 3
# The possible maximum values of the scale, times a power of ten. The half of a maximum value is a whole number.
SCALES = (2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 50, 60, 80)
LINE = "threat-line"
OF_PARTS = "Each column is the sum of one ranking of threats."
SUMS = ("incidents", "blocked", "detected")
# Maximum number of columns. More columns would be too narrow to see.
MOST_BUCKETS = 60
# A larger number cannot be a time in seconds; some releases may write milliseconds.
LATEST = 10**11
HOUR = 3600
# The longest time between two queries of one report, in seconds.
MOST_APART = 60

Timeline = dict[str, t.Any]


class _Point(t.NamedTuple):
    """The counters of one row or one ranking, and their time."""

    at: int
    sums: dict[str, t.Optional[float]]


class _Span(t.NamedTuple):
    start: int
    end: int


def timeline_of(
    tables: t.Sequence[Table], blocked_at: t.Sequence[tuple[float, str]], threats: t.Sequence[Table] = ()
) -> t.Optional[Timeline]:
    """Buckets of one length from the earliest to the latest time. A bucket without a row had no incidents, unless
    `notes` report missing rows. None if no time is known. `blocked_at` contains the time and address of each block.
    `threats` are the rankings of the report."""
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
    starts = range(first, last + 1, step)
    covered = _as_reported(_covered(spans), _covered([span for span in map(_span, threats) if span]), starts)
    buckets = [_bucket(_Span(start, start + step), covered, points, blocked_at) for start in starts]
    return {
        "step": step,
        "adoms": _adoms(tables, has_lines),
        "buckets": buckets,
        "notes": list(dict.fromkeys(notes + _gaps(tables))),
    }


def _covered(spans: t.Sequence[_Span]) -> t.Optional[_Span]:
    return _Span(min(span.start for span in spans), max(span.end for span in spans)) if spans else None


def _as_reported(covered: t.Optional[_Span], report: t.Optional[_Span], starts: range) -> t.Optional[_Span]:
    """The covered time. It is cut to the time range of the report if the two differ only because the queries were sent
    at slightly different times. The cut never removes the first or the last bucket."""
    if covered is None or report is None:
        return covered
    start, end = covered
    if start < report.start < min(start + MOST_APART + 1, starts[0] + starts.step):
        start = report.start
    if max(end - MOST_APART - 1, starts[-1]) < report.end < end:
        end = report.end
    return _Span(start, end)


def _adoms(tables: t.Iterable[Table], lines: bool) -> list[str]:
    return sorted({table.adom for table in tables if (table.view == LINE) == lines})


def last_through(found: Timeline, zone: PageZone, whole: bool) -> str:
    """A text about the last bucket with incidents that got through. Empty if there is no such bucket. `whole` is False
    if the buckets may not include all incidents of the report."""
    buckets = found["buckets"]
    places = [place for place, one in enumerate(buckets) if one["detected"]]
    if not places:
        return ""
    last, later = buckets[places[-1]], buckets[places[-1] + 1 :]
    counted = f"{units.many(last['detected'], 'incident')} of any severity got through"
    if not later:
        return f"{counted} from {_range(last, zone)}. The time range of this report ends there, so more may follow"
    since = f"{counted} from {_range(last, zone)}"
    if not whole or {*found["notes"]} - {OF_PARTS} or any(one["detected"] is None for one in later):
        return f"{since}, and it is not known whether more got through later"
    return f"{since}, and none from then until {zone(later[-1]['end'])}"


def timeline_section(found: Timeline, zone: PageZone) -> dict[str, t.Any]:
    """The bars in percent of the scale, and the rows of the table with the numbers of the bars."""
    buckets = found["buckets"]
    scale, width = _scale(max(map(_height, buckets)) or 1), 100 / len(buckets)
    top = max(range(len(buckets)), key=lambda place: buckets[place]["incidents"] or 0)
    totals = {name: total_of(one[name] for one in buckets) for name in SUMS}
    said = (
        f"{units.many(totals['incidents'] or 0, 'incident')}. The highest column has"
        f" {units.exact(buckets[top]['incidents'] or 0)} and starts at {zone(buckets[top]['start'])}"
    )
    return {
        "bars": _bars(buckets, scale, width),
        "scale": [units.exact(scale), units.exact(scale // 2), "0"],
        "labels": _labels(buckets, width, zone),
        "said": said,
        "step": units.span(found["step"] / HOUR),
        "columns": ["From", "Until", "Incidents", "Blocked", "Got through", "Addresses blocked"],
        "rows": [_row(one, zone) for one in buckets],
        **_marks(buckets, found["step"], width, zone),
        "notes": [*_partial(buckets, zone), *found["notes"]],
    }


def _height(one: t.Mapping[str, t.Any]) -> float:
    return max((one["blocked"] or 0) + (one["detected"] or 0), one["incidents"] or 0)


def _bars(buckets: t.Sequence[t.Mapping[str, t.Any]], most: float, width: float) -> list[dict[str, t.Any]]:
    return [
        {
            "x": round(place * width, 2),
            "width": round(width * 0.8, 2),
            "parts": _parts(one, most),
            "partial": one["partial"],
        }
        for place, one in enumerate(buckets)
    ]


def _scale(most: float) -> int:
    power = 1
    while True:
        for one in SCALES:
            if one * power >= most:
                return one * power
        power *= 10


def _labels(buckets: t.Sequence[t.Mapping[str, t.Any]], width: float, zone: PageZone) -> list[dict[str, t.Any]]:
    """The times below the columns. A label has the day if the day differs from that of the previous label. Only the first label has the year."""
    every, day, found = -(-len(buckets) // MOST_LABELS), "", []
    for place in range(0, len(buckets), every):
        text = str(zone(buckets[place]["start"]))
        found.append(
            {
                "x": round(place * width, 2),
                "time": text[11:16],
                "day": text[5 if day else 0 : 10] if text[:10] != day else "",
            }
        )
        day = text[:10]
    return found


def _marks(buckets: t.Sequence[t.Mapping[str, t.Any]], step: int, width: float, zone: PageZone) -> dict[str, t.Any]:
    """The positions of the vertical lines, and a text with the times at which addresses were blocked."""
    # The first bucket may begin within its step, so the start of the step is calculated from the end of the bucket.
    origin = parse_time(buckets[0]["end"]) - step if len(buckets) > 1 else parse_time(buckets[0]["start"])
    blocked = [(place, one) for place, one in enumerate(buckets) if one["blocks"]]
    said = [f"{units.many(one['blocks'], 'address')} from {zone(one['first_block'])} on" for dummy, one in blocked]
    more = [f"and {units.many(len(said) - MOST_MARKS, 'more time')}"] if len(said) > MOST_MARKS else []
    return {
        "marks": [
            round((place + 0.8 * ((parse_time(one["first_block"]) - origin) / step - place)) * width, 2)
            for place, one in blocked
        ],
        "marked": ", ".join([*said[:MOST_MARKS], *more]),
    }


def _row(one: t.Mapping[str, t.Any], zone: PageZone) -> list[str]:
    until = f"{_range(one, zone).partition(' to ')[2]}{' (partial)' if one['partial'] else ''}"
    return [
        str(zone(one["start"])),
        until,
        *[_text(one[name]) for name in SUMS],
        units.exact(one["blocks"]) if one["blocks"] else "-",
    ]


def _partial(buckets: t.Sequence[t.Mapping[str, t.Any]], zone: PageZone) -> list[str]:
    said = [_range(one, zone) for one in buckets if one["partial"]]
    if not said:
        return []
    are = "Striped columns are" if len(said) > 1 else "The striped column is"
    return [f"{are} partial, because the time range of the report starts or ends there: {', '.join(said)}."]


def _range(one: t.Mapping[str, t.Any], zone: PageZone) -> str:
    """The start and the end. The end is without its day if both are on the same day."""
    start, end = str(zone(one["start"])), str(zone(one["end"]))
    return f"{start} to {end[11:] if start[:10] == end[:10] else end}"


def _text(value: t.Optional[float]) -> str:
    return "-" if value is None else units.exact(value)


def _parts(one: t.Mapping[str, t.Any], most: float) -> list[tuple[str, float, float]]:
    """The pieces of a column from below: class, top and height. If the outcome is not known, the column is one grey piece."""
    if one["blocked"] is None or one["detected"] is None:
        height = round(100 * (one["incidents"] or 0) / most, 2)
        return [("earlier", round(100 - height, 2), height)] if height else []
    blocked, detected = (round(100 * one[name] / most, 2) for name in ("blocked", "detected"))
    pieces = [("blocked", round(100 - blocked, 2), blocked), ("detected", round(100 - blocked - detected, 2), detected)]
    return [piece for piece in pieces if piece[2]]


def _of_lines(tables: t.Sequence[Table], spans: t.Sequence[_Span]) -> tuple[list[_Point], int, list[str]]:
    """The points, the time between them, and notes. Rankings of threats are omitted, because they count the same
    incidents again."""
    points, notes, left_out = [], [], []
    for table in tables:
        if table.view != LINE:
            left_out.append(
                f"The rankings of threats{in_adom(table)} are omitted, because other results contain a row for each time."
            )
            continue
        known = [row for row in table.rows if _is_time(row.get("time"))]
        points += [_Point(int(row["time"]), _sums([row])) for row in known]
        if len(known) < len(table.rows):
            notes.append(
                f"The time cannot be read in {len(table.rows) - len(known)} of {units.many(len(table.rows), 'row')}{in_adom(table)}."
            )
    return points, _step(points, spans), notes + left_out


def _of_parts(tables: t.Sequence[Table]) -> tuple[list[_Point], int, list[str]]:
    spans = [(table, _span(table)) for table in tables]
    known = [(table, span) for table, span in spans if span is not None]
    if not known:
        return [], HOUR, []
    first = min(span.start for dummy, span in known)
    step = max(span.end - span.start for dummy, span in known)
    # The queries of several ADOMs are sent some seconds apart, so their times are rounded to steps.
    points = [_Point(first + round((span.start - first) / step) * step, _sums(table.rows)) for table, span in known]
    return points, step, [OF_PARTS]


def _is_time(value: object) -> bool:
    return is_counter(value) and 0 < t.cast("float", value) < LATEST


def _sums(rows: t.Sequence[Row]) -> dict[str, t.Optional[float]]:
    """The sum of each counter. None if a row contains no number, and 0 if there are no rows."""
    return {
        name: None if any(not is_counter(row.get(name)) for row in rows) else sum(row[name] for row in rows)
        for name in SUMS
    }


def _step(points: t.Sequence[_Point], spans: t.Sequence[_Span]) -> int:
    """The greatest common divisor of the seconds between the times. If there is only one time, the longest time range."""
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
    span: _Span, covered: t.Optional[_Span], points: t.Sequence[_Point], blocked_at: t.Sequence[tuple[float, str]]
) -> dict[str, t.Any]:
    """One bucket. Its `start` and `end` limit the part of the bucket that is inside the time range."""
    inside = [one.sums for one in points if span.start <= one.at < span.end]
    sums = {
        name: None if any(one[name] is None for one in inside) else sum(one[name] or 0 for one in inside)
        for name in SUMS
    }
    shown = _Span(max(span.start, covered.start), min(span.end, covered.end)) if covered else span
    if shown.start >= shown.end:
        # The times of the rows in this bucket are outside the queried range.
        shown = span
    blocks = [(moment, address) for moment, address in blocked_at if span.start <= moment < span.end]
    return {
        "start": time_text(shown.start),
        "end": time_text(shown.end),
        "partial": shown != span,
        **sums,
        "blocks": len({address for dummy, address in blocks}),
        "first_block": time_text(int(min(blocks)[0])) if blocks else None,
    }


def _gaps(tables: t.Sequence[Table]) -> list[str]:
    said = []
    for table in tables:
        if table.truncated:
            said.append(
                f"There may be more incidents{in_adom(table)}: FortiAnalyzer may have more rows than were read."
            )
        if table.view != LINE and _span(table) is None:
            said.append(f"A ranking{in_adom(table)} is omitted, because its time zone is not known.")
        if any(without_number(table.rows, name) for name in SUMS):
            said.append(
                f"Some rows{in_adom(table)} have no number in a counter. The columns of these rows in the timeline are grey or missing."
            )
        said += unproven(table.result or {})
    return said
