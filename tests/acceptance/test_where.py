# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks with `fortigate_block_where: seen`, a ticket and steps of the duration: from what a FortiAnalyzer has logged to packets."""

from __future__ import annotations

import json
import typing as t
from contextlib import ExitStack

import pytest

from simulators.fortianalyzer import Simulator
from simulators.fortigate import FortiGate
from support.fortigates import inventory
from support.playbooks import Controller, Run

# Two that the FortiAnalyzer has logs of, the first one also under the serial number of its HA member, and one that it has none of.
SERIALS = {"fgt-hq": "FG100FTK20000001", "fgt-branch": "FG100FTK20000003", "fgt-lab": "FGVM010000000009"}
MEMBER = "FG100FTK20000002"
PUBLISHED = "203.0.113.10"
GIVEN = {
    "fortigate_block_never_extra": [],
    "fortigate_block_verify_delay": 0,
    "fortigate_block_on_protected": "skip",
    "fortigate_block_where": "seen",
    "fortigate_block_ttl": "1h, 1d",
    "fortigate_block_ticket": "CHG0030007",
}


class Site:
    def __init__(self, controller: Controller, fortigates: dict[str, FortiGate]) -> None:
        self.controller = controller
        self.fortigates = fortigates

    def play(self, name: str, *arguments: str, **given: t.Any) -> Run:
        place = self.controller.write("inventory.yml", inventory(self.fortigates))
        registry = {"fortigate_block_registry": str(self.controller.folder / "blocks.sqlite")}
        variables = json.dumps({**GIVEN, **registry, **given})
        return self.controller.playbook(f"secops.fortiview.{name}", "-i", str(place), "-e", variables, *arguments)

    def where(self, address: str) -> set[str]:
        """By packets, on which FortiGates it is blocked."""
        return {name for name, box in self.fortigates.items() if not box.passes(address, PUBLISHED)}


@pytest.fixture
def site(controller: Controller, faz: Simulator) -> t.Iterator[Site]:
    with ExitStack() as stack:
        boxes = {name: stack.enter_context(FortiGate(serial=one, hostname=name)) for name, one in SERIALS.items()}
        boxes["fgt-hq"].switches.update({"ha_members": [{"serial_no": MEMBER, "hostname": "fgt-hq-b"}]})
        yield Site(controller, boxes)
        for box in boxes.values():
            assert box.check() == [] and box.alarms == []


def offenders(run: Run) -> list[dict[str, t.Any]]:
    found = run.of("secops.fortiview.threat_hunt : Judge them")["ansible_facts"]["threat_hunt_offenders"]
    return [one for one in found if one["side"] != "destination" and one["version"] == 4]


def wanted(devices: t.Sequence[str]) -> set[str]:
    """Everywhere where the FortiAnalyzer names another device than these FortiGates, or none."""
    hosts = {MEMBER: "fgt-hq", **{serial: name for name, serial in SERIALS.items()}}
    return {hosts[one] for one in devices} if devices and set(devices) <= set(hosts) else set(SERIALS)


def test_a_hunt_blocks_its_offenders_where_they_were_logged(site: Site) -> None:
    check = site.play("block_offenders", "-e", "last=24h", "--check")
    assert check.code == 0, check.output
    assert not any(box.writes for box in site.fortigates.values())
    run = site.play("block_offenders", "-e", "last=24h")
    assert run.code == 0, run.output
    refused = {one["address"] for one in run.of("secops.fortiview.fortigate_block : Block the targets")["refused"]}
    found = {one["address"]: one["devices"] for one in offenders(run) if one["address"] not in refused}
    assert {address: site.where(address) for address in found} == {
        key: wanted(devices) for key, devices in found.items()
    }
    places = [wanted(devices) for devices in found.values()]
    assert {"fgt-hq"} in places, found
    # What the plan said; and the table has one row for a FortiGate or several.
    for said in ("not seen", "logged only by fgt-"):
        assert said in check.flat and said in run.flat
    assert "Blocked on NO" not in run.output

    listed = site.play("list_blocks")
    assert listed.code == 0 and "CHG0030007" in listed.output


def test_what_the_fortigate_that_logged_it_may_not_block_is_said(site: Site) -> None:
    """A person has unblocked it there, and there alone."""
    target = {"address": "203.0.114.77", "role": "attacker", "side": "source", "devices": [SERIALS["fgt-hq"]]}
    blocked = site.play("block_targets", fortigate_block_targets=[target])
    assert blocked.code == 0 and site.where("203.0.114.77") == {"fgt-hq"}, blocked.output
    assert site.play("unblock", "--limit", "fgt-hq", fortigate_block_targets=["203.0.114.77"]).code == 0
    again = site.play("block_targets", fortigate_block_targets=[target])
    assert again.code == 0 and site.where("203.0.114.77") == set()
    assert "Blocked on NO FortiGate of this run: 203.0.114.77 (logged only by fgt-hq)" in again.flat
