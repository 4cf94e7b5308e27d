# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Indicators of compromise: licence, rescans, compromised hosts and their drill-downs.

See protocol_fortianalyzer.rst, "Compromised hosts".
"""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

RUN = "/ioc/adom/root/rescan/run"
HISTORY = "/ioc/adom/root/rescan/history"
DAY = 86400
BLACKLIST = ("threat-detect-drilldown-blacklist", "threat-rescan-drilldown-blacklist", "ioc-ep-drilldown-bl-cs")


@pytest.fixture
def events(faz):
    """Infections of the last day, found without the simulator's own notion of them."""
    known = [e for e in faz.events if e.adom == "root" and faz.anchor - DAY <= e.time <= faz.anchor]
    downloads = [e for e in known if e.threat and e.log in ("virus", "webfilter")]
    botnets = [e for e in known if e.kind == "botnet" and e.log == "attack"]
    return [e for e in (*downloads, *botnets) if e.itime <= faz.anchor]


@pytest.fixture
def get(caller):
    return lambda url: caller.call("get", url, apiver=3)


def test_licence(faz, caller, get):
    assert get("/ioc/license/state")["result"]["data"]["state"] == "valid"
    faz.switches.ioc_licensed = False
    assert get("/ioc/license/state")["result"]["data"]["state"] == "expired"
    assert caller.rows("threat-detect-summary") == [] != caller.rows("top-threats")
    faz.switches.dialect = "documented"
    assert get("/ioc/license/state")["result"][0]["data"]["licensed"] is False


def test_compromised_hosts_agree_with_the_log(caller, events):
    rows = {row["srcip"]: row for row in caller.rows("threat-detect-summary")}
    by_host = defaultdict(list)
    for event in events:
        by_host[event.srcip].append(event)
    assert set(rows) == set(by_host) and len(rows) > 5
    for address, row in rows.items():
        mine = by_host[address]
        listed = [e for e in mine if e.kind != "ips"]
        assert int(row["threat_num"]) == len({e.threat for e in mine})
        assert (int(row["bl_count"]), int(row["cs_count"])) == (len(listed), len(mine) - len(listed))
        assert int(row["last_detected_time"]) == max(e.time for e in mine)
        assert row["verdict_s"] == ("Infected" if listed else "Highly Suspicious")
        assert set(row["fortigate"].split(",")) == {e.devid for e in mine}


@pytest.mark.parametrize("view", BLACKLIST)
def test_drilldowns_agree_with_the_log(caller, events, view):
    expected, found = Counter(), Counter()
    for event in events:
        expected[event.srcip, event.threat, event.dstip] += event.incidents
    for row in caller.rows(view):
        found[row["srcip"], row["threat"], row["dstip"]] += int(row["event_num"])
    assert found == expected
    host = caller.rows("threat-detect-summary", sort_by=caller.sort("bl_count"))[0]
    mine = caller.rows(view, filter=f'srcip=="{host["srcip"]}"')
    assert len({row["threat"] for row in mine}) == int(host["threat_num"])


def test_crowd_sourced_drilldown(caller, events):
    rows = caller.rows("threat-detect-drilldown-crowdsrcing")
    expected = Counter()
    for event in events:
        expected[event.srcip, event.threat] += event.incidents
    assert {(row["srcip"], row["tdthreatname"]): int(row["event_num"]) for row in rows} == expected


def test_drilldowns_of_firewalls_add_up(caller, events):
    added = Counter()
    for serial, vdom in (("FG100FTK20000001", "root"), ("FG100FTK20000002", "root"), ("FG100FTK20000002", "guest")):
        place = f"/fortiview/dev/{serial}/vdom/{vdom}/threat-detect-drilldown-blacklist/run"
        for row in caller.call("add", place, apiver=3, limit=1000, **{"time-range": caller.last()})["result"]["data"]:
            added[row["srcip"]] += int(row["event_num"])
    expected = Counter()
    for event in events:
        expected[event.srcip] += event.incidents
    assert added == expected


@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_nothing_running(faz, get, dialect):
    faz.switches.dialect = dialect
    assert "result" not in get(RUN)
    faz.switches.ioc_result_when_idle = True
    result = get(RUN)["result"]
    assert (result if dialect == "live" else result[0])["data"] == []


def test_scheduled_rescans_can_be_ended(faz, caller, get):
    faz.switches.ioc_rescans_running = 2
    rows = get(RUN)["result"]["data"]
    assert [set(row) for row in rows] == [{"tid", "percentage", "status", "threats-count"}] * 2
    tid = rows[0]["tid"]
    assert caller.call("delete", f"{RUN}/{tid}", apiver=3)["result"]["status"]["code"] == 0
    assert [row["tid"] for row in get(RUN)["result"]["data"]] == [rows[1]["tid"]]
    assert "Invalid tid" in caller.call("delete", f"{RUN}/{tid}", apiver=3)["error"]["message"]
    assert "result" in caller.call("get", "/ioc/adom/Branch_Office/rescan/run", apiver=3)


def test_started_rescans(faz, caller, get, clock):
    assert "Not supported method" in caller.call("add", RUN, apiver=3)["error"]["message"]
    faz.switches.ioc_rescan_startable = True
    tid = caller.call("add", RUN, apiver=3)["result"]["tid"]
    clock.advance(30)
    (row,) = get(RUN)["result"]["data"]
    assert (row["tid"], row["percentage"]) == (str(tid), "50")
    clock.advance(30)
    assert "result" not in get(RUN)
    assert get(HISTORY)["result"]["data"][-1]["tid"] == str(tid)


def test_history_counts_what_the_summary_shows(caller, get):
    rows = get(HISTORY)["result"]["data"]
    assert len(rows) == 3
    for row in rows:
        start = int(row["start-time"])
        hosts = caller.rows("threat-detect-summary", time_range=caller.window(start - DAY, start))
        assert int(row["threats-count"]) == sum(int(host["threat_num"]) for host in hosts) > 0


def test_history_without_a_licence(faz, get):
    faz.switches.ioc_licensed = False
    assert "result" not in get(HISTORY)
