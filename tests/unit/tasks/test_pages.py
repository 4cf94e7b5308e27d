# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of a ranking, fed with replies: rows are complete only where every row that is wanted was read."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    FortiViewError,
    Incomplete,
    TaskFailed,
)
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import Reply, decode
from ansible_collections.secops.fortiview.plugins.module_utils._query.queries import EVERY_ROW
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import Page
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.pages import Fetch, Pages, part_of
from hypothesis import given
from hypothesis import strategies as st
from unit.tasks.support import OK, Rows, documented, request, sources
from unit.tasks.support import live as live_reply

Ask = t.Union[Page, Fetch]
# More requests than any of these rankings needs.
MOST_REQUESTS = 400


def live(rows: Rows, total: t.Optional[int] = None) -> Reply:
    return live_reply(rows, **({} if total is None else {"total-count-all": total}))


def read(pages: Pages, submit: t.Callable[[Page], Reply], fetch: t.Any = None, page_limit: int = 1000) -> list[Ask]:
    """Ask until there is nothing more to ask; `fetch` returns None for a task that is gone. Returns what was asked."""
    asked: list[Ask] = []
    while len(asked) < MOST_REQUESTS:
        ask = pages.next(page_limit)
        if ask is None:
            return asked
        asked.append(ask)
        if isinstance(ask, Page):
            pages.add(ask, submit(ask))
            continue
        part = fetch(ask)
        if part is None:
            pages.lose_part()
        else:
            pages.add_part(part)
    raise AssertionError("it never ends")


class ScriptedFortiAnalyzer:
    """A FortiAnalyzer with these rows and these habits; the words are those of the strategy `habits`."""

    def __init__(self, rows: Rows, habits: dict[str, t.Any], gone: t.Callable[[], bool]) -> None:
        self.rows = rows
        self.habits = habits
        self.gone = gone
        self.task: Rows = []
        self.emptied: set[int] = set()

    def submit(self, page: Page) -> Reply:
        habits = self.habits
        size = habits["default"] if page.limit is None else page.limit
        # A release that returns fewer rows than it was asked for has to count the others, or nothing could show that they are there.
        if habits["counts"] in ("all", "more"):
            size = min(size, habits["most"])
        self.task = self._window(self.rows, page.offset, size, habits["offset"])
        if page.offset and habits["empties"] and page.offset not in self.emptied:
            self.emptied.add(page.offset)
            self.task = []
        shown = self.task[: habits["fetched"]] if habits["documented"] else self.task
        return self._reply(shown)

    def fetch(self, ask: Fetch) -> t.Optional[Reply]:
        if self.gone():
            return None
        return self._reply(self._window(self.task, ask.offset, ask.limit, self.habits["fetch"]))

    @staticmethod
    def _window(rows: Rows, offset: int, size: int, honours: str) -> Rows:
        start = {"honoured": offset, "ignored": 0, "clamped": max(0, min(offset, len(rows) - size))}[honours]
        return rows[start : start + size]

    def _reply(self, shown: Rows) -> Reply:
        counts = {
            "nothing": None,
            "returned": len(shown),
            "all": len(self.rows),
            "more": len(self.rows) + 3,
            "fewer": len(self.rows) // 2,
        }
        return (documented if self.habits["documented"] else live)(shown, counts[self.habits["counts"]])


HABITS = st.fixed_dictionaries(
    {
        "documented": st.booleans(),
        "counts": st.sampled_from(["nothing", "returned", "all", "more", "fewer"]),
        "offset": st.sampled_from(["honoured", "ignored", "clamped"]),
        "fetch": st.sampled_from(["honoured", "ignored", "clamped"]),
        "default": st.sampled_from([10, 50, 100, 1000]),
        "fetched": st.sampled_from([10, 50, 100]),
        "most": st.integers(20, 1000),
        "empties": st.booleans(),
    }
)


@given(
    st.integers(0, 330),
    st.one_of(st.none(), st.just(EVERY_ROW), st.integers(1, 400)),
    st.sampled_from([20, 50, 77, 100, 1000]),
    HABITS,
    st.randoms(use_true_random=False),
)
def test_complete_means_every_row(
    count: int, limit: t.Optional[int], page_limit: int, habits: dict[str, t.Any], random: t.Any
) -> None:
    """Short pages, counts that lie, rows that repeat, offsets that are not honoured, tasks that expire between two parts."""
    box = ScriptedFortiAnalyzer(sources(count), habits, lambda: random.random() < 0.2)
    pages = Pages(request(limit))
    wanted = [row["srcip"] for row in box.rows][:limit]
    try:
        read(pages, box.submit, box.fetch, page_limit)
    except Incomplete:
        assert not pages.complete
        return
    found = [row["srcip"] for row in pages.rows]
    assert len(set(found)) == len(found)
    assert set(found) <= {row["srcip"] for row in box.rows}
    if pages.complete:
        assert sorted(found) == sorted(wanted)


@given(st.integers(0, 330), st.integers(0, 60), st.one_of(st.none(), st.integers(1, 200)), st.booleans())
def test_an_offset_of_the_user(count: int, offset: int, limit: t.Optional[int], is_documented: bool) -> None:
    data = sources(count)

    def submit(page: Page) -> Reply:
        rows = data[page.offset : page.offset + (100 if page.limit is None else page.limit)]
        return (documented if is_documented else live)(rows, count)

    pages = Pages(request(limit, offset))
    read(pages, submit, lambda dummy: None)
    end = count if limit is None else offset + limit
    assert pages.complete
    assert [row["srcip"] for row in pages.rows] == [row["srcip"] for row in data[offset:end]]


REPLIES = st.lists(
    st.tuples(
        st.lists(st.integers(0, 40), max_size=30, unique=True),
        st.one_of(st.none(), st.integers(0, 60)),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@given(REPLIES, st.one_of(st.none(), st.integers(1, 60)), st.lists(st.booleans(), min_size=1, max_size=5))
def test_rows_that_are_counted_and_missing_are_never_complete(
    replies: t.Any, limit: t.Optional[int], lost: list[bool]
) -> None:
    """Replies without any order: the same ones come again and again, whatever is asked."""
    asks = iter(range(10**6))

    def reply(dummy: object) -> Reply:
        numbers, total, is_documented = replies[next(asks) % len(replies)]
        rows = [{"srcip": f"10.0.0.{number}", "sessions": "5"} for number in numbers]
        return (documented if is_documented else live)(rows, total)

    pages = Pages(request(limit))
    try:
        read(pages, reply, lambda ask: None if lost[next(asks) % len(lost)] else reply(ask), page_limit=20)
    except FortiViewError:
        assert not pages.complete
        return
    if pages.complete and pages.counted is not None:
        expected = pages.counted if limit is None else min(limit, pages.counted)
        assert len(pages.rows) >= expected


def first_part(pages: Pages, rows: int = 100) -> Fetch:
    """A page whose first reply has this number of rows and no count, which may be a limit of the fetch."""
    page = pages.next(1000)
    assert isinstance(page, Page)
    pages.add(page, documented(sources(rows)))
    ask = pages.next(1000)
    assert isinstance(ask, Fetch)
    return ask


def test_a_page_in_parts() -> None:
    pages = Pages(request(1000))
    assert first_part(pages) == Fetch(100, 100)
    pages.add_part(documented(sources(200, 100), **{"masked-fields": ["srcip"]}))
    assert pages.next(1000) == Fetch(100, 200)
    assert not pages.complete
    pages.add_part(documented([]))
    assert pages.next(1000) is None
    assert (len(pages.rows), pages.complete, pages.total, pages.masked_fields) == (200, True, 200, ["srcip"])
    assert any("in parts" in text for text in pages.warnings)


def test_a_task_that_expires_between_two_parts_does_not_end_the_rows() -> None:
    pages = Pages(request(1000))
    first_part(pages)
    pages.lose_part()
    assert pages.next(1000) == Page(900, 100)


def test_a_lost_part_behind_a_count_that_is_too_low_does_not_end_the_rows() -> None:
    pages = Pages(request(1000))
    pages.add(Page(1000, 0), documented(sources(10), total=121))
    assert pages.next(1000) == Fetch(211, 10)
    pages.add_part(documented(sources(221, 10), total=121))
    assert pages.next(1000) == Fetch(100, 221)
    pages.lose_part()
    assert pages.next(1000) == Page(779, 221, False)


def test_a_part_that_repeats_rows_behind_a_full_part_does_not_end_the_rows() -> None:
    pages = Pages(request(1000))
    pages.add(Page(1000, 0), documented(sources(10), total=121))
    pages.add_part(documented(sources(221, 10), total=121))
    pages.add_part(documented(sources(252, 152), total=121))
    assert pages.next(1000) == Page(779, 221)


def test_lost_logs_are_asked_for_again() -> None:
    pages = Pages(request(1000, logs=True))
    pages.add(Page(1000, 0), documented([{"srcip": "10.0.0.1", "msg": str(number)} for number in range(50)]))
    pages.lose_part()
    assert pages.next(1000) == Page(950, 50)


def test_a_known_task_that_expires_between_two_parts_is_not_complete() -> None:
    """Without its request nothing more can be asked."""
    pages = Pages(request(None, params=None))
    first_part(pages)
    pages.lose_part()
    assert (pages.next(1000), pages.complete, len(pages.rows)) == (None, False, 100)
    assert "may be more rows" in pages.warnings[0]


def test_a_known_task_whose_fetch_does_not_page_is_not_complete() -> None:
    """The documented fetch returns 100 rows by default, and which ones are behind them cannot be asked."""
    pages = Pages(request(None, params=None))
    first_part(pages)
    pages.add_part(documented(sources(100)))
    assert (pages.next(1000), pages.complete, len(pages.rows)) == (None, False, 100)


def test_a_known_task_that_was_read_to_its_end_is_complete() -> None:
    pages = Pages(request(None, params=None))
    first_part(pages)
    pages.add_part(documented(sources(120, 100)))
    pages.add_part(documented([]))
    assert (pages.next(1000), pages.complete, len(pages.rows)) == (None, True, 120)


@pytest.mark.parametrize(
    "part",
    [
        documented([], status="running", percentage=30),
        documented(sources(130, 100), status="running", percentage=30),
        decode({"result": [{"status": OK, "data": {"sources": []}}]}),
        decode({"id": 1}),
    ],
)
def test_a_part_that_is_not_done_does_not_end_the_rows(part: Reply) -> None:
    pages = Pages(request(1000))
    first_part(pages)
    pages.add_part(part)
    assert (pages.next(1000), len(pages.rows)) == (Page(900, 100), 100)


def test_a_part_that_failed_is_an_error() -> None:
    pages = Pages(request(1000))
    first_part(pages)
    with pytest.raises(TaskFailed):
        pages.add_part(documented([], status="cancelled"))
    assert not pages.complete


@pytest.mark.parametrize("start", [0, 30, 99])
def test_a_part_that_repeats_rows_shows_that_fetches_do_not_page(start: int) -> None:
    pages = Pages(request(1000))
    first_part(pages)
    pages.add_part(documented(sources(start + 100, start)))
    assert (pages.pages_fetches, pages.next(1000)) == (False, Page(900, 100))
    # The next page is not read in parts.
    pages.add(Page(900, 100), documented(sources(200, 100)))
    assert pages.next(1000) == Page(800, 200)


def test_single_logs_may_be_alike() -> None:
    logs = [{"srcip": "10.0.0.1", "msg": str(number)} for number in range(50)]
    pages = Pages(request(1000, logs=True))
    pages.add(Page(1000, 0), documented(logs))
    assert isinstance(pages.next(1000), Fetch)
    pages.add_part(documented([*logs[-1:], {"srcip": "10.0.0.2", "msg": "x"}]))
    assert (pages.next(1000), len(pages.rows)) == (None, 52)


@pytest.mark.parametrize("limit", [EVERY_ROW, 50000])
@pytest.mark.parametrize("counts", [None, 1000, 9000])
def test_the_last_page_again_and_again_ends(limit: int, counts: t.Optional[int]) -> None:
    """Offsets behind the last page are answered by the last page."""
    data = sources(2000)
    pages = Pages(request(limit))
    submits = []

    def submit(page: Page) -> Reply:
        submits.append(page)
        start = min(page.offset, 1000)
        return live(data[start : start + 1000], counts)

    with pytest.raises(Incomplete, match="the same rows for another offset"):
        read(pages, submit)
    assert not pages.complete
    assert len(submits) == 3


def test_the_page_of_a_given_task() -> None:
    assert Pages(request(2000)).given(500) == Page(500, 0, True)
    assert Pages(request(2000)).given(None) == Page(1000, 0, True)
    assert Pages(request(None)).given(10) == Page(None, 0)


@pytest.mark.parametrize(
    "paging, limit, window",
    [
        (None, 50, None),
        (Page(None, 5), 50, None),
        (Page(5, 10), 15, {"limit": 15, "offset": 0}),
        (Page(100, 10), 50, {"limit": 110, "offset": 0}),
    ],
)
def test_a_part_of_a_ticket_is_read_from_the_first_row(
    paging: t.Optional[Page], limit: int, window: t.Optional[dict[str, int]]
) -> None:
    part, found = part_of(request(50), paging)
    assert (part.limit, found) == (limit, window)
