# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls over the official plugin: what it unwraps is wrapped again, and what it raises becomes an error with a next step."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    AuthenticationError,
    FortiViewError,
    InvalidInput,
    NotPermitted,
    ProtocolError,
    TaskGone,
    TlsError,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._connection.shared import SharedConnection

URL = "/fortiview/adom/root/top-threats/run/7"


class Plugin:
    """Answers one after the other; exceptions are raised. `renewals`: what each renewal returns or raises."""

    def __init__(self, *answers: t.Any, renewals: t.Sequence[t.Any] = ()) -> None:
        self.answers = list(answers)
        self.renewals = list(renewals)
        self.sent: list[tuple[str, dict[str, t.Any], bool]] = []
        self.slept: list[float] = []
        self.connection = SharedConnection(self, "faz", clock=lambda: sum(self.slept), sleep=self.slept.append)

    def log_in(self) -> None:
        pass

    def send(self, method: str, params: list[dict[str, t.Any]], jsonrpc2: bool) -> t.Any:
        self.sent.append((method, params[0], jsonrpc2))
        return self._next(self.answers)

    def renew(self) -> str:
        return str(self._next(self.renewals))

    def refused(self) -> str:
        return "Check ansible_password."

    def without_secrets(self, text: str) -> str:
        return text.replace("s3cret", "***")

    def _next(self, answers: list[t.Any]) -> t.Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


LIVE = {"jsonrpc": "2.0", "id": 1, "url": URL, "result": {"percentage": 100, "data": [{"threat": "A"}]}}
UNWRAPPED = {"status": {"code": 0, "message": "OK"}, "data": {"status": "done", "threats": [{"threat": "A"}]}}


@pytest.mark.parametrize(("answer", "documented"), [(LIVE, False), (UNWRAPPED, True)])
def test_both_dialects(answer: dict[str, t.Any], documented: bool) -> None:
    reply = Plugin(answer).connection.call("get", {"url": URL})
    assert reply.rows("threats") == [{"threat": "A"}]
    assert reply.documented is documented


@pytest.mark.parametrize(("url", "version"), [(URL, {"apiver": 3}), ("/sys/status", {}), ("/dvmdb/adom", {})])
def test_which_calls_are_of_the_newer_kind(url: str, version: dict[str, int]) -> None:
    plugin = Plugin(LIVE)
    plugin.connection.call("get", {"url": url, **version})
    assert plugin.sent == [("get", {"url": url, **version}, bool(version))]


@pytest.mark.parametrize(("name", "unclean"), [("K\udcf6ln", True), ("K\u00f6ln", False)])
def test_bytes_that_are_not_utf8_make_a_reply_unclean(name: str, unclean: bool) -> None:
    answer = {**LIVE, "result": {"percentage": 100, "data": [{"threat": name}]}}
    assert Plugin(answer).connection.call("get", {"url": URL}).unclean is unclean


@pytest.mark.parametrize("answer", [{"id": 1, "url": URL}, {"id": 1, "url": URL, "jsonrpc": "2.0"}])
def test_a_reply_without_a_result_is_empty(answer: dict[str, t.Any]) -> None:
    assert Plugin(answer).connection.call("get", {"url": URL}).empty


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
    ],
)
def test_refusals(answer: dict[str, t.Any], kind: type[FortiViewError]) -> None:
    with pytest.raises(kind) as caught:
        Plugin(answer).connection.call("get", {"url": URL})
    assert caught.value.context["host"] == "faz"


STALE = {"status": {"code": -11, "message": "No permission for the resource"}}


@pytest.mark.parametrize("method", ["get", "add"])
def test_a_session_that_ended_is_renewed(method: str) -> None:
    """A refused call was not processed, so it can be sent again."""
    plugin = Plugin(STALE, LIVE, renewals=[""])
    plugin.connection.call(method, {"url": URL})
    assert len(plugin.sent) == 2


def test_it_is_renewed_once_in_a_run() -> None:
    plugin = Plugin(STALE, STALE, STALE, renewals=[""])
    for dummy in range(2):
        with pytest.raises(NotPermitted, match="A new login was tried"):
            plugin.connection.call("get", {"url": URL})
    assert len(plugin.sent) == 3


def test_a_session_that_cannot_be_renewed_says_what_to_do() -> None:
    plugin = Plugin(STALE, STALE, renewals=["Check the API key."])
    for dummy in range(2):
        with pytest.raises(NotPermitted, match="Check the API key"):
            plugin.connection.call("get", {"url": URL})
    assert len(plugin.sent) == 2


def test_a_refused_login_ends_the_run() -> None:
    """Each further call could be one more refused login."""
    plugin = Plugin(RuntimeError("Can't login. Your login method is username_password."))
    for dummy in range(2):
        with pytest.raises(AuthenticationError, match=r"Logging in .*Check ansible_password"):
            plugin.connection.call("get", {"url": URL})
    assert len(plugin.sent) == 1


def test_reads_are_repeated_and_submits_are_not() -> None:
    reading, submitting = Plugin(OSError("broken"), OSError("broken"), LIVE), Plugin(OSError("broken"), LIVE)
    reading.connection.call("get", {"url": URL})
    assert (len(reading.sent), reading.slept) == (3, [0.5, 1.0])
    with pytest.raises(TransportError, match="broken"):
        submitting.connection.call("add", {"url": URL})
    assert len(submitting.sent) == 1


def test_reads_are_not_repeated_after_the_deadline() -> None:
    plugin = Plugin(OSError("broken"), OSError("broken"), LIVE)
    with pytest.raises(TransportError, match="broken"):
        plugin.connection.call("get", {"url": URL}, give_up_at=1.0)
    assert len(plugin.sent) == 2


CONTROL = "Invalid control character at: line 1 column 2001 (char 2000)"
ENDED = "Unable to decode JSON from response to login('soar', 's3cret'). Received 'None'."


@pytest.mark.parametrize(
    ("raised", "kind", "said"),
    [
        ("Can't login. Your login method is username_password.", AuthenticationError, "ansible_password"),
        ("HTTP Error 401: Unauthorized", AuthenticationError, "HTTP Error 401"),
        (
            "Could not connect to https://faz:8503/p/x_login/: [Errno 111] Connection refused",
            TransportError,
            "ansible_host",
        ),
        (
            "Could not connect to https://faz:1/jsonrpc: [SSL: CERTIFICATE_VERIFY_FAILED] x",
            TlsError,
            "ansible_httpapi_ca_path",
        ),
        ("command timeout triggered, timeout value is 30 secs.", TransportError, "ansible_command_timeout"),
        ("The read operation timed out", TransportError, "ansible_command_timeout"),
        ("Expecting value: line 1 column 1 (char 0)", TransportError, "does not report the HTTP status"),
        (CONTROL, ProtocolError, r"cannot read the reply: Invalid control character .*char 2000"),
        (ENDED, TransportError, "The process of the persistent connection ended"),
        ("socket path /tmp/pc/1a does not exist or cannot be found.", TransportError, "ansible_connect_timeout"),
        ("list index out of range", TransportError, "The connection plugin failed"),
    ],
)
def test_what_the_plugin_raises(raised: str, kind: type[FortiViewError], said: str) -> None:
    with pytest.raises(FortiViewError, match=said) as caught:
        Plugin(*[RuntimeError(raised)] * 3).connection.call("get", {"url": URL})
    assert caught.value.kind == kind.kind
    assert "s3cret" not in str(caught.value)


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
