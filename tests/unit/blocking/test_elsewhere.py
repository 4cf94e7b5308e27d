# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What still blocks an address that is on none of the lists of an unblock."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.elsewhere import MOST_ASKED, Elsewhere
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets
from unit.blocking.support import ADDRESS, SIX, Simulated, options


def found(
    fortigate: Simulated, *addresses: str, dry_run: bool = False, **more: t.Any
) -> tuple[dict[tuple[str, str], str], Elsewhere]:
    left = {("root", one.address): one for one in parse_targets(list(addresses or [ADDRESS]))}
    elsewhere = Elsewhere(options(**more), fortigate.context, dry_run)
    return elsewhere.blocks(left, []), elsewhere


def test_a_free_address_is_blocked_by_nothing(fortigate: Simulated) -> None:
    assert found(fortigate, ADDRESS, SIX)[0] == {}


def test_a_policy_that_denies_the_address_is_named(fortigate: Simulated) -> None:
    fortigate.configure("firewall/address", {"name": "bad-net", "subnet": "198.51.100.0/24"})
    fortigate.policy(7, "deny", "bad-net")
    where, elsewhere = found(fortigate)
    assert where == {("root", ADDRESS): "policy 7 'other' denies it"}
    assert elsewhere.problems == [f"{ADDRESS} is still blocked in VDOM root: policy 7 'other' denies it"]


def test_a_policy_that_denies_all_the_rest_is_not_about_this_address(fortigate: Simulated) -> None:
    fortigate.policy(7, "deny", "all")
    assert found(fortigate)[0] == {}


def test_with_a_method_the_other_lists_are_read(fortigate: Simulated) -> None:
    fortigate.ban(ADDRESS, source="IPS")
    where, elsewhere = found(fortigate, method="feed_push")
    assert where == {("root", ADDRESS): "it is blocked by ban in VDOM root"}
    assert elsewhere.problems == [f"{ADDRESS} is still blocked by ban in VDOM root: banned by IPS"]


@pytest.mark.parametrize("status, said", [(403, "is not known"), (404, "is not known")])
def test_policies_that_cannot_be_read_are_told(fortigate: Simulated, status: int, said: str) -> None:
    fortigate.instead["GET cmdb/firewall/policy"] = status
    where, elsewhere = found(fortigate)
    assert where == {} and said in elsewhere.notices[0] and f"HTTP {status}" in elsewhere.notices[0]


def test_a_lookup_that_names_nothing_is_told(fortigate: Simulated) -> None:
    fortigate.state.switches.update({"policy_lookup": "no_route"})
    _where, elsewhere = found(fortigate)
    assert elsewhere.notices == [
        "The policy lookup of VDOM root returned no policy for the addresses, so only bans, feeds and groups were checked"
    ]


def test_in_an_emergency_only_some_are_looked_up(fortigate: Simulated) -> None:
    many = [f"198.51.100.{number}" for number in range(1, MOST_ASKED + 12)]
    _where, elsewhere = found(fortigate, *many)
    assert any(f"{MOST_ASKED} of {MOST_ASKED + 11} addresses" in one for one in elsewhere.notices)


def test_the_kernel_may_apply_a_removal_late(fortigate: Simulated) -> None:
    """A policy that denies no more at the second lookup is not a problem; a dry run has removed nothing and waits for nothing."""
    fortigate.configure("firewall/address", {"name": "bad-net", "subnet": "198.51.100.0/24"})
    fortigate.policy(7, "deny", "bad-net")

    def sleep(_seconds: float) -> None:
        fortigate.configure("firewall/policy", {"policyid": 7, "status": "disable"})

    context = fortigate.context._replace(sleep=sleep)
    left = {("root", ADDRESS): parse_targets([ADDRESS])[0]}
    given = options(verify_retries=2)
    assert Elsewhere(given, context, True).blocks(left, []) != {}
    assert Elsewhere(given, context, False).blocks(left, []) == {}


def test_a_block_in_another_vdom_is_none_here(fortigate: Simulated) -> None:
    fortigate.ban(ADDRESS, vdom="guest")
    assert found(fortigate, method="feed_push", vdoms=["root", "guest"])[0] == {}
