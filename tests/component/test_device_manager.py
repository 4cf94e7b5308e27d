# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of the device manager against a simulator: the whole list or an error, and never a credential of a device."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    FortiViewError,
    Incomplete,
    InvalidInput,
    NotPermitted,
    ProtocolError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._common.json_text import parse
from ansible_collections.secops.fortiview.plugins.module_utils._connection.session import Connection
from ansible_collections.secops.fortiview.plugins.module_utils._connection.settings import settings_of
from ansible_collections.secops.fortiview.plugins.module_utils._glue.device_manager import list_adoms, list_devices
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.device_manager import visible_adoms

from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortianalyzer.device_manager import DEVICE_PASSWORD, DEVICE_USER

ADOMS = {"root", "Branch_Office", "Data_Center", "FortiMail", "FortiWeb", "Syslog"}


def devices(client: Client, **options: t.Any) -> dict[str, t.Any]:
    asked = {"adoms": None, "adom": None, "device_groups": True, **options}
    return list_devices({**client.connection, **asked}, client.context)


def refusal(client: Client, **options: t.Any) -> FortiViewError:
    with pytest.raises(FortiViewError) as caught:
        devices(client, **options)
    assert DEVICE_PASSWORD not in str(caught.value.to_fail_json())
    return caught.value


def of(result: dict[str, t.Any], name: str) -> dict[str, t.Any]:
    (found,) = [device for device in result["devices"] if device["name"] == name]
    return dict(found)


def listed(faz: FortiAnalyzer, url: str) -> list[dict[str, t.Any]]:
    return [params for params in faz.journal.params_of("get", "dvmdb") if params["url"] == url]


def test_adoms(client: Client, faz: FortiAnalyzer) -> None:
    result = list_adoms(client.connection, client.context)
    assert {adom["name"] for adom in result["adoms"]} == ADOMS and not result["changed"]
    assert {adom["version"] for adom in result["adoms"]} == {"7.6"}
    faz.switches.forbidden_adoms = ["Data_Center"]
    seen = list_adoms(client.connection, client.context)["adoms"]
    assert {adom["name"] for adom in seen} == ADOMS - {"Data_Center"}
    with Connection(settings_of(client.connection), client.context.clock, client.context.sleep) as connection:
        found = visible_adoms(connection, client.context.sleep)
    assert found.adoms == ["root", "Branch_Office"] and "FortiMail, FortiWeb, Syslog" in found.warnings[0]


def test_devices_of_all_adoms(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.update({"ha_pair": True, "split_vdoms": True})
    result = devices(client)
    assert len(result["devices"]) == len(faz.devices)
    assert [one["serial"] for one in of(result, "fgt-hq")["ha_members"]] == ["FG100FTK20000001", "FG100FTK20000003"]
    assert of(result, "fgt-hq")["device_groups"] == ["All_FortiGate", "headquarters"]
    split = [device for device in result["devices"] if device["name"] == "fgt-dmz"]
    assert [(one["adom"], one["vdoms"]) for one in split] == [("root", ["root"]), ("Branch_Office", ["guest"])]
    assert not of(result, "proxy-dc")["fortigate"]
    # An ADOM without devices is not asked for their groups.
    assert not listed(faz, "/dvmdb/adom/Syslog/group") and listed(faz, "/dvmdb/adom/root/group")


def test_only_what_is_named(client: Client, faz: FortiAnalyzer) -> None:
    result = devices(client, adom=["Branch_Office", "Branch_Office"], device_groups=False)
    assert [device["name"] for device in result["devices"]] == ["fgt-branch"]
    assert {params["url"] for params in faz.journal.params_of("get", "dvmdb")} == {"/dvmdb/adom/Branch_Office/device"}
    assert len(devices(client, adoms=["all"])["devices"]) == len(faz.devices)
    with pytest.raises(InvalidInput, match="adoms is empty"):
        devices(client, adoms=[])
    with pytest.raises(InvalidInput):
        devices(client, adoms=["../sys"])


@pytest.mark.parametrize("switches", [{"device_fields": True}, {"device_fields": False}])
def test_credentials_of_devices_are_not_kept(client: Client, faz: FortiAnalyzer, switches: dict[str, bool]) -> None:
    """An unknown parameter is ignored, so that a release may send all fields."""
    faz.switches.update(switches)
    result = devices(client)
    assert DEVICE_PASSWORD not in str(result) and DEVICE_USER not in str(result["devices"])
    sent = b"".join(entry.reply_text or b"" for entry in faz.journal)
    assert (DEVICE_PASSWORD.encode() in sent) is not switches["device_fields"]


@pytest.mark.parametrize(
    "switches",
    [{}, {"device_rows_max": 100}, {"device_count": False}, {"device_count": False, "device_rows_max": 7}],
)
def test_long_lists_are_read_to_their_end(client: Client, faz: FortiAnalyzer, switches: dict[str, t.Any]) -> None:
    faz.switches.update({"extra_devices": 700 if not switches else 130, **switches})
    found = [device["serial"] for device in devices(client, device_groups=False)["devices"]]
    assert len(set(found)) == len(found) == len(faz.devices) + faz.switches.extra_devices


@pytest.mark.parametrize(
    "switches",
    [{"device_range": False, "device_rows_max": 2}, {"device_range": False, "device_count": False}],
)
def test_a_list_that_may_go_on_is_an_error(client: Client, faz: FortiAnalyzer, switches: dict[str, t.Any]) -> None:
    faz.switches.update(switches)
    error = refusal(client, adoms=["Data_Center"], device_groups=False)
    assert isinstance(error, Incomplete) and "ADOM Data_Center" in str(error)


def test_rights(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.device_manager_read = False
    everything, named = refusal(client), refusal(client, adoms=["root"])
    assert isinstance(everything, NotPermitted) and "read rights on Device Manager" in str(everything)
    assert "names of the ADOMs to read" in str(everything) and "names of the ADOMs to read" not in str(named)
    faz.switches.device_manager_read = True
    assert "ADOM Elsewhere" in str(refusal(client, adoms=["root", "Elsewhere"]))
    faz.switches.device_groups = False
    assert "device_groups to false" in str(refusal(client, adoms=["root"]))


def test_a_busy_fortianalyzer_is_asked_again(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("http", "get", "dvmdb/adom/root/device", status=429, times=2, retry_after=20)
    assert devices(client, adoms=["root"])["devices"]
    assert client.slept >= 40
    faz.fault("http", "get", "dvmdb/adom/root/device", status=503, times=99)
    assert "HTTP 503" in str(refusal(client, adoms=["root"]))


def test_a_reply_that_cannot_be_read_shows_nothing_of_it(client: Client, faz: FortiAnalyzer) -> None:
    body = '{"result": [{"status": {"code": 0}, "data": [{"name": "x", "adm_pass": ["ENC", "%s"], oops}]}]}'
    faz.fault("http", "get", "dvmdb", status=200, times=9, body=body % DEVICE_PASSWORD)
    assert "oops" not in str(refusal(client, adoms=["root"]))


@pytest.mark.parametrize("name", ["adm_pass", "adm_usr", "psk", "private_key", "session"])
@pytest.mark.parametrize("form", ['"%s"', '["%s"]', '["ENC", "%s"]'])
def test_a_place_in_a_reply_is_shown_without_credentials(name: str, form: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        parse(f'{{"data": [{{"{name}": {form % "s3cretword"}, oops}}]}}'.encode())
    assert "oops" in str(caught.value) and "s3cretword" not in str(caught.value)


def test_a_device_of_which_nothing_is_known(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.untold_device = "registration"
    assert of(devices(client, adoms=["root"]), "fgt-hq")["registered"] is None
    faz.switches.untold_device = "address"
    assert of(devices(client, adoms=["root"]), "fgt-hq")["address"] is None
