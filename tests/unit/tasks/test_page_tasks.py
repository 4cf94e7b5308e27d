# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of the pages of a request: which errors are overcome, how often, and with which warning."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    ApiError,
    FortiViewError,
    Incomplete,
    NotPermitted,
    SlotsBusy,
    TaskFailed,
    TaskGone,
    Throttled,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.refusals import classify
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import Reply
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import Page, Request
from ansible_collections.secops.fortiview.plugins.module_utils._query.tickets import Ticket
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.client import TaskClient
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.page_tasks import PageTasks
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.run import Warnings
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.task import Task
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.variants import Variants
from unit.tasks.support import Caller, documented, live, request, sources

PAGE = Page(50, 0)
WHOLE = live(sources(2))
GONE = TaskGone("Invalid task ID", -3)


class Played:
    """One page, from its submit to its reply."""

    def __init__(
        self,
        *replies: t.Union[Reply, Exception],
        asked: t.Optional[Request] = None,
        resubmit: bool = True,
        several: bool = False,
    ) -> None:
        self.caller = Caller(*replies)
        self.notes = Warnings()
        run = self.caller.run(several=several)
        self.client = TaskClient(run, self.notes)
        self.asked = asked or request()
        variants = Variants(run.formats, lambda formats: self.asked, self.notes)
        self.tasks = PageTasks(run=run, client=self.client, variants=variants, warnings=self.notes, resubmit=resubmit)

    def finish(self) -> Reply:
        self.caller.drive(self.tasks.submit(PAGE))
        return t.cast(Reply, self.caller.drive(self.tasks.finish(PAGE)))

    def read(self) -> Reply:
        """A task of another run, which is given by its ticket."""
        self.tasks.hold(Task(Ticket(self.asked, 12), self.caller.time, age=None, owned=False))
        return t.cast(Reply, self.caller.drive(self.tasks.finish(PAGE)))


@pytest.mark.parametrize(
    "errors",
    [
        [SlotsBusy("No slot")],
        [SlotsBusy("No slot")] * 4,
        [Throttled("HTTP 429", retry_after=3.0)],
        [TransportError("broken", processed=True)],
    ],
)
def test_a_submit_is_repeated(errors: list[Exception]) -> None:
    played = Played(WHOLE)
    played.caller.submit_errors = errors
    assert played.finish() is WHOLE


@pytest.mark.parametrize(
    "errors",
    [
        [TransportError("broken", processed=True)] * 2,
        [TransportError("refused", processed=False)],
        [classify(-3, "Object does not exist")],
    ],
)
def test_a_submit_is_not_repeated(errors: list[Exception]) -> None:
    played = Played(WHOLE)
    played.caller.submit_errors = list(errors)
    with pytest.raises(FortiViewError):
        played.finish()
    assert played.caller.submits == []


def test_a_busy_fortianalyzer_gets_longer_pauses_until_the_deadline() -> None:
    played = Played(WHOLE)
    played.caller.submit_errors = [SlotsBusy("No slot")] * 100
    with pytest.raises(SlotsBusy):
        played.finish()
    assert played.caller.time == 1300.0
    assert len(played.caller.submit_errors) > 80


def test_a_task_that_is_not_registered_yet_is_polled_again() -> None:
    played = Played(GONE, GONE, WHOLE)
    assert played.finish() is WHOLE
    assert (len(played.caller.submits), played.notes.texts) == (1, [])


def test_a_task_that_is_lost_is_submitted_again_and_later_ones_are_read_later() -> None:
    played = Played(live(percentage=20), GONE, WHOLE)
    assert played.finish() is WHOLE
    assert (len(played.caller.submits), played.caller.deleted) == (2, ["1"])
    assert "Task 1 was lost" in played.notes.texts[0]
    assert played.caller.formats.patient
    ticket = played.tasks.ticket
    assert ticket is not None and ticket.tid == 2


def test_a_task_is_submitted_again_three_times_at_most() -> None:
    played = Played(documented([], total=7))
    with pytest.raises(Incomplete, match="FortiAnalyzer counts 7"):
        played.finish()
    assert len(played.caller.submits) == 4


@pytest.mark.parametrize("resubmit, params", [(False, {"device": []}), (True, None)])
def test_a_given_task_that_is_gone_is_an_error(resubmit: bool, params: t.Any) -> None:
    played = Played(GONE, asked=request(params=params), resubmit=resubmit)
    with pytest.raises(TaskGone):
        played.read()
    assert played.caller.submits == []


def test_a_given_task_that_is_gone_is_submitted_where_that_is_wanted() -> None:
    played = Played(GONE, WHOLE)
    assert played.read() is WHOLE
    assert (len(played.caller.submits), played.caller.formats.patient) == (1, False)


def test_an_error_that_passes_is_overcome_twice() -> None:
    passing = ApiError("Internal error", -32603)
    assert Played(passing, passing, WHOLE).finish() is WHOLE
    with pytest.raises(ApiError, match="Internal error"):
        Played(passing, passing, passing, WHOLE).finish()


def test_a_task_that_failed_is_not_submitted_again() -> None:
    played = Played(documented([], status="failed"))
    with pytest.raises(TaskFailed):
        played.finish()
    assert len(played.caller.submits) == 1


@pytest.mark.parametrize("several, reads", [(True, 6), (False, 1)])
def test_a_refused_read_is_repeated_where_several_tasks_run(several: bool, reads: int) -> None:
    played = Played(NotPermitted("No permission", -11), several=several)
    with pytest.raises(NotPermitted):
        played.finish()
    assert len(played.caller.polls) == reads


def test_the_short_path_is_learned_once() -> None:
    played = Played(classify(-3, "Unknown url"), WHOLE)
    assert played.finish() is WHOLE
    assert [params["url"].count("/run/") for params in played.caller.polls] == [1, 0]


def test_the_ticket_is_that_of_the_first_page() -> None:
    played = Played(WHOLE)
    played.finish()
    played.caller.drive(played.tasks.submit(Page(50, 50)))
    task, ticket = played.tasks.task, played.tasks.ticket
    assert task is not None and ticket is not None
    assert (task.tid, ticket.tid) == (2, 1)
    played.tasks.delete()
    assert played.caller.deleted == ["2"]
