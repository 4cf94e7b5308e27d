# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._query.devices import (
    alternatives,
    parse_device,
    parse_devices,
    under_other_key,
    unseen,
)

SERIALS = (
    "FGT60F3X17000001",
    "FG100FTK20000001[root]",
    "F6KF31T000000001",
    "F7CF1A0000000001",
    "FR60F00000000001",
    "FGHA000000000001_CID",
    "FGVM01TM20000001",
    "FAZ-VMTM23000001",
    "FPXVM00000000001",
    "FEMS000000000001",
)
NAMES = ("FGT-HQ-01", "fgt-hq", "FGT_BRANCH_0001", "BRANCHFIREWALL", "hq[root]", "edge01", "FW")


@pytest.mark.parametrize("text", SERIALS)
def test_capitals_and_digits_are_sent_as_a_serial_number_first(text: str) -> None:
    assert parse_device(text) == {"devid": text}


@pytest.mark.parametrize("text", NAMES)
def test_other_texts_are_sent_as_a_name_first(text: str) -> None:
    assert parse_device(text) == {"devname": text}


def test_a_serial_number_may_be_written_in_lower_case() -> None:
    assert parse_device("fgt60f3x17000001[guest]") == {"devid": "FGT60F3X17000001[guest]"}


@pytest.mark.parametrize("text", [*SERIALS, *NAMES])
def test_whatever_was_sent_first_the_other_key_is_asked_with_the_same_text(text: str) -> None:
    device = parse_device(text)
    ((key, sent),) = device.items()
    first, last = alternatives([device])
    assert {"devname": sent} in first if key == "devid" else first == [{"devid": sent}]
    # And once more as it was, because a task may also end too early.
    assert last == [device]


def test_a_name_in_lower_case_that_looks_like_a_serial_number_is_asked_as_it_was_written() -> None:
    assert {"devname": "fgt60f3x17000001"} in under_other_key([parse_device("fgt60f3x17000001")])


def test_an_all_devices_keyword_has_the_other_keywords() -> None:
    assert alternatives(parse_devices(None)) == [[{"devname": "All_Device"}], [{"devid": "All_FortiGate"}]]


@pytest.mark.parametrize(
    "devices", [[{"csfname": "fabric-hq"}], [{"devid": "All_FortiMail"}], [{"devid": "A", "x": "y"}]]
)
def test_what_is_no_device_by_serial_number_or_name_has_no_other_key(devices: list[dict[str, str]]) -> None:
    assert alternatives(devices) == []


def test_devices_that_no_row_names() -> None:
    devices = list(parse_devices(["F6KF31T000000001", "FG100FTK20000002[root]", "fgt-hq"]))
    rows = [{"fortigate": "FG100FTK20000001,FG100FTK20000002"}, {"devname": "FGT-HQ"}]
    assert unseen(devices, rows) == [{"devid": "F6KF31T000000001"}]
    assert unseen(devices, [{"threat": "x"}]) == devices
    assert unseen(devices[:1], []) == []


def test_no_device_is_not_all_of_them() -> None:
    assert parse_devices(None) == ({"devid": "All_Devices"},)
    with pytest.raises(InvalidInput, match="All_Devices"):
        parse_devices([])
