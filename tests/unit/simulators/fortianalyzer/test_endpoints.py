# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UEBA endpoints (protocol_fortianalyzer.rst, "Endpoints")."""

from __future__ import annotations

import pytest

PLACE = "/ueba/adom/root/endpoints"


@pytest.fixture
def ask(caller):
    return lambda what="", **params: caller.call("get", PLACE + what, apiver=3, **params)


@pytest.fixture
def events(faz):
    return [e for e in faz.events if e.adom == "root" and e.itime <= faz.anchor and e.epid]


def test_every_host_of_the_log_is_an_endpoint(ask, events):
    rows = {row["epid"]: row for row in ask()["result"]["data"]}
    assert set(rows) == {str(e.epid) for e in events}
    for event in events:
        row = rows[str(event.epid)]
        assert (row["epname"], row["mac"]) == (event.srcname, event.srcmac)
        assert not event.user or event.user in row["user"]
    epid = events[0].epid
    times = [e.time for e in events if e.epid == epid]
    assert (int(rows[str(epid)]["firstseen"]), int(rows[str(epid)]["lastseen"])) == (min(times), max(times))
    assert isinstance(rows[str(epid)]["user"], list)


def test_the_firewall_is_an_endpoint_too(ask):
    (row,) = ask(filter='epname==".self"')["result"]["data"]
    assert (row["epid"], row["epip"]) == ("2", "10.1.0.1")


def test_endpoints_name_compromised_hosts(caller, ask):
    hosts = caller.rows("threat-detect-summary")
    epids = [int(row["epid"]) for row in hosts]
    found = {row["epid"]: row for row in ask(epids=epids)["result"]["data"]}
    assert set(found) == set(map(str, epids)) and all(found[row["epid"]]["epip"] == row["srcip"] for row in hosts)


def test_details_filters_and_pages(ask):
    assert set(ask(**{"detail-level": "simple"})["result"]["data"][0]) == {"epid", "epname", "epip"}
    assert "mac" not in ask(**{"detail-level": "basic"})["result"]["data"][0]
    assert "detail-level 'all' not supported" in ask(**{"detail-level": "all"})["error"]["message"]
    assert [row["epid"] for row in ask(filter="epid=101")["result"]["data"]] == ["101"]
    assert ask(filter='user=="user02"')["result"]["data"][0]["user"] == ["user02"]
    assert "filter 'threat' not supported" in ask(filter="threat==x")["error"]["message"]
    order = [{"field": "epid", "order": "desc"}]
    epids = [int(row["epid"]) for row in ask(**{"sort-by": order})["result"]["data"]]
    assert epids == sorted(epids, reverse=True)
    assert [int(row["epid"]) for row in ask(limit=3, offset=2, **{"sort-by": order})["result"]["data"]] == epids[2:5]
    assert "Missing columns: 'colour'" in ask(**{"sort-by": [{"field": "colour"}]})["error"]["message"]


def test_windows(caller, ask, events):
    start, end = caller.faz.anchor - 3600, caller.faz.anchor
    active = {str(e.epid) for e in events if start <= e.time <= end}
    assert {row["epid"] for row in ask(**{"time-range": caller.window(start, end)})["result"]["data"]} == active
    assert ask(**{"firstseen-time-range": caller.window(start, end)})["result"]["data"] == []


def test_stats(caller, ask):
    assert "time-range is required" in ask("/stats")["error"]["message"]
    rows = ask("/stats", **{"time-range": caller.last()})["result"]["data"]
    whole = ask(**{"time-range": caller.last()})["result"]["data"]
    assert sum(int(row["count"]) for row in rows) == len(whole)
    assert {row["osname"] for row in rows} == {row["osname"] for row in whole}


@pytest.mark.parametrize("shape", ["object", "list"])
def test_shapes(faz, ask, shape):
    faz.switches.ueba_shape = shape
    reply = ask(epids=[101])
    found = reply["result"] if shape == "object" else reply["result"][0]
    assert ("jsonrpc" in reply) is (shape == "object")
    assert found["status"]["code"] == 0 and found["data"][0]["epid"] == "101"


def test_documented_form(faz, ask):
    faz.switches.dialect = "documented"
    (result,) = ask("/", filter="epid=101")["result"]
    (row,) = result["data"]
    assert set(row) == {
        "epid", "hostname", "ip", "mac", "os", "osversion", "risk_score", "first_seen", "last_seen", "user", "status",
    }  # fmt: skip
    assert row["epid"] == 101 and row["status"] == "active"
    assert ask(epids=[9999])["result"] == [{"status": {"code": -2, "message": "No data available"}}]


def test_nothing_found(faz, ask):
    assert ask(epids=[9999])["result"]["data"] == []
    faz.switches.omit_result_when_empty = True
    assert "result" not in ask(epids=[9999])
