# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Formats rows as an aligned table for a terminal, below the time range, completeness and warnings of their result.

Names in rows come from attackers. Characters that could control a terminal or change the writing direction are shown
as "?".
"""

from __future__ import annotations

import typing as t
import unicodedata

from ansible.module_utils.common.text.formatters import bytes_to_human
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._common.naming import counted
from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import count, known_keys
from ansible_collections.secops.fortiview.plugins.module_utils._insight.units import no_number
from ansible_collections.secops.fortiview.plugins.module_utils._insight.visible import harmless, shortened
from ansible_collections.secops.fortiview.plugins.module_utils._query.rows import is_counter

WIDTH = 32
PLACES = (("ADOM", "adom"), ("view", "view"), ("task", "tid"))
KEYS = ("title", "field", "kind", "within", "width", "of", "optional")
KINDS = ("rank", "text", "count", "bytes", "share")
RANK = {"title": "#", "kind": "rank"}
# The maximum number of fields that are shown for a view without usual columns.
MOST_FIELDS = 8
THREATS = ("ioc", "top-threats", "threat-website")
SOURCES = ("top-sources", "source-threat", "source-website")
THREAT_COLUMNS = (
    RANK,
    {"title": "Threat", "field": "threat", "width": 50},
    {"title": "Type", "field": "threattype", "width": 20},
    {"title": "Severity", "field": "severity"},
    {"title": "Incidents", "field": "incidents", "kind": "count"},
    {"title": "Blocked", "field": "blocked", "kind": "count"},
    {"title": "Detected", "field": "detected", "kind": "count"},
    {"title": "Sources", "field": "sources", "kind": "count", "optional": True},
)
SOURCE_COLUMNS = (
    RANK,
    {"title": "Address", "field": "srcip", "width": 39},
    {"title": "Host name", "field": "hostname", "width": 24},
    {"title": "User", "field": "f_user", "width": 16, "optional": True},
    {"title": "Country", "field": "country", "width": 16, "optional": True},
    {"title": "Sessions", "field": "sessions", "kind": "count"},
    {"title": "Bytes", "field": "bytes", "kind": "bytes"},
)

# The formats of columns that are requested by name.
VOLUMES = ("bytes", "bandwidth", "traffic_in", "traffic_out")
KNOWN: dict[str, t.Mapping[str, t.Any]] = {
    RANK["title"]: RANK,
    **{
        volume: {"title": volume.replace("_", " ").capitalize(), "field": volume, "kind": "bytes"} for volume in VOLUMES
    },
    **{str(column["field"]): column for column in (*SOURCE_COLUMNS, *THREAT_COLUMNS) if "field" in column},
}

Row = t.Mapping[str, t.Any]
Column = t.Mapping[str, t.Any]


def table_lines(
    rows: t.Sequence[Row],
    title: str,
    result: Row,
    columns: t.Sequence[t.Union[str, Column]],
    show: object,
    empty: t.Optional[str],
    notes: t.Sequence[object],
    sorted_by: t.Sequence[str] = (),
) -> list[str]:
    """The lines of the table, without control characters. The default columns include `sorted_by`. Raises InvalidInput for
    invalid columns, and for columns that no row has."""
    shown = rows[: count("show", show, 0)]
    wanted = [_checked(_column(one), rows) for one in columns] or _usual(result, shown, sorted_by)
    foot = [*_texts(wanted, rows)]
    foot += [f"Rows that are not listed: {len(rows) - len(shown)}."] if len(rows) > len(shown) else []
    foot += [text for text in (str(note).strip() for note in notes) if text]
    body = _body(wanted, shown) if shown else [_nothing(result) if empty is None else empty]
    head = [*([title] if title else []), *(_about(result) if result else [])]
    lines = [*head, *([""] if head else []), *body, *(["", *foot] if foot else [])]
    return [harmless(line) for line in lines]


def _column(asked: t.Union[str, Column]) -> Column:
    if not isinstance(asked, str):
        return asked
    # A column that was requested by name is never hidden. It is refused if no row has the column.
    return {**KNOWN.get(asked, {"title": asked, "field": asked}), "optional": False}


def _checked(column: Column, rows: t.Sequence[Row]) -> Column:
    known_keys("a column", dict(column), KEYS)
    if column.get("kind", "text") not in KINDS or ("field" not in column and column.get("kind") != "rank"):
        raise InvalidInput(
            f"a column needs title and field, and its kind must be one of {', '.join(KINDS)}, but a column is {dict(column)!r}"
        )
    there = {str(field): None for row in rows for field in _holder(column, row)}
    if rows and column.get("kind") != "rank" and not column.get("optional") and column["field"] not in there:
        place = f" in {column['within']}" if column.get("within") else ""
        raise InvalidInput(f"no row has the column {column['field']}{place}: choose from {', '.join(there)}")
    return column


def _holder(column: Column, row: Row) -> Row:
    within = column.get("within")
    found = row.get(within) if within else row
    return found if isinstance(found, t.Mapping) else {}


def _usual(result: Row, rows: t.Sequence[Row], sorted_by: t.Sequence[str]) -> t.Sequence[Column]:
    usual: t.Sequence[Column]
    view = result.get("view")
    if view in THREATS:
        usual = THREAT_COLUMNS
    elif view in SOURCES:
        usual = SOURCE_COLUMNS
    else:
        fields = [field for field, value in (rows[0] if rows else {}).items() if not isinstance(value, t.Mapping)]
        usual = [RANK, *({"title": field, "field": field} for field in fields[:MOST_FIELDS])]
    there = {column.get("field") for column in usual}
    ranked = [field for field in dict.fromkeys(sorted_by) if field not in there and any(field in row for row in rows)]
    return [*usual, *map(_column, ranked)]


def _nothing(result: Row) -> str:
    if not result.get("complete", True):
        return "No rows yet."
    return "No rows: FortiAnalyzer has no data for this query in this time range."


def _about(result: Row) -> list[str]:
    devices = " ".join(str(word) for device in result.get("device") or [] for word in device.values())
    window = result.get("time_range")
    places = [f"{word} {result[key]}" for word, key in PLACES if result.get(key) not in (None, "")]
    lines = [", ".join(places) + (devices and f", devices {devices}")]
    if window:
        zone = window.get("timezone")
        where = f"time zone {zone}" if zone else "in the time zone of FortiAnalyzer"
        lines.append(f"From {window['start']} to {window['end']}, {where}")
    else:
        lines.append("The time range is not known, because only the task id was given")
    lines.append(_completeness(result))
    return lines + ([f"Warning: {text}" for text in result.get("warnings") or []] or ["Warnings: none"])


def _completeness(result: Row) -> str:
    total, returned = result.get("total"), result.get("returned", 0)
    if result.get("complete"):
        more = f", FortiAnalyzer counts {total} in total" if total is not None and total != returned else ""
        return f"Complete: {counted(returned, 'row')}{more}"
    done = "" if result.get("percentage") is None else f" at {result['percentage']} %"
    return f"Not complete: {result.get('status') or 'unknown'}{done}, so rows may be missing"


def _texts(columns: t.Sequence[Column], rows: t.Sequence[Row]) -> t.Iterator[str]:
    """A note on each column of numbers in which some rows have text, which cannot be compared or added up."""
    for column in columns:
        found = [value for value in (_value(column, row) for row in rows) if value is not None and str(value).strip()]
        texts = sum(not is_counter(value) for value in found)
        counted = column.get("kind") in ("count", "bytes", "share") or texts < len(found)
        if column.get("kind") != "text" and texts and counted:
            yield f"{no_number(texts, len(rows), str(column['title']))}."


def _body(columns: t.Sequence[Column], rows: t.Sequence[Row]) -> list[str]:
    listed = []
    for column in columns:
        cells = [_cell(column, row, rank) for rank, row in enumerate(rows, 1)]
        if column.get("optional") and set(cells) == {"-"}:
            continue
        kind = column.get("kind") or ("count" if any(is_counter(_value(column, row)) for row in rows) else "text")
        listed.append(_padded([str(column["title"]), *cells], kind != "text"))
    head, *lines = (list(line) for line in zip(*listed))
    rule = ["-" * _width(cell) for cell in head]
    return ["  ".join(cells).rstrip() for cells in (head, rule, *lines)]


def _value(column: Column, row: Row) -> t.Any:
    return None if column.get("kind") == "rank" else _holder(column, row).get(column["field"])


def _cell(column: Column, row: Row, rank: int) -> str:
    """The text of a cell. An absent counter is "-", never 0."""
    if column.get("kind") == "rank":
        return f"{rank:,}"
    value = _value(column, row)
    kind = column.get("kind") or ("count" if is_counter(value) else "text")
    if value is None or value in ([], ()) or not str(value).strip():
        return "-"
    if kind == "text" or not is_counter(value):
        said = ",".join(str(one) for one in value) if isinstance(value, (list, tuple)) else str(value)
        return shortened(harmless(said.strip()), int(column.get("width", WIDTH)))
    if kind == "bytes":
        return f"{value:,} {bytes_to_human(value):>10}"
    if kind == "share":
        whole = float(column.get("of") or 0)
        return f"{100.0 * value / whole:.1f} %" if whole > 0 else "-"
    return f"{value:,}"


def _padded(cells: t.Sequence[str], right: bool) -> list[str]:
    widths = [_width(cell) for cell in cells]
    gaps = [" " * (max(widths) - width) for width in widths]
    return [gap + cell if right else cell + gap for gap, cell in zip(gaps, cells)]


def _width(text: str) -> int:
    """The number of terminal columns: two for a wide character, none for a combining mark."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(sign) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(sign) in ("W", "F")
        else 1
        for sign in text
    )
