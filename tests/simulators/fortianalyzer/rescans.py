# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rescans: old logs searched again with new indicators (protocol_fortianalyzer.rst, "Compromised hosts")."""

from __future__ import annotations

from dataclasses import dataclass

from .switches import Switches

# Apart from the numbers of FortiView tasks, so that nobody reads one as the other.
FIRST_TID = 880001


@dataclass
class Rescan:
    """One rescan; those of the FortiAnalyzer's own schedule have no end while a test looks at them."""

    tid: int
    adom: str
    started_at: float
    seconds: float | None
    cancelled: bool = False

    def percentage(self, now: float) -> int:
        if self.seconds is None:
            return 40
        return 100 if self.seconds <= 0 else min(100, int((now - self.started_at) / self.seconds * 100))

    def running(self, now: float) -> bool:
        return not self.cancelled and self.percentage(now) < 100


class Rescans:
    """All rescans since the last reset, and those that the schedule has started."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._started: list[Rescan] = []
        self._scheduled: dict[tuple[str, int], Rescan] = {}

    def start(self, adom: str, now: float) -> Rescan:
        rescan = Rescan(FIRST_TID + 500 + len(self._started), adom, now, self._switches.ioc_rescan_seconds)
        self._started.append(rescan)
        return rescan

    def all(self, adom: str, now: float) -> list[Rescan]:
        for number in range(self._switches.ioc_rescans_running):
            self._scheduled.setdefault((adom, number), Rescan(FIRST_TID + number, adom, now, None))
        found = [*self._scheduled.values(), *self._started]
        return [rescan for rescan in found if rescan.adom == adom]

    def running(self, adom: str, now: float) -> list[Rescan]:
        return [rescan for rescan in self.all(adom, now) if rescan.running(now)]

    def finished(self, adom: str, now: float) -> list[Rescan]:
        """Those that were waited for, not those that somebody ended."""
        return [rescan for rescan in self.all(adom, now) if not rescan.cancelled and not rescan.running(now)]
