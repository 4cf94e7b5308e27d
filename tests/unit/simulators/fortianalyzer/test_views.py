# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All views come from one event log and agree with each other (protocol_fortianalyzer.rst, "Views")."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from simulators.fortianalyzer.inventory import ODD_DEVICES
from simulators.fortianalyzer.views import VIEWS

HOURS = 24


@pytest.fixture
def events(faz):
    start = faz.anchor - HOURS * 3600
    return [e for e in faz.events if e.adom == "root" and start <= e.time <= faz.anchor and e.itime <= faz.anchor]


def table(rows, key, figure):
    return {row[key]: int(row[figure]) for row in rows}


def summed(events, key, figure, where=lambda event: True):
    found = Counter()
    for event in events:
        if where(event):
            found[getattr(event, key)] += getattr(event, figure)
    return dict(found)


def test_top_threats(caller, events):
    rows = caller.rows("top-threats", sort_by=caller.sort("threatweight"))
    assert table(rows, "threat", "incidents") == summed(events, "threat", "incidents", lambda e: e.threat)
    blocked = summed(events, "threat", "incidents", lambda e: e.threat and e.blocked)
    assert {name: count for name, count in table(rows, "threat", "incident_block").items() if count} == blocked
    for row in rows:
        assert int(row["incidents"]) == int(row["incident_block"]) + int(row["incident_pass"])
        assert int(row["threatweight"]) == int(row["threat_block"]) + int(row["threat_pass"])


def test_pairs_add_up_to_threats(caller, events):
    threats = table(caller.rows("top-threats"), "threat", "incidents")
    added = Counter()
    for row in caller.rows("threat-src-dst"):
        added[row["threat"]] += int(row["incidents"])
    assert dict(added) == threats
    addresses = {e.srcip for e in events if e.threat == "SQL.Injection"}
    found = caller.rows("threat-src-dst", filter='threat_s=="SQL.Injection"')
    assert {row["srcip"] for row in found} == addresses
    assert {row["srcip"] for row in caller.rows("source-threat", filter='threat_agg=="SQL.Injection"')} == addresses


def test_sources(faz, caller, events):
    rows = caller.rows("top-sources", sort_by=caller.sort("bandwidth"))
    for figure in ("sessions", "bandwidth"):
        added = Counter()
        for row in rows:
            added[row["srcip"]] += int(row[figure])
        assert dict(added) == summed(events, "srcip", figure, lambda e: e.sessions > 0)
    both = [row for row in rows if row["fortigate"] == "FG100FTK20000001,FG100FTK20000002"]
    assert len(rows) > 25 and both
    assert {row["f_user"] for row in rows if row["srcip"] == "10.1.9.9"} == {"shift1", "shift2", "shift3"}
    faz.switches.source_grouping = []
    assert len({row["srcip"] for row in rows}) == len(caller.rows("top-sources")) == len(rows) - 2


@pytest.mark.parametrize(
    ("word", "part"), [("user", "user"), ("endpoint", "epid"), ("device", "devid"), ("interface", "srcintf")]
)
def test_sources_may_have_several_rows_for_an_address(faz, caller, events, word, part):
    faz.switches.source_grouping = [word]
    traffic = [event for event in events if event.sessions]
    rows = caller.rows("top-sources")
    assert len(rows) == len({(event.srcip, getattr(event, part)) for event in traffic})
    assert sum(int(row["sessions"]) for row in rows) == sum(event.sessions for event in traffic)
    if word == "device":
        assert len(rows) > len({row["srcip"] for row in rows}) and not any("," in row["fortigate"] for row in rows)
    with pytest.raises(ValueError, match="source_grouping"):
        faz.switches.source_grouping = ["colour"]


def test_source_and_destination_threat(caller, events):
    for view, key in (("source-threat", "srcip"), ("destination-threat", "dstip")):
        assert table(caller.rows(view), key, "incidents") == summed(events, key, "incidents", lambda e: e.threat)


def test_threat_line_has_every_incident(caller, events):
    rows = caller.rows("threat-line", sort_by=caller.sort("time", "asc"))
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
    assert sum(int(row["incidents"]) for row in rows) == sum(e.incidents for e in events if e.threat)


def test_policy_line_has_every_session_in_buckets_of_time(caller, events):
    rows = caller.rows("policy-line", sort_by=caller.sort("time", "asc"))
    times = [int(row["time"]) for row in rows]
    assert times == sorted(set(times)) and {time % 3600 for time in times} == {0}
    assert sum(int(row["counts"]) for row in rows) == sum(e.sessions for e in events)
    one = caller.rows("policy-line", filter='policyid=="2"')
    assert sum(int(row["counts"]) for row in one) == sum(e.sessions for e in events if e.policyid == 2)


def test_documented_threats_count_sources(faz, caller, events):
    faz.switches.dialect = "documented"
    rows = caller.fetch("top-threats", caller.tid("top-threats"))["result"][0]["data"]["threats"]
    sources = defaultdict(set)
    for event in events:
        sources[event.threat].add(event.srcip)
    assert all(row["sources"] == len(sources[row["threat"]]) for row in rows)
    assert all(row["incidents"] == row["blocked"] + row["detected"] for row in rows)


def test_device_windows_partition_the_log(caller):
    split = Counter()
    for serial in ("FG100FTK20000001", "FG100FTK20000002"):
        split.update(table(caller.rows("top-threats", device=[{"devid": serial}]), "threat", "incidents"))
    assert dict(split) == table(caller.rows("top-threats"), "threat", "incidents")


@pytest.mark.parametrize("device", ODD_DEVICES, ids=lambda device: device.serial)
def test_ids_of_all_makes_match_as_devid_and_in_no_other_way(caller, device):
    """A serial number under devname, or a name under devid, is a success with no rows."""

    def count(**one):
        return len(caller.rows("top-threats", adom="Data_Center", device=[one]))

    assert count(devid=device.serial) and count(devid=device.serial) == count(devname=device.name)
    assert count(devname=device.serial) == count(devid=device.name) == 0
    assert count(devid=device.serial.lower()) == 0
    assert count(devid=f"{device.serial}[root]") and count(devname=f"{device.name}[nowhere]") == 0


def test_all_fortigates_are_not_all_devices(caller):
    def serials(word):
        rows = caller.rows("top-threats", adom="Data_Center", device=[{"devid": word}])
        return {serial for row in rows for serial in row["fortigate"].split(",")}

    everything, fortigates, proxies = (serials(f"All_{word}") for word in ("Devices", "FortiGate", "FortiProxy"))
    assert proxies == {"FPXVULTM23000001"} and fortigates == everything - proxies
    assert "FWF61F0000000001" in fortigates and serials("All_FortiMail") == set()


def test_window_edges_are_inclusive(faz, caller):
    name = 'threat=="TCP.Split.Handshake"'

    def incidents(start, end):
        rows = caller.rows("top-threats", filter=name, time_range=caller.window(start, end))
        return sum(int(row["incidents"]) for row in rows)

    hour, end = faz.anchor - 3600, faz.anchor
    assert [incidents(hour, end), incidents(hour + 1, end), incidents(hour + 1, end - 1)] == [2, 1, 0]


def test_row_classes_of_top_threats(caller):
    rows = {row["threat"]: row for row in caller.rows("top-threats", time_range=caller.last(30 * 24))}
    assert rows["bad.example.net"]["obf_url"] == "bad[dot]example[dot]net"
    assert rows["bad.example.net"]["threattype"] == "Malicious Websites"
    assert rows["eicar_com.zip"]["threattype"] == "malware-detected"
    assert rows["Psiphon"]["appid"] != "0" and rows["Psiphon"]["threattype"] == "Proxy"
    assert rows["blocked-connection"]["threattype"] == "blocked-connection"
    assert (rows["udp_flood"]["logtype"], rows["udp_flood"]["logtype_str"]) == ("1", "anomaly")
    assert rows["SQL.Injection"]["logtype_str"] == "traffic"


@pytest.mark.parametrize("name", [*sorted(VIEWS), "siem-events", "top-fct-vulnerabilities-severity"])
@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_every_view_answers_and_sorts_by_each_column(faz, caller, name, dialect):
    faz.switches.dialect = dialect
    view = VIEWS.get(name)
    tid = caller.tid(name, time_range=caller.last(30 * 24))
    result = caller.fetch(name, tid)["result"]
    rows = result["data"] if dialect == "live" else result[0]["data"][view.documented_key if view else "results"]
    assert rows or name == "rogue-access-points"
    if view is not None and dialect == "live":
        for column in view.sortable(live=True):
            assert (
                "tid" in caller.submit(name, limit=1, sort_by=caller.sort(column), time_range=caller.last(1))["result"]
            )


SCHEMA = {
    "top-threats": "fortigate incident_block incident_pass incidents level_s logtype logtype_str threat threat_block"
    " threat_pass threatlevel threattype threatweight",
    "threat-src-dst": "devid dstip srcip fortigate incident_block incident_pass incidents logtype threat threat_block"
    " threat_pass threatlevel threatweight",
    "source-threat": "avatar bandwidth dev_src devtype epeuid f_user fortigate incidents incident_block incident_pass"
    " srcintf srcip threat_block threat_pass threatweight traffic_in traffic_out",
    "top-sources": "avatar bandwidth dev_src_agg epeuid f_user fortigate mac_devtype_agg session_block session_pass"
    " sessions srcintf srcip threat_block threat_pass threatweight traffic_in traffic_out",
    "top-destinations": "agg_app bandwidth dstintf dstip dstmac fortigate session_block session_pass sessions"
    " traffic_in traffic_out",
    "policy-hits": "agg_policyid policy policytype counts count_pass count_block bandwidth devid vd srcintf dstintf"
    " time_stamp traffic_in traffic_out",
}
EXTRA = {
    "top-threats": "devvds cve_list appid obf_url",
    "top-sources": "srcip_hostname",
    "top-destinations": "dstip_hostname",
    "policy-hits": "device_info",
}


@pytest.mark.parametrize("name", SCHEMA)
def test_rows_have_the_columns_of_the_schema_and_sort_by_no_others(caller, name):
    """Live rows bring a few more, by which nothing can be sorted."""
    wanted, extra = SCHEMA[name].split(), EXTRA.get(name, "").split()
    assert set(caller.rows(name)[0]) == {*wanted, *extra}
    for column in wanted:
        assert "tid" in caller.submit(name, sort_by=caller.sort(column))["result"]
    for column in (*extra, *({"incidents", "epid", "policyid"} - set(wanted))):
        assert "Missing columns" in caller.submit(name, sort_by=caller.sort(column))["error"]["message"]


def test_a_counter_without_a_column_filters_all_the_same(caller, events):
    rows = caller.rows("top-sources", filter="incidents>0")
    assert {row["srcip"] for row in rows} == {e.srcip for e in events if e.sessions and e.incidents}


def test_policies_are_those_of_a_vdom(caller, events):
    rows = caller.rows("policy-hits")
    places = {(row["agg_policyid"], row["devid"], row["vd"]) for row in rows}
    assert len(rows) == len(places) > len({row["agg_policyid"] for row in rows})


def test_site_to_site_needs_a_long_window(caller):
    assert caller.rows("site-to-site-ipsec", time_range=caller.last(7 * 24)) == []
    assert caller.rows("site-to-site-ipsec", time_range=caller.last(30 * 24))


def test_compromised_hosts(caller, events):
    rows = caller.rows("threat-detect-summary")
    assert {row["srcip"] for row in rows} == {e.srcip for e in events if e.infection}
    assert {row["verdict_s"] for row in rows} == {"Infected", "Highly Suspicious"}
