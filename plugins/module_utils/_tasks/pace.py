# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pause between two polls of a task. Pure; all times in seconds."""

from __future__ import annotations

import typing as t

SHORTEST = 0.1
LONGEST = 5.0
# A finished task is detected within the larger of a fixed time, which is also the first pause, and a share of the run time of the task.
NOTICED_WITHIN = 0.2
NOTICED_SHARE = 0.045
# "0 %" reports that the task has only started: this share of its time so far may pass before the next poll.
BEGUN_SHARE = 0.4
# The share of the remaining time that one pause takes.
SLEPT_SHARE = 0.5


class Pace:
    """The pauses of one task. Times are counted from its submit."""

    def __init__(self) -> None:
        self._percentage: t.Optional[float] = None
        self._reached = 0.0
        self._last = 0.0

    def pause(self, elapsed: float, percentage: t.Optional[float]) -> float:
        """The pause after a poll that found the task unfinished.

        With a percentage, the pause is half of the remaining time, but never longer than the task has already run, because early
        percentages mislead. A percentage was reached between the poll that first reported it and the one before: many releases count in steps, and an
        unchanged percentage becomes less reliable with time. Without a percentage, the pause grows with the time.
        """
        if percentage != self._percentage:
            self._percentage, self._reached = percentage, (self._last + elapsed) / 2
        self._last = elapsed
        shortest = max(NOTICED_WITHIN, NOTICED_SHARE * elapsed)
        if percentage == 0:
            shortest = max(shortest, BEGUN_SHARE * elapsed)
        if not percentage or percentage >= 100:
            return min(LONGEST, shortest)
        remaining = self._reached * 100 / percentage - elapsed
        return max(SHORTEST, min(LONGEST, max(shortest, min(SLEPT_SHARE * remaining, elapsed))))
