# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs and FortiView agree, row by row and sum by sum (protocol_fortianalyzer.rst, "Log search")."""

from __future__ import annotations

from collections import Counter

import pytest

from support.addresses import is_address

HOURS = 24


@pytest.fixture
def events(faz):
    start = faz.anchor - HOURS * 3600
    return [e for e in faz.events if e.adom == "root" and start <= e.time <= faz.anchor and e.itime <= faz.anchor]


@pytest.fixture
def logs(caller):
    """All rows of a search, page by page."""

    def read(logtype, text="", **more):
        rows = []
        while True:
            params = {"device": [{"devid": "All_FortiGate"}], "time-range": caller.last(HOURS), **more}
            place, page = "/logview/adom/root/logsearch", {"limit": 1000, "offset": len(rows)}
            added = caller.call("add", place, apiver=3, logtype=logtype, filter=text, **page, **params)
            tid = added["result"]["tid"]
            found = caller.call("get", f"{place}/{tid}", apiver=3, limit=1000)["result"]["data"]
            rows += found
            if len(found) < 1000:
                return rows

    return read


def counted(events, key, weight, where):
    found = Counter()
    for event in events:
        if where(event):
            found[key(event)] += weight(event)
    return +found


def incidents(event):
    return event.incidents


@pytest.mark.parametrize(
    ("logtype", "log", "field", "attribute"),
    [
        ("attack", ("attack", "anomaly"), "attack", "threat"),
        ("virus", ("virus",), "virus", "virus"),
        ("event", ("event",), "remip", "srcip"),
    ],
)
def test_one_line_for_each_incident(logs, events, logtype, log, field, attribute):
    expected = counted(events, lambda e: getattr(e, attribute), incidents, lambda e: e.log in log)
    assert Counter(row[field] for row in logs(logtype)) == expected


def test_traffic_has_every_session_and_every_byte(logs, events):
    host = max((e for e in events if e.log == "traffic" and not e.threat), key=lambda e: e.bandwidth).srcip
    mine = [e for e in events if e.srcip == host and e.sessions]
    rows = logs("traffic", f'srcip=="{host}"')
    assert len(rows) == sum(e.sessions for e in mine)
    assert sum(int(row["sentbyte"]) for row in rows) == sum(e.traffic_out for e in mine)
    assert sum(int(row["rcvdbyte"]) for row in rows) == sum(e.traffic_in for e in mine)
    assert "direction" not in rows[0]


def test_blocked_connections_have_a_score_and_no_name(logs, events):
    scored = logs("traffic", 'crscore>0 and action=="deny" and policyid==0')
    assert len(scored) == sum(e.sessions for e in events if e.threat == "blocked-connection")
    assert not any("attack" in row or "blocked-connection" in row.values() for row in scored)


def searches(row):
    """Log type and filter that find a row of top-threats (protocol_fortianalyzer.rst, "Rows of top-threats")."""
    name = row["threat"].replace("\\", "\\\\").replace('"', '\\"')
    if row["threattype"] == "malware-detected":
        return [("virus", f'filename=="{name}"'), ("virus", f'virus=="{name}"')]
    if row["obf_url"]:
        return [("webfilter", f'hostname=="{name}"')]
    if row["appid"] != "0":
        return [("app-ctrl", f'app=="{name}"')]
    return [] if row["threat"] == "blocked-connection" else [("attack", f'attack=="{name}"')]


def test_each_threat_is_found_in_its_log_with_the_addresses_of_the_views(caller, logs, events):
    """The way from top-threats to addresses: whatever a threat is, search and views name the same hosts."""
    pairs = {}
    for row in caller.rows("threat-src-dst"):
        pairs.setdefault(row["threat"], Counter())[row["srcip"], row["dstip"]] += int(row["incidents"])
    threats = caller.rows("top-threats")
    assert len(threats) > 20
    kinds = set()
    for threat in threats:
        found = next((rows for logtype, text in searches(threat) if (rows := logs(logtype, text))), [])
        if threat["threat"] == "blocked-connection":
            continue
        kinds.add(found[0]["subtype"])
        name = threat["threat"]
        assert len(found) == int(threat["incidents"]), name
        assert Counter((row["srcip"], row["dstip"]) for row in found) == pairs[name], name
        assert pairs[name] == counted(events, lambda e: (e.srcip, e.dstip), incidents, lambda e, n=name: e.threat == n)
        assert {row["devid"] for row in found} == set(threat["fortigate"].split(","))
        stopped = sum(row["action"] in ("dropped", "clear_session", "blocked", "block") for row in found)
        assert stopped == int(threat["incident_block"]), name
    assert kinds == {"ips", "anomaly", "virus", "webfilter", "app-ctrl"}


def test_malware_is_named_by_file_or_by_virus(logs):
    assert logs("virus", 'filename=="MSIL/Agent.PPV!tr"') == [] != logs("virus", 'virus=="MSIL/Agent.PPV!tr"')
    assert logs("virus", 'virus=="eicar_com.zip"') == [] != logs("virus", 'filename=="eicar_com.zip"')


def test_source_threat_counts_the_lines_of_a_source(caller, logs):
    text = 'threat_agg=="SQL.Injection"'
    figures = {row["srcip"]: int(row["incidents"]) for row in caller.rows("source-threat", filter=text)}
    assert Counter(row["srcip"] for row in logs("attack", 'attack=="SQL.Injection"')) == figures


def test_useful_filters(logs, events):
    def lines(weight, where):
        return sum(getattr(e, weight) for e in events if where(e))

    botnets = logs("attack", 'eventtype=="botnet"')
    assert len(botnets) == lines("incidents", lambda e: e.kind == "botnet")
    assert "Botnet.CnC.Generic" not in {row["attack"] for row in botnets}
    assert logs("attack", 'attack=="Botnet.CnC.Generic"')
    for catdesc in ("Malicious Websites", "Phishing"):
        found = logs("webfilter", f'catdesc=="{catdesc}"')
        assert len(found) == lines("sessions", lambda e, c=catdesc: e.catdesc == c) > 0
    kinds = Counter(row["eventtype"] for row in logs("virus"))
    assert set(kinds) == {"infected", "outbreak-prevention", "malware-list"}
    assert len(logs("virus", 'dtype=="Virus"')) == kinds["infected"]
    critical = logs("attack", 'severity=="critical" and action=="detected"')
    expected = lines("incidents", lambda e: e.log in ("attack", "anomaly") and e.level == 4 and not e.blocked)
    assert len(critical) == expected > 0


def test_fields_of_an_attack(logs):
    row = logs("attack", 'attack=="Apache.Log4j.Error.Log.Remote.Code.Execution"')[0]
    assert {
        "date", "time", "itime", "devid", "devname", "vd", "type", "subtype", "srcip", "dstip", "srcport", "dstport",
        "proto", "action", "severity", "attack", "attackid", "policyid", "direction", "srccountry", "dstcountry",
    } <= set(row)  # fmt: skip
    assert (row["type"], row["subtype"], row["severity"], row["direction"]) == ("utm", "ips", "critical", "incoming")
    # What a log does not have is not in its row.
    assert "user" not in row and "" not in row.values()


def test_direction_tells_the_attacker(logs):
    for row in logs("attack"):
        outside, inside = ("srcip", "dstip") if row["direction"] == "incoming" else ("dstip", "srcip")
        country = {"srcip": "srccountry", "dstip": "dstcountry"}
        assert row[country[inside]] == "Reserved" != row[country[outside]]
        assert not row[outside].startswith("10.")
        assert row[inside].startswith(("10.", "2001:db8:10:"))
    out = {row["attack"] for row in logs("attack", 'direction=="outgoing"')}
    assert {"Mirai.Botnet", "Botnet.CnC.Zeus", "Botnet.CnC.Generic"} <= out and "SQL.Injection" not in out
    # A downloaded file comes in, and yet the client is the source.
    virus = logs("virus")
    assert {row["direction"] for row in virus} == {"incoming"} and {row["srccountry"] for row in virus} == {"Reserved"}
    for logtype in ("webfilter", "app-ctrl"):
        assert {row["direction"] for row in logs(logtype, "crscore>0")} == {"outgoing"}


def test_host_names_in_address_columns(caller, logs):
    pairs = caller.rows("threat-src-dst", time_range=caller.last(30 * 24))
    odd = {row["threat"]: (is_address(row["srcip"]), is_address(row["dstip"])) for row in pairs}
    assert odd["Ultrasurf"] == (False, True) and odd["Botnet.CnC.Zeus"] == (True, False)
    month = {"time-range": caller.last(30 * 24)}
    names = {row["dstip"] for row in logs("attack", 'attack=="Botnet.CnC.Zeus"', **month)}
    assert names == {"cnc.zeus.example.net", "panel.zeus.example.org"}
    assert not any(is_address(row["srcip"]) for row in logs("app-ctrl", 'app=="Ultrasurf"', **month))


def test_the_firewall_itself_is_among_the_sources(caller, logs):
    rows = logs("attack", 'srcname==".self"', **{"time-range": caller.last(30 * 24)})
    assert rows and {row["srcip"] for row in rows} == {"10.1.0.1"}
    assert not logs("attack", 'srcname=="no-such-host"')


@pytest.mark.parametrize("view", ["threat-src-dst", "source-threat"])
def test_a_missing_view_is_missing_for_everybody(faz, caller, view):
    tid = caller.tid(view)
    faz.switches.missing_views = [view]
    for reply in (caller.submit(view), caller.fetch(view, tid), caller.delete(view, tid)):
        assert reply["error"]["message"] == f"Invalid params: Cannot find FortiView '{view}'"
    assert caller.rows("top-threats")
    faz.switches.dialect = "documented"
    assert f"Cannot find FortiView '{view}'" in caller.submit(view)["result"][0]["status"]["message"]


@pytest.mark.parametrize(
    ("view", "field", "other"), [("threat-src-dst", "threat_s", "threat"), ("threat-src-dst", "threat", "threat_s")]
)
def test_either_name_of_the_threat_may_be_refused(faz, caller, view, field, other):
    both = [caller.rows(view, filter=f'{name}=="SQL.Injection"') for name in (field, other)]
    assert both[0] == both[1] and {row["threat"] for row in both[0]} == {"SQL.Injection"}
    faz.switches.rejected_filter_fields = {view: [field]}
    refused = caller.submit(view, filter=f'{field}=="SQL.Injection"')["error"]
    assert refused == {"code": -32602, "message": f"Invalid params: filter '{field}' not supported"}
    assert caller.rows(view, filter=f'{other}=="SQL.Injection"') == both[1]


def test_the_field_of_source_threat_is_its_own(faz, caller):
    for name in ("threat", "threat_s"):
        refused = caller.submit("source-threat", filter=f'{name}=="x"')["error"]["message"]
        assert refused == f"Invalid params: filter '{name}' not supported"
    assert (
        "filter 'threat_agg' not supported"
        in caller.submit("threat-src-dst", filter="threat_agg==x")["error"]["message"]
    )
    faz.switches.rejected_filter_fields = {"source-threat": ["threat_agg"]}
    assert (
        "filter 'threat_agg' not supported"
        in caller.submit("source-threat", filter="threat_agg==x")["error"]["message"]
    )


def test_masked_columns_of_views_and_logs(faz, caller, logs):
    text = 'attack=="SQL.Injection"'
    plain = logs("attack", text)
    view = caller.rows("threat-src-dst", filter='threat=="SQL.Injection"')
    faz.switches.masked_fields = ["srcip", "dstip", "srcname"]
    masked = logs("attack", text)
    again = caller.rows("threat-src-dst", filter='threat=="SQL.Injection"')
    for name in ("srcip", "dstip"):
        assert not {row[name] for row in masked} & {row[name] for row in plain}
        assert all(is_address(row[name]) for row in masked)
        # The same host has the same pseudonym everywhere, so that figures still add up.
        assert {row[name] for row in masked} == {row[name] for row in again}
        assert len({row[name] for row in masked}) == len({row[name] for row in view})
    assert masked[0]["attack"] == "SQL.Injection" and masked[0]["devid"] == plain[0]["devid"]
    faz.switches.masked_style = "word"
    assert not any(is_address(row["srcip"]) for row in logs("attack", text))


@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_masked_columns_are_told(faz, caller, dialect):
    faz.switches.update({"dialect": dialect, "masked_fields": ["srcip", "srcname"]})
    params = {"device": [{"devid": "All_FortiGate"}], "logtype": "virus", "time-range": caller.last()}
    place = "/logview/adom/root/logsearch"
    added = caller.call("add", place, apiver=3, **(params if dialect == "live" else {"data": params}))["result"]
    tid = added["tid"] if dialect == "live" else added[0]["data"]["tid"]
    result = caller.call("get", f"{place}/{tid}", apiver=3)["result"]
    found = result if dialect == "live" else result[0]["data"]
    assert found["masked-fields"] == ["srcip", "srcname"]
    hosts = {value for e in faz.events for value in (e.srcip, e.srcname) if value}
    for row in found["data" if dialect == "live" else "logs"]:
        assert not hosts & {row["srcip"], row["srcname"]}


@pytest.mark.parametrize(
    "view", ["top-sources", "source-threat", "threat-detect-summary", "failed-authentication-attempts"]
)
def test_no_other_column_gives_a_masked_host_away(faz, caller, view):
    faz.switches.masked_fields = ["srcip", "srcname", "srcmac", "user"]
    hosts = {value for e in faz.events for value in (e.srcip, e.srcname, e.srcmac, e.user) if value}
    shown = {part for row in caller.rows(view) for value in row.values() for part in str(value).split(",")}
    # One administrator is called like a vdom.
    assert not (hosts - {"root"}) & shown


def test_a_name_masked_without_its_address(faz, caller):
    faz.switches.masked_fields = ["srcname"]
    names = {e.srcname for e in faz.events if e.srcname}
    for row in caller.rows("top-sources"):
        assert row["srcip_hostname"] == row["srcip"] or row["srcip_hostname"] not in names
