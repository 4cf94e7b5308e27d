# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows as CSV text (RFC 4180) that a spreadsheet opens without taking any name for a formula."""

from __future__ import annotations

import csv
import io
import json
import re
import typing as t
import unicodedata

from .._protocol.errors import InvalidInput

# What a spreadsheet takes for the beginning of a formula, with the full-width forms of these signs.
FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# What stands before a formula without keeping a spreadsheet from seeing it: blanks, controls, invisible signs.
UNSEEN = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))
BYTE_ORDER_MARK = "\ufeff"


def csv_text(
    rows: t.Iterable[t.Mapping[str, t.Any]],
    columns: t.Optional[t.Sequence[str]] = None,
    header: bool = True,
    bom: bool = False,
) -> str:
    """The rows under these columns, by default all in the order in which they appear. Lines end in CR LF.

    `bom` starts the text with a byte order mark, by which some spreadsheets know UTF-8. Raises InvalidInput.
    """
    rows = list(rows)
    wanted = list(columns) if columns else list(dict.fromkeys(str(column) for row in rows for column in row))
    if not all(isinstance(column, str) for column in wanted):
        raise InvalidInput("columns must be names of columns")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if header and wanted:
        writer.writerow([guarded(column) for column in wanted])
    for row in rows:
        writer.writerow([cell(row.get(column)) for column in wanted])
    return (BYTE_ORDER_MARK if bom else "") + out.getvalue()


def cell(value: object) -> object:
    """A number as it is, anything else as text that is no formula; what is not known is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, (list, tuple)) and not any(isinstance(one, (dict, list, tuple)) for one in value):
        return guarded("; ".join(str(one) for one in value))
    if isinstance(value, (dict, list, tuple)):
        return guarded(json.dumps(value, ensure_ascii=False, default=str))
    return guarded(str(value))


def guarded(text: str) -> str:
    """With a leading apostrophe where a spreadsheet would calculate something. A negative number is only a number."""
    if NUMBER.fullmatch(text):
        return text
    first = next((sign for sign in text if unicodedata.category(sign) not in UNSEEN), "")
    return f"'{text}" if first in FORMULA or text[:1] in ("\t", "\r", "\n") else text
