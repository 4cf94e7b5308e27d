# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the subjects that several ADOMs have in common."""

from __future__ import annotations

import typing as t

from .._common.errors import InvalidInput
from .._common.validation import count
from .._query.rows import Row
from .tables import Table, key_columns, measure_of, subject_of, tables_of, total_of, without_number, worst

SUMS = ("incidents", "blocked", "detected", "sessions", "bytes")

Shared = dict[str, t.Any]


def widespread(
    results: object, min_adoms: object = 2, key: object = None, by: object = None, partial: bool = False
) -> dict[str, t.Any]:
    """`entries` are the subjects that at least `min_adoms` ADOMs have. With `partial`, `gaps` are the queries whose rows
    are missing. Raises InvalidInput."""
    tables, gaps = tables_of(results, "widespread", partial)
    least = count("min_adoms", min_adoms, 1)
    return {
        "key": list(key_columns(tables, key)),
        "by": measure_of(tables, by),
        "min_adoms": least,
        "entries": shared_in(tables, least, key, by),
        "gaps": [gap._asdict() for gap in gaps],
    }


def shared_in(tables: t.Sequence[Table], least: int, key: object = None, by: object = None) -> list[Shared]:
    """The subjects that at least `least` ADOMs have, sorted by the number of ADOMs and then by counters. Raises InvalidInput."""
    columns, measure = key_columns(tables, key), measure_of(tables, by)
    found: dict[tuple[str, ...], list[tuple[str, Row]]] = {}
    for adom, row in _rows_by_adom(tables):
        subject = subject_of(row, columns)
        if subject is not None:
            found.setdefault(subject, []).append((adom, row))
    shared = [_shared(subject, seen, columns, measure) for subject, seen in found.items()]
    return sorted(
        (one for one in shared if one["adom_count"] >= least),
        key=lambda one: (
            -one["adom_count"],
            -sum(counter or 0 for counter in one["counters"].values()),
            one["subject"],
        ),
    )


def overlap(shared: t.Sequence[Shared], adoms: t.Sequence[str]) -> list[list[int]]:
    """The number of subjects that each pair of ADOMs has in common. The diagonal has the number of subjects of each ADOM. `shared` is the
    result of `shared_in` with `least` 1."""
    sets = [set(one["adoms"]) for one in shared]
    return [[sum(1 for seen in sets if left in seen and right in seen) for right in adoms] for left in adoms]


def _rows_by_adom(tables: t.Sequence[Table]) -> t.Iterator[tuple[str, Row]]:
    for table in tables:
        for row in table.rows:
            adom = table.adom or str(row.get("adom") or "")
            if not adom:
                raise InvalidInput("a row does not contain its ADOM: use results, or rows with the column adom")
            yield adom, row


def _shared(
    subject: tuple[str, ...], seen: t.Sequence[tuple[str, Row]], columns: t.Sequence[str], measure: str
) -> Shared:
    adoms = sorted({adom for adom, dummy in seen})
    rows = [row for dummy, row in seen]
    one: Shared = dict(zip(columns, subject))
    one["subject"] = " · ".join(subject)
    kind = next((row["threattype"] for row in rows if row.get("threattype")), None)
    severity = worst(row.get("severity") for row in rows)
    one.update({name: value for name, value in (("threattype", kind), ("severity", severity)) if value})
    one["adoms"], one["adom_count"] = adoms, len(adoms)
    one["counters"] = {adom: total_of(row.get(measure) for where, row in seen if where == adom) for adom in adoms}
    counters = list(dict.fromkeys((*SUMS, measure)))
    one.update(_totals(rows, counters))
    counts = {column: without_number(rows, column) for column in counters}
    one["without_number"] = {column: missing for column, missing in counts.items() if missing}
    return one


def _totals(rows: t.Sequence[Row], columns: t.Iterable[str]) -> dict[str, float]:
    """The totals of the columns in which rows contain numbers."""
    totals = {column: total_of(row.get(column) for row in rows) for column in columns}
    return {column: total for column, total in totals.items() if total is not None}
