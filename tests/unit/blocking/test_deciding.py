# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the targets of a run to what it has to do on one FortiGate. Nothing is written."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.deciding import Decision
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim, Place, Repeat
from unit.blocking.support import ADDRESS, HOST, NOW, OTHER, SERIAL, SIX, Simulated, options

HUNTED = {"address": ADDRESS, "role": "attacker"}


def decided(fortigate: Simulated, *targets: t.Any, dry_run: bool = False, **more: t.Any) -> Decision:
    decision = Decision(options(*(targets or [ADDRESS]), **{"method": "feed_push", **more}), fortigate.context, dry_run)
    decision.judge()
    decision.plan()
    assert fortigate.writes == []
    return decision


def actions(decision: Decision) -> list[tuple[str, str, str]]:
    return [(one.address, one.vdom, one.action) for one in decision.steps]


def test_a_step_for_each_target_in_each_vdom(fortigate: Simulated) -> None:
    fortigate.push(SIX, vdom="guest")
    decision = decided(fortigate, ADDRESS, SIX, vdoms=["root", "guest"])
    assert actions(decision) == [
        (ADDRESS, "root", "add"), (SIX, "root", "add"), (ADDRESS, "guest", "add"), (SIX, "guest", "keep"),
    ]  # fmt: skip
    assert decision.has_work and decision.why_not_in_force() == decision.why_over_limits() == ""
    assert [[one.address for one in decision.changing(look)] for look in decision.looks] == [[ADDRESS, SIX], [ADDRESS]]


def test_a_protected_address_is_refused_once_the_fortigate_was_read(fortigate: Simulated) -> None:
    """The dependencies are read only where something would be written."""
    decision = decided(
        fortigate, ADDRESS, "203.0.113.1", protect_infrastructure=True, on_unresolved="skip", on_protected="skip"
    )
    assert actions(decision) == [(ADDRESS, "root", "add")]
    (refused,) = decision.judged.refused
    assert refused.why == (f"protected: interface wan1 on {HOST}",)
    fortigate.push(ADDRESS)
    fortigate.later(3600)
    fortigate.reads.clear()
    decided(fortigate, protect_infrastructure=True)
    assert "cmdb/system/interface" not in fortigate.reads


def test_an_address_with_an_earlier_block_gets_the_next_step(fortigate: Simulated) -> None:
    fortigate.registry.repeat(
        [Repeat(address=ADDRESS, step=1, blocked_until=NOW - 600, blocked_before=None, run_id="earlier")]
    )
    decision = decided(fortigate, ADDRESS, SIX, ttl=["1h", "1d", "7d"])
    assert [(one.address, one.ttl) for one in decision.steps] == [(ADDRESS, 86400), (SIX, 3600)]
    assert "step 2 of 3" in decision.steps[0].why
    assert [one.ttl for one in decided(fortigate, {"address": ADDRESS, "ttl": 600}, ttl=["1h", "1d"]).steps] == [600]


def test_an_address_of_a_shared_service_is_refused_by_its_name(fortigate: Simulated) -> None:
    service = [{"id": 1, "name": "Microsoft-Office365"}]
    fortigate.state.switches.update({"internet_services": {f"{ADDRESS}/32": service}})
    decision = decided(fortigate, ADDRESS, SIX)
    assert "Microsoft-Office365" in decision.judged.verdict and [one[0] for one in actions(decision)] == [SIX]
    assert decided(fortigate, shared_infrastructure=False).judged.verdict == ""


def test_a_hosting_cloud_is_blocked_for_a_day_at_most(fortigate: Simulated) -> None:
    service = [{"id": 1, "name": "OVHcloud-OVHcloud"}]
    fortigate.state.switches.update({"internet_services": {f"{ADDRESS}/32": service}})
    decision = decided(fortigate, ttl="7d")
    assert [one.ttl for one in decision.steps] == [86400] and any("hosting cloud" in one for one in decision.notices)


def test_a_full_list_is_not_made_fuller(fortigate: Simulated) -> None:
    decision = decided(fortigate, ADDRESS, SIX, max_active=1)
    assert "fortigate_block_max_active permits 1" in decision.why_over_limits()
    assert decided(fortigate, max_active=1).why_over_limits() == ""


@pytest.mark.parametrize("method, said", [("addrgrp", True), ("feed_push", False)])
def test_a_fortimanager_would_revert_address_objects_only(fortigate: Simulated, method: str, said: bool) -> None:
    fortigate.configure("system/central-management", {"type": "fortimanager", "fmg": "192.0.2.9"})
    assert ("FortiManager" in decided(fortigate, method=method).why_over_limits()) == said
    assert decided(fortigate, method=method, allow_fmg_drift=True).why_over_limits() == ""


def test_claims_of_an_interrupted_run_are_work(fortigate: Simulated) -> None:
    fortigate.push(ADDRESS)
    place = Place(serial=SERIAL, host=HOST, vdom="root", method="feed_push", list="soc-block")
    fortigate.registry.attempt(
        [
            Claim(
                place=place,
                address=ADDRESS,
                run_id="killed",
                user="anna",
                claimed_at=NOW,
                expires_at=NOW + 3600,
                ttl=3600,
            )
        ]
    )
    decision = decided(fortigate)
    assert not decision.writes and decision.has_work


def test_an_attacker_of_the_fortigate_itself_goes_to_the_list(fortigate: Simulated) -> None:
    attacker = {**HUNTED, "victims": ["203.0.113.1"]}
    decision = decided(
        fortigate, attacker, OTHER, method="ban", local_in_method="feed_push", protect_infrastructure=True, on_unresolved="skip"
    )  # fmt: skip
    assert [(one.address, one.method) for one in decision.steps] == [(OTHER, "ban"), (ADDRESS, "feed_push")]
    assert "no local-in policy of VDOM root denies the addresses in soc-block" in decision.why_not_in_force()


def test_a_ban_of_others_that_ends_too_early_is_told(fortigate: Simulated) -> None:
    fortigate.ban(ADDRESS, source="IPS", seconds=300)
    decision = decided(fortigate, method="ban")
    assert actions(decision) == [(ADDRESS, "root", "banned by the FortiGate")]
    assert any("before the end of the requested duration" in one for one in decision.notices)
