# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What rows are about, what is counted of them, and what a sum leaves out."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._insight.tables import (
    Table,
    is_truncated,
    key_columns,
    measure_of,
    subject_of,
    tables_of,
    total_of,
    usual_key,
    without_number,
    worst,
)

Row = dict[str, t.Any]


def tables(*rows: Row, view: str = "") -> list[Table]:
    return [Table(list(rows), view=view)]


def test_rows_become_canonical_and_keep_their_place() -> None:
    given = {
        "name": "x",
        "view": "top-threats",
        "adom": "root",
        "complete": True,
        "total": 9,
        "rows": [{"incidents": "5"}],
    }
    (table,) = tables_of(given).tables
    assert (table.rows, table.view, table.adom, table.truncated) == ([{"incidents": 5}], "top-threats", "root", True)


def test_a_gap_is_kept_where_a_part_is_enough() -> None:
    failed = {"name": "b", "adom": "B", "view": "top-threats", "msg": "HTTP 500"}
    given = {"results": [{"name": "a", "complete": True, "rows": []}], "failed_queries": [failed]}
    with pytest.raises(InvalidInput, match="HTTP 500"):
        tables_of(given)
    assert [gap.msg for gap in tables_of(given, partial=True).gaps] == ["HTTP 500"]


@pytest.mark.parametrize(
    ("result", "cut"),
    [
        ({"total": 2}, False),
        ({"total": 3}, True),
        ({"total": 5, "query": {"offset": 3, "limit": 2}}, False),
        ({"total": 5, "query": {"offset": None, "limit": 2}}, True),
        ({"query": {"limit": 2}}, True),
        ({"query": {"limit": 3}}, False),
        ({"query": {"limit": "all"}}, False),
        ({"total": None, "query": None}, False),
        ({"total": "3"}, False),
    ],
)
def test_whether_a_ranking_goes_on(result: Row, cut: bool) -> None:
    assert is_truncated({**result, "rows": [{}, {}]}) is cut


@pytest.mark.parametrize(
    ("rows", "view", "key"),
    [
        ([{"threat": "a", "threattype": "ips"}], "top-threats", ("threat",)),
        ([{"srcip": "10.0.0.1", "threat": "a"}], "", ("threat",)),
        ([{"srcip": "10.0.0.1"}], "a-new-view", ("srcip",)),
        ([], "top-threats", ("threat",)),
        ([], "", ()),
        ([{"thing": 1}], "", ()),
    ],
)
def test_what_rows_are_about(rows: list[Row], view: str, key: tuple[str, ...]) -> None:
    assert usual_key(tables(*rows, view=view)) == key


def test_a_key_that_no_row_has_is_refused_and_the_columns_are_named() -> None:
    with pytest.raises(InvalidInput, match=r"no row has the column threta\. Choose from the columns incidents, threat"):
        key_columns(tables({"threat": "a", "incidents": 1}), "threta")
    with pytest.raises(InvalidInput, match="set key to one of thing"):
        key_columns(tables({"thing": 1}))
    assert key_columns(tables({"a": 1}, {"b": 2}), "b, a") == ("b", "a")


def test_a_measure_has_a_number_in_a_row() -> None:
    assert measure_of(tables({"threat": "a", "sessions": 1, "incidents": "many"})) == "sessions"
    assert measure_of(tables({"a": 1}), "a") == "a" and measure_of([]) == "incidents"
    for given in ("incidents", 5, ["a"]):
        with pytest.raises(InvalidInput, match="columns with counters are: a"):
            measure_of(tables({"a": 1, "incidents": "many"}), given)
    with pytest.raises(InvalidInput, match="set by to one of odd"):
        measure_of(tables({"odd": 1}))


def test_a_row_that_does_not_say_what_it_is_about_has_no_subject() -> None:
    assert subject_of({"threat": "a", "x": 0}, ("threat", "x")) == ("a", "0")
    assert subject_of({"threat": "a", "x": None}, ("threat", "x")) == ("a", "")
    assert subject_of({"threat": None}, ("threat", "x")) is None and subject_of({"threat": "a"}, ()) is None


def test_an_absent_counter_is_not_0() -> None:
    assert total_of([]) is None is total_of([None, "5", True, float("nan")])
    assert total_of([0]) == 0 and total_of([1, None, 2.5, "x"]) == 3.5


def test_rows_that_a_sum_leaves_out() -> None:
    rows: list[Row] = [{"incidents": 1}, {"incidents": "many"}, {"incidents": None}, {}]
    assert without_number(rows, "incidents") == 3
    assert without_number(rows, "blocked") == 0 == without_number([], "incidents")


def test_the_worst_severity_of_those_that_are_known() -> None:
    assert worst(["low", "critical", "high"]) == "critical"
    assert worst(["low", "apocalyptic", None, 5, ["critical"]]) == "low"
    assert worst([]) is None is worst(["", "unknown"])
