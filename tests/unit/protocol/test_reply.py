# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The decoder, rule by rule (protocol_fortianalyzer.rst, "Decoding"), and against arbitrary JSON."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    ApiError,
    AuthenticationError,
    FortiViewError,
    NotPermitted,
    ProtocolError,
    SessionGone,
    SlotsBusy,
    TaskFailed,
    TaskGone,
)
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.refusals import classify_login
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import decode, number, whole
from hypothesis import given
from hypothesis import strategies as st

OK = {"code": 0, "message": "OK"}


def documented(**data: t.Any) -> dict[str, t.Any]:
    return {"id": 2, "result": [{"status": OK, "data": data}]}


def live(**result: t.Any) -> dict[str, t.Any]:
    return {"jsonrpc": "2.0", "id": 2, "result": result}


@pytest.mark.parametrize(
    "body, tid",
    [
        (documented(tid=12460), 12460),
        (documented(tid="12460"), 12460),
        (live(tid=1543503873), 1543503873),
        (live(tid="1543503873"), 1543503873),
        ({"result": [{"tid": 7, "status": OK}]}, 7),
        (live(**{"task-id": "9"}), 9),
        (live(data={"task_id": 9}), 9),
        (live(tid=0), None),
        (live(tid=True), None),
        (live(tid="7a"), None),
        (live(tid=-3), None),
        (live(status=OK), None),
    ],
)
def test_task_id(body: t.Any, tid: t.Optional[int]) -> None:
    assert decode(body).tid == tid


@pytest.mark.parametrize(
    "body, done",
    [
        (documented(status="done", percentage=100, threats=[{}]), True),
        (documented(status="DONE", percentage="100"), True),
        (documented(status="finished"), True),
        (documented(status="done", percentage=99), False),
        (documented(status="ok", percentage=100), True),
        (documented(status="ok", percentage=40, threats=[{"threat": "x"}]), False),
        (documented(status="running", percentage=100), False),
        (documented(status="pending"), False),
        (documented(status="created"), False),
        (documented(status="wholly new word", percentage=100), False),
        (live(status=OK, percentage=100, data=[]), True),
        (live(status=OK, percentage="100%", data=[]), True),
        (live(status=OK, percentage=100.0, data=[]), True),
        (live(status=OK, percentage=99.9, data=[{"srcip": "10.0.0.1"}]), False),
        (live(status=OK, percentage="half", data=[{"srcip": "10.0.0.1"}]), True),
        (live(status=OK, data=[{"srcip": "10.0.0.1"}]), True),
        (live(**{"status": OK, "progress-percent": 40, "data": [{"srcip": "10.0.0.1"}]}), False),
        (live(status=OK, data=[]), None),
        ({"jsonrpc": "2.0", "id": 2}, None),
        ({"result": []}, None),
    ],
)
def test_done(body: t.Any, done: t.Optional[bool]) -> None:
    assert decode(body).done("threats") is done


@pytest.mark.parametrize("word", ["error", "Failed", "cancelled", "canceled", "expired"])
def test_a_failed_task_is_an_error_even_with_rows_and_a_full_percentage(word: str) -> None:
    with pytest.raises(TaskFailed, match=word.lower()):
        decode(documented(status=word, percentage=100, threats=[{"threat": "x"}])).done("threats")


@pytest.mark.parametrize(
    "body, rows",
    [
        (live(data=[{"srcip": "10.0.0.1"}]), [{"srcip": "10.0.0.1"}]),
        (documented(sources=[{"srcip": "10.0.0.1"}]), [{"srcip": "10.0.0.1"}]),
        (documented(data=[{"srcip": "10.0.0.1"}]), [{"srcip": "10.0.0.1"}]),
        (documented(novelties=[{"a": 1}]), [{"a": 1}]),
        (documented(events={"event_num": 7}), [{"event_num": 7}]),
        (documented(events={}), []),
        (documented(sources=[], events=[{"event_num": 7}]), [{"event_num": 7}]),
        (documented(novelties=[], threats=[{"threat": "x"}]), [{"threat": "x"}]),
        (live(data=[], events=[{"event_num": 7}]), [{"event_num": 7}]),
        ({"result": {"data": {"events": []}, "events": [{"event_num": 7}]}}, [{"event_num": 7}]),
        (documented(tid=1, percentage=40), []),
        ({"id": 3}, []),
        ({"result": [{"status": OK, "data": [{"srcip": "10.0.0.1"}]}]}, [{"srcip": "10.0.0.1"}]),
    ],
)
def test_rows(body: t.Any, rows: list[t.Any]) -> None:
    assert decode(body).rows("novelties") == rows


def test_the_view_key_wins_over_the_general_ones() -> None:
    body = documented(users=[{"user": "a"}], threats=[{"threat": "x"}])
    assert decode(body).rows("threats") == [{"threat": "x"}]


def test_rows_that_are_no_objects_are_refused() -> None:
    with pytest.raises(ProtocolError, match="rows under data"):
        decode(live(data=["10.0.0.1"])).rows()


@pytest.mark.parametrize(
    "key", ["total-count-all", "total-count", "total_count", "total_lines", "total-lines", "total"]
)
def test_total(key: str) -> None:
    assert decode(live(**{key: "42"})).total == 42
    assert decode(documented(**{key: 42})).total == 42
    assert decode(live(**{key: -1})).total is None
    assert decode(live(**{"return-lines": 3})).total is None


def test_masked_fields() -> None:
    assert decode(live(**{"masked-fields": ["srcip", "dstip"]})).masked_fields == ["dstip", "srcip"]
    assert decode(live(**{"masked-fields": "srcip"})).masked_fields == ["srcip"]
    assert decode(live(**{"masked-fields": []})).masked_fields == []


REFUSALS = [
    ({"error": {"code": -32005, "message": "Server error: Invalid tid 7 for fetching result."}}, TaskGone, "gone"),
    ({"error": [{"code": -32005, "message": "Invalid tid 7"}]}, TaskGone, "gone"),
    ({"error": {"code": "-32602", "message": "Invalid params: filter 'threat' not supported"}}, ApiError, "filter"),
    ({"error": {"code": -32005, "message": "Server error: Missing columns: 'sessions'"}}, ApiError, "column"),
    ({"error": {"code": -32602, "message": "Cannot find FortiView 'sessions'"}}, ApiError, "view"),
    ({"error": {"code": -1, "message": "None of the device(s) can be found"}}, ApiError, "device"),
    ({"error": {"code": -1, "message": "No available slot for searching"}}, SlotsBusy, "busy"),
    ({"error": {"code": -1, "message": "URI /fortiview/x is not supported"}}, ApiError, "path"),
    ({"error": {"code": -11, "message": "No permission for the resource"}}, SessionGone, "session"),
    ({"error": "everything is broken"}, ApiError, "other"),
    ({"result": {"status": {"code": -11, "message": "No permission"}}}, SessionGone, "session"),
    ({"result": [{"status": {"code": -11, "message": "No permission"}}]}, SessionGone, "session"),
    ({"result": [{"status": {"code": -3, "message": "Invalid task ID"}}]}, TaskGone, "gone"),
    ({"result": [{"status": {"code": -3, "message": "Permission denied"}}]}, NotPermitted, "permission"),
    ({"result": [{"status": {"code": -10, "message": "Session timeout"}}]}, SessionGone, "session"),
    ({"result": [{"status": {"code": -2, "message": "Invalid session"}}]}, SessionGone, "session"),
    ({"result": [{"status": {"code": -22, "message": "Login fail"}}]}, AuthenticationError, "credentials"),
    ({"result": [{"status": {"code": -1, "message": "Invalid time range"}}]}, ApiError, "time-range"),
    ({"result": [{"status": {"code": -6, "message": "Invalid url"}}]}, ApiError, "path"),
    ({"result": [{"status": -6}]}, ApiError, "path"),
    ({"result": [{"status": -7}]}, ApiError, "other"),
    ({"result": [{"status": OK, "data": {"status": {"code": -3, "message": "Invalid task ID"}}}]}, TaskGone, "gone"),
]


@pytest.mark.parametrize("body, kind, reason", REFUSALS)
def test_refusals(body: t.Any, kind: type[ApiError], reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        decode(body)
    assert caught.type is kind
    assert caught.value.reason == reason


def test_an_error_wins_over_a_result_beside_it() -> None:
    with pytest.raises(ApiError, match="nope"):
        decode(
            {"error": {"code": -1, "message": "nope"}, "result": {"percentage": 100, "data": [{"srcip": "10.0.0.1"}]}}
        )


def test_no_data_is_an_empty_answer() -> None:
    reply = decode({"result": [{"status": {"code": -2, "message": "No data available"}}]})
    assert reply.empty and reply.rows() == []


def test_during_a_login_every_refusal_is_about_the_credentials() -> None:
    with pytest.raises(AuthenticationError):
        decode({"result": [{"status": {"code": -11, "message": "No permission"}}]}, classify_login)


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        7,
        None,
        {"result": "done"},
        {"result": ["done"]},
        {"result": [{}, {}]},
        {"result": {"status": {"code": "x"}}},
    ],
)
def test_what_is_no_json_rpc_is_a_protocol_error(body: t.Any) -> None:
    with pytest.raises(ProtocolError):
        decode(body)


@pytest.mark.parametrize(
    "value, expected",
    [
        ("99%", 99),
        (" 12.5 ", 12.5),
        ("", None),
        ("1e9", 1e9),
        ("9.95E+1%", 99.5),
        ("1e999", None),
        ("e9", None),
        ("١٢", None),
        (float("nan"), None),
        (True, None),
        ("--1", None),
    ],
)
def test_number(value: t.Any, expected: t.Optional[float]) -> None:
    assert number(value) == expected


def test_whole_keeps_long_numbers_exact() -> None:
    assert whole("9007199254740993") == 9007199254740993
    assert whole(12.0) == 12
    assert whole("12.5") is None


KEYS = st.sampled_from(
    "result error status code message data tid percentage total threats sources events masked-fields jsonrpc id".split()
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["done", "running", "100"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=5),
    max_leaves=25,
)


@given(JSON)
def test_any_json_is_read_or_refused_by_a_typed_error(body: t.Any) -> None:
    try:
        reply = decode(body)
        done = reply.done("threats")
        rows = reply.rows("threats")
    except FortiViewError as error:
        assert str(error)
        return
    assert all(isinstance(row, dict) for row in rows)
    assert reply.tid is None or reply.tid > 0
    assert reply.total is None or reply.total >= 0
    if done and reply.percentage is not None:
        assert reply.percentage >= 100
