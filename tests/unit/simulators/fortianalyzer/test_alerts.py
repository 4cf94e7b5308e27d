# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts of the event management (protocol_fortianalyzer.rst, "Alerts")."""

from __future__ import annotations

from collections import Counter

import pytest

PLACE = "/eventmgmt/adom/root"
HANDLED = ("attack", "anomaly", "virus", "webfilter")


@pytest.fixture
def events(faz):
    start = faz.anchor - 24 * 3600
    known = [e for e in faz.events if e.adom == "root" and start <= e.time <= faz.anchor and e.itime <= faz.anchor]
    return [e for e in known if e.threat and e.level >= 3 and e.log in HANDLED]


@pytest.fixture
def ask(caller):
    def send(what="alerts", **params):
        return caller.call("get", f"{PLACE}/{what}", apiver=3, **{"time-range": caller.last(), **params})

    return send


def test_alerts_agree_with_the_log(ask, events):
    rows = ask(limit=2000)["result"]["data"]
    expected = Counter()
    for event in events:
        expected[event.threat, event.srcip, event.dstip, event.level_s.lower()] += event.incidents
    found = Counter()
    for row in rows:
        details = row["event_details"]
        threat = row["groupby1"].partition(":")[2]
        found[threat, details["src_ip"], details["dst_ip"], row["severity"]] += int(row["eventcount"])
    assert found == expected and len(rows) == len(events)


def test_shape_of_an_alert(ask):
    result = ask(filter='eventtype=="webfilter"', limit=1)["result"]
    assert result["status"]["code"] == 0
    (row,) = result["data"]
    assert {
        "alertid", "subject", "severity", "eventtype", "triggername", "alerttime", "epid", "epip", "epname", "euid",
        "dstepip", "dstepname", "devid", "devname", "groupby1", "groupby2", "extrainfo", "ackflag", "event_details",
        "target",
    } <= set(row)  # fmt: skip
    assert all(isinstance(value, str) for name, value in row.items() if name not in ("event_details", "target"))
    assert row["target"] == [{"name": "domain", "value": row["event_details"]["host_name"]}]


def test_names_that_are_addresses(ask):
    rows = ask(limit=2000)["result"]["data"]
    nameless = [row for row in rows if row["epname"] == row["epip"]]
    assert nameless and {row["epid"] for row in nameless} == {"0"} and len(nameless) < len(rows)


def test_filters_and_pages(ask, events):
    def number(text, where):
        assert len(ask(filter=text, limit=2000)["result"]["data"]) == sum(map(where, events)) > 0

    number('severity=="high"', lambda e: e.level == 3)
    number(
        "event_value=='Mirai.Botnet' or count>=20".replace("'", '"'),
        lambda e: e.threat == "Mirai.Botnet" or e.incidents >= 20,
    )
    number('triggername like "%Botnet%"', lambda e: "Botnet" in e.threat or e.kind == "botnet")
    number('eventstatus=="unhandled"', lambda e: not e.blocked)
    whole = ask(limit=30)["result"]["data"]
    assert ask(limit=10, offset=20)["result"]["data"] == whole[20:]
    stamps = [int(row["alerttime"]) for row in whole]
    assert stamps == sorted(stamps, reverse=True) and len({row["alertid"] for row in whole}) == 30
    assert ask(filter="threat==x")["error"]["message"] == "Invalid params: filter 'threat' not supported"
    assert "limit: 2001 is bigger than max value 2000" in ask(limit=2001)["error"]["message"]


def test_without_a_window_everything(caller, ask, events):
    whole = caller.call("get", f"{PLACE}/alerts", apiver=3, limit=2000)["result"]["data"]
    assert len(whole) > len(events)
    assert caller.call("get", "/eventmgmt/adom/nowhere/alerts", apiver=3)["result"]["status"]["code"] == -3


def test_count(ask, events):
    assert ask("alerts/count")["result"]["data"] == [{"count": str(len(events))}]
    groups = {
        row["severity"]: int(row["count"]) for row in ask("alerts/count", **{"group-by": "severity"})["result"]["data"]
    }
    assert groups == Counter(event.level_s.lower() for event in events)
    assert "group-by 'colour' not supported" in ask("alerts/count", **{"group-by": "colour"})["error"]["message"]


def test_logs_behind_alerts(ask):
    virus = ask(filter='eventtype=="virus"')["result"]["data"]
    attack = ask(filter='eventtype=="ips" and count>1')["result"]["data"]
    for alert, field in ((virus[0], "filename"), (attack[0], "attack")):
        rows = ask("alertlogs", alertid=[alert["alertid"]])["result"]["data"]
        assert len(rows) == int(alert["eventcount"])
        assert {(row["srcip"], row["dstip"], row["devid"]) for row in rows} == {
            (alert["epip"], alert["dstepip"], alert["devid"])
        }
        if field == "attack":
            assert {row["attack"] for row in rows} == {alert["groupby1"].partition(":")[2]}
    both = [virus[0]["alertid"], virus[-1]["alertid"]]
    newest, oldest = (
        ask("alertlogs", alertid=both, **{"time-order": order})["result"]["data"] for order in ("desc", "asc")
    )
    assert newest[0]["itime"] >= newest[-1]["itime"] and oldest[0]["itime"] <= oldest[-1]["itime"]
    assert ask("alertlogs", alertid=["1"])["result"]["data"] == []
    assert "alertid is required" in ask("alertlogs")["error"]["message"]


def test_documented_form(faz, ask, events):
    faz.switches.dialect = "documented"
    (result,) = ask(limit=5)["result"]
    assert len(result["data"]["alerts"]) == 5 and result["data"]["total"] == len(events)
    assert isinstance(result["data"]["alerts"][0]["alerttime"], int)
    logs = ask("alertlogs", alertid=[result["data"]["alerts"][0]["alertid"]])["result"][0]["data"]["logs"]
    assert len(logs) == result["data"]["alerts"][0]["eventcount"]


@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_nothing_found(faz, ask, dialect):
    faz.switches.dialect = dialect
    assert "result" in ask(filter='event_value=="nothing"')
    faz.switches.omit_result_when_empty = True
    assert "result" not in ask(filter='event_value=="nothing"')


def test_masked_alerts(faz, ask):
    faz.switches.masked_fields = ["srcip", "srcname", "dstip", "dstname"]
    hosts = {value for e in faz.events for value in (e.srcip, e.srcname, e.dstip, e.dstname) if value}
    for row in ask()["result"]["data"]:
        shown = {row["epip"], row["epname"], row["dstepip"], row["dstepname"], row["groupby2"].partition(":")[2]}
        assert not hosts & (shown | {row["event_details"]["src_ip"], row["event_details"]["dst_ip"]})
