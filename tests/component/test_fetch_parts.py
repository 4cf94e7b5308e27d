# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Further parts of one task, by limit and offset of the fetch: a part that is lost, repeated or of another task never completes a
result. And what an error says of tasks that were read and deleted already."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    DeadlineExceeded,
    FortiViewError,
    ProtocolError,
    TaskFailed,
)
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import Limits

from component.scripted import Params, Scripted, documented, live, threats

REFUSED = {"result": [{"status": {"code": -1, "message": "None of the devices is known"}}]}


def done(rows: list[Params], **more: t.Any) -> Params:
    return documented(status="done", percentage=100, threats=rows, **more)


def in_parts(part_at: t.Callable[[int, int], Params], count: int = 100) -> Scripted:
    """The first fetch returns `count` rows and no total; `part_at(offset, limit)` is every further part. A task with another offset
    has the rows from there on that `part_at` names."""
    box = Scripted(lambda params, poll: None)

    def fetch(params: Params, dummy: int) -> Params:
        if "data" in params:
            return part_at(params["data"]["offset"], params["data"]["limit"])
        offset = box.submits[int(params["url"].rsplit("/", 1)[1]) - 1].get("offset", 0)
        return done(threats(count)) if not offset else part_at(offset, 1000)

    box.fetch = fetch
    return box


def test_a_part_that_failed_is_an_error() -> None:
    with pytest.raises(TaskFailed):
        in_parts(lambda offset, limit: documented(status="expired")).ask(limit=1000)


def test_a_part_without_a_state_does_not_end_the_rows() -> None:
    """Rows behind the part that was not recognised are found by a task with an offset."""
    box = in_parts(lambda offset, limit: documented(threats=[]))
    plain = box.fetch
    box.fetch = lambda params, poll: plain(params, poll) if len(box.submits) == 1 else done(threats(33, 100))
    answer = box.ask(limit=1000)
    assert (len(answer.rows), answer.complete) == (133, True)


def test_rows_of_a_part_that_is_still_running_are_not_taken() -> None:
    box = in_parts(lambda offset, limit: documented(status="running", percentage=40, threats=threats(3, 500)))
    plain = box.fetch
    box.fetch = lambda params, poll: plain(params, poll) if len(box.submits) == 1 else done(threats(33, 100))
    assert [row["threat"] for row in box.ask(limit=1000).rows] == [f"T{number}" for number in range(133)]


def test_a_part_of_another_task_is_an_error() -> None:
    with pytest.raises(ProtocolError):
        in_parts(lambda offset, limit: done(threats(30, 100), tid=99)).ask(limit=1000)


@pytest.mark.parametrize("total", [130, 137, 200, 260, 1900])
def test_a_part_that_repeats_rows_is_no_further_row(total: int) -> None:
    """An offset behind the last full page is answered by the last page."""

    def part_at(offset: int, dummy: int) -> Params:
        start = min(offset, total - 100)
        return done(threats(100, start))

    box = in_parts(part_at)
    try:
        answer = box.ask(limit=1000)
    except FortiViewError:
        return
    names = [row["threat"] for row in answer.rows]
    assert len(set(names)) == len(names)
    assert not answer.complete or len(names) == min(total, 1000)


def two_pages(second: t.Callable[[int], Params]) -> Scripted:
    box = Scripted(lambda params, poll: live(percentage=100, data=threats(1000)) if poll == 1 else second(poll))
    return box


def test_an_error_does_not_say_that_a_deleted_task_is_still_there() -> None:
    """The first page was read and its task deleted; the deadline came with the second one."""
    box = two_pages(lambda poll: live(percentage=5))
    with pytest.raises(DeadlineExceeded) as caught:
        box.ask(Limits(wait_timeout=20.0), limit=2500)
    failure = caught.value.to_fail_json()
    assert len(box.deleted) == len(box.submits) == 2
    assert "still on FortiAnalyzer" not in failure["msg"]
    assert "on_gone=resubmit" in failure["msg"] and "wait_timeout" in failure["msg"]
    # The percentage is that of another task than the one that is named.
    assert "at 5 %" not in failure["msg"]


def devices(box: Scripted, *answers: tuple[list[str], t.Callable[[], Params]]) -> None:
    """What is answered to a task for these devices."""
    known = {tuple(names): answer for names, answer in answers}

    def fetch(params: Params, dummy: int) -> Params:
        asked = box.submits[int(params["url"].rsplit("/", 1)[1]) - 1]
        return known[tuple(next(iter(device.values())) for device in asked["device"])]()

    box.fetch = fetch


ONE, TWO = "FG100FTK20000001", "FG100FTK20000002"
SEEN = {"threat": "T", "devid": ONE}


def test_a_look_for_other_devices_that_is_cut_off_leaves_no_ticket_of_its_own() -> None:
    """A second device that no row names is looked for under its other key, by a task of one row. The ticket in an error is still that
    of the whole query."""
    box = Scripted(lambda params, poll: None)
    devices(
        box,
        ([ONE, TWO], lambda: live(percentage=100, data=[SEEN])),
        ([TWO, TWO.lower()], lambda: live(percentage=5)),
    )
    with pytest.raises(DeadlineExceeded) as caught:
        box.ask(Limits(wait_timeout=20.0), device=[ONE, TWO])
    failure = caught.value.to_fail_json()
    assert len(box.deleted) == len(box.submits) == 2
    for ticket in failure.get("tasks", []):
        assert (ticket["tid"], ticket["request"]["limit"]) == (1, ticket["limit"])
    assert "still on FortiAnalyzer" not in failure["msg"]


def test_a_look_for_other_devices_that_is_refused_keeps_the_rows() -> None:
    """FortiAnalyzer does not know the device under its other key, so the first key was right."""
    box = Scripted(lambda params, poll: None)
    devices(box, ([ONE, TWO], lambda: live(percentage=100, data=[SEEN])))
    submitted = box.submitted

    def strict(params: Params) -> t.Any:
        names_only = any("devname" in device for device in params["device"])
        return REFUSED if names_only else submitted(params)

    box.submitted = strict  # type: ignore[method-assign]
    answer = box.ask(device=[ONE, TWO])
    assert ([row["threat"] for row in answer.rows], answer.complete) == (["T"], True)
