# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lays out the tables of a report as columns and cells, with the text of each cell and the lengths of bars.

A grid is plain data for templates. Jinja escapes its texts.
"""

from __future__ import annotations

import typing as t

from .._query.rows import Row, is_counter
from . import units
from .tables import Table, usual_key
from .visible import shortened

LONGEST = 120
# A column with longer texts is wrapped.
LONGEST_WORD = 20
VOLUMES = ("bytes", "bandwidth", "traffic_in", "traffic_out")
# Counters of views that rank neither threats nor sources. The first six that rows contain are shown.
USUAL = ("incidents", "blocked", "detected", "sessions", "bytes", "threatweight", "counts", "total_num", "event_num")
TITLES = {
    "agg_policyid": "Policy",
    "app": "Application",
    "app_group": "Application",
    "bytes": "Volume",
    "catdesc": "Category",
    "catid": "Category number",
    "counts": "Hits",
    "country": "Country",
    "detected": "Got through",
    "devid": "Device",
    "dstcountry": "Country",
    "dstip": "Destination",
    "epid": "Endpoint number",
    "event_num": "Events",
    "f_user": "User",
    "hostname": "Host name",
    "login_num": "Logins",
    "policyid": "Policy",
    "policytype": "Policy type",
    "srcip": "Source",
    "threat_num": "Threats",
    "threattype": "Type",
    "threatweight": "Threat weight",
    "total_num": "Attempts",
    "vd": "VDOM",
}

Grid = dict[str, t.Any]


class Cell(t.NamedTuple):
    """`hover` is the exact or longer text that is shown on hover. `parts` are the pieces of a bar: kind, start and width in
    percent."""

    text: str
    hover: str = ""
    parts: tuple[tuple[str, float, float], ...] = ()


class Column(t.NamedTuple):
    """`kind` is name (the subject of the row), text, list (each entry stays in one line), number, severity, bar, change or spark."""

    title: str
    kind: str
    cell: t.Callable[[Row], Cell]


def kind_of(table: Table) -> str:
    """The kind of the table: threats, sources or other."""
    key = usual_key([table])
    if key == ("threat",):
        return "threats"
    return "sources" if key == ("srcip",) else "other"


def columns_of(table: Table) -> list[Column]:
    kind = kind_of(table)
    if kind == "threats":
        return _threat_columns(table.rows)
    return _source_columns(table.rows) if kind == "sources" else _other_columns(table)


def grid(columns: t.Sequence[Column], rows: t.Sequence[Row], top: int, most: int, ranked: bool = True) -> Grid:
    """The first `top` rows with all columns, and further rows up to `most` without bars and without exact volumes.
    `left_out` is the number of rows that are not shown."""
    lean = [column for column in columns if column.kind != "bar"]
    rest = _cells([_short(column) for column in lean], rows[top:most], top + 1, ranked)
    return {
        "columns": _heads(columns, ranked),
        "rows": _cells(columns, rows[:top], 1, ranked),
        "rest_columns": _heads(lean, ranked),
        "rest": rest,
        "rest_looks": _looks(lean, rest, ranked),
        "count": len(rows),
        "left_out": max(0, len(rows) - most),
        "legend": any(column.kind == "bar" for column in columns) and bool(rows),
    }


def _short(column: Column) -> Column:
    """The column without the exact value on hover."""
    if column.kind != "number":
        return column
    return column._replace(cell=lambda row: column.cell(row)._replace(hover=""))


def _looks(columns: t.Sequence[Column], rows: t.Sequence[t.Sequence[Cell]], ranked: bool) -> list[str]:
    """The CSS classes of the columns of text. For example, l2 aligns the second column left, and w2 wraps its long texts."""
    found = []
    for place, column in enumerate(columns, 1 if ranked else 0):
        if column.kind not in ("name", "number"):
            found.append(f"l{place + 1}")
            found += [f"w{place + 1}"] if any(len(cells[place].text) > LONGEST_WORD for cells in rows) else []
    return found


def _heads(columns: t.Sequence[Column], ranked: bool) -> list[dict[str, str]]:
    rank = [{"title": "Rank", "kind": "rank"}] if ranked else []
    return rank + [{"title": column.title, "kind": column.kind} for column in columns]


def _cells(columns: t.Sequence[Column], rows: t.Sequence[Row], first: int, ranked: bool) -> list[list[Cell]]:
    makers = [column.cell for column in columns]
    if not ranked:
        return [[make(row) for make in makers] for row in rows]
    return [[Cell(str(number)), *[make(row) for make in makers]] for number, row in enumerate(rows, first)]


def text(column: str, title: str = "", kind: str = "text") -> Column:
    """A column of texts. The entries of a list are joined with commas."""

    def cell(row: Row) -> Cell:
        return words(row.get(column))

    return Column(title or TITLES.get(column, column.capitalize()), kind, cell)


def words(value: object) -> Cell:
    if value is None or value == "":
        return Cell("-")
    said = ", ".join(str(one) for one in value) if isinstance(value, (list, tuple)) else str(value)
    if len(said) <= LONGEST:
        return Cell(said)
    return Cell(shortened(said, LONGEST), f"{shortened(said, 2 * LONGEST)} ({units.exact(len(said))} characters)")


def number(column: str, title: str = "") -> Column:
    """A column of numbers with grouped digits. A volume is shown in units, with the exact number on hover."""

    def cell(row: Row) -> Cell:
        return volume(row.get(column)) if column in VOLUMES else counter(row.get(column))

    return Column(title or TITLES.get(column, column.capitalize()), "number", cell)


def counter(value: t.Any) -> Cell:
    """A number with grouped digits. Any other value is shown as text."""
    return Cell(units.exact(value)) if is_counter(value) else words(value)


def volume(value: t.Any) -> Cell:
    return Cell(units.volume(value), units.many(value, "byte")) if is_counter(value) else words(value)


def has(rows: t.Iterable[Row], column: str) -> bool:
    return any(row.get(column) not in (None, "") for row in rows)


def _threat_columns(rows: t.Sequence[Row]) -> list[Column]:
    columns = [text("threat", "Threat", "name")]
    columns += [text(column) for column in ("threattype",) if has(rows, column)]
    columns += [text("severity", kind="severity")] if has(rows, "severity") else []
    columns += [number("incidents")] if has(rows, "incidents") else []
    if has(rows, "blocked") and has(rows, "detected"):
        columns.append(_outcome_bar(rows))
    return columns + [number(column) for column in ("blocked", "detected", "sources") if has(rows, column)]


def _outcome_bar(rows: t.Sequence[Row]) -> Column:
    """A bar of blocked incidents, followed by incidents that got through. All rows have the same scale."""
    most = max((_known(row, "blocked") + _known(row, "detected") for row in rows), default=0) or 1

    def cell(row: Row) -> Cell:
        blocked, detected = (100 * _known(row, side) / most for side in ("blocked", "detected"))
        said = f"{counter(row.get('blocked')).text} blocked, {counter(row.get('detected')).text} got through"
        return Cell(said, "", (("blocked", 0, round(blocked, 2)), ("detected", round(blocked, 2), round(detected, 2))))

    return Column("Outcome", "bar", cell)


def _source_columns(rows: t.Sequence[Row]) -> list[Column]:
    columns = [text("srcip", "Source", "name")]
    columns += [text(column) for column in ("hostname", "f_user", "country") if has(rows, column)]
    columns += [number(column) for column in ("incidents", "threatweight", "sessions") if has(rows, column)]
    if has(rows, "bytes"):
        columns += [share_bar(rows, "bytes"), number("bytes")]
    return columns


def share_bar(rows: t.Sequence[Row], column: str) -> Column:
    most = max((_known(row, column) for row in rows), default=0) or 1

    def cell(row: Row) -> Cell:
        said = volume(row.get(column)).text if column in VOLUMES else counter(row.get(column)).text
        return Cell(said, "", (("share", 0, round(100 * _known(row, column) / most, 2)),))

    return Column(f"{TITLES.get(column, column.capitalize())}, compared", "bar", cell)


def _other_columns(table: Table) -> list[Column]:
    key = usual_key([table]) or _first_text(table.rows)
    names = [text(column, kind="name" if not place else "text") for place, column in enumerate(key)]
    about = [text(column) for column in ("threattype",) if has(table.rows, column) and column not in key]
    about += [text("severity", kind="severity")] if has(table.rows, "severity") else []
    counters = [column for column in USUAL if has(table.rows, column)] or _counters(table.rows)
    return names + about + [number(column) for column in counters if column not in key][:6]


def _first_text(rows: t.Sequence[Row]) -> tuple[str, ...]:
    """The first column with text, which identifies the rows of an unknown view. Empty if no row contains text."""
    return next(((column,) for row in rows for column, value in row.items() if isinstance(value, str) and value), ())


def _counters(rows: t.Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(column for row in rows for column, value in row.items() if is_counter(value)))


def _known(row: Row, column: str) -> float:
    return max(0, row[column]) if is_counter(row.get(column)) else 0
