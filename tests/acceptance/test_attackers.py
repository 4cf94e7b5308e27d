# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Offenders that a hunt has seen attacking a FortiGate itself go on a list that a local-in policy denies; the others are banned."""

from __future__ import annotations

import json
import typing as t
from contextlib import ExitStack

import pytest

from simulators.fortigate import FortiGate
from support.fortigates import inventory
from support.playbooks import Controller, Run

# The hunt finds an attacker of this address. On one FortiGate it is an interface with a login page.
ATTACKED, PUBLISHED = "10.1.100.11", "203.0.113.10"


class Site:
    def __init__(self, controller: Controller, hq: FortiGate, branch: FortiGate) -> None:
        self.controller = controller
        self.hq = hq
        self.branch = branch

    def play(self, name: str, *arguments: str, **given: t.Any) -> Run:
        place = self.controller.write("inventory.yml", inventory({"fgt-hq": self.hq, "fgt-branch": self.branch}))
        variables = {
            "fortigate_block_registry": str(self.controller.folder / "blocks.sqlite"),
            "fortigate_block_never_extra": [],
            "fortigate_block_verify_delay": 0,
            **given,
        }
        return self.controller.playbook(
            f"secops.fortiview.{name}", "-i", str(place), "-e", json.dumps(variables), *arguments
        )


@pytest.fixture
def site(controller: Controller) -> t.Iterator[Site]:
    with ExitStack() as stack:
        hq, branch = (stack.enter_context(FortiGate(serial=f"FGT-{name}", hostname=name)) for name in ("hq", "branch"))
        hq.configure("system/interface", [{"name": "portal", "vdom": "root", "ip": f"{ATTACKED} 255.255.255.0"}])
        yield Site(controller, hq, branch)
        assert hq.check() == branch.check() == []


def test_attackers_of_the_fortigate_are_blocked_where_they_attack(site: Site) -> None:
    """By a feed; tests/component/test_attacked_fortigate.py has the group too."""
    method = "feed_push"
    hunt = {"last": "6h", "fortigate_block_local_in_method": method}
    refused = site.play("block_offenders", **hunt)
    assert refused.code != 0 and site.hq.writes == site.branch.writes == []

    made = site.play("bootstrap_policies", fortigate_block_local_in_method=method)
    assert made.code == 0, made.output
    blocked = site.play("block_offenders", "-v", **hunt)
    assert blocked.code == 0, blocked.output
    steps = {
        host: {
            one["address"]: one
            for one in blocked.of("secops.fortiview.fortigate_block : Block the targets", host)["steps"]
        }
        for host in ("fgt-hq", "fgt-branch")
    }
    attackers = [address for address, one in steps["fgt-hq"].items() if ATTACKED in one.get("victims", ())]
    others = [address for address in steps["fgt-hq"] if address not in attackers]
    assert attackers and others and {one["result"] for found in steps.values() for one in found.values()} == {"blocked"}
    assert {steps["fgt-hq"][one]["method"] for one in attackers} == {method}
    assert {steps["fgt-hq"][one]["method"] for one in others} == {"ban"}
    assert {one["method"] for one in steps["fgt-branch"].values()} == {"ban"}, "nobody attacked this one"
    assert (
        f"{method} instead of a ban, because it attacked interface portal ({ATTACKED}) of the FortiGate itself"
        in blocked.flat
    )

    # The packet check says whether the FortiGate itself still answers.
    assert not [one for one in attackers if site.hq.passes(one, ATTACKED, to_fortigate=True)]
    assert [one for one in attackers if site.branch.passes(one, PUBLISHED)] == []
    assert all(site.hq.passes(one, ATTACKED, to_fortigate=True) for one in others if "." in one), (
        "a ban does not stop it"
    )
    assert not [one for one in (*attackers, *others) if "." in one and site.hq.passes(one, PUBLISHED)]

    mark = len(site.hq.writes) + len(site.branch.writes)
    again = site.play("block_offenders", **hunt)
    assert again.code == 0 and len(site.hq.writes) + len(site.branch.writes) == mark, again.output
    lifted = site.play("unblock", everything=True, fortigate_block_method="ban", fortigate_block_local_in_method=method)
    assert lifted.code == 0 and site.hq.passes(attackers[0], ATTACKED, to_fortigate=True), lifted.output
