# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a task, with everything that goes wrong in it (protocol_fortianalyzer.rst, "Task life cycle")."""

from __future__ import annotations

import re

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    ApiError,
    DeadlineExceeded,
    FortiViewError,
    Incomplete,
    TaskFailed,
    TaskGone,
)

from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer

FORMS = ["int", "string", "float", "percent", "missing"]


@pytest.mark.parametrize("form", FORMS)
def test_partial_rows_are_never_taken(client: Client, faz: FortiAnalyzer, dialect: str, form: str) -> None:
    final = client.ask(view="top-threats")["result"]["rows"]
    # Without any percentage a live reply with rows counts as done, so there the box must have finished by then.
    faz.switches.update({"percentage_form": form, "task_seconds": 0.0 if form == "missing" else 20.0})
    result = client.ask(view="top-threats")["result"]
    assert result["rows"] == final
    assert result["complete"]
    assert result["percentage"] == (None if form == "missing" and dialect == "live" else 100)


@pytest.mark.parametrize("progress, most", [("linear", 25), ("steps", 25), ("stalled", 100)])
def test_polls_of_a_minute(client: Client, faz: FortiAnalyzer, progress: str, most: int) -> None:
    faz.switches.update({"task_seconds": 60.0, "progress": progress})
    result = client.ask(view="top-threats")["result"]
    assert result["polls"] <= most
    assert result["elapsed"] - 60 <= 3.0


def test_each_query_has_one_closing_line(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.task_seconds = 20.0
    adoms = [{"adom": "root"}, {"adom": "Nowhere"}]
    (ticket,) = client.ask(view="top-threats", limit=1, queries=adoms, on_error="continue")["tasks"]
    closing = sorted(line for line in client.progress if " s" in line)
    assert [re.sub(r"2\d\.\d", "N", line) for line in closing] == [
        "top-threats Nowhere: failed after 0.0 s",
        f"top-threats root tid {ticket['tid']}: done, 1 row in N s",
    ]


def test_a_task_that_still_runs_has_a_closing_line_too(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.task_seconds = 20.0
    tickets = client.submit(view="top-threats")["tasks"]
    client.read(tasks=tickets, wait=False)
    assert client.progress[-1] == f"top-threats root tid {tickets[0]['tid']}: running, 0 rows, not complete, in 0.0 s"


def test_a_running_task_is_not_read(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.task_seconds = 20.0
    tickets = client.submit(view="top-threats")["tasks"]
    client.clock.advance(10)
    read = client.read(tasks=tickets, wait=False)
    assert (read["result"]["complete"], read["result"]["rows"], read["result"]["percentage"]) == (False, [], 50)
    fact = read["ansible_facts"]["fortiview_top_threats"]
    assert (fact["complete"], fact["rows"], fact["status"]) == (False, [], "running")
    client.clock.advance(10)
    read = client.read(tasks=tickets, wait=False)
    assert read["result"]["complete"] and read["ansible_facts"]["fortiview_top_threats"]["rows"]


def test_a_task_that_never_ends_leaves_its_ticket(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.task_outcome = "never"
    faz.switches.task_seconds = 10.0
    with pytest.raises(DeadlineExceeded) as caught:
        client.ask(view="top-threats", wait_timeout=30.0)
    failure = caught.value.to_fail_json()
    assert client.slept <= 31
    assert failure["error"]["percentage"] == 73
    assert faz.host in failure["msg"] and str(failure["tid"]) in failure["msg"]
    assert faz.deletes == []
    # Nothing is lost: the ticket in the error can still be read.
    faz.switches.task_outcome = "done"
    faz.live_tasks[0].outcome = "done"
    assert client.read(tasks=failure["tasks"])["result"]["rows"]


def test_a_task_that_fails_is_deleted(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.task_outcome = "error"
    with pytest.raises((TaskFailed, ApiError)) as caught:
        client.ask(view="top-threats")
    assert "tid" in caught.value.to_fail_json()
    assert faz.live_tasks == [] or faz.deletes


def test_a_task_that_is_not_registered_yet(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.registration_delay = 2.0
    result = client.ask(view="top-threats")["result"]
    assert result["rows"] and len(faz.submits) == 1


def test_a_task_that_is_never_registered_is_submitted_again_and_then_given_up(
    client: Client, faz: FortiAnalyzer
) -> None:
    faz.switches.registration_delay = 1e9
    with pytest.raises(TaskGone):
        client.ask(view="top-threats")
    assert len(faz.submits) == 4


def test_a_task_that_is_dropped_when_read_too_early(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({"early_fetch_reaps": 1.0, "task_seconds": 3.0})
    result = client.ask(view="top-threats")["result"]
    assert result["rows"] and len(faz.submits) == 2
    assert "submitted again" in result["warnings"][0]


@pytest.mark.parametrize("how", ["single use", "expiry"])
def test_a_task_that_is_gone(client: Client, faz: FortiAnalyzer, dialect: str, how: str) -> None:
    faz.switches.single_use = how == "single use"
    tickets = client.submit(view="top-threats", limit=5)["tasks"]
    if how == "single use":
        client.read(tasks=tickets)
    else:
        client.clock.advance(1000)
    with pytest.raises(TaskGone) as caught:
        client.read(tasks=tickets)
    assert "on_gone=resubmit" in str(caught.value)
    again = client.read(tasks=tickets, on_gone="resubmit")["result"]
    assert len(again["rows"]) == 5
    assert again["tid"] != tickets[0]["tid"]
    assert "submitted again" in again["warnings"][0]


def test_a_bare_task_id_that_is_gone_cannot_be_asked_again(client: Client, faz: FortiAnalyzer) -> None:
    with pytest.raises(TaskGone):
        client.read(view="top-threats", tid=[4711], on_gone="resubmit")


@pytest.mark.parametrize("place", [{"adom": "Branch_Office"}, {"view": "top-sources"}])
def test_a_task_is_known_in_its_own_place_only(
    client: Client, faz: FortiAnalyzer, dialect: str, place: dict[str, str]
) -> None:
    ticket = client.submit(view="top-threats")["tasks"][0]
    with pytest.raises(TaskGone):
        client.read(**{"adom": "root", "view": "top-threats", "tid": [ticket["tid"]], **place})
    client.read(tasks=[ticket])


def test_a_full_percentage_without_rows_is_asked_again(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({"empty_complete": 2, "synthetic_rows": {"top-sources": 1500}})
    result = client.ask(view="top-sources", limit=1500)["result"]
    assert len(result["rows"]) == 1500
    faz.switches.empty_complete = 99
    with pytest.raises(Incomplete):
        client.ask(view="top-sources", limit=1500)
    assert faz.live_tasks == []


@pytest.mark.parametrize("times", [2, 8])
def test_a_reply_without_result_is_not_no_threats_at_once(
    client: Client, faz: FortiAnalyzer, dialect: str, times: int
) -> None:
    faz.fault("no_result", method="get", url="/run/", times=times)
    result = client.ask(view="top-threats")["result"]
    assert result["rows"]


def test_an_empty_window_is_an_answer_after_all(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.omit_result_when_empty = True
    early = {"start": "2024-01-01", "end": "2024-01-02"}
    result = client.ask(view="top-threats", time_range=early)["result"]
    assert (result["rows"], result["complete"], result["returned"]) == ([], True, 0)
    words = [{"devid": "All_Devices"}, {"devname": "All_Device"}, {"devid": "All_FortiGate"}]
    assert [params["device"] for params in faz.submits] == [[word] for word in words]


def test_slots_are_shared_and_nobody_is_lost(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.update({"slots": 3, "task_seconds": 2.0, "extra_adoms": 12})
    queries = [{"adom": f"ADOM_{number:03}"} for number in range(1, 13)]
    results = client.ask(view="top-threats", queries=queries, max_concurrent=8)["results"]
    assert len(results) == 12 and all(result["rows"] for result in results)
    assert faz.live_tasks == []


def test_no_slot_at_all_is_an_error_in_time(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.slots = 0
    with pytest.raises(FortiViewError) as caught:
        client.ask(view="top-threats", wait_timeout=60.0)
    assert client.slept <= 61
    assert "slot" in str(caught.value) or "wait_timeout" in str(caught.value)


def test_a_session_that_goes_stale_while_a_task_runs(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.task_seconds = 10.0
    faz.fault("stale_session", method="get", url="/run/", after=1)
    assert client.ask(view="top-threats")["result"]["rows"]
    assert sum(entry.url == "/sys/login/user" for entry in faz.journal) == 2


@pytest.mark.parametrize("on_error", ["fail", "continue"])
def test_one_bad_query_among_many(client: Client, faz: FortiAnalyzer, dialect: str, on_error: str) -> None:
    queries = [{"adom": "root"}, {"view": "no-such-view"}, {"adom": "Branch_Office"}]
    if on_error == "fail":
        with pytest.raises(ApiError) as caught:
            client.submit(view="top-threats", queries=queries, on_error="fail")
        assert "no-such-view" in str(caught.value)
        left = caught.value.to_fail_json()["tasks"]
        assert left and client.read(tasks=left)["results"][0]["rows"]
        return
    answer = client.ask(view="top-threats", queries=queries, on_error="continue")
    assert [result["adom"] for result in answer["results"]] == ["root", "Branch_Office"]
    assert [entry["name"] for entry in answer["failed_queries"]] == ["no_such_view"]
    assert set(answer["ansible_facts"]) == {
        "fortiview_top_threats_root",
        "fortiview_top_threats_branch_office",
        "fortiview_no_such_view",
        "fortiview_tasks",
    }
    fact = answer["ansible_facts"]["fortiview_no_such_view"]
    assert (fact["complete"], fact["rows"], fact["msg"]) == (False, [], answer["failed_queries"][0]["msg"])


def test_an_error_ends_the_other_tasks(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.task_seconds = 60.0
    with pytest.raises(ApiError):
        client.ask(view="top-threats", queries=[{"adom": "root"}, {"view": "no-such-view"}])
    assert faz.live_tasks == []


def test_batch_of_task_ids_with_errors(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    tickets = client.submit(view="top-sources", queries=[{"limit": 3}, {"limit": 4}])["tasks"]
    tasks = [{"view": "top-sources", "tid": tid} for tid in (tickets[0]["tid"], 4711, tickets[1]["tid"])]
    answer = client.read(tasks=tasks, on_error="continue")
    assert [result["returned"] for result in answer["results"]] == [3, 4]
    assert [(entry["tid"], entry["error"]["kind"]) for entry in answer["failed_queries"]] == [(4711, "gone")]


def test_a_drill_down_has_its_rows_with_the_submit(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    scope = {"serial": "FG100FTK20000001", "vdom": "root"}
    answer = client.submit(view="threat-detect-drilldown-blacklist", device_scope=scope, time_range={"last": "7d"})
    assert faz.submits[0]["url"] == "/fortiview/dev/FG100FTK20000001/vdom/root/threat-detect-drilldown-blacklist/run"
    assert faz.fetches == []
    assert answer["result"]["complete"] and answer["result"]["rows"][0]["srcip"]
    faz.switches.drilldown_rows_on_submit = False
    polled = client.ask(view="threat-detect-drilldown-blacklist", device_scope=scope, time_range={"last": "7d"})
    assert polled["result"]["rows"] == answer["result"]["rows"]


def test_delete_ends_the_task(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    tickets = client.submit(view="top-threats")["tasks"]
    client.read(tasks=tickets, delete=True)
    assert faz.live_tasks == []


def test_a_fresh_ticket_has_its_registration_time_too(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.registration_delay = 2.0
    tickets = client.submit(view="top-threats")["tasks"]
    assert client.read(tasks=tickets)["result"]["rows"]
    assert len(faz.submits) == 1


def test_a_gone_task_is_submitted_again_without_waiting(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.task_seconds = 30.0
    tickets = client.submit(view="top-threats")["tasks"]
    client.clock.advance(1000)
    result = client.read(tasks=tickets, wait=False, on_gone="resubmit")["result"]
    assert (result["complete"], result["status"], result["rows"]) == (False, "running", [])
    assert result["tid"] != tickets[0]["tid"]


def test_clean_up_does_not_hold_up_the_answer(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("http", method="delete", status=503, times=99, retry_after=60)
    faz.fault("http", url="/sys/logout", status=503, times=99, retry_after=60)
    assert client.ask(view="top-threats")["result"]["rows"]
    assert client.slept < 1
    faz.reset()


@pytest.mark.parametrize("kind", ["error", "cut_before", "truncated"])
def test_a_passing_fault_does_not_leave_a_task(client: Client, faz: FortiAnalyzer, kind: str) -> None:
    faz.fault(kind, method="delete")
    assert client.ask(view="top-threats")["result"]["rows"]
    assert faz.live_tasks == []


@pytest.mark.parametrize("queries", [2, 3, 6])
def test_reads_that_are_refused_while_several_tasks_run(
    client: Client, faz: FortiAnalyzer, dialect: str, queries: int
) -> None:
    """By words about rights and about unknown tasks, neither of which is true."""
    faz.switches.update({"concurrent_searches": 1, "task_seconds": 1.0})
    asked = [{"view": "top-threats", "name": f"q{number}"} for number in range(queries)]
    result = client.ask(queries=asked)
    assert [entry["complete"] for entry in result["results"]] == [True] * queries
    assert all(entry["rows"] for entry in result["results"])
    assert any("fewer tasks at once" in text for text in result["warnings"])
    assert faz.live_tasks == []


def test_the_rows_of_one_query_are_where_one_looks(client: Client, faz: FortiAnalyzer) -> None:
    asked = client.ask(view="top-threats")
    assert asked["rows"] == asked["result"]["rows"] == asked["results"][0]["rows"] != []
    ticket = client.submit(view="top-threats")
    assert "rows" not in ticket
    assert client.read(tasks=ticket["tasks"])["rows"] == asked["rows"]
    assert "rows" not in client.ask(queries=[{"view": "top-threats"}, {"view": "top-sources"}])
    faz.switches.task_seconds = 600.0
    running = client.submit(view="top-threats")
    early = client.read(tasks=running["tasks"], wait=False)
    assert not early["result"]["complete"] and "rows" not in early
