# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which side of a row attacked, and what is not an address (protocol_fortianalyzer.rst, "Attacker and victim")."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._hunting.sightings import (
    NO_ROLE,
    Sighting,
    sightings,
)
from ansible_collections.secops.fortiview.plugins.module_utils._query.rows import canonical

OUT, OUT_TOO, OURS, OURS_TOO = "198.51.100.9", "203.0.113.10", "10.1.2.3", "172.16.1.10"
OUT6, OURS6 = "2001:db8:bad::7", "fd00::20"
IPS, VIRUS, BOTNET, WEB = (
    {"threat": "SQL.Injection", "threattype": "ips"},
    {"threat": "W32/Emotet", "threattype": "virus"},
    {"threat": "Mirai.Botnet", "threattype": "ips"},
    {"threat": "bad.example.net", "threattype": "Malicious Websites"},
)
NOBODY = None


def seen(row: dict[str, t.Any], masked: t.Collection[str] = (), view: str = "threat-src-dst") -> list[Sighting]:
    return sightings(canonical(row), view, "root", masked, "way")


def roles(row: dict[str, t.Any], view: str = "threat-src-dst") -> list[tuple[str, t.Optional[str]]]:
    return [(one.address, one.role) for one in seen(row, view=view)]


@pytest.mark.parametrize(
    "kind, source, target, direction, attacker_and_victim",
    [
        # An attack by signature comes from its source.
        (IPS, OUT, OURS, "incoming", ("attacker", "victim")),
        (IPS, OUT, OURS, None, ("attacker", "victim")),
        (IPS, OUT, OURS, "outgoing", ("attacker", "victim")),
        (IPS, OUT6, OURS6, "incoming", ("attacker", "victim")),
        # The published address of our own server stands in front of it.
        (IPS, OUT, OUT_TOO, "incoming", ("attacker", "victim")),
        # From one of ours to one of ours: the one that came.
        (IPS, OURS, OURS_TOO, None, ("attacker", "victim")),
        # From one of ours to the outside: it is infected, and whom it attacks may be innocent.
        (IPS, OURS, OUT, "outgoing", ("victim", NOBODY)),
        (IPS, OURS, OUT, "incoming", ("victim", NOBODY)),
        # What one of ours fetched or called makes the other side the attacker.
        (BOTNET, OURS, OUT, "outgoing", ("victim", "attacker")),
        (VIRUS, OURS, OUT, "incoming", ("victim", "attacker")),
        (WEB, OURS, OUT, None, ("victim", "attacker")),
        # Two public addresses, and nothing that tells which is ours.
        (IPS, OUT, OUT_TOO, None, (NOBODY, NOBODY)),
        (IPS, OUT, OUT_TOO, "outgoing", (NOBODY, NOBODY)),
        (BOTNET, OUT, OUT_TOO, "incoming", (NOBODY, NOBODY)),
        (VIRUS, OUT, OUT_TOO, "incoming", (NOBODY, NOBODY)),
    ],
)
def test_roles_of_a_pair(
    kind: dict[str, str],
    source: str,
    target: str,
    direction: t.Optional[str],
    attacker_and_victim: tuple[t.Optional[str], t.Optional[str]],
) -> None:
    row = {**kind, "srcip": source, "dstip": target, "direction": direction}
    assert roles(row) == list(zip((source, target), attacker_and_victim))


@pytest.mark.parametrize(
    "view, row, expected",
    [
        ("source-threat", {**IPS, "srcip": OUT}, [(OUT, "attacker")]),
        # Whoever called or fetched something bad is its victim, also behind a public address of ours.
        ("source-threat", {**BOTNET, "srcip": OURS}, [(OURS, "victim")]),
        ("source-threat", {**WEB, "srcip": OUT}, [(OUT, "victim")]),
        ("source-threat", {**IPS, "srcip": OURS}, [(OURS, "victim")]),
        ("destination-threat", {**IPS, "dstip": OURS}, [(OURS, "victim")]),
        ("destination-threat", {**IPS, "dstip": OUT}, [(OUT, NOBODY)]),
        ("destination-threat", {**WEB, "dstip": OUT}, [(OUT, "attacker")]),
        # A compromised host is the victim of what it caught.
        ("threat-detect-summary", {"srcip": OURS, "verdict": "infected"}, [(OURS, "victim")]),
        ("rows", {"srcip": OURS, "verdict": "infected"}, [(OURS, "victim")]),
        ("rows", {"epip": OURS, "subject": "DNS"}, [(OURS, "victim")]),
        # Of a ranking without threats the source is the subject.
        ("top-sources", {"srcip": OUT, "sessions": 5}, [(OUT, "attacker")]),
        ("top-destinations", {"srcip": OUT, "sessions": 5}, [(OUT, NOBODY)]),
        ("top-threats", {"sources": [OUT, OURS], **IPS}, [(OUT, "attacker"), (OURS, "victim")]),
        # A number of sources names none of them.
        ("top-threats", {"sources": 17, **IPS}, []),
        ("top-threats", {"sources": "17", **IPS}, []),
        ("top-threats", {"srcip": "", "dstip": None, **IPS}, []),
        ("top-threats", IPS, []),
    ],
)
def test_roles_of_one_side(view: str, row: dict[str, t.Any], expected: list[tuple[str, t.Optional[str]]]) -> None:
    assert roles(row, view) == expected


def test_who_has_no_role_has_a_problem() -> None:
    (source, target) = seen({**IPS, "srcip": OURS, "dstip": OUT})
    assert (source.problem, target.problem) == (None, NO_ROLE)


@pytest.mark.parametrize(
    "text",
    ["laptop-7", "198.051.100.9", "0xc6336409", "3325256713", "198.51.100", "198.51.100.9 ", "a.b.c.d", "fe80::1%eth0"],
)
@pytest.mark.parametrize("column", ["srcip", "dstip", "epip"])
def test_what_is_no_address_is_told_and_is_none(column: str, text: str) -> None:
    (one,) = seen({**IPS, column: text})
    assert (one.address, one.network, one.problem) == (text, None, f"{column} does not contain an address")


@pytest.mark.parametrize("value", [3325256713, 1.5, True, b"198.51.100.9", ["198.51.100.9"], {"ip": "198.51.100.9"}])
def test_what_is_no_text_is_no_address(value: object) -> None:
    for row in ({**IPS, "srcip": value}, {**IPS, "sources": [value]}):
        assert [one.network for one in seen(row)] == [None]


def test_a_host_name_beside_an_address_is_no_address() -> None:
    row = {**IPS, "srcip": OUT, "srcip_hostname": OUT_TOO, "hostname": OUT_TOO, "dev_src": OUT_TOO}
    assert roles(row) == [(OUT, "attacker")]


@pytest.mark.parametrize("column", ["srcip", "dstip"])
def test_a_masked_column_holds_no_address_whatever_it_looks_like(column: str) -> None:
    found = seen({**IPS, "srcip": OUT, "dstip": OURS}, masked=[column])
    masked = [one for one in found if one.network is None]
    assert [one.problem for one in masked] == [f"{column} is masked by the administrator's profile"]
    assert len(found) == 2


def test_a_list_of_sources_is_masked_with_any_column() -> None:
    found = seen({**IPS, "sources": [OUT, OUT_TOO]}, masked=["dstip"])
    assert [one.network for one in found] == [None, None]


def test_an_ipv4_mapped_address_is_its_ipv4_address() -> None:
    assert roles({**IPS, "srcip": "::FFFF:198.51.100.9", "dstip": "::ffff:a01:203"}) == [
        (OUT, "attacker"),
        (OURS, "victim"),
    ]


def test_what_else_is_kept() -> None:
    (one,) = seen(
        {**IPS, "srcip": OUT, "incident_block": "3", "incidents": "4", "level_s": "High", "fortigate": "FGT1, FGT2"}
    )
    assert one.counters == {"incidents": 4, "blocked": 3}
    assert (one.severity, one.threats, one.devices) == ("high", ("SQL.Injection",), ("FGT1", "FGT2"))
    assert (one.place.view, one.place.adom, one.method) == ("threat-src-dst", "root", "way")


def test_an_absent_figure_stays_absent_and_a_word_is_none() -> None:
    (one,) = seen({**IPS, "srcip": OUT, "incidents": "many", "sessions": True})
    assert one.counters == {} and one.severity is None


def victims(row: dict[str, t.Any], masked: t.Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    return {one.address: one.victims for one in seen(row, masked)}


def test_an_attacker_carries_whom_it_attacked() -> None:
    attack = {**IPS, "srcip": OUT, "dstip": OUT_TOO, "direction": "incoming"}
    assert victims(attack) == {OUT: (OUT_TOO,), OUT_TOO: ()}
    assert victims({**BOTNET, "srcip": OURS, "dstip": OUT}) == {OURS: (), OUT: (OURS,)}
    assert victims({**IPS, "srcip": OUT6, "dstip": "::ffff:10.1.2.3"}) == {OUT6: ("10.1.2.3",), "10.1.2.3": ()}
    assert victims(attack, masked=["dstip"])[OUT] == ()
    assert victims({**IPS, "srcip": OUT}) == {OUT: ()}
