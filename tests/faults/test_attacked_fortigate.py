# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Offenders that attack the FortiGate itself: a ban says that it does not stop them."""

from __future__ import annotations

import typing as t

import pytest

from simulators.fortigate import FortiGate, ManualClock
from support.hosts import PREPARED, Blocking

BRUTE, SCANNER, PORTAL, VIP, SERVER = "198.51.100.7", "198.51.100.8", "203.0.113.1", "203.0.113.10", "172.16.1.10"


def offender(address: str, *victims: str) -> dict[str, t.Any]:
    return {"address": address, "role": "attacker", "side": "source", "victims": list(victims)}


@pytest.fixture
def run(tmp_path: t.Any) -> t.Iterator[Blocking]:
    clock = ManualClock(1762862400.0)
    with FortiGate(clock=clock) as box:
        box.switches.update({**PREPARED, "with_local_in": True})
        found = Blocking(tmp_path, clock)
        found.fortigates = {"fgt-hq": box}
        yield found


@pytest.mark.parametrize(
    "victim, said", [(PORTAL, "interface wan1 (203.0.113.1)"), (VIP, "virtual IP vip-web (203.0.113.10)")]
)
def test_a_ban_says_that_it_does_not_stop_this(run: Blocking, victim: str, said: str) -> None:
    targets = [offender(BRUTE, "10.1.1.20", f"::ffff:{victim}"), offender(SCANNER, SERVER)]
    result = run.block("fgt-hq", targets)
    steps = {one["address"]: one for one in result["steps"]}
    assert said in steps[BRUTE]["why"] and "a ban does not stop" in steps[BRUTE]["why"] and steps[SCANNER]["why"] == ""
    assert victim in " ".join(steps[BRUTE]["victims"])
    (notice,) = [one for one in result["notices"] if "a ban does not stop" in one]
    assert BRUTE in notice and "fortigate_block_local_in" in notice and "feed_push" in notice
    assert run.fortigates["fgt-hq"].passes(BRUTE, PORTAL, to_box=True), "so it is as the notice says"


@pytest.mark.parametrize("method", ["feed_push", "addrgrp"])
def test_lists_with_local_in_stop_it(run: Blocking, method: str) -> None:
    everything = {"dstaddr": [{"name": "all"}], "service": [{"name": "ALL"}], "schedule": "always", "action": "deny"}
    group = {"policyid": 9003, "intf": [{"name": "any"}], "srcaddr": [{"name": "SOC-BLOCK"}], **everything}
    run.fortigates["fgt-hq"].configure("firewall/local-in-policy", [group])
    result = run.block("fgt-hq", [offender(BRUTE, PORTAL)], method=method)
    assert not any("does not stop" in one for one in [*result["notices"], result["steps"][0]["why"]])
    assert not run.fortigates["fgt-hq"].passes(BRUTE, PORTAL, to_box=True)


def test_victims_of_the_same_address_are_joined(run: Blocking) -> None:
    result = run.block("fgt-hq", [offender(BRUTE, SERVER), offender(BRUTE, PORTAL, "no address")], check_mode=True)
    assert result["steps"][0]["victims"] == [SERVER, PORTAL]
