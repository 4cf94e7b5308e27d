# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Address objects in a group: which members are ours, which block all the same, and what a roll back leaves."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.address_group import AddressGroup
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.base import Reading, Wish, Writes
from unit.blocking.support import ADDRESS, OTHER, SIX, Simulated

from support.random_fortigates import names

GROUP = AddressGroup("SOC-BLOCK", "SOC-BLOCK6")
OURS, WISH = "run=run exp=2026-03-01T15:30:00Z", Wish(ADDRESS, 3600, "run=run exp=2026-03-01T15:30:00Z")
ADDRESSES, GROUPS = "firewall/address", "firewall/addrgrp"


def put(fortigate: Simulated, name: str, member: bool = True, **more: t.Any) -> None:
    """An object of another administrator, and whether the group has it."""
    fortigate.configure(ADDRESSES, {"name": name, **more})
    if member:
        fortigate.configure(GROUPS, {"name": "SOC-BLOCK", "member": names(*fortigate.members(), name)})


def objects(fortigate: Simulated) -> list[str]:
    return [one["name"] for one in fortigate.simulator.objects(ADDRESSES, "root")]


def test_an_entry_has_its_run_and_end_from_its_comment(fortigate: Simulated) -> None:
    GROUP.change(fortigate.vdom, Reading({}), Writes(add=(WISH, Wish(SIX, 0, "run=run exp=never")))).write()
    found = GROUP.read(fortigate.vdom).entries
    assert (found[ADDRESS].run_id, found[ADDRESS].expires_at, found[ADDRESS].active) == ("run", 1772379000.0, True)
    assert found[SIX].expires_at is None and fortigate.members("SOC-BLOCK6") == [
        "blk-placeholder",
        "blk-2001_db8_bad__7",
    ]


def test_an_object_outside_of_the_group_blocks_nothing(fortigate: Simulated) -> None:
    put(fortigate, f"blk-{ADDRESS}", member=False, subnet=f"{ADDRESS}/32", comment=OURS)
    found = GROUP.read(fortigate.vdom)
    assert ADDRESS in found.entries and found.active == {}


def test_members_of_others_block_too_as_far_as_their_addresses_are_known(fortigate: Simulated) -> None:
    put(fortigate, "office", subnet="192.0.2.64/26")
    put(fortigate, "span", type="iprange", **{"start-ip": "203.0.113.70", "end-ip": "203.0.113.79"})
    put(fortigate, "country", type="geography", country="XX")
    found = GROUP.read(fortigate.vdom)
    assert [one.text for one in found.holding("192.0.2.77")] == ["office"] and found.undecided == ("country",)
    around = found.around(OTHER)
    assert around is not None and around.text == "span"
    assert found.entries == {} and found.around("192.0.2.1") is None


@pytest.mark.parametrize("name", [f"blk-{ADDRESS}", "blk-198.51.100.0-24"])
def test_a_name_of_ours_with_another_address_is_an_error(fortigate: Simulated, name: str) -> None:
    """An unblock would remove a block of another address."""
    put(fortigate, name, subnet="192.0.2.77/32")
    with pytest.raises(FortiGateError, match="does not have the address that is in its name"):
        GROUP.read(fortigate.vdom)


def test_other_names_that_begin_like_ours_are_left_alone(fortigate: Simulated) -> None:
    put(fortigate, "blk-partner", subnet="192.0.2.77/32")
    found = GROUP.read(fortigate.vdom)
    assert found.taken == {"blk-partner"} and found.entries == {}


def test_without_a_group_the_cure_is_named(fortigate: Simulated) -> None:
    del fortigate.state.config.objects(GROUPS, "root")["SOC-BLOCK"]
    assert set(GROUP.read(fortigate.vdom).groups) == {6}, "a run without IPv4 needs no group for it"
    del fortigate.state.config.objects(f"{GROUPS}6", "root")["SOC-BLOCK6"]
    with pytest.raises(FortiGateError, match=r"there is no group SOC-BLOCK\..*bootstrap"):
        GROUP.read(fortigate.vdom)


def test_members_that_another_job_adds_meanwhile_stay(fortigate: Simulated) -> None:
    change = GROUP.change(fortigate.vdom, GROUP.read(fortigate.vdom), Writes(add=(WISH,)))
    put(fortigate, "late", subnet="192.0.2.77/32")
    change.write()
    assert fortigate.members() == ["blk-placeholder", "late", f"blk-{ADDRESS}"]
    change.undo()
    assert fortigate.members() == ["blk-placeholder", "late"] and f"blk-{ADDRESS}" not in objects(fortigate)


def test_an_object_that_another_job_creates_meanwhile_is_not_rolled_back(fortigate: Simulated) -> None:
    change = GROUP.change(fortigate.vdom, GROUP.read(fortigate.vdom), Writes(add=(WISH,)))
    put(fortigate, f"blk-{ADDRESS}", member=False, subnet=f"{ADDRESS}/32", comment="run=other exp=never")
    change.write()
    change.undo()
    assert f"blk-{ADDRESS}" in fortigate.members() and change.left(GROUP.read(fortigate.vdom)) == []


def test_an_extension_is_believed_when_the_comment_is_there(fortigate: Simulated) -> None:
    GROUP.change(fortigate.vdom, Reading({}), Writes(add=(WISH,))).write()
    before = GROUP.read(fortigate.vdom)
    later = WISH._replace(comment="run=next exp=2026-03-02T15:30:00Z")
    change = GROUP.change(fortigate.vdom, before, Writes(extend=(later,)))
    assert change.missing_in(before) == [ADDRESS]
    change.write()
    assert change.missing_in(GROUP.read(fortigate.vdom)) == []
    change.undo()
    assert GROUP.read(fortigate.vdom).entries[ADDRESS].comment == OURS


def test_an_object_that_a_policy_uses_leaves_the_group_and_loses_our_mark(fortigate: Simulated) -> None:
    GROUP.change(fortigate.vdom, Reading({}), Writes(add=(WISH,))).write()
    fortigate.configure("firewall/policy", {"policyid": 1, "srcaddr": names(f"blk-{ADDRESS}")})
    change = GROUP.change(fortigate.vdom, GROUP.read(fortigate.vdom), Writes(remove=(ADDRESS,)))
    change.write()
    now = GROUP.read(fortigate.vdom)
    assert change.missing_in(now) == [] and now.active == {} and now.entries[ADDRESS].run_id == ""
    assert "still in use" in now.entries[ADDRESS].comment


def test_what_is_removed_already_is_no_error(fortigate: Simulated) -> None:
    GROUP.change(fortigate.vdom, Reading({}), Writes(add=(WISH,))).write()
    change = GROUP.change(fortigate.vdom, GROUP.read(fortigate.vdom), Writes(remove=(ADDRESS,)))
    change.write()
    change.write()
    assert fortigate.members() == ["blk-placeholder"] and f"blk-{ADDRESS}" not in objects(fortigate)
