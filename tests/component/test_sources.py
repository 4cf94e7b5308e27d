# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From threats to addresses, by every lookup method, checked against the event log.

See protocol_fortianalyzer.rst, "From a threat to its addresses".
"""

from __future__ import annotations

import dataclasses
import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    DeadlineExceeded,
    FortiViewError,
    InvalidInput,
)
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.offenders import offenders

from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer
from support.addresses import is_address

HOURS = 24
PAIRS_GONE = {"missing_views": ["threat-src-dst"]}
ONLY_LOGS = {"missing_views": ["threat-src-dst", "source-threat", "destination-threat"]}


def seen(faz: FortiAnalyzer, threat: str, adom: str = "root") -> tuple[set[str], set[str]]:
    """Sources and targets of a threat, from the event log itself."""
    now = faz.clock.now()
    events = [one for one in faz.events.between(adom, now - HOURS * 3600, now, now) if one.threat == threat]
    return {one.srcip for one in events}, {one.dstip for one in events}


def top(client: Client, count: int = 1000) -> list[dict[str, t.Any]]:
    return list(client.ask(view="top-threats", limit=count, time_range={"last": f"{HOURS}h"})["result"]["rows"])


def has_pairs(faz: FortiAnalyzer, threat: str) -> bool:
    """Whether any event of it shows an address on both sides, and not a host name on one."""
    return any(is_address(one.srcip) and is_address(one.dstip) for one in faz.events.of("root") if one.threat == threat)


def addresses(found: dict[str, t.Any], threat: str, role: str) -> set[str]:
    return {
        one["address"]
        for one in found["offenders"] + found["victims"]
        if threat in one["threats"] and one["role"] == role
    }


def everyone(found: dict[str, t.Any]) -> list[dict[str, t.Any]]:
    return [*found["offenders"], *found["victims"], *found["refused"]]


def told(found: dict[str, t.Any]) -> set[str]:
    return {one["address"] for one in everyone(found)}


def test_fifty_threats_need_one_task(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    threats = [row for row in top(client) if has_pairs(faz, row["threat"])][:50]
    before = len(faz.submits)
    found = client.find(threats=threats)
    assert len(faz.submits) - before <= 2
    assert found["tasks_used"] <= 2
    assert found["missing"] == []
    for row in threats:
        sources, targets = seen(faz, row["threat"])
        told = {one["address"] for one in everyone(found) if row["threat"] in one["threats"]}
        assert told == sources | targets


def test_an_attack_from_outside_names_its_sources_as_attackers(client: Client, faz: FortiAnalyzer) -> None:
    threat = "Apache.Log4j.Error.Log.Remote.Code.Execution"
    found = client.find(threats=[threat])
    sources, targets = seen(faz, threat)
    assert addresses(found, threat, "attacker") == {one for one in sources if is_address(one)}
    assert not addresses(found, threat, "attacker") & targets


def test_a_botnet_names_what_was_called_as_the_attacker(client: Client, faz: FortiAnalyzer) -> None:
    threat = "Mirai.Botnet"
    found = client.find(threats=[threat])
    attackers = addresses(found, threat, "attacker")
    outgoing = [
        one
        for one in faz.events
        if one.threat == threat and one.adom == "root" and one.direction == "outgoing" and one.srcip.startswith("10.")
    ]
    assert attackers
    assert not attackers & {one.srcip for one in outgoing}


@pytest.mark.parametrize("field", ["threat", "threat_s"])
def test_either_name_of_the_filter_field(client: Client, faz: FortiAnalyzer, field: str) -> None:
    faz.switches.rejected_filter_fields = {"threat-src-dst": [field]}
    found = client.find(threats=["Apache.Log4j.Error.Log.Remote.Code.Execution"])
    assert found["offenders"]
    assert {way["method"] for way in found["lookup_methods"]} == {"threat-src-dst"}


@pytest.mark.parametrize("missing", [{}, PAIRS_GONE, ONLY_LOGS], ids=["pairs", "sides", "logs"])
def test_an_offender_has_the_severity_of_the_threat_that_was_asked_for(
    client: Client, faz: FortiAnalyzer, missing: dict[str, t.Any]
) -> None:
    faz.switches.update(missing)
    threat = "Apache.Log4j.Error.Log.Remote.Code.Execution"
    row = next(row for row in top(client) if row["threat"] == threat)
    found = client.find(threats=[row])
    judged = offenders(found["offenders"], severities=[row["severity"]])
    assert judged["offenders"]
    assert {one["severity"] for one in judged["offenders"]} == {row["severity"]}


def test_rows_that_contradict_each_other_tell_no_severity(client: Client, faz: FortiAnalyzer) -> None:
    threat = "Apache.Log4j.Error.Log.Remote.Code.Execution"
    rows = [{"threat": threat, "threattype": "ips", "severity": severity} for severity in ("low", "critical")]
    found = client.find(threats=rows)
    assert found["offenders"]
    assert not any("severity" in one for one in found["offenders"])


def test_without_pairs_the_sides_are_asked(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update(PAIRS_GONE)
    threat = "Apache.Log4j.Error.Log.Remote.Code.Execution"
    found = client.find(threats=[threat])
    assert any("threat-src-dst" in warning for warning in found["warnings"])
    assert addresses(found, threat, "attacker") == {one for one in seen(faz, threat)[0] if is_address(one)}


@pytest.mark.parametrize(
    "threat",
    [
        "Apache.Log4j.Error.Log.Remote.Code.Execution",
        "udp_flood",
        "Mirai.Botnet",
    ],
)
def test_the_logs_know_it_too(client: Client, faz: FortiAnalyzer, threat: str) -> None:
    pairs = client.find(threats=[threat])
    faz.switches.update(ONLY_LOGS)
    row = next(row for row in top(client) if row["threat"] == threat)
    logs = client.find(threats=[row])
    assert addresses(logs, threat, "attacker") == addresses(pairs, threat, "attacker")
    assert {way["method"] for way in logs["lookup_methods"]} == {"logsearch"}
    for one in logs["offenders"]:
        same = [two for two in pairs["offenders"] if (two["address"], two["role"]) == (one["address"], one["role"])]
        assert [two["incidents"] for two in same] == [one["incidents"]]
    assert faz.live_tasks == []


@pytest.fixture
def crowd(faz: FortiAnalyzer) -> t.Iterator[t.Callable[[int], set[str]]]:
    """Gives so many events more of SQL.Injection, one a second and each from an address of its own, and returns all sources."""
    events = faz.events.of("root")
    before = list(events)
    model = next((one for one in events if one.threat == "SQL.Injection"), before[0])
    last = int(faz.clock.now()) - 3600

    def add(count: int) -> set[str]:
        for number in range(count):
            address = f"45.9.{number // 250}.{number % 250 + 1}"
            events.append(dataclasses.replace(model, time=last - number, itime=last - number, srcip=address))
        events.sort(key=lambda event: event.time)
        return seen(faz, "SQL.Injection")[0]

    yield add
    events[:] = before


def test_the_total_of_a_full_page_of_logs_is_a_floor(
    client: Client, faz: FortiAnalyzer, crowd: t.Callable[[int], set[str]]
) -> None:
    sources = crowd(2300)
    found = client.find(threats=["SQL.Injection"], lookup_methods=["logsearch"])
    assert told(found) >= sources
    assert faz.live_tasks == []


def test_logs_beyond_max_rows_are_told(client: Client, crowd: t.Callable[[int], set[str]]) -> None:
    crowd(2300)
    found = client.find(threats=["SQL.Injection"], lookup_methods=["logsearch"], max_rows=1200)
    assert any("Only the latest 1200" in warning for warning in found["warnings"])


@pytest.mark.parametrize("switch", ["limit_max", "logsearch_fetch_max"])
def test_an_appliance_that_hands_out_fewer_logs_at_a_time(
    client: Client, faz: FortiAnalyzer, crowd: t.Callable[[int], set[str]], switch: str
) -> None:
    """Sources disagree about the most rows of a search and of a fetch (protocol_fortianalyzer.rst, "Log search")."""
    faz.switches.update({switch: 500})
    sources = crowd(1100)
    found = client.find(threats=["SQL.Injection"], lookup_methods=["logsearch"])
    assert told(found) >= sources
    assert any("500" in warning for warning in found["warnings"])
    assert faz.live_tasks == []


def test_every_class_of_threat_is_looked_up_in_its_own_logs(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update(ONLY_LOGS)
    threats = [row for row in top(client) if "{" not in row["threat"]]
    found = client.find(threats=threats, max_tasks=200, lookup_methods=["logsearch"])
    assert {entry["threat"] for entry in found["missing"]} <= {"blocked-connection"}


def test_hostile_names_are_looked_up_as_they_are(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    rows = client.ask(view="top-threats", limit=1000, time_range={"last": "30d"})["result"]["rows"]
    hostile = [row for row in rows if any(mark in row["threat"] for mark in ("{{", "<script", '"', "'", "=cmd"))]
    assert len(hostile) >= 3
    found = client.find(threats=hostile, time_range={"last": "30d"})
    assert found["missing"] == []
    assert {name for one in everyone(found) for name in one["threats"]} == {row["threat"] for row in hostile}


@pytest.mark.parametrize("methods", [["threat-src-dst"], ["logsearch"]])
@pytest.mark.parametrize("style", ["ip", "word"])
def test_masked_addresses_are_no_addresses(client: Client, faz: FortiAnalyzer, methods: list[str], style: str) -> None:
    faz.switches.update({"masked_fields": ["srcip", "dstip"], "masked_style": style})
    found = client.find(threats=["Apache.Log4j.Error.Log.Remote.Code.Execution"], lookup_methods=methods)
    assert found["offenders"] == []
    assert found["refused"]
    assert all("masked" in str(one["reasons"]) for one in found["refused"])
    assert found["missing"]


def test_host_names_in_address_columns_are_no_addresses(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    found = client.find(severities=["critical", "high", "medium", "low"], time_range={"last": "30d"})
    assert all(is_address(one["address"]) for one in found["offenders"])
    assert any("does not contain an address" in str(one["reasons"]) for one in found["refused"])


def test_a_severity_policy_over_several_adoms(client: Client, faz: FortiAnalyzer) -> None:
    found = client.find(
        severities=["critical"], adoms=["root", "Branch_Office", "Data_Center"], lookup_methods=["threat-src-dst"]
    )
    assert {one["severity"] for one in found["offenders"] if "severity" in one} <= {"critical"}
    assert {adom for one in everyone(found) for adom in one["adoms"]} == {"root", "Branch_Office", "Data_Center"}
    assert {row["adom"] for row in found["threats"]} == {"root", "Branch_Office", "Data_Center"}
    assert {row["severity"] for row in found["threats"]} == {"critical"}
    # One for each ranking, which the limit does not count.
    assert found["tasks_used"] == 3 and len(faz.submits) == 6
    windows = {json.dumps(params["time-range"]) for params in faz.submits}
    assert len(windows) == 1 and found["time_range"]["start"] in windows.pop()


def test_results_bring_their_adom(client: Client, faz: FortiAnalyzer) -> None:
    results = client.ask(
        view="top-threats", time_range={"last": "24h"}, queries=[{"adom": "Branch_Office", "limit": 2}]
    )
    found = client.find(threats=results["results"])
    assert {adom for one in found["offenders"] for adom in one["adoms"]} == {"Branch_Office"}


def test_documented_rows_that_list_their_sources(client: Client, faz: FortiAnalyzer) -> None:
    row = {"threat": "Trojan.Emotet", "severity": "critical", "sources": ["198.51.100.9", "laptop-7", "10.0.0.5"]}
    found = client.find(threats=[row], lookup_methods=["rows"])
    assert {one["address"] for one in found["offenders"] + found["victims"]} == {"10.0.0.5", "198.51.100.9"}
    assert [one["address"] for one in found["refused"]] == ["laptop-7"]
    assert found["tasks_used"] == 0


def test_masked_results_bring_no_addresses(client: Client, faz: FortiAnalyzer) -> None:
    row = {"threat": "Trojan.Emotet", "srcip": "198.51.100.9", "dstip": "10.0.0.5"}
    result = {"name": "x", "adom": "root", "rows": [row], "complete": True, "masked_fields": ["srcip", "dstip"]}
    result["replied_at"] = "2025-11-11T11:00:00Z"
    found = client.find(threats=[result], lookup_methods=["rows"])
    assert found["offenders"] == [] and len(found["refused"]) == 2


def test_the_caps_hold_and_are_told(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update(ONLY_LOGS)
    found = client.find(threats=top(client)[:10], lookup_methods=["logsearch"], max_tasks=3)
    assert found["tasks_used"] == 3
    assert any("max_tasks" in warning for warning in found["warnings"])
    assert found["missing"]


def test_more_adoms_than_tasks_are_told(client: Client, faz: FortiAnalyzer) -> None:
    adoms = ["root", "Branch_Office", "Data_Center"]
    found = client.find(severities=["critical"], adoms=adoms, max_tasks=2, lookup_methods=["threat-src-dst"])
    assert any("max_tasks (2) is reached" in warning for warning in found["warnings"])
    assert {one["adom"] for one in found["missing"]} >= {"Data_Center"}


def test_compromised_hosts_are_victims(client: Client, faz: FortiAnalyzer) -> None:
    found = client.find(severities=["critical"], lookup_methods=["threat-detect-summary"])
    assert [one for one in found["victims"] if one["method"] == "threat-detect-summary"]
    assert {one["role"] for one in found["victims"]} == {"victim"}
    assert not [one for one in found["offenders"] if one["method"] == "threat-detect-summary"]


def test_a_broken_way_is_an_error_and_not_the_next_way(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("error", method="add", url="threat-src-dst", code=-1, message="database is on fire")
    with pytest.raises(FortiViewError, match="on fire"):
        client.find(threats=["SQL.Injection"])


def test_a_mistake_in_the_own_filter_is_no_missing_way(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    with pytest.raises(FortiViewError, match="no_such_field"):
        client.find(threats=["SQL.Injection"], filter='no_such_field=="x"')
    assert faz.live_tasks == []


def test_an_own_filter_that_a_later_way_does_not_know_costs_no_answer(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.rejected_filter_fields = {"source-threat": ["srcip"], "destination-threat": ["srcip"]}
    found = client.find(threats=["SQL.Injection", "no.such.threat"], filter='srcip=="0.0.0.0/0" or srcip!="192.0.2.1"')
    assert found["offenders"]
    assert [one["threat"] for one in found["missing"]] == ["no.such.threat"]


def test_without_any_way_nothing_is_known(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update(ONLY_LOGS)
    with pytest.raises(FortiViewError, match="supports none of the methods in the option lookup_methods"):
        client.find(threats=["SQL.Injection"], lookup_methods=["rows", "threat-src-dst", "source-threat"])


def test_an_address_that_decides_nothing_is_looked_for_on_the_next_way(client: Client, faz: FortiAnalyzer) -> None:
    """The host behind a mere name is known to another way; a pair whose sides are both known is not asked for again."""
    threat = "SQL.Injection"
    known = client.find(threats=[threat])
    for row in ({"srcip": "evil.example", "dstip": "10.0.0.5"}, {"srcip": "10.0.0.5"}, {"sources": ["10.0.0.5"]}):
        found = client.find(threats=[{"threat": threat, "threattype": "ips", **row}])
        assert addresses(found, threat, "attacker") == addresses(known, threat, "attacker") != set(), row
    pair = {"threat": threat, "threattype": "ips", "srcip": "10.0.0.5", "dstip": "203.0.113.9"}
    assert client.find(threats=[pair])["tasks_used"] == 0


def test_addresses_without_an_attacker_are_found_all_the_same(client: Client, faz: FortiAnalyzer) -> None:
    rows = [
        {"threat": "no.such", "srcip": "10.0.0.5"},
        {"threat": "nor.such", "srcip": "a.example", "dstip": "10.0.0.6"},
    ]
    found = client.find(threats=[*rows, "never.seen"])
    assert [one["threat"] for one in found["missing"]] == ["never.seen"]
    assert sum(way["threats"] for way in found["lookup_methods"]) == 2
    assert told(found) == {"10.0.0.5", "10.0.0.6", "a.example"}


@pytest.mark.parametrize("way, slow", [("logsearch", "logsearch_seconds"), ("threat-src-dst", "task_seconds")])
def test_a_late_task_is_deleted_because_nobody_reads_it(
    client: Client, faz: FortiAnalyzer, way: str, slow: str
) -> None:
    faz.switches.update({slow: 900.0})
    with pytest.raises(DeadlineExceeded) as caught:
        client.find(threats=["SQL.Injection"], lookup_methods=[way], wait_timeout=20)
    failure = caught.value.to_fail_json()
    assert "tasks" not in failure and failure["tid"]
    assert "faz_fortiview_result" not in failure["msg"] and "wait_timeout" in failure["msg"]
    assert faz.live_tasks == []


def test_incomplete_results_are_refused(client: Client, faz: FortiAnalyzer) -> None:
    with pytest.raises(InvalidInput, match="not complete"):
        client.find(threats=[{"name": "x", "rows": [], "complete": False}])
    assert list(faz.journal) == []
