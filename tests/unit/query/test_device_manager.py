# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows of the device manager as data: what is not reported is unknown, and credentials are no part of it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import ProtocolError
from ansible_collections.secops.fortiview.plugins.module_utils._query.device_manager import (
    adom_of,
    adom_table,
    device_of,
    device_table,
    group_table,
    groups_by_device,
    rows_in,
)

SECRETS = {"adm_usr": "admin", "adm_pass": ["ENC", "s3cret"], "psk": "s3cret", "private_key": "s3cret"}
ROW: dict[str, t.Any] = {
    **SECRETS,
    "name": "fgt-hq",
    "sn": "FG100FTK20000001",
    "hostname": "fgt-hq-1",
    "ip": "192.0.2.1",
    "platform_str": "FortiGate-100F",
    "os_type": 0,
    "os_ver": 7,
    "mr": 4,
    "patch": 5,
    "build": 2573,
    "conn_status": 1,
    "mgmt_mode": 2,
    "ha_mode": 1,
    "ha_slave": [
        {"name": "fgt-hq-1", "sn": "FG100FTK20000001", "role": 1, "psk": "s3cret"},
        {"name": "fgt-hq-2", "sn": "FG100FTK20000003", "role": 0},
    ],
    "vdom": [{"name": "root"}, {"name": "guest"}],
}


def device(**changed: t.Any) -> dict[str, t.Any]:
    return device_of({**ROW, **changed}, "root")


def test_a_device() -> None:
    found = device()
    assert found == {
        "name": "fgt-hq",
        "serial": "FG100FTK20000001",
        "adom": "root",
        "hostname": "fgt-hq-1",
        "address": "192.0.2.1",
        "platform": "FortiGate-100F",
        "version": "7.4.5",
        "build": 2573,
        "fortigate": True,
        "registered": True,
        "connection": "up",
        "ha_mode": "AP",
        "ha_members": [
            {"name": "fgt-hq-1", "serial": "FG100FTK20000001", "role": "primary"},
            {"name": "fgt-hq-2", "serial": "FG100FTK20000003", "role": "secondary"},
        ],
        "vdoms": ["root", "guest"],
    }
    assert "s3cret" not in str(found)


def test_words_mean_what_numbers_mean() -> None:
    words = {"conn_status": "UP", "mgmt_mode": "faz", "os_type": "fos", "ha_mode": "AP", "os_ver": "7.0"}
    roles = [{**member, "role": "master" if member["role"] else "slave"} for member in ROW["ha_slave"]]
    assert device(**words, ha_slave=roles) == device()


@pytest.mark.parametrize(
    ("changed", "key", "value"),
    [
        ({"mgmt_mode": 0}, "registered", False),
        ({"mgmt_mode": None}, "registered", None),
        ({"mgmt_mode": 9}, "registered", None),
        ({"os_type": 13}, "fortigate", False),
        ({"os_type": -1}, "fortigate", True),
        ({"os_type": None, "platform_str": "FortiProxy-VM64"}, "fortigate", False),
        ({"os_type": None, "platform_str": "FortiWiFi-61F"}, "fortigate", True),
        ({"os_type": None, "platform_str": None}, "fortigate", None),
        ({"conn_status": 7}, "connection", "unknown"),
        ({"conn_status": None}, "connection", "unknown"),
        ({"ip": "0.0.0.0"}, "address", None),
        ({"ip": "127.0.0.1"}, "address", None),
        ({"ip": "::"}, "address", None),
        ({"ip": "fgt.example.com"}, "address", None),
        ({"ip": "10.0.0.0/24"}, "address", None),
        ({"ip": "2001:DB8::1"}, "address", "2001:db8::1"),
        ({"ip": None}, "address", None),
        ({"patch": None}, "version", "7.4"),
        ({"os_ver": 0}, "version", ""),
        ({"mr": -1}, "version", "7"),
        ({"ha_slave": None}, "ha_members", []),
        ({"vdom": None}, "vdoms", []),
        ({"sn": None}, "serial", ""),
    ],
)
def test_what_is_not_reported_is_unknown(changed: dict[str, t.Any], key: str, value: object) -> None:
    assert device(**changed)[key] == value


def test_a_device_that_nobody_can_name_is_an_error() -> None:
    with pytest.raises(ProtocolError):
        device(name="", sn=None)
    with pytest.raises(ProtocolError):
        adom_of({"state": 1})


def test_adoms() -> None:
    row = {"name": "root", "state": 1, "restricted_prds": 1, "os_ver": 7, "mr": 6, "uuid": "u", "psk": "s3cret"}
    assert adom_of(row) == {"name": "root", "enabled": True, "products": 1, "version": "7.6", "uuid": "u"}
    assert [adom_of({"name": "x", "state": state})["enabled"] for state in (0, "disable", "enable", None, 4)] == [
        False,
        False,
        True,
        None,
        None,
    ]


@pytest.mark.parametrize("data", [{"name": "x"}, "text", [1], [None]])
def test_what_is_no_list_of_rows_is_not_an_empty_one(data: object) -> None:
    with pytest.raises(ProtocolError):
        rows_in(data)


def test_groups_in_groups() -> None:
    rows = [
        {"name": "all", "object member": [{"name": "a", "vdom": "root"}, {"name": "b", "vdom": "root"}]},
        {"name": "hq", "object member": [{"name": "edge"}, {"name": "c", "vdom": "root"}]},
        {"name": "edge", "object member": [{"name": "a", "vdom": "root"}, {"name": "hq"}]},
        {"name": "unused"},
    ]
    assert groups_by_device(rows) == {"a": ["all", "edge", "hq"], "b": ["all"], "c": ["edge", "hq"]}


def test_credentials_are_not_requested() -> None:
    for table in (adom_table(), device_table("root")):
        assert table.params["fields"] and not set(SECRETS) & set(table.params["fields"])
    assert "fields" not in group_table("root").params
