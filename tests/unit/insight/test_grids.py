# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables of a report: columns that rows have, text as it came, and bars on one scale."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight.grids import (
    LONGEST,
    Cell,
    columns_of,
    counter,
    grid,
    kind_of,
    number,
    share_bar,
    text,
    volume,
    words,
)
from ansible_collections.secops.fortiview.plugins.module_utils._insight.tables import Table
from ansible_collections.secops.fortiview.plugins.module_utils._query.views import CATALOGUE

Row = dict[str, t.Any]
# Names of columns that are words already.
PLAIN = {"Threat", "Incidents", "Time", "Sessions", "Bandwidth", "Domain"}


def titles(*rows: Row, view: str = "") -> list[str]:
    return [column.title for column in columns_of(Table(list(rows), view=view))]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"),
        ("", "-"),
        (0, "0"),
        (1234567, "1,234,567"),
        (2.5, "2.5"),
        ("many", "many"),
        (True, "True"),
        (["a", 1], "a, 1"),
        ([], ""),
        ("<b>&</b>", "<b>&</b>"),
    ],
)
def test_what_is_no_number_is_shown_as_it_came(value: object, shown: str) -> None:
    assert counter(value).text == shown


def test_a_long_text_is_cut_and_says_how_long_it_was() -> None:
    assert words("x" * LONGEST) == Cell("x" * LONGEST)
    cell = words("x" * 5000)
    assert len(cell.text) == LONGEST and cell.text.endswith("…") and cell.hover.endswith("(5,000 characters)")
    assert len(cell.hover) < 3 * LONGEST


def test_a_volume_is_exact_on_hover() -> None:
    assert volume(1536) == Cell("1.50 KB", "1,536 bytes") and volume("n/a") == Cell("n/a")
    assert number("bytes").cell({"bytes": 1024}).text == "1.00 KB"
    assert number("incidents").cell({"incidents": 1024}).text == "1,024"


@pytest.mark.parametrize(
    ("row", "view", "kind"),
    [
        ({"threat": "a"}, "", "threats"),
        ({"srcip": "10.0.0.1"}, "", "sources"),
        ({"srcip": "10.0.0.1", "threat": "a"}, "source-threat", "sources"),
        ({"app": "x"}, "top-applications", "other"),
        ({"thing": 1}, "a-new-view", "other"),
    ],
)
def test_kinds_of_tables(row: Row, view: str, kind: str) -> None:
    assert kind_of(Table([row], view=view)) == kind


def test_columns_are_those_that_rows_have() -> None:
    assert titles({"threat": "a", "severity": None, "incidents": 1}) == ["Threat", "Incidents"]
    # Half of an outcome is no outcome.
    assert titles({"threat": "a", "blocked": 1}) == ["Threat", "Blocked"]
    assert titles({"threat": "a", "blocked": 1, "detected": 0}) == ["Threat", "Outcome", "Blocked", "Got through"]
    assert titles({"srcip": "10.0.0.1", "bytes": 0}) == ["Source", "Volume, compared", "Volume"]


def test_columns_of_the_catalogue_have_titles_that_people_read() -> None:
    for view in CATALOGUE.values():
        for column in filter(None, (*view.identity, view.sort)):
            title = text(column).title
            assert title in PLAIN or title != column.capitalize(), column


def test_a_view_that_nobody_knows_shows_its_first_text_and_its_numbers() -> None:
    assert titles({"weight": 3, "thing": "a", "note": "b"}) == ["Thing", "Weight"]
    assert titles({"weight": 3}) == ["Weight"] and titles() == []


def test_outcomes_of_all_rows_are_on_one_scale() -> None:
    rows = [
        {"threat": "a", "blocked": 3, "detected": 1},
        {"threat": "b", "blocked": 0, "detected": 2},
        {"threat": "c", "blocked": "x"},
    ]
    outcome = next(column for column in columns_of(Table(rows)) if column.kind == "bar")
    assert [outcome.cell(row).parts for row in rows] == [
        (("blocked", 0, 75.0), ("detected", 75.0, 25.0)),
        (("blocked", 0, 0.0), ("detected", 0.0, 50.0)),
        (("blocked", 0, 0.0), ("detected", 0.0, 0.0)),
    ]
    assert outcome.cell(rows[2]).text == "x blocked, - got through"


@pytest.mark.parametrize("rows", [[{"n": 0}], [{"n": -5}], [{"n": "x"}], [{}]])
def test_a_bar_of_nothing_has_no_width(rows: list[Row]) -> None:
    assert share_bar(rows, "n").cell(rows[0]).parts == (("share", 0, 0.0),)


def test_a_table_is_folded_after_the_top_and_cut_after_the_most() -> None:
    rows = [{"threat": "x" * 30, "note": "y" * 30, "bytes": place} for place in range(9)]
    columns = [text("threat", kind="name"), text("note"), number("bytes"), share_bar(rows, "bytes")]
    made = grid(columns, rows, 2, 5)
    assert (len(made["rows"]), len(made["rest"]), made["left_out"], made["count"]) == (2, 3, 4, 9)
    assert [cells[0].text for cells in made["rows"] + made["rest"]] == ["1", "2", "3", "4", "5"]
    assert [one["kind"] for one in made["columns"]] == ["rank", "name", "text", "number", "bar"]
    assert [one["kind"] for one in made["rest_columns"]] == ["rank", "name", "text", "number"]
    # What is folded is not exact on hover, which would make the page twice as large.
    assert made["rows"][0][3].hover and not made["rest"][0][3].hover
    assert made["rest_looks"] == ["l3", "w3"] and made["legend"]
    assert not grid(columns, [], 2, 5)["legend"]
