# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables for a terminal: what attackers put into names, alignment, and what is not there."""

from __future__ import annotations

import typing as t
import unicodedata

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.to_table import to_table
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.trend import trend
from hypothesis import given
from hypothesis import strategies as st

from simulators.fortianalyzer.catalogue import HOSTILE_THREAT_NAMES

COLUMNS = [
    {"title": "#", "kind": "rank"},
    {"title": "Name", "field": "name"},
    {"title": "N", "field": "n", "kind": "count"},
]


def lines(*names: t.Any, **options: t.Any) -> list[str]:
    rows = [{"name": name, "n": 1000 * place} for place, name in enumerate(names)]
    return list(to_table(rows, **{"title": "Names", "columns": COLUMNS, **options}))


def test_a_table() -> None:
    assert lines("a", ["b", "c"], None, " ", show="3", notes=["", " one ", "two"]) == [
        "Names",
        "",
        "#  Name      N",
        "-  ----  -----",
        "1  a         0",
        "2  b,c   1,000",
        "3  -     2,000",
        "",
        "Rows that are not listed: 1.",
        "one",
        "two",
    ]


@pytest.mark.parametrize(
    "sign", ["\U000e0041", "\ue000", "\u202e", "\u200b", "\x1b", "\u0378", "\ud800", "\n", "\u2028"]
)
def test_what_cannot_be_seen_is_shown_as_a_question_mark(sign: str) -> None:
    found = lines(f"a{sign}b", title=f"x{sign}y", notes=[f"n{sign}n"])
    assert (found[0], found[4].split(), found[-1]) == ("x?y", ["1", "a?b", "0"], "n?n")
    assert to_table([], title="x", empty=f"e{sign}e")[2] == "e?e"


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_no_name_breaks_a_line_or_steers_a_terminal(names: list[str]) -> None:
    found = lines(*names, *HOSTILE_THREAT_NAMES)
    assert len(found) == 4 + len(names) + len(HOSTILE_THREAT_NAMES)
    assert all(line.isprintable() for line in found)


def test_notes_that_are_one_text_are_its_lines() -> None:
    assert lines("a", notes="one, two\nthree")[-2:] == ["one, two", "three"]


def test_columns_without_rows_and_optional_ones() -> None:
    gone = {"title": "x", "field": "y"}
    assert to_table([], title="Names", columns=[gone], empty="none")[-1] == "none"
    assert lines("a", columns=[*COLUMNS, {**gone, "optional": True}]) == lines("a")
    assert lines("a", columns='[{"title": "Name", "field": "name"}]')[-1] == "a"


@pytest.mark.parametrize("columns", [["#", "name", "n"], "#, name, n", ["#", "name", {"title": "n", "field": "n"}]])
def test_columns_by_name_and_no_title(columns: t.Any) -> None:
    assert lines("a", "b", title="", columns=columns) == [
        "#  name      n",
        "-  ----  -----",
        "1  a         0",
        "2  b     1,000",
    ]


def test_a_known_column_is_shown_as_in_its_view() -> None:
    rows = [{"threat": "t" * 45, "bandwidth": 2048, "traffic_in": 1}]
    assert to_table(rows, columns=["threat", "bandwidth", "traffic_in"])[0].split() == [
        "Threat",
        "Bandwidth",
        "Traffic",
        "in",
    ]
    assert to_table(rows, columns=["threat", "bandwidth"])[-1] == f"{'t' * 45}  2,048    2.00 KB"


def ranking(field: t.Optional[str], view: str = "top-sources", **row: t.Any) -> dict[str, t.Any]:
    row = {"srcip": "198.51.100.9", "sessions": 3, "bytes": 5, "bandwidth": 2048, "threatweight": 7, **row}
    sort = [{"field": field, "order": "desc"}] if field else []
    return {"name": "x", "view": view, "complete": True, "returned": 1, "rows": [row], "query": {"sort_by": sort}}


@pytest.mark.parametrize(
    ("field", "view", "last"),
    [
        ("bandwidth", "top-sources", "Bandwidth"),
        ("threatweight", "top-sources", "threatweight"),
        ("sessions", "top-sources", "Bytes"),
        ("gone", "top-sources", "Bytes"),
        (None, "top-sources", "Bytes"),
        ("ninth", "top-users", "ninth"),
    ],
)
def test_the_column_that_was_sorted_by_is_shown(field: t.Optional[str], view: str, last: str) -> None:
    result = ranking(field, view, **dict.fromkeys(["a", "b", "c", "ninth"], 1))
    head = next(line for line in to_table(result) if line.startswith("#"))
    assert head.split()[-1] == last
    assert next(line for line in to_table(result["rows"], result=result) if line.startswith("#")) == head
    several = [dict(result, adom="root"), dict(result, adom="branch")]
    assert (field not in result["rows"][0]) or field in "\n".join(to_table(several)).lower()
    assert to_table(result, columns="srcip")[-2:] == ["------------", "198.51.100.9"]


def test_wide_letters_take_two_columns_and_marks_none() -> None:
    found = lines("株式会社", "e\u0301e", "plain")
    for line in found[4:]:
        seen = sum(0 if unicodedata.combining(one) else 2 if ord(one) > 0x1100 else 1 for one in line)
        assert seen == len(found[3])


def test_shares_volumes_and_long_texts() -> None:
    columns = [
        {"title": "Share", "field": "n", "kind": "share", "of": 3},
        {"title": "Of nothing", "field": "n", "kind": "share", "of": 0},
        {"title": "Volume", "field": "n", "kind": "bytes", "within": "inner"},
        {"title": "Long", "field": "long", "width": 4},
        {"title": "Never", "field": "never", "optional": True},
    ]
    rows = [{"n": 1, "inner": {"n": 1024}, "long": "12345"}, {"n": "many", "inner": None, "long": True}]
    found = to_table(rows, title="x", columns=columns)
    assert [line.split() for line in (found[2], *found[4:])] == [
        ["Share", "Of", "nothing", "Volume", "Long"],
        ["33.3", "%", "-", "1,024", "1.00", "KB", "123…"],
        ["many", "many", "-", "True"],
        [],
        "1 of 2 rows has no number in Share.".split(),
        "1 of 2 rows has no number in Of nothing.".split(),
    ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"columns": [{"title": "x"}]}, "needs title and field"),
        ({"columns": [{"title": "x", "field": "y", "kind": "colour"}]}, "its kind must be one of"),
        ({"columns": [{"title": "x", "field": "y", "wide": 3}]}, "wide is not a key of a column"),
        ({"columns": True}, "columns must be a list, not True. columns must be a list of names such as"),
        ({"columns": ["name", "nmae"]}, "no row has the column nmae: choose from name, n"),
        ({"columns": "sources"}, "no row has the column sources"),
        ({"columns": [{"title": "x", "field": "y"}]}, "no row has the column y: choose from name, n"),
        ({"columns": [{"title": "x", "field": "n", "within": "y"}]}, "no row has the column n in y"),
        ({"show": "all"}, "show must be"),
    ],
)
def test_what_cannot_be_meant_is_refused(options: dict[str, t.Any], says: str) -> None:
    with pytest.raises(AnsibleFilterError, match=says):
        lines("a", **options)


def test_entries_of_a_trend_have_a_column_for_each_period() -> None:
    def period(name: str, day: int, rows: list[t.Any]) -> dict[str, t.Any]:
        times = {"start": f"2026-03-0{day} 00:00:00", "end": f"2026-03-0{day + 1} 00:00:00", "timezone": None}
        return {"name": name, "view": "top-threats", "complete": True, "rows": rows, "time_range": times}

    before = period("yesterday", 1, [{"threat": "Scan", "incidents": 4}])
    now = period("today", 2, [{"threat": "Scan", "incidents": 8}, {"threat": "Worm", "incidents": "many"}])
    changes = trend([before, now])
    shown = to_table(changes["entries"], trend=changes)
    assert shown[0].split() == ["Name", "Change", "yesterday", "today"]
    assert ["Scan", "rising", "4", "8"] in [line.split() for line in shown]
    assert "Counters are totals of each period." in shown
    assert "yesterday  2026-03-01 00:00:00  2026-03-02 00:00:00" in shown
    assert "Rows of today without a number in incidents, not added up: 1 of 2." in shown
    with pytest.raises(AnsibleFilterError, match="trend must be the result of the filter"):
        to_table(changes["entries"], trend={"entries": []})
