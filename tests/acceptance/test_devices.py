# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks that name a device: its rows are found by any kind of serial number, and by its name."""

from __future__ import annotations

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support.playbooks import Controller

CHASSIS = "F6KF31T000000001"
CLUSTER = "FGHA000000000001_CID"
PLACE = ("-e", "adom=Data_Center", "-e", "last=7d")


@pytest.mark.parametrize("device", [CHASSIS, CLUSTER, "fgt-chassis", "fgt-cluster", f"{CHASSIS}[root]"])
def test_one_device(controller: Controller, faz: FortiAnalyzer, device: str) -> None:
    run = controller.playbook("secops.fortiview.one_device", "-e", f"device={device}", *PLACE)
    assert run.code == 0, run.output
    result = run.of("Query FortiAnalyzer")["results"][0]
    assert result["rows"]
    assert len(faz.submits) == 1


@pytest.mark.parametrize("device", [{"devname": CHASSIS}, {"devid": "fgt-chassis"}])
def test_a_device_under_the_wrong_key(controller: Controller, faz: FortiAnalyzer, device: dict[str, str]) -> None:
    task = {
        "name": "Ask",
        "secops.fortiview.faz_fortiview_task": {
            "view": "top-threats",
            "adom": "Data_Center",
            "device": [device],
            "time_range": {"last": "7d"},
            "wait": True,
        },
    }
    run = controller.tasks([task])
    assert run.code == 0, run.output
    assert run.of("Ask")["result"]["rows"]
    (warning,) = run.of("Ask")["warnings"]
    assert "top-threats of ADOM Data_Center: no rows for" in warning and next(iter(device.values())) in warning


def test_a_device_that_the_adom_does_not_have_is_said(controller: Controller, faz: FortiAnalyzer) -> None:
    run = controller.playbook("secops.fortiview.one_device", "-e", "device=FGT60F0000000009", *PLACE)
    assert run.code == 0, run.output
    assert "no rows for devid FGT60F0000000009" in run.flat
    assert "a device that this ADOM does not have" in run.flat


@pytest.mark.parametrize("device", [{"devname": CHASSIS}, CHASSIS])
def test_a_hunt_on_one_device(controller: Controller, faz: FortiAnalyzer, device: object) -> None:
    run = controller.tasks(
        [
            {
                "name": "Find",
                "secops.fortiview.faz_threat_sources_info": {
                    "severities": ["critical", "high"],
                    "adoms": ["Data_Center"],
                    "device": [device],
                    "time_range": {"last": "7d"},
                },
            }
        ]
    )
    assert run.code == 0, run.output
    assert run.of("Find")["offenders"]
