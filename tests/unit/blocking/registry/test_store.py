# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the registry remembers, the same on both engines."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import (
    Claim,
    Pardon,
    Place,
    Remembered,
    Repeat,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import Registry, open_registry

from support.registries import FEED, START, Clock, claim

ONE, TWO, THREE = "203.0.113.1", "203.0.113.2", "2001:db8::3"
FILE = Place(serial="", host="", vdom="", method="feed_file", list="/srv/feeds/block.txt")


def states(found: t.Mapping[str, t.Sequence[Claim]]) -> dict[str, list[tuple[str, str]]]:
    return {address: [(one.run_id, one.state) for one in claims] for address, claims in found.items()}


def test_a_claim_comes_back_as_it_was(registry: Registry) -> None:
    full = Claim(
        place=FEED,
        address=ONE,
        run_id="42",
        user="müller",
        claimed_at=START + 0.25,
        expires_at=START + 3600.5,
        ttl=3600,
        reasons=("scan", "x"),
        threats=("Sig.A",),
        state="unverified",
        ticket="CHG-7",
        approver="jürgen",
    )
    registry.attempt([full])
    assert registry.standing(FEED) == {ONE: [full]}
    assert registry.find() == [full]


def test_nothing_is_an_answer(registry: Registry) -> None:
    assert registry.standing(FEED) == {} and registry.find() == [] and registry.find([]) == []
    registry.attempt([])
    registry.confirm(FEED, "1", [])
    registry.adopt(FEED, [])
    registry.end(FEED, [], "removed")
    registry.forget_pardons("FG1", "", [])
    registry.repeat([])
    registry.forget_repeats([])
    assert registry.repeats([]) == {} and registry.repeats([ONE]) == {}
    assert registry.history() == [] and registry.remembered() == [] and registry.pardons("FG1", "fgt-hq") == {}


def test_claims_of_an_address_are_in_the_order_of_their_time(registry: Registry) -> None:
    registry.attempt([claim(run_id="b", claimed_at=START + 1), claim(run_id="c", claimed_at=START), claim(TWO)])
    assert [one.run_id for one in registry.standing(FEED)[ONE]] == ["c", "b"]


def test_a_second_attempt_of_a_run_replaces_the_first(registry: Registry) -> None:
    registry.attempt([claim(reasons=("old",))])
    registry.attempt([claim(reasons=("new",), expires_at=START + 60)])
    assert registry.find() == [claim(reasons=("new",), expires_at=START + 60)]


def test_an_attempt_opens_an_ended_claim_again(registry: Registry) -> None:
    registry.attempt([claim()])
    registry.end(FEED, [ONE], "removed")
    assert registry.standing(FEED) == {}
    registry.attempt([claim()])
    assert registry.find() == [claim()] and registry.history() == []


def test_confirming_is_for_the_claims_of_the_run(registry: Registry) -> None:
    registry.attempt([claim(), claim(TWO), claim(run_id="2")])
    registry.confirm(FEED, "1", [ONE])
    registry.confirm(FEED, "1", [TWO], "unverified")
    assert states(registry.standing(FEED)) == {ONE: [("1", "active"), ("2", "attempted")], TWO: [("1", "unverified")]}


def test_confirming_opens_an_ended_claim_again(registry: Registry) -> None:
    registry.attempt([claim()])
    registry.end(FEED, [ONE], "rolled_back")
    registry.confirm(FEED, "1", [ONE], "left")
    assert states(registry.standing(FEED)) == {ONE: [("1", "left")]} and registry.history() == []


def test_what_was_seen_is_adopted_for_every_run(registry: Registry) -> None:
    registry.attempt([claim(), claim(run_id="2", state="left"), claim(run_id="3", state="unverified"), claim(TWO)])
    registry.end(FEED, [ONE], "removed", run_id="1")
    registry.adopt(FEED, [ONE])
    assert states(registry.standing(FEED)) == {ONE: [("2", "active"), ("3", "unverified")], TWO: [("1", "attempted")]}


def test_what_is_about_to_be_removed_is_in_doubt_for_every_run(registry: Registry) -> None:
    registry.attempt([claim(state="active"), claim(run_id="2", state="unverified"), claim(TWO, state="active")])
    registry.doubt(FEED, [ONE])
    assert states(registry.standing(FEED)) == {ONE: [("1", "left"), ("2", "left")], TWO: [("1", "active")]}
    registry.end(FEED, [ONE], "removed")
    registry.doubt(FEED, [ONE])
    assert states(registry.standing(FEED)) == {TWO: [("1", "active")]} and len(registry.history()) == 2


def test_the_end_of_one_run_leaves_the_claim_of_the_other(registry: Registry) -> None:
    registry.attempt([claim(), claim(run_id="2")])
    registry.end(FEED, [ONE], "rolled_back", run_id="1")
    assert states(registry.standing(FEED)) == {ONE: [("2", "attempted")]}


def test_ended_claims_are_history(registry: Registry, clock: Clock) -> None:
    registry.attempt([claim(), claim(TWO), claim(THREE)])
    for address, outcome in ((ONE, "removed"), (TWO, "expired"), (THREE, "lost")):
        clock.sleep(1)
        registry.end(FEED, [address], outcome)
    registry.end(FEED, [ONE], "lost")  # it has ended: how is not overwritten
    assert [(one.claim.address, one.outcome, one.ended_at - START) for one in registry.history()] == [
        (THREE, "lost", 3),
        (TWO, "expired", 2),
        (ONE, "removed", 1),
    ]
    assert [one.claim for one in registry.history(ONE)] == [claim()]
    assert len(registry.history(limit=2)) == 2


def test_a_list_is_its_own(registry: Registry) -> None:
    others = [
        FEED._replace(vdom="guest"),
        FEED._replace(method="addrgrp"),
        FEED._replace(list="other"),
        FEED._replace(serial="FG2", host="fgt-branch"),
        FILE,
    ]
    registry.attempt([claim(place=place) for place in (FEED, *others)])
    registry.end(FEED, [ONE], "removed")
    assert registry.standing(FEED) == {}
    for place in others:
        assert registry.standing(place) == {ONE: [claim(place=place)]}
        registry.confirm(place, "1", [ONE])
        registry.end(place, [ONE], "removed")
    assert len(registry.history()) == 6 and {one.claim.state for one in registry.history()} == {"attempted", "active"}


@pytest.mark.parametrize(
    ("serial", "host", "same"),
    [
        ("FG1", "renamed", True),
        ("FG9", "fgt-hq", True),  # the other member of the cluster after a failover
        ("", "fgt-hq", True),
        ("FG1", "", True),
        ("FG9", "renamed", False),
        ("", "", False),
        ("fg1", "FGT-HQ", False),
    ],
)
def test_a_fortigate_is_known_by_serial_or_name(registry: Registry, serial: str, host: str, same: bool) -> None:
    place = FEED._replace(serial=serial, host=host)
    registry.attempt([claim()])
    registry.pardon(
        [Pardon(serial="FG1", host="fgt-hq", address=ONE, user="ann", run_id="1", given_at=START, until=START + 60)]
    )
    assert bool(registry.standing(place)) is same
    assert bool(registry.pardons(serial, host)) is same
    registry.confirm(place, "1", [ONE])
    registry.forget_pardons(serial, host, [ONE])
    assert bool(registry.pardons("FG1", "fgt-hq")) is not same
    registry.end(place, [ONE], "removed")
    assert bool(registry.history()) is same


def test_a_published_file_belongs_to_no_fortigate(registry: Registry) -> None:
    registry.attempt([claim(place=FILE), claim(place=FEED._replace(vdom="", method="feed_file", list=FILE.list))])
    assert registry.standing(FILE) == {ONE: [claim(place=FILE)]}


def test_claims_are_found_anywhere(registry: Registry) -> None:
    branch = FEED._replace(serial="FG2", host="fgt-branch")
    registry.attempt([claim(claimed_at=START + 2), claim(TWO), claim(place=branch, claimed_at=START + 1)])
    assert [(one.address, one.place.serial) for one in registry.find([ONE, TWO])] == [
        (TWO, "FG1"),
        (ONE, "FG2"),
        (ONE, "FG1"),
    ]
    assert [one.place for one in registry.find([ONE], host="fgt-branch")] == [branch]
    assert {one.address for one in registry.find(serial="FG1", host="unknown")} == {ONE, TWO}
    assert registry.find([THREE]) == [] and registry.find(serial="FG9") == []


def test_thousands_of_addresses_are_found(registry: Registry) -> None:
    many = [f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}" for number in range(1500)]
    registry.attempt([claim(address) for address in many])
    assert [one.address for one in registry.find([*many, *many])] == sorted(many)
    registry.end(FEED, many, "expired")
    assert registry.find(many) == [] and len(registry.history(limit=2000)) == 1500


def test_what_is_brought_changes_nothing_that_is_there(registry: Registry) -> None:
    registry.attempt([claim(), claim(TWO)])
    registry.end(FEED, [TWO], "removed")
    assert registry.bring([claim(state="active"), claim(TWO, state="active"), claim(THREE, state="active")]) == 1
    assert states(registry.standing(FEED)) == {ONE: [("1", "attempted")], THREE: [("1", "active")]}


def test_pardons_end(registry: Registry, clock: Clock) -> None:
    short, long = (
        Pardon(serial="FG1", host="fgt-hq", address=ONE, user="ann", run_id=run, given_at=START, until=START + time)
        for run, time in (("1", 60), ("2", 120))
    )
    registry.pardon([long._replace(serial="FG9"), short])
    assert registry.pardons("FG1", "fgt-hq") == {ONE: long._replace(serial="FG9")}
    assert registry.pardons("FG1", "") == {ONE: short}
    registry.pardon([short._replace(until=START + 90)])
    clock.time = START + 89
    assert registry.pardons("FG1", "")[ONE].until == START + 90
    clock.time = START + 90
    assert registry.pardons("FG1", "") == {}
    registry.pardon([])
    assert set(registry.pardons("", "fgt-hq")) == {ONE}


def test_what_a_fortigate_depends_on_is_replaced(registry: Registry, clock: Clock) -> None:
    registry.remember("FG1", "fgt-hq", [(ONE, "interface"), (TWO, "DNS")])
    registry.remember("FG2", "fgt-branch", [(ONE, "interface")])
    clock.sleep(5)
    registry.remember("FG1", "renamed", [(THREE, "route"), (THREE, "syslog")])
    assert registry.remembered() == [
        Remembered(serial="FG1", host="renamed", address=THREE, reason="syslog", seen_at=START + 5),
        Remembered(serial="FG2", host="fgt-branch", address=ONE, reason="interface", seen_at=START),
    ]
    registry.remember("FG3", "fgt-branch", [])  # the name moved to another FortiGate
    assert [one.serial for one in registry.remembered()] == ["FG1"]


def test_what_one_vdom_depends_on_does_not_replace_the_others(registry: Registry) -> None:
    registry.remember("FG1", "fgt-hq", [(ONE, "DNS")])
    registry.remember("FG1", "fgt-hq", [(TWO, "peer")], "root")
    registry.remember("FG1", "fgt-hq-guest", [(TWO, "guest peer"), (THREE, "pool")], "guest")
    registry.remember("FG1", "fgt-hq", [], "root")
    assert {(one.host, one.address, one.reason) for one in registry.remembered()} == {
        ("fgt-hq", ONE, "DNS"),
        ("fgt-hq-guest", TWO, "guest peer"),
        ("fgt-hq-guest", THREE, "pool"),
    }


def test_answers_grow_old(registry: Registry, clock: Clock) -> None:
    assert registry.answer("owner", ONE, 60) is None
    registry.keep_answer("owner", ONE, {"name": "Ünïcode \0 \ud800", "ids": [1, 2.5, None]})
    registry.keep_answer("policy", ONE, [])
    assert registry.answer("owner", ONE, 60) == {"name": "Ünïcode \0 \ud800", "ids": [1, 2.5, None]}
    assert registry.answer("policy", ONE, 60) == []
    clock.sleep(61)
    assert registry.answer("owner", ONE, 60) is None and registry.answer("owner", ONE, 61) is not None
    clock.time = START - 1
    assert registry.answer("owner", ONE, 60) is None
    clock.time = START + 40 * 86400
    registry.keep_answer("owner", ONE, "new")
    assert registry.answer("owner", ONE, 0) == "new"
    assert registry.answer("policy", ONE, 1e9) is None  # what nobody asked for in a month is forgotten


def test_many_answers_at_once(registry: Registry, clock: Clock) -> None:
    kept = {f"203.0.{number // 250}.{number % 250}": [number] for number in range(1200)}
    registry.keep_answers("owner", kept)
    registry.keep_answers("owner", {})
    registry.keep_answer("policy", ONE, "of another kind")
    odd = "a\0b"
    registry.keep_answer("owner", odd, "odd")
    assert registry.answers("owner", [*kept, odd, "203.0.255.1"], 60) == {**kept, odd: "odd"}
    assert registry.answers("owner", [], 60) == {}
    clock.sleep(61)
    assert registry.answers("owner", list(kept), 60) == {}


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("'; DROP TABLE fortiview_claims; -- \" ? %s %(x)s {{ 1 }}", None),
        ("\U0001f600 \u202e \u2028 \n\t\x1b[31m", None),
        ("A" * 1_000_000, None),
        ("a\0b", "a\ufffdb"),
        ("a\ud800b\udfff", "a\ufffdb\ufffd"),
        ("\ud83d\ude00", "\U0001f600"),
        ("\ufeffa", None),
        ("", None),
    ],
)
def test_hostile_text_is_stored_or_cleaned(registry: Registry, text: str, stored: t.Optional[str]) -> None:
    stored = text if stored is None else stored
    place = FEED._replace(list=text[:100])
    registry.attempt(
        [
            Claim(
                place=place,
                address=ONE,
                run_id="1",
                user=text,
                claimed_at=START,
                expires_at=None,
                ttl=0,
                reasons=(text,),
                threats=(text, text),
            )
        ]
    )
    registry.confirm(place, "1", [ONE])
    (found,) = registry.standing(place)[ONE]
    assert (found.user, found.reasons, found.threats, found.state) == (stored, (stored,), (stored, stored), "active")
    assert found.place.list == stored[:100]
    registry.remember("FG1", "", [(ONE, text)])
    assert [one.reason for one in registry.remembered()] == [stored]
    with registry.lock([place], 0, run_id=text[:100]):
        registry.end(place, [ONE], "removed")
    assert registry.standing(place) == {}


def test_words_that_nobody_knows_are_refused(registry: Registry) -> None:
    registry.attempt([claim()])
    with pytest.raises(ValueError, match="gone"):
        registry.end(FEED, [ONE], "gone")
    with pytest.raises(ValueError, match="done"):
        registry.confirm(FEED, "1", [ONE], "done")
    with pytest.raises(ValueError, match="new"):
        registry.attempt([claim(TWO), claim(state="new")])
    assert registry.find() == [claim()]


def test_it_outlives_its_connection(registry: Registry, where: str) -> None:
    registry.attempt([claim()])
    with open_registry(where) as second:
        assert second.find() == [claim()]


def test_repeated_blocks_are_remembered_until_they_are_forgotten(registry: Registry, clock: Clock) -> None:
    first = Repeat(address=ONE, step=1, blocked_until=START + 60, blocked_before=None, run_id="1")
    registry.repeat([first, Repeat(address=TWO, step=1, blocked_until=None, blocked_before=None, run_id="1")])
    assert registry.repeats([ONE, TWO, THREE]) == {
        ONE: first,
        TWO: Repeat(address=TWO, step=1, blocked_until=None, blocked_before=None, run_id="1"),
    }
    second = Repeat(address=ONE, step=2, blocked_until=START + 600, blocked_before=START + 60, run_id="2")
    registry.repeat([second])
    assert registry.repeats([ONE]) == {ONE: second}
    registry.forget_repeats([ONE])
    assert set(registry.repeats([ONE, TWO])) == {TWO}


def test_the_longest_block_of_an_address_counts(registry: Registry) -> None:
    for until, wanted in ((60, 60), (30, 60), (90, 90), (None, None), (120, None)):
        end = None if until is None else START + until
        registry.repeat([Repeat(address=ONE, step=1, blocked_until=end, blocked_before=None, run_id="1")])
        assert registry.repeats([ONE])[ONE].blocked_until == (None if wanted is None else START + wanted)


def test_a_repeated_block_is_forgotten_ninety_days_after_its_end(registry: Registry, clock: Clock) -> None:
    registry.repeat(
        [
            Repeat(address=ONE, step=3, blocked_until=START, blocked_before=None, run_id="1"),
            Repeat(address=TWO, step=1, blocked_until=None, blocked_before=None, run_id="1"),
        ]
    )
    clock.sleep(90 * 86400)
    registry.repeat([Repeat(address=THREE, step=1, blocked_until=clock.time, blocked_before=None, run_id="2")])
    assert set(registry.repeats([ONE, TWO, THREE])) == {ONE, TWO, THREE}
    clock.sleep(1)
    # Also before the next block removes the row.
    assert set(registry.repeats([ONE, TWO, THREE])) == {TWO, THREE}
    registry.repeat([Repeat(address=THREE, step=1, blocked_until=clock.time, blocked_before=None, run_id="2")])
    assert set(registry.repeats([ONE, TWO, THREE])) == {TWO, THREE}


def test_claims_of_a_ticket(registry: Registry, clock: Clock) -> None:
    """Open ones and ended ones, of this FortiGate and of published files."""
    elsewhere = FEED._replace(serial="FG2", host="fgt-branch")
    registry.attempt([claim(ticket="CHG7"), claim(TWO, ticket="CHG8"), claim(TWO, place=elsewhere, ticket="CHG7")])
    registry.attempt([claim(THREE, ticket="CHG7"), claim(THREE, place=FILE, ticket="CHG7")])
    registry.end(FEED, [THREE], "expired")
    found = registry.of_ticket("CHG7", FEED.serial, FEED.host)
    assert {(one.address, one.place.method, ended.outcome if ended else "") for one, ended in found} == {
        (ONE, "feed_push", ""),
        (THREE, "feed_file", ""),
        (THREE, "feed_push", "expired"),
    }
    ban = elsewhere._replace(method="ban", list="")
    registry.attempt([claim(ONE, place=ban, ticket="CHG7", expires_at=clock.time + 60)])
    others = [(one.address, one.place.method) for one in registry.of_ticket_elsewhere("CHG7", FEED.serial, FEED.host)]
    assert sorted(others) == [(ONE, "ban"), (TWO, "feed_push")]
    assert registry.of_ticket_elsewhere("CHG7", "FG2", "") == [claim(ticket="CHG7")]
    # A ban ends by itself, and entries of a list do not.
    clock.sleep(91 * 86400)
    assert [one.address for one in registry.of_ticket_elsewhere("CHG7", FEED.serial, FEED.host)] == [TWO]
    assert [ended for _claim, ended in registry.of_ticket("CHG7", FEED.serial, FEED.host)] == [None, None]
