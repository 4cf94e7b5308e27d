# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Polling: few polls, and a finished task noticed soon, whatever the progress figure does. No real time passes."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.pace import Pace

Progress = t.Callable[[float], t.Optional[float]]


def play(duration: float, progress: Progress, latency: float = 0.01) -> tuple[int, float]:
    """How many polls a task takes, and how late its end is noticed."""
    elapsed, polls = 0.0, 0
    pace = Pace()
    while True:
        polls += 1
        elapsed += latency
        if elapsed >= duration:
            return polls, elapsed - duration
        elapsed += pace.pause(elapsed, progress(elapsed / duration))


def linear(part: float) -> float:
    return int(100 * part)


def steps(part: float) -> float:
    return 25 * int(4 * part)


def slow_start(part: float) -> float:
    return int(100 * part**3)


def fast_start(part: float) -> float:
    return min(99, int(100 * part**0.3))


@pytest.mark.parametrize("progress", [linear, steps])
@pytest.mark.parametrize("duration", [0.3, 1.0, 2.3, 3.0, 3.7, 10.0, 60.0, 240.0])
def test_the_end_is_noticed_soon_with_few_polls(duration: float, progress: Progress) -> None:
    polls, late = play(duration, progress)
    assert late <= max(0.25, 0.05 * duration)
    assert polls <= (12 if duration <= 3 else 25 if duration <= 60 else 75)


@pytest.mark.parametrize("progress", [slow_start, fast_start, lambda part: None, lambda part: 0, lambda part: 40])
@pytest.mark.parametrize("duration", [1.0, 3.0, 60.0])
def test_with_misleading_progress_no_poll_is_later_than_the_longest_pause(progress: Progress, duration: float) -> None:
    polls, late = play(duration, progress)
    assert late <= 5.02
    assert polls <= 110


@pytest.mark.parametrize("progress", [lambda part: None, lambda part: 40])
@pytest.mark.parametrize("duration", [1.0, 3.0, 60.0])
def test_without_moving_progress_the_end_is_noticed_soon(duration: float, progress: Progress) -> None:
    dummy, late = play(duration, progress)
    assert late <= max(0.25, 0.05 * duration)
