# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What came, went, grew and stayed between named periods.

The last period is compared with the one before it, because that is what changed now; presence is told over all of them.
Periods of different lengths are compared by their figures per day.
"""

from __future__ import annotations

import datetime
import typing as t

from .._protocol.errors import InvalidInput
from .._query.rows import is_figure
from .._query.words import texts
from .tables import Table, key_columns, measure_of, subject_of, tables_of, worst

WORDS = ("new", "gone", "rising", "falling", "steady")
HOURS_OF_A_DAY = 24.0

Subject = tuple[str, ...]
Figures = dict[Subject, t.Optional[float]]
Entry = dict[str, t.Any]


class Period(t.NamedTuple):
    """What was there in one time range. `hours` is None where the range is not known."""

    name: str
    tables: list[Table]
    start: t.Optional[str]
    end: t.Optional[str]
    timezone: t.Optional[str]
    hours: t.Optional[float]

    @property
    def truncated(self) -> bool:
        return any(table.truncated for table in self.tables)


class Compared(t.NamedTuple):
    """How figures are compared. A change counts from `percent` of the earlier figure and from `least` on."""

    per_day: bool
    percent: float
    least: float


def trend(
    periods: object,
    key: object = None,
    by: object = None,
    order: object = None,
    threshold: object = 20,
    min_change: object = 0,
) -> dict[str, t.Any]:
    """Trends between at least two periods, oldest first. Raises InvalidInput."""
    found = _in_order([_period(name, given) for name, given in _named(periods)], order)
    tables = [table for period in found for table in period.tables]
    columns, measure = key_columns(tables, key), measure_of(tables, by)
    per_day = len({period.hours for period in found}) > 1 and all(period.hours for period in found)
    compared = Compared(per_day, _number("threshold", threshold), _number("min_change", min_change))
    counted = [_figures(period, columns, measure) for period in found]
    ranks = [_ranks(figures) for figures in counted]
    about = _words_about(found, columns)
    entries = [
        {
            **dict(zip(columns, subject)),
            "subject": " · ".join(subject),
            **about[subject],
            **_entry(subject, found, counted, compared),
            "ranks": [one.get(subject) for one in ranks],
        }
        for subject in dict.fromkeys(subject for figures in counted for subject in figures)
    ]
    entries.sort(key=lambda entry: (*(-(rate or 0) for rate in reversed(entry["rates"])), entry["subject"]))
    return {
        "key": list(columns),
        "by": measure,
        "basis": "per_day" if per_day else "total",
        "threshold": compared.percent,
        "periods": [
            {
                "name": period.name,
                "start": period.start,
                "end": period.end,
                "timezone": period.timezone,
                "hours": period.hours,
                "subjects": len(figures),
                "total": sum(figure for figure in figures.values() if figure is not None),
                "truncated": period.truncated,
            }
            for period, figures in zip(found, counted)
        ],
        "entries": entries,
        **{word: [entry["subject"] for entry in entries if entry["trend"] == word] for word in WORDS},
        "persistent": [entry["subject"] for entry in entries if entry["persistent"]],
    }


def _number(option: str, value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = -1
    if not 0 <= number < float("inf"):
        raise InvalidInput(f"{option} must be a number of at least 0, not {value!r}")
    return number


def _named(periods: object) -> list[tuple[str, object]]:
    if isinstance(periods, dict) and isinstance(periods.get("results"), (list, tuple)):
        periods = periods["results"]
    if isinstance(periods, dict):
        return [(str(name), given) for name, given in periods.items()]
    if not isinstance(periods, (list, tuple)) or not all(isinstance(one, dict) for one in periods):
        raise InvalidInput("periods must be a dict of results, or a list of dicts with name and results or rows")
    named = []
    for one in periods:
        if not one.get("name") or not ("results" in one or "rows" in one):
            raise InvalidInput("each period needs name, and results or rows")
        named.append((str(one["name"]), one.get("results", one)))
    return named


def _period(name: str, given: object) -> Period:
    tables = tables_of(given, f"the period {name}")
    ranges = [table.time_range or {} for table in tables]
    same = ranges[0] if ranges and all(one == ranges[0] for one in ranges) else {}
    start, end = same.get("start"), same.get("end")
    began, ended = _moment(start), _moment(end)
    hours = None
    if began and ended and (began.tzinfo is None) == (ended.tzinfo is None):
        hours = round((ended - began).total_seconds() / 3600, 2)
    return Period(name, tables, start, end, same.get("timezone"), hours if hours and hours > 0 else None)


def _in_order(periods: list[Period], order: object) -> list[Period]:
    names = [period.name for period in periods]
    if len(periods) < 2:
        raise InvalidInput("a trend needs at least two periods")
    if len(set(names)) != len(names):
        raise InvalidInput(f"two periods have the same name: {', '.join(names)}")
    wanted = texts("order", order)
    if wanted:
        if sorted(wanted) != sorted(names):
            raise InvalidInput(f"order must name each period once: {', '.join(names)}")
        periods = sorted(periods, key=lambda period: wanted.index(period.name))
    ends = [_moment(period.end) for period in periods]
    # One order of newest first would turn every "new" into "gone".
    for earlier, later in zip(ends, ends[1:]):
        if earlier and later and (earlier.tzinfo is None) == (later.tzinfo is None) and earlier > later:
            raise InvalidInput(f"periods must come oldest first, not {', '.join(period.name for period in periods)}")
    return periods


def _moment(text: object) -> t.Optional[datetime.datetime]:
    try:
        return datetime.datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None


def _figures(period: Period, columns: t.Sequence[str], measure: str) -> Figures:
    """The figure of each subject that is there, None where none of its rows tells it."""
    sums: Figures = {}
    for table in period.tables:
        for row in table.rows:
            subject, figure = subject_of(row, columns), row.get(measure)
            if subject is not None and is_figure(figure):
                sums[subject] = (sums.get(subject) or 0) + t.cast(float, figure)
            elif subject is not None:
                sums.setdefault(subject, None)
    return sums


def _ranks(figures: Figures) -> dict[Subject, int]:
    """From 1; equal figures share a rank."""
    known = {subject: figure for subject, figure in figures.items() if figure is not None}
    first: dict[float, int] = {}
    for number, figure in enumerate(sorted(known.values(), reverse=True), 1):
        first.setdefault(figure, number)
    return {subject: first[figure] for subject, figure in known.items()}


def _entry(subject: Subject, periods: t.Sequence[Period], counted: t.Sequence[Figures], compared: Compared) -> Entry:
    figures = [one.get(subject) for one in counted]
    rates = [
        _per_day(figure, period) if compared.per_day and figure is not None else figure
        for figure, period in zip(figures, periods)
    ]
    there = [subject in one for one in counted]
    absent = [period for period, was in zip(periods, there) if not was]
    seen = [period.name for period, was in zip(periods, there) if was]
    # What is there without a figure has changed by nobody knows how much; what is not there has none.
    unknown = any(was and figure is None for was, figure in list(zip(there, figures))[-2:])
    before, now = rates[-2] or 0, rates[-1] or 0
    return {
        "trend": _word(there, None if unknown else (before, now), compared),
        "persistent": not absent,
        "seen": len(seen),
        "figures": figures,
        "rates": rates,
        "by_period": {period.name: rate for period, rate in zip(periods, rates)},
        "change": None if unknown else round(now - before, 2),
        "change_percent": round(100 * (now - before) / before, 1) if before and not unknown else None,
        "first_seen": seen[0],
        "last_seen": seen[-1],
        # It may have been there, below the last row that was asked for.
        "uncertain": unknown or any(period.truncated for period in absent),
    }


def _per_day(figure: float, period: Period) -> float:
    rate = round(figure * HOURS_OF_A_DAY / t.cast(float, period.hours), 2)
    return int(rate) if rate.is_integer() else rate


def _word(there: t.Sequence[bool], rates: t.Optional[tuple[float, float]], compared: Compared) -> str:
    if not there[-1]:
        return "gone"
    if not any(there[:-1]):
        return "new"
    before, now = rates or (0, 0)
    change = abs(now - before)
    if not change or change < compared.least or change * 100 < before * compared.percent:
        return "steady"
    return "rising" if now > before else "falling"


def _words_about(periods: t.Sequence[Period], columns: t.Sequence[str]) -> dict[Subject, dict[str, str]]:
    """The latest type and the worst severity of each subject, as far as rows tell them."""
    found: dict[Subject, dict[str, str]] = {}
    for row in (row for period in periods for table in period.tables for row in table.rows):
        subject = subject_of(row, columns)
        if subject is not None:
            about = found.setdefault(subject, {})
            severity = worst((about.get("severity"), row.get("severity")))
            about.update({"severity": severity} if severity else {})
            about.update({"threattype": str(row["threattype"])} if row.get("threattype") else {})
    return found
