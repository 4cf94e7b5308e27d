# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signals that would cut off a login or a clean-up arrive after it, and none is lost."""

from __future__ import annotations

import signal
import threading
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._connection.interruption import SIGNALS, held_back


@pytest.fixture(params=SIGNALS)
def arrived(request: pytest.FixtureRequest) -> t.Iterator[tuple[signal.Signals, list[int]]]:
    """A signal, and the list of those that reached their handler."""
    seen: list[int] = []
    before = signal.signal(request.param, lambda number, _frame: seen.append(number))
    try:
        yield request.param, seen
    finally:
        signal.signal(request.param, before)


def send(number: int) -> None:
    """To this thread, because a signal of the process may be taken by a thread that another test has left."""
    signal.pthread_kill(threading.get_ident(), number)


def test_a_signal_waits_for_the_end(arrived: tuple[signal.Signals, list[int]]) -> None:
    number, seen = arrived
    with held_back():
        send(number)
        assert seen == []
    assert seen == [number]


def test_a_signal_arrives_also_after_an_error(arrived: tuple[signal.Signals, list[int]]) -> None:
    number, seen = arrived
    with pytest.raises(ZeroDivisionError), held_back():
        send(number)
        1 / 0  # noqa: B018
    assert seen == [number]


def test_the_end_of_an_inner_part_releases_nothing(arrived: tuple[signal.Signals, list[int]]) -> None:
    number, seen = arrived
    with held_back():
        send(number)
        with held_back():
            pass
        assert seen == []
    assert seen == [number]


def test_threads_that_are_started_in_it_take_no_signals() -> None:
    masks: list[set[int]] = []
    with held_back():
        thread = threading.Thread(target=lambda: masks.append(set(signal.pthread_sigmask(signal.SIG_BLOCK, ()))))
        thread.start()
    thread.join()
    assert set(SIGNALS) <= masks[0]
