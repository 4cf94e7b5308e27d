# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By which serial numbers and names FortiAnalyzer may know a FortiGate: those of all members of its cluster."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.identities import (
    identity,
    known,
    learn,
    name_of_device,
)
from unit.blocking.support import HOST, SERIAL, Simulated, options

DAY = 86400


@pytest.mark.parametrize(
    "device, name",
    [
        ("FG100FTK20000001[root]", "fg100ftk20000001"),
        (" FGT-HQ ", "fgt-hq"),
        ("FGHA000123456789_CID[dmz-1]", "fgha000123456789_cid"),
        ("[root]", ""),
        ("Straße[Süd]", "strasse"),
        ("a[b]c", "a[b]c"),
    ],
)
def test_a_device_is_compared_without_its_vdom_and_case(device: str, name: str) -> None:
    assert name_of_device(device) == name


def test_an_empty_name_identifies_nothing() -> None:
    assert identity(HOST, ["", " ", "[root]"]).names == {HOST}


def test_every_member_of_a_cluster_counts(fortigate: Simulated) -> None:
    other = {"serial_no": "FG100FTK20000002", "hostname": "fgt-hq-b"}
    fortigate.state.switches.update({"ha_members": [other]})
    found = learn(options(known_as=["HQ Firewall"]), fortigate.context)
    assert {SERIAL, "FG100FTK20000002", "fgt-hq-b"} <= set(found.names) and found.unknown == []
    names = known(options(), fortigate.context)[HOST].names
    assert {"fg100ftk20000002", "fgt-hq-b", "hq firewall", HOST, SERIAL.lower()} <= names


@pytest.mark.parametrize("alone", ["empty", "itself", "not_found"])
def test_a_fortigate_without_a_cluster(fortigate: Simulated, alone: str) -> None:
    fortigate.state.switches.update({"ha_peer_alone": alone})
    found = learn(options(), fortigate.context)
    assert (found.serial, found.names[-1], found.unknown) == (SERIAL, HOST, [])


@pytest.mark.parametrize("status", [403, 424, 500])
def test_members_that_cannot_be_read_are_not_taken_for_none(fortigate: Simulated, status: int) -> None:
    fortigate.instead["GET monitor/system/ha-peer"] = status
    (said,) = learn(options(), fortigate.context).unknown
    assert "HA members" in said and f"HTTP {status}" in said and "blocked everywhere" in said


def test_a_member_without_a_serial_number_is_reported(fortigate: Simulated) -> None:
    fortigate.instead["GET monitor/system/ha-peer"] = (
        f'{{"status": "success", "vdom": "root", "results": [{{"serial_no": "{SERIAL}"}}, {{"hostname": "b"}}]}}'
    )
    (said,) = learn(options(), fortigate.context).unknown
    assert "without their serial numbers" in said


def test_a_token_that_is_refused_ends_the_run(fortigate: Simulated) -> None:
    fortigate.instead["GET monitor/system/ha-peer"] = 401
    with pytest.raises(FortiGateError):
        learn(options(), fortigate.context)


def test_it_is_read_once_a_day_and_after_a_failover(fortigate: Simulated) -> None:
    learn(options(), fortigate.context)
    fortigate.reads.clear()
    fortigate.later(DAY - 1)
    learn(options(run_id="second"), fortigate.context)
    assert fortigate.reads == []
    fortigate.later(2)
    learn(options(run_id="third"), fortigate.context)
    assert fortigate.reads
    fortigate.reads.clear()
    fortigate.device.serial = "FG100FTK20000002"
    fortigate.state.serial = "FG100FTK20000002"
    assert learn(options(run_id="fourth"), fortigate.context).serial == "FG100FTK20000002" and fortigate.reads


def test_a_fortigate_that_takes_no_part_in_this_run_is_not_known(fortigate: Simulated) -> None:
    """Its host may be gone from the play, so that nothing would be blocked there."""
    learn(options(run_id="earlier"), fortigate.context)
    assert known(options(run_id="now"), fortigate.context) == {}
