# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever breaks on the way to the appliance: its text may quote what was sent, and is told without the secrets."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import Crashed
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
