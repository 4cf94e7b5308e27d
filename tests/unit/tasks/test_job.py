# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job, driven by hand: what it returns, what it deletes, and what its errors say."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    DeadlineExceeded,
    FortiViewError,
    TaskGone,
)
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.refusals import classify
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import Reply
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import Request
from ansible_collections.secops.fortiview.plugins.module_utils._query.results import Result
from ansible_collections.secops.fortiview.plugins.module_utils._query.tickets import Ticket
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.job import Job
from unit.tasks.support import Caller, documented, live, request, sources


def job(caller: Caller, asked: t.Optional[Request] = None, **run: t.Any) -> Job:
    wait_timeout = run.pop("wait_timeout", 300.0)
    return Job(caller.run(wait_timeout, **run), lambda dummy: asked or request())


def ask(caller: Caller, asked: t.Optional[Request] = None, **run: t.Any) -> Result:
    return t.cast(Result, caller.drive(job(caller, asked, **run).ask()))


def failed(caller: Caller, steps: t.Any) -> FortiViewError:
    with pytest.raises(FortiViewError) as caught:
        caller.drive(steps)
    return caught.value


def test_submit_leaves_the_task() -> None:
    caller = Caller()
    ticket = caller.drive(job(caller).submit())
    assert isinstance(ticket, Ticket)
    assert (ticket.tid, caller.polls, caller.deleted) == (1, [], [])


def test_ask_reads_every_page_and_deletes_every_task() -> None:
    caller = Caller(live(sources(1000)), live(sources(1200, 1000)))
    result = ask(caller, request(2000))
    assert (len(result.rows), result.complete, result.total, result.polls) == (1200, True, 1200, 2)
    assert [params.get("offset", 0) for params in caller.submits] == [0, 1000]
    assert caller.deleted == ["1", "2"]
    assert result.ticket.tid == 1
    assert caller.progress[-1].startswith("top-sources root tid 1: done, 1200 rows in ")


def test_no_rows_are_asked_for_in_another_way_before_they_are_believed() -> None:
    caller = Caller(live([]))
    result = ask(caller)
    assert (result.rows, result.complete, result.total) == ([], True, 0)
    assert [params["device"][0] for params in caller.submits] == [
        {"devid": "FG100FTK20000001"},
        {"devname": "FG100FTK20000001"},
        {"devid": "FG100FTK20000001"},
    ]
    assert any("does not have" in text for text in result.warnings)


def test_a_device_that_is_unknown_under_its_other_key_has_no_rows() -> None:
    caller = Caller(live([]))
    add = caller.call

    def strict(method: str, params: t.Any, give_up_at: t.Optional[float] = None) -> Reply:
        if method == "add" and "devname" in params["device"][0]:
            raise classify(-1, "None of the devices is known")
        return add(method, params, give_up_at)

    caller.call = strict  # type: ignore[method-assign]
    assert (ask(caller).rows, caller.deleted) == ([], ["1", "2"])


def test_the_page_limit_of_a_refusal_is_taken() -> None:
    caller = Caller(live(sources(200)), live(sources(300, 200)))
    caller.submit_errors = [classify(-1, "limit: 300 is bigger than max value 200")]
    assert len(ask(caller, request(300)).rows) == 300
    assert [params["limit"] for params in caller.submits] == [200, 100]


@pytest.mark.parametrize("pauses", [0, 1])
def test_a_job_that_is_closed_deletes_its_task(pauses: int) -> None:
    caller = Caller(live(percentage=5))
    steps = job(caller).ask()
    for _number in range(1 + pauses):
        next(steps)
    steps.close()
    assert caller.deleted == (["1"] if pauses else [])


def test_a_timeout_of_the_first_page_leaves_its_task() -> None:
    caller = Caller(live(percentage=5))
    error = failed(caller, job(caller, wait_timeout=20.0).ask())
    assert isinstance(error, DeadlineExceeded)
    failure = error.to_fail_json()
    assert (failure["tid"], caller.deleted) == (1, [])
    assert "task 1 at 5 %" in failure["msg"] and "still on FortiAnalyzer" in failure["msg"]


def test_a_timeout_of_a_later_page_leaves_none() -> None:
    caller = Caller(live(sources(1000)), live(percentage=5))
    failure = failed(caller, job(caller, request(2000), wait_timeout=20.0).ask()).to_fail_json()
    assert (failure["tid"], caller.deleted) == (1, ["1", "2"])
    assert "still on FortiAnalyzer" not in failure["msg"] and "on_gone=resubmit" in failure["msg"]


def test_a_timeout_of_a_run_that_leaves_no_tasks() -> None:
    caller = Caller(live(percentage=5))
    failure = failed(caller, job(caller, wait_timeout=20.0, leaves_tasks=False).ask()).to_fail_json()
    assert ("tasks" in failure, caller.deleted) == (False, ["1"])
    assert "The task was deleted" in failure["msg"]


def test_a_refused_submit_has_advice() -> None:
    caller = Caller()
    caller.submit_errors = [classify(-3, "Object does not exist")]
    assert "check adom" in str(failed(caller, job(caller).ask()))


def held(**more: t.Any) -> Ticket:
    asked = request(**more)
    return Ticket(asked, 12, "2026-03-02T08:00:00Z", {**(asked.params or {}), "limit": 50})


def test_read_leaves_the_task_unless_it_is_to_be_deleted() -> None:
    for delete, deleted in ((False, []), (True, ["12"])):
        caller = Caller(live(sources(3)))
        result = caller.drive(job(caller).read(held(), wait=True, delete=delete))
        assert (len(result.rows), result.complete, result.ticket.tid) == (3, True, 12)
        assert (caller.submits, caller.deleted) == ([], deleted)


@pytest.mark.parametrize(
    "reply, status", [(live(sources(2), 40), "running"), (documented([], status="pending"), "pending")]
)
def test_read_without_waiting_returns_no_rows_of_a_running_task(reply: Reply, status: str) -> None:
    caller = Caller(reply)
    result = caller.drive(job(caller).read(held(), wait=False, delete=True))
    assert (result.status, result.rows, result.complete, len(caller.polls)) == (status, [], False, 1)
    assert caller.deleted == []


def test_read_without_waiting_polls_a_finished_task_once() -> None:
    caller = Caller(live(sources(2)))
    result = caller.drive(job(caller).read(held(), wait=False, delete=False))
    assert (result.status, result.complete, len(caller.polls)) == ("done", True, 1)


@pytest.mark.parametrize(("later", "complete"), [(live(sources(2), None), True), (live(sources(9), None), False)])
def test_read_without_waiting_believes_rows_without_progress_only_where_they_stay(later: Reply, complete: bool) -> None:
    """They may be partial sums of a task that runs."""
    caller = Caller(live(sources(2), None), later)
    result = caller.drive(job(caller).read(held(), wait=False, delete=False))
    assert (result.complete, len(result.rows), len(caller.polls)) == (complete, 2 if complete else 0, 2)
    assert caller.time >= 1001.0


def test_read_without_waiting_takes_rows_that_can_be_read_once() -> None:
    caller = Caller(live(sources(2), None), TaskGone("Invalid task ID", -3))
    result = caller.drive(job(caller).read(held(), wait=False, delete=False))
    assert (result.complete, len(result.rows)) == (True, 2) and any(
        "returned the task only once" in one for one in result.warnings
    )


def test_read_without_waiting_does_not_wait_for_logs_without_progress() -> None:
    caller = Caller(live(sources(2), None))
    result = caller.drive(job(caller, request(logs=True)).read(held(logs=True), wait=False, delete=False))
    assert (result.status, result.complete, result.rows) == ("running", False, []) and caller.time < 1010.0


def test_a_task_that_is_gone_is_an_error_that_names_it() -> None:
    caller = Caller(TaskGone("Invalid task ID", -3))
    steps = Job(caller.run(), lambda dummy: request(), resubmit=False).read(held(), wait=True, delete=False)
    assert failed(caller, steps).to_fail_json()["tid"] == 12


def test_masked_rows_are_marked() -> None:
    result = ask(Caller(live(sources(1), **{"masked-fields": ["srcip"]})))
    assert (result.masked_fields, result.rows[0]["masked_fields"]) == (["srcip"], ["srcip"])
    assert any("masks this column, so it contains no real values: srcip." in text for text in result.warnings)
