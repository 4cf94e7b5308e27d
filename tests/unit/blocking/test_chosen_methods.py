# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which method a target gets, where attackers of the FortiGate itself go to a list and the others are banned."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.chosen_methods import ChosenMethods
from ansible_collections.secops.fortiview.plugins.module_utils._common.addresses import parse_never
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from unit.blocking.support import ADDRESS, HOST, OTHER, SERIAL, Simulated, options

OWN = tuple((network, "interface wan1") for network in parse_never(["203.0.113.1"]))
ATTACKER = {"address": ADDRESS, "role": "attacker", "victims": ["203.0.113.1"]}
SCANNER = {"address": OTHER, "role": "attacker", "victims": ["10.1.1.80"]}
BOTH = {"method": "ban", "local_in_method": "addrgrp", "protect_infrastructure": True, "vdoms": ["root", "guest"]}


def test_each_target_has_one_method(fortigate: Simulated) -> None:
    given = options(ATTACKER, SCANNER, **BOTH)
    chosen = ChosenMethods(given, fortigate.context)
    assert chosen.matter and chosen.local_in is not None
    chosen.choose(OWN)
    assert [one.address for one in chosen.targets_of(chosen.usual, given.targets)] == [OTHER]
    assert [one.address for one in chosen.targets_of(chosen.local_in, given.targets)] == [ADDRESS]
    assert [(one.method, one.list, one.vdom) for one in chosen.places(SERIAL, given.vdoms)] == [
        ("ban", "", "root"), ("ban", "", "guest"), ("addrgrp", "SOC-BLOCK", "root"), ("addrgrp", "SOC-BLOCK", "guest"),
    ]  # fmt: skip
    assert {(one.serial, one.host) for one in chosen.places(SERIAL, given.vdoms)} == {(SERIAL, HOST)}


def test_a_list_that_nothing_goes_to_is_not_read(fortigate: Simulated) -> None:
    chosen = ChosenMethods(options(SCANNER, **BOTH), fortigate.context)
    chosen.choose(OWN)
    assert [one.name for one in chosen.used] == ["ban"] and [one.name for one in chosen.all] == ["ban", "addrgrp"]


def test_without_known_victims_the_addresses_of_the_fortigate_do_not_matter(fortigate: Simulated) -> None:
    assert not ChosenMethods(options(ADDRESS, **BOTH), fortigate.context).matter
    plain = ChosenMethods(options(ATTACKER, method="feed_push"), fortigate.context)
    assert not plain.matter and [one.name for one in plain.all] == ["feed_push"]


def test_without_protection_the_attackers_cannot_be_told_apart(fortigate: Simulated) -> None:
    with pytest.raises(InvalidInput, match="fortigate_block_protect_infra=true"):
        ChosenMethods(options(ATTACKER, **{**BOTH, "protect_infrastructure": False}), fortigate.context)
