# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import Incomplete, InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._hunting.picking import (
    Ranking,
    Wanted,
    parse_wanted,
    pick,
)


def row(threat: str = "A", **more: t.Any) -> dict[str, t.Any]:
    return {"threat": threat, "severity": "high", "incidents": 10, "blocked": 4, "detected": 6, **more}


def picked(rows: t.Sequence[dict[str, t.Any]], total: t.Optional[int] = None, **wanted: t.Any) -> list[str]:
    total = len(rows) if total is None else total
    return [one["threat"] for one in pick([Ranking("root", rows, total)], Wanted(**wanted)).rows["root"]]


ROWS = [
    row("A"),
    row("B", severity="low"),
    row("C", detected=0, blocked=10),
    row("D", blocked=0),
    row("E", incidents=1),
    row(""),
]


@pytest.mark.parametrize(
    "wanted, expected",
    [
        ({}, "A B C D E"),
        ({"names": ("b", "E")}, "B E"),
        ({"severities": ("low", "critical")}, "B"),
        ({"outcome": "unblocked"}, "A B D E"),
        ({"outcome": "never_blocked"}, "D"),
        ({"min_incidents": 10}, "A B C D"),
        ({"names": ("A", "B", "C"), "severities": ("high",), "outcome": "unblocked"}, "A"),
    ],
)
def test_what_is_picked(wanted: dict[str, t.Any], expected: str) -> None:
    assert picked(ROWS, **wanted) == expected.split()


@pytest.mark.parametrize(
    "missing, wanted",
    [
        ("severity", {"severities": ("high",)}),
        ("incidents", {"min_incidents": 1}),
        ("detected", {"outcome": "unblocked"}),
        ("blocked", {"outcome": "never_blocked"}),
    ],
)
def test_a_value_that_is_not_there_is_never_no(missing: str, wanted: dict[str, t.Any]) -> None:
    without = [{**row(name), missing: None} for name in "AB"]
    with pytest.raises(Incomplete, match=f"ADOM root: 2 of 2. FortiAnalyzer returned no .*{missing}"):
        picked(without, **wanted)
    found = pick([Ranking("root", [*without, row("C", blocked=0)], 3)], Wanted(**wanted))
    assert [one["threat"] for one in found.rows["root"]] == ["C"] and "2 of 3. FortiAnalyzer" in found.warnings[0]


def test_a_number_that_is_text_is_no_number() -> None:
    with pytest.raises(Incomplete, match="no number in detected"):
        picked([row(detected="many")], outcome="unblocked")


@pytest.mark.parametrize("total, cut", [(3, False), (4, True), (None, True)])
def test_nothing_in_a_part_of_a_ranking_is_no_answer(total: t.Optional[int], cut: bool) -> None:
    rankings = [Ranking("root", [row("A"), row("B"), row("C")], total), Ranking("Branch", [row("X")], 1)]
    wanted = Wanted(names=("Z",), max_threats=3)
    if cut:
        with pytest.raises(Incomplete, match="Only the top 3 threats of ADOM root were read"):
            pick(rankings, wanted)
    else:
        assert pick(rankings, wanted).not_found == ["Z"]
    # What was found is handed on, with a warning about the rest.
    found = pick(rankings, wanted._replace(names=("X",)))
    assert found.rows == {"root": [], "Branch": [row("X")]}
    assert [text for text in found.warnings if "max_threats" in text] == found.warnings[: int(cut)]


def test_the_top_of_a_ranking_is_what_was_asked_for() -> None:
    found = pick([Ranking("root", [row("A"), row("B")], 900)], Wanted(limit=2))
    assert len(found.rows["root"]) == 2 and found.warnings == []
    assert (Wanted(limit=2).rows_to_read, Wanted(limit=2, names=("A",)).rows_to_read) == (2, 10000)


def test_names_that_are_not_there_or_were_left_out() -> None:
    found = pick([Ranking("root", ROWS, len(ROWS))], Wanted(names=("a", "A", "B", "Nobody"), severities=("high",)))
    assert found.not_found == ["Nobody"]
    assert [text.split(":")[0] for text in found.warnings[-2:]] == [
        "No threat in the ranking has this name",
        "Skipped the named threat whose severity, outcome or number of incidents does not match",
    ]
    assert found.warnings[-1].endswith(": B.")


def test_options() -> None:
    wanted = parse_wanted(
        {"severities": "Critical, high", "names": ["A"], "min_incidents": "3", "limit": None, "view": None}
    )
    assert wanted == Wanted(names=("A",), severities=("critical", "high"), min_incidents=3) and wanted.picks
    assert not parse_wanted({}).picks and parse_wanted({}) == Wanted()
    for wrong, said in (
        ({"severities": ["worst"]}, "info, not 'worst'"),
        ({"outcome": "blocked"}, "outcome must be any, unblocked or never_blocked"),
        ({"threats": ["A"], "names": ["B"]}, "Set either threats or the other options"),
        ({"threats": [], "outcome": "unblocked"}, "Set either threats or the other options"),
        ({"threats": ["A"], "threats_filter": "severity=high"}, "Set either threats or the other options"),
        ({"max_threats": "many"}, "max_threats must be a whole number"),
    ):
        with pytest.raises(InvalidInput, match=said):
            parse_wanted(wrong)
