# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many jobs, one thread: order, concurrency, back-off, and tidying up."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.scheduler import Job, Pause, run_jobs


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.time += seconds


class Counting:
    """Jobs that know how many of them run at once."""

    def __init__(self) -> None:
        self.running = self.most = 0
        self.closed: list[str] = []

    def job(self, name: str, seconds: float, busy: bool = False) -> Job[str]:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            yield Pause(seconds, busy)
            yield Pause(0)
            return name
        except GeneratorExit:
            self.closed.append(name)
            raise
        finally:
            self.running -= 1


def failing(message: str) -> Job[str]:
    yield Pause(1)
    raise FortiViewError(message)


def run(jobs: list[Job[str]], most: int, stop: bool = False) -> tuple[list[t.Any], float]:
    clock = Clock()
    return run_jobs(jobs, most, clock.now, clock.sleep, stop), clock.time


def test_outcomes_keep_their_order_and_jobs_run_side_by_side() -> None:
    counting = Counting()
    outcomes, time = run([counting.job("a", 3), counting.job("b", 1), counting.job("c", 2)], 3)
    assert outcomes == ["a", "b", "c"]
    assert time == 3


def test_no_more_at_once_than_allowed() -> None:
    counting = Counting()
    dummy, time = run([counting.job(str(number), 2) for number in range(9)], 3)
    assert counting.most == 3
    assert time == 6


def test_a_busy_appliance_gets_fewer() -> None:
    counting = Counting()
    jobs = [counting.job(str(number), 1, busy=number == 3) for number in range(12)]
    dummy, time = run(jobs, 4)
    assert time == 4  # 4 at once, then 3


def test_errors_are_outcomes() -> None:
    outcomes, dummy = run([failing("x"), Counting().job("b", 5)], 2)
    assert isinstance(outcomes[0], FortiViewError) and outcomes[1] == "b"


def test_the_first_error_may_stop_the_rest_which_tidies_up() -> None:
    counting = Counting()
    outcomes, time = run([failing("x"), counting.job("b", 5), counting.job("c", 5)], 2, stop=True)
    assert outcomes[1:] == [None, None]
    assert counting.closed == ["b"]
    assert time == 1


def test_jobs_are_closed_when_the_run_is_interrupted() -> None:
    counting = Counting()

    def interrupted() -> Job[str]:
        yield Pause(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run([counting.job("a", 5), interrupted()], 2)
    assert counting.closed == ["a"]
