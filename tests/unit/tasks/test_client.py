# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One call about a task at a time, under the deadline of its job."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    ApiError,
    DeadlineExceeded,
    FortiViewError,
    ProtocolError,
    Throttled,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import Reply, decode
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import Page
from ansible_collections.secops.fortiview.plugins.module_utils._query.tickets import Ticket
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.client import TaskClient
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.run import Warnings
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.task import Task
from unit.tasks.support import OK, Caller, live, request, sources


def made(*replies: t.Union[Reply, Exception], **more: t.Any) -> tuple[Caller, TaskClient, Task]:
    caller = Caller(*replies)
    window = more.pop("window", None)
    client = TaskClient(caller.run(**more), Warnings(), window)
    return caller, client, client.submit(request(), Page(50, 0))


def test_a_submit_makes_a_task() -> None:
    caller, dummy, task = made(live())
    assert (task.tid, task.owned, task.settled) == (1, True, None)
    assert task.ticket.sent == caller.submits[0]
    assert task.ticket.submitted_at == "2026-03-02T09:00:00Z"


def test_a_submit_without_a_task_id_is_an_error() -> None:
    caller, client, dummy = made(live())
    caller.call = lambda *rest: decode({"result": {"status": OK}})  # type: ignore[method-assign]
    with pytest.raises(ApiError, match="no task id"):
        client.submit(request(), Page(50, 0))


@pytest.mark.parametrize("verb", ["poll", "fetch"])
def test_a_reply_about_another_task_is_an_error(verb: str) -> None:
    dummy, client, task = made(live(sources(1), tid=99))
    with pytest.raises(ProtocolError, match="for task 99 instead of task"):
        client.poll(task) if verb == "poll" else client.fetch(task, 100, 100)


def test_polls_name_the_window_of_a_part() -> None:
    caller, client, task = made(live(sources(1)), window={"limit": 15, "offset": 0})
    client.poll(task)
    client.fetch(task, 100, 200)
    assert [params["data"] for params in caller.polls] == [{"limit": 15, "offset": 0}, {"limit": 100, "offset": 200}]
    assert client.polls == 1


def test_a_log_search_is_read_with_the_limit_of_its_submit() -> None:
    caller, client, dummy = made(live(sources(1)))
    client.poll(Task(Ticket(request(logs=True), 3, None, {"limit": 500}), 1000.0, age=0.0, owned=True))
    assert caller.polls[0]["limit"] == 500
    assert caller.polls[0]["url"] == "/logview/adom/root/logsearch/3"


def test_progress_is_reported_when_it_changes() -> None:
    caller, client, task = made(live(percentage=10), live(percentage=10), live(sources(1)))
    for _number in range(3):
        client.poll(task)
    assert caller.progress == ["top-sources root tid 1 10 %", "top-sources root tid 1 100 %"]


def test_a_pause_ends_at_the_deadline() -> None:
    caller, client, dummy = made(live(), wait_timeout=10.0)
    assert client.pause(60.0).seconds == 10.0
    caller.time += 4.0
    assert client.pause(60.0, busy=True) == (6.0, True)
    assert not client.is_late
    caller.time += 6.0
    assert client.is_late
    with pytest.raises(DeadlineExceeded, match=r"wait_timeout \(10 s\)"):
        client.pause(0)


def test_no_call_begins_long_after_the_deadline() -> None:
    caller, client, task = made(live(), wait_timeout=10.0)
    caller.time += 10.5
    client.poll(task)
    caller.time += 1.0
    with pytest.raises(DeadlineExceeded):
        client.poll(task)
    client.start()
    client.poll(task)


def test_a_task_is_deleted_once_and_by_its_owner_alone() -> None:
    caller, client, task = made(live())
    client.delete(Task(Ticket(request(), 5), 1000.0, age=None, owned=False))
    client.delete(task)
    client.delete(task)
    assert caller.deleted == ["1"]


@pytest.mark.parametrize(
    "error, deletes", [(Throttled("busy"), 2), (FortiViewError("no"), 2), (TransportError("broken"), 1)]
)
def test_a_delete_that_fails_is_no_error(error: FortiViewError, deletes: int) -> None:
    """After one that got no reply, no other task is deleted: the next one would hold up the result too."""
    caller, client, task = made(live())
    caller.delete_error = error
    client.delete(task)
    client.delete(client.submit(request(), Page(50, 0)))
    assert len(caller.deleted) == deletes


def test_raw_replies_hold_no_session() -> None:
    dummy, client, task = made(decode({"session": "secret", "result": {"data": []}}), keep_raw=True)
    client.poll(task)
    assert "secret" not in str(client.raw) and len(client.raw or []) == 2
    assert made(live())[1].raw is None


def test_text_that_is_not_clean_is_one_warning() -> None:
    reply = live(sources(1))
    reply.unclean = True
    caller, warnings = Caller(reply), Warnings()
    client = TaskClient(caller.run(), warnings)
    task = client.submit(request(), Page(50, 0))
    client.poll(task)
    client.poll(task)
    assert len(warnings.texts) == 1 and "invalid text" in warnings.texts[0]
