# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ADOMs, devices and VDOMs as the device manager lists them."""

from __future__ import annotations

import json

import pytest

from simulators.fortianalyzer.device_manager import DEVICE_PASSWORD


def listed(caller, url, **params):
    (result,) = caller.call("get", url, **params)["result"]
    assert result["status"]["code"] == 0 and result["url"] == url
    return result["data"]


def code(caller, url, **params):
    return caller.call("get", url, **params)["result"][0]["status"]["code"]


def test_the_list_form_whatever_the_dialect(faz, caller):
    for dialect in ("live", "documented"):
        faz.switches.dialect = dialect
        reply = caller.call("get", "/dvmdb/adom")
        assert "jsonrpc" not in reply and isinstance(reply["result"], list)


def test_adoms_of_other_products_are_among_them_and_hold_no_fortigate(caller):
    rows = listed(caller, "/dvmdb/adom", fields=["name", "state", "restricted_prds", "os_ver", "mr", "uuid"], loadsub=0)
    names = [row["name"] for row in rows]
    assert {"root", "Branch_Office", "Data_Center", "FortiMail", "Syslog"} <= set(names)
    assert all(len(row["uuid"]) == 36 and row["state"] == 1 for row in rows)
    assert len({row["uuid"] for row in rows}) == len(rows)
    assert listed(caller, "/dvmdb/adom/FortiMail/device") == []
    assert caller.rows("top-threats", adom="FortiMail") == []


def test_devices_bring_the_credentials_that_nobody_wants(caller):
    rows = listed(caller, "/dvmdb/adom/root/device")
    assert {row["sn"] for row in rows} >= {"FG100FTK20000001", "FG100FTK20000002"}
    assert all(row["adm_usr"] and DEVICE_PASSWORD in row["adm_pass"] for row in rows)
    assert {row["conn_status"] for row in rows} == {0, 1}
    assert {row["ha_mode"] for row in rows} == {0} and {row["ha_slave"] for row in rows} == {None}
    wanted = listed(caller, "/dvmdb/adom/root/device", fields=["name", "sn"], loadsub=0)
    assert [set(row) for row in wanted] == [{"name", "sn", "oid"}] * len(rows)
    assert DEVICE_PASSWORD not in json.dumps(wanted)


def test_fields_do_not_keep_subtables_away(caller):
    (row,) = listed(caller, "/dvmdb/adom/Branch_Office/device", fields=["name"])
    assert set(row) == {"name", "oid", "vdom", "ha_slave"}


def test_parameters_in_data_are_not_looked_at(caller):
    (row,) = listed(caller, "/dvmdb/adom/Branch_Office/device", data={"fields": ["name"]})
    assert "adm_pass" in row


def test_vdoms(caller):
    rows = listed(caller, "/dvmdb/adom/root/device/fgt-dmz/vdom")
    assert [row["name"] for row in rows] == ["root", "guest"]
    one = listed(caller, "/dvmdb/adom/root/device/fgt-dmz", loadsub=1)
    assert one["vdom"] == rows and one["name"] == "fgt-dmz"


def test_a_cluster_is_one_device_with_its_members(faz, caller):
    faz.switches.ha_pair = True
    (row,) = [row for row in listed(caller, "/dvmdb/adom/root/device") if row["ha_mode"]]
    assert [(member["sn"], member["role"]) for member in row["ha_slave"]] == [
        ("FG100FTK20000001", 1),
        ("FG100FTK20000003", 0),
    ]


def test_enumerations_are_words_where_the_body_is_verbose(caller):
    body = {**caller.body("get", "/dvmdb/adom/root/device"), "verbose": 1}
    rows = caller.post(body).json()["result"][0]["data"]
    assert {row["os_ver"] for row in rows} == {"7.0"} and {row["conn_status"] for row in rows} == {"up", "UNKNOWN"}


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["name", "==", "fgt-hq"], {"fgt-hq"}),
        ([["name", "like", "fgt-%"], "&&", ["sn", "!=", "FG100FTK20000001"]], {"fgt-dmz"}),
        ([["name", "==", "fgt-hq"], "||", ["name", "in", "fgt-dmz", "x"]], {"fgt-hq", "fgt-dmz"}),
        (["name", "==", "nobody"], set()),
    ],
)
def test_filters(caller, given, names):
    assert {row["name"] for row in listed(caller, "/dvmdb/adom/root/device", filter=given)} == names


def test_refusals(faz, caller):
    assert code(caller, "/dvmdb/adom/Elsewhere/device") == -3
    assert code(caller, "/dvmdb/adom/root/device/nobody") == -3
    assert code(caller, "/dvmdb/adom/root/device/nobody/vdom") == -3
    assert code(caller, "/dvmdb/adom/root/device", filter="name==fgt-hq") == -10
    faz.switches.device_manager_read = False
    assert code(caller, "/dvmdb/adom") == code(caller, "/dvmdb/adom/root/device") == -11
    assert "tid" in caller.submit("top-threats")["result"]


def test_pages_and_counts(faz, caller):
    url = "/dvmdb/adom/Data_Center/device"
    everything = [row["sn"] for row in listed(caller, url)]
    assert listed(caller, url, option="count") == len(everything)
    assert [row["sn"] for row in listed(caller, url, range=[2, 3])] == everything[2:5]
    assert listed(caller, url, range=[50, 3]) == []
    faz.switches.update({"device_count": False, "device_range": False, "device_rows_max": 2})
    assert [row["sn"] for row in listed(caller, url, option="count", range=[2, 3])] == everything[:2]


def test_a_release_that_does_not_know_fields(faz, caller):
    faz.switches.device_fields = False
    assert all("adm_pass" in row for row in listed(caller, "/dvmdb/adom/root/device", fields=["name"]))


def test_groups(faz, caller):
    url = "/dvmdb/adom/root/group"
    assert all("object member" not in row for row in listed(caller, url))
    rows = {row["name"]: row for row in listed(caller, url, option="object member")}
    assert rows["headquarters"]["object member"] == [{"name": "fgt-hq", "vdom": "root"}, {"name": "edge"}]
    assert "object member" not in rows["unused"] and len(rows["All_FortiGate"]["object member"]) == 3
    faz.switches.device_groups = False
    assert code(caller, url) == -6


def test_more_devices(faz, caller):
    faz.switches.update({"extra_devices": 7, "unregistered_devices": True, "hostile_devices": True})
    rows = listed(caller, "/dvmdb/adom/root/device")
    shops = [row for row in rows if row["name"].startswith("fgt-shop-")]
    assert len(shops) == 3 and len({row["ip"] for row in rows}) == len(rows)
    assert [row["name"] for row in rows if not row["mgmt_mode"]] == ["fgt-dc"]
    assert {"all", "..", "line\nbreak"} <= {row["name"] for row in rows}


def test_one_device_in_two_adoms(faz, caller):
    faz.switches.split_vdoms = True
    entries = [listed(caller, f"/dvmdb/adom/{adom}/device/fgt-dmz") for adom in ("root", "Branch_Office")]
    assert len({entry["sn"] for entry in entries}) == 1
    assert [[vdom["name"] for vdom in entry["vdom"]] for entry in entries] == [["root"], ["guest"]]


def test_a_member_that_is_listed_beside_its_cluster(faz, caller):
    faz.switches.update({"ha_pair": True, "ha_members_listed": True})
    rows = listed(caller, "/dvmdb/adom/root/device")
    (cluster,) = [row for row in rows if row["ha_mode"]]
    assert [row["name"] for row in rows if row["sn"] == cluster["ha_slave"][1]["sn"]] == ["fgt-hq-2"]


@pytest.mark.parametrize(
    ("untold", "shown"),
    [
        ("product", {"os_type": -1, "platform_str": ""}),
        ("registration", {"mgmt_mode": None}),
        ("address", {"ip": "0.0.0.0"}),
    ],
)
def test_what_is_not_reported_of_a_device(faz, caller, untold, shown):
    faz.switches.untold_device = untold
    first, second, *_others = listed(caller, "/dvmdb/adom/root/device")
    assert {key: first[key] for key in shown} == shown
    assert all(second[key] != shown[key] for key in shown)
