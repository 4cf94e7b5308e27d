# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a query in their order: from the event log, growing during paging, or partial.

See protocol_fortianalyzer.rst, "Task life cycle", "Paging".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any, Protocol

from . import filters
from .events import Event
from .submit import Query
from .views import COUNTERS, Group, View, reader, row_reader

Row = dict[str, Any]
SCALED = COUNTERS | frozenset("counts count_pass count_block total_num num_users login_num login_fail_num".split())

# What can be filtered by where no column shows it.
_SUMMED = ("incidents", "incident_block", "sessions", "session_block", "threatweight", "threat_block")
_GROUPED_BY = {
    "user": attrgetter("user"),
    "endpoint": attrgetter("epid"),
    "device": attrgetter("devid"),
    "interface": attrgetter("srcintf"),
}


class Ranking(Protocol):
    """All rows that match, of which one page is looked at."""

    def __len__(self) -> int:
        """How many rows there are."""

    def page(self, offset: int, limit: int, live: bool) -> list[Row]:
        """Some of them, as the FortiAnalyzer shows them."""


class EventRanking:
    """Groups of events, filtered and sorted as asked."""

    def __init__(self, query: Query, events: list[Event], grouping: Sequence[str] = ()) -> None:
        self._view = query.view
        self._groups = _sorted(_grouped(query, events, grouping), query)

    def __len__(self) -> int:
        return len(self._groups)

    def page(self, offset: int, limit: int, live: bool) -> list[Row]:
        return [_row(self._view, group, live) for group in self._groups[offset : offset + limit]]


class LateRanking:
    """The same query asked again after late logs: new rows on top push the others down."""

    def __init__(self, inner: Ranking, newcomers: int) -> None:
        self._inner = inner
        self._newcomers = newcomers if len(inner) else 0

    def __len__(self) -> int:
        return len(self._inner) + self._newcomers

    def page(self, offset: int, limit: int, live: bool) -> list[Row]:
        rows = []
        for number in range(offset, min(offset + limit, self._newcomers)):
            row = _scaled(self._inner.page(0, 1, live)[0], 1 + 0.01 * (self._newcomers - number))
            # Counted from the oldest, so that a newcomer keeps its name in every later task.
            key, name = next(iter(row)), self._newcomers - number
            row[key] = f"192.0.2.{210 + name % 40}" if key.endswith("ip") else f"Late.Arrival.{name}"
            rows.append(row)
        rest = limit - len(rows)
        return rows + self._inner.page(max(0, offset - self._newcomers), rest, live) if rest else rows


class PartialRanking:
    """What is there before 100 %: real-looking rows with other figures in another order."""

    def __init__(self, inner: Ranking, share: float) -> None:
        self._inner = inner
        self._share = share

    def __len__(self) -> int:
        return int(len(self._inner) * self._share)

    def page(self, offset: int, limit: int, live: bool) -> list[Row]:
        if self._share < 0.05:
            return []
        # Some rows from below the page, so that the wrong ones are in it and not only in the wrong order.
        rows = self._inner.page(offset, limit + 7, live)
        figures = [{name: value for name, value in row.items() if name in SCALED} for row in rows]
        mixed = [{**row, **_scaled(figure, self._share)} for row, figure in zip(reversed(rows), figures)]
        return mixed[: min(limit, len(rows))]


def _grouped(query: Query, events: list[Event], grouping: Sequence[str]) -> list[Group]:
    if query.window.seconds < query.view.least_window:
        return []
    parts = filters.conjuncts(query.filter)
    before = [part for part in parts if not COUNTERS & set(part.fields())]
    after = [part for part in parts if COUNTERS & set(part.fields())]
    groups: dict[tuple[Any, ...], Group] = {}
    # An address that several users, endpoints, devices or interfaces share has a row for each of them.
    more = [_GROUPED_BY[word] for word in grouping] if query.view.name == "top-sources" else []
    view, window = query.view, query.window.seconds
    for event in _counted(query, events, before):
        key = view.group(event, window)
        place = (*key, *(part(event) for part in more))
        if place not in groups:
            groups[place] = Group(key, window)
        groups[place].events.append(event)
    found = [group for group in groups.values() if any(part not in (None, "") for part in group.key)]
    return [group for group in found if _counters_hold(after, group, query)] if after else found


def _counted(query: Query, events: list[Event], parts: list[filters.Node]) -> Iterator[Event]:
    """Events of the view and of the devices for which these parts of the filter hold."""
    tests = [filters.compile_node(part, query.case_sensitive) for part in parts]
    for event in events:
        if not (query.view.where(event) and query.devices.accepts(event)):
            continue
        if all(test(lambda name, event=event: reader(name)(event)) for test in tests):  # type: ignore[misc]
            yield event


def _counters_hold(parts: list[filters.Node], group: Group, query: Query) -> bool:
    """Counters exist only after counting: such parts of a filter are looked at row by row."""
    counters = {name: sum(getattr(event, name) for event in group.events) for name in _SUMMED}
    row = {**counters, **_row(query.view, group, False), **_row(query.view, group, True)}
    get = row_reader(row)
    return all(filters.compile_node(part, query.case_sensitive)(get) for part in parts)


def _sorted(groups: list[Group], query: Query) -> list[Group]:
    field = query.sort_field
    if field is None:
        return groups
    if field in ("severity", "level_s", "threatlevel_s"):
        return sorted(groups, key=lambda group: max(event.level for event in group.events), reverse=query.descending)
    documented = query.view.documented if not query.live else None
    column = (documented or {}).get(field) or query.view.columns[field]

    def value(group: Group) -> Any:
        found = column(group)
        return str(found) if isinstance(found, dict) else found

    return sorted(groups, key=value, reverse=query.descending)


def _row(view: View, group: Group, live: bool) -> Row:
    columns = view.columns if live or view.documented is None else view.documented
    return {name: column(group) for name, column in columns.items()}


def _scaled(row: Row, share: float) -> Row:
    return {name: int(value * share) if name in SCALED else value for name, value in row.items()}
