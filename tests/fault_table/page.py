# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows as docs/faults.md: what came to the same end stands in one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from .rows import Row

HEAD = """# What happens when something goes wrong

Made by `make fault-table`, which runs real playbooks over verified TLS against simulated appliances that misbehave, one
fault each. What must be true in every line:

- The rows are those of the simulator's event log, counted without any of our code, or the task fails with an error that names
  what happened and which appliance it was. Part of an answer is never taken for the whole.
- Nothing stays behind: no session, no task, no address object, no entry. Bans and entries of others are as they were.
- No password, token or session id stands in the output at `-vvv`, in a URL, or in the audit file.

Each line ends with who met the fault and how many HTTP requests that took. {count} cases, {wrong}.
"""
LIMITS = """
## What cannot be noticed

An appliance that takes a time in a form it does not read for no time at all answers for all its data, without a word (the
lines marked *not noticeable*). No appliance is known that does so with `YYYY-MM-DD HH:MM:SS`, the documented form and the one
that is sent.

A reply without a result is how some appliances say that there is nothing. One that says so of every task, time after time, has
nothing to show as far as anybody can tell; after each all-devices word was tried, there are no rows, and warnings.

## What is left to the appliance

- A task that was not done within `wait_timeout` goes on, and its ticket is in the error (`tasks`): a later job reads it with
  `faz_fortiview_result`, or it ends by itself when nobody asks for it.
- A session whose logout the appliance refuses twice stays open until it has been idle for long enough. A warning tells.
- A task or session whose id got lost with the reply cannot be ended by anybody; it expires.
"""
FORTIANALYZER = ("faz_fortiview_task", "faz_fortiview_result", "faz_threat_sources_info", "threat_hunt")


def text(rows: Sequence[Row]) -> str:
    wrong = sum(bool(row.wrong) for row in rows)
    found = [HEAD.format(count=f"{len(rows):,}", wrong=f"{wrong} of them wrong" if wrong else "none of them wrong")]
    theirs = [row for row in rows if row.subject in FORTIANALYZER]
    found.append("\n## FortiAnalyzer\n\n" + _table(theirs))
    found.append("\n## FortiGate\n\n" + _table([row for row in rows if row.subject not in FORTIANALYZER]))
    return "".join(found) + LIMITS


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


def names(page: str) -> set[str]:
    """Switches and faults that a page has lines for."""
    return {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
