# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether policies deny what is on a list (protocol_fortigate.rst, "Deny policies")."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.address_book import Book
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate, FortiGateError, Vdom
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.packets import IDLE
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.policies import (
    idle,
    judged,
    read_policies,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets

ALLOW = {"policyid": 1, "action": "accept"}


def names(*given: str) -> list[dict[str, str]]:
    return [{"name": name} for name in given]


def deny(policyid: int, ours: str, other: str, *lists: str, **more: t.Any) -> dict[str, t.Any]:
    return {
        "policyid": policyid, "name": "x", "action": "deny", "schedule": "always", "logtraffic": "all", "match-vip": "enable",
        "status": "enable", "srcintf": names("any"), "dstintf": names("any"), "service": names("ALL"),
        f"{ours}addr": names(*lists), f"{ours}addr6": names(*lists), f"{other}addr": names("all"), f"{other}addr6": names("all"),
        **more,
    }  # fmt: skip


RIGHT = [deny(9001, "src", "dst", "soc-block"), deny(9002, "dst", "src", "soc-block"), ALLOW]


def device(
    firewall: t.Sequence[dict[str, t.Any]], local_in: t.Sequence[dict[str, t.Any]] = (), status: int = 200
) -> Vdom:
    """One that returns only the columns that were asked for."""

    def send(url: str, _method: str, params: dict[str, str], _body: t.Optional[str]) -> tuple[int, str]:
        columns = params["format"].split("%7C")
        table = local_in if url.endswith("local-in-policy") else firewall if url.endswith("/policy") else []
        results = [{key: value for key, value in one.items() if key in columns} for one in table]
        return status, json.dumps({"status": "success", "http_status": status, "vdom": "root", "results": results})

    return FortiGate(send, "fgt-hq", lambda _seconds: None).vdom("root")


def idle_in(vdom: Vdom, *targets: dict[str, str]) -> str:
    """What is said where a run that changes nothing finds that no policy denies."""
    policies, wanted = read_policies(vdom), parse_targets(list(targets), False)
    found = judged(vdom, policies, Book({4: "soc-block", 6: "soc-block"}), None, wanted, False).verdicts
    needs = list(dict.fromkeys(one.need for each in found.values() for one in each if one.kind == IDLE))
    return idle(vdom, policies, ["soc-block"], needs) if needs else ""


FOUR, SIX, C2 = {"ip": "198.51.100.7"}, {"ip": "2001:db8:bad::7"}, {"ip": "203.0.113.66", "side": "destination"}
SOURCES, DESTINATIONS = RIGHT[:2]


@pytest.mark.parametrize(
    "policies",
    [
        [ALLOW],
        [{**ALLOW, "srcaddr": names("soc-block")}],
        [deny(7, "src", "dst", "soc-block", status="disable")],
        [deny(7, "src", "dst", "soc-block", **{"srcaddr-negate": "enable", "srcaddr6-negate": "enable"})],
    ],
)
def test_a_list_that_no_policy_denies_by_is_idle(policies: list[dict[str, t.Any]]) -> None:
    assert idle_in(device(policies), FOUR).startswith("no policy denies the addresses in soc-block in VDOM root")
    assert idle_in(device([*RIGHT, *policies]), FOUR) == ""


@pytest.mark.parametrize(
    "deny_by, targets, said",
    [
        ([SOURCES, DESTINATIONS], [FOUR, SIX, C2], ""),
        ([SOURCES], [FOUR, SIX], ""),
        ([SOURCES], [C2], "IPv4 destinations"),
        ([SOURCES], [{**FOUR, "side": "both"}], "IPv4 destinations"),
        ([DESTINATIONS], [SIX], "IPv6 sources"),
        ([{**SOURCES, "srcaddr6": names("other")}], [FOUR], ""),
        ([{**SOURCES, "srcaddr6": []}], [FOUR, SIX], "IPv6 sources"),
        ([{**SOURCES, "schedule": "none"}], [FOUR], "schedule"),
        ([{**SOURCES, "service": names("DNS")}], [FOUR], "service"),
        ([{**SOURCES, "service-negate": "enable"}], [FOUR], "service"),
        ([{**SOURCES, "match-vip": "disable"}], [FOUR], "match-vip"),
        ([{**DESTINATIONS, "match-vip": "disable"}], [C2], ""),
        ([{**SOURCES, "status": "disable"}], [FOUR], "status"),
        ([{**SOURCES, "dstaddr": names("dmz")}], [FOUR], "dstaddr"),
        ([{**SOURCES, "srcintf": []}], [FOUR], "srcintf"),
        ([{**SOURCES, "srcintf": names("wan1")}], [FOUR], ""),
        ([{**SOURCES, "groups": names("vpn-users")}], [FOUR], "groups"),
        ([{**SOURCES, "internet-service": "enable"}], [FOUR], "internet-service"),
        ([{**SOURCES, "match-vip": "disable"}, SOURCES], [FOUR], ""),
    ],
)
def test_policies_must_deny_what_is_to_be_blocked(
    deny_by: list[dict[str, t.Any]], targets: list[dict[str, str]], said: str
) -> None:
    found = idle_in(device([*deny_by, ALLOW]), *targets)
    assert bool(found) == bool(said) and said in found


def test_a_local_in_policy_does_not_block_what_is_behind_the_fortigate() -> None:
    local_in = [{"policyid": 1, "srcaddr": names("soc-block")}]
    assert "only the FortiGate itself" in idle_in(device([ALLOW], local_in), FOUR)


def test_policies_that_cannot_be_read_prove_nothing() -> None:
    with pytest.raises(FortiGateError):
        idle_in(device([], status=403), FOUR)
