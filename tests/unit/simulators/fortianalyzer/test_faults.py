# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planned failures on the wire (protocol_fortianalyzer.rst, "Requirements for a simulator")."""

from __future__ import annotations

import pytest
import requests

STATUS = "/sys/status"
VIEW = "top-threats"


@pytest.mark.parametrize("status", [429, 503, 502, 504, 401, 403, 500])
def test_http_status(faz, caller, status):
    faz.fault("http", status=status, retry_after=7, body="busy", times=2)
    for _again in range(2):
        response = caller.post(caller.body("get", STATUS))
        assert (response.status_code, response.headers["Retry-After"], response.text) == (status, "7", "busy")
    assert caller.post(caller.body("get", STATUS)).status_code == 200


def test_only_the_calls_that_match(faz, caller):
    faz.fault("http", method="get", url="/top-threats/run/", after=1)
    tid = caller.tid(VIEW)
    assert "result" in caller.fetch(VIEW, tid)
    response = caller.post(caller.body("get", f"/fortiview/adom/root/{VIEW}/run/{tid}"))
    assert response.status_code == 503
    assert "result" in caller.fetch(VIEW, tid)


def test_redirect_and_login_page(faz, caller):
    faz.fault("redirect")
    response = caller.post(caller.body("get", STATUS), allow_redirects=False)
    assert response.status_code == 302 and response.headers["Location"] == "/elsewhere"
    faz.fault("not_json")
    assert caller.post(caller.body("get", STATUS)).text.startswith("<!DOCTYPE html>")


def test_truncated(faz, caller):
    faz.fault("truncated", method="get")
    tid = caller.tid(VIEW)
    with pytest.raises(requests.exceptions.RequestException):
        caller.fetch(VIEW, tid)
    assert "result" in caller.fetch(VIEW, tid)


def test_cut_before_is_not_processed(faz, caller):
    faz.fault("cut_before", method="add")
    with pytest.raises(requests.exceptions.ConnectionError):
        caller.submit(VIEW)
    assert faz.live_tasks == [] and len(faz.submits) == 1
    assert faz.journal[-1].fault == "cut_before" and faz.journal[-1].reply is None


def test_cut_after_is_processed_and_nobody_is_blamed(faz, caller):
    faz.fault("cut_after", method="add")
    with pytest.raises(requests.exceptions.ConnectionError):
        caller.submit(VIEW)
    assert len(faz.live_tasks) == 1
    caller.logout()
    assert faz.check() == []


@pytest.mark.parametrize("method", ["add", "get"])
def test_an_empty_body_is_the_reply_to_a_call_that_was_processed(faz, caller, method):
    """HTTP 200 and nothing in it; the task of such a submit exists, and its client cannot know its number."""
    tid = caller.tid(VIEW) if method == "get" else None
    faz.fault("empty_body", method=method, url="fortiview")
    url = f"/fortiview/adom/root/{VIEW}/run" + (f"/{tid}" if tid else "")
    params = {"time-range": caller.last(), "device": [{"devid": "All_Devices"}]} if method == "add" else {}
    response = caller.post(caller.body(method, url, apiver=3, **params))
    assert (response.status_code, response.content) == (200, b"")
    assert len(faz.live_tasks) == 1 and faz.journal[-1].fault == "empty_body"
    if tid is not None:
        assert caller.fetch(VIEW, tid)["result"]["data"]
    caller.logout()
    assert faz.check() == []


def test_too_many_requests_in_a_second(faz, caller, clock):
    clock.advance(1)
    faz.switches.requests_per_second = 2
    replies = [caller.post(caller.body("get", STATUS)) for _number in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert replies[2].headers["Content-Type"].startswith("text/html") and "Retry-After" not in replies[2].headers
    clock.advance(1)
    assert caller.post(caller.body("get", STATUS)).status_code == 200


def test_slow(faz, caller):
    faz.fault("slow", seconds=0.4)
    with pytest.raises(requests.exceptions.Timeout):
        caller.post(caller.body("get", STATUS), timeout=0.1)


def test_error_and_status(faz, caller):
    faz.fault("error", code=-32603, message="boom")
    assert caller.submit(VIEW)["error"] == {"code": -32603, "message": "boom"}
    faz.fault("error", code=-32603, message="boom", as_list=True)
    assert caller.submit(VIEW)["error"] == [{"code": -32603, "message": "boom"}]
    faz.fault("status", code=-8, message="locked")
    assert caller.submit(VIEW)["result"] == {"status": {"code": -8, "message": "locked"}}
    faz.switches.dialect = "documented"
    faz.fault("status", code=-8, message="locked")
    assert caller.submit(VIEW)["result"][0]["status"]["code"] == -8


def test_stale_session_heals_after_one_login(faz, caller):
    faz.fault("stale_session", method="add")
    assert caller.submit(VIEW)["result"]["status"]["code"] == -11
    caller.login()
    assert "tid" in caller.submit(VIEW)["result"]


def test_odd_json(faz, caller):
    faz.fault("no_result")
    assert set(caller.call("get", "/fortiview/adom/root/top-threats/run/1")) == {"jsonrpc", "id"}
    faz.fault("json_list")
    assert isinstance(caller.call("get", STATUS), list)


def test_unknown_kinds_are_refused(faz):
    with pytest.raises(ValueError, match="no fault named"):
        faz.fault("typo")


def test_connections_are_counted(faz, caller, stranger):
    caller.call("get", STATUS)
    caller.call("get", STATUS)
    assert faz.connections == 1
    stranger().login()
    assert faz.connections == 2


def test_journal_keeps_everything_and_finds_leaks(faz, caller):
    caller.post(
        caller.body("get", STATUS), f"{faz.url}?who={faz.username}&p={faz.password}", headers={"X-Note": faz.api_token}
    )
    entry = faz.journal[-1]
    assert (entry.http_method, entry.path, entry.method, entry.url) == ("POST", "/jsonrpc", "get", STATUS)
    assert entry.status == 200 and entry.client[0] == "127.0.0.1" and entry.params == [{"url": STATUS}]
    assert entry.reply["result"][0]["url"] == STATUS
    problems = " | ".join(faz.check())
    assert "the password is in the query" in problems and "the API key is in a header" in problems


def test_switches_refuse_typos(faz):
    with pytest.raises(AttributeError):
        faz.switches.dialetc = "live"
    with pytest.raises(ValueError, match="dialect"):
        faz.switches.dialect = "both"
    with pytest.raises(TypeError, match="all_words takes list"):
        faz.switches.all_words = "devname:All_Device"


def test_reset_forgets_and_restores(faz, caller):
    switches = faz.switches
    faz.switches.dialect = "documented"
    faz.fault("http")
    faz.reset()
    assert switches is faz.switches and switches.dialect == "live"
    assert (faz.journal, faz.open_sessions, faz.connections) == ([], [], 0)
    assert caller.login()["session"]
