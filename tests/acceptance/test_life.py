# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One life of each blocking method, in the playbooks of the collection: plan, block, list, block again, unblock.

Whether an address is blocked is judged by the packet check of the simulated FortiGate."""

from __future__ import annotations

import typing as t
from contextlib import ExitStack
from pathlib import Path

import pytest

from simulators.fortigate import FortiGate
from support.blocking import METHODS, PREPARED
from support.playbook_fleet import PlaybookFleet
from support.playbooks import Controller

ATTACKERS = ("203.0.114.77", "2001:db8:bad::7")
INNOCENT, PUBLISHED = "203.0.115.1", "203.0.113.10"

pytestmark = pytest.mark.core


class Fleet(PlaybookFleet):
    """A FortiGate for each method, named after it."""

    def blocked(self) -> dict[str, bool]:
        return {name: not box.passes(ATTACKERS[0], PUBLISHED) for name, box in self.fortigates.items()}

    def writes(self) -> dict[str, int]:
        return {name: len(box.writes) for name, box in self.fortigates.items()}


@pytest.fixture
def fleet(controller: Controller, folder: Path) -> t.Iterator[Fleet]:
    file = folder / "feed.txt"
    with ExitStack() as stack:
        boxes = {name: stack.enter_context(FortiGate(serial=f"FGT-{name}", hostname=name)) for name in METHODS}
        for box in boxes.values():
            box.switches.update(PREPARED)
        feed = {"name": "soc-block", "update-method": "feed", "resource": file.as_uri()}
        boxes["feed_file"].configure("system/external-resource", [feed])
        fleet = Fleet(controller, boxes)
        fleet.of_host = {
            name: {"fortigate_block_method": name, "fortigate_block_feed_file": str(file)} for name in boxes
        }
        yield fleet
        assert [problem for box in boxes.values() for problem in box.check()] == []


def test_each_method_from_the_plan_to_the_end(fleet: Fleet) -> None:
    targets = {"fortigate_block_targets": list(ATTACKERS), "fortigate_block_ttl": "2h"}
    every, none = dict.fromkeys(METHODS, True), dict.fromkeys(METHODS, False)

    planned = fleet.play("block_targets", "--check", **targets)
    assert planned.code == 0, planned.output
    assert fleet.blocked() == none and fleet.writes() == dict.fromkeys(METHODS, 0)

    blocked = fleet.play("block_targets", **targets)
    assert blocked.code == 0, blocked.output
    assert fleet.blocked() == every
    assert all(box.passes(INNOCENT, PUBLISHED) for box in fleet.fortigates.values())

    listed = fleet.play("list_blocks")
    assert listed.code == 0, listed.output
    assert all(one in listed.output for one in (*ATTACKERS, *METHODS))

    before = fleet.writes()
    again = fleet.play("block_targets", **targets)
    assert again.code == 0, again.output
    assert fleet.writes() == before and "changed=0" in again.output and "changed=1" not in again.output

    # A file that shrinks to nothing is refused otherwise.
    unblocked = fleet.play("unblock", everything=True, fortigate_block_allow_shrink=True)
    assert unblocked.code == 0, unblocked.output
    assert fleet.blocked() == none
