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
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim, Pardon, Place
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets

NOW = 1_000_000.0
FEED = FeedPush("soc-block")
ADDRESS = "198.51.100.7"


def place(method: str) -> Place:
    return Place(serial="S", host="fgt", vdom="root", method=method, list="" if method == "ban" else "soc-block")


def claim(method: str, left: t.Optional[float], ttl: int = 3600, **more: t.Any) -> Claim:
    ends = None if left is None else NOW + left
    return Claim(
        place=place(method),
        address=ADDRESS,
        run_id="r1",
        user="anna",
        claimed_at=NOW - 60,
        expires_at=ends,
        ttl=ttl,
        state="active",
    )._replace(**more)


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
    assert "not in the registry" in planned(FEED, listed(FEED, [entry()])).why


def test_what_a_person_unblocked_is_left_alone_by_hunts_only() -> None:
    pardon = Pardon(
        serial="S", host="fgt", address=ADDRESS, user="anna", run_id="r0", given_at=NOW - 10, until=NOW + 1000
    )
    found = listed(FEED, [], pardons={ADDRESS: pardon})
    targets = [{"address": ADDRESS, "role": "attacker"}]
    hunted = planned(FEED, found, targets)
    assert hunted.action == "pardoned" and hunted.why.startswith("anna unblocked it at ")
    unknown = listed(FEED, [], pardons={ADDRESS: pardon._replace(user="unknown")})
    assert planned(FEED, unknown, targets).why.startswith("an unknown user unblocked it at ")
    assert planned(FEED, found).action == "add"


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
