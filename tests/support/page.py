# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a reader finds on the page of a report, without a browser: texts, tiles, and tables by the id of their heading."""

from __future__ import annotations

import typing as t
from html.parser import HTMLParser

Rows = list[dict[str, str]]
CELLS = ("td", "th")


class Page(HTMLParser):
    """Tables of one heading, such as its first rows and those that are folded, are one."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, Rows] = {}
        self.tiles: dict[str, list[str]] = {}
        self.lines: list[str] = []
        self._id = ""
        self._heads: list[str] = []
        self._row: list[str] = []
        self._cell: t.Optional[list[str]] = None
        self._in_head = False
        self._term: t.Optional[list[str]] = None
        self._drawing = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, t.Optional[str]]]) -> None:
        given = dict(attrs)
        if tag == "svg":
            self._drawing += 1
        elif tag in ("h2", "h3") and given.get("id"):
            self._id = str(given["id"])
        elif tag == "thead":
            self._heads, self._in_head = [], True
        elif tag in ("tr", "tbody"):
            self._end_row()
        if tag in CELLS:
            self._end_cell()
            self._cell = []
        elif tag == "dt":
            self._term = []
        elif tag == "dd" and self._term:
            self._term.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self._drawing -= 1
        elif tag == "thead":
            self._end_cell()
            self._heads, self._row, self._in_head = self._row, [], False
        elif tag in ("tbody", "table"):
            self._end_row()
        elif tag == "dl":
            self._term = None
        elif tag == "div" and self._term:
            self.tiles[self._term[0]] = self._term[1:]
            self._term = None

    def handle_data(self, data: str) -> None:
        text = data.replace("\u00a0", " ").strip()
        if self._drawing or not text:
            return
        if self._cell is not None:
            self._cell.append(text)
        elif self._term is not None and not self._term:
            self._term.append(text)
        elif self._term is not None and len(self._term) > 1:
            self._term[-1] += text
        else:
            self.lines.append(text)

    def _end_cell(self) -> None:
        if self._cell is not None:
            self._row.append("".join(self._cell).replace(",", ", ").replace("  ", " "))
            self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row and not self._in_head:
            self.tables.setdefault(self._id, []).append(dict(zip(self._heads, self._row)))
        if not self._in_head:
            self._row = []


def number(text: str) -> int:
    """1,234 as it stands in a cell."""
    return int(text.replace(",", "").replace(" ", ""))
