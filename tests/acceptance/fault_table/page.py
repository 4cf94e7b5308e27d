# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows as a page: what came to the same end stands in one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from .fortianalyzer import SUBJECTS
from .rows import Row

FORTIANALYZER = tuple(SUBJECTS.values())
HEAD = """# Faults

{count} cases, {wrong}. docs/docsite/rst/faults.rst in the repository says what must be true in every line.
"""


def text(rows: Sequence[Row]) -> str:
    wrong = sum(bool(row.wrong) for row in rows)
    judged = f"{wrong} of them wrong" if wrong else "none of them wrong"
    found = [HEAD.format(count=f"{len(rows):,}", wrong=judged)]
    theirs = [row for row in rows if row.subject in FORTIANALYZER]
    found.append("\n## FortiAnalyzer\n\n" + _table(theirs))
    found.append("\n## FortiGate\n\n" + _table([row for row in rows if row.subject not in FORTIANALYZER]))
    return "".join(found)


def _table(rows: Sequence[Row]) -> str:
    lines = ["| fault | how | what one sees | left behind | who, with requests |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*lines, *_lines(rows)]) + "\n"


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    # In the order of their first appearance.
    order = {key: number for number, key in enumerate(dict.fromkeys(map(_end, rows)))}
    for (name, setting, outcome, says, left), alike in groupby(
        sorted(rows, key=lambda row: order[_end(row)]), key=_end
    ):
        who = ", ".join(f"{row.subject} {row.requests}" for row in alike)
        seen = f"**{outcome}** {_cell(says)}".strip()
        yield f"| `{name}` | {_code(setting)} | {seen} | {_cell(left) or 'nothing'} | {who} |"


def _end(row: Row) -> tuple[str, str, str, str, str]:
    return row.name, row.setting, row.outcome, row.says, ", ".join(dict.fromkeys([*row.left, *row.wrong]))


def _code(setting: str) -> str:
    return f"`{setting}`" if any(sign in setting for sign in '"[{') else _cell(setting)


def _cell(words: str) -> str:
    for sign in "\\`*_<>|[]":
        words = words.replace(sign, f"\\{sign}")
    return words
