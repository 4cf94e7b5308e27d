# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the devices of all ADOMs to hosts: one for each FortiGate, under a name that means nothing else."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import ProtocolError
from ansible_collections.secops.fortiview.plugins.module_utils._query.fleet import Fleet, Host, fleet_of
from hypothesis import given
from hypothesis import strategies as st

Device = dict[str, t.Any]


def device(name: str = "fgt-hq", serial: str = "FG1", adom: str = "root", **more: t.Any) -> Device:
    """`members`: serial numbers of its HA members."""
    members = [{"name": "", "serial": one, "role": "unknown"} for one in more.pop("members", ())]
    found = {
        "name": name,
        "serial": serial,
        "adom": adom,
        "hostname": name,
        "address": "192.0.2.1",
        "platform": "FortiGate-100F",
        "version": "7.4.5",
        "build": 1,
        "fortigate": True,
        "registered": True,
        "connection": "up",
        "ha_mode": "AP" if members else "standalone",
        "ha_members": members,
        "vdoms": ["root"],
        "device_groups": [],
    }
    return {**found, **more}


def fleet(*devices: Device, taken: t.Collection[str] = ()) -> Fleet:
    return fleet_of(devices, lambda name, serials: name not in taken)


def names(*devices: Device, taken: t.Collection[str] = ()) -> list[str]:
    return [host.name for host in fleet(*devices, taken=taken).hosts]


def only(*devices: Device) -> Host:
    (host,) = fleet(*devices).hosts
    return host


def test_a_cluster_is_one_host_with_all_serial_numbers() -> None:
    cluster = device(serial="FGHA0_CID", members=["FG1", "FG2"])
    for listed in ([cluster], [cluster, device("fgt-hq-2", "FG2")], [device("fgt-hq-2", "FG2"), cluster]):
        host = only(*listed)
        assert host.name == "fgt-hq"
        assert host.variables["fortianalyzer_serial"] == "FGHA0_CID"
        assert sorted(host.variables["fortianalyzer_serials"]) == ["FG1", "FG2", "FGHA0_CID"]
        assert set(host.variables["fortigate_block_known_as"]) == {"FGHA0_CID", "FG1", "FG2", "fgt-hq"}


def test_members_that_are_listed_with_each_other_are_one_host() -> None:
    assert len(fleet(device("a", "FG1", members=["FG1", "FG2"]), device("b", "FG2", members=["FG1", "FG2"])).hosts) == 1


def test_a_single_device_has_its_own_serial_number_and_name() -> None:
    variables = only(device()).variables
    assert variables["fortianalyzer_serials"] == ["FG1"]
    assert variables["fortigate_block_known_as"] == ["FG1", "fgt-hq"]


def test_vdoms_in_several_adoms_are_one_host() -> None:
    host = only(
        device(vdoms=["root"], device_groups=["edge"]), device(adom="Branch", vdoms=["guest"], device_groups=["all"])
    )
    assert host.variables["fortianalyzer_adoms"] == ["root", "Branch"]
    assert host.variables["fortianalyzer_vdoms"] == ["root", "guest"]
    assert host.variables["fortianalyzer_device_groups"] == ["edge", "all"]


def test_other_devices_are_no_hosts() -> None:
    proxy, stranger = device("proxy", "FPX1", fortigate=False), device("fgt-evil", "FG9", registered=False)
    assert names(proxy, device(), stranger) == ["fgt-hq"]
    (said,) = fleet(proxy, stranger).warnings
    assert "lists no registered FortiGate (2 devices in total), so the inventory has no hosts" in said


def test_what_is_not_known_is_said() -> None:
    assert "This device is included as a FortiGate, because" in fleet(device(fortigate=None)).warnings[0]
    found = fleet(device(address=None))
    assert found.hosts[0].address is None and "ansible_host" in found.warnings[0]
    with pytest.raises(ProtocolError, match="whether fgt-hq of ADOM root is registered"):
        fleet(device(registered=None))


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("{{ 7 * 7 }}", "___7___7___"),
        ("../../etc", "___.._etc"),
        ("..", "__"),
        ("-e", "_e"),
        ("a\nb", "a_b"),
        ("!fgt:*", "_fgt__"),
        ("b\u00fcro-\u202e1", "b\u00fcro-_1"),
        ("fgt[1:9]", "fgt_1_9_"),
    ],
)
def test_names_mean_nothing_else(name: str, clean: str) -> None:
    host = only(device(name))
    assert host.name == clean
    assert host.variables["fortianalyzer_name"] == name


def test_names_that_others_have() -> None:
    assert names(device("all", "FG1"), device("LocalHost", "FG2"), device("", "FG3")) == [
        "all_FG1",
        "LocalHost_FG2",
        "FG3",
    ]
    # A device that took the name of another on purpose does not get it alone.
    assert names(device(serial="FG1"), device(serial="FG2", adom="Branch")) == ["fgt-hq_FG1", "fgt-hq_FG2"]
    # A name that needed no change is kept, whatever the order.
    assert names(device("fgt hq", "FG1"), device("fgt_hq", "FG2")) == ["fgt_hq_FG1", "fgt_hq"]
    assert names(device("adom_root"), taken={"adom_root"}) == ["adom_root_FG1"]
    assert names(device("x", "FG1"), taken={"x", "x_FG1"}) == ["x_FG1_2"]


@given(
    st.lists(
        st.tuples(st.text(min_size=1, max_size=12), st.sampled_from(["", "FG1", "FG 1", "all"]), st.sampled_from("ab"))
    )
)
def test_any_names(devices: list[tuple[str, str, str]]) -> None:
    listed = [device(name, f"{serial}{at if serial else ''}", adom) for at, (name, serial, adom) in enumerate(devices)]
    found = names(*listed)
    keys = {one["serial"] or (one["adom"], one["name"]) for one in listed}
    assert len(set(found)) == len(found) == len(keys)
    assert all(re.fullmatch(r"[^\W.-][\w.-]*|_[\w.-]*", name) for name in found)
    assert not {"all", "localhost", "ungrouped"} & {name.lower() for name in found}
    # Variables in host_vars are found by these names, so they do not depend on the order of the list.
    assert sorted(names(*reversed(listed))) == sorted(found) or "" in {one["serial"] for one in listed}
