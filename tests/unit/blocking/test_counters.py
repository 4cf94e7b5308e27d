# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How often the deny policies that use a list were hit; a counter that is not known is never 0."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.context import Look, look, method_of
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.counters import counters
from unit.blocking.support import Simulated, options

from support.random_fortigates import names


def looked(fortigate: Simulated, *methods: str) -> list[Look]:
    given = options()
    made = [method_of(one, given.lists, given, fortigate.context) for one in methods]
    return [look(one, "root", given, fortigate.context, enforced=False) for one in made]


def rows(fortigate: Simulated, *methods: str) -> list[dict[str, t.Any]]:
    return counters(looked(fortigate, *methods), fortigate.context)


def answer(*results: dict[str, t.Any]) -> str:
    return json.dumps({"status": "success", "vdom": "root", "results": list(results)})


def test_a_row_for_each_policy_with_the_side_that_it_denies(fortigate: Simulated) -> None:
    fortigate.instead["GET monitor/firewall/policy"] = answer(
        {
            "policyid": 9001,
            "hit_count": 17,
            "packets": 20,
            "bytes": 1200,
            "first_used": 1774747800,
            "last_used": 1774751400,
        },
        {"policyid": 9002, "hit_count": 0},
    )
    first, second = rows(fortigate, "feed_push", "addrgrp")
    assert (first["policyid"], first["sides"], first["hits"], first["bytes"]) == (9001, ["source"], 17, 1200)
    # Daylight saving time begins in Europe between the two.
    assert (first["first_hit"], first["last_hit"]) == ("2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z")
    assert (second["sides"], second["hits"], second["last_hit"], second["why"]) == (["destination"], 0, None, "")
    assert [one["method"] for one in first["lists"]] == ["feed_push", "addrgrp"] and first["logs"] is True


@pytest.mark.parametrize(
    "count", [{}, {"hit_count": None}, {"hit_count": "many"}, {"hit_count": -1}, {"hit_count": True}]
)
def test_a_counter_that_is_not_there_is_not_zero(fortigate: Simulated, count: dict[str, t.Any]) -> None:
    fortigate.instead["GET monitor/firewall/policy"] = answer({"policyid": 9001, **count})
    first = rows(fortigate, "feed_push")[0]
    assert first["hits"] is None and "no hit_count for policy 9001" in first["why"]


def test_the_counter_of_another_policy_does_not_count(fortigate: Simulated) -> None:
    fortigate.instead["GET monitor/firewall/policy"] = answer({"policyid": 1, "hit_count": 5})
    assert [one["hits"] for one in rows(fortigate, "feed_push")] == [None, None]


@pytest.mark.parametrize("path", ["monitor/firewall/policy", "cmdb/firewall/policy"])
def test_what_cannot_be_read_has_its_reason(fortigate: Simulated, path: str) -> None:
    fortigate.instead[f"GET {path}"] = 403
    found = rows(fortigate, "feed_push")
    assert found and all(one["hits"] is None and "HTTP 403" in one["why"] for one in found)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "disable"},
        {"action": "accept"},
        {"srcaddr-negate": "enable"},
        {"srcaddr": names("other"), "srcaddr6": names("other")},
    ],
)
def test_a_policy_that_does_not_deny_by_the_list_has_no_row(fortigate: Simulated, change: dict[str, t.Any]) -> None:
    fortigate.configure("firewall/policy", {"policyid": 9001, **change})
    assert [one["policyid"] for one in rows(fortigate, "feed_push")] == [9002]


def test_other_lists_of_the_same_policy_are_named(fortigate: Simulated) -> None:
    fortigate.configure("firewall/address", {"name": "partner", "subnet": "192.0.2.0/24"})
    fortigate.configure(
        "firewall/policy", {"policyid": 9001, "srcaddr": names("soc-block", "partner"), "logtraffic": "disable"}
    )
    first = rows(fortigate, "feed_push")[0]
    assert first["others"] == ["SOC-BLOCK6", "partner"] and first["logs"] is False


def test_a_group_around_the_group_counts(fortigate: Simulated) -> None:
    fortigate.configure("firewall/addrgrp", {"name": "outer", "member": names("SOC-BLOCK")})
    fortigate.configure("firewall/addrgrp", {"name": "outmost", "member": names("outer")})
    fortigate.configure(
        "firewall/policy", {"policyid": 9001, "srcaddr": names("outmost"), "srcaddr6": names("soc-block")}
    )
    assert [one["policyid"] for one in rows(fortigate, "addrgrp")] == [9001, 9002]


def test_a_group_without_it_does_not(fortigate: Simulated) -> None:
    fortigate.configure("firewall/addrgrp", {"name": "partners", "member": names("blk-placeholder")})
    fortigate.policy(7, "deny", "partners")
    assert [one["policyid"] for one in rows(fortigate, "addrgrp")] == [9001, 9002]


def test_each_vdom_has_its_own_policies(fortigate: Simulated) -> None:
    given = options()
    made = [method_of(one, given.lists, given, fortigate.context) for one in ("feed_push", "ban")]
    found = [look(one, vdom, given, fortigate.context, enforced=False) for vdom in ("root", "guest") for one in made]
    fortigate.configure("firewall/policy", {"policyid": 9001, "status": "disable"}, "guest")
    assert [(one["vdom"], one["policyid"], len(one["lists"])) for one in counters(found, fortigate.context)] == [
        ("root", 9001, 1), ("root", 9002, 1), ("guest", 9002, 1),
    ]  # fmt: skip


def test_bans_have_no_policy(fortigate: Simulated) -> None:
    fortigate.reads.clear()
    assert rows(fortigate, "ban") == [] and fortigate.reads == ["monitor/user/banned"]
