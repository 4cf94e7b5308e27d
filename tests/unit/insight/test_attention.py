# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person has to look at, the worst first, and what is not known about it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight.attackers import Attack, Attackers
from ansible_collections.secops.fortiview.plugins.module_utils._insight.attention import attention_of, techniques_in
from ansible_collections.secops.fortiview.plugins.module_utils._insight.block_state import BlockStates
from ansible_collections.secops.fortiview.plugins.module_utils._insight.tables import Table

Row = dict[str, t.Any]
BLOCKED = {
    "address": "198.51.100.1",
    "state": "blocked",
    "places": [],
    "fortigates": ["fgt"],
    "serials": ["S1"],
    "methods": [],
}


def threat(name: str = "a", severity: str = "critical", detected: t.Any = 5, **more: t.Any) -> Row:
    return {"threat": name, "severity": severity, "detected": detected, "blocked": 1, "incidents": 6, **more}


def attack(address: str = "198.51.100.1", detected: t.Optional[float] = 5, **more: t.Any) -> Attack:
    known = {"country": "", "devices": ("S1",), "contacted": False, "incidents": 5, "blocked": 0, **more}
    return Attack(threat="a", severity="critical", adom="root", address=address, detected=detected, **known)


def entries(*rows: Row, attacks: t.Sequence[Attack] = (), blocks: t.Sequence[Row] = (BLOCKED,)) -> list[Row]:
    states = BlockStates({"addresses": list(blocks)}, None)
    return attention_of([Table(list(rows), adom="root")], Attackers(list(attacks), ("root",), []), states)


def test_only_what_is_severe_and_got_through() -> None:
    rows = [
        threat("a", detected=0),
        threat("b", "medium"),
        threat("c", detected="5"),
        threat("d", "high"),
        threat("e", ""),
    ]
    assert [one["threat"] for one in entries(*rows)] == ["d"]


def test_the_worst_comes_first() -> None:
    rows = [threat("a", "high", 99), threat("c", "critical", 1), threat("b", "critical", 1), threat("d", "critical", 2)]
    assert [one["threat"] for one in entries(*rows)] == ["d", "b", "c", "a"]


def test_an_attack_that_is_blocked_everywhere_is_decided() -> None:
    (one,) = entries(threat(), attacks=[attack()])
    assert (one["attackers"], one["block"], one["undecided"], one["unexplained"]) == (
        ["198.51.100.1"],
        "blocked on fgt",
        [],
        0,
    )


def test_incidents_without_an_attacker_are_said() -> None:
    (one,) = entries(threat(detected=9), attacks=[attack(detected=5)])
    assert one["unexplained"] == 4 and one["block"].endswith("; others not known")
    (none,) = entries(threat(devices=["S9"]))
    assert (none["attackers"], none["block"], none["devices"]) == ([], "attacker not known", ["S9"])


def test_devices_are_those_of_the_attacks_and_countries_those_that_are_known() -> None:
    attacks = [attack(country="Chile"), attack("198.51.100.2"), attack("198.51.100.3", country="Chile")]
    (one,) = entries(threat(devices=["S9"]), attacks=attacks)
    assert (one["devices"], one["countries"]) == (["S1"], ["Chile"])


def test_an_address_that_was_always_blocked_did_not_get_through_and_one_without_a_number_may_have() -> None:
    (one,) = entries(threat(), attacks=[attack(detected=0), attack("198.51.100.2", None)])
    assert one["attackers"] == ["198.51.100.2"] and one["undecided"] == ["198.51.100.2"]


def test_more_is_explained_than_was_counted() -> None:
    """Rows of pairs may be newer than those of the ranking."""
    assert entries(threat(detected=1), attacks=[attack(detected=5)])[0]["unexplained"] == 0


def test_states_of_many_are_counted_the_most_frequent_first() -> None:
    (one,) = entries(threat(), attacks=[attack(f"198.51.100.{number}", 1) for number in (1, 2, 3)])
    assert one["block"] == "2 not blocked by us; 198.51.100.1 blocked on fgt; others not known"


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"mitre_tech_id": "T1190, T1059.001, T1190"}, ["T1190", "T1059.001"]),
        ({"techniques": ["T1110"]}, ["T1110"]),
        ({"Attack_Technique": "t1190 T11905 T119 XT1190"}, []),
        ({"threat": "T1190", "note": "T1190"}, []),
        ({"mitre": None}, []),
    ],
)
def test_techniques_are_read_and_never_guessed(row: Row, found: list[str]) -> None:
    assert techniques_in(row) == found
