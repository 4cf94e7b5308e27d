# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who attacked, by address, and what a reader is told where nobody was asked."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._insight.attackers import Attack, Attackers
from ansible_collections.secops.fortiview.plugins.module_utils._insight.block_state import BlockStates
from ansible_collections.secops.fortiview.plugins.module_utils._insight.who import (
    attacker_section,
    attackers_seen,
    attention_section,
)

Row = dict[str, t.Any]
NOTHING = BlockStates(None, None)


def attack(address: str, threat: str = "a", severity: str = "low", adom: str = "root", **more: t.Any) -> Attack:
    known = {"country": "", "devices": ("S1",), "contacted": False, "incidents": 5, "blocked": 2, "detected": 3, **more}
    return Attack(threat=threat, severity=severity, adom=adom, address=address, **known)


def seen(*attacks: Attack) -> list[Row]:
    return attackers_seen(Attackers(list(attacks), ("root",), []), NOTHING)


def entry(**more: t.Any) -> Row:
    known = {
        "threat": "a",
        "severity": "critical",
        "adom": "root",
        "detected": 5,
        "hosts": [],
        "connected": [],
        "attackers": [],
        "countries": [],
        "devices": [],
        "techniques": [],
        "block": "not known",
        "since": "",
    }
    return {**known, **more}


def attention(*entries: Row, doubtful: bool = False, adoms: tuple[str, ...] = ("root",)) -> Row:
    return attention_section(list(entries), Attackers([], adoms, []), doubtful, 10)


def test_attacks_of_one_address_are_one_row() -> None:
    (row,) = seen(
        attack("198.51.100.1", "b", "low", devices=("B",)),
        attack("198.51.100.1", "a", "critical", "branch", devices=("A", "B"), country="Chile", blocked=None),
    )
    assert (row["threats"], row["adoms"], row["devices"]) == (["a", "b"], ["branch", "root"], ["A", "B"])
    assert (row["severity"], row["country"], row["incidents"]) == ("critical", "Chile", 10)
    assert (row["blocked"], row["detected"], row["severe"], row["block"]) == (
        2,
        6,
        3,
        "not known: no audit log was read",
    )


def test_who_got_through_with_something_severe_comes_first() -> None:
    rows = seen(
        attack("198.51.100.1", incidents=99),
        attack("198.51.100.2", severity="critical", detected=0),
        attack("198.51.100.3", severity="high", detected=1),
        attack("198.51.100.4", severity="", detected=None),
    )
    assert [row["address"][-1] for row in rows] == ["3", "2", "1", "4"]
    assert rows[-1]["severity"] is None and rows[-1]["detected"] is None and rows[-1]["severe"] == 0


def test_an_empty_table_is_calm_only_where_the_data_is_whole() -> None:
    assert attention()["grid"]["empty"] == "No critical or high threat got through." and attention()["notes"] == []
    assert "the data is incomplete" in attention(doubtful=True)["grid"]["empty"]


def test_an_adom_that_nobody_asked_is_named() -> None:
    notes = attention(entry(), entry(adom="b"), entry(adom="a"))["notes"]
    assert notes[-1] == "FortiAnalyzer was not queried for the addresses behind the threats in a, b." and notes[
        0
    ].startswith("Decide about")
    assert len(attention(entry())["notes"]) == 1


def test_columns_that_no_entry_has_are_not_there() -> None:
    titles = [one["title"] for one in attention(entry())["grid"]["columns"]]
    assert not {"ATT&CK", "Country", "Since the block"} & set(titles)
    full = attention(entry(techniques=["T1190"], countries=["Chile"], since="3 stopped"))
    assert {"ATT&CK", "Country", "Since the block"} <= {one["title"] for one in full["grid"]["columns"]}


def test_many_attackers_of_one_threat_are_counted_and_all_on_hover() -> None:
    addresses = [f"198.51.100.{number}" for number in range(1, 6)]
    grid = attention(entry(attackers=addresses))["grid"]
    cell = grid["rows"][0][[one["title"] for one in grid["columns"]].index("Attackers")]
    assert cell.text == "198.51.100.1, 198.51.100.2, 3 more" and cell.hover == ", ".join(addresses)


def test_gaps_are_the_notes_of_attackers() -> None:
    section = attacker_section(seen(attack("198.51.100.1")), Attackers([], (), ["cut"]), 10, 100)
    assert section["notes"] == ["cut"] and section["grid"]["rows"][0][0].text == "198.51.100.1"
    assert "Country" not in [one["title"] for one in section["grid"]["columns"]]
