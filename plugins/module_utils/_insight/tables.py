# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads results or rows of any view into tables, the input of reports, trends and comparisons."""

from __future__ import annotations

import typing as t

from .._common.errors import InvalidInput
from .._common.right_forms import no_such_columns
from .._common.validation import texts
from .._query.reader import Gap, Part, read_results
from .._query.rows import RANKED_SEVERITIES, SEVERITIES, Row, canonical, is_counter
from .._query.views import ALIASES, CATALOGUE, THREAT, View

# Columns that can identify a row of an unknown view. The first column that rows contain is used.
SUBJECTS = ("threat", "srcip", "dstip", "app", "domain", "dstcountry", "f_user")
# Columns that are compared if neither the caller nor the catalogue names one. The first column that rows contain is used.
MEASURES = ("incidents", "sessions", "bytes", "bandwidth", "threatweight", "counts", "event_num", "total_num")


class Table(t.NamedTuple):
    """The rows of one result in canonical form. Rows that were given without their result have no further fields.

    `truncated` is True if FortiAnalyzer may have more rows than were requested. `result` is the result as it was given.
    """

    rows: list[Row]
    name: str = ""
    view: str = ""
    adom: str = ""
    time_range: t.Optional[dict[str, t.Any]] = None
    truncated: bool = False
    result: t.Optional[t.Mapping[str, t.Any]] = None


class Tables(t.NamedTuple):
    """The tables of the input. `gaps` are the queries whose rows are missing."""

    tables: list[Table]
    gaps: list[Gap]


def tables_of(value: object, what: str = "this", partial: bool = False) -> Tables:
    """The tables of any input of `read_results`, and the gaps that `partial` allows. Raises InvalidInput."""
    handed = read_results(value, what, partial)
    return Tables([table_of(part) for part in handed.parts], handed.gaps)


def table_of(part: Part) -> Table:
    rows = [canonical(row) for row in part.rows]
    if part.result is None:
        return Table(rows, part.name)
    time_range = part.result.get("time_range")
    return Table(
        rows=rows,
        name=part.name,
        view=str(part.result.get("view") or ""),
        adom=str(part.result.get("adom") or ""),
        time_range=dict(time_range) if isinstance(time_range, dict) else None,
        truncated=is_truncated(part.result),
        result=part.result,
    )


def is_truncated(result: t.Mapping[str, t.Any]) -> bool:
    """Whether a ranking may continue below its last row, according to the result."""
    query = result.get("query")
    asked = query if isinstance(query, dict) else {}
    total, limit, returned = result.get("total"), asked.get("limit"), len(result.get("rows") or [])
    if isinstance(total, int):
        return total > returned + (asked.get("offset") or 0)
    return isinstance(limit, int) and returned >= limit


def key_columns(tables: t.Sequence[Table], given: object = None) -> tuple[str, ...]:
    """The columns that identify the subject of a row: the given columns, the columns of the catalogue, or a usual column.

    Raises InvalidInput if no row contains these columns.
    """
    columns = _columns(tables)
    wanted = tuple(texts("key", given))
    if wanted:
        missing = [column for column in wanted if columns and column not in columns]
        if missing:
            raise InvalidInput(no_such_columns(missing, sorted(columns)))
        return wanted
    found = usual_key(tables)
    if columns and not found:
        raise InvalidInput(f"the subject of these rows is not known: set key to one of {', '.join(sorted(columns))}")
    return found


def usual_key(tables: t.Sequence[Table]) -> tuple[str, ...]:
    """The columns of the catalogue that rows contain, otherwise the first of SUBJECTS that rows contain. Empty if there is
    no such column."""
    columns = _columns(tables)
    for view in {table.view: None for table in tables if table.view}:
        known = _known(view)
        identity = known.identity if known else ()
        # The type does not identify a threat, because a threat can have different types in different replies.
        wanted = ("threat",) if identity == THREAT else identity
        found = tuple(column for column in wanted if column in columns or not columns)
        if found:
            return found
    usual = next((column for column in SUBJECTS if column in columns), None)
    return (usual,) if usual else ()


def _known(view: str) -> t.Optional[View]:
    return ALIASES.get(view) or CATALOGUE.get(view)


def _columns(tables: t.Iterable[Table]) -> set[str]:
    return {column for table in tables for row in table.rows for column in row}


def measure_of(tables: t.Sequence[Table], given: object = None) -> str:
    """The column with the counter that is compared. Raises InvalidInput if no row has a counter in the column."""
    columns = {column for table in tables for row in table.rows for column, value in row.items() if is_counter(value)}
    if given:
        return _given_measure(given, columns)
    wanted = [view.sort for view in map(_known, (table.view for table in tables)) if view and view.sort]
    found = next((column for column in (*wanted, *MEASURES) if column in columns), None)
    if columns and found is None:
        raise InvalidInput(f"the column to compare is not known: set by to one of {', '.join(sorted(columns))}")
    return found or "incidents"


def _given_measure(given: object, columns: t.Collection[str]) -> str:
    if not isinstance(given, str) or (columns and given not in columns):
        choices = ", ".join(sorted(columns)) or "none"
        raise InvalidInput(f"by must be a column with a counter, not {given}. The columns with counters are: {choices}")
    return given


def subject_of(row: Row, key: t.Sequence[str]) -> t.Optional[tuple[str, ...]]:
    """The subject of a row. None if all columns of the key are empty."""
    found = tuple("" if row.get(column) is None else str(row[column]) for column in key)
    return found if any(found) else None


def in_adom(table: Table) -> str:
    """The phrase that names the ADOM in a sentence; empty if the ADOM is not known."""
    return f" in {table.adom}" if table.adom else ""


def worst(severities: t.Iterable[object]) -> t.Optional[str]:
    """The worst severity. None if no severity is known."""
    known = {word for word in severities if isinstance(word, str)} & SEVERITIES
    return next((word for word in RANKED_SEVERITIES if word in known), None)


def total_of(counters: t.Iterable[object]) -> t.Optional[float]:
    """The sum of the known counters. None if no counter is known, because an absent counter is not 0."""
    known = [counter for counter in counters if is_counter(counter)]
    return sum(t.cast("list[float]", known)) if known else None


def without_number(rows: t.Sequence[t.Mapping[str, t.Any]], column: str) -> int:
    """The number of rows that a sum of this column omits. It is 0 if no row contains the column, because the view then
    does not have the column."""
    values = [row.get(column) for row in rows]
    if all(value in (None, "") for value in values):
        return 0
    return sum(not is_counter(value) for value in values)
