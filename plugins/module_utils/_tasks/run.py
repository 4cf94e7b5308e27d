# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shared state of the jobs of one run, and the warnings of one job."""

from __future__ import annotations

import datetime
import typing as t

from .._connection.session import Caller
from .._query.formats import RequestFormats
from .scheduler import Pause

# A generator that the scheduler runs. The generator yields a Pause to wait.
Steps = t.Generator[Pause, None, t.Any]


class Run(t.NamedTuple):
    """The shared state of a run. `clock` returns monotonic seconds, and `now` returns the time in UTC. `wait_timeout`
    is the time limit of each job in seconds.

    With `leaves_tasks`, the task of a failed job remains on FortiAnalyzer and can be read by its ticket. Otherwise the
    task is deleted. `several` is True if several tasks may run at once.
    """

    caller: Caller
    clock: t.Callable[[], float]
    now: t.Callable[[], datetime.datetime]
    formats: RequestFormats
    progress: t.Callable[[str], t.Any]
    wait_timeout: float
    keep_raw: bool = False
    leaves_tasks: bool = True
    several: bool = False


class Warnings:
    """The warnings of one job in order, without duplicates."""

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}

    def add(self, text: str) -> None:
        self._texts[text] = None

    @property
    def texts(self) -> list[str]:
        return list(self._texts)
