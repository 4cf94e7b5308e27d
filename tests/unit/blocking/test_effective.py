# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether an entry stops the traffic of an address: yes, no, or not known, with the reason."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.context import look, method_of
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.effective import Stops, stops
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets
from unit.blocking.support import ADDRESS, SIX, Simulated, options

from support.random_fortigates import names


def asked(fortigate: Simulated, method: str = "feed_push", address: str = ADDRESS, **more: t.Any) -> Stops:
    given = options(require_policy=False, **more)
    made = method_of(method, given.lists, given, fortigate.context)
    one = look(made, "root", given, fortigate.context, enforced=False)
    (target,) = parse_targets([address])
    return stops(one, target, given, fortigate.context)


@pytest.mark.parametrize("method", ["feed_push", "addrgrp"])
@pytest.mark.parametrize("address", [ADDRESS, SIX])
def test_a_list_that_a_policy_denies_by(fortigate: Simulated, method: str, address: str) -> None:
    assert asked(fortigate, method, address) == Stops(True)


def test_a_ban_needs_no_policy(fortigate: Simulated) -> None:
    assert asked(fortigate, "ban") == Stops(True)


@pytest.mark.parametrize(
    "change, why",
    [
        ({"policyid": 9001, "status": "disable"}, "no policy denies the addresses in soc-block"),
        ({"policyid": 9001, "srcaddr": names("SOC-BLOCK")}, "no policy denies the addresses in soc-block"),
    ],
)
def test_an_entry_without_a_policy_stops_nothing(fortigate: Simulated, change: dict[str, t.Any], why: str) -> None:
    """Also where a run may write without a policy."""
    fortigate.configure("firewall/policy", change)
    found = asked(fortigate)
    assert found.yes is False and why in found.why


def test_a_disabled_feed_stops_nothing(fortigate: Simulated) -> None:
    fortigate.configure("system/external-resource", {"name": "soc-block", "status": "disable"})
    assert asked(fortigate) == Stops(False, "feed soc-block in VDOM root is disabled")


def test_a_policy_above_whose_countries_are_not_known_here_is_not_a_no(fortigate: Simulated) -> None:
    fortigate.configure("firewall/address", {"name": "XX", "type": "geography", "country": "XX"})
    fortigate.policy(5, "accept", "XX")
    found = asked(fortigate)
    assert found.yes is None and "policy 5" in found.why


@pytest.mark.parametrize("path", ["cmdb/firewall/policy", "cmdb/firewall/local-in-policy"])
def test_policies_that_must_not_be_read_are_not_a_no(fortigate: Simulated, path: str) -> None:
    fortigate.configure("firewall/policy", {"policyid": 9001, "status": "disable"})
    fortigate.instead[f"GET {path}"] = 403
    found = asked(fortigate)
    assert found.yes is None and "HTTP 403" in found.why


def test_a_feed_of_which_a_part_is_not_applied_is_not_known(fortigate: Simulated) -> None:
    fortigate.push("203.0.113.1", "203.0.113.2", ADDRESS)
    fortigate.state.switches.update({"feed_cap": 2})
    found = asked(fortigate)
    assert found.yes is None and "accepted_count 2 of 3" in found.why


def test_a_published_file_says_nothing_about_this_fortigate(fortigate: Simulated) -> None:
    found = asked(fortigate, "feed_file", feed_file="/nonexistent/feed.txt")
    assert found.yes is None and "it is not known which FortiGates have already fetched it" in found.why
