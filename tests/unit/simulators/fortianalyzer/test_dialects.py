# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both formats of every reply (protocol_fortianalyzer.rst, "Reply dialects")."""

from __future__ import annotations

import pytest


def test_live_submit_and_fetch(caller):
    reply = caller.submit("top-threats", sort_by=caller.sort("incidents"), limit=3)
    assert reply == {"jsonrpc": "2.0", "id": 7, "result": {"tid": reply["result"]["tid"]}}
    found = caller.fetch("top-threats", reply["result"]["tid"])["result"]
    assert found["percentage"] == 100 and found["status"]["code"] == 0
    assert found["return-lines"] == len(found["data"]) == 3
    assert found["total-count-all"] > 15 and found["masked-fields"] == [] and "db_start_time" in found
    assert all(isinstance(value, str) for row in found["data"] for value in row.values())
    assert not {"sources", "srcip", "severity"} & set(found["data"][0])


def test_figures_that_are_spelled_otherwise(faz, caller):
    plain = caller.fetch("top-sources", caller.tid("top-sources"))["result"]["data"]
    faz.switches.spelled_figures = {"bandwidth": ["4.5e+10", "12.5 MB"], "no-such-column": ["x"]}
    rows = caller.fetch("top-sources", caller.tid("top-sources"))["result"]["data"]
    assert [row["bandwidth"] for row in rows[:2]] == ["4.5e+10", "12.5 MB"]
    assert rows[2:] == plain[2:] and set(rows[0]) == set(plain[0])


def test_total_only_when_asked_for(caller):
    reply = caller.fetch("top-threats", caller.tid("top-threats", count_total=None))
    assert "total-count-all" not in reply["result"]


def test_documented_submit_and_fetch(faz, caller):
    faz.switches.dialect = "documented"
    reply = caller.submit("top-threats", sort_by=caller.sort("incidents"), limit=2)
    assert reply == {
        "result": [
            {
                "data": {"tid": 12450},
                "status": {"code": 0, "message": "OK"},
                "url": "/fortiview/adom/root/top-threats/run",
            }
        ],
        "session": caller.session,
        "id": 7,
    }
    (result,) = caller.fetch("top-threats", 12450)["result"]
    assert set(result) == {"data", "status"}
    data = result["data"]
    assert (data["tid"], data["status"], data["percentage"], len(data["threats"])) == (12450, "done", 100, 2)
    assert data["total"] == 2
    row = data["threats"][0]
    assert list(row) == [
        "threat", "threattype", "severity", "incidents", "sources", "destinations", "blocked", "detected",
    ]  # fmt: skip
    assert isinstance(row["incidents"], int) and row["severity"] in ("critical", "high", "medium", "low")


def test_documented_sources(faz, caller):
    faz.switches.dialect = "documented"
    tid = caller.tid("top-sources", sort_by=caller.sort("bytes"))
    rows = caller.fetch("top-sources", tid)["result"][0]["data"]["sources"]
    assert list(rows[0]) == ["srcip", "hostname", "sessions", "bytes", "bandwidth", "country"]
    assert [row["bytes"] for row in rows] == sorted((row["bytes"] for row in rows), reverse=True)


def test_documented_running_reply_has_no_rows(faz, caller, clock):
    faz.switches.update({"dialect": "documented", "task_seconds": 100.0})
    tid = caller.tid("top-threats")
    clock.advance(68)
    assert caller.fetch("top-threats", tid)["result"][0]["data"] == {"tid": tid, "status": "running", "percentage": 68}


def test_documented_invalid_task(faz, caller):
    faz.switches.dialect = "documented"
    reply = caller.fetch("top-threats", 999)
    assert reply == {"id": 7, "result": [{"status": {"code": -3, "message": "Invalid task ID"}}]}


def test_auto_follows_the_request(faz, caller):
    faz.switches.dialect = "auto"
    assert isinstance(caller.submit("top-threats")["result"], dict)
    body = caller.body("get", "/fortiview/adom/root/top-threats/run/1")
    del body["jsonrpc"]
    assert isinstance(caller.post(body).json()["result"], list)


@pytest.mark.parametrize(
    ("form", "value"), [("int", 100), ("string", "100"), ("float", 100.0), ("percent", "100%"), ("missing", None)]
)
@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_forms_of_the_percentage(faz, caller, form, value, dialect):
    faz.switches.update({"dialect": dialect, "percentage_form": form})
    result = caller.fetch("top-threats", caller.tid("top-threats"))["result"]
    found = (result[0]["data"] if isinstance(result, list) else result).get("percentage")
    assert found == value and isinstance(found, type(value))


def test_without_percentage_no_partial_rows(faz, caller, clock):
    faz.switches.update({"percentage_form": "missing", "task_seconds": 10.0})
    tid = caller.tid("top-threats")
    clock.advance(5)
    assert set(caller.fetch("top-threats", tid)["result"]) == {"status"}
    clock.advance(5)
    assert caller.fetch("top-threats", tid)["result"]["data"]


def test_native_values_done_word_and_extras(faz, caller):
    faz.switches.update({"row_values": "native", "result_extras": True})
    result = caller.fetch("top-threats", caller.tid("top-threats"))["result"]
    assert isinstance(result["data"][0]["incidents"], int) and result["timezone"] == "Europe/Berlin"
    faz.switches.update({"dialect": "documented", "done_word": "finished", "row_values": "strings"})
    data = caller.fetch("top-threats", caller.tid("top-threats"))["result"][0]["data"]
    assert data["status"] == "finished" and isinstance(data["threats"][0]["incidents"], str)


def test_masked_addresses_look_like_addresses(faz, caller):
    plain = {row["srcip"] for row in caller.rows("top-sources")}
    faz.switches.masked_fields = ["srcip"]
    result = caller.fetch("top-sources", caller.tid("top-sources"))["result"]
    assert result["masked-fields"] == ["srcip"]
    masked = {row["srcip"] for row in result["data"]}
    assert not masked & plain and all(address.count(".") == 3 for address in masked)


@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_empty_result_without_a_result_member(faz, caller, dialect):
    faz.switches.update({"dialect": dialect, "omit_result_when_empty": True})
    tid = caller.tid("top-threats", filter='srcip=="10.9.9.9"')
    assert "result" not in caller.fetch("top-threats", tid)


@pytest.mark.parametrize(("form", "shown"), [(None, 7), ("string", "7"), ("missing", None)])
def test_the_id_of_a_reply(faz, caller, form, shown):
    faz.switches.id_form = form
    faz.fault("no_result", method="add")
    for reply in (caller.submit("top-threats"), caller.submit("nonsense"), caller.call("get", "/sys/status")):
        assert reply.get("id") == shown


def test_large_figures_may_be_in_scientific_notation(faz, caller):
    plain = caller.rows("top-sources", sort_by=caller.sort("bandwidth"))
    faz.switches.row_values = "scientific"
    shown = caller.rows("top-sources", sort_by=caller.sort("bandwidth"))
    assert "e+" in shown[0]["bandwidth"] and shown[0]["sessions"].isdigit()
    assert [int(float(row["bandwidth"])) for row in shown] == [int(row["bandwidth"]) for row in plain]


@pytest.mark.parametrize(("form", "total"), [(None, 3), ("returned", 3), ("all", 40)])
def test_the_documented_total_is_the_number_returned_by_default(faz, caller, form, total):
    faz.switches.update({"dialect": "documented", "total_form": form, "synthetic_rows": {"top-sources": 40}})
    assert caller.fetch("top-sources", caller.tid("top-sources", limit=3))["result"][0]["data"]["total"] == total


@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_the_last_reply_may_leave_the_percentage_out(faz, caller, clock, dialect):
    """Earlier ones have it, so that its absence tells nothing but the rows that came with it."""
    faz.switches.update({"dialect": dialect, "final_percentage": False, "task_seconds": 10.0})
    tid = caller.tid("top-threats")
    clock.advance(5)
    assert "'percentage': 50" in str(caller.fetch("top-threats", tid))
    clock.advance(5)
    result = caller.fetch("top-threats", tid)["result"]
    last = result if dialect == "live" else result[0]["data"]
    assert "percentage" not in last and last["data" if dialect == "live" else "threats"]


def test_unknown_urls_and_methods(faz, caller):
    url = "/fortiview/adom/root/top-threats"
    assert f"URI {url} not supported" in caller.call("get", url)["error"]["message"]
    assert caller.call("frobnicate", url)["error"] == {"code": -32600, "message": "Not supported method (frobnicate)"}
    assert caller.call("set", url + "/run")["error"]["message"] == "Not supported method (set)"
    assert caller.post({"id": 1, "method": "get", "params": [], "session": caller.session}).json()["error"] == {
        "code": -32602,
        "message": "No Params.",
    }
    assert caller.call("get", "/cli/global/nothing")["result"][0]["status"]["code"] != 0
    assert caller.post([1, 2]).json()["error"]["code"] == -32600
