# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unblocking is at least as sure as blocking: what can be removed is removed, and what still blocks an address is named.

See protocol_fortigate.rst, "Address groups", "Bans".
"""

from __future__ import annotations

import typing as t

import pytest

from blocking.fleet import Fleet, Run
from simulators.fortigate import FortiGate

TARGET, OTHER = "203.0.114.31", "203.0.114.77"
PUBLISHED = "203.0.113.10"
PREPARED = {"with_feed": True, "with_group": True, "with_policies": True}
# By name the method that blocks.
BOXES = {
    "in-use": "addrgrp",
    "same-address": "addrgrp",
    "range": "addrgrp",
    "foreign-name": "addrgrp",
    "fqdn": "addrgrp",
    "elsewhere": "feed_push",
    "wide": "feed_push",
    "engine": "ban",
    "unread": "ban",
    "clean": "ban",
    "policy": "feed_push",
    "denies-all": "feed_push",
}


class Story(t.NamedTuple):
    blocked: Run
    unblocked: Run
    again: Run


def member(box: FortiGate, group: str, name: str) -> None:
    old = next(one for one in box.objects("firewall/addrgrp") if one["name"] == group)
    box.configure("firewall/addrgrp", [{"name": group, "member": [*old["member"], {"name": name}]}])


def deny(box: FortiGate, source: str, move: str) -> None:
    """A colleague's policy."""
    places = {"srcintf": "any", "dstintf": "any", "srcaddr": source, "dstaddr": "all", "service": "ALL"}
    given = {key: [{"name": name}] for key, name in places.items()} | {"schedule": "always", "match-vip": "enable"}
    box.configure("firewall/policy", [{"policyid": 40, "name": "colleague", "action": "deny", **given}])
    if move:
        box.other_administrator("PUT", f"cmdb/firewall/policy/40?vdom=root&action=move&{move}")


@pytest.fixture(scope="module")
def story(fleet: Fleet) -> Story:
    for name, method in BOXES.items():
        fleet.box(name, PREPARED, method=method)
    group = fleet.boxes["foreign-name"]
    group.configure(
        "firewall/address", [{"name": "blk-badnet", "type": "iprange", "start-ip": "9.1.1.1", "end-ip": "9.1.1.9"}]
    )
    member(group, "SOC-BLOCK", "blk-badnet")
    blocked = fleet.play(targets=[TARGET, OTHER], protect_infra=False)
    use = fleet.boxes["in-use"]
    use.configure("firewall/addrgrp", [{"name": "ops-watch", "member": [{"name": f"blk-{TARGET}"}]}])
    same = fleet.boxes["same-address"]
    same.configure(
        "firewall/address", [{"name": "manual-block-1", "type": "ipmask", "subnet": f"{TARGET} 255.255.255.255"}]
    )
    member(same, "SOC-BLOCK", "manual-block-1")
    wide = fleet.boxes["range"]
    wide.configure(
        "firewall/address",
        [{"name": "evil-net", "type": "iprange", "start-ip": "203.0.114.1", "end-ip": "203.0.114.50"}],
    )
    member(wide, "SOC-BLOCK", "evil-net")
    name = fleet.boxes["fqdn"]
    name.configure("firewall/address", [{"name": "evil-name", "type": "fqdn", "fqdn": "evil.example.com"}])
    member(name, "SOC-BLOCK", "evil-name")
    fleet.boxes["wide"].other_administrator(
        "POST",
        "monitor/system/external-resource/dynamic",
        {"commands": [{"name": "soc-block", "command": "add", "entries": ["203.0.114.0/26"]}]},
    )
    engine = fleet.boxes["engine"]
    engine.other_administrator("POST", "monitor/user/banned/clear_users", {"ip_addresses": [TARGET]})
    engine.seed_bans([{"ip_address": TARGET, "source": "IPS"}])
    policy = fleet.boxes["policy"]
    policy.configure("firewall/address", [{"name": "bad-net", "subnet": "203.0.114.0/24"}])
    deny(policy, "bad-net", "before=9001")
    # The last one of many configurations: what nothing accepts is denied.
    deny(fleet.boxes["denies-all"], "all", "")
    fleet.boxes["unread"].fault("forbidden_html", method="GET", path="external-resource", times=99)
    # Without a method, as a person does it who does not remember.
    for box in fleet.boxes:
        fleet.forget(box, "method")
    unblocked = fleet.play("-v", entry="unblock", targets=[TARGET])
    return Story(blocked, unblocked, fleet.play(entry="unblock", targets=[TARGET]))


def test_all_of_it_was_blocked(fleet: Fleet, story: Story) -> None:
    assert [name for name, outcome in story.blocked.outcomes.items() if outcome.failed] == []


@pytest.mark.parametrize("name", ["in-use", "foreign-name", "elsewhere", "clean", "denies-all"])
def test_it_is_unblocked_wherever_it_is(fleet: Fleet, story: Story, name: str) -> None:
    box, outcome = fleet.boxes[name], story.unblocked.outcomes[name]
    assert not outcome.failed, outcome.said
    assert box.passes(TARGET, PUBLISHED) and not box.passes(OTHER, PUBLISHED)


def test_a_list_that_cannot_be_read_stops_none_of_the_others(fleet: Fleet, story: Story) -> None:
    outcome = story.unblocked.outcomes["unread"]
    assert fleet.boxes["unread"].passes(TARGET, PUBLISHED) and outcome.changed == 0
    assert outcome.failed and "could not be read" in outcome.said and "external-resource" in outcome.said


@pytest.mark.parametrize(
    "name, words",
    [
        ("same-address", "manual-block-1 covers it"),
        ("range", "evil-net covers it"),
        ("wide", "203.0.114.0/26 covers it"),
        ("engine", "banned by IPS"),
    ],
)
def test_what_still_blocks_it_is_named(fleet: Fleet, story: Story, name: str, words: str) -> None:
    box, outcome = fleet.boxes[name], story.unblocked.outcomes[name]
    assert not box.passes(TARGET, PUBLISHED)
    assert outcome.failed and f"{TARGET} is still blocked in" in outcome.said and words in outcome.said


def test_what_a_policy_of_a_colleague_denies_is_not_called_absent(fleet: Fleet, story: Story) -> None:
    box = fleet.boxes["policy"]
    assert not box.passes(TARGET, PUBLISHED) and TARGET not in box.feed("soc-block")
    for run in (story.unblocked, story.again):
        outcome = run.outcomes["policy"]
        assert (
            outcome.failed
            and f"{TARGET} is still blocked in VDOM root: policy 40 'colleague' denies it" in outcome.said
        )
    results = [line["result"] for line in fleet.lines("policy") if line["method"] == "feed_push"]
    assert results == ["blocked", "blocked", "removed", "blocked elsewhere"]


def test_an_object_in_use_stays_outside_of_the_group_and_the_next_run_is_quiet(fleet: Fleet, story: Story) -> None:
    box = fleet.boxes["in-use"]
    assert f"blk-{TARGET}" not in box.members("SOC-BLOCK")
    assert f"blk-{TARGET}" in {one["name"] for one in box.objects("firewall/address")}
    assert story.unblocked.outcomes["in-use"].changed == 1
    assert story.again.outcomes["in-use"].changed == 0 and not story.again.outcomes["in-use"].failed


def test_members_whose_addresses_are_not_known_are_named(story: Story) -> None:
    assert not story.unblocked.outcomes["fqdn"].failed
    assert "evil-name" in story.unblocked.output


def test_members_of_colleagues_stay(fleet: Fleet, story: Story) -> None:
    for name, object_name in (
        ("same-address", "manual-block-1"),
        ("range", "evil-net"),
        ("foreign-name", "blk-badnet"),
    ):
        assert object_name in fleet.boxes[name].members("SOC-BLOCK")
