# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the FortiGate itself still answers an attacker: traffic that no local-in policy matches reaches it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import local_in
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.address_book import Book
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.packets import (
    ACCEPTED,
    DENIED,
    IDLE,
    UNDECIDED,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets
from unit.blocking.rules import ROUTING
from unit.blocking.support import ADDRESS, SIX, Simulated, scripted

from support.random_fortigates import names

BOOK = Book({4: "SOC", 6: "SOC6"}, complete=True)


def rule(policyid: int, action: str, source: str, **more: t.Any) -> dict[str, t.Any]:
    return {
        "policyid": policyid, "action": action, "status": "enable", "schedule": "always", "intf": names("any"),
        "srcaddr": names(source), "dstaddr": names("all"), "service": names("ALL"), **more,
    }  # fmt: skip


DENY = rule(9001, "deny", "SOC")


def judged(*policies: dict[str, t.Any], address: str = ADDRESS, version: str = "v7.4.8") -> tuple[str, str]:
    """The verdict, and why the FortiGate answers the target."""
    vdom = scripted(lambda _method, _path, _body: list(policies), version).vdom("root")
    (target,) = parse_targets([address])
    found = local_in.judged({4: local_in.read(vdom, 4), 6: local_in.read(vdom, 6)}, BOOK, ROUTING, target)
    return found.kind, local_in.why_open("root", found, BOOK)


def test_a_policy_that_denies_by_the_list() -> None:
    assert judged(DENY) == (DENIED, "")
    assert judged({**DENY, "srcaddr": names("SOC6")}, address=SIX) == (DENIED, "")


@pytest.mark.parametrize(
    "policies, kind, why",
    [
        # Unlike other policies, local-in policies end with one that accepts.
        ([], IDLE, "no local-in policy of VDOM root denies the addresses in SOC"),
        ([rule(9001, "deny", "other")], IDLE, "no local-in policy of VDOM root denies the addresses in SOC"),
        ([{**DENY, "status": "disable"}], IDLE, "no local-in policy"),
        ([{**DENY, "schedule": "none"}], IDLE, "no local-in policy"),
        ([{**DENY, "service": names("HTTPS")}], IDLE, "no local-in policy"),
        ([rule(3, "accept", "all"), DENY], ACCEPTED, "local-in policy 3 of VDOM root accepts the traffic before a policy denies the addresses in SOC"),
        ([{**DENY, "intf": names("wan1")}], ACCEPTED, "does not deny traffic that enters through wan2"),
        # Releases before 7.4.2 have one interface for each policy.
        ([{**DENY, "intf": "wan1"}], ACCEPTED, "does not deny traffic that enters through wan2"),
        ([{**DENY, "ha-mgmt-intf-only": "enable"}], IDLE, "no local-in policy"),
        ([{**DENY, "srcaddr-negate": "enable"}], IDLE, "no local-in policy"),
    ],
)  # fmt: skip
def test_the_fortigate_answers(policies: list[dict[str, t.Any]], kind: str, why: str) -> None:
    found = judged(*policies)
    assert found[0] == kind and why in found[1]


def test_a_policy_that_perhaps_accepts_first_is_not_called_either() -> None:
    assert judged(rule(3, "accept", "country"), DENY) == (UNDECIDED, "")


def test_an_idle_policy_of_ipv6_is_named_so() -> None:
    assert "no local-in policy for IPv6 of VDOM root denies the addresses in SOC6" in judged(DENY, address=SIX)[1]


def test_each_ip_version_has_its_own_table() -> None:
    def reply(_method: str, path: str, _body: t.Any) -> list[dict[str, t.Any]]:
        return [{**DENY, "policyid": 6}] if path.endswith("6") else [DENY]

    vdom = scripted(reply).vdom("root")
    assert [[one["policyid"] for one in local_in.read(vdom, version)] for version in (4, 6)] == [[9001], [6]]


@pytest.mark.parametrize(
    "version, old", [("v7.2.3", True), ("v7.0.17", True), ("v7.2.4", False), ("v8.0.0", False), ("", False)]
)
def test_the_release_that_can_use_feeds(version: str, old: bool) -> None:
    device = scripted(lambda _method, _path, _body: [], version)
    device.vdom("root").read("monitor/system/status")
    said = local_in.too_old(device.vdom("root"))
    assert bool(said) == old and ("FortiOS 7.2.4" in said) == old


def test_a_release_without_local_in_policies_has_none(fortigate: Simulated) -> None:
    fortigate.instead["GET cmdb/firewall/local-in-policy"] = 404
    assert local_in.read(fortigate.vdom, 4) == []
