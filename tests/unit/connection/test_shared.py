# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls over the official plugin: what it unwraps is wrapped again, and what it raises becomes an error with a next step."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._connection.shared import SharedConnection
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.errors import (
    AuthenticationError,
    FortiViewError,
    InvalidInput,
    NotPermitted,
    TaskGone,
    Throttled,
    TransportError,
)

URL = "/fortiview/adom/root/top-threats/run/7"


class Plugin:
    """Answers one after the other; exceptions are raised."""

    def __init__(self, *answers: t.Any) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, dict[str, t.Any], bool]] = []
        self.slept: list[float] = []
        self.connection = SharedConnection(self.send_request, "faz", self.slept.append)

    def send_request(self, method: str, params: list[dict[str, t.Any]], jsonrpc2: bool) -> tuple[int, t.Any]:
        self.sent.append((method, params[0], jsonrpc2))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return 0, answer


LIVE = {"jsonrpc": "2.0", "id": 1, "url": URL, "result": {"percentage": 100, "data": [{"threat": "A"}]}}
UNWRAPPED = {"status": {"code": 0, "message": "OK"}, "data": {"status": "done", "threats": [{"threat": "A"}]}}


@pytest.mark.parametrize(("answer", "documented"), [(LIVE, False), (UNWRAPPED, True)])
def test_both_dialects(answer: dict[str, t.Any], documented: bool) -> None:
    reply = Plugin(answer).connection.call("get", {"url": URL})
    assert reply.rows("threats") == [{"threat": "A"}]
    assert reply.documented is documented


@pytest.mark.parametrize(
    ("url", "jsonrpc2"), [(URL, True), ("/logview/adom/root/logsearch", True), ("/sys/status", False)]
)
def test_which_calls_are_of_the_newer_kind(url: str, jsonrpc2: bool) -> None:
    plugin = Plugin(LIVE)
    plugin.connection.call("get", {"url": url})
    assert plugin.sent == [("get", {"url": url}, jsonrpc2)]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (
            {
                "jsonrpc": "2.0",
                "error": {"code": -32005, "message": "Server error: Invalid tid 7 for fetching result."},
            },
            TaskGone,
        ),
        ({"status": {"code": -3, "message": "Invalid task ID"}}, TaskGone),
        ({"status": {"code": -11, "message": "No permission for the resource"}}, NotPermitted),
    ],
)
def test_refusals(answer: dict[str, t.Any], kind: type[FortiViewError]) -> None:
    with pytest.raises(kind) as caught:
        Plugin(answer).connection.call("get", {"url": URL})
    assert caught.value.context["host"] == "faz"


def test_a_session_that_ended_says_how_to_begin_another() -> None:
    with pytest.raises(NotPermitted, match="reset_connection"):
        Plugin({"status": {"code": -11, "message": "No permission for the resource"}}).connection.call(
            "get", {"url": URL}
        )


def test_reads_are_repeated_and_submits_are_not() -> None:
    reading, submitting = Plugin(OSError("broken"), OSError("broken"), LIVE), Plugin(OSError("broken"), LIVE)
    reading.connection.call("get", {"url": URL})
    assert (len(reading.sent), reading.slept) == (3, [0.5, 1.0])
    with pytest.raises(TransportError, match="broken"):
        submitting.connection.call("add", {"url": URL})
    assert len(submitting.sent) == 1


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        ("Can't login. Your login method is username_password.", AuthenticationError),
        ("HTTP Error 429: Too Many Requests", Throttled),
        ("HTTP Error 503: Service Unavailable", Throttled),
        ("Could not connect to https://faz:8503/jsonrpc: [Errno 111] Connection refused", TransportError),
        ("Could not connect to https://192.0.2.1:8443: error after 429 ms", TransportError),
        ("command timeout triggered, timeout value is 30 secs.", TransportError),
    ],
)
def test_what_the_plugin_raises(raised: str, kind: type[FortiViewError]) -> None:
    with pytest.raises(FortiViewError) as caught:
        Plugin(RuntimeError(raised), RuntimeError(raised), RuntimeError(raised)).connection.call("get", {"url": URL})
    assert caught.value.kind == kind.kind


def test_a_key_in_a_url_is_not_shown() -> None:
    with pytest.raises(TransportError) as caught:
        Plugin(OSError("https://faz/jsonrpc?access_token=c4nary&x=1 failed")).connection.call("add", {"url": URL})
    assert "c4nary" not in str(caught.value)


@pytest.mark.parametrize("text", ["a\\b", 'a"b', "plain"])
def test_what_the_plugin_would_break_is_refused(text: str) -> None:
    plugin = Plugin(LIVE)
    params = {"url": URL, "filter": f'threat=="{text}"'}
    if "\\" not in text:
        plugin.connection.call("get", params)
        assert len(plugin.sent) == 1
        return
    with pytest.raises(InvalidInput, match="backslash"):
        plugin.connection.call("get", params)
    assert plugin.sent == []
