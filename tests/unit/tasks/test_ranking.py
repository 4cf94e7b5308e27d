# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of paging, fed with pages and no appliance."""

from __future__ import annotations

import contextlib
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import Incomplete
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import Page
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.ranking import (
    AGAIN,
    DONE,
    MORE,
    PageRows,
    Ranking,
)
from hypothesis import given
from hypothesis import strategies as st

Rows = list[dict[str, t.Any]]


def sources(count: int, start: int = 0) -> Rows:
    return [
        {"srcip": f"10.0.{number // 250}.{number % 250}", "sessions": "5"} for number in range(start, start + count)
    ]


def read(
    ranking: Ranking, data: Rows, page_limit: int, count: t.Optional[t.Callable[[Rows], t.Optional[int]]] = None
) -> Rows:
    """Read `data` by offset from an appliance that hands over `page_limit` rows at most, `count` of which its replies name."""
    for _number in range(200):
        wanted = (
            None if ranking._limit is None else min(page_limit, ranking._limit - min(ranking.read, len(ranking.rows)))
        )
        page = Page(wanted, ranking.read)
        rows = data[page.offset : page.offset + (wanted or page_limit)]
        if ranking.add(page, PageRows(rows, count(rows) if count else None)) == DONE:
            return ranking.rows
    raise AssertionError("it never ends")


@pytest.mark.parametrize("count", [None, len, lambda dummy: 2500])
def test_a_full_page_never_ends_a_ranking(count: t.Any) -> None:
    ranking = Ranking(3000)
    assert len(read(ranking, sources(2500), 1000, count)) == 2500
    assert ranking.complete


@pytest.mark.parametrize("own_limit", [10, 50, 100, 1000])
def test_without_a_limit_a_usual_default_is_read_on(own_limit: int) -> None:
    ranking = Ranking(None)
    assert len(read(ranking, sources(own_limit * 2 + 7), own_limit)) == own_limit * 2 + 7
    assert ranking.complete


def test_without_a_limit_an_unusual_number_is_the_end() -> None:
    assert Ranking(None).add(Page(None, 0), PageRows(sources(24))) == DONE


@pytest.mark.parametrize("own_limit", [10, 50, 100, 1000])
def test_without_a_limit_and_without_paging_nothing_is_called_complete(own_limit: int) -> None:
    ranking = Ranking(None)
    assert ranking.add(Page(None, 0), PageRows(sources(own_limit))) == MORE
    assert ranking.add(Page(None, own_limit), PageRows(sources(own_limit))) == DONE
    assert not ranking.complete
    assert "Set limit" in ranking.warnings[0]
    assert len(ranking.rows) == own_limit


def test_an_offset_that_is_not_honoured_is_an_error_where_a_limit_was_set() -> None:
    ranking = Ranking(3000)
    assert ranking.add(Page(1000, 0), PageRows(sources(1000))) == MORE
    with pytest.raises(Incomplete, match="the same rows"):
        ranking.add(Page(1000, 1000), PageRows(sources(1000)))


def test_rows_that_are_counted_and_not_handed_over_are_an_error() -> None:
    ranking = Ranking(3000)
    assert ranking.add(Page(1000, 0), PageRows(sources(1000), 1500)) == MORE
    with pytest.raises(Incomplete, match="counts 1500 rows"):
        ranking.add(Page(1000, 1000), PageRows([], 1500))


@pytest.mark.parametrize("column", ["f_user", "epeuid", "fortigate", "srcintf", "some_new_column"])
def test_rows_may_share_an_address(column: str) -> None:
    data = [{"srcip": f"10.0.0.{number % 5}", column: str(number), "sessions": "1"} for number in range(2300)]
    assert len(read(Ranking(5000), data, 1000, lambda dummy: 2300)) == 2300


def test_a_row_whose_counters_grew_is_the_same_row() -> None:
    ranking = Ranking(2000)
    first = sources(1000)
    moved = dict(first[-1], sessions="900", incident_pass="7", bandwidth="12")
    assert ranking.add(Page(1000, 0), PageRows(first, 1500)) == MORE
    assert ranking.add(Page(1000, 1000), PageRows([moved, *sources(499, 1000)], 1500)) == AGAIN
    assert ranking.add(Page(1000, 0), PageRows([*first[:-1], *sources(1, 1499)], 1500)) == MORE
    assert ranking.add(Page(1000, 1000), PageRows([moved, *sources(499, 1000)], 1500)) == DONE
    assert len({row["srcip"] for row in ranking.rows}) == len(ranking.rows) == 1500


def test_buckets_of_time_are_different_rows() -> None:
    ranking = Ranking(None)
    data = [{"time": str(number), "incidents": "0"} for number in range(30)]
    assert len(read(ranking, data, 10)) == 30


@pytest.mark.parametrize("count", [None, len, lambda dummy: 230])
def test_rows_that_agree_in_all_but_counters_are_kept_where_they_do_not_move(count: t.Any) -> None:
    data = [{"srcip": f"10.0.0.{number % 7}", "sessions": str(number)} for number in range(230)]
    ranking = Ranking(1000)
    for _number in range(20):
        rows = data[ranking.read : ranking.read + 50]
        if ranking.add(Page(50, ranking.read), PageRows(rows, count(rows) if count else None)) == DONE:
            break
    assert sorted(row["sessions"] for row in ranking.rows) == list(range(230))


def test_a_ranking_that_never_stands_still_is_an_error() -> None:
    ranking = Ranking(2000)
    page = sources(1000)
    for _sweep in range(2):
        assert ranking.add(Page(1000, 0), PageRows(page, 1500)) == MORE
        assert ranking.add(Page(1000, 1000), PageRows([*page[500:], *sources(1, 1000)], 1500)) == AGAIN
    assert ranking.add(Page(1000, 0), PageRows(page, 1500)) == MORE
    with pytest.raises(Incomplete, match="moved"):
        ranking.add(Page(1000, 1000), PageRows([*page[500:], *sources(1, 1000)], 1500))


def test_a_documented_reply_of_the_fetch_s_default_size_is_read_on() -> None:
    ranking = Ranking(1000)
    assert ranking.add(Page(1000, 0), PageRows(sources(100), 100, documented=True)) == MORE
    assert ranking.add(Page(900, 100), PageRows(sources(100, 100), 100, documented=True)) == MORE
    assert ranking.add(Page(800, 200), PageRows(sources(33, 200), 33, documented=True)) == DONE
    assert (len(ranking.rows), ranking.complete) == (233, True)


def test_an_example_of_the_documentation_is_shown_and_not_called_complete() -> None:
    ranking = Ranking(50)
    assert ranking.add(Page(50, 0), PageRows(sources(3), 25, documented=True)) == DONE
    assert (len(ranking.rows), ranking.complete) == (3, False)


def test_of_a_task_known_by_its_id_nothing_more_can_be_asked() -> None:
    ranking = Ranking(None, by_id=True)
    assert ranking.add(Page(None, 0), PageRows(sources(10), 25)) == DONE
    assert (ranking.complete, len(ranking.warnings)) == (True, 1)


@given(
    st.integers(0, 350),
    st.one_of(st.none(), st.integers(1, 400)),
    st.integers(1, 60),
    st.sampled_from(["nothing", "returned", "all"]),
    st.booleans(),
)
def test_complete_means_every_row(rows: int, limit: t.Optional[int], page: int, counting: str, pages: bool) -> None:
    """Whatever an appliance counts, and whether it heeds an offset: complete is said of all rows that were wanted alone."""
    data = [{"srcip": f"10.0.0.{number % 7}", "f_user": str(number)} for number in range(rows)]
    count: t.Any = {"nothing": lambda dummy: None, "returned": len, "all": lambda dummy: rows}[counting]
    ranking = Ranking(limit)
    # A page limit of the appliance that no round number gives away is one that it was told.
    own = page if limit is not None else page * 10
    try:
        for _number in range(400):
            wanted = None if limit is None else min(own, limit - min(ranking.read, len(ranking.rows)))
            start = ranking.read if pages else 0
            handed = data[start : start + (wanted or own)]
            if ranking.add(Page(wanted, ranking.read), PageRows(handed, count(handed))) == DONE:
                break
        else:
            raise AssertionError("it never ends")
    except Incomplete:
        assert not pages
        return
    if ranking.complete:
        assert len(ranking.rows) == (rows if limit is None else min(rows, limit))


@pytest.mark.parametrize("most", [2000, 1999, 1500, 1003])
@pytest.mark.parametrize("count", [None, len, lambda dummy: 5000])
def test_an_offset_that_is_honoured_up_to_a_limit_repeats_no_row(most: int, count: t.Any) -> None:
    """Offsets beyond the last page are answered by the last page, as some servers clamp them."""
    data = sources(most)
    ranking = Ranking(5000)
    with contextlib.suppress(Incomplete):
        for _number in range(60):
            start = min(ranking.read, most - 1000)
            rows = data[start : start + 1000]
            if ranking.add(Page(1000, ranking.read), PageRows(rows, count(rows) if count else None)) == DONE:
                break
        assert not ranking.complete
        assert len({row["srcip"] for row in ranking.rows}) == len(ranking.rows) == most


def test_an_empty_page_is_asked_for_again_before_it_ends_a_ranking() -> None:
    """A task may end with none of its rows, and without a count nothing else shows that."""
    ranking = Ranking(None)
    assert ranking.add(Page(None, 0), PageRows(sources(100))) == MORE
    assert ranking.add(Page(None, 100), PageRows([])) == MORE
    assert ranking.add(Page(None, 100), PageRows(sources(23, 100))) == DONE
    assert (len(ranking.rows), ranking.complete) == (123, True)


@pytest.mark.parametrize("count", [None, len])
def test_an_empty_page_is_believed_the_second_time(count: t.Any) -> None:
    ranking = Ranking(3000)
    assert ranking.add(Page(1000, 0), PageRows(sources(1000))) == MORE
    for result in (MORE, DONE):
        assert ranking.add(Page(1000, 1000), PageRows([], count([]) if count else None)) == result
    assert (len(ranking.rows), ranking.complete) == (1000, True)
