# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Attackers of the FortiGate itself, whom a ban does not stop."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import attacked
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.planning import (
    ADD,
    ENGINE,
    KEEP,
    NOT_SEEN,
    Step,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import Target, parse_targets
from ansible_collections.secops.fortiview.plugins.module_utils._common.addresses import parse_never
from unit.blocking.support import ADDRESS, SIX

OWN = tuple(
    (network, reason)
    for text, reason in (
        ("203.0.113.1", "interface wan1"),
        ("2001:db8:1::1", "interface wan1"),
        ("203.0.113.8/30", "virtual IP vip-web"),
    )
    for network in parse_never([text])
)


def target(*victims: str, address: str = ADDRESS) -> Target:
    (found,) = parse_targets([{"address": address, "role": "attacker", "victims": list(victims)}])
    return found


@pytest.mark.parametrize(
    "victim, reason",
    [
        ("203.0.113.1", "interface wan1 (203.0.113.1)"),
        ("::ffff:203.0.113.1", "interface wan1 (203.0.113.1)"),
        ("2001:DB8:1::1", "interface wan1 (2001:db8:1::1)"),
        ("203.0.113.10", "virtual IP vip-web (203.0.113.10)"),
    ],
)
def test_its_own_addresses_are_found_in_any_spelling(victim: str, reason: str) -> None:
    assert attacked.own_victims(target("10.1.1.1", victim, victim), OWN) == [reason]


@pytest.mark.parametrize("victims", [(), ("203.0.113.2",), ("10.1.1.1", "2001:db8:1::2")])
def test_a_victim_behind_the_fortigate_is_none_of_them(victims: tuple[str, ...]) -> None:
    assert attacked.own_victims(target(*victims), OWN) == []
    assert attacked.attackers([target(*victims)], OWN) == frozenset()


def test_only_the_attackers_are_separated() -> None:
    wanted = [target("203.0.113.1"), target("10.1.1.1", address=SIX)]
    assert attacked.attackers(wanted, OWN) == {ADDRESS}
    assert attacked.attackers(wanted, ()) == frozenset(), "the addresses of the FortiGate are not known"


@pytest.mark.parametrize("action", [ADD, KEEP])
def test_a_plan_says_that_a_ban_does_not_help(action: str) -> None:
    step = Step(action, ADDRESS, "root", target("203.0.113.1"), why="2 incidents", method="ban")
    said = attacked.explained(step, OWN).why
    assert said.startswith("2 incidents; it attacked interface wan1") and said.endswith("and a ban does not stop this")
    (notice,) = attacked.notices([step, Step(action, SIX, "root", target("10.1.1.1", address=SIX), method="ban")], OWN)
    assert ADDRESS in notice and "fortigate_block_local_in_method" in notice


def test_a_list_that_a_local_in_policy_denies_is_no_problem() -> None:
    step = Step(ADD, ADDRESS, "root", target("203.0.113.1"), method="feed_push")
    assert attacked.explained(step, OWN).why.startswith(
        "feed_push instead of a ban, because it attacked interface wan1"
    )
    assert attacked.notices([step], OWN) == []


@pytest.mark.parametrize("action", [ENGINE, NOT_SEEN])
def test_nothing_is_said_where_nothing_is_blocked(action: str) -> None:
    step = Step(action, ADDRESS, "root", target("203.0.113.1"), method="ban")
    assert attacked.explained(step, OWN) == step and attacked.notices([step], OWN) == []
