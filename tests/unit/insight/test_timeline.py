# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Incidents over time, from buckets or from rankings of parts of a range."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight.page_zone import PageZone
from ansible_collections.secops.fortiview.plugins.module_utils._insight.tables import tables_of
from ansible_collections.secops.fortiview.plugins.module_utils._insight.timeline import (
    MOST_BUCKETS,
    last_through,
    timeline_of,
    timeline_section,
)

START = 1772323200  # 2026-03-01T00:00:00Z
HOUR = 3600
HOURS = [(START + HOUR * place, 1, 0) for place in range(3)]

Row = dict[str, t.Any]


def line(*buckets: tuple[object, int, int], adom: str = "root", hours: int = 4, **more: t.Any) -> Row:
    rows = [
        {"time": at, "incidents": stopped + passed, "blocked": stopped, "detected": passed}
        for at, stopped, passed in buckets
    ]
    time_range = {"start": "2026-03-01T00:00:00Z", "end": f"2026-03-01T{hours:02d}:00:00Z", "timezone": None}
    known = {"view": "threat-line", "adom": adom, "complete": True, "total": len(rows), "time_range": time_range}
    return {**known, "rows": rows, **more}


def timeline(*results: Row, blocked_at: t.Sequence[tuple[float, str]] = ()) -> Row:
    found = timeline_of(tables_of(list(results), "x").tables, blocked_at)
    assert found is not None
    return found


def numbers(found: Row) -> list[tuple[t.Any, ...]]:
    return [(one["start"][11:16], one["blocked"], one["detected"], one["blocks"]) for one in found["buckets"]]


def test_adoms_add_up_and_quiet_hours_are_columns_too() -> None:
    found = timeline(
        line((START, 1, 2), (START + HOUR, 5, 0)),
        line((START + HOUR, 1, 1), adom="B"),
        blocked_at=[(START + HOUR + 5, "a"), (START + HOUR + 6, "a"), (START + HOUR + 6, "b"), (START - 9, "c")],
    )
    assert numbers(found) == [("00:00", 1, 2, 0), ("01:00", 6, 1, 2), ("02:00", 0, 0, 0), ("03:00", 0, 0, 0)]
    assert found["notes"] == []


def test_many_buckets_are_joined() -> None:
    buckets = [(START + 60 * minute, 1, 1) for minute in range(4 * 60)]
    found = timeline(line(*buckets))
    assert len(found["buckets"]) <= MOST_BUCKETS and found["step"] == 240
    assert sum(one["incidents"] for one in found["buckets"]) == 480


def test_rankings_of_parts_take_the_place_of_buckets() -> None:
    def part(hour: int, adom: str, seconds: int = 0) -> Row:
        time_range = {
            "start": f"2026-03-01 {hour:02d}:00:{seconds:02d}",
            "end": f"2026-03-01 {hour + 1:02d}:00:{seconds:02d}",
            "timezone": "Europe/Berlin",
        }
        return line((None, hour, 1), (None, 1, 1), adom=adom, view="top-threats", time_range=time_range)

    found = timeline(part(1, "root"), part(2, "root"), part(1, "B", 3), part(2, "B", 3))
    assert numbers(found) == [("00:00", 4, 4, 0), ("01:00", 6, 4, 0)]


def test_what_is_missing_is_said() -> None:
    odd = line((START, 1, 2), ("soon", 1, 1), (START * 1000, 1, 1))
    assert timeline(odd)["notes"] == ["The time cannot be read in 2 of 3 rows in root."]
    assert "more incidents in root" in timeline(line((START, 1, 2), total=9))["notes"][0]
    words = line((START, 1, 2), (START + HOUR, 1, 1))
    words["rows"][1]["blocked"] = "many"
    found = timeline(words)
    assert [one["blocked"] for one in found["buckets"]] == [1, None, 0, 0] and "no number" in found["notes"][0]
    shown = timeline_section(found, PageZone())
    assert [piece[0] for piece in shown["bars"][1]["parts"]] == ["earlier"] and shown["rows"][1][3] == "-"
    assert timeline_of([], []) is None
    unknown = line((None, 1, 1), view="top-threats", time_range={"start": "x", "end": "y", "timezone": None})
    assert timeline_of(tables_of([unknown], "x").tables, []) is None


def test_rankings_beside_buckets_are_not_left_out_silently() -> None:
    part = {"start": "2026-03-01T01:00:00Z", "end": "2026-03-01T02:00:00Z", "timezone": None}
    other = line((None, 7, 1), adom="B", view="top-threats", time_range=part)
    found = timeline(line((START, 1, 2)), other)
    assert sum(one["incidents"] for one in found["buckets"]) == 3
    assert any("in B" in text and "omitted" in text for text in found["notes"])


def test_columns_are_as_high_as_their_numbers() -> None:
    shown = timeline_section(timeline(line((START, 10, 10), (START + HOUR, 5, 0))), PageZone())
    assert shown["scale"] == ["20", "10", "0"]
    assert [one["parts"] for one in shown["bars"][:2]] == [
        [("blocked", 50.0, 50.0), ("detected", 0.0, 50.0)],
        [("blocked", 75.0, 25.0)],
    ]
    assert shown["said"] == "25 incidents. The highest column has 20 and starts at 2026-03-01T00:00:00Z"


def cut(*buckets: tuple[object, int, int], **more: t.Any) -> Row:
    """Of a time range that begins and ends within an hour."""
    time_range = {"start": "2026-03-01T00:20:00Z", "end": "2026-03-01T02:13:00Z", "timezone": None}
    return timeline(line(*buckets, time_range=time_range), **more)


def test_columns_that_the_time_range_cuts_are_marked() -> None:
    found = cut((START, 1, 2), (START + HOUR, 1, 1), (START + 2 * HOUR, 1, 0))
    assert [(one["start"][11:], one["end"][11:], one["partial"]) for one in found["buckets"]] == [
        ("00:20:00Z", "01:00:00Z", True),
        ("01:00:00Z", "02:00:00Z", False),
        ("02:00:00Z", "02:13:00Z", True),
    ]
    shown = timeline_section(found, PageZone())
    assert [one["partial"] for one in shown["bars"]] == [True, False, True]
    assert [row[1] for row in shown["rows"]] == ["01:00:00Z (partial)", "02:00:00Z", "02:13:00Z (partial)"]
    assert shown["notes"] == [
        "Striped columns are partial, because the time range of the report starts or ends there:"
        " 2026-03-01T00:20:00Z to 01:00:00Z, 2026-03-01T02:00:00Z to 02:13:00Z."
    ]
    assert timeline_section(timeline(line((START, 1, 2))), PageZone())["notes"] == []


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        # The queries of one report begin some seconds apart.
        (("00:20:02", "02:12:58"), ("00:20:02Z", "02:12:58Z")),
        # Nothing is known of the time outside.
        (("00:19:58", "02:13:02"), ("00:20:00Z", "02:13:00Z")),
        # Another time range.
        (("00:30:00", "02:03:00"), ("00:20:00Z", "02:13:00Z")),
        (("01:10:00", "01:59:59"), ("00:20:00Z", "02:13:00Z")),
    ],
)
def test_columns_end_with_the_report(asked: tuple[str, str], shown: tuple[str, str]) -> None:
    given = line(*HOURS, time_range={"start": "2026-03-01T00:20:00Z", "end": "2026-03-01T02:13:00Z"})
    start, end = (f"2026-03-01T{one}Z" for one in asked)
    ranking = line(view="top-threats", time_range={"start": start, "end": end})
    found = timeline_of(tables_of([given], "x").tables, [], tables_of([ranking], "x").tables)
    assert found is not None
    assert (found["buckets"][0]["start"][11:], found["buckets"][-1]["end"][11:]) == shown
    assert [one["partial"] for one in found["buckets"]] == [True, False, True]


def test_a_column_of_the_last_seconds_keeps_its_end() -> None:
    given = line(*HOURS, time_range={"start": "2026-03-01T00:00:00Z", "end": "2026-03-01T02:00:02Z"})
    ranking = line(view="top-threats", time_range={"start": "2026-03-01T00:00:00Z", "end": "2026-03-01T02:00:00Z"})
    found = timeline_of(tables_of([given], "x").tables, [], tables_of([ranking], "x").tables)
    assert found is not None
    assert found["buckets"][-1]["end"] == "2026-03-01T02:00:02Z" and found["buckets"][-1]["partial"]


def test_the_last_time_something_got_through() -> None:
    quiet = cut((START, 1, 2), (START + HOUR, 1, 1), (START + 2 * HOUR, 1, 0))
    assert last_through(quiet, PageZone(), True) == (
        "1 incident of any severity got through from 2026-03-01T01:00:00Z to 02:00:00Z, and none from then until 2026-03-01T02:13:00Z"
    )
    going_on = cut((START, 1, 2), (START + 2 * HOUR, 1, 4))
    assert last_through(going_on, PageZone(), True) == (
        "4 incidents of any severity got through from 2026-03-01T02:00:00Z to 02:13:00Z. The time range of this report ends there, so more may follow"
    )
    assert last_through(cut((START, 1, 0)), PageZone(), True) == ""


def test_what_is_missing_after_the_last_time_is_not_taken_for_the_end() -> None:
    for found in (
        timeline(line((START, 1, 2), (START + HOUR, 1, 0), total=9)),
        timeline(
            {**line((START, 1, 2)), "rows": [*line((START, 1, 2))["rows"], {"time": START + HOUR, "incidents": 1}]}
        ),
    ):
        assert last_through(found, PageZone(), True).endswith(", and it is not known whether more got through later")


def test_the_time_of_a_block() -> None:
    found = cut(
        (START, 1, 2), (START + HOUR, 1, 1), blocked_at=[(START + HOUR + 1800, "a"), (START + HOUR + 1900, "b")]
    )
    assert found["buckets"][1]["first_block"] == "2026-03-01T01:30:00Z"
    shown = timeline_section(found, PageZone())
    assert shown["marked"] == "2 addresses from 2026-03-01T01:30:00Z on"
    drawn = shown["bars"][1]
    assert (
        shown["marks"] == [round(drawn["x"] + drawn["width"] / 2, 1)]
        or abs(shown["marks"][0] - drawn["x"] - drawn["width"] / 2) < 0.1
    )


def test_labels_name_the_day_once() -> None:
    found = timeline(line(*[(START + HOUR * hour, 1, 1) for hour in range(48)], hours=4))
    assert [(one["time"], one["day"]) for one in timeline_section(found, PageZone())["labels"]] == [
        ("00:00", "2026-03-01"),
        ("12:00", ""),
        ("00:00", "03-02"),
        ("12:00", ""),
    ]
