# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs many jobs over one session, and limits the number of concurrent jobs.

A job is a generator that calls FortiAnalyzer and yields a Pause to wait. One thread runs all jobs, so a run needs only
one connection, and a test can use a manual clock.
"""

from __future__ import annotations

import heapq
import itertools
import typing as t

from .._common.errors import FortiViewError


class Pause(t.NamedTuple):
    """A pause of a job. `busy` is True if FortiAnalyzer was too busy for the job, so fewer jobs should run at once."""

    seconds: float
    busy: bool = False


Result = t.TypeVar("Result")
Job = t.Generator[Pause, None, Result]
Outcome = t.Union[Result, FortiViewError, None]


def run_jobs(
    jobs: t.Sequence[Job[Result]],
    most_at_once: int,
    clock: t.Callable[[], float],
    sleep: t.Callable[[float], t.Any],
    stop_on_error: bool,
) -> list[Outcome[Result]]:
    """Run all jobs and return their outcomes in order. The outcome is None for a job that did not run to its end.

    With `stop_on_error`, the first error closes the other jobs, which then delete their tasks. Jobs are also closed if
    this function raises an exception, including KeyboardInterrupt.
    """
    outcomes: list[Outcome[Result]] = [None] * len(jobs)
    waiting: list[tuple[float, int, int]] = []  # time to resume, tie-breaker, number of the job
    order = itertools.count()
    unstarted = iter(range(len(jobs)))
    stopped = False
    try:
        while not stopped:
            while len(waiting) < most_at_once:
                number = next(unstarted, None)
                if number is None:
                    break
                heapq.heappush(waiting, (clock(), next(order), number))
            if not waiting:
                break
            due, dummy, number = heapq.heappop(waiting)
            left = due - clock()
            if left > 0:
                sleep(left)
            try:
                pause = next(jobs[number])
            except StopIteration as end:
                outcomes[number] = end.value
                continue
            except FortiViewError as error:
                outcomes[number] = error
                stopped = stop_on_error
                continue
            if pause.busy:
                most_at_once = max(1, min(most_at_once, len(waiting) + 1) - 1)
            heapq.heappush(waiting, (clock() + pause.seconds, next(order), number))
    finally:
        for job in jobs:
            job.close()
    return outcomes
