# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a FortiGate is missing before lists can block (protocol_fortigate.rst, "Deny policies")."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.bootstrap import diff_of
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.bootstrap_plan import (
    FEEDS,
    POLICIES,
    Found,
    Wanted,
    corrections_of,
    tables_of,
    warnings_of,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.corrections import Correction
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput

FEED = {"name": "soc-block", "type": "address", "status": "enable", "update-method": "push"}
URL = "https://feeds.example.com/x"
FETCHED = {
    "name": "soc-block", "type": "address", "status": "enable", "update-method": "feed", "resource": URL, "refresh-rate": 1,
    "username": "", "server-identity-check": "full",
}  # fmt: skip
ALLOW = {"policyid": 1, "action": "accept"}
PUSH, GROUP, FILE = Wanted("feed_push"), Wanted("addrgrp"), Wanted("feed_file", resource=URL)
ADDRESS, ADDRESSES6 = "cmdb/firewall/address", "cmdb/firewall/address6"
GROUPS, GROUPS6 = "cmdb/firewall/addrgrp", "cmdb/firewall/addrgrp6"
LOCAL_IN = "cmdb/firewall/local-in-policy"


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


def plan(wanted: Wanted, tables: t.Optional[t.Mapping[str, t.Any]] = None, version: str = "v7.4.8") -> list[Correction]:
    whole = {path: (tables or {}).get(path, []) for path in tables_of(wanted)}
    return corrections_of(wanted, Found("root", version, whole))


def kinds(corrections: list[Correction]) -> list[str]:
    return [one.kind for one in corrections]


def test_a_fresh_fortigate_lacks_list_policies_and_order() -> None:
    found = plan(PUSH, {POLICIES: [ALLOW]})
    assert kinds(found) == ["feed", "policy", "policy", "policy_order", "policy_order"]
    assert [one.name for one in found[1:]] == ["9001", "9002", "9001", "9002"]
    assert found[3].path == "cmdb/firewall/policy/9001" and found[3].query == {"action": "move", "before": "1"}
    # A group needs its member, and a policy needs its group.
    assert kinds(plan(GROUP)) == ["address", "group", "address6", "group6", "policy", "policy"]


def test_a_fortigate_that_is_ready_lacks_nothing() -> None:
    assert plan(PUSH, {FEEDS: [FEED], POLICIES: RIGHT}) == []
    assert plan(FILE, {FEEDS: [FETCHED], POLICIES: RIGHT}) == []
    assert plan(Wanted("ban")) == [] and tables_of(Wanted("ban")) == {}


@pytest.mark.parametrize("wrong", ["status", "match-vip", "logtraffic", "schedule", "srcintf", "service", "dstaddr6"])
def test_only_the_attribute_that_is_wrong_is_written(wrong: str) -> None:
    policies = [{**RIGHT[0], wrong: names("other") if isinstance(RIGHT[0][wrong], list) else "other"}, *RIGHT[1:]]
    (found,) = plan(PUSH, {FEEDS: [FEED], POLICIES: policies})
    assert (found.method, found.path, found.body) == ("PUT", f"{POLICIES}/9001", {wrong: RIGHT[0][wrong]})
    assert wrong in found.what


def test_lists_that_are_in_a_policy_stay() -> None:
    policies = [deny(9001, "src", "dst", "SOC-BLOCK"), RIGHT[1], ALLOW]
    (found,) = plan(PUSH, {FEEDS: [FEED], POLICIES: policies})
    assert found.body == {"srcaddr": names("SOC-BLOCK", "soc-block"), "srcaddr6": names("SOC-BLOCK", "soc-block")}
    # Also a list of others, as long as the policy denies by it from and to everywhere already.
    policies = [deny(9001, "src", "dst", "partner"), RIGHT[1], ALLOW]
    assert plan(PUSH, {FEEDS: [FEED], POLICIES: policies})[0].body["srcaddr"] == names("partner", "soc-block")  # type: ignore[index]


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
        {"srcaddr": names("partner"), "dstaddr": names("server")},
        {"srcaddr": names("partner"), "status": "disable"},
        {"srcaddr6": names("partner"), "srcintf": names("wan1")},
    ],
    ids=str,
)
def test_a_policy_of_somebody_else_is_left_alone(foreign: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidInput, match="VDOM root already has policy 9001"):
        plan(PUSH, {POLICIES: [{**RIGHT[0], **foreign}, ALLOW]})


@pytest.mark.parametrize(
    "foreign", [{"action": "accept"}, {"srcaddr": names("all")}, {"ha-mgmt-intf-only": "enable"}], ids=str
)
def test_a_local_in_policy_of_somebody_else_is_left_alone(foreign: dict[str, t.Any]) -> None:
    there = {"policyid": 9001, "action": "deny", "srcaddr": names("soc-block"), **foreign}
    with pytest.raises(InvalidInput, match="local in policy 9001"):
        plan(PUSH._replace(local_in=9001), {LOCAL_IN: [there]})


def test_policies_that_slid_down_are_moved() -> None:
    (found,) = plan(PUSH, {FEEDS: [FEED], POLICIES: [RIGHT[0], ALLOW, RIGHT[1]]})
    assert (found.kind, found.name) == ("policy_order", "9002")


def test_other_policies_that_deny_may_be_above() -> None:
    """Two jobs with two lists would move their policies above each other for ever."""
    others = [deny(9003, "src", "dst", "SOC-BLOCK"), deny(9004, "dst", "src", "SOC-BLOCK")]
    assert plan(PUSH, {FEEDS: [FEED], POLICIES: [*others, *RIGHT]}) == []
    unknown = {"policyid": 3, "action": "ztna"}
    assert kinds(plan(PUSH, {FEEDS: [FEED], POLICIES: [unknown, *RIGHT]})) == ["policy_order"] * 2


def test_the_name_of_another_policy_is_not_taken() -> None:
    policies = [{"policyid": 7, "name": "secops-block-source", "action": "deny"}]
    found = [one.body["name"] for one in plan(PUSH, {POLICIES: policies}) if one.kind == "policy" and one.body]
    assert found == ["secops-block-source-9001", "secops-block-destination"]


@pytest.mark.parametrize(
    "version, interface",
    [("v7.4.1", "any"), ("v7.4.2", names("any")), ("v7.2.10", "any"), ("v8.0.0", names("any"))],
)
def test_local_in_policies_name_their_interfaces_as_the_release_does(version: str, interface: t.Any) -> None:
    found = plan(PUSH._replace(local_in=9001), version=version)
    assert [one.body["intf"] for one in found if one.kind.startswith("local_in") and one.body] == [interface] * 2


@pytest.mark.parametrize("version", ["v7.0.17", "v7.2.3", "v6.4.9", "", "unknown"])
@pytest.mark.parametrize("wanted", [PUSH, FILE])
def test_what_a_release_cannot_do_is_refused(wanted: Wanted, version: str) -> None:
    with pytest.raises(InvalidInput, match=r"FortiOS 7\.2\.|does not report its release"):
        plan(wanted._replace(local_in=9001), {FEEDS: [FEED if wanted is PUSH else FETCHED]}, version)


def test_a_release_matters_only_where_something_is_written() -> None:
    local_in = {
        "policyid": 9001, "action": "deny", "schedule": "always", "status": "enable", "srcaddr": names("soc-block"),
        "dstaddr": names("all"), "service": names("ALL"), "intf": "any",
    }  # fmt: skip
    tables = {FEEDS: [FEED], POLICIES: RIGHT, LOCAL_IN: [local_in], f"{LOCAL_IN}6": [local_in]}
    assert plan(PUSH._replace(local_in=9001), tables, "") == []


@pytest.mark.parametrize(
    "wanted, there, said",
    [
        (PUSH, {"type": "domain"}, "type domain"),
        (PUSH, {"update-method": "feed"}, "fetches"),
        (PUSH, {"update-method": None}, "fetches"),
        (FILE, {}, "update-method push"),
        (FILE, {"update-method": "fortimq"}, "update-method fortimq"),
    ],
)
def test_a_feed_of_another_purpose_is_an_error(wanted: Wanted, there: dict[str, t.Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        plan(wanted, {FEEDS: [{**FEED, **there}]})


@pytest.mark.parametrize(
    "wrong",
    [{"status": "disable"}, {"resource": "https://x/"}, {"refresh-rate": "5"}, {"server-identity-check": "none"}],
    ids=str,
)
def test_a_fetched_feed_that_is_wrong_is_written_with_its_password(wrong: dict[str, str]) -> None:
    wanted = FILE._replace(username="fortigate", password="hidden")
    tables = {FEEDS: [{**FETCHED, "username": "fortigate", **wrong}], POLICIES: RIGHT}
    (found,) = plan(wanted, tables)
    assert found.body == {key: FETCHED[key] for key in wrong} | {"username": "fortigate", "password": "hidden"}
    assert "hidden" not in str((found.as_dict(), str(found), diff_of([found])))


def test_releases_that_cannot_verify_a_server_are_reported() -> None:
    """Nothing is missing there, else each run would write again."""
    old = {key: value for key, value in FETCHED.items() if key not in ("server-identity-check", "update-method")}
    assert plan(FILE, {FEEDS: [old], POLICIES: RIGHT}, "v7.0.5") == []
    assert len(warnings_of(FILE, Found("root", "v7.0.5", {FEEDS: [old]}))) == 1
    assert warnings_of(FILE, Found("root", "v7.4.8", {FEEDS: [FETCHED]})) == []
    assert warnings_of(PUSH, Found("root", "v7.4.8", {FEEDS: [FEED]})) == []


def test_groups_that_exist_are_not_written() -> None:
    group = {"name": "SOC-BLOCK", "member": names("blk-198.51.100.7")}
    assert kinds(plan(GROUP, {GROUPS: [group]})) == ["address6", "group6", "policy", "policy"]


@pytest.mark.parametrize(
    "tables, said",
    [
        ({GROUPS: [{"name": "SOC-BLOCK", "member": names("all")}]}, "member all"),
        ({ADDRESS: [{"name": "blk-placeholder", "type": "ipmask", "subnet": "0.0.0.0 0.0.0.0"}]}, "blk-placeholder"),
        ({ADDRESS: [{"name": "blk-placeholder", "type": "fqdn"}]}, "blk-placeholder"),
        ({ADDRESSES6: [{"name": "blk-placeholder", "type": "ipprefix", "ip6": "::/0"}]}, "blk-placeholder"),
        ({GROUPS6: [{"name": "SOC-BLOCK6", "member": names("x", "all")}]}, "member all"),
    ],
)
def test_groups_that_would_block_everything_are_refused(tables: dict[str, t.Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        plan(GROUP, tables)


def test_the_placeholder_of_an_earlier_run_is_used() -> None:
    tables = {ADDRESS: [{"name": "blk-placeholder", "type": "ipmask", "subnet": "192.0.2.255 255.255.255.255"}]}
    assert "address" not in kinds(plan(GROUP, tables))


def test_names_of_the_whole_fortigate_are_refused() -> None:
    with pytest.raises(InvalidInput, match="g-"):
        plan(PUSH._replace(lists=PUSH.lists._replace(feed="g-soc-block")))


def test_local_in_policies_above_that_accept_are_reported() -> None:
    wanted = PUSH._replace(local_in=9001)
    accept = {"policyid": 3, "action": "accept", "status": "enable"}
    others = [{**accept, "policyid": 4, "status": "disable"}, {"policyid": 5, "action": "deny"}]
    ours = {"policyid": 9001, "action": "deny"}
    tables = {LOCAL_IN: [*others, accept, ours], f"{LOCAL_IN}6": [ours, accept]}
    assert [one.partition(" is above")[0] for one in warnings_of(wanted, Found("root", "v7.4.8", tables))] == [
        "In VDOM root, local-in-policy 3"
    ]
    assert warnings_of(PUSH, Found("root", "v7.4.8", tables)) == []
