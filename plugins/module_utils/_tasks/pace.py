# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long to wait between two polls. Pure; all times in seconds."""

from __future__ import annotations

import typing as t

SHORTEST = 0.1
LONGEST = 5.0
# A finished task is noticed within the larger of these: a fixed time, and a share of how long the task took.
NOTICED_WITHIN = 0.2
NOTICED_SHARE = 0.045
# "0 %" says that the task has only begun: this share of its time so far may pass before it is asked again.
BEGUN_SHARE = 0.4
# How much of the time that seems to be left is slept through.
SLEPT_SHARE = 0.5


class Pace:
    """The pauses of one task. Times are counted from its submit."""

    def __init__(self) -> None:
        self._figure: t.Optional[float] = None
        self._reached = 0.0
        self._last = 0.0

    def pause(self, elapsed: float, percentage: t.Optional[float]) -> float:
        """The pause after a poll that found the task unfinished.

        With a progress figure half of the remaining time is slept through, but never longer than the task has already
        run, because early figures mislead. A figure was reached between the poll that first told it and the one before: many
        appliances count in steps, and one that stands still says less and less. Without one the pause grows with the time.
        """
        if percentage != self._figure:
            self._figure, self._reached = percentage, (self._last + elapsed) / 2
        self._last = elapsed
        shortest = max(NOTICED_WITHIN, NOTICED_SHARE * elapsed)
        if percentage == 0:
            shortest = max(shortest, BEGUN_SHARE * elapsed)
        if not percentage or percentage >= 100:
            return min(LONGEST, shortest)
        remaining = self._reached * 100 / percentage - elapsed
        return max(SHORTEST, min(LONGEST, max(shortest, min(SLEPT_SHARE * remaining, elapsed))))
