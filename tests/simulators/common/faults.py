# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Things that go wrong once, on demand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """One planned failure: for `times` matching calls, once `after` matching calls have passed."""

    kind: str
    method: str | None = None
    place: str | None = None
    times: int = 1
    after: int = 0
    details: dict[str, Any] = field(default_factory=dict)

    def matches(self, method: str | None, place: str | None) -> bool:
        if self.method is not None and self.method != method:
            return False
        return self.place is None or self.place in (place or "")


class FaultQueue:
    """Planned faults in order of planning; a call gets at most one."""

    def __init__(self, kinds: frozenset[str]) -> None:
        self._kinds = kinds
        self._faults: list[Fault] = []

    def add(self, kind: str, method: str | None, place: str | None, times: int, after: int, details: Any) -> Fault:
        if kind not in self._kinds:
            raise ValueError(f"no fault named {kind!r}; there are {sorted(self._kinds)}")
        fault = Fault(kind=kind, method=method, place=place, times=times, after=after, details=dict(details))
        self._faults.append(fault)
        return fault

    def take(self, method: str | None, place: str | None) -> Fault | None:
        chosen: Fault | None = None
        for fault in [item for item in self._faults if item.matches(method, place)]:
            if fault.after > 0:
                fault.after -= 1
            elif chosen is None:
                chosen = fault
        if chosen is not None:
            chosen.times -= 1
            if chosen.times <= 0:
                self._faults.remove(chosen)
        return chosen

    def clear(self) -> None:
        self._faults.clear()

    def __iter__(self) -> Iterator[Fault]:
        return iter(list(self._faults))

    def __len__(self) -> int:
        return len(self._faults)
