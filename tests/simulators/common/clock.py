# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one source of time of a device: progress, expiry, idle sessions and "now" all ask it."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """A source of epoch seconds."""

    def now(self) -> float:
        """Seconds since the epoch."""


class WallClock:
    """Real time, for playbooks."""

    def now(self) -> float:
        return time.time()


class ManualClock:
    """Time that moves only in `advance`, shared by a test and its client so that no real time passes."""

    def __init__(self, start_epoch: float) -> None:
        self._now = float(start_epoch)
        self._lock = threading.Lock()

    def now(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds
