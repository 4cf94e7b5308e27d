# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies that would make a wrong answer look whole, played by a scripted appliance: each ends right or in an error."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    DeadlineExceeded,
    FortiViewError,
    Incomplete,
    ProtocolError,
    Throttled,
)
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import decode
from ansible_collections.secops.fortiview.plugins.module_utils._query.queries import parse_queries
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import Limits, ask_all

from component.scripted import Params, Scripted, documented, live, threats

WHOLE = live(percentage=100, data=threats(2))
NOTHING: Params = {"id": 1}


def sequence(*replies: t.Any) -> t.Callable[[Params, int], t.Any]:
    return lambda dummy, poll: replies[min(poll, len(replies)) - 1]


@pytest.mark.parametrize(
    "replies",
    [
        (live(percentage=30), NOTHING, live(percentage=60), NOTHING, live(percentage=90), NOTHING, WHOLE),
        (live(percentage=10), NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, WHOLE),
        (live(percentage=40), live(data=threats(1)), live(data=threats(2)), live(percentage=80), WHOLE),
        (live(percentage=40), live(data=threats(1)), live(percentage=80), live(data=threats(1)), WHOLE),
        (documented(status="running"), NOTHING, NOTHING, NOTHING, NOTHING, WHOLE),
        (NOTHING, NOTHING, NOTHING, WHOLE),
        (live(percentage=100, status="running"), WHOLE),
        (documented(status="ok", threats=threats(1)), WHOLE),
    ],
)
def test_a_task_that_told_progress_tells_its_end(replies: tuple[t.Any, ...]) -> None:
    assert len(Scripted(sequence(*replies)).ask().rows) == 2


def test_the_last_reply_may_name_no_percentage() -> None:
    box = Scripted(sequence(live(percentage=40), live(data=threats(1)), live(data=threats(2)), live(data=threats(2))))
    answer = box.ask()
    assert (len(answer.rows), answer.complete, answer.polls) == (2, True, 4)
    assert answer.elapsed >= 2
    assert any("contained no percentage" in text for text in answer.warnings)


def test_a_last_reply_without_a_percentage_and_without_rows_is_no_answer() -> None:
    with pytest.raises(DeadlineExceeded):
        Scripted(sequence(live(percentage=40), live(data=[]))).ask()


def test_a_task_that_reported_progress_and_is_lost_before_a_second_look_is_submitted_again() -> None:
    gone = {"id": 1, "result": [{"status": {"code": -3, "message": "Invalid task ID"}}]}
    box = Scripted(sequence(live(percentage=40), live(data=threats(1)), gone, WHOLE))
    assert (len(box.ask().rows), len(box.submits)) == (2, 2)


def test_progress_is_reported_when_it_changes() -> None:
    told: list[str] = []
    box = Scripted(sequence(live(percentage=10), live(percentage=10), live(percentage=10), live(percentage=60), WHOLE))
    ask_all(
        box,
        parse_queries({"view": "top-threats", "time_range": {"last": "1h"}}),
        Limits(),
        box.context._replace(progress=told.append),
    )
    assert [text.rsplit(" ", 2)[1] for text in told[:-1]] == ["10", "60", "100"]
    assert ": done, " in told[-1]


def test_rows_that_do_not_say_whether_they_are_all_are_looked_at_twice() -> None:
    box = Scripted(sequence(live(data=threats(1)), live(data=threats(2))))
    answer = box.ask()
    assert (len(answer.rows), answer.polls, answer.percentage) == (2, 3, None)
    assert answer.elapsed >= 2


def test_a_task_that_can_be_read_once_only_is_read_once() -> None:
    gone = {"id": 1, "result": [{"status": {"code": -3, "message": "Invalid task ID"}}]}
    box = Scripted(sequence(live(data=threats(2)), gone))
    answer = box.ask()
    assert (len(answer.rows), len(box.submits)) == (2, 1)
    assert any("returned the task only once" in text for text in answer.warnings)


@pytest.mark.parametrize("last, least", [("1h", 5), ("3d", 15), ("365d", 30)])
def test_silence_is_no_word_that_the_task_is_done(last: str, least: int) -> None:
    """The longer the window, the longer a task may take that tells nothing."""
    answer = Scripted(sequence(NOTHING)).ask(time_range={"last": last})
    assert (answer.rows, answer.complete, answer.percentage, answer.total) == ([], True, None, None)
    assert any("counts as no rows" in text for text in answer.warnings)
    assert answer.elapsed >= least


def test_no_rows_of_a_task_that_is_done_are_no_silence() -> None:
    answer = Scripted(sequence(live(percentage=100, data=[]))).ask()
    assert (answer.percentage, answer.total) == (100, 0)
    assert not any("counts as no rows" in text for text in answer.warnings)


def test_an_empty_answer_is_believed_the_second_time_and_counted() -> None:
    box = Scripted(
        sequence(live(percentage=100, data=[]), live(**{"percentage": 100, "data": [], "total-count-all": 7}), WHOLE)
    )
    assert len(box.ask().rows) == 2
    assert [params.get("count-total") for params in box.submits] == [None, True, True]


@pytest.mark.parametrize(
    "reply",
    [
        live(percentage=100, entries=threats(1)),
        live(**{"percentage": 100, "data": threats(3), "return-lines": 12}),
        live(percentage=100, tid=99, data=threats(1)),
        live(percentage=100, data=[{"threat": "T", "x": [[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]}]),
    ],
)
def test_rows_that_cannot_be_understood_are_an_error(reply: Params) -> None:
    with pytest.raises(ProtocolError):
        Scripted(sequence(reply)).ask()


def test_a_row_that_stands_alone_is_a_row() -> None:
    box = Scripted(sequence(live(**{"percentage": 100, "data": {"threat": "T", "incidents": "4"}, "return-lines": 1})))
    assert box.ask().rows[0]["incidents"] == 4


def test_a_documented_reply_that_holds_a_part_is_not_whole() -> None:
    gone = {"id": 1, "result": [{"status": {"code": -3, "message": "Invalid task ID"}}]}
    box = Scripted(sequence(documented(status="done", percentage=100, total=500, threats=threats(100)), gone))
    with pytest.raises(FortiViewError):
        box.ask(limit=500)


def test_a_part_is_an_error_where_all_rows_were_asked_for() -> None:
    box = Scripted(sequence(documented(status="done", percentage=100, total=25, threats=threats(3))))
    with pytest.raises(FortiViewError, match="counts 25 rows but returned 3"):
        box.task(view="top-threats", device=["FG100FTK20000001"], limit="all")


def test_the_documentations_own_replies_are_read_but_are_no_fact() -> None:
    """They count more rows than they show; of a task whose limit is known, that is a part of an answer."""
    box = Scripted(sequence(documented(status="done", percentage=100, total=25, threats=threats(3))))
    told = box.task(view="top-threats", device=["FG100FTK20000001"])
    result = told["result"]
    assert (result["returned"], result["total"], result["complete"]) == (3, 25, False)
    assert "counts 25" in result["warnings"][0]
    fact = told["ansible_facts"]["fortiview_top_threats"]
    assert (fact["rows"], fact["complete"]) == ([], False)
    assert box.read({"view": "top-threats", "tid": 7}).complete


@pytest.mark.parametrize("total, limit", [(3, 50), (25, 3)])
def test_a_documented_reply_with_all_rows_that_were_wanted_is_whole(total: int, limit: int) -> None:
    box = Scripted(sequence(documented(status="done", percentage=100, total=total, threats=threats(3))))
    assert box.task(view="top-threats", limit=limit)["ansible_facts"]["fortiview_top_threats"]["complete"]


def test_a_drill_down_that_was_answered_at_once_is_deleted() -> None:
    box = Scripted(sequence(WHOLE))
    events = documented(tid=7, status="done", events=[{"event_num": 7, "srcip": "10.1.2.3"}])
    box.submitted = lambda params: events  # type: ignore[method-assign]
    scope = {"serial": "FG100FTK20000001"}
    told = box.task(view="threat-detect-drilldown-blacklist", device_scope=scope, wait=False)
    assert told["result"]["returned"] == 1
    assert box.polls == [] and len(box.deleted) == 1


def test_a_delete_that_was_turned_away_is_not_the_last_one() -> None:
    box = Scripted(sequence(WHOLE))
    delete = box.tidy

    def busy(method: str, params: t.Mapping[str, t.Any]) -> None:
        delete(method, params)
        raise Throttled("HTTP 429", processed=False, worth_repeating=True)

    box.tidy = busy  # type: ignore[method-assign]
    box.task(queries=[{"view": "top-threats", "adom": f"A{number}"} for number in range(5)])
    assert len(box.deleted) == 5


@pytest.mark.parametrize("total", [2, 50])
def test_no_row_that_came_is_thrown_away(total: int) -> None:
    box = Scripted(sequence(documented(status="done", percentage=100, total=total, threats=threats(50))))
    assert len(box.ask(offset=20, limit=50).rows) == 50


def by_offset(rows_at: t.Callable[[int, int], list[Params]], total: int) -> t.Callable[[Scripted], t.Any]:
    def fetch(box: Scripted) -> t.Callable[[Params, int], t.Any]:
        def answer(params: Params, dummy: int) -> t.Any:
            asked = box.submits[int(params["url"].rsplit("/", 1)[1]) - 1]
            rows = rows_at(asked.get("offset", 0), asked["limit"])
            return live(**{"percentage": 100, "data": rows, "total-count-all": total, "return-lines": len(rows)})

        return answer

    return fetch


def paged(rows_at: t.Callable[[int, int], list[Params]], total: int) -> Scripted:
    box = Scripted(lambda params, poll: None)
    box.fetch = by_offset(rows_at, total)(box)
    return box


def test_an_appliance_that_ignores_the_offset_is_found_out() -> None:
    with pytest.raises(Incomplete):
        paged(lambda offset, limit: threats(limit), 2500).ask(limit=2500)


def test_a_ranking_that_moved_is_read_again() -> None:
    sweeps = {"first": True}

    def rows_at(offset: int, limit: int) -> list[Params]:
        if offset == 2000:
            moved, sweeps["first"] = sweeps["first"], False
            return threats(500, 1700 if moved else 2000)
        return threats(min(limit, 2500 - offset), offset)

    answer = paged(rows_at, 2500).ask(limit=2500)
    assert len({row["threat"] for row in answer.rows}) == 2500


def test_pages_shorter_than_asked_are_read_on() -> None:
    answer = paged(lambda offset, limit: threats(min(2, 7 - offset), offset), 7).ask(limit=2000)
    assert [row["threat"] for row in answer.rows] == [f"T{number}" for number in range(7)]


def test_masks_of_any_page_count() -> None:
    box = paged(lambda offset, limit: threats(min(limit, 1500 - offset), offset), 1500)
    plain = box.fetch

    def fetch(params: Params, poll: int) -> t.Any:
        reply = plain(params, poll)
        if poll == 1:
            reply["result"]["masked-fields"] = ["srcip"]
        return reply

    box.fetch = fetch
    assert box.ask(limit=1500).masked_fields == ["srcip"]


@pytest.mark.parametrize(
    "told, expected",
    [
        ("srcip,dstip", ["dstip", "srcip"]),
        (["srcip"], ["srcip"]),
        ([{"field": "srcip"}], None),
        (True, None),
        ({"a": 1}, None),
    ],
)
def test_masks_in_odd_shapes(told: t.Any, expected: t.Optional[list[str]]) -> None:
    masked = (
        Scripted(sequence(live(**{"percentage": 100, "data": threats(1), "masked-fields": told}))).ask().masked_fields
    )
    assert masked == expected if expected else {"srcip", "dstip"} <= set(masked)


def test_the_ticket_in_an_error_stands_for_the_whole_ranking() -> None:
    box = paged(lambda offset, limit: threats(min(limit, 2500 - offset), offset), 2500)
    plain = box.fetch
    box.fetch = lambda params, poll: plain(params, poll) if poll == 1 else live(percentage=5)
    with pytest.raises(DeadlineExceeded) as caught:
        box.ask(Limits(wait_timeout=20.0), limit=2500)
    ticket = caught.value.to_fail_json()["tasks"][0]
    assert ticket["request"].get("offset", 0) == 0
    assert len(box.deleted) == 2


def test_a_part_of_a_task_that_is_gone_is_the_same_part() -> None:
    box = Scripted(sequence(live(percentage=100, data=threats(60, 100))))
    request = {
        "url": "/fortiview/adom/root/top-threats/run",
        "apiver": 3,
        "device": [{"devid": "FG100FTK20000001"}],
        "filter": "",
        "time-range": {"start": "2026-03-01 00:00:00", "end": "2026-03-02 00:00:00"},
        "limit": 50,
        "offset": 100,
    }
    plain = box.fetch
    gone = {"id": 1, "result": [{"status": {"code": -3, "message": "Invalid task ID"}}]}
    box.fetch = lambda params, poll: gone if poll == 1 else plain(params, poll)
    ticket = {"view": "top-threats", "tid": 7, "request": request, "limit": 50}
    answer = box.read(ticket, resubmit=True, paging=_page(10, 0))
    assert (box.submits[0]["offset"], box.submits[0]["limit"]) == (100, 10)
    assert [row["threat"] for row in answer.rows] == [f"T{number}" for number in range(100, 110)]
    assert len(box.deleted) == 1


def _page(limit: int, offset: int) -> t.Any:
    from ansible_collections.secops.fortiview.plugins.module_utils._query.request import Page

    return Page(limit, offset)


def test_a_lesson_reaches_the_queries_that_wait() -> None:
    box = Scripted(sequence(WHOLE))
    submitted = box.submitted

    def strict(params: Params) -> t.Any:
        if "T" not in params["time-range"]["start"]:
            return {"result": [{"status": {"code": -1, "message": "Invalid time range"}}]}
        return submitted(params)

    box.submitted = strict  # type: ignore[method-assign]
    asked = {"view": "top-threats", "time_range": {"last": "1h"}, "queries": [{}, {}, {}]}
    outcomes = ask_all(box, parse_queries(asked), Limits(max_concurrent=1), box.context)
    assert [type(outcome).__name__ for outcome in outcomes] == ["Result"] * 3


@pytest.mark.parametrize("seconds", [4.0, 29.0])
def test_the_deadline_holds_however_slow_each_call_is(seconds: float) -> None:
    box = paged(lambda offset, limit: threats(5, offset), 5000)
    box.seconds = seconds
    before = box.clock.now()
    with pytest.raises(DeadlineExceeded):
        box.ask(Limits(wait_timeout=10.0), limit=5000)
    assert box.clock.now() - before <= 10 + 3 * seconds


def test_rows_with_the_submit_need_the_word_that_they_are_all() -> None:
    box = Scripted(sequence(live(percentage=100, tid=5, data=threats(2))))
    box.submitted = lambda dummy: live(tid=5, data=threats(1))  # type: ignore[method-assign]
    assert len(box.ask().rows) == 2


def test_endless_numbers_are_no_crash() -> None:
    for value in (10**400, -(10**400), "9" * 290):
        assert Scripted(sequence(live(percentage=value, data=threats(1)), WHOLE)).ask().rows


def test_a_long_refusal_is_judged_quickly() -> None:
    with pytest.raises(FortiViewError):
        decode({"error": {"code": -1, "message": "uri " * 20000}})


def test_surrogates_in_names_are_replaced() -> None:
    rows = Scripted(sequence(live(percentage=100, data=[{"threat": "a\ud800b", "n": float("inf")}]))).ask().rows
    assert rows == [{"threat": "a\ufffdb", "n": "inf"}]


def test_raw_replies_are_fit_to_be_returned() -> None:
    ticket = {"view": "top-threats", "tid": 7}
    reply = live(percentage=100, data=[{"threat": "a\ud800b"}])
    assert "\ud800" not in str(Scripted(sequence(reply)).read(ticket, keep_raw=True).raw)


@pytest.mark.parametrize(
    "second",
    [
        NOTHING,
        live(percentage=100, data=[]),
        live(**{"percentage": 100, "data": threats(999, 1000)}),
        live(**{"percentage": 100, "data": [], "total-count-all": 1000}),
    ],
)
def test_what_the_first_page_counted_is_not_forgotten(second: Params) -> None:
    box = paged(lambda offset, limit: threats(min(limit, 2500 - offset), offset), 2500)
    plain = box.fetch
    box.fetch = lambda params, poll: plain(params, poll) if poll == 1 else second
    with pytest.raises(FortiViewError):
        box.ask(limit=2500)


def test_the_same_rows_again_are_no_more_rows() -> None:
    box = paged(lambda offset, limit: threats(100), 500)
    with pytest.raises(Incomplete):
        box.ask(limit=200)


def test_a_part_that_was_lost_is_missing() -> None:
    gone = {"id": 1, "result": [{"status": {"code": -3, "message": "Invalid task ID"}}]}
    box = Scripted(sequence(documented(status="done", percentage=100, total=120, threats=threats(60)), gone))
    with pytest.raises(FortiViewError):
        box.ask(limit=120)


def test_a_premature_end_is_not_waited_for_and_not_asked_again_unasked() -> None:
    early = live(**{"percentage": 100, "data": [], "total-count-all": 7})
    box = Scripted(sequence(early))
    answer = box.read({"view": "top-threats", "tid": 7}, wait=False)
    assert (answer.complete, answer.rows, box.submits) == (False, [], [])
    with pytest.raises(Incomplete):
        Scripted(sequence(early)).read({"view": "top-threats", "tid": 7})


def test_masked_rows_say_so_themselves() -> None:
    masked = live(**{"percentage": 100, "data": [{"srcip": "198.51.100.9"}], "masked-fields": ["srcip"]})
    rows = Scripted(sequence(masked)).ask(view="top-sources").rows
    assert rows[0]["masked_fields"] == ["srcip"]
