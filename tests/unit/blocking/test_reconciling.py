# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A FortiGate blocks what the registry says: missing blocks come back, ended ones go, and what must not be blocked is named."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.operation import block
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.reconciling import NotReconciled, reconcile
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.removal import unblock
from unit.blocking.support import ADDRESS, NOW, OTHER, SIX, Simulated, options

from support.random_fortigates import names


def blocked(fortigate: Simulated, *targets: t.Any, method: str = "feed_push", **more: t.Any) -> None:
    block(options(*targets, run_id="before", method=method, **more), fortigate.context, False)
    fortigate.writes.clear()


def reconciled(fortigate: Simulated, dry_run: bool = False, **more: t.Any) -> list[tuple[str, str]]:
    found = reconcile(options(**more), fortigate.context, dry_run)
    assert found["changed"] == bool(found["steps"])
    return [(one["address"], one["action"]) for one in found["steps"]]


def wiped(fortigate: Simulated) -> None:
    """As after the restore of a configuration without the entries."""
    fortigate.state.feeds.of("root", "soc-block").entries.clear()


@pytest.mark.parametrize("method", ["ban", "feed_push", "addrgrp"])
def test_a_fortigate_that_blocks_what_it_should_is_not_changed(fortigate: Simulated, method: str) -> None:
    blocked(fortigate, ADDRESS, SIX, method=method)
    assert reconciled(fortigate) == [] and fortigate.writes == []


def test_a_missing_block_comes_back_for_the_rest_of_its_time(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS, SIX, ticket="CHG-7")
    wiped(fortigate)
    fortigate.later(600)
    assert reconciled(fortigate) == [(ADDRESS, "restore"), (SIX, "restore")] and fortigate.feed() == [ADDRESS, SIX]
    assert {(one.expires_at, one.ticket) for one in fortigate.registry.find()} == {(NOW + 3600, "CHG-7")}
    assert reconciled(fortigate) == []


def test_a_dry_run_plans_the_same_and_writes_nothing(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS)
    wiped(fortigate)
    assert (
        reconciled(fortigate, dry_run=True) == [(ADDRESS, "restore")]
        and fortigate.writes == []
        and fortigate.feed() == []
    )


@pytest.mark.parametrize("later", [3541, 3600, 7200])
def test_a_block_that_ends_within_a_minute_is_not_restored(fortigate: Simulated, later: float) -> None:
    blocked(fortigate, ADDRESS)
    wiped(fortigate)
    fortigate.later(later)
    assert reconciled(fortigate) == [] and fortigate.feed() == []


def test_what_a_person_has_unblocked_stays_unblocked(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS)
    unblock(options(ADDRESS, method="feed_push"), fortigate.context, False)
    assert reconciled(fortigate) == [] and fortigate.feed() == []


def test_an_expired_block_is_removed(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS, SIX, ttl="1h")
    fortigate.later(3600)
    assert (
        reconciled(fortigate, method="feed_push") == [(ADDRESS, "remove"), (SIX, "remove")] and fortigate.feed() == []
    )


def test_an_object_of_an_ended_block_that_a_restored_configuration_brings_back(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS, method="addrgrp")
    backup = fortigate.state.config.backup()
    unblock(options(ADDRESS, method="addrgrp", pardon=0), fortigate.context, False)
    fortigate.state.config.restore(backup)
    assert f"blk-{ADDRESS}" in fortigate.members()
    assert reconciled(fortigate) == [(ADDRESS, "remove")] and fortigate.members() == ["blk-placeholder"]


def test_a_marked_object_that_the_registry_lost_becomes_a_claim(fortigate: Simulated) -> None:
    mark = {"subnet": f"{OTHER}/32", "comment": "run=4711 exp=2026-03-01T15:30:00Z"}
    fortigate.configure("firewall/address", {"name": f"blk-{OTHER}", **mark})
    fortigate.configure("firewall/addrgrp", {"name": "SOC-BLOCK", "member": names("blk-placeholder", f"blk-{OTHER}")})
    assert reconciled(fortigate) == [(OTHER, "adopt")]
    (claim,) = fortigate.registry.find()
    assert (claim.run_id, claim.expires_at, claim.state) == ("4711", NOW + 3600, "active")
    assert fortigate.writes == [] and reconciled(fortigate) == []


@pytest.mark.parametrize("never", [[ADDRESS], ["198.51.100.0/25"]])
def test_a_block_that_the_exclusion_list_forbids_now_is_named(fortigate: Simulated, never: list[str]) -> None:
    blocked(fortigate, ADDRESS, SIX)
    with pytest.raises(
        NotReconciled, match=f"{ADDRESS} is blocked by feed_push soc-block in VDOM root, but must not be"
    ):
        reconcile(options(never=never), fortigate.context, False)
    assert fortigate.feed() == [ADDRESS, SIX]


def test_a_missing_block_that_the_exclusion_list_forbids_now_ends(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS)
    wiped(fortigate)
    found = reconcile(options(never=[ADDRESS]), fortigate.context, False)
    assert [one["address"] for one in found["refused"]] == [ADDRESS] and fortigate.feed() == []
    assert [one.outcome for one in fortigate.registry.history(ADDRESS)] == ["refused"]


def test_a_list_that_cannot_be_written_does_not_stop_the_others(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS)
    blocked(fortigate, SIX, method="addrgrp")
    wiped(fortigate)
    fortigate.configure("firewall/addrgrp6", {"name": "SOC-BLOCK6", "member": names("blk-placeholder")})
    fortigate.instead["POST monitor/system/external-resource"] = 500
    with pytest.raises(
        NotReconciled, match=f"missing in feed_push soc-block, VDOM root on fgt-hq and could not be restored: {ADDRESS}"
    ) as caught:
        reconcile(options(), fortigate.context, False)
    assert "blk-2001_db8_bad__7" in fortigate.members("SOC-BLOCK6") and caught.value.outcome["changed"]


def test_networks_and_lists_of_other_names_come_back_where_they_were(fortigate: Simulated) -> None:
    feed = {"name": "partners", "type": "address", "update-method": "push"}
    for vdom in ("root", "guest"):
        fortigate.configure("system/external-resource", feed, vdom)
        fortigate.configure(
            "firewall/policy", {"policyid": 9001, "srcaddr": names("partners"), "srcaddr6": names("partners")}, vdom
        )
    blocked(fortigate, "198.51.100.0/24", vdoms=["guest"], feed="partners", allow_networks=True)
    fortigate.state.feeds.of("guest", "partners").entries.clear()
    assert reconciled(fortigate) == [("198.51.100.0/24", "restore")]
    assert (
        fortigate.simulator.feed("partners", "guest") == ["198.51.100.0/24"]
        and fortigate.simulator.feed("partners", "root") == []
    )


def test_a_removed_block_that_comes_back_says_why_it_goes(fortigate: Simulated) -> None:
    blocked(fortigate, ADDRESS, method="addrgrp")
    backup = fortigate.state.config.backup()
    unblock(options(ADDRESS, method="addrgrp"), fortigate.context, False)
    fortigate.state.config.restore(backup)
    (step,) = reconcile(options(), fortigate.context, True)["steps"]
    assert step["why"] == "its block by run before has ended (removed), but the address object exists again"
