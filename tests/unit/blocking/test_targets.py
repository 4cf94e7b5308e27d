# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Targets as playbooks, surveys and hunts give them, and how two of the same address become one."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import (
    Target,
    merged,
    parse_targets,
    parse_ttl,
)
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from unit.blocking.support import ADDRESS, OTHER, SIX


def one(target: t.Any) -> Target:
    (found,) = parse_targets([target])
    return found


@pytest.mark.parametrize(
    "said, address",
    [
        ("2001:DB8:BAD:0:0::7", SIX),
        ("::ffff:198.51.100.7", ADDRESS),
        ("198.51.100.7/32", ADDRESS),
        (f"{SIX}/128", SIX),
        ("198.51.100.0/24", "198.51.100.0/24"),
    ],
)
def test_an_address_has_one_spelling(said: str, address: str) -> None:
    assert one(said).address == address


@pytest.mark.parametrize("said", ["evil.example.com", "198.51.100.0-198.51.100.9", "198.051.100.7", f"{SIX}%eth0"])
def test_what_is_no_address_is_kept_to_be_refused_by_its_text(said: str) -> None:
    assert one(said).network is None and one(said).address == said


@pytest.mark.parametrize("wanted", ["", " ", [], (), {"offenders": []}])
def test_an_empty_list_is_no_target(wanted: t.Any) -> None:
    assert parse_targets(wanted) == []


@pytest.mark.parametrize(
    "given, why",
    [
        ({"role": "victim"}, "victim"),
        ({"refused": "protected: interface wan1"}, "already refused"),
        ({"ip": OTHER}, "its fields ip and address differ"),
    ],
)
def test_what_a_hunt_holds_against_an_address_stays_with_it(given: dict[str, t.Any], why: str) -> None:
    held = one({"address": ADDRESS, **given})
    assert why in held.objection
    person = one(ADDRESS)
    assert merged(held, person, 3600).objection == merged(person, held, 3600).objection == held.objection


def test_two_spellings_of_one_address_do_not_contradict_each_other() -> None:
    assert one({"address": SIX, "ip": "2001:DB8:BAD::0:7"}).objection == ""


def test_a_person_decides_over_a_hunt() -> None:
    hunted, person = one({"address": ADDRESS, "role": "attacker"}), one(ADDRESS)
    assert hunted.hunted and not person.hunted
    assert not merged(hunted, person, 3600).hunted and not merged(person, hunted, 3600).hunted


@pytest.mark.parametrize(
    "first, second, lasts",
    [(600, 7200, 7200), (None, 600, 3600), (None, None, 3600), (0, 604800, 0), (None, 0, 0)],
)
def test_the_longer_time_counts_and_permanent_is_the_longest(
    first: t.Optional[int], second: t.Optional[int], lasts: int
) -> None:
    pair = [Target(ADDRESS, ttl=first), Target(ADDRESS, ttl=second)]
    assert merged(*pair, 3600).ttl == merged(*reversed(pair), 3600).ttl == lasts


@pytest.mark.parametrize(
    "first, second, side",
    [
        ("source", "destination", "both"), ("destination", "destination", "destination"), ("source", "source", "source"),
        ("both", "source", "both"), ("destination", "", "both"), ("source", "", ""), ("", "", ""),
    ],
)  # fmt: skip
def test_a_side_that_is_not_known_never_narrows_the_other(first: str, second: str, side: str) -> None:
    pair = [Target(ADDRESS, side=first), Target(ADDRESS, side=second)]
    assert merged(*pair, 3600).side == merged(*reversed(pair), 3600).side == side


def test_of_its_victims_only_addresses_are_kept() -> None:
    given = ["203.0.113.1", "mail.example.com", "", None, "2001:db8:1::1"]
    assert one({"address": ADDRESS, "victims": given}).victims == ("203.0.113.1", "2001:db8:1::1")


@pytest.mark.parametrize("value, seconds", [("7d", 604800), ("1m", 60), (60, 60), ("90S", 90)])
def test_the_shortest_and_the_longest_block(value: object, seconds: int) -> None:
    assert parse_ttl(value, False) == seconds
    with pytest.raises(InvalidInput, match="between 60 and 604800"):
        parse_ttl(seconds + 604800, False)


def test_the_same_address_twice_keeps_both() -> None:
    one, other, same = parse_targets([{"address": ADDRESS, "ticket": ticket} for ticket in ("CHG-1", "CHG-2", "CHG-1")])
    assert merged(one, other, 3600).ticket == "CHG-1, CHG-2" and merged(one, same, 3600).ticket == "CHG-1"
