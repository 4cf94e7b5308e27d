# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a report that compare, and the notes on what they cannot know."""

from __future__ import annotations

import typing as t
from datetime import timezone

from ansible_collections.secops.fortiview.plugins.module_utils._insight.page_zone import PageZone
from ansible_collections.secops.fortiview.plugins.module_utils._insight.sections import (
    MOST_ADOMS,
    adom_section,
    block_section,
    effect_section,
    trend_section,
)
from ansible_collections.secops.fortiview.plugins.module_utils._insight.tables import Table
from ansible_collections.secops.fortiview.plugins.module_utils._insight.trend import trend
from ansible_collections.secops.fortiview.plugins.module_utils._insight.widespread import shared_in

Row = dict[str, t.Any]
UTC = PageZone("UTC", timezone.utc)


def period(name: str, days: int, *rows: tuple[str, t.Any], **more: t.Any) -> Row:
    span = {"start": "2026-03-01T00:00:00Z", "end": f"2026-03-{1 + days:02}T00:00:00Z", "timezone": None}
    counted = [{"threat": threat, "incidents": incidents} for threat, incidents in rows]
    return {
        "name": name,
        "view": "top-threats",
        "complete": True,
        "rows": counted,
        "time_range": span,
        "total": len(rows),
        **more,
    }


def texts(grid: Row) -> list[list[str]]:
    return [[cell.text for cell in cells] for cells in grid["rows"]]


def column(grid: Row, title: str) -> list[str]:
    place = [one["title"] for one in grid["columns"]].index(title)
    return [cells[place] for cells in texts(grid)]


def test_changes_come_in_the_order_in_which_a_reader_asks() -> None:
    then = period("then", 1, ("gone", 5), ("falls", 9), ("rises", 1), ("stays", 4))
    now = period("now", 1, ("falls", 1), ("rises", 9), ("stays", 4), ("new", 2))
    section = trend_section(trend([then, now]), 10)
    assert column(section["grid"], "Threat") == ["new", "rises", "gone", "falls", "stays"]
    assert column(section["grid"], "Change") == ["✚ new", "▲ rising", "✖ gone", "▼ falling", "▬ steady"]
    assert column(section["grid"], "Difference") == ["+2", "+800 %", "\u2212100 %", "\u221289 %", "0 %"]
    assert {one["word"]: one["count"] for one in section["tallies"]} == {
        "new": "1", "rising": "1", "gone": "1", "falling": "1", "steady": "1",
    }  # fmt: skip
    assert len(section["notes"]) == 1


def test_what_was_cut_or_has_no_number_is_marked_and_noted() -> None:
    section = trend_section(
        trend([period("then", 1, ("a", 5), total=9), period("now", 1, ("a", "many"), ("b", 1))]), 10
    )
    assert column(section["grid"], "Change") == ["✚ new ?", "▬ steady ?"]
    assert any("The ranking may be cut at its limit in then" in note for note in section["notes"])
    assert "In now, 1 of 2 rows has no number in incidents." in section["notes"]


def test_periods_of_different_lengths_are_shown_per_day_with_their_totals() -> None:
    today = {"start": "2026-03-08T00:00:00Z", "end": "2026-03-09T00:00:00Z", "timezone": None}
    section = trend_section(trend([period("week", 7, ("a", 70)), period("day", 1, ("a", 30), time_range=today)]), 10)
    assert column(section["grid"], "week, per day") == ["10"] and column(section["grid"], "day, per day") == ["30"]
    place = [one["title"] for one in section["grid"]["columns"]].index("week, per day")
    assert section["grid"]["rows"][0][place].hover == "70 in all, rank 1"
    assert [one["length"] for one in section["periods"]] == ["7 days", "24 hours"]


def adoms(*found: tuple[str, str, t.Any]) -> Row:
    tables = [Table([{"threat": threat, "incidents": incidents}], adom=adom) for adom, threat, incidents in found]
    everything = shared_in(tables, 1)
    return adom_section(everything, [one for one in everything if one["adom_count"] > 1], 10)


def test_pairs_of_adoms_that_share_threats() -> None:
    section = adoms(("a", "x", 1), ("b", "x", 2), ("a", "y", 3), ("c", "z", 4))
    assert section["adoms"] == ["a", "b", "c"]
    assert [[cell["count"] for cell in row] for row in section["cells"]] == [[2, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert [cell["own"] for cell in section["cells"][1]] == [False, True, False]
    assert texts(section["grid"]) == [["x", "2", "1", "2", "-", "3"]] and section["notes"] == []


def test_rows_without_a_number_are_noted() -> None:
    found = [("a", "x", 1), ("b", "x", "many"), ("a", "y", 1), ("b", "y", 1), ("a", "z", 1), ("b", "z", None)]
    assert adoms(*found)["notes"] == ["2 of 3 threats have rows without a number, so their sums are too low."]
    assert adoms(*found[:4])["notes"] == ["1 of 2 threats has rows without a number, so its sum is too low."]


def test_adoms_beyond_the_matrix_are_named() -> None:
    section = adoms(*[(f"adom{place:02}", "x", 1) for place in range(MOST_ADOMS + 1)])
    assert len(section["adoms"]) == MOST_ADOMS and section["notes"] == ["Not in the matrix: adom12."]


def test_blocks_by_what_became_of_them() -> None:
    def one(address: str, state: str, **more: t.Any) -> Row:
        known = {"result": state, "places": ["fgt/root"], "until": None, "why": "", "evidence": ""}
        return {"address": address, "state": state, **known, **more}

    found = {
        "addresses": [
            one("198.51.100.1", "refused", why="private"),
            one("198.51.100.2", "ended", until="2026-03-01T11:00:00Z"),
            one("198.51.100.3", "failed"),
        ],
        "unreadable": 2,
    }
    section = block_section(found, 10, 100, UTC)
    assert [grid["title"] for grid in section["grids"]] == [
        "Not changed, because the change failed",
        "Expired blocks",
        "Refused",
    ]
    assert "Until" in [one["title"] for one in section["grids"][1]["columns"]]
    assert "Until" not in [one["title"] for one in section["grids"][2]["columns"]]
    assert column(section["grids"][1], "Until") == ["2026-03-01 11:00:00"] and section["unreadable"] == 2


def test_an_effect_that_is_not_known_is_a_hyphen_and_a_note() -> None:
    row = {"address": "198.51.100.1", "state": "not known", "blocked": None, "detected": None, "notes": "HTTP 403"}
    found = {
        "rows": [row],
        "totals": {"not known": 1},
        "start": None,
        "end": None,
        "gaps": ["fgt: no reply"],
        "notes": [],
    }
    section = effect_section(found, 10, 100, UTC)
    assert column(section["grid"], "blocked".capitalize()) == ["-"] and column(section["grid"], "Note") == ["HTTP 403"]
    assert section["notes"][0] == "not known: 1." and "fgt: no reply" in section["notes"]
    ranged = {**found, "start": "2026-03-01T00:00:00Z", "end": "2026-03-02T00:00:00Z"}
    assert effect_section(ranged, 10, 100, UTC)["notes"][0].startswith("Incidents from 2026-03-01 00:00:00 to")
