# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what is on a list to what happens to each target."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import ownership, planning
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.ban import Ban
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.base import Entry, Method, Reading
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.feed_push import (
    FeedPush,
    not_applied,
    reading_of,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim, Pardon, Place
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets

NOW = 1_000_000.0
FEED = FeedPush("soc-block")
ADDRESS = "198.51.100.7"


def place(method: str) -> Place:
    return Place("S", "fgt", "root", method, "" if method == "ban" else "soc-block")


def claim(method: str, left: t.Optional[float], ttl: int = 3600, **more: t.Any) -> Claim:
    ends = None if left is None else NOW + left
    return Claim(place(method), ADDRESS, "r1", "anna", NOW - 60, ends, ttl, state="active")._replace(**more)


def listed(method: Method, entries: t.Sequence[Entry], claims: t.Sequence[Claim] = (), **more: t.Any) -> planning.List:
    reading = Reading({one.address: one for one in entries})
    standing: dict[str, list[Claim]] = {}
    for one in claims:
        standing.setdefault(one.address, []).append(one)
    return planning.List(
        "root", reading, ownership.known_of(place(method.name), reading, standing, NOW), more.get("pardons", {})
    )


def planned(method: Method, found: planning.List, wanted: t.Any = (ADDRESS,), ttl: int = 3600) -> planning.Step:
    (step,) = planning.plan_present(method, found, parse_targets(list(wanted), True), ttl, NOW)
    return step


def ban(left: float = 3000, lasts: float = 3600, **more: t.Any) -> Entry:
    return Entry(ADDRESS, ADDRESS, "Administrative", created_at=NOW + left - lasts, expires_at=NOW + left)._replace(
        **more
    )


def entry(**more: t.Any) -> Entry:
    return Entry(ADDRESS, ADDRESS)._replace(**more)


@pytest.mark.parametrize(
    "method, entries, claims, action",
    [
        (Ban(), [], [], "add"),
        (Ban(), [ban()], [], "keep"),
        (Ban(), [ban(left=1000)], [], "extend"),
        (Ban(), [ban(source="IPS", engine="IPS")], [], "banned by the FortiGate"),
        (Ban(), [ban(source="Manual")], [], "keep"),
        (Ban(), [ban(left=90000, lasts=600000)], [], "keep"),
        # The clock of the FortiGate is two hours off: what the registry knows decides.
        (Ban(), [ban(left=3000 + 7200)], [claim("ban", 3000)], "keep"),
        (Ban(), [ban(left=3000 - 7200)], [claim("ban", 3000)], "keep"),
        (Ban(), [ban(left=3000 + 7200)], [claim("ban", 1000)], "extend"),
        (FEED, [], [], "add"),
        # It was blocked once, and somebody has removed it: the claim alone blocks nothing.
        (FEED, [], [claim("feed_push", 3000)], "add"),
        (FEED, [entry()], [claim("feed_push", 3000)], "keep"),
        (FEED, [entry()], [claim("feed_push", 1000)], "extend"),
        (FEED, [entry()], [claim("feed_push", None, 0)], "keep"),
        (FEED, [entry()], [claim("feed_push", 1000), claim("feed_push", 3000, run_id="r2")], "keep"),
        (FEED, [entry()], [], "keep"),
    ],
)
def test_actions(method: Method, entries: list[Entry], claims: list[Claim], action: str) -> None:
    assert planned(method, listed(method, entries, claims)).action == action


def test_an_entry_that_the_registry_does_not_know_is_said() -> None:
    assert "does not know" in planned(FEED, listed(FEED, [entry()])).why


def test_what_a_person_unblocked_is_left_alone_by_hunts_only() -> None:
    pardon = Pardon("S", "fgt", ADDRESS, "anna", "r0", NOW - 10, NOW + 1000)
    found = listed(FEED, [], pardons={ADDRESS: pardon})
    hunted = planned(FEED, found, [{"address": ADDRESS, "role": "attacker"}])
    assert hunted.action == "pardoned" and "anna" in hunted.why
    assert planned(FEED, found).action == "add"


def test_an_expired_claim_of_a_ban_says_nothing_about_a_later_ban() -> None:
    found = listed(Ban(), [ban()], [claim("ban", -10)])
    assert found.known == {}
    # An entry of a list stays there until it is removed.
    assert ADDRESS in listed(FEED, [entry()], [claim("feed_push", -10)]).known


def test_marks_count_without_the_registry_and_the_later_end_counts() -> None:
    marked = entry(run_id="4711", expires_at=NOW + 100)
    method = FeedPush("x")
    assert listed(method, [marked]).known[ADDRESS].expires_at == NOW + 100
    assert listed(method, [marked], [claim("feed_push", 50)]).known[ADDRESS].expires_at == NOW + 100
    assert listed(method, [marked], [claim("feed_push", 500)]).known[ADDRESS].expires_at == NOW + 500
    assert listed(method, [entry(run_id="4711")], [claim("feed_push", 500)]).known[ADDRESS].expires_at is None


def test_only_ours_count_for_the_limit() -> None:
    others = [Entry(f"203.0.113.{number}", f"203.0.113.{number}", "DOS", engine="DOS") for number in range(20)]
    found = listed(Ban(), others)
    steps = planning.plan_present(Ban(), found, parse_targets([ADDRESS, "198.51.100.8"]), 3600, NOW)
    assert list(planning.verdicts(found, steps, planning.Limits(2))) == []
    (said,) = planning.verdicts(found, steps, planning.Limits(1))
    assert "fortigate_block_max_active" in said


def test_a_managed_fortigate_is_not_changed_unless_permitted() -> None:
    found = listed(FEED, [])
    steps = [planned(FEED, found)]
    assert any("FortiManager" in said for said in planning.verdicts(found, steps, planning.Limits(drifts=True)))
    assert list(planning.verdicts(found, steps, planning.Limits())) == []


@pytest.mark.parametrize("wide", ["198.51.100.0/24", "198.51.100.0-198.51.100.9", "198.51.100.4/16"])
def test_a_network_or_range_covers_its_addresses(wide: str) -> None:
    assert [one.text for one in reading_of([wide]).holding(ADDRESS)] == [wide]
    both = [wide, ADDRESS, "198.51.100.99"]
    assert [one.text for one in reading_of(both).holding(ADDRESS)] == [ADDRESS, wide], "its own first"


@pytest.mark.parametrize("odd", ["198.51.100.9-198.51.100.0", "198.51.100.0-", "198.51.100.0-2001:db8::1", "a-b", "-"])
def test_an_entry_that_is_no_range_covers_nothing(odd: str) -> None:
    assert reading_of([odd]).holding(ADDRESS) == []


def test_a_network_that_is_looked_for_finds_the_addresses_in_it() -> None:
    found = reading_of(["198.51.100.7", "203.0.113.7"]).holding("198.51.100.0/24")
    assert [one.address for one in found] == ["198.51.100.7"]


@pytest.mark.parametrize(
    "content, broken",
    [
        ({"status": "enable", "accepted_count": 3}, False),
        ({"status": "disable"}, True),
        ({"resource_file_status": "Missing"}, True),
        ({"accepted_count": "2"}, True),
        ({"overflow": True}, True),
    ],
)
def test_a_feed_that_is_not_applied(content: dict[str, t.Any], broken: bool) -> None:
    assert bool(not_applied(content, 3)) == broken
