# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bans: what a FortiGate says of them, when one is made again, and what a roll back may remove."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGateError
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.ban import CHUNK, Ban, is_short, spans
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.base import (
    Entry,
    Reading,
    Wish,
    Writes,
)
from unit.blocking.support import ADDRESS, NOW, OTHER, SIX, Simulated, scripted

HOUR = 3600


def read(*bans: dict[str, t.Any]) -> dict[str, Entry]:
    return Ban().read(scripted(lambda _method, _path, _body: list(bans)).vdom("root")).entries


def ban(address: str = ADDRESS, lasts: t.Optional[int] = HOUR, ago: float = 0, engine: str = "") -> Entry:
    created = NOW - ago
    ends = None if lasts is None else created + lasts
    return Entry(address, address, engine or "Administrative", engine, created_at=created, expires_at=ends)


@pytest.mark.parametrize(
    "source, engine",
    [
        ("IPS", "IPS"), ("DOS", "DOS"), ("AV", "AV"), ("ips sensor", "ips sensor"), ("DoS-policy", "DoS-policy"), ("quarantine", "quarantine"),
        # Releases differ in the name of an administrator's ban.
        ("Administrative", ""), ("Manual", ""), ("api", ""), ("", ""), (None, ""), ("ipsec-admin", ""),
    ],
)  # fmt: skip
def test_who_made_a_ban(source: t.Optional[str], engine: str) -> None:
    assert read({"ip_address": ADDRESS, "source": source})[ADDRESS].engine == engine


@pytest.mark.parametrize(
    "ends", [{}, {"expires": None}, {"expires": 0}, {"expires": "0"}, {"expires": ""}, {"expires": "indefinite"}]
)
def test_a_permanent_ban_in_each_form(ends: dict[str, t.Any]) -> None:
    assert read({"ip_address": ADDRESS, "source": "Manual", **ends})[ADDRESS].expires_at is None


@pytest.mark.parametrize("ends", [1772379000, "1772379000", 1772379000.5])
def test_the_end_of_a_ban(ends: object) -> None:
    assert int(read({"ip_address": ADDRESS, "expires": ends})[ADDRESS].expires_at or 0) == 1772379000


@pytest.mark.parametrize("ends", ["soon", -5, True, [1], "2026-03-01 15:30"])
def test_an_end_that_is_no_time_is_not_called_permanent(ends: object) -> None:
    with pytest.raises(FortiGateError, match="which is not a valid time"):
        read({"ip_address": ADDRESS, "expires": ends})


def test_an_address_in_another_spelling_is_the_same(fortigate: Simulated) -> None:
    assert set(read({"ip_address": "2001:DB8:BAD:0::7"}, {"ip_address": "::ffff:198.51.100.7"})) == {SIX, ADDRESS}


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_bans_the_one_of_an_engine_counts(order: int) -> None:
    both = [{"ip_address": ADDRESS, "source": "IPS"}, {"ip_address": ADDRESS, "source": "Manual"}][::order]
    assert read(*both)[ADDRESS].engine == "IPS"


@pytest.mark.parametrize(
    "entry, ttl, short",
    [
        (ban(), HOUR, False),
        (ban(ago=2000), HOUR, True),
        (ban(lasts=600), HOUR, True),
        (ban(), 0, True),
        # Never shortened: one that was made for longer, or for ever.
        (ban(lasts=86400, ago=86000), HOUR, False),
        (ban(lasts=None), HOUR, False),
        (ban(lasts=None), 0, False),
        (ban()._replace(created_at=None), HOUR, False),
        # The clock of the FortiGate is hours off: the rest is not known, so it is made again.
        (ban(ago=-7200), HOUR, True),
        (ban(ago=7200), HOUR, True),
    ],
)
def test_when_a_ban_is_made_again(entry: Entry, ttl: int, short: bool) -> None:
    assert is_short(entry, ttl, NOW) == short


@pytest.mark.parametrize(
    "lasts, ttl, same",
    [(HOUR, HOUR, True), (HOUR + 60, HOUR, True), (HOUR + 61, HOUR, False), (66, 60, True), (67, 60, False),
     (None, 0, True), (None, HOUR, False), (HOUR, 0, False)],
)  # fmt: skip
def test_a_ban_of_just_this_time(lasts: t.Optional[int], ttl: int, same: bool) -> None:
    assert spans(ban(lasts=lasts), ttl) == same


def test_many_addresses_take_one_write_for_each_part_and_time(fortigate: Simulated) -> None:
    wishes = [Wish(f"198.51.{n // 250}.{n % 250 + 1}", HOUR) for n in range(CHUNK + 1)]
    Ban().change(fortigate.vdom, Reading({}), Writes(add=(*wishes, Wish(SIX, 0)))).write()
    assert [(len(body["ip_addresses"]), body["expiry"]) for _method, _path, body in fortigate.writes] == [
        (1, 0),
        (CHUNK, HOUR),
        (1, HOUR),
    ]
    assert len(fortigate.banned()) == CHUNK + 2


@pytest.mark.parametrize(
    "now, missing",
    [
        (ban(), False), (None, True), (ban(lasts=60), True), (ban(lasts=None), True),
        # The engine's ban ends when the engine wants.
        (ban(engine="IPS"), True),
    ],
)  # fmt: skip
def test_a_new_ban_is_believed_when_it_has_the_requested_time(now: t.Optional[Entry], missing: bool) -> None:
    change = Ban().change(scripted(lambda *_: []).vdom("root"), Reading({}), Writes(add=(Wish(ADDRESS, HOUR),)))
    assert bool(change.missing_in(Reading({now.address: now} if now else {}))) == missing


def test_an_extended_ban_must_end_later_than_before() -> None:
    before, writes = ban(ago=2000), Writes(extend=(Wish(ADDRESS, HOUR),))
    change = Ban().change(scripted(lambda *_: []).vdom("root"), Reading({ADDRESS: before}), writes)
    assert change.missing_in(Reading({ADDRESS: before})) == [ADDRESS]
    assert change.missing_in(Reading({ADDRESS: ban()})) == []
    # A release may keep the time at which the ban was first made.
    kept = before._replace(expires_at=NOW + HOUR)
    assert change.missing_in(Reading({ADDRESS: kept})) == [] and change.lasting(Reading({ADDRESS: kept})) == [ADDRESS]
    # It ends a minute later, and not an hour from now.
    assert change.missing_in(Reading({ADDRESS: before._replace(created_at=NOW - 60, expires_at=NOW + 1700)})) == [
        ADDRESS
    ]
    assert change.lasting(Reading({ADDRESS: before})) == [] and change.lasting(None) == [ADDRESS]


def test_a_ban_that_an_engine_makes_meanwhile_is_no_failed_removal() -> None:
    change = Ban().change(scripted(lambda *_: []).vdom("root"), Reading({ADDRESS: ban()}), Writes(remove=(ADDRESS,)))
    assert change.missing_in(Reading({ADDRESS: ban()})) == [ADDRESS]
    assert change.missing_in(Reading({ADDRESS: ban(engine="IPS")})) == []


def test_a_roll_back_leaves_the_bans_of_others(fortigate: Simulated) -> None:
    writes = Writes(add=(Wish(ADDRESS, HOUR), Wish(OTHER, HOUR), Wish(SIX, HOUR)))
    change = Ban().change(fortigate.vdom, Reading({}), writes)
    change.write()
    # Meanwhile an engine bans one of them, and another run bans the next for a day.
    fortigate.ban(OTHER, source="IPS")
    fortigate.ban(SIX, seconds=86400)
    change.undo()
    assert fortigate.banned() == [OTHER, SIX]
    assert change.left(Ban().read(fortigate.vdom)) == [SIX], "it blocks, whoever made it"
