# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows as docs/faults.md: what came to the same end stands in one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from . import rows as explained
from .fortianalyzer import SUBJECTS
from .rows import Row

EXPLAINED = ("handed_on", "not_deleted", "no_session", "told_session", "id_lost", "session_lost")
FORTIANALYZER = tuple(SUBJECTS.values())
HEAD = """# What happens when something goes wrong

Made by `make fault-table`, which runs real playbooks over verified TLS against simulated appliances that misbehave, one
fault each. What must be true in every line:

- The rows are those of the simulator's event log, counted without any of our code, or the task fails with an error that names
  what happened, which appliance it was and what to do next. Part of an answer is never taken for the whole.
- On a FortiGate nothing stays behind: no address object, no entry, no ban of a run that failed. What others made is as it was.
- On a FortiAnalyzer nothing stays behind but what [the next part](#what-is-left-on-a-fortianalyzer) explains, and only where the
  line says so.
- No password, token or session id stands in the output at `-vvv`, in a URL, or in the audit file.

Each line ends with who met the fault and how many HTTP requests that took. {count} cases, {wrong}.

## What is left on a FortiAnalyzer

By default an appliance forgets a task 15 to 30 minutes after it was last asked for, and ends a session that has been idle for
15 minutes (the administrator's idle timeout). Nothing of what follows outlives that.

| left behind | why | how to clean up before |
| --- | --- | --- |
| {handed_on} | `wait_timeout` ran out, or the task could not be read: its rows may come later, and are what was asked for. \
It holds a slot for searches. | read the tickets in `tasks` of the failed task with `faz_fortiview_result` and `delete: true` |
| {not_deleted} | the appliance did not take the deletion, which was tried twice. The rows were read. It may hold a slot for \
searches. | the same, with the `tid` of the result |
| {no_session} | the appliance took neither the session nor one of a new login, so that nothing could be deleted. A part of a hunt is of \
no use, and its ticket is not handed on. It holds a slot for searches. | nobody can |
| {told_session} | the appliance did not take the logout, which was tried twice. It counts against the limit of the \
administrator's sessions. | end it on the appliance, which lists them; or use an API key, which has none |
| {id_lost} | the reply to the submit was lost. The query was submitted once more, and a warning or the error says so. It holds a \
slot for searches. | nobody can |
| {session_lost} | the reply to the login was lost, and a login is not tried again. It counts against the limit of sessions. \
| end it on the appliance |

`faz_fortiview_result` reads a given ticket without deleting its task unless it is told to (`delete: true`, as in this table), because
it may be read again for as long as the appliance keeps it.
"""
LIMITS = """
## What cannot be noticed

An appliance that takes a time in a form it does not read for no time at all answers for all its data, without a word (the
lines marked *not noticeable*). No appliance is known that does so with `YYYY-MM-DD HH:MM:SS`, the documented form and the one
that is sent.

A reply without a result is how some appliances say that there is nothing. One that says so of every task, time after time, has
nothing to show as far as anybody can tell; after each all-devices word was tried, there are no rows, and warnings.

The module `fortigate_feed` and the method `feed_file` write a list, and do not see whether a policy denies by it, nor whether a box
takes all of a file (the lines marked *not noticeable*). By the methods `feed_push` and `addrgrp` the role looks for the policy first.
"""


def text(rows: Sequence[Row]) -> str:
    wrong = sum(bool(row.wrong) for row in rows)
    names = {name: getattr(explained, name.upper()) for name in EXPLAINED}
    judged = f"{wrong} of them wrong" if wrong else "none of them wrong"
    found = [HEAD.format(count=f"{len(rows):,}", wrong=judged, **names)]
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
