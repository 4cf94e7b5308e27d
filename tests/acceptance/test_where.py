# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks with `fortigate_block_where: seen`, a ticket and steps of the duration: from what a FortiAnalyzer has logged to packets."""

from __future__ import annotations

import json
import time
import typing as t
from contextlib import ExitStack

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Pardon, Repeat
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry

from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortigate import FortiGate
from support.fortigates import inventory
from support.playbooks import Controller, Run

# Two that the FortiAnalyzer has logs of, the first one also under the serial number of its HA member, and one that it has none of.
SERIALS = {"fgt-hq": "FG100FTK20000001", "fgt-branch": "FG100FTK20000003", "fgt-lab": "FGVM010000000009"}
MEMBER = "FG100FTK20000002"
PUBLISHED = "203.0.113.10"
AGAIN, LEFT = "203.0.114.77", "203.0.114.78"
DAY = 86400
GIVEN = {
    "fortigate_block_never_extra": [],
    "fortigate_block_verify_delay": 0,
    "fortigate_block_on_protected": "skip",
    "fortigate_block_where": "seen",
    "fortigate_block_ttl": "1h, 1d",
    "fortigate_block_ticket": "CHG0030007",
    # A name that must not be evaluated.
    "fortigate_block_approver": {"__ansible_unsafe": "{{ 6 * 7 }}"},
}


class Site:
    def __init__(self, controller: Controller, fortigates: dict[str, FortiGate]) -> None:
        self.controller = controller
        self.fortigates = fortigates
        self.registry = str(controller.folder / "blocks.sqlite")
        self.audit = controller.folder / "audit.jsonl"

    def play(self, name: str, *arguments: str, **given: t.Any) -> Run:
        place = self.controller.write("inventory.yml", inventory(self.fortigates))
        kept = {"fortigate_block_registry": self.registry, "fortigate_block_audit_dest": str(self.audit)}
        variables = json.dumps({**GIVEN, **kept, **given})
        return self.controller.playbook(f"secops.fortiview.{name}", "-i", str(place), "-e", variables, *arguments)

    def where(self, address: str) -> set[str]:
        """By packets, on which FortiGates it is blocked."""
        return {name for name, box in self.fortigates.items() if not box.passes(address, PUBLISHED)}


@pytest.fixture
def site(controller: Controller, faz: FortiAnalyzer) -> t.Iterator[Site]:
    with ExitStack() as stack:
        boxes = {name: stack.enter_context(FortiGate(serial=one, hostname=name)) for name, one in SERIALS.items()}
        boxes["fgt-hq"].switches.update({"ha_members": [{"serial_no": MEMBER, "hostname": "fgt-hq-b"}]})
        yield Site(controller, boxes)
        for box in boxes.values():
            assert box.check() == [] and box.alarms == []


def offenders(run: Run) -> list[dict[str, t.Any]]:
    found = run.of("secops.fortiview.threat_hunt : Decide which addresses are offenders")["ansible_facts"][
        "threat_hunt_offenders"
    ]
    return [one for one in found if one["side"] != "destination" and one["version"] == 4]


def wanted(devices: t.Sequence[str]) -> set[str]:
    """Everywhere where the FortiAnalyzer names another device than these FortiGates, or none."""
    hosts = {MEMBER: "fgt-hq", **{serial: name for name, serial in SERIALS.items()}}
    return {hosts[one] for one in devices} if devices and set(devices) <= set(hosts) else set(SERIALS)


def test_a_hunt_blocks_its_offenders_where_they_were_logged(site: Site) -> None:
    run = site.play("block_offenders", "-e", "last=24h")
    assert run.code == 0, run.output
    refused = {one["address"] for one in run.of("secops.fortiview.fortigate_block : Block the targets")["refused"]}
    found = {one["address"]: one["devices"] for one in offenders(run) if one["address"] not in refused}
    assert {address: site.where(address) for address in found} == {
        key: wanted(devices) for key, devices in found.items()
    }
    places = [wanted(devices) for devices in found.values()]
    assert {"fgt-hq"} in places, found
    # The table has one row for a FortiGate or several.
    for said in ("not seen", "logged only by fgt-"):
        assert said in run.flat
    assert "Blocked on NO" not in run.output


def test_steps_ticket_and_what_is_blocked_nowhere_in_a_run_and_in_the_list(site: Site) -> None:
    """One was blocked before for an hour. The other one was logged by a FortiGate where a person has unblocked it."""
    now = time.time()
    with open_registry(site.registry) as registry:
        registry.repeat([Repeat(AGAIN, 1, now - 60, None, "before")])
        registry.pardon([Pardon(SERIALS["fgt-hq"], "fgt-hq", LEFT, "anna", "before", now - 60, now + DAY)])
    targets = [
        {"address": AGAIN, "role": "attacker", "side": "source", "devices": [SERIALS["fgt-branch"]]},
        {"address": LEFT, "role": "attacker", "side": "source", "devices": [MEMBER]},
    ]
    run = site.play("block_targets", fortigate_block_targets=targets)
    assert run.code == 0, run.output
    assert site.where(AGAIN) == {"fgt-branch"} and site.where(LEFT) == set()
    assert f"Blocked on NO FortiGate of this run: {LEFT} (logged only by fgt-hq)" in run.flat
    assert "step 2 of 2" in run.flat
    (ban,) = site.fortigates["fgt-branch"].bans()
    assert abs(ban["expires"] - now - DAY) < 600
    lines = [json.loads(line) for line in site.audit.read_text().splitlines()]
    assert {(one["ticket"], one["approver"]) for one in lines} == {("CHG0030007", "{{ 6 * 7 }}")}

    listed = site.play("list_blocks", "--limit", "localhost,fgt-branch")
    assert listed.code == 0 and "CHG0030007" in listed.output and "{{ 6 * 7 }}" in listed.output
