# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unblocking and expiring: what is removed, what is left to others, and that nothing that still blocks goes unnamed."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.operation import block
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim, Place
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.removal import StillBlocked, expire, unblock
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from unit.blocking.support import ADDRESS, HOST, NOW, OTHER, SERIAL, SIX, Simulated, options

METHODS = ("ban", "feed_push", "addrgrp")


def blocked(fortigate: Simulated, *targets: t.Any, **more: t.Any) -> None:
    block(options(*targets, run_id="before", **more), fortigate.context, False)
    fortigate.writes.clear()


def removed(fortigate: Simulated, *targets: t.Any, **more: t.Any) -> dict[str, str]:
    found = unblock(options(*targets, **more), fortigate.context, False)
    return {str(one["address"]): str(one["result"] or one["action"]) for one in found["steps"]}


def still(fortigate: Simulated, *targets: t.Any, **more: t.Any) -> str:
    with pytest.raises(StillBlocked) as caught:
        unblock(options(*targets, **more), fortigate.context, False)
    return str(caught.value)


def on_list(fortigate: Simulated, method: str) -> list[str]:
    return {"ban": fortigate.banned, "feed_push": fortigate.feed, "addrgrp": lambda: fortigate.members()[1:]}[method]()


@pytest.mark.parametrize("method", METHODS)
def test_what_a_run_has_blocked_is_removed_and_a_second_time_absent(fortigate: Simulated, method: str) -> None:
    blocked(fortigate, ADDRESS, OTHER, method=method)
    assert removed(fortigate, ADDRESS, method=method) == {ADDRESS: "removed"}
    assert len(on_list(fortigate, method)) == 1 and [one.address for one in fortigate.registry.find()] == [OTHER]
    assert removed(fortigate, ADDRESS, method=method) == {ADDRESS: "absent"}


def test_without_a_method_it_is_removed_from_every_list(fortigate: Simulated) -> None:
    for method in METHODS:
        blocked(fortigate, ADDRESS, method=method)
    unblock(options(ADDRESS), fortigate.context, False)
    assert [on_list(fortigate, method) for method in METHODS] == [[], [], []] and fortigate.registry.find() == []


def test_a_dry_run_removes_nothing(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS, method="feed_push")
    found = unblock(options(ADDRESS, method="feed_push"), fortigate.context, True)
    assert found["changed"] and [one["action"] for one in found["steps"]] == ["remove"]
    assert fortigate.writes == [] and fortigate.feed() == [ADDRESS] and fortigate.registry.pardons(SERIAL, HOST) == {}


def test_an_entry_of_others_needs_force(fortigate: Simulated) -> None:
    fortigate.push(ADDRESS)
    assert "set fortigate_block_force" in still(fortigate, ADDRESS, method="feed_push") and fortigate.feed() == [
        ADDRESS
    ]
    assert (
        removed(fortigate, ADDRESS, method="feed_push", force=True) == {ADDRESS: "removed"} and fortigate.feed() == []
    )


def test_a_ban_of_an_engine_needs_force(fortigate: Simulated) -> None:
    fortigate.ban(ADDRESS, source="IPS")
    assert "banned by IPS until 2026-03-01T15:30:00Z (clock of the FortiGate)" in still(
        fortigate, ADDRESS, method="ban"
    )
    assert removed(fortigate, ADDRESS, method="ban", force=True) == {ADDRESS: "removed"}


@pytest.mark.parametrize("wide", ["198.51.100.0/24", "198.51.100.1-198.51.100.9"])
def test_an_address_in_a_network_of_others_is_still_blocked(fortigate: Simulated, wide: str) -> None:
    fortigate.push(wide)
    assert f"entry {wide} blocks it" in still(fortigate, ADDRESS, method="feed_push")
    blocked(fortigate, ADDRESS, method="feed_push")
    assert f"{ADDRESS} is still blocked by feed_push soc-block in VDOM root: entry {wide} blocks it" in still(
        fortigate, ADDRESS, method="feed_push"
    )
    assert fortigate.feed() == [wide], "its own entry is removed nevertheless"


def test_another_list_that_blocks_it_is_named(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS, method="feed_push")
    fortigate.ban(ADDRESS)
    said = still(fortigate, ADDRESS, method="feed_push")
    assert f"{ADDRESS} is still blocked by ban in VDOM root" in said


def test_a_removal_that_the_fortigate_only_confirms_is_an_error(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS, method="feed_push")
    fortigate.instead["POST monitor/system/external-resource"] = '{"status": "success", "vdom": "root", "results": []}'
    assert f"{ADDRESS} could not be removed from feed_push soc-block in VDOM root" in still(
        fortigate, ADDRESS, method="feed_push"
    )
    assert [one.state for one in fortigate.registry.find()] == ["active"], "it is still our block"


def test_a_removal_whose_reply_is_lost_counts_when_it_is_read_back(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS, method="feed_push")
    fortigate.unconfirmed["POST monitor/system/external-resource"] = 500
    assert removed(fortigate, ADDRESS, method="feed_push") == {ADDRESS: "removed"}


def test_a_person_who_unblocks_is_heard_by_later_hunts(fortigate: Simulated) -> None:
    unblock(options(ADDRESS, SIX, pardon="1d"), fortigate.context, False)
    found = fortigate.registry.pardons(SERIAL, HOST)
    assert set(found) == {ADDRESS, SIX} and found[SIX].until == NOW + 86400 and found[SIX].user == "anna"
    hunted = block(options({"address": ADDRESS, "role": "attacker"}, method="feed_push"), fortigate.context, False)
    assert [one["action"] for one in hunted["steps"]] == ["pardoned"] and fortigate.feed() == []


def test_without_a_pardon_the_next_hunt_blocks_it_again(fortigate: Simulated) -> None:
    unblock(options(ADDRESS, pardon=0), fortigate.context, False)
    assert fortigate.registry.pardons(SERIAL, HOST) == {}


@pytest.mark.parametrize("given", [(), ("evil.example.com",)])
def test_nothing_is_sent_for_what_is_no_target(fortigate: Simulated, given: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        unblock(options(*given), fortigate.context, False)
    assert fortigate.reads == []


def test_everything_is_all_of_ours_and_what_is_unknown_is_named(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS, SIX, method="feed_push")
    fortigate.push(OTHER)
    found = unblock(options(everything=True, method="feed_push"), fortigate.context, False)
    assert fortigate.feed() == [OTHER] and len(found["steps"]) == 2
    assert any(f"was not removed: {OTHER}" in one for one in found["notices"])


def test_a_registry_that_knows_nothing_of_a_full_list_is_the_wrong_one(fortigate: Simulated) -> None:
    fortigate.push(ADDRESS)
    for operation in (unblock, expire):
        with pytest.raises(StillBlocked, match="fortigate_block_registry"):
            operation(options(everything=operation is unblock, method="feed_push"), fortigate.context, False)
    assert fortigate.feed() == [ADDRESS]


@pytest.mark.parametrize("later, left", [(3599, [ADDRESS, OTHER, SIX]), (3600, [OTHER, SIX]), (10**8, [SIX])])
def test_a_block_expires_at_its_end_and_a_permanent_one_never(
    fortigate: Simulated, later: float, left: list[str]
) -> None:
    wanted = [{"address": ADDRESS, "ttl": 3600}, {"address": OTHER, "ttl": "1d"}, {"address": SIX, "ttl": 0}]
    blocked(fortigate, *wanted, method="feed_push", allow_permanent=True)
    fortigate.later(later)
    found = expire(options(method="feed_push"), fortigate.context, False)
    assert fortigate.feed() == left and found["changed"] == (len(left) < 3)
    assert {one.outcome for one in fortigate.registry.history()} == ({"expired"} if len(left) < 3 else set())


def test_the_longest_of_several_runs_counts(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS, method="feed_push")
    place = Place(serial=SERIAL, host=HOST, vdom="root", method="feed_push", list="soc-block")
    fortigate.registry.attempt(
        [
            Claim(
                place=place,
                address=ADDRESS,
                run_id="longer",
                user="ben",
                claimed_at=NOW,
                expires_at=NOW + 86400,
                ttl=86400,
                state="active",
            )
        ]
    )
    fortigate.later(7200)
    expire(options(method="feed_push"), fortigate.context, False)
    assert fortigate.feed() == [ADDRESS]


def test_a_ban_that_is_there_after_its_end_belongs_to_others(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS, method="ban")
    fortigate.later(7200)
    fortigate.ban(ADDRESS)
    assert expire(options(method="ban"), fortigate.context, False)["steps"] == []
    assert fortigate.banned() == [ADDRESS] and fortigate.registry.find() == []
    assert "set fortigate_block_force" in still(fortigate, ADDRESS, method="ban")


def test_a_claim_of_an_address_that_is_gone_ends_with_the_unblock(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS, OTHER, method="feed_push")
    fortigate.state.feeds.of("root", "soc-block").entries.clear()
    assert removed(fortigate, ADDRESS, method="feed_push") == {ADDRESS: "absent"}
    assert [(one.claim.address, one.outcome) for one in fortigate.registry.history()] == [(ADDRESS, "lost")]
    assert [one.address for one in fortigate.registry.find()] == [OTHER]


def test_an_expired_address_in_a_network_of_others_is_no_problem(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS, method="feed_push")
    fortigate.push("198.51.100.0/24")
    fortigate.later(3600)
    expire(options(method="feed_push"), fortigate.context, False)
    assert fortigate.feed() == ["198.51.100.0/24"]


@pytest.mark.parametrize("token", [True, False])
def test_a_block_in_another_vdom_is_a_problem_unless_it_has_its_own_token(fortigate: Simulated, token: bool) -> None:
    place = Place(serial=SERIAL, host=HOST, vdom="guest", method="ban", list="")
    fortigate.registry.attempt(
        [
            Claim(
                place=place,
                address=ADDRESS,
                run_id="1",
                user="ben",
                claimed_at=NOW,
                expires_at=NOW + 3600,
                ttl=3600,
                state="active",
            )
        ]
    )
    said = f"{ADDRESS} is still blocked by ban, VDOM guest"
    if token:
        assert any(
            said in one
            for one in unblock(options(ADDRESS, method="ban", vdom_token=True), fortigate.context, False)["notices"]
        )
    else:
        assert said in still(fortigate, ADDRESS, method="ban")
