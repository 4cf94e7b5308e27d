# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calculates the pause between two polls of a task. All times are in seconds."""

from __future__ import annotations

import typing as t

LONGEST = 5.0
# The lower limit of a pause is NOTICED_WITHIN seconds, or NOTICED_SHARE of the run time so far if this share is longer.
# Without a percentage, the pause is the lower limit, but at most LONGEST seconds.
NOTICED_WITHIN = 0.2
NOTICED_SHARE = 0.045
# At "0 %" the task has only started, so the pause is at least this share of the run time so far.
BEGUN_SHARE = 0.4
# With a percentage, a pause is this share of the estimated remaining time.
SLEPT_SHARE = 0.5


class Pace:
    """The pauses of one task. Times are relative to the submit of the task."""

    def __init__(self) -> None:
        self._percentage: t.Optional[float] = None
        self._reached = 0.0
        self._last = 0.0

    def pause(self, elapsed: float, percentage: t.Optional[float]) -> float:
        """The pause after a poll of a running task.

        With a percentage, the pause is half of the estimated remaining time, but not longer than the run time so far,
        because early percentages are inaccurate. The lower limit of a pause has precedence. Many releases count in
        steps, so the task may have reached a percentage before the poll that first reports it. The estimate uses the
        middle between this poll and the previous poll. Without a percentage, the pause grows with the run time.
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
        return min(LONGEST, max(shortest, min(SLEPT_SHARE * remaining, elapsed)))
