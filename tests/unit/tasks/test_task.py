# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the replies to the polls of one task prove about its end."""

from __future__ import annotations

import datetime as dt
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import TaskFailed
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import Reply, decode
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import Scope
from ansible_collections.secops.fortiview.plugins.module_utils._query.tickets import Ticket
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.task import (
    ASSUMED,
    DONE,
    RUNNING,
    Task,
    age_of,
    ended_early,
    whole_at_submit,
)
from hypothesis import given
from hypothesis import strategies as st
from unit.tasks.support import NOW, OK, documented, live, request, sources

SILENT = decode({"id": 1})
BARE = live(sources(2), None)


def make(age: t.Optional[float] = 0.0, owned: bool = True, **more: t.Any) -> Task:
    return Task(Ticket(request(**more), 7), 100.0, age=age, owned=owned)


def verdicts(task: Task, *replies: Reply) -> list[str]:
    """One poll each second."""
    found = []
    for number, reply in enumerate(replies):
        task.take(reply)
        found.append(task.verdict(reply, 100.0 + number))
    return found


@pytest.mark.parametrize(
    "replies, expected",
    [
        ([live(percentage=30), live(sources(2))], [RUNNING, DONE]),
        ([documented(sources(2), status="running"), documented(sources(2))], [RUNNING, DONE]),
        # Rows that do not say whether they are all are looked at twice.
        ([BARE, live(sources(1), None), BARE, BARE], [RUNNING, RUNNING, RUNNING, DONE]),
        # A task that reports progress also reports that it is done.
        ([live(percentage=30), SILENT, SILENT, SILENT, SILENT, SILENT, SILENT, SILENT], [RUNNING] * 8),
        ([live(percentage=30), BARE, BARE], [RUNNING, RUNNING, ASSUMED]),
        # Without progress and rows, silence counts as done after some polls and some time.
        ([SILENT] * 6, [RUNNING] * 5 + [DONE]),
    ],
)
def test_verdicts(replies: list[Reply], expected: list[str]) -> None:
    assert verdicts(make(), *replies) == expected


def test_a_log_search_always_reports_its_end() -> None:
    assert verdicts(make(logs=True), BARE, BARE, SILENT, live(sources(2))) == [RUNNING, RUNNING, RUNNING, DONE]


def test_the_longer_the_time_range_the_longer_the_patience() -> None:
    week = {"start": "2026-03-01 00:00:00", "end": "2026-03-04 00:00:00"}
    assert verdicts(make(time_range=week), *[SILENT] * 16) == [RUNNING] * 15 + [DONE]


def test_a_task_that_failed_is_an_error() -> None:
    with pytest.raises(TaskFailed):
        make().verdict(documented([], status="failed"), 100.0)


@given(st.lists(st.sampled_from([0, 10, 55, 99]), min_size=1), st.integers(0, 3))
def test_no_task_below_a_hundred_percent_is_done(percentages: list[int], rows: int) -> None:
    assert set(verdicts(make(), *[live(sources(rows), number) for number in percentages])) == {RUNNING}


def test_a_task_may_be_unknown_for_a_moment_after_its_submit() -> None:
    task = make()
    assert [task.registration_pause(100.0 + number) for number in range(7)] == [0.5, 1.0, 1.0, 1.0, 1.0, 1.0, None]


@pytest.mark.parametrize("age", [None, 60.0])
def test_an_old_task_that_is_unknown_is_gone(age: t.Optional[float]) -> None:
    assert make(age).registration_pause(100.0) is None


def test_a_task_that_was_known_is_gone() -> None:
    task = make()
    task.take(live(percentage=30))
    assert task.registration_pause(100.5) is None


def test_rows_of_a_task_that_can_be_read_once_only() -> None:
    task = make()
    verdicts(task, BARE)
    assert task.last_rows is BARE
    reporting = make()
    verdicts(reporting, live(percentage=30), BARE)
    assert reporting.last_rows is None


def test_a_task_that_is_settled_is_not_polled_again() -> None:
    task = make(owned=False)
    assert task.settled is None
    task.settle(BARE)
    assert (task.settled, task.verdict(BARE, 100.0)) == (BARE, DONE)


def test_ownership() -> None:
    task = make(owned=False)
    assert (task.owned, task.deleted) == (False, False)
    task.own()
    assert task.owned
    task.release()
    assert (task.owned, task.deleted) == (False, True)


@pytest.mark.parametrize(
    "reply, scoped, whole",
    [
        (documented(sources(1)), True, True),
        (decode({"result": {"status": OK, "data": sources(1)}}), True, True),
        (decode({"result": {"status": OK, "data": sources(1)}}), False, False),
        (live(sources(1)), False, True),
        (documented(sources(1), total=2), True, False),
        (live(sources(1), 50), False, False),
        (live([]), True, False),
    ],
)
def test_rows_with_the_submit(reply: Reply, scoped: bool, whole: bool) -> None:
    assert whole_at_submit(request(scope=Scope("FGT1", "root") if scoped else None), reply) is whole


@pytest.mark.parametrize(
    "reply, offset, early",
    [
        (documented([], total=7), 0, True),
        (documented([], total=7), 7, False),
        (documented(sources(1), total=7), 0, False),
        (documented([]), 0, False),
    ],
)
def test_a_task_that_counts_rows_and_has_none_ended_early(reply: Reply, offset: int, early: bool) -> None:
    assert ended_early(request(), reply, offset) is early


@pytest.mark.parametrize(
    "submitted_at, age",
    [
        ("2026-03-02T08:59:00Z", 60.0),
        ("2026-03-02T09:00:00+00:00", 0.0),
        ("2026-03-02T09:01:00Z", None),
        ("2026-03-02T08:59:00", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_the_age_of_a_ticket(submitted_at: t.Optional[str], age: t.Optional[float]) -> None:
    assert age_of(Ticket(request(), 7, submitted_at), NOW) == age


@given(st.text(max_size=30) | st.datetimes().map(dt.datetime.isoformat))
def test_any_text_for_the_time_of_a_submit(text: str) -> None:
    age = age_of(Ticket(request(), 7, text), NOW)
    assert age is None or age >= 0
