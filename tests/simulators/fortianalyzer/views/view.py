# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a FortiView view: its columns, filter fields and grouping (protocol_fortianalyzer.rst, "Views")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..events import Event
from .columns import Columns

Where = Callable[[Event], bool]
GroupBy = Callable[[Event, float], tuple[Any, ...]]


def by(*names: str) -> GroupBy:
    """Group by attributes of the event."""
    return lambda event, window: tuple(getattr(event, name) for name in names)


def by_time(event: Event, window: float) -> tuple[Any, ...]:
    """Group into time buckets that suit the window."""
    step = 60 if window <= 3600 else 300 if window <= 6 * 3600 else 3600 if window <= 3 * 86400 else 86400
    return (event.time - event.time % step,)


@dataclass(frozen=True)
class View:
    """How rows come from events, and what may be asked of them."""

    name: str
    where: Where
    group: GroupBy
    columns: Columns
    filters: frozenset[str]
    documented_key: str = "results"
    documented: Columns | None = None
    unsortable: frozenset[str] = frozenset()
    least_window: float = 0.0
    raw: bool = False  # Its rows are log lines as they are, not groups of them.

    def sortable(self, live: bool) -> frozenset[str]:
        names = frozenset(self.columns) - self.unsortable
        return names if live or self.documented is None else names | frozenset(self.documented)
