# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logins, refusals and stale sessions, and that every session is closed.

See protocol_fortianalyzer.rst, "Authentication", "Errors".
"""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    AuthenticationError,
    FortiViewError,
    NotPermitted,
)

from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer


def use_key(client: Client, key: t.Optional[str] = None) -> None:
    client.connection.update(username=None, password=None, api_token=key or client.faz.api_token)


def logins(faz: FortiAnalyzer) -> int:
    return sum(entry.url == "/sys/login/user" for entry in faz.journal)


def test_a_session_is_used_throughout_and_closed(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    client.ask(view="top-threats")
    assert logins(faz) == 1
    assert faz.journal[-1].url == "/sys/logout"
    assert faz.connections == 1
    assert all("session" not in entry.body for entry in faz.journal if entry.url == "/sys/login/user")


def test_a_key_travels_in_the_header_alone(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    use_key(client)
    assert client.ask(view="top-threats")["result"]["rows"]
    for entry in faz.journal:
        assert "session" not in entry.body
        assert entry.headers["authorization"] == f"Bearer {faz.api_token}"
        assert faz.api_token not in str(entry.body) + entry.query + entry.path
    assert logins(faz) == 0


def test_a_cloud_token_becomes_a_session(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    client.connection.update(username=None, password=None, forticloud_access_token=faz.cloud_token)
    assert client.ask(view="top-threats")["result"]["rows"]
    assert faz.journal[0].path == "/p/forticloud_jsonrpc_login/"
    assert faz.journal[-1].url == "/sys/logout"


@pytest.mark.parametrize("code", [-22, -20, -11])
def test_a_refused_password_is_tried_once(client: Client, faz: FortiAnalyzer, dialect: str, code: int) -> None:
    faz.switches.login_refusal_code = code
    client.connection["password"] = "s3cret-but-wrong"
    with pytest.raises(AuthenticationError) as caught:
        client.ask(view="top-threats")
    assert logins(faz) == 1
    assert "s3cret-but-wrong" not in str(caught.value.to_fail_json())
    assert "not tried again" in str(caught.value)


def test_a_refused_cloud_token_is_tried_once(client: Client, faz: FortiAnalyzer) -> None:
    client.connection.update(username=None, password=None, forticloud_access_token="wrong")
    with pytest.raises(FortiViewError):
        client.ask(view="top-threats")
    assert len(faz.journal) == 1


@pytest.mark.parametrize("refusal", ["http401", "http403", "code-11", "status401"])
def test_a_refused_key_is_not_tried_again(client: Client, faz: FortiAnalyzer, dialect: str, refusal: str) -> None:
    faz.switches.api_token_refusal = refusal
    use_key(client, "wr0ng-key")
    with pytest.raises(NotPermitted) as caught:
        client.read(view="top-threats", tid=[7])
    assert len(faz.journal) == 1
    assert "trusted hosts" in str(caught.value)
    assert "wr0ng-key" not in str(caught.value.to_fail_json())


@pytest.mark.parametrize("code", [-11, -2, -10, 401])
def test_a_stale_session_is_renewed_once(client: Client, faz: FortiAnalyzer, dialect: str, code: int) -> None:
    faz.switches.stale_session_code = code
    faz.fault("stale_session", method="add")
    assert client.ask(view="top-threats")["result"]["rows"]
    assert logins(faz) == 2
    assert len(faz.submits) == 2


@pytest.mark.parametrize("shape", ["object", "list", "error"])
def test_a_missing_right_ends_after_one_renewal(client: Client, faz: FortiAnalyzer, shape: str) -> None:
    faz.switches.update({"rpc_permit": "read", "add_needs_write": True, "permission_error_shape": shape})
    with pytest.raises(NotPermitted) as caught:
        client.ask(view="top-threats")
    assert logins(faz) == 2
    assert len(faz.submits) == 2
    assert "rpc-permit" in str(caught.value)


def test_a_foreign_adom_is_a_missing_right(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.forbidden_adoms = ["Branch_Office"]
    with pytest.raises(NotPermitted) as caught:
        client.ask(view="top-threats", adom="Branch_Office")
    assert "Branch_Office" in str(caught.value)


def test_a_full_house_of_sessions_is_waited_for_once(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.session_cap = 0
    with pytest.raises(AuthenticationError) as caught:
        client.ask(view="top-threats")
    assert logins(faz) == 2
    assert client.slept >= 30
    assert "session" in str(caught.value).lower()


def test_http_401_with_a_session_is_a_stale_session(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("http", method="get", url="fortiview", status=401)
    assert client.ask(view="top-threats")["result"]["rows"]
    assert logins(faz) == 2


def test_the_session_is_closed_after_an_error(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    with pytest.raises(FortiViewError):
        client.ask(view="no-such-view")
    assert faz.journal[-1].url == "/sys/logout"


def test_a_failing_logout_hides_nothing(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("http", url="/sys/logout", status=500, times=9)
    assert client.ask(view="top-threats")["result"]["rows"]
    faz.reset()


@pytest.mark.parametrize(
    "fault", [{"kind": "http", "status": 502}, {"kind": "cut_before"}, {"kind": "not_json"}, {"kind": "no_result"}]
)
def test_a_logout_survives_one_fault(client: Client, faz: FortiAnalyzer, fault: dict[str, t.Any]) -> None:
    faz.fault(url="/sys/logout", **fault)
    assert client.ask(view="top-threats")["warnings"] == []
    assert faz.check() == []


@pytest.mark.parametrize("stop", [SystemExit, KeyboardInterrupt])
def test_a_run_that_is_ended_while_its_logout_waits_is_logged_out(
    client: Client, faz: FortiAnalyzer, stop: type[BaseException]
) -> None:
    """The pause after HTTP 429 ends at once where a rulebook is stopped, or ansible-playbook is gone."""

    def sleep(dummy: float) -> None:
        raise stop

    faz.fault("http", url="/sys/logout", status=429)
    client.context = client.context._replace(sleep=sleep)
    with pytest.raises(stop):
        client.ask(view="top-threats")
    assert faz.open_sessions == []
    assert faz.check() == []


def test_a_session_that_the_box_does_not_end_is_told(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("error", url="/sys/logout", times=9, code=-1, message=f"{faz.password} is on fire")
    answer = client.ask(view="top-threats")
    assert answer["result"]["rows"]
    assert f"Could not log out of the session on {faz.host} (******** is on fire)" in answer["warnings"][0]
    assert client.slept == 0
    faz.reset()


def test_secrets_that_the_box_echoes_do_not_come_through(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("error", method="add", code=-1, message=f"bad request of {faz.username} with {faz.password}")
    with pytest.raises(FortiViewError) as caught:
        client.ask(view="top-threats")
    assert faz.password not in str(caught.value.to_fail_json())


def test_raw_replies_hold_no_session(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    tickets = client.submit(view="top-threats")["tasks"]
    result = client.read(tasks=tickets, raw=True)["result"]
    assert result["raw"] and all("session" not in reply for reply in result["raw"])


TASKS = [{"view": "top-threats", "tid": tid} for tid in range(101, 106)]


def test_a_refused_password_is_tried_once_for_all_tasks_of_a_run(client: Client, faz: FortiAnalyzer) -> None:
    client.connection["password"] = "wrong"
    answer = client.read(tasks=TASKS, on_error="continue")
    assert logins(faz) == 1
    assert [entry["error"]["kind"] for entry in answer["failed_queries"]] == ["auth"] * 5


@pytest.mark.parametrize("status", [401, 403])
def test_a_login_refused_by_http_is_tried_once(client: Client, faz: FortiAnalyzer, status: int) -> None:
    faz.fault("http", url="/sys/login/user", status=status, times=9)
    with pytest.raises(AuthenticationError):
        client.ask(view="top-threats", queries=[{}, {"adom": "Branch_Office"}], on_error="continue")
    assert logins(faz) == 1


def test_a_login_whose_reply_is_lost_is_tried_once(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("cut_before", url="/sys/login/user", times=9)
    client.read(tasks=TASKS, on_error="continue")
    assert logins(faz) == 1


def test_cleaning_up_never_logs_in(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({"task_seconds": 60.0, "login_refusal_code": -20})
    faz.fault("stale_session", method="get", url="/run/", after=4)
    faz.fault("status", url="/sys/login/user", after=1, times=9, code=-20, message="Login fail")
    with pytest.raises(AuthenticationError):
        client.ask(view="top-threats", queries=[{}, {"adom": "Branch_Office"}, {"adom": "Data_Center"}])
    assert logins(faz) == 2


def test_lock_out_words_are_no_full_house(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("status", url="/sys/login/user", times=9, code=-22, message="Sessions: login attempts limit reached")
    with pytest.raises(AuthenticationError):
        client.ask(view="top-threats")
    assert logins(faz) == 1
