# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the insight functions take: results, or rows, of any view, as one shape (design section 3, Filters)."""

from __future__ import annotations

import typing as t

from .._protocol.errors import InvalidInput
from .._query.rows import RANKED_SEVERITIES, SEVERITIES, Row, canonical, is_figure
from .._query.views import ALIASES, CATALOGUE, THREAT
from .._query.words import texts

# What a row is about, for rows whose view is not known; the first column that is there.
SUBJECTS = ("threat", "srcip", "dstip", "app", "domain", "dstcountry", "f_user")
# What rows are ranked by where neither the caller nor the catalogue says so.
MEASURES = ("incidents", "sessions", "bytes", "bandwidth", "threatweight", "counts", "event_num", "total_num")


class Table(t.NamedTuple):
    """The rows of one result in canonical form. All but `rows` is None or empty where bare rows were given.

    `truncated` tells whether the appliance may have had more rows than it was asked for.
    """

    rows: list[Row]
    name: str = ""
    view: str = ""
    adom: str = ""
    time_range: t.Optional[dict[str, t.Any]] = None
    truncated: bool = False


def tables_of(value: object, what: str = "this") -> list[Table]:
    """Tables of a result, of a list of results, of what a task registered, or of rows.

    Raises InvalidInput on anything else, and on results that are not complete: half a ranking tells half a truth.
    """
    if isinstance(value, dict):
        value = value["results"] if isinstance(value.get("results"), (list, tuple)) else [value]
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, dict) for one in value):
        raise InvalidInput(f"{what} takes a result, a list of results or a list of rows")
    bare = [one for one in value if "rows" not in one]
    if bare and len(bare) != len(value):
        raise InvalidInput(f"{what} takes results or rows, not both in one list")
    if not bare:
        return [_table_of(one) for one in value]
    if any("tid" in one for one in bare):
        raise InvalidInput("a ticket has no rows; read it with faz_fortiview_result")
    return [Table([canonical(row) for row in bare])]


def _table_of(result: dict[str, t.Any]) -> Table:
    name, rows = str(result.get("name") or ""), result["rows"]
    if not isinstance(rows, (list, tuple)) or not all(isinstance(row, dict) for row in rows):
        raise InvalidInput(f"the rows of the result {name!r} must be a list of dicts")
    if result.get("complete") is not True and ("complete" in result or "tid" in result):
        raise InvalidInput(f"the result {name!r} is not complete, so nothing is concluded from it")
    time_range = result.get("time_range")
    return Table(
        [canonical(row) for row in rows],
        name,
        str(result.get("view") or ""),
        str(result.get("adom") or ""),
        dict(time_range) if isinstance(time_range, dict) else None,
        is_truncated(result),
    )


def all_rows(tables: t.Sequence[Table]) -> list[Row]:
    """The rows of all tables; where there are several, each row says first from which result and ADOM it is."""
    if len(tables) == 1:
        return tables[0].rows
    return [{"result": table.name, "adom": table.adom, **row} for table in tables for row in table.rows]


def is_truncated(result: t.Mapping[str, t.Any]) -> bool:
    """Whether a ranking goes on below its last row, as far as the result tells."""
    query = result.get("query")
    asked = query if isinstance(query, dict) else {}
    total, limit, returned = result.get("total"), asked.get("limit"), len(result.get("rows") or [])
    if isinstance(total, int):
        return total > returned + (asked.get("offset") or 0)
    return isinstance(limit, int) and returned >= limit


def key_columns(tables: t.Sequence[Table], given: object = None) -> tuple[str, ...]:
    """The columns that say what a row is about: those given, those of the catalogue, else a usual one.

    Raises InvalidInput where none of the rows has them.
    """
    columns = {column for table in tables for row in table.rows for column in row}
    wanted = tuple(texts("key", given))
    if wanted:
        missing = [column for column in wanted if columns and column not in columns]
        if missing:
            raise InvalidInput(f"none of the rows has the column {', '.join(missing)}")
        return wanted
    for view in {table.view: None for table in tables if table.view}:
        known = ALIASES.get(view) or CATALOGUE.get(view)
        identity = known.identity if known else ()
        # One threat may have another type in another reply, and is still the same threat.
        wanted = ("threat",) if identity == THREAT else identity
        found = tuple(column for column in wanted if column in columns or not columns)
        if found:
            return found
    usual = next((column for column in SUBJECTS if column in columns), None)
    if columns and usual is None:
        raise InvalidInput(f"nothing tells what these rows are about: give key, one of {', '.join(sorted(columns))}")
    return (usual,) if usual else ()


def measure_of(tables: t.Sequence[Table], given: object = None) -> str:
    """The column with the figure that is compared. Raises InvalidInput where none of the rows has it."""
    columns = {column for table in tables for row in table.rows for column, value in row.items() if is_figure(value)}
    if given:
        if not isinstance(given, str) or (columns and given not in columns):
            raise InvalidInput(f"none of the rows has a figure in the column {given}")
        return given
    sorts = [(ALIASES.get(table.view) or CATALOGUE.get(table.view)) for table in tables]
    wanted = [view.sort for view in sorts if view and view.sort]
    found = next((column for column in (*wanted, *MEASURES) if column in columns), None)
    if columns and found is None:
        raise InvalidInput(f"nothing tells what is to be compared: give by, one of {', '.join(sorted(columns))}")
    return found or "incidents"


def subject_of(row: Row, key: t.Sequence[str]) -> t.Optional[tuple[str, ...]]:
    """What a row is about, None where it does not say."""
    found = tuple("" if row.get(column) is None else str(row[column]) for column in key)
    return found if any(found) else None


def worst(severities: t.Iterable[object]) -> t.Optional[str]:
    """The worst of these, None where none is known."""
    known = {word for word in severities if isinstance(word, str)} & SEVERITIES
    return next((word for word in RANKED_SEVERITIES if word in known), None)


def total_of(figures: t.Iterable[object]) -> t.Optional[float]:
    """The sum of what is known, None where nothing is: an absent figure is not 0."""
    known = [figure for figure in figures if is_figure(figure)]
    return sum(t.cast("list[float]", known)) if known else None
