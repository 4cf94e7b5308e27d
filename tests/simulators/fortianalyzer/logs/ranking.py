# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log lines in the order of time, made only when they are read (protocol_fortianalyzer.rst, "Log search")."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from .. import filters
from ..events import Event
from .fields import KEPT, LINE_FIELDS
from .kinds import LogType
from .lines import Line

Row = dict[str, Any]


class LogRanking:
    """The matching lines of one log type; a month of traffic is counted, never built."""

    def __init__(
        self,
        log_type: LogType,
        events: Sequence[Event],
        node: filters.Node | None,
        case_sensitive: bool,
        newest_first: bool,
        zone: ZoneInfo,
    ) -> None:
        self._type = log_type
        self._zone = zone
        self._node = node
        self._test = filters.compile_node(node, case_sensitive) if node is not None else None
        written = [event for event in (reversed(events) if newest_first else events) if log_type.lines(event)]
        self.scanned = sum(map(log_type.lines, written))
        found = [(event, numbers) for event in written if (numbers := self._numbers(event))]
        self._found = found
        self._ends = list(accumulate(len(numbers) for _event, numbers in found))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def page(self, offset: int, limit: int, live: bool) -> list[Row]:
        return [self._row(place) for place in range(offset, min(offset + limit, len(self)))]

    def _numbers(self, event: Event) -> Sequence[int]:
        """Which of an event's lines match: all or none, unless the filter asks for what tells them apart."""
        count = self._type.lines(event)
        if self._test is None or self._node is None:
            return range(count)
        if LINE_FIELDS.isdisjoint(self._node.fields()):
            return range(count) if self._matches(Line(event, 0, count, self._zone)) else ()
        return [number for number in range(count) if self._matches(Line(event, number, count, self._zone))]

    def _matches(self, line: Line) -> bool:
        fields = self._type.fields
        assert self._test is not None
        # A field of another log type is known and empty here.
        return self._test(lambda name: fields[name](line) if name in fields else "")

    def _row(self, place: int) -> Row:
        at = bisect_right(self._ends, place)
        event, numbers = self._found[at]
        number = numbers[place - (self._ends[at - 1] if at else 0)]
        return _row(self._type, Line(event, number, self._type.lines(event), self._zone))


def log_rows(log_type: LogType, events: Iterable[Event], zone: ZoneInfo) -> list[Row]:
    """All lines of a few events."""
    return [
        _row(log_type, Line(event, number, log_type.lines(event), zone))
        for event in events
        for number in range(log_type.lines(event))
    ]


def _row(log_type: LogType, line: Line) -> Row:
    values = {name: field(line) for name, field in log_type.fields.items()}
    return {name: value for name, value in values.items() if value != "" or name in KEPT}
