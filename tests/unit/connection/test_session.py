# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One login for a run: renewed once, ended once, and no secret in any error."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    AuthenticationError,
    Crashed,
    NotPermitted,
    SessionGone,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._common.json_text import Document
from ansible_collections.secops.fortiview.plugins.module_utils._connection.session import Connection
from ansible_collections.secops.fortiview.plugins.module_utils._connection.settings import settings_of

# With characters that JSON writes in another way.
PASSWORD, TOKEN, SESSION = "p'ä\"\\ssword-1", "token-2", "session-3"


class Breaks:
    """In place of the transport: answers the login, and breaks at the post of this number."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.posts = 0

    def post(
        self, path: str, document: t.Mapping[str, t.Any], headers: t.Mapping[str, str], *rest: t.Any, **more: t.Any
    ) -> t.Any:
        self.posts += 1
        if self.posts == self.at:
            raise RuntimeError(f"{headers} {document} {json.dumps(document)}")
        return Document({"id": 1, "result": [{"status": {"code": 0, "message": "OK"}}], "session": SESSION})

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("options", "at"),
    [
        ({"username": "soc", "password": PASSWORD}, 1),
        ({"username": "soc", "password": PASSWORD}, 2),
        ({"api_token": TOKEN}, 1),
        ({"forticloud_access_token": TOKEN}, 1),
    ],
)
def test_a_crash_is_told_without_secrets(options: dict[str, t.Any], at: int) -> None:
    connection = Connection(settings_of({"host": "faz.example.com", **options}))
    connection._transport = t.cast("t.Any", Breaks(at))
    with pytest.raises(Crashed) as crash:
        connection.call("get", {"url": "/sys/status"})
    told = "\n".join([str(crash.value), crash.value.to_fail_json()["exception"], *crash.value.as_dict().values()])
    assert "RuntimeError" in told and "********" in told and 'session.py", line' in told
    for secret in (PASSWORD, TOKEN, SESSION):
        for form in (secret, repr(secret), json.dumps(secret), json.dumps(secret, ensure_ascii=False)):
            assert form.strip("'\"") not in told


def test_a_logout_that_crashes_hides_nothing_of_the_run() -> None:
    connection = Connection(settings_of({"host": "faz.example.com", "username": "soc", "password": PASSWORD}))
    broken = Breaks(3)
    with connection:
        connection._transport = t.cast("t.Any", broken)
        connection.call("get", {"url": "/sys/status"})
    # The third was the logout, which is tried once more.
    assert broken.posts == 4
    assert connection.left_open == ""


class LeavesSessions(Breaks):
    """Does not confirm the end of the first session, which a call finds stale."""

    def post(
        self, path: str, document: t.Mapping[str, t.Any], headers: t.Mapping[str, str], *rest: t.Any, **more: t.Any
    ) -> t.Any:
        self.posts += 1
        url, session = document["params"][0]["url"], document.get("session")
        done = {"result": [{"status": {"code": 0, "message": "OK"}}]}
        if url == "/sys/login/user":
            return Document({**done, "session": f"session-{self.posts}"})
        if session != "session-1":
            return Document(done)
        refused = {"result": [{"status": {"code": -11, "message": "No permission"}}]}
        return Document({} if url == "/sys/logout" else refused)


def test_a_session_that_a_renewal_left_is_not_forgotten() -> None:
    connection = Connection(settings_of({"host": "faz.example.com", "username": "soc", "password": PASSWORD}))
    connection._transport = t.cast("t.Any", LeavesSessions(0))
    with connection:
        connection.call("get", {"url": "/sys/status"})
    assert connection.left_open == "no result"


class Scripted:
    """In place of the transport: the next answer for each post, and the urls that were sent, with their sessions."""

    def __init__(self, *answers: t.Any) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, t.Any]] = []

    def post(
        self, path: str, document: t.Mapping[str, t.Any], headers: t.Mapping[str, str], *rest: t.Any, **more: t.Any
    ) -> t.Any:
        self.sent.append((document["params"][0]["url"].rpartition("/")[2], document.get("session")))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Document(answer)

    def close(self) -> None:
        pass


DONE = {"result": [{"status": {"code": 0, "message": "OK"}}]}
STALE = {"result": [{"status": {"code": -11, "message": "No permission for the resource"}}]}
FULL = {"result": [{"status": {"code": -1, "message": "Too many sessions, the limit is reached"}}]}


def login(session: str) -> dict[str, t.Any]:
    return {**DONE, "session": session}


def scripted(*answers: t.Any, **options: t.Any) -> tuple[Connection, Scripted, list[float]]:
    pauses: list[float] = []
    access = options or {"username": "soc", "password": PASSWORD}
    connection = Connection(settings_of({"host": "faz.example.com", **access}), lambda: 0.0, pauses.append)
    transport = Scripted(*answers)
    connection._transport = t.cast("t.Any", transport)
    return connection, transport, pauses


STATUS = ("get", {"url": "/sys/status"})


def test_nothing_is_sent_before_the_first_call_and_the_session_ends_with_the_run() -> None:
    connection, transport, dummy = scripted(login("s1"), DONE, DONE, DONE)
    with connection:
        assert transport.sent == []
        connection.call(*STATUS)
        connection.call(*STATUS)
    assert transport.sent == [("user", None), ("status", "s1"), ("status", "s1"), ("logout", "s1")]


def test_a_session_is_renewed_once_and_the_same_refusal_then_is_a_missing_permission() -> None:
    connection, transport, dummy = scripted(login("s1"), STALE, DONE, login("s2"), STALE)
    with pytest.raises(NotPermitted, match="A new login was tried"):
        connection.call(*STATUS)
    assert [name for name, dummy in transport.sent] == ["user", "status", "logout", "user", "status"]


def test_a_session_that_worked_before_it_was_refused_again_ends_too_soon() -> None:
    connection, dummy, dummy = scripted(login("s1"), STALE, DONE, login("s2"), DONE, STALE)
    connection.call(*STATUS)
    with pytest.raises(NotPermitted, match="raise the idle timeout"):
        connection.call(*STATUS)


def test_a_key_is_not_renewed() -> None:
    connection, transport, dummy = scripted(STALE, api_token=TOKEN)
    with connection, pytest.raises(NotPermitted, match="FAZ_API_TOKEN"):
        connection.call(*STATUS)
    assert transport.sent == [("status", None)]


def test_a_refused_login_is_not_repeated_by_later_calls() -> None:
    refused = {"result": [{"status": {"code": -22, "message": "Login fail"}}]}
    connection, transport, dummy = scripted(refused)
    for dummy_call in range(3):
        with pytest.raises(AuthenticationError, match="FAZ_PASSWORD"):
            connection.call(*STATUS)
    assert len(transport.sent) == 1


def test_a_limit_of_sessions_is_waited_for_once() -> None:
    connection, transport, pauses = scripted(FULL, login("s1"), DONE)
    connection.call(*STATUS)
    assert pauses == [30.0] and len(transport.sent) == 3
    connection, transport, pauses = scripted(FULL, FULL)
    with pytest.raises(AuthenticationError, match="Log out stale sessions"):
        connection.call(*STATUS)
    assert len(transport.sent) == 2


def test_a_limit_of_sessions_is_not_waited_for_beyond_the_deadline() -> None:
    connection, transport, pauses = scripted(FULL)
    with pytest.raises(AuthenticationError):
        connection.call(*STATUS, give_up_at=29.0)
    assert pauses == [] and len(transport.sent) == 1


@pytest.mark.parametrize("session", [None, "", 7, ["s1"]])
def test_a_login_without_a_session_is_no_login(session: t.Any) -> None:
    connection, dummy, dummy = scripted({**DONE, "session": session})
    with pytest.raises(AuthenticationError, match="contains no session"):
        connection.call(*STATUS)


def test_an_optional_call_does_not_use_up_the_renewal() -> None:
    connection, transport, dummy = scripted(login("s1"), DONE, STALE, STALE, DONE, login("s2"), DONE)
    connection.call(*STATUS)
    with pytest.raises(SessionGone):
        connection.aside(*STATUS)
    connection.call(*STATUS)
    assert transport.sent[-1] == ("status", "s2")


def test_cleaning_up_never_logs_in_and_is_tried_twice() -> None:
    connection, transport, dummy = scripted()
    connection.tidy(*STATUS)
    assert transport.sent == []
    connection, transport, dummy = scripted(login("s1"), DONE, TransportError("lost"), DONE)
    connection.call(*STATUS)
    connection.tidy(*STATUS)
    assert len(transport.sent) == 4
