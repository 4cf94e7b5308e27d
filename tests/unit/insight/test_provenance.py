# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a table comes from, and that nothing is called complete that was not."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight.page_zone import PageZone
from ansible_collections.secops.fortiview.plugins.module_utils._insight.provenance import behind, time_range

Row = dict[str, t.Any]


def facts(**result: t.Any) -> dict[str, str]:
    made = behind({"rows": [{}, {}], **result}, PageZone())
    return {one["term"]: one["text"] for one in made["facts"]}


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ({"complete": True, "total": 2}, "yes"),
        ({"complete": True, "total": 3}, "yes, but there may be more rows below the last row"),
        ({"complete": False}, "no, rows are missing"),
        ({}, "not known, because these are rows without their result"),
        ({"complete": "yes"}, "not known, because these are rows without their result"),
        ({"complete": None}, "not known, because these are rows without their result"),
    ],
)
def test_completeness(result: Row, said: str) -> None:
    assert facts(**result)["Complete"] == said


NIGHT = {"start": "2026-03-29 01:30:00", "end": "2026-03-29 03:30:00"}
WRITTEN = "2026-03-29 01:30:00 to 2026-03-29 03:30:00"
UTC = {"start": "2026-03-29T01:30:00Z", "end": "2026-03-29T03:30:00Z", "timezone": None}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (None, "not known"),
        ({}, "not known"),
        ("1h", "not known"),
        ({**NIGHT, "timezone": "Europe/Berlin"}, f"{WRITTEN}, time zone Europe/Berlin"),
        (NIGHT, f"{WRITTEN}, in the time zone of FortiAnalyzer"),
        (UTC, "2026-03-29T01:30:00Z to 2026-03-29T03:30:00Z"),
    ],
)
def test_a_time_range_has_its_zone(asked: object, said: str) -> None:
    assert time_range(asked) == said


def test_rows_alone_have_no_facts_but_their_number() -> None:
    assert facts() == {
        "Time range": "not known",
        "Rows": "2 returned",
        "Complete": "not known, because these are rows without their result",
    }


def test_what_was_asked_for() -> None:
    query = {
        "filter": "",
        "limit": 1000,
        "offset": 10,
        "sort_by": [{"field": "incidents"}, {"field": "x", "order": "asc"}, "odd"],
    }
    found = facts(query=query, total=2000, device=[{"devname": "FGT-A", "vdom": "root"}, "FGT-B"], complete=True, tid=0)
    assert found["Filter"] == "none" and found["Ranked by"] == "incidents, descending, x, ascending"
    assert found["Devices"] == "FGT-A root, FGT-B" and found["Task"] == "0"
    assert (
        found["Rows"]
        == "2 returned of at most 1,000 that were requested, after the first 10; FortiAnalyzer counts 2,000 in all"
    )


def test_all_rows_are_no_limit() -> None:
    assert facts(query={"limit": "all"})["Rows"] == "2 returned"


def test_warnings_are_text() -> None:
    assert behind({"rows": [], "warnings": ["a", 5]}, PageZone())["warnings"] == ["a", "5"]
    assert behind({"rows": [], "warnings": None}, PageZone())["warnings"] == []
