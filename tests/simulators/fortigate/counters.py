# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often each policy decided over a packet."""

from __future__ import annotations

from dataclasses import dataclass

# A first packet of TCP.
PACKET_BYTES = 60


@dataclass
class Counter:
    hits: int = 0
    first_used: int = 0
    last_used: int = 0

    @property
    def bytes(self) -> int:
        return self.hits * PACKET_BYTES


class Counters:
    """By VDOM and policy; the implicit deny is policy 0."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int], Counter] = {}

    def of(self, vdom: str, policy: int) -> Counter:
        return self._found.get((vdom, policy), Counter())

    def count(self, vdom: str, policy: int, now: float) -> None:
        counter = self._found.setdefault((vdom, policy), Counter(first_used=int(now)))
        counter.hits += 1
        counter.last_used = int(now)

    def clear(self, vdom: str, policy: int) -> None:
        self._found.pop((vdom, policy), None)
