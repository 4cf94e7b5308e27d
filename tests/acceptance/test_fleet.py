# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks on a fleet of which one FortiGate is off, and the plan of a run as a person reads it."""

from __future__ import annotations

import socket
import typing as t
from contextlib import ExitStack

import pytest

from simulators.fortigate import FortiGate
from support.playbook_fleet import PlaybookFleet
from support.playbooks import Controller

NAMES = ("fgt-hq", "fgt-branch", "fgt-lab")
ATTACKER, PUBLISHED = "203.0.114.77", "203.0.113.10"
# What a terminal shows at once.
SCREEN = 60


class Fleet(PlaybookFleet):
    def passes(self) -> list[bool]:
        return [box.passes(ATTACKER, PUBLISHED) for box in self.fortigates.values()]


@pytest.fixture
def fleet(controller: Controller) -> t.Iterator[Fleet]:
    with ExitStack() as stack:
        boxes = {name: stack.enter_context(FortiGate(serial=f"FGT-{name}", hostname=name)) for name in NAMES}
        for box in boxes.values():
            box.switches.update({"with_feed": True, "with_policies": True})
        yield Fleet(controller, boxes)


@pytest.fixture
def nobody() -> t.Iterator[int]:
    """A port on which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield int(bound.getsockname()[1])


def test_one_that_is_off_stops_no_unblocking_and_no_expiry(fleet: Fleet, nobody: int) -> None:
    target = {"fortigate_block_targets": [ATTACKER], "fortigate_block_method": "feed_push"}
    blocked = fleet.play("block_targets", **target)
    assert blocked.code == 0, blocked.output
    assert fleet.passes() == [False, False, False]

    # The first one, with which blocking would begin.
    fleet.off["fgt-hq"] = nobody
    listed = fleet.play("list_blocks")
    assert (
        listed.code != 0
        and "1 of 3 FortiGates could not be read. Check the following, and run the playbook again: fgt-hq"
        in listed.flat
    )
    assert ATTACKER in listed.output

    expired = fleet.play("reconcile_blocks", "--check", fortigate_block_expired_by="2999-01-01T00:00:00Z")
    assert expired.code != 0 and "1 of 3 FortiGates failed: fgt-hq" in expired.flat
    assert "fgt-branch, fgt-lab" in expired.flat

    unblocked = fleet.play("unblock", fortigate_block_targets=[ATTACKER])
    assert unblocked.code != 0 and "1 of 3 FortiGates failed: fgt-hq" in unblocked.flat
    assert fleet.passes() == [False, True, True]

    del fleet.off["fgt-hq"]
    again = fleet.play("unblock", fortigate_block_targets=[ATTACKER])
    assert again.code == 0, again.output
    assert fleet.passes() == [True, True, True]


def test_reconcile_blocks_again_what_is_missing(fleet: Fleet, nobody: int) -> None:
    blocked = fleet.play("block_targets", fortigate_block_targets=[ATTACKER], fortigate_block_ttl="4h")
    assert blocked.code == 0, blocked.output
    fleet.fortigates["fgt-branch"].reboot()
    assert fleet.passes() == [False, True, False]

    planned = fleet.play("reconcile_blocks", "--check")
    assert planned.code == 0 and "restore" in planned.output and fleet.passes() == [False, True, False]

    # The first one, with which blocking would begin.
    fleet.off["fgt-hq"] = nobody
    reconciled = fleet.play("reconcile_blocks")
    assert reconciled.code != 0 and "1 of 3 FortiGates failed: fgt-hq" in reconciled.flat
    assert "it was missing" in reconciled.flat and fleet.passes() == [False, False, False]

    del fleet.off["fgt-hq"]
    writes = [len(one.writes) for one in fleet.fortigates.values()]
    again = fleet.play("reconcile_blocks")
    assert again.code == 0 and "Nothing to do." in again.output, again.output
    assert [len(one.writes) for one in fleet.fortigates.values()] == writes


def test_adopt_takes_what_nobody_knows(fleet: Fleet) -> None:
    target = {"fortigate_block_targets": [ATTACKER], "fortigate_block_method": "feed_push"}
    assert fleet.play("block_targets", **target).code == 0
    elsewhere = {"fortigate_block_registry": str(fleet.controller.folder / "new.sqlite")}
    lost = fleet.play("reconcile_blocks", **elsewhere)
    assert lost.code != 0 and "3 of 3 FortiGates failed" in lost.flat and ATTACKER in lost.flat
    adopted = fleet.play("adopt_blocks", everything=True, **elsewhere)
    assert adopted.code == 0 and "adopted" in adopted.output, adopted.output
    assert fleet.play("reconcile_blocks", **elsewhere).code == 0
    assert fleet.play("unblock", everything=True, **elsewhere).code == 0
    assert fleet.passes() == [True, True, True]


def test_one_that_is_off_is_no_block_on_the_others(fleet: Fleet, nobody: int) -> None:
    fleet.off["fgt-lab"] = nobody
    run = fleet.play("block_targets", fortigate_block_targets=[ATTACKER])
    assert run.code != 0 and "fgt-lab" in run.flat
    assert fleet.passes() == [True, True, True]


def test_twelve_targets_of_different_kinds_are_one_screen(fleet: Fleet) -> None:
    _hq, branch, _lab = fleet.fortigates.values()
    branch.configure("vpn.ipsec/phase1-interface", [{"name": "to-partner", "remote-gw": "203.0.114.42"}])
    for box in fleet.fortigates.values():
        box.switches.update(
            {
                "internet_services": {
                    "203.0.114.50/32": [{"id": 1, "name": "Amazon-AWS", "reputation": 3}],
                    "203.0.114.51/32": [{"id": 2, "name": "Botnet-C&C.Server", "reputation": 1, "botnet_id": 7}],
                    "203.0.114.52/32": [{"id": 3, "name": "Microsoft-Office365", "reputation": 5}],
                }
            }
        )
        box.seed_bans([{"ip_address": "203.0.114.60", "source": "IPS"}])
    fleet.play("block_targets", fortigate_block_targets=["203.0.114.61", "203.0.114.62"])
    fleet.play("unblock", fortigate_block_targets=["203.0.114.62"])

    def found(address: str, **more: t.Any) -> dict[str, t.Any]:
        return {"address": address, "role": "attacker", "side": "source", "reasons": ["12 incidents"], **more}

    targets = [
        found(ATTACKER, threats=["SSH.Brute.Force"]),
        found("203.0.114.61"),
        found("203.0.114.62"),
        found("203.0.114.60"),
        found("203.0.114.42"),
        found("203.0.114.50"),
        found("203.0.114.51", threats=["Mirai"]),
        found("203.0.114.52"),
        found("192.0.2.130"),
        found("8.8.8.8"),
        found("10.1.1.20"),
        found("203.0.114.66", side="destination"),
    ]
    run = fleet.play("block_targets", "--check", fortigate_block_targets=targets, fortigate_block_on_protected="skip")
    assert run.code == 0, run.output
    table = run.output[run.output.index("Plan: nothing was written") : run.output.index("PLAY RECAP")]
    assert len([line for line in table.splitlines() if line.strip()]) <= SCREEN
    for words in (
        "remote gateway of to-partner",
        "Amazon-AWS",
        "Microsoft-Office365",
        "Google Public DNS",
        "exclusion list",
        "private address",
        "unblocked it at",
        "banned by IPS",
        "a ban does not stop traffic to a destination",
    ):
        assert words in run.flat, words
