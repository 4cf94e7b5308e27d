# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether an address needs a decision: never "no" where something is not known."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight.block_state import BlockState, BlockStates
from ansible_collections.secops.fortiview.plugins.module_utils._insight.effect import NOTHING, STOPPED, THROUGH, UNKNOWN

ADDRESS = "198.51.100.7"
Data = dict[str, t.Any]


def block(state: str = "blocked", address: str = ADDRESS, **more: t.Any) -> Data:
    known = {"places": ["fgt/root"], "fortigates": ["fgt"], "serials": ["S1"], "methods": ["feed_push"]}
    return {"address": address, "state": state, **known, **more}


def effect(state: str = STOPPED, address: str = ADDRESS, **more: t.Any) -> Data:
    known = {"blocked": 3, "detected": 0, "fortigates": ["fgt"], "methods": ["feed_push"]}
    return {"address": address, "state": state, **known, **more}


def of(
    *blocks: Data, effects: t.Optional[t.Sequence[Data]] = None, address: str = ADDRESS, **seen: t.Any
) -> BlockState:
    audit = {"addresses": list(blocks)} if blocks else None
    return BlockStates(audit, None if effects is None else {"rows": list(effects)}).of(address, **seen)


def test_without_any_data_nothing_is_known() -> None:
    assert of() == BlockState("not known: no audit log was read", "", False)


def test_a_block_settles_it_only_where_the_address_was_seen() -> None:
    assert of(block(), devices=["S1"]) == BlockState("blocked on fgt", "", True, held=True)
    assert of(block(), devices=["S1", "S2"]) == BlockState("blocked on fgt; not on S2", "", False, held=True)
    assert not of(block()).settled


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("ended", "block expired"),
        ("undone", "rolled back"),
        ("refused", "refused"),
        ("unblocked", "unblocked"),
        ("untouched", "not changed"),
    ],
)
def test_other_ends_settle_nothing(state: str, text: str) -> None:
    assert of(block(state), devices=["S1"]) == BlockState(text, "", False, refused=state == "refused")


def test_a_failure_settles_nothing_also_where_another_fortigate_has_it() -> None:
    found = of(block(), block("failed", fortigates=["lab"]), devices=["S1"])
    assert (found.text, found.settled) == ("blocked on fgt; failed on lab", False)


def test_a_ban_does_not_hold_what_is_contacted() -> None:
    ban = block(methods=["ban"])
    assert of(ban, devices=["S1"]).settled and not of(ban, devices=["S1"], contacted=True).settled
    assert not of(ban, effects=[effect(methods=["ban"])], devices=["S1"], contacted=True).settled


def test_what_fortiview_saw_decides() -> None:
    assert of(effects=[effect(STOPPED)]) == BlockState("blocked on fgt", "3 stopped, 0 got through", True, held=True)
    assert of(effects=[effect(NOTHING, blocked=0)]).settled
    for state in (THROUGH, UNKNOWN):
        assert not of(effects=[effect(STOPPED), effect(state)]).settled
    assert "gets through" in of(block(), effects=[effect(THROUGH)], devices=["S1"]).text
    assert not of(block(), effects=[effect(THROUGH)], devices=["S1"]).settled


def test_a_counter_that_fortiview_does_not_have_is_not_0() -> None:
    assert of(effects=[effect(UNKNOWN, blocked=None, detected=None)]).since == ""
    assert of(effects=[effect(blocked=2, detected=None), effect(blocked=1, detected=None)]).since == "3 stopped"


def test_a_block_of_a_network_is_a_block_of_its_addresses_alone() -> None:
    wide = block(address="198.51.100.0/24")
    assert of(wide, devices=["S1"]).settled
    for other in ("198.51.101.7", "2001:db8::7", "host.example.com"):
        assert of(wide, address=other).text == "not blocked by us"
    assert of(block(address="2001:db8::/64"), address="2001:db8::7", devices=["S1"]).settled


def test_an_address_that_only_the_effect_knows_without_a_fortigate() -> None:
    assert of(effects=[effect(UNKNOWN, fortigates=[])]).text == "not known"
    assert of(effects=[]).text == "not blocked by us"
