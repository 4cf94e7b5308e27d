# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a submit refuses, and what it ignores without an error (protocol_fortianalyzer.rst, "Submit")."""

from __future__ import annotations

import pytest

from simulators.fortianalyzer.views import VIEWS


def message(reply):
    return reply["error"]["message"]


def test_unknown_view_and_switched_off_view(faz, caller):
    assert "Cannot find FortiView 'top-nonsense'" in message(caller.submit("top-nonsense"))
    faz.switches.missing_views = ["threat-src-dst"]
    assert "Cannot find FortiView 'threat-src-dst'" in message(caller.submit("threat-src-dst"))


def rows_of(reply, view):
    result = reply["result"]
    return result["data"] if isinstance(result, dict) else result[0]["data"][VIEWS[view].documented_key]


def test_limits(caller):
    assert "limit: 1001 is bigger than max value 1000" in message(caller.submit("top-threats", limit=1001))
    assert "limit: 0 is smaller than min value 1" in message(caller.submit("top-threats", limit=0))
    assert "offset" in message(caller.submit("top-threats", offset=-1))
    assert "limit" in message(caller.submit("top-threats", limit="10"))


@pytest.mark.parametrize(
    ("dialect", "limits", "counts"),
    [
        ("live", None, {"top-sources": 1000, "threat-src-dst": 1000}),
        ("documented", None, {"top-sources": 10, "top-threats": 50, "top-applications": 100, "sdwan-app-view": 10}),
        ("live", {"top-threats": 50, "*": 10}, {"top-threats": 50, "top-sources": 10}),
        ("documented", {"top-sources": 100}, {"top-sources": 100, "top-threats": 1000}),
    ],
)
def test_a_query_without_a_limit_gets_as_many_rows_as_the_release_gives(faz, caller, dialect, limits, counts):
    faz.switches.update({"dialect": dialect, "default_limits": limits, "synthetic_rows": dict.fromkeys(counts, 1500)})
    for view, count in counts.items():
        assert len(rows_of(caller.fetch(view, caller.tid(view, limit=None)), view)) == count
    for wrong in ({"top-threats": 0}, {"top-threats": "10"}, 10):
        with pytest.raises(TypeError, match="default_limits"):
            faz.switches.default_limits = wrong


def test_sort_column(caller):
    reply = caller.submit("top-threats", sort_by=caller.sort("severity"))
    assert reply["error"] == {"code": -32005, "message": "Server error: Missing columns: 'severity'"}
    assert "Missing columns: 'bandwidth'" in message(
        caller.submit("top-cloud-applications", sort_by=caller.sort("bandwidth"))
    )
    two = caller.sort("incidents") + caller.sort("threatweight")
    assert "only one" in message(caller.submit("top-threats", sort_by=two))


def test_default_order_is_ascending_and_no_sort_is_no_ranking(caller):
    ascending = [int(row["incidents"]) for row in caller.rows("top-threats", sort_by=[{"field": "incidents"}])]
    assert ascending == sorted(ascending)
    unsorted = [int(row["incidents"]) for row in caller.rows("top-threats")]
    assert unsorted not in (ascending, ascending[::-1])
    assert caller.rows("top-threats", sort_by=[]) == caller.rows("top-threats")


def test_default_limit(faz, caller):
    faz.switches.synthetic_rows = {"top-sources": 1500}
    assert len(caller.rows("top-sources", limit=None)) == 1000


def test_paging_by_offset(caller):
    everything = caller.rows("top-sources", sort_by=caller.sort("sessions"))
    paged = [
        row
        for start in (0, 30, 60, 90)
        for row in caller.rows("top-sources", sort_by=caller.sort("sessions"), limit=30, offset=start)
    ]
    assert paged == everything


def test_parameters_under_data_and_unknown_ones_are_ignored(caller):
    expected = caller.rows("top-threats", limit=None)
    assert caller.rows("top-threats", limit=None, data={"limit": 1}, lmiit=2, **{"max_rows": 1}) == expected


@pytest.mark.parametrize(("dialect", "required"), [("live", True), ("documented", False)])
def test_apiver_is_required_of_each_request_as_the_dialect_does(faz, caller, dialect, required):
    faz.switches.dialect = dialect
    tid = caller.tid("top-threats")
    place = f"/fortiview/adom/root/top-threats/run/{tid}"

    def refused():
        replies = [
            caller.submit("top-threats", apiver=None), caller.call("get", place), caller.call("delete", place),
            caller.call("get", "/eventmgmt/adom/root/alerts"),
        ]  # fmt: skip
        return {"apiver is required" in str(reply) for reply in replies}

    assert refused() == {required}
    assert "apiver 2" in str(caller.submit("top-threats", apiver=2))
    faz.switches.apiver_required = not required
    assert refused() == {not required}


def test_filter_fields(faz, caller):
    text = message(caller.submit("top-threats", filter="severity=critical"))
    assert text == "Invalid params: filter 'severity' not supported"
    name = "udp_flood"
    for field in ("threat", "threat_s"):
        assert [row["threat"] for row in caller.rows("top-threats", filter=f'{field}=="{name}"')] == [name]
    faz.switches.rejected_filter_fields = {"top-threats": ["threat_s"]}
    assert "filter 'threat_s' not supported" in message(caller.submit("top-threats", filter="threat_s==x"))
    faz.switches.accepted_filter_fields = {"top-sources": ["service"]}
    assert "tid" in caller.submit("top-sources", filter='service=="HTTPS"')["result"]


@pytest.mark.parametrize("field", ["service", "dstport"])
def test_fields_that_live_boxes_refuse_on_top_sources(caller, field):
    assert f"filter '{field}' not supported" in message(caller.submit("top-sources", filter=f'{field}=="x"'))


def test_documented_names_in_the_documented_dialect(faz, caller):
    faz.switches.dialect = "documented"
    tid = caller.tid("top-threats", filter="severity=critical and threattype=virus", sort_by=caller.sort("severity"))
    rows = caller.fetch("top-threats", tid)["result"][0]["data"]["threats"]
    assert rows and {(row["severity"], row["threattype"]) for row in rows} == {("critical", "virus")}


def test_one_firewall_is_asked_for_drilldowns_only(caller):
    place = "/fortiview/dev/FG100FTK20000001/vdom/root"
    params = {"apiver": 3, "time-range": caller.last()}
    assert "not supported" in message(caller.call("add", f"{place}/top-threats/run", **params))
    assert "tid" in caller.call("add", f"{place}/threat-rescan-drilldown-blacklist/run", **params)["result"]


def test_counters_filter_finished_rows(caller):
    risky = caller.rows("top-sources", filter="threatweight>0")
    everyone = {row["srcip"]: row for row in caller.rows("top-sources")}
    assert {row["srcip"] for row in risky} == {key for key, row in everyone.items() if int(row["threatweight"]) > 0}
    # The sessions without incidents still count: the filter looks at rows, not at events.
    assert all(row == everyone[row["srcip"]] for row in risky)


def test_unknown_values_give_an_empty_success(caller):
    assert caller.rows("top-threats", filter='threatlevel_s=="Criticl"') == []


def selected(caller, *devices):
    return caller.rows("top-threats", device=list(devices))


def serials(rows):
    return {serial for row in rows for serial in row["fortigate"].split(",")}


def test_device_words(faz, caller):
    everything = selected(caller, {"devid": "All_Devices"})
    assert everything and selected(caller, {"devname": "All_Device"}) == everything
    faz.switches.all_words = ["devname:All_Device"]
    assert selected(caller, {"devid": "All_Devices"}) == []
    assert selected(caller, {"devid": "All_FortiGate"}) == []
    assert selected(caller, {"devname": "All_Device"}) == everything


def test_device_names_and_serials(caller):
    assert serials(selected(caller, {"devid": "FG100FTK20000001"})) == {"FG100FTK20000001"}
    assert serials(selected(caller, {"devname": "fgt-dmz"})) == {"FG100FTK20000002"}
    assert selected(caller, {"devname": "FG100FTK20000001"}) == []
    assert selected(caller, {"devid": "fgt-hq"}) == []
    assert serials(selected(caller, {"csfname": "fabric-hq"})) == {"FG100FTK20000001", "FG100FTK20000002"}
    both = selected(caller, {"devid": "FG100FTK20000001"}, {"devname": "fgt-dmz"})
    assert len(serials(both)) == 2
    guest = selected(caller, {"devid": "FG100FTK20000002[guest]"})
    assert {row["devvds"] for row in guest} == {"FG100FTK20000002[guest]"}
    # A firewall of another ADOM
    assert selected(caller, {"devid": "FGT60F3X17000001"}) == []


def test_ha_pair_logs_under_both_members(faz, caller):
    faz.switches.ha_pair = True
    assert serials(selected(caller, {"devname": "fgt-hq"})) == {"FG100FTK20000001", "FG100FTK20000003"}
    assert serials(selected(caller, {"devid": "FG100FTK20000001"})) == {"FG100FTK20000001"}


def test_drilldown_on_one_firewall_answers_at_once(faz, caller):
    place = "/fortiview/dev/FG100FTK20000002/vdom/guest/threat-detect-drilldown-blacklist/run"
    params = {"apiver": 3, "limit": 5, "time-range": caller.last(), "sort-by": caller.sort("event_num")}
    live = caller.call("add", place, device=[{"csfname": "fabric-hq"}], **params)["result"]
    assert live["data"] and live["percentage"] == 100
    faz.switches.dialect = "documented"
    data = caller.call("add", place, filter='devid="FG100FTK20000002"', **params)["result"][0]["data"]
    assert set(data) == {"tid", "events"}
    assert set(data["events"][0]) == {
        "event_num", "srcip", "dstip", "threat", "severity", "action", "timestamp", "srcintf", "dstintf",
    }  # fmt: skip
    again = caller.call("get", f"{place}/{data['tid']}", apiver=3)["result"][0]["data"]
    assert again["events"] == data["events"]
    unknown = place.replace("20000002", "29999999")
    assert "None of the device(s)" in caller.call("add", unknown, **params)["result"][0]["status"]["message"]


@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_an_adom_that_does_not_exist(faz, caller, dialect):
    """Not a word of the ADOM: this is all that a user is given."""
    faz.switches.dialect = dialect

    def status():
        result = caller.submit("top-threats", adom="Elsewhere")["result"]
        return result["status"] if dialect == "live" else result[0]["status"]

    assert status() == {"code": -3, "message": "Object does not exist"}
    faz.switches.unknown_adom_code = -11
    assert status() == {"code": -11, "message": "No permission for the resource"}
    with pytest.raises(ValueError, match="-3 or -11"):
        faz.switches.unknown_adom_code = 0


def test_an_adom_that_the_administrator_may_not_see(faz, caller):
    faz.switches.forbidden_adoms = ["Branch_Office"]
    assert caller.submit("top-threats", adom="Branch_Office")["result"]["status"]["code"] == -11
    (listed,) = caller.call("get", "/dvmdb/adom")["result"]
    assert "Branch_Office" not in {row["name"] for row in listed["data"]}


@pytest.mark.parametrize("wrong", [{"filter": "nonsense==high"}, {"limit": 5000}, {"time_range": None}])
def test_a_refusal_that_names_no_parameter(faz, caller, wrong):
    faz.switches.parameter_refusal = "invalid-data"
    assert caller.submit("top-threats", **wrong)["result"] == {
        "status": {"code": -10, "message": "The data is invalid for selected url"}
    }
    faz.switches.dialect = "documented"
    assert caller.submit("top-threats", **wrong)["result"][0]["status"]["code"] == -10
    assert "tid" in str(caller.submit("top-threats"))


def test_extra_adoms(faz, caller):
    assert caller.submit("top-threats", adom="ADOM_003")["result"]["status"]["code"] == -3
    faz.switches.extra_adoms = 3
    assert caller.rows("top-threats", adom="ADOM_003")
    assert caller.rows("top-sources", adom="ADOM_001") != caller.rows("top-sources", adom="ADOM_002")
