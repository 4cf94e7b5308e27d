# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a FortiGate misses before lists can block, and which of its addresses are protected.

See protocol_fortigate.rst, "Deny policies", "Addresses a FortiGate depends on".
"""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import infrastructure
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.foundation import (
    SELECTORS,
    Wanted,
    lacking,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.usage import idle, overtaken
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput

FEED = {"name": "soc-block", "type": "address", "status": "enable", "update-method": "push"}
ALLOW = {"policyid": 1, "action": "accept"}
PUSH = Wanted("feed_push", feed="soc-block")
GROUP = Wanted("addrgrp", group="SOC-BLOCK", group6="SOC-BLOCK6", placeholder="blk-placeholder")


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


def box(version: str = "v7.4.8", **tables: t.Any) -> dict[str, t.Any]:
    given = {key.replace("__", "-"): value for key, value in tables.items()}
    meta = [
        {"status": "success", "http_status": 200, "version": version, "results": given.get(name, [])}
        for name in SELECTORS
    ]
    return {"item": "root", "meta": meta}


def kinds(found: dict[str, t.Any]) -> set[str]:
    return {kind for kind, value in found.items() if value and kind not in ("changed", "verdict")}


def test_a_fresh_box_lacks_list_policies_and_order() -> None:
    found = lacking(PUSH, [box(firewall_policy=[ALLOW])])
    assert kinds(found) == {"connectors", "policies", "moves"} and found["changed"]
    assert [policy["policyid"] for policy in found["policies"]] == [9001, 9002]
    assert found["moves"] == [{"vdom": "root", "policyid": number, "before": 1} for number in (9001, 9002)]
    assert kinds(lacking(GROUP, [box()])) == {"addresses", "addresses6", "groups", "groups6", "policies"}


def test_a_box_that_is_ready_lacks_nothing() -> None:
    found = lacking(PUSH, [box(**{"system_external-resource": [FEED], "firewall_policy": RIGHT})])
    assert kinds(found) == set() and not found["changed"]


@pytest.mark.parametrize("wrong", ["status", "match-vip", "logtraffic", "schedule"])
def test_a_policy_that_is_not_as_it_must_be_is_written(wrong: str) -> None:
    policies = [{**RIGHT[0], wrong: "disable"}, *RIGHT[1:]]
    found = lacking(PUSH, [box(**{"system_external-resource": [FEED], "firewall_policy": policies})])
    assert kinds(found) == {"policies"} and len(found["policies"]) == 1


def test_lists_that_stand_in_a_policy_stay() -> None:
    policies = [deny(9001, "src", "dst", "SOC-BLOCK"), RIGHT[1], ALLOW]
    found = lacking(PUSH, [box(**{"system_external-resource": [FEED], "firewall_policy": policies})])
    assert found["policies"][0]["srcaddr"] == names("SOC-BLOCK", "soc-block")


@pytest.mark.parametrize(
    "foreign",
    [
        {"action": "accept"},
        {"srcaddr": names("all")},
        {"srcaddr6": names("all", "soc-block")},
        {"srcaddr-negate": "enable"},
        {"service-negate": "enable"},
        {"groups": names("vpn-users")},
        {"users": names("alice")},
        {"internet-service": "enable"},
    ],
    ids=str,
)
def test_a_policy_of_somebody_else_is_left_alone(foreign: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidInput, match="9001"):
        lacking(PUSH, [box(firewall_policy=[{**RIGHT[0], **foreign}, ALLOW])])


def test_policies_that_slid_down_are_moved() -> None:
    found = lacking(PUSH, [box(**{"system_external-resource": [FEED], "firewall_policy": [RIGHT[0], ALLOW, RIGHT[1]]})])
    assert kinds(found) == {"moves"}


@pytest.mark.parametrize("version, many", [("v7.4.1", False), ("v7.4.2", True), ("v7.2.10", False), ("v8.0.0", True)])
def test_local_in_policies_name_their_interfaces_as_the_release_does(version: str, many: bool) -> None:
    found = lacking(PUSH._replace(local_in=9001), [box(version)])
    assert found["local_in"][0]["many_interfaces"] is many and len(found["local_in6"]) == 1


def test_a_feed_of_another_type_is_an_error() -> None:
    with pytest.raises(InvalidInput, match="type domain"):
        lacking(PUSH, [box(**{"system_external-resource": [{**FEED, "type": "domain"}]})])
    with pytest.raises(InvalidInput, match="https"):
        lacking(Wanted("feed_file", feed="soc-block", resource="http://x/"), [box()])


def test_a_managed_box_is_not_changed_unless_allowed() -> None:
    managed = box(**{"system_central-management": [{"type": "fortimanager", "fmg": '"192.0.2.9"'}]})
    assert "FortiManager" in lacking(PUSH, [managed])["verdict"]
    assert lacking(PUSH._replace(allow_fmg_drift=True), [managed])["verdict"] == ""


def test_ban_needs_no_list() -> None:
    assert kinds(lacking(Wanted("ban"), [box()])) == set()
    assert kinds(lacking(Wanted("ban", persistency="all"), [box()])) == {"persistency"}


def test_every_address_of_an_interface_is_protected() -> None:
    interface = {
        "name": "wan1", "ip": "203.0.113.1 255.255.255.0", "secondaryip": [{"id": 1, "ip": "203.0.113.2 255.255.255.0"}],
        "ipv6": {"ip6-address": "2001:db8:1::1/64", "ip6-extra-addr": [{"prefix": "2001:db8:1::2/64"}]},
        "remote-ip": "192.0.2.9 255.255.255.252", "dhcp-relay-ip": '"10.1.1.5" "10.1.1.6"', "macaddr": "00:09:0f:00:00:01",
        "vrrp": [{"vrip": "203.0.113.254"}], "management-ip": "0.0.0.0 0.0.0.0", "mtu": 1500,
    }  # fmt: skip
    found = [one["address"] for one in infrastructure.of_interfaces([interface])]
    assert found == [
        "203.0.113.1", "203.0.113.2", "2001:db8:1::1", "2001:db8:1::2", "192.0.2.9", "10.1.1.5", "10.1.1.6", "203.0.113.254",
    ]  # fmt: skip
    with pytest.raises(InvalidInput):
        infrastructure.of_interfaces([])


@pytest.mark.parametrize(
    "admin, address",
    [
        ({"srcaddr": "192.0.2.200"}, "192.0.2.200"),
        ({"from": "https(192.0.2.200)"}, "192.0.2.200"),
        ({"from": "ssh(2001:db8::5)"}, "2001:db8::5"),
        ({"from": "192.0.2.200:50123"}, "192.0.2.200"),
        ({"from": "fe80::1%port1"}, "fe80::1"),
    ],
)
def test_where_administrators_come_from_is_protected(admin: dict[str, str], address: str) -> None:
    assert infrastructure.of_admins([{"admin": "noc", "method": "https", **admin}])[0]["address"] == address


def test_an_administrator_from_nowhere_is_an_error_unless_at_the_console() -> None:
    assert infrastructure.of_admins([{"admin": "noc", "method": "console"}]) == []
    with pytest.raises(InvalidInput, match="noc"):
        infrastructure.of_admins([{"admin": "noc", "method": "https"}])


def policies(*firewall: dict[str, t.Any], local_in: t.Sequence[dict[str, t.Any]] = ()) -> dict[str, t.Any]:
    tables = [list(firewall), list(local_in), []]
    return {"item": "root", "meta": [{"status": "success", "http_status": 200, "results": table} for table in tables]}


@pytest.mark.parametrize(
    "reply, found",
    [
        (policies(*RIGHT), []),
        (policies(deny(7, "dst", "src", "other", "soc-block")), []),
        (policies(ALLOW, local_in=[{"policyid": 1, "srcaddr": names("soc-block")}]), ["root"]),
        (policies(ALLOW), ["root"]),
        (policies({**ALLOW, "srcaddr": names("soc-block")}), ["root"]),
        (policies(deny(7, "src", "dst", "soc-block", status="disable")), ["root"]),
        (policies(deny(7, "src", "dst", "other")), ["root"]),
        (
            policies(deny(7, "src", "dst", "soc-block", **{"srcaddr-negate": "enable", "srcaddr6-negate": "enable"})),
            ["root"],
        ),
    ],
)
def test_a_list_that_no_policy_denies_by_is_idle(reply: dict[str, t.Any], found: list[str]) -> None:
    assert idle(["soc-block"], [reply]) == found


FOUR, SIX, C2 = {"ip": "198.51.100.7"}, {"ip": "2001:db8:bad::7"}, {"ip": "203.0.113.66", "side": "destination"}
SOURCES, DESTINATIONS = RIGHT[:2]


@pytest.mark.parametrize(
    "deny_by, targets, said",
    [
        ([SOURCES, DESTINATIONS], [FOUR, SIX, C2], ""),
        ([SOURCES], [FOUR, SIX], ""),
        ([SOURCES], [C2], "IPv4 destinations"),
        ([SOURCES], [{**FOUR, "side": "both"}], "IPv4 destinations"),
        ([DESTINATIONS], [SIX], "IPv6 sources"),
        ([{**SOURCES, "srcaddr6": names("other")}], [FOUR], ""),
        ([{**SOURCES, "srcaddr6": names("other")}], [FOUR, SIX], "IPv6 sources"),
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
    found = idle(["soc-block"], [policies(*deny_by, ALLOW)], targets)
    assert bool(found) == bool(said) and said in "".join(found)


def test_a_local_in_policy_is_no_block_of_what_is_behind_the_box() -> None:
    local_in = [{"policyid": 1, "srcaddr": names("soc-block")}]
    assert "only the box itself" in idle(["soc-block"], [policies(ALLOW, local_in=local_in)], [FOUR])[0]


@pytest.mark.parametrize(
    "above, targets, found",
    [
        ({"srcaddr": names("all"), "dstaddr": names("vip-web")}, [FOUR], True),
        ({"srcaddr": names("all"), "dstaddr": names("vip-web")}, [C2], False),
        ({"srcaddr": names("lan"), "dstaddr": names("all")}, [FOUR], False),
        ({"srcaddr": names("lan"), "dstaddr": names("all")}, [C2], True),
        ({"srcaddr": names("all")}, [SIX], False),
        ({"srcaddr": names("all"), "status": "disable"}, [FOUR], False),
        ({"srcaddr": names("all"), "action": "deny"}, [FOUR], False),
    ],
)
def test_a_policy_above_that_accepts_is_told(
    above: dict[str, t.Any], targets: list[dict[str, str]], found: bool
) -> None:
    told = overtaken(["soc-block"], [policies({**ALLOW, **above}, SOURCES, DESTINATIONS)], targets)
    assert [bool("policy 1 " in one) for one in told] == [True] * found
    assert overtaken(["soc-block"], [policies(SOURCES, DESTINATIONS, {**ALLOW, **above})], targets) == []


def test_policies_that_cannot_be_read_prove_nothing() -> None:
    with pytest.raises(InvalidInput):
        idle(["soc-block"], [{"item": "root", "meta": [{"status": "error", "http_status": 403}]}])
