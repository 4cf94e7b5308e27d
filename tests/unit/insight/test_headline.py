# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first sentences and counters of a report: no number that nobody counted, and nothing cut taken for the whole."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight.counts import Before, counts_of
from ansible_collections.secops.fortiview.plugins.module_utils._insight.headline import (
    headline,
    lede,
    severities,
    sums_of,
    uncounted,
)
from ansible_collections.secops.fortiview.plugins.module_utils._insight.tables import Table

Row = dict[str, t.Any]
ROWS: list[Row] = [
    {"threat": "a", "severity": "critical", "incidents": 50, "blocked": 40, "detected": 10},
    {"threat": "b", "severity": "low", "incidents": 50, "blocked": 50, "detected": 0},
]


class Source(t.NamedTuple):
    table: Table


def threats(*rows: Row, adom: str = "root", truncated: bool = False) -> list[Source]:
    return [Source(Table(list(rows), adom=adom, truncated=truncated))]


def tiles(
    sources: list[Source], blocked: t.Any = None, changes: t.Any = None, before: t.Optional[Before] = None
) -> dict[str, Row]:
    counts = counts_of([row for source in sources for row in source.table.rows])
    return {one["label"]: one for one in headline(sources, sums_of(sources), changes, blocked, counts, before)}


def said(sources: list[Source], blocked: t.Any = None, changes: t.Any = None, failed: int = 0) -> list[str]:
    return lede(sources, sums_of(sources), changes, blocked, failed)


def test_nothing_is_said_to_be_quiet_where_something_is_missing() -> None:
    assert said(threats()) == ["No threats were seen."]
    assert said(threats(truncated=True)) == [] == said([])
    assert said(threats(), failed=2) == [
        "This report is not complete: 2 queries failed.",
        "No threats were seen in the other results.",
    ]


def test_a_counter_that_no_row_has_is_not_there() -> None:
    assert tiles(threats({"threat": "a"})) == {} and said(threats({"threat": "a"})) == []
    assert set(tiles(threats({"threat": "a", "incidents": 5}))) == {"Incidents", "Critical got through"}
    assert set(tiles(threats({"threat": "a", "incidents": 0}))) == {"Incidents", "Critical got through"}


def test_one_threat_in_two_adoms_is_one() -> None:
    assert said(threats(ROWS[0]) + threats(ROWS[0], adom="B"))[0] == "1 threat caused 100 incidents in 2 ADOMs."
    assert said(threats(*ROWS, truncated=True))[0] == "The top 2 threats caused 100 incidents."


@pytest.mark.parametrize(
    ("blocked", "detected", "sentence"),
    [
        (9, 1, "90 % of the incidents were blocked, and 1 got through."),
        (9, 0, "100 % of the incidents were blocked, and none got through."),
        (999, 1, "over 99 % of the incidents were blocked, and 1 got through."),
    ],
)
def test_the_share_that_was_blocked(blocked: int, detected: int, sentence: str) -> None:
    assert said(threats({"threat": "a", "incidents": 1, "blocked": blocked, "detected": detected}))[-1] == sentence


def test_a_sum_without_some_rows_says_so() -> None:
    rows = [*ROWS, {"threat": "c", "severity": "critical", "incidents": "many", "detected": None}]
    found = tiles(threats(*rows))
    assert found["Incidents"]["value"] == "100" and found["Incidents"]["note"].endswith(
        "; 1 of 3 rows has no number here"
    )
    assert (
        uncounted(threats(*rows))[0] == "The sums do not include all threats: 1 of 3 rows has no number in incidents."
    )
    assert uncounted(threats(*ROWS)) == []


@pytest.mark.parametrize(("detected", "alarming"), [(0, False), (1, True), (None, True), ("many", True)])
def test_critical_is_alarming_where_something_may_have_passed(detected: object, alarming: bool) -> None:
    rows = [{"threat": "a", "severity": "critical", "incidents": 5, "blocked": 5, "detected": detected}]
    assert tiles(threats(*rows))["Critical got through"]["alarming"] is alarming


def test_severities_fill_the_bar() -> None:
    rows = [*ROWS, {"threat": "c", "severity": "unheard", "incidents": 7}, {"threat": "d", "severity": "high"}]
    found = severities(threats(*rows))
    assert found is not None and found["total"] == "100"
    assert [(one["severity"], one["x"], one["width"]) for one in found["parts"]] == [
        ("critical", 0, 50),
        ("low", 50, 50),
    ]
    assert severities(threats({"threat": "a", "incidents": 5})) is None is severities([])


def address(state: str, *fortigates: str) -> Row:
    return {"address": "198.51.100.7", "state": state, "fortigates": list(fortigates)}


def test_addresses_and_what_became_of_them() -> None:
    blocked = {
        "addresses": [address("blocked", "a", "b"), address("failed", "lab"), address("refused", "a")],
        "totals": {"blocked": 1, "failed": 1, "refused": 1},
    }
    assert said([], blocked) == [
        "1 address is blocked on 2 FortiGates.",
        "1 address could not be changed on 1 FortiGate.",
    ]
    assert tiles([], blocked)["Addresses blocked"] == {
        "label": "Addresses blocked",
        "value": "1",
        "note": "1 failed, 1 refused",
        "alarming": True,
        "change": "",
    }
    ended = {"addresses": [address("ended", "a")], "totals": {"blocked": 0, "failed": 0, "refused": 0}}
    assert said([], ended) == ["0 addresses are blocked."] and not tiles([], ended)["Addresses blocked"]["alarming"]


def test_new_threats_of_a_trend() -> None:
    changes = {"periods": [{"name": "last week"}, {"name": "today"}], "new": ["x"], "rising": [], "key": ["threat"]}
    assert said([], changes=changes) == ["Compared with last week, 1 threat is new and 0 rising."]
    assert tiles([], changes=changes)["New threats"]["note"] == "x (outcome not known)"
    other = {**changes, "key": ["srcip"], "new": ["x", "y"]}
    assert said([], changes=other) == ["Compared with last week, 2 entries are new and 0 rising."]


def test_changes_name_what_they_are_compared_with() -> None:
    before = Before("last week", counts_of([{"threat": "a", "incidents": 100, "blocked": 50, "detected": 50}]), False)
    found = {label: one["change"] for label, one in tiles(threats(*ROWS), before=before).items()}
    assert found == {
        "Incidents": "no change ? vs last week",
        "Critical got through": "+1 ? vs last week",
        "Incidents blocked": "+40 points ? vs last week",
        "Got through": "\u221280 % ? vs last week",
    }
