# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Column functions: from a group of events to one value (protocol_fortianalyzer.rst, "Views")."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from ..events import Event


class Group:
    """The events behind one row."""

    __slots__ = ("events", "key", "window_seconds")

    def __init__(self, key: tuple[Any, ...], window_seconds: float) -> None:
        self.key = key
        self.events: list[Event] = []
        self.window_seconds = window_seconds


Column = Callable[[Group], Any]
Columns = dict[str, Column]


def key(position: int) -> Column:
    return lambda group: group.key[position]


def constant(value: Any) -> Column:
    return lambda group: value


def total(name: str, where: Callable[[Event], bool] | None = None) -> Column:
    value = attrgetter(name)
    if where is None:
        return lambda group: sum(map(value, group.events))
    return lambda group: sum(value(event) for event in group.events if where(event))


def lines(where: Callable[[Event], bool] | None = None) -> Column:
    """How many log lines there are."""
    return lambda group: sum(1 for event in group.events if where is None or where(event))


def first(name: str) -> Column:
    """The first value that is set."""
    value = attrgetter(name)
    return lambda group: next(filter(None, map(value, group.events)), value(group.events[0]))


def highest(name: str) -> Column:
    value = attrgetter(name)
    return lambda group: max(map(value, group.events))


def distinct(name: str) -> Column:
    value = attrgetter(name)
    return lambda group: len(set(filter(None, map(value, group.events))))


def joined(name: str, separator: str = ",") -> Column:
    value = attrgetter(name)
    return lambda group: separator.join(_ordered(str(item) for item in filter(None, map(value, group.events))))


def named(name_column: str, address_column: str) -> Column:
    """The resolved name, or the address again where there is none (resolve-ip on)."""
    name, address = attrgetter(name_column), attrgetter(address_column)
    return lambda group: next(filter(None, map(name, group.events)), address(group.events[0]))


def vdoms(group: Group) -> str:
    return ",".join(_ordered(f"{event.devid}[{event.vd}]" for event in group.events))


def bits_per_second(group: Group) -> int:
    """What the documentation takes `bandwidth` for; live devices give bytes."""
    return int(sum(event.bandwidth for event in group.events) * 8 / group.window_seconds)


def _ordered(items: Iterable[str]) -> list[str]:
    return sorted(set(items))


FORTIGATE: Columns = {"fortigate": joined("devid")}
SESSIONS: Columns = {name: total(name) for name in ("sessions", "session_pass", "session_block")}
BYTES: Columns = {name: total(name) for name in ("bandwidth", "traffic_in", "traffic_out")}
INCIDENTS: Columns = {name: total(name) for name in ("incidents", "incident_pass", "incident_block")}
WEIGHTS: Columns = {name: total(name) for name in ("threatweight", "threat_pass", "threat_block")}
LEVEL: Columns = {"threatlevel": highest("level")}
USER: Columns = {"f_user": joined("user"), "epeuid": lambda group: 1000 + group.events[0].epid}
