# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entries that no run is known to have made become blocks of this run, on request."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.adopting import NotAdopted, adopt
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from unit.blocking.support import ADDRESS, NOW, OTHER, SIX, Simulated, options


def adopted(fortigate: Simulated, *targets: t.Any, dry_run: bool = False, **more: t.Any) -> dict[str, str]:
    """The action for each address. Nothing is ever written to the FortiGate."""
    found = adopt(options(*targets, **more), fortigate.context, dry_run)
    assert fortigate.writes == []
    return {f"{one['method']} {one['address']}": one["action"] for one in found["steps"]}


def claims(fortigate: Simulated) -> dict[str, Claim]:
    return {one.address: one for one in fortigate.registry.find()}


def test_an_entry_of_a_list_gets_the_time_of_the_run(fortigate: Simulated) -> None:
    fortigate.push(ADDRESS, OTHER)
    assert adopted(fortigate, ADDRESS, method="feed_push", ttl="2h", ticket="CHG-7") == {
        f"feed_push {ADDRESS}": "adopt"
    }
    (claim,) = claims(fortigate).values()
    assert (claim.address, claim.state, claim.expires_at, claim.ticket) == (ADDRESS, "active", NOW + 7200, "CHG-7")
    assert adopted(fortigate, ADDRESS, method="feed_push") == {f"feed_push {ADDRESS}": "keep"}
    assert claims(fortigate)[ADDRESS].expires_at == NOW + 7200, "a second run changes nothing"


def test_a_ban_keeps_its_end_and_a_permanent_one_stays_permanent(fortigate: Simulated) -> None:
    fortigate.ban(ADDRESS, seconds=600)
    fortigate.ban(OTHER, seconds=0)
    adopted(fortigate, ADDRESS, OTHER, method="ban", ttl="2h")
    found = claims(fortigate)
    assert (found[ADDRESS].expires_at, found[ADDRESS].ttl) == (NOW + 600, 600)
    assert (found[OTHER].expires_at, found[OTHER].ttl) == (None, 0)


def test_a_ban_of_an_engine_is_not_ours(fortigate: Simulated) -> None:
    fortigate.ban(ADDRESS, source="IPS")
    assert adopted(fortigate, ADDRESS, method="ban") == {f"ban {ADDRESS}": "banned by the FortiGate"}
    assert adopted(fortigate, everything=True, method="ban") == {} and claims(fortigate) == {}


def test_everything_is_all_that_is_unknown_on_every_list(fortigate: Simulated) -> None:
    fortigate.push(SIX, ADDRESS)
    fortigate.ban(OTHER)
    assert adopted(fortigate, everything=True) == {
        f"feed_push {ADDRESS}": "adopt",
        f"feed_push {SIX}": "adopt",
        f"ban {OTHER}": "adopt",
    }
    assert set(claims(fortigate)) == {ADDRESS, OTHER, SIX} and adopted(fortigate, everything=True) == {}


def test_an_address_on_no_list_is_absent(fortigate: Simulated) -> None:
    assert (
        adopted(fortigate, ADDRESS, method="feed_push") == {f"feed_push {ADDRESS}": "absent"}
        and claims(fortigate) == {}
    )


def test_a_dry_run_records_nothing(fortigate: Simulated, tmp_path: pathlib.Path) -> None:
    fortigate.push(ADDRESS)
    log = tmp_path / "audit.jsonl"
    assert adopted(fortigate, ADDRESS, method="feed_push", dry_run=True, audit_log=str(log)) == {
        f"feed_push {ADDRESS}": "adopt"
    }
    assert claims(fortigate) == {} and not log.exists()
    adopted(fortigate, ADDRESS, method="feed_push", audit_log=str(log))
    assert json.loads(log.read_text())["result"] == "adopted"


@pytest.mark.parametrize("given", [{}, {"everything": True, "targets": [ADDRESS]}])
def test_targets_or_everything(fortigate: Simulated, given: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidInput, match="either targets"):
        adopt(options(**given), fortigate.context, False)
    assert fortigate.reads == []


def test_a_list_that_cannot_be_read_fails_and_the_others_are_adopted(fortigate: Simulated) -> None:
    fortigate.ban(ADDRESS)
    fortigate.instead["GET cmdb/firewall/addrgrp"] = 500
    with pytest.raises(NotAdopted, match="HTTP 500") as caught:
        adopt(options(everything=True), fortigate.context, False)
    assert caught.value.outcome["changed"] and set(claims(fortigate)) == {ADDRESS}


def test_a_permanent_block_is_adopted_without_an_end(fortigate: Simulated) -> None:
    fortigate.push(ADDRESS)
    adopted(fortigate, {"address": ADDRESS, "ttl": 0}, method="feed_push", allow_permanent=True)
    assert (claims(fortigate)[ADDRESS].expires_at, claims(fortigate)[ADDRESS].ttl) == (None, 0)
