# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bytes of real replies, cut, bent and doubled: read as what they say, or refused by a typed error."""

from __future__ import annotations

import io
import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    FortiViewError,
    Throttled,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._connection.settings import settings_of
from ansible_collections.secops.fortiview.plugins.module_utils._connection.transport import Transport, refused
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import decode
from hypothesis import given
from hypothesis import strategies as st
from requests import Response
from urllib3 import HTTPResponse

from component.support import START, Client
from simulators.fortianalyzer import FortiAnalyzer, ManualClock

HUGE = "9" * 5000


def read(content: bytes) -> t.Any:
    """What the transport makes of the body of an HTTP reply."""
    response = Response()
    response.status_code = 200
    response.raw = HTTPResponse(io.BytesIO(content), status=200, preload_content=False)
    transport = Transport(settings_of({"host": "faz", "api_token": "k3y"}), lambda: 0.0, lambda seconds: None)
    return transport._read(response, 1.0).value


@pytest.fixture(scope="module")
def replies() -> list[bytes]:
    """One of each kind of call, from both dialects."""
    clock = ManualClock(START)
    found = []
    with FortiAnalyzer(clock=clock, anchor=START) as box:
        for dialect in ("live", "documented"):
            box.reset()
            box.switches.update({"dialect": dialect, "task_seconds": 1.0})
            Client(box, clock).ask(view="top-threats", limit=3)
            kinds = {
                (entry.method, (entry.url or "").split("/")[1]): bytes(entry.reply_text or b"") for entry in box.journal
            }
            found += [reply for reply in kinds.values() if reply]
    assert len(found) >= 8
    return found


def test_no_reply_that_was_cut_is_taken_for_a_whole_one(replies: list[bytes]) -> None:
    for reply in replies:
        assert read(reply) == json.loads(reply)
        for length in range(len(reply)):
            with pytest.raises(TransportError, match=r"cut off|empty") as caught:
                read(reply[:length])
            assert caught.value.worth_repeating


@given(st.data())
def test_bent_bytes_are_read_or_refused(replies: list[bytes], data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(replies)))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    try:
        decode(read(bytes(content))).rows()
    except FortiViewError as error:
        assert str(error)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200000,
        b'{"result":' * 100000,
        b'{"result": {"percentage": NaN}}',
        b'{"result": {"percentage": Infinity}}',
        b'{"result": ' + HUGE.encode() + b"}",
        b"\xff\xfe{}",
        b"\xef\xbb\xbf<html>",
        b"",
    ],
    ids=["deep list", "deep object", "NaN", "Infinity", "huge number", "half UTF-16", "page with a mark", "nothing"],
)
def test_what_python_reads_or_chokes_on_is_refused(content: bytes) -> None:
    with pytest.raises(FortiViewError):
        decode(read(content))


def test_a_key_that_comes_twice_never_hides_an_error() -> None:
    """JSON leaves open which one counts, so neither order may make rows of a refusal."""
    rows = '"result": {"percentage": 100, "data": [{"threat": "x"}]}'
    for content in (
        f'{{"error": {{"code": -11, "message": "no"}}, {rows}, {rows}}}',
        f'{{{rows}, "error": {{"code": -1, "message": "no"}}}}',
    ):
        with pytest.raises(FortiViewError):
            decode(read(content.encode()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\\ud800", "\ufffd"),
        ("\\udc00\\ud800", "\ufffd\ufffd"),
        ("\\ud83d", "\ufffd"),
        ("\\u0000", "\0"),
        ("\\u202e", "\u202e"),
    ],
)
def test_halves_of_pairs_are_no_crash(text: str, shown: str) -> None:
    reply = decode(
        read(f'{{"result": {{"percentage": 100, "status": "{text}", "data": [{{"threat": "{text}"}}]}}}}'.encode())
    )
    assert reply.rows() == [{"threat": shown}]
    reply.done()
    with pytest.raises(FortiViewError) as caught:
        decode(read(f'{{"error": {{"code": -1, "message": "{text}"}}}}'.encode()))
    json.dumps(caught.value.to_fail_json()).encode()


def refusal(status: int, content: bytes = b"", **headers: str) -> FortiViewError:
    response = Response()
    response.status_code, response.reason = status, "Reason"
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return refused(response, content, ["s3cret"])


@pytest.mark.parametrize(
    ("status", "kind", "repeated", "processed"),
    [
        (429, Throttled, True, False),
        (503, Throttled, True, False),
        (502, TransportError, True, True),
        (504, TransportError, True, True),
        (500, TransportError, False, True),
        (404, TransportError, False, False),
    ],
)
def test_what_a_status_says_about_another_try(
    status: int, kind: type[FortiViewError], repeated: bool, processed: bool
) -> None:
    """A gateway that gave up may have passed the request on; one that refused it has not."""
    error = t.cast("TransportError", refusal(status))
    assert error.__class__ is kind
    assert (error.worth_repeating, error.processed) == (repeated, processed)


@pytest.mark.parametrize(
    ("given", "seconds"), [("7", 7.0), (" 7 ", 7.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None), ("", None)]
)
def test_only_a_pause_in_seconds_is_taken(given: str, seconds: t.Optional[float]) -> None:
    assert t.cast("Throttled", refusal(429, Retry_After=given)).retry_after == seconds


def test_a_page_is_not_quoted_and_a_text_is_without_secrets() -> None:
    assert refusal(403, b"<html>long</html>").said == "HTTP 403 Reason"
    assert refusal(403, b"token s3cret is unknown").said == "HTTP 403 Reason: token ******** is unknown"
    moved = refusal(302, Location="https://evil.example.com/")
    assert "the redirect to https://evil.example.com/ was not followed" in moved.said
