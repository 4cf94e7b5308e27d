# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a task (protocol_fortianalyzer.rst, "Task life cycle")."""

from __future__ import annotations

import pytest

VIEW = "top-threats"


def percentage(caller, tid):
    return caller.fetch(VIEW, tid)["result"]["percentage"]


def gone(reply):
    return reply.get("error", {}).get("message", "").startswith("Server error: Invalid tid")


@pytest.mark.parametrize(
    ("progress", "seen"), [("linear", [0, 30, 60, 90]), ("steps", [0, 25, 50, 75]), ("stalled", [40, 40, 40, 40])]
)
def test_progress(faz, caller, clock, progress, seen):
    faz.switches.update({"task_seconds": 10.0, "progress": progress})
    tid = caller.tid(VIEW)
    found = []
    for _step in range(4):
        found.append(percentage(caller, tid))
        clock.advance(3)
    assert found == seen
    assert percentage(caller, tid) == 100


def test_durations_in_turn(faz, caller, clock):
    faz.switches.task_seconds = [10.0, 20.0]
    tids = [caller.tid(VIEW) for _number in range(3)]
    clock.advance(10)
    assert [percentage(caller, tid) for tid in tids] == [100, 50, 100]


@pytest.mark.parametrize("limit", [1, 5, 1000])
def test_partial_rows_are_convincing_and_wrong(faz, caller, clock, limit):
    faz.switches.task_seconds = 10.0
    tid = caller.tid(VIEW, sort_by=caller.sort("incidents"), limit=limit)
    clock.advance(5)
    partial = caller.fetch(VIEW, tid)["result"]["data"]
    figures = [int(row["incidents"]) for row in partial]
    assert figures == sorted(figures, reverse=True)
    clock.advance(5)
    final = caller.fetch(VIEW, tid)["result"]["data"]
    assert [row["threat"] for row in partial] != [row["threat"] for row in final]
    assert figures != [int(row["incidents"]) for row in final]
    assert len(partial) == len(final) == min(limit, len(final))


def test_registration_takes_a_moment(faz, caller, clock):
    faz.switches.registration_delay = 0.8
    tid = caller.tid(VIEW)
    assert caller.fetch(VIEW, tid)["error"] == {
        "code": -32005,
        "message": f"Server error: Invalid tid {tid} for fetching result.",
    }
    clock.advance(1)
    assert percentage(caller, tid) == 100


def test_repeated_and_single_use(faz, caller):
    tid = caller.tid(VIEW)
    assert caller.fetch(VIEW, tid) == caller.fetch(VIEW, tid)
    faz.switches.single_use = True
    caller.fetch(VIEW, tid)
    assert gone(caller.fetch(VIEW, tid))


def test_early_fetch_reaps(faz, caller, clock):
    faz.switches.update({"task_seconds": 5.0, "early_fetch_reaps": 0.4})
    hasty, patient = caller.tid(VIEW), caller.tid(VIEW)
    assert percentage(caller, hasty) == 0
    assert gone(caller.fetch(VIEW, hasty))
    clock.advance(0.5)
    assert percentage(caller, patient) == 10
    assert percentage(caller, patient) == 10


def test_expiry_counts_from_the_last_use(faz, caller, clock):
    tid = caller.tid(VIEW)
    clock.advance(800)
    percentage(caller, tid)
    clock.advance(800)
    percentage(caller, tid)
    clock.advance(901)
    caller.login()
    assert gone(caller.fetch(VIEW, tid))
    assert faz.live_tasks == []


def test_wrong_view_or_adom(faz, caller):
    tid = caller.tid(VIEW)
    assert gone(caller.fetch("top-sources", tid))
    assert gone(caller.fetch(VIEW, tid, adom="Branch_Office"))
    faz.switches.dialect = "documented"
    assert caller.fetch("top-sources", tid)["result"][0]["status"]["code"] == -3


def test_delete_is_idempotent(faz, caller):
    tid = caller.tid(VIEW)
    for _again in range(2):
        assert caller.delete(VIEW, tid)["result"]["status"]["code"] == 0
    assert gone(caller.fetch(VIEW, tid))
    faz.switches.dialect = "documented"
    assert caller.delete(VIEW, tid)["result"][0]["status"]["code"] == 0


def test_slots(faz, caller):
    faz.switches.slots = 2
    first = caller.tid(VIEW)
    caller.tid(VIEW)
    assert "No available slot for searching" in caller.submit(VIEW)["error"]["message"]
    caller.delete(VIEW, first)
    assert "tid" in caller.submit(VIEW)["result"]
    assert len(faz.live_tasks) == 2


def test_empty_but_complete(faz, caller):
    faz.switches.empty_complete = 1
    result = caller.fetch(VIEW, caller.tid(VIEW))["result"]
    assert result["percentage"] == 100 and result["data"] == [] and result["total-count-all"] > 0
    assert caller.rows(VIEW)


def test_outcomes(faz, caller, clock):
    faz.switches.task_outcome = "never"
    tid = caller.tid(VIEW)
    clock.advance(600)
    assert percentage(caller, tid) == 73
    faz.switches.task_outcome = "error"
    assert caller.fetch(VIEW, caller.tid(VIEW))["result"]["status"]["code"] == -1
    faz.switches.dialect = "documented"
    assert caller.fetch(VIEW, caller.tid(VIEW))["result"][0]["data"]["status"] == "error"


@pytest.mark.parametrize(
    ("dialect", "paths", "run", "short"),
    [
        ("live", None, True, False),
        ("documented", None, True, True),
        ("live", "short", False, True),
        ("documented", "run", True, False),
    ],
)
def test_fetch_paths(faz, caller, dialect, paths, run, short):
    faz.switches.update({"dialect": dialect, "fetch_paths": paths})
    tid = caller.tid(VIEW)
    for path, served in (("run/", run), ("", short)):
        text = str(caller.call("get", f"/fortiview/adom/root/{VIEW}/{path}{tid}", apiver=3))
        refusal = "not supported" if dialect == "live" else "'code': -6, 'message': 'Invalid url'"
        assert (refusal in text) is not served


def test_a_path_is_refused_in_a_status_by_some_releases(faz, caller):
    faz.switches.update({"unknown_path_form": "status", "fetch_paths": "short"})
    tid = caller.tid(VIEW)
    assert caller.fetch(VIEW, tid)["result"] == {"status": {"code": -6, "message": "Invalid url"}}
    assert caller.call("get", f"/fortiview/adom/root/{VIEW}/{tid}", apiver=3)["result"]["percentage"] == 100
    assert caller.call("get", "/nonsense")["result"] == [
        {"status": {"code": -6, "message": "Invalid url"}, "url": "/nonsense"}
    ]


def test_documented_paging_of_a_fetch(faz, caller):
    faz.switches.dialect = "documented"
    tid = caller.tid("top-sources", sort_by=caller.sort("sessions"))

    def sources(**params):
        return caller.fetch("top-sources", tid, **params)["result"][0]["data"]["sources"]

    whole = sources()
    assert sources(data={"limit": 2, "offset": 1}) == whole
    faz.switches.update({"fetch_paging": True, "fetch_page_default": 50})
    assert sources() == whole[:50]
    assert sources(data={"limit": 20, "offset": 50}) == whole[50:70]


def test_late_logs_move_rows_between_pages(faz, caller):
    faz.switches.late_logs = True
    order = caller.sort("sessions")
    pages = [caller.rows("top-sources", sort_by=order, limit=20, offset=start) for start in (0, 20, 40)]
    addresses = [row["srcip"] for page in pages for row in page]
    assert len(set(addresses)) < len(addresses)
    assert len(caller.rows("top-sources", sort_by=order)) > len(
        caller.rows("top-sources", sort_by=caller.sort("threatweight"))
    )


def test_searches_beside_each_other_disturb_each_other(faz, caller, clock):
    faz.switches.update({"concurrent_searches": 1, "task_seconds": 10.0})
    one = caller.tid(VIEW)
    assert caller.fetch(VIEW, one)["result"]["percentage"] == 0
    two = caller.tid(VIEW)
    seen = [str(caller.fetch(VIEW, tid)) for tid in (one, two, one, two)]
    assert "'code': -11" in seen[0] and f"Invalid tid {one}" in seen[2]
    assert "percentage" in seen[1] and "percentage" in seen[3]
    clock.advance(10)
    assert caller.fetch(VIEW, one)["result"]["data"] and caller.fetch(VIEW, two)["result"]["data"]


def test_a_cache_has_not_seen_the_last_minutes(faz, caller, clock):
    faz.switches.update({"fortiview_cache": 3600.0, "session_idle": 7200.0})
    clock.advance(1800)
    window = caller.window(faz.anchor - 3600, faz.anchor + 1800)

    def incidents():
        return sum(int(row["incidents"]) for row in caller.rows(VIEW, time_range=window))

    old = incidents()
    clock.advance(1800)
    fresh = incidents()
    faz.switches.fortiview_cache = 0.0
    assert 0 < old < fresh == incidents()


def test_late_arrivals_change_a_past_window(faz, caller, clock):
    window = caller.last(2)

    def sessions():
        return sum(int(row["sessions"]) for row in caller.rows("top-sources", time_range=window))

    before = sessions()
    clock.advance(7200)
    caller.login()
    assert sessions() > before


def test_check_wants_every_task_read_or_deleted(faz, caller, clock):
    faz.switches.task_seconds = 5.0
    left, deleted, read = (caller.tid(VIEW) for _number in range(3))
    caller.delete(VIEW, deleted)
    clock.advance(5)
    caller.fetch(VIEW, read)
    caller.logout()
    assert faz.check() == [f"task {left} ({VIEW}, root) was neither read to its end nor deleted"]
