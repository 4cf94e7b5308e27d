# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads results from users: the registered result of a task or a loop, a single result, a list or a dictionary of
results, or rows.

A gap is a query that failed, was skipped, was never read or is not complete. The rows of the other queries look like
the complete result. Therefore a gap is an error, unless the caller accepts partial results and reports the gaps.
"""

from __future__ import annotations

import typing as t

from .._common.errors import InvalidInput

# Keys of registered task results. FortiAnalyzer never sends booleans under these names.
MARKS = ("changed", "failed", "skipped", "unreachable")
# The maximum number of gaps in an error, and the maximum length of their text.
MOST_SHOWN, ROOM = 3, 330
# A hunt returns the victims in a separate list, which is read together with the offenders. `victims` is not an entry of
# `lists`, because a single offender also has this key.
BESIDE = {"offenders": "victims"}
ADVICE = " (set partial=true, or threat_report_partial=true, to continue although results are not complete)"

Data = t.Mapping[str, t.Any]


class Gap(t.NamedTuple):
    """A query whose result is missing or not complete, and the reason."""

    name: str
    adom: str
    view: str
    msg: str

    @property
    def where(self) -> str:
        place = [f"view {self.view}"] if self.view else []
        place += [f"ADOM {self.adom}"] if self.adom else []
        return " ".join(
            word for word in (f"{self.name!r}" if self.name else "", f"({', '.join(place)})" if place else "") if word
        )

    def __str__(self) -> str:
        return f"query {self.where}: {self.msg}" if self.where else self.msg


class Part(t.NamedTuple):
    """Rows that were passed in. `result` is the result that contains them, or None for rows without a result."""

    rows: t.Sequence[Data]
    result: t.Optional[Data] = None
    name: str = ""

    @property
    def adom(self) -> str:
        return text((self.result or {}).get("adom"))


class Handed(t.NamedTuple):
    """All parts and gaps that were passed in, in order."""

    parts: list[Part]
    gaps: list[Gap]


def read_results(
    value: object,
    what: str,
    partial: bool = False,
    lists: t.Sequence[str] = ("results",),
    tickets: bool = False,
    advice: str = ADVICE,
) -> Handed:
    """Read results. Raises InvalidInput for a value without results, and for gaps unless `partial` is set.

    `what` is the name of the option. `lists` contains the keys under which a task registers its results. With
    `tickets`, a ticket counts as a row. Otherwise a ticket is a gap, because its rows were not read.
    """
    reader = _Reader(what, lists, tickets)
    reader.read(value, "")
    if reader.gaps and not partial:
        room = ROOM // min(len(reader.gaps), MOST_SHOWN)
        shown = [one if len(one) <= room else f"{one[: room - 1]}…" for one in map(str, reader.gaps[:MOST_SHOWN])]
        more = [f"and {len(reader.gaps) - MOST_SHOWN} more"] if len(reader.gaps) > MOST_SHOWN else []
        raise InvalidInput(f"{what} requires complete results{advice}: {'; '.join([*shown, *more])}")
    return Handed(reader.parts, reader.gaps)


class HasRows(t.Protocol):
    @property
    def rows(self) -> t.Sequence[Data]:
        """The rows of the result."""

    @property
    def name(self) -> str:
        """The name of the query."""

    @property
    def adom(self) -> str:
        """The ADOM of the query, if it is known."""


def all_rows(parts: t.Sequence[HasRows]) -> list[Data]:
    """The rows of all results. If there are several results, each row begins with the name and the ADOM of its
    result."""
    if len(parts) == 1:
        return list(parts[0].rows)
    return [{"result": part.name, "adom": part.adom, **row} for part in parts for row in part.rows]


class _Reader:
    def __init__(self, what: str, lists: t.Sequence[str], tickets: bool) -> None:
        self._what = what
        self._lists = lists
        self._tickets = tickets
        self.parts: list[Part] = []
        self.gaps: list[Gap] = []

    def read(self, value: object, name: str) -> None:
        """Read a value. `name` is the name under which the value was passed in."""
        if isinstance(value, (list, tuple)):
            self._list(value, name)
        elif not isinstance(value, t.Mapping):
            raise self._refusal("not text" if isinstance(value, str) else f"not {type(value).__name__}")
        elif self._is_registered(value):
            self._registered(value, name)
        elif _is_result(value):
            self._result(value, name)
        elif self._is_by_name(value):
            for key, one in value.items():
                self.read(one, str(key))
        else:
            keys = ", ".join(map(str, list(value)[:8]))
            raise self._refusal(f"not a dictionary with the keys {keys}" if value else "not an empty dictionary")

    def _refusal(self, found: str) -> InvalidInput:
        formats = "a result, a list of results, the registered result of a task, a dictionary of these by name, or a list of rows"
        return InvalidInput(f"{self._what} accepts {formats}, {found}")

    def _is_registered(self, value: Data) -> bool:
        return is_registered(value, self._lists)

    def _is_by_name(self, value: Data) -> bool:
        # An empty dictionary is refused, because it is the usual default if nothing was queried.
        return bool(value) and all(isinstance(one, (list, tuple)) or self._holds_results(one) for one in value.values())

    def _holds_results(self, value: object) -> bool:
        if not isinstance(value, t.Mapping) or not value:
            return False
        if self._is_registered(value) or _is_result(value):
            return True
        return all(self._holds_results(one) for one in value.values())

    def _list(self, values: t.Sequence[t.Any], name: str) -> None:
        if not all(isinstance(one, (t.Mapping, list, tuple)) for one in values):
            raise self._refusal("not a list of other values")
        holding = [isinstance(one, (list, tuple)) or self._holds_results(one) for one in values]
        if any(holding) and not all(holding):
            raise InvalidInput(f"{self._what} needs a list of only results or only rows, not both")
        if any(holding):
            for one in values:
                self.read(one, name)
            return
        if not self._tickets and any("tid" in row for row in values):
            raise InvalidInput("a ticket has no rows: read its result with faz_fortiview_result")
        if values:
            self.parts.append(Part(values, None, name))

    def _result(self, result: Data, name: str) -> None:
        name, rows = name or text(result.get("name")), result["rows"]
        if not isinstance(rows, (list, tuple)) or not all(isinstance(row, t.Mapping) for row in rows):
            raise InvalidInput(f"the rows of the result {name!r} must be a list of dictionaries")
        if result.get("complete") is not True and ("complete" in result or "tid" in result):
            self._gap(name, result, text(result.get("msg")) or f"the result {name!r} is not complete")
            if not rows:
                return
        self.parts.append(Part(rows, result, name))

    def _registered(self, task: Data, name: str, label: str = "") -> None:
        """Read the registered result of one task: its results, and the reason for each missing result. `label` is the
        loop item of the task."""
        known, found, why = len(self.gaps), _found(task, self._lists), self._why_without(task)
        if why and not _turns(found):
            error = task.get("error")
            self._gap(name or label, error if isinstance(error, t.Mapping) else {}, why)
        for one in _failures(task):
            self._gap(name, one, text(one.get("msg")))
        if found:
            self._items(found, name)
        self._unread(task, found or [])
        # The reasons why a loop failed or was skipped are in the items of the loop.
        if why and len(self.gaps) == known:
            self._gap(name or label, {}, why)
        elif found is None and len(self.gaps) == known:
            raise self._refusal("not the registered result of another task")

    def _why_without(self, task: Data) -> str:
        """The reason for missing results. Empty if the task reports no reason."""
        if task.get("failed") or task.get("unreachable") or isinstance(task.get("error"), t.Mapping):
            return text(task.get("msg")) or "the task failed"
        if task.get("skipped"):
            why = text(task.get("skipped_reason")) or text(task.get("skip_reason"))
            return f"the task was skipped{f' ({why})' if why else ''}"
        if task.get("ansible_job_id") and _found(task, self._lists) is None:
            return "the task has not ended: read its result with async_status"
        return ""

    def _items(self, found: t.Sequence[t.Any], name: str) -> None:
        """Read the results of a task, or of each item of its loop."""
        turns = _turns(found)
        for one in turns:
            item = one.get(text(one["ansible_loop_var"]))
            self._registered(one, name, text(item) if isinstance(item, (str, int)) else "")
        if not turns:
            self._list(found, name if len(found) == 1 else "")

    def _unread(self, task: Data, found: t.Sequence[t.Any]) -> None:
        """Add a gap for each query that the task submitted but whose result is not in the task."""
        tickets = task.get("tasks")
        if not isinstance(tickets, (list, tuple)):
            return
        reported = [one for one in (*found, *_failures(task)) if isinstance(one, t.Mapping)]
        read = [one.get("tid") for one in (*reported, task)]
        for ticket in tickets:
            if isinstance(ticket, t.Mapping) and ticket.get("tid") not in read:
                name = text(ticket.get("name"))
                self._gap(
                    name,
                    ticket,
                    "the query was submitted, but its result was not read: pass its ticket to faz_fortiview_result",
                )

    def _gap(self, name: str, about: Data, msg: str) -> None:
        name = name or text(about.get("name"))
        self.gaps.append(Gap(name, text(about.get("adom")), text(about.get("view")), msg or "no reason was given"))


def is_registered(value: Data, lists: t.Sequence[str] = ("results",)) -> bool:
    """Whether the value is the registered result of a task."""
    if _found(value, lists) is not None or "failed_queries" in value:
        return True
    return any(isinstance(value.get(mark), bool) for mark in MARKS)


def _found(value: Data, lists: t.Sequence[str]) -> t.Optional[t.Sequence[t.Any]]:
    for key in lists:
        if isinstance(value.get(key), (list, tuple)):
            more = value.get(BESIDE.get(key, ""))
            return [*value[key], *more] if isinstance(more, (list, tuple)) else t.cast("t.Sequence[t.Any]", value[key])
    return None


def _turns(found: t.Optional[t.Sequence[t.Any]]) -> list[Data]:
    return [one for one in found or [] if isinstance(one, t.Mapping) and "ansible_loop_var" in one]


def _failures(task: Data) -> t.Sequence[Data]:
    """The failed queries of a task, or the gaps in a result of the filter `offenders`."""
    failures = task.get("failed_queries") or task.get("gaps") or []
    if not isinstance(failures, (list, tuple)) or not all(isinstance(one, t.Mapping) for one in failures):
        raise InvalidInput("failed_queries must be a list of dictionaries, as registered by a task")
    return failures


def _is_result(value: Data) -> bool:
    return isinstance(value.get("rows"), (list, tuple)) or ("rows" in value and ("complete" in value or "tid" in value))


def text(value: object) -> str:
    """The text in one line, because messages of other modules may have several lines."""
    return "" if value is None else " ".join(str(value).split())
