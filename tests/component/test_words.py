# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an error tells a person: what was tried, where, what was said, and what to do next."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    AuthenticationError,
    FortiViewError,
    NotPermitted,
)

from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer

FAULTS: list[dict[str, t.Any]] = [
    *({"kind": "http", "status": status} for status in (401, 403, 404, 429, 500, 502, 503, 504)),
    *({"kind": kind} for kind in ("not_json", "truncated", "cut_before", "cut_after", "no_result", "json_list")),
    {"kind": "error", "code": -32603, "message": "database is on fire"},
    {"kind": "status", "code": -1, "message": "database is on fire"},
]
PLACES: dict[str, dict[str, str]] = {
    "Logging in": {"url": "/sys/login/user"},
    "Reading the time zone of FortiAnalyzer": {"url": "/sys/status"},
    "Submitting the query of view top-threats, ADOM root": {"method": "add"},
    "Reading the task of view top-threats, ADOM root, task": {"method": "get", "url": "fortiview"},
}


@pytest.mark.parametrize("doing", PLACES)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, fault.values())))
def test_every_error_says_what_to_do_next(
    client: Client, faz: FortiAnalyzer, fault: dict[str, t.Any], doing: str
) -> None:
    faz.fault(**fault, **PLACES[doing], times=99)
    try:
        client.ask(view="top-threats", wait_timeout=20)
    except FortiViewError as error:
        assert str(error).startswith(doing)
        assert "127.0.0.1" in str(error)
        assert len(error.next_step) > 10 and str(error).endswith(error.next_step)
    # Where the reply to the login was lost, nobody knows the session.
    faz.reset()


def test_only_a_submit_is_about_the_time_range(client: Client, faz: FortiAnalyzer) -> None:
    """HTTP 503 is what a wrong-shaped time range gets, and only a submit has one."""
    said = []
    for where in ({"url": "/sys/status"}, {"method": "add"}):
        faz.reset()
        faz.fault("http", status=503, times=99, **where)
        with pytest.raises(FortiViewError) as caught:
            client.ask(view="top-threats", wait_timeout=10)
        said.append("time_range" in str(caught.value))
    assert said == [False, True]


def test_a_login_for_a_given_task_is_told_in_a_sentence(client: Client, faz: FortiAnalyzer) -> None:
    task = client.submit(view="top-threats")["tasks"]
    client.connection["password"] = "s3cret-but-wrong"
    with pytest.raises(AuthenticationError, match=r"^Logging in for view top-threats, ADOM root, task \d+ on 127"):
        client.read(tasks=task)


def test_a_timeout_is_a_round_number(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("slow", method="get", url="fortiview", seconds=3, times=99)
    client.connection["request_timeout"] = 1.23456
    with pytest.raises(FortiViewError, match=r"within 1\.2 s"):
        client.ask(view="top-threats")


@pytest.mark.parametrize("code", [-1, -22])
def test_too_many_sessions_are_told_from_a_wrong_password(client: Client, faz: FortiAnalyzer, code: int) -> None:
    faz.switches.update({"session_cap": 0, "session_cap_code": code})
    with pytest.raises(AuthenticationError, match="Log out stale sessions"):
        client.ask(view="top-threats")


def test_a_session_that_does_not_last_may_be_more_than_a_missing_right(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({"session_idle": 0.2, "task_seconds": 5.0})
    with pytest.raises(NotPermitted) as caught:
        client.ask(view="top-threats")
    assert "idle timeout" in str(caught.value) and "also refused" not in str(caught.value)


def test_a_new_session_that_is_refused_too_is_said(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({"rpc_permit": "read", "add_needs_write": True})
    with pytest.raises(NotPermitted, match=r"new login.*rpc-permit"):
        client.ask(view="top-threats")


def test_a_submit_that_was_replayed_says_what_it_met(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("http", method="add", status=502)
    warnings = " ".join(client.ask(view="top-threats")["warnings"])
    assert "HTTP 502" in warnings and "ended before the reply" not in warnings


def test_a_zone_that_was_not_told_has_no_name(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.status_zone_missing = True
    warnings = " ".join(client.ask(view="top-threats")["warnings"])
    assert "reported no time zone" in warnings and "None" not in warnings


@pytest.mark.parametrize("status", [429, 503])
def test_an_appliance_too_busy_for_its_status_is_waited_for(client: Client, faz: FortiAnalyzer, status: int) -> None:
    faz.fault("http", url="/sys/status", status=status, times=2)
    assert client.ask(view="top-threats")["result"]["rows"]


def test_a_smaller_page_is_learned(client: Client, faz: FortiAnalyzer) -> None:
    """A limit that this release refuses is one of a page, never of what a user may want."""
    faz.switches.update({"limit_max": 500, "synthetic_rows": {"top-threats": 1200}})
    answer = client.ask(view="top-threats", limit=1100)
    assert len({row["threat"] for row in answer["result"]["rows"]}) == 1100
    assert [params["limit"] for params in faz.submits] == [1000, 500, 500, 100]
    assert "500" in " ".join(answer["warnings"])


def test_a_task_that_was_submitted_for_a_smaller_page_is_read_to_the_end(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({"limit_max": 500, "synthetic_rows": {"top-threats": 1200}})
    tasks = client.submit(view="top-threats", limit=1100)["tasks"]
    assert len({row["threat"] for row in client.read(tasks=tasks)["result"]["rows"]}) == 1100


def test_a_limit_that_names_no_number_is_an_error(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("error", method="add", code=-32602, message="Invalid params: limit: 50 is bigger than allowed", times=99)
    with pytest.raises(FortiViewError, match="Lower limit"):
        client.ask(view="top-threats", limit=50)


def test_logs_are_read_in_smaller_pages_where_they_have_to_be(client: Client, faz: FortiAnalyzer) -> None:
    gone = ["threat-src-dst", "source-threat", "destination-threat"]
    faz.switches.update({"missing_views": gone, "logsearch_fetch_max": 500})
    threat = client.ask(view="top-threats")["result"]["rows"][0]["threat"]
    found = client.find(threats=[threat], time_range={"start": "2025-11-10 00:00:00", "end": "2025-11-10 23:59:59"})
    faz.switches.logsearch_fetch_max = 1000
    usual = client.find(threats=[threat], time_range={"start": "2025-11-10 00:00:00", "end": "2025-11-10 23:59:59"})
    assert re.search(r"\b500\b", " ".join(found["warnings"]))
    assert found["offenders"] == usual["offenders"] != []
