# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the new, gone, rising, falling and steady subjects of named periods.

The counters of the last period are compared with those of the previous period, because this is the latest change. A
subject is new if no earlier period contains it. Periods of different lengths are compared by their counters per day.
"""

from __future__ import annotations

import datetime
import typing as t

from .._common.errors import InvalidInput
from .._common.validation import texts
from .._query.reader import Gap, is_registered, read_results
from .._query.rows import is_counter
from .tables import Table, key_columns, measure_of, subject_of, table_of, tables_of, total_of, without_number, worst

WORDS = ("new", "gone", "rising", "falling", "steady")
HOURS_OF_A_DAY = 24.0
NAMELESS = "each period needs a name, and results or rows"

Subject = tuple[str, ...]
Counters = dict[Subject, t.Optional[float]]
Entry = dict[str, t.Any]


class Period(t.NamedTuple):
    """The tables of one time range. `hours` is None if the time range is not known. `gaps` are the queries whose rows
    are missing."""

    name: str
    tables: list[Table]
    gaps: list[Gap]
    start: t.Optional[str]
    end: t.Optional[str]
    timezone: t.Optional[str]
    hours: t.Optional[float]

    @property
    def truncated(self) -> bool:
        return any(table.truncated for table in self.tables)

    @property
    def rows(self) -> list[dict[str, t.Any]]:
        return [row for table in self.tables for row in table.rows]


class Compared(t.NamedTuple):
    """The rules for the comparison of counters. A subject is rising or falling if its change is at least `percent` of the
    earlier counter and at least `least`."""

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
    partial: bool = False,
) -> dict[str, t.Any]:
    """Trends between at least two periods, the oldest first. With `partial`, `gaps` are the queries whose rows are missing, and a period
    of which all queries failed is omitted. Raises InvalidInput."""
    found, gaps = read_periods(periods, order, partial)
    tables = [table for period in found for table in period.tables]
    columns, measure = key_columns(tables, key), measure_of(tables, by)
    per_day = len({period.hours for period in found}) > 1 and all(period.hours for period in found)
    compared = Compared(per_day, _number("threshold", threshold), _number("min_change", min_change))
    counted = [_counters(period, columns, measure) for period in found]
    entries = _entries(found, columns, counted, compared)
    return {
        "key": list(columns),
        "by": measure,
        "basis": "per_day" if per_day else "total",
        "threshold": compared.percent,
        "periods": [_summary(period, len(counters), measure) for period, counters in zip(found, counted)],
        "gaps": [gap._asdict() for gap in gaps],
        "entries": entries,
        **{word: [entry["subject"] for entry in entries if entry["trend"] == word] for word in WORDS},
        "persistent": [entry["subject"] for entry in entries if entry["persistent"]],
    }


def _summary(period: Period, subjects: int, measure: str) -> dict[str, t.Any]:
    return {
        "name": period.name,
        "start": period.start,
        "end": period.end,
        "timezone": period.timezone,
        "hours": period.hours,
        "subjects": subjects,
        "total": total_of(row.get(measure) for row in period.rows) or 0,
        "rows": len(period.rows),
        "without_number": without_number(period.rows, measure),
        "truncated": period.truncated,
    }


def read_periods(periods: object, order: object = None, partial: bool = False) -> tuple[list[Period], list[Gap]]:
    """The periods, the oldest first, and all gaps, including the gaps of omitted periods. Raises InvalidInput."""
    named, gaps = _periods(periods, partial)
    found = _in_order(named, order, gaps)
    return found, gaps + [gap for period in found for gap in period.gaps]


def _number(option: str, value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = -1
    if not 0 <= number < float("inf"):
        raise InvalidInput(f"{option} must be a number of at least 0, not {value!r}")
    return number


def _periods(given: object, partial: bool) -> tuple[list[Period], list[Gap]]:
    """The periods, and the gaps that belong to no period. A period is a value of a dictionary, a named entry of a list,
    or a result in a list or in a registered result."""
    if isinstance(given, t.Mapping) and not is_registered(given):
        return _of([(str(name), one) for name, one in given.items()], partial)
    if isinstance(given, (list, tuple)) and any(_is_named(one) and "results" in one for one in given):
        if not all(_is_named(one) for one in given):
            raise InvalidInput(NAMELESS)
        return _of([(str(one["name"]), one) for one in given], partial)
    return _of_results(given, partial)


def _is_named(one: object) -> bool:
    return isinstance(one, t.Mapping) and bool(one.get("name"))


def _of_results(given: object, partial: bool) -> tuple[list[Period], list[Gap]]:
    """A period for each result, with the name of the result."""
    handed = read_results(given, "trend", partial)
    if not all(part.result is not None and part.name for part in handed.parts):
        raise InvalidInput(NAMELESS)
    periods = [
        _period(part.name, [table_of(part)], [gap for gap in handed.gaps if gap.name == part.name])
        for part in handed.parts
    ]
    known = {period.name for period in periods}
    return periods, [gap for gap in handed.gaps if gap.name not in known]


def _of(named: t.Sequence[tuple[str, object]], partial: bool) -> tuple[list[Period], list[Gap]]:
    periods, lost = [], []
    for name, one in named:
        found = tables_of(one, f"the period {name}", partial)
        if found.gaps and not found.tables:
            # Without results in a period, every subject would be new or gone.
            lost += found.gaps
        else:
            periods.append(_period(name, found.tables, found.gaps))
    return periods, lost


def _period(name: str, tables: list[Table], gaps: list[Gap]) -> Period:
    ranges = [table.time_range or {} for table in tables]
    same = ranges[0] if ranges and all(one == ranges[0] for one in ranges) else {}
    start, end = same.get("start"), same.get("end")
    began, ended = _moment(start), _moment(end)
    hours = None
    if began and ended and (began.tzinfo is None) == (ended.tzinfo is None):
        hours = round((ended - began).total_seconds() / 3600, 2)
    return Period(
        name=name,
        tables=tables,
        gaps=gaps,
        start=start,
        end=end,
        timezone=same.get("timezone"),
        hours=hours if hours and hours > 0 else None,
    )


def _in_order(periods: list[Period], order: object, gaps: t.Sequence[Gap]) -> list[Period]:
    names = [period.name for period in periods]
    if len(periods) < 2:
        raise InvalidInput(" ".join(["a trend needs at least two periods.", *(f"{gap}" for gap in gaps)]))
    if len(set(names)) != len(names):
        raise InvalidInput(f"two periods have the same name: {', '.join(names)}")
    wanted = texts("order", order)
    if wanted:
        if sorted(wanted) != sorted(names):
            raise InvalidInput(f"order must contain each of these names exactly once: {', '.join(names)}")
        periods = sorted(periods, key=lambda period: wanted.index(period.name))
    ends = [_moment(period.end) for period in periods]
    # With the newest period first, every "new" would become "gone".
    for earlier, later in zip(ends, ends[1:]):
        if earlier and later and (earlier.tzinfo is None) == (later.tzinfo is None) and earlier > later:
            given = ", ".join(period.name for period in periods)
            raise InvalidInput(f"periods must be in order, the oldest first, not {given}")
    return periods


def _moment(text: object) -> t.Optional[datetime.datetime]:
    try:
        return datetime.datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None


def _counters(period: Period, columns: t.Sequence[str], measure: str) -> Counters:
    """The counter of each subject with rows. It is None if a row has no number, because the sum of the other rows
    would be too low."""
    sums: Counters = {}
    for row in period.rows:
        subject, counter = subject_of(row, columns), row.get(measure)
        if subject is None:
            continue
        before = sums.get(subject, 0)
        sums[subject] = before + t.cast(float, counter) if before is not None and is_counter(counter) else None
    return sums


def _ranks(counters: Counters) -> dict[Subject, int]:
    """The rank of each subject, beginning with 1. Equal counters share a rank."""
    known = {subject: counter for subject, counter in counters.items() if counter is not None}
    first: dict[float, int] = {}
    for number, counter in enumerate(sorted(known.values(), reverse=True), 1):
        first.setdefault(counter, number)
    return {subject: first[counter] for subject, counter in known.items()}


def _entries(
    periods: t.Sequence[Period], columns: t.Sequence[str], counted: t.Sequence[Counters], compared: Compared
) -> list[Entry]:
    """One entry for each subject of any period, sorted by the rates of the last period, then of earlier
    periods."""
    ranks = [_ranks(counters) for counters in counted]
    about = _words_about(periods, columns)
    entries = [
        {
            **dict(zip(columns, subject)),
            "subject": " · ".join(subject),
            **about[subject],
            **_entry(subject, periods, counted, compared),
            "ranks": [one.get(subject) for one in ranks],
        }
        for subject in dict.fromkeys(subject for counters in counted for subject in counters)
    ]
    return sorted(entries, key=lambda entry: (*(-(rate or 0) for rate in reversed(entry["rates"])), entry["subject"]))


def _entry(subject: Subject, periods: t.Sequence[Period], counted: t.Sequence[Counters], compared: Compared) -> Entry:
    counters = [one.get(subject) for one in counted]
    rates = _rates(counters, periods) if compared.per_day else counters
    there = [subject in one for one in counted]
    absent = [period for period, was in zip(periods, there) if not was]
    seen = [period.name for period, was in zip(periods, there) if was]
    # The change of a subject with rows but without a counter is not known. An absent subject counts as 0.
    unknown = any(was and counter is None for was, counter in list(zip(there, counters))[-2:])
    before, now = rates[-2] or 0, rates[-1] or 0
    return {
        "trend": _word(there, None if unknown else (before, now), compared),
        "persistent": not absent,
        "seen": len(seen),
        "counters": counters,
        "rates": rates,
        "by_period": {period.name: rate for period, rate in zip(periods, rates)},
        **_change(before, now, unknown),
        "first_seen": seen[0],
        "last_seen": seen[-1],
        "uncertain": unknown or _may_be_there(absent, periods[-2:]),
    }


def _may_be_there(absent: t.Sequence[Period], last: t.Sequence[Period]) -> bool:
    """Whether an absent subject may be below the last row that was requested, or in a missing result."""
    return any(period.truncated for period in absent) or any(period.gaps for period in (*absent, *last))


def _rates(counters: t.Sequence[t.Optional[float]], periods: t.Sequence[Period]) -> list[t.Optional[float]]:
    return [None if counter is None else _per_day(counter, period) for counter, period in zip(counters, periods)]


def _change(before: float, now: float, unknown: bool) -> dict[str, t.Optional[float]]:
    return {
        "change": None if unknown else round(now - before, 2),
        "change_percent": round(100 * (now - before) / before, 1) if before and not unknown else None,
    }


def _per_day(counter: float, period: Period) -> float:
    rate = round(counter * HOURS_OF_A_DAY / t.cast(float, period.hours), 2)
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
    """The latest type and the worst severity of each subject, if rows contain them."""
    found: dict[Subject, dict[str, str]] = {}
    for row in (row for period in periods for table in period.tables for row in table.rows):
        subject = subject_of(row, columns)
        if subject is not None:
            about = found.setdefault(subject, {})
            severity = worst((about.get("severity"), row.get("severity")))
            about.update({"severity": severity} if severity else {})
            about.update({"threattype": str(row["threattype"])} if row.get("threattype") else {})
    return found
