# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether what is on a list is blocked: decided before the first write, and proven after it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import in_force
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.changes import Failed
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.context import look, method_of
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.in_force import (
    ENTRY,
    LOOKUP,
    NOT_IN_FORCE,
    ORDER,
    UNPROVEN,
    InForce,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.planning import ADD, Step
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets
from unit.blocking.support import ADDRESS, OTHER, SIX, Simulated, options

from support.random_fortigates import names


class Run:
    """The check of some targets on one list, and the proof of it afterwards, when they are on it."""

    def __init__(
        self, fortigate: Simulated, *addresses: t.Any, method: str = "feed_push", writes: bool = True, attacked: bool = False, **more: t.Any
    ) -> None:  # fmt: skip
        given = options(**more)
        made = method_of(method, given.lists, given, fortigate.context)
        self.judge = InForce(made, given, fortigate.context, dry_run=not writes)
        self._one = look(made, "root", given, fortigate.context, enforced=False)
        self._targets = parse_targets(list(addresses or [ADDRESS]))
        self.why = self.judge.check([self._one], self._targets, writes, attacked)

    def proofs(self) -> list[tuple[str, t.Optional[int]]]:
        steps = [Step(ADD, one.address, "root", one) for one in self._targets]
        return [(one.proof, one.policy) for one in self.judge.prove(self._one, steps)]

    @property
    def word(self) -> str:
        return self.judge.proof_of("root", self._targets[0].address)


def test_a_ban_on_the_list_is_in_force(fortigate: Simulated) -> None:
    run = Run(fortigate, method="ban")
    assert (run.why, run.proofs(), run.word) == ("", [(ENTRY, None)], "")


@pytest.mark.parametrize("method", ["feed_push", "addrgrp"])
def test_a_list_that_a_policy_denies_by_is_proven_by_the_lookup(fortigate: Simulated, method: str) -> None:
    fortigate.push(ADDRESS, SIX)
    fortigate.configure("firewall/address", {"name": "x", "subnet": f"{ADDRESS}/32"})
    fortigate.configure("firewall/addrgrp", {"name": "SOC-BLOCK", "member": names("x")})
    run = Run(fortigate, method=method)
    assert (run.why, run.proofs(), run.word) == ("", [(LOOKUP, 9001)], "")


def test_a_lookup_that_does_not_evaluate_feeds_leaves_the_order_as_the_proof(fortigate: Simulated) -> None:
    fortigate.push(ADDRESS)
    fortigate.state.switches.update({"policy_lookup_sees_feeds": False})
    run = Run(fortigate)
    assert run.proofs() == [(ORDER, 9001)] and "seems not to evaluate the feed" in run.judge.notices[-1]


@pytest.mark.parametrize("lookup", ["forbidden", "not_found", "failed_dependency"])
def test_a_lookup_that_does_not_answer_proves_nothing_and_contradicts_nothing(
    fortigate: Simulated, lookup: str
) -> None:
    fortigate.push(ADDRESS)
    fortigate.state.switches.update({"policy_lookup": lookup})
    assert Run(fortigate).proofs() == [(ORDER, 9001)]


def test_without_a_policy_nothing_is_written_unless_that_is_permitted(fortigate: Simulated) -> None:
    fortigate.configure("firewall/policy", {"policyid": 9001, "status": "disable"})
    run = Run(fortigate)
    assert run.why.startswith("no policy denies the addresses in soc-block in VDOM root") and "bootstrap" in run.why
    assert Run(fortigate, {"address": OTHER, "side": "destination"}).why == "", "the policy for destinations denies"
    permitted = Run(fortigate, require_policy=False)
    assert permitted.why == "" and permitted.word == NOT_IN_FORCE and "no policy denies" in permitted.judge.notices[-1]


def test_a_policy_above_that_accepts_is_named_with_the_cure(fortigate: Simulated) -> None:
    fortigate.policy(5, "accept", "all")
    assert (
        f"{ADDRESS} would not be blocked in VDOM root: policy 5 'other' accepts the traffic first" in Run(fortigate).why
    )
    fortigate.configure("firewall/policy", {"policyid": 5, "srcintf": names("lan")})
    assert Run(fortigate).why == "", "it enters through wan1"


def test_what_may_accept_first_is_asked_after_the_write(fortigate: Simulated) -> None:
    fortigate.configure("firewall/address", {"name": "XX", "type": "geography", "country": "XX"})
    fortigate.policy(5, "accept", "XX")
    fortigate.push(ADDRESS)
    run = Run(fortigate)
    assert run.why == "" and run.word == UNPROVEN
    assert run.proofs() == [(LOOKUP, 9001)] and run.word == ""


def test_a_blocked_address_that_the_fortigate_lets_pass_fails_the_run(fortigate: Simulated) -> None:
    fortigate.state.switches.update({"countries": {"198.51.100.0/24": "XX"}})
    fortigate.configure("firewall/address", {"name": "XX", "type": "geography", "country": "XX"})
    fortigate.policy(5, "accept", "XX")
    fortigate.push(ADDRESS)
    with pytest.raises(Failed, match="was written, but policy 5 'other' accepts the traffic first"):
        Run(fortigate).proofs()
    permitted = Run(fortigate, require_policy=False)
    assert permitted.proofs() == [("", None)] and permitted.word == NOT_IN_FORCE


def test_a_lookup_that_stays_silent_leaves_it_unproven(fortigate: Simulated) -> None:
    fortigate.configure("firewall/address", {"name": "XX", "type": "geography", "country": "XX"})
    fortigate.policy(5, "accept", "XX")
    fortigate.state.switches.update({"policy_lookup": "not_found"})
    run = Run(fortigate)
    assert run.proofs() == [("", None)] and run.word == UNPROVEN
    assert run.judge.notices[-1].startswith(
        f"It is not known whether {ADDRESS} is blocked in VDOM root: policy 5 'other' may accept the traffic first"
    )


def test_a_feed_of_thousands_does_not_ask_for_each(fortigate: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_force, "MOST_LOOKED_UP", 1)
    fortigate.configure("firewall/address", {"name": "XX", "type": "geography", "country": "XX"})
    fortigate.policy(5, "accept", "XX")
    fortigate.push(ADDRESS, OTHER)
    run = Run(fortigate, ADDRESS, OTHER)
    assert [proof for proof, _policy in run.proofs()] == [LOOKUP, ""]


@pytest.mark.parametrize("writes", [True, False])
def test_policies_that_must_not_be_read_are_not_taken_for_good_ones(fortigate: Simulated, writes: bool) -> None:
    fortigate.instead["GET cmdb/firewall/policy"] = 403
    with pytest.raises(FortiGateError, match="HTTP 403"):
        Run(fortigate, writes=writes)
    permitted = Run(fortigate, writes=writes, require_policy=False)
    assert permitted.why == "" and permitted.word == UNPROVEN


def test_an_attacker_of_the_fortigate_itself_needs_a_local_in_policy(fortigate: Simulated) -> None:
    assert "no local-in policy of VDOM root denies the addresses in soc-block" in Run(fortigate, attacked=True).why
    assert "no local-in policy" in Run(fortigate, attacked=True, require_policy=False).why
    fortigate.made_with(with_local_in=True)
    assert Run(fortigate, attacked=True).why == ""


def test_a_block_in_a_vdom_without_traffic_has_no_effect(fortigate: Simulated) -> None:
    fortigate.configure("system/settings", {"vdom-type": "admin"})
    assert (
        "Blocks in VDOM root have no effect, because a VDOM of type admin carries no traffic"
        in Run(fortigate, method="ban").why
    )


def test_nothing_to_block_reads_nothing(fortigate: Simulated) -> None:
    given = options()
    judge = InForce(method_of("feed_push", given.lists, given, fortigate.context), given, fortigate.context, False)
    assert judge.check([], [], True) == "" and fortigate.reads == []


def test_a_local_in_policy_that_may_accept_first_leaves_it_unproven(fortigate: Simulated) -> None:
    fortigate.made_with(with_local_in=True)
    fortigate.configure("firewall/address", {"name": "XX", "type": "geography", "country": "XX"})
    above = {
        "policyid": 5,
        "action": "accept",
        "schedule": "always",
        "intf": names("any"),
        "srcaddr": names("XX"),
        "dstaddr": names("all"),
    }
    fortigate.configure("firewall/local-in-policy", {**above, "service": names("ALL")})
    policies = fortigate.state.config.objects("firewall/local-in-policy", "root")
    policies[9001] = policies.pop(9001)
    run = Run(fortigate, attacked=True)
    assert run.why == "" and run.word == UNPROVEN
    assert any(
        f"denies traffic from {ADDRESS} to the FortiGate itself: another policy" in one for one in run.judge.notices
    )
