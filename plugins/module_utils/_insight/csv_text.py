# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes rows as CSV text (RFC 4180) in which spreadsheets evaluate no value as a formula."""

from __future__ import annotations

import json
import re
import typing as t
import unicodedata

from .._common.errors import InvalidInput
from .._common.right_forms import no_such_columns
from .._common.validation import texts

# Characters that begin a formula in spreadsheets, and their full-width variants.
FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# Blanks, control characters and invisible characters, which may precede a formula.
UNSEEN = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))
# Separators at which spreadsheets split a line if they do not expect commas.
SPLIT = re.compile(r"([;\t\r\n])")
QUOTED = re.compile(r"[\",;\t\r\n]")
BYTE_ORDER_MARK = "\ufeff"


def csv_text(
    rows: t.Iterable[t.Mapping[str, t.Any]],
    columns: object = None,
    header: bool = True,
    bom: bool = False,
) -> str:
    """A line for each row, with the values of `columns`. The default is all columns, in the order of their appearance. Lines
    end in CR LF.

    `bom` starts the text with a byte order mark, which some spreadsheets need to detect UTF-8. Raises InvalidInput.
    """
    rows = list(rows)
    there = list(dict.fromkeys(str(column) for row in rows for column in row))
    wanted = texts("columns", columns) or there
    missing = [column for column in wanted if column not in there]
    # Without rows, it is not known which columns exist.
    if rows and missing:
        raise InvalidInput(no_such_columns(missing, there))
    lines = [_line([guarded(column) for column in wanted])] if header and wanted else []
    lines += [_line([cell(row.get(column)) for column in wanted]) for row in rows]
    return (BYTE_ORDER_MARK if bom else "") + "".join(lines)


def cell(value: object) -> object:
    """Numbers are unchanged, None becomes an empty text, and other values become text that is not a formula."""
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
    """The text with an apostrophe before each possible formula. A negative number gets no apostrophe.

    A formula can begin at the start of a cell, and also after a separator inside a cell. Depending on the country, a
    spreadsheet splits lines at semicolons, and then ignores quotes that follow neither a semicolon nor a line end.
    """
    pieces = SPLIT.split(text)
    guards = ["'" if _is_formula(pieces, place) else "" for place in range(len(pieces))]
    if text[:1] in ("\t", "\r", "\n"):
        guards[0] = "'"
    return "".join(guard + piece for guard, piece in zip(guards, pieces))


def _is_formula(pieces: t.Sequence[str], place: int) -> bool:
    piece = pieces[place]
    # A spreadsheet that reads the piece as a separate cell removes the quotes and blanks at the start of the piece.
    bare = piece.replace('"', "") if place else piece
    number = piece.lstrip('" ') if place else piece
    first = next((sign for sign in bare if unicodedata.category(sign) not in UNSEEN), "")
    return first in FORMULA and not (NUMBER.fullmatch(number) and _ends_with_it(pieces, place))


def _ends_with_it(pieces: t.Sequence[str], place: int) -> bool:
    """Whether a cell that begins with this piece also ends with it, whichever separator the spreadsheet expects."""
    if place + 1 == len(pieces):
        return True
    return place > 0 and (pieces[place + 1] in "\r\n" or pieces[place + 1] == pieces[place - 1])


def _line(cells: t.Sequence[object]) -> str:
    # A row with a single empty cell would be an empty line, which readers of CSV skip.
    return (",".join(_quoted(str(one)) for one in cells) or '""') + "\r\n"


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""')) if QUOTED.search(text) else text
