# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Combines the pages of one ranking, and determines after each page whether further rows may exist.

A ranking is read by offset while logs arrive, so rows may move between two pages. Some rows then occur twice, and
others are missing until the ranking is read again. A count in a reply is either the number of existing rows or the
number of returned rows. Therefore further rows may follow any full page.
"""

from __future__ import annotations

import typing as t

from .._common.errors import Incomplete
from .._common.naming import agree, counted
from .._query.queries import EVERY_ROW
from .._query.request import Page
from .._query.rows import Row, canonical, identity_of

# The documented default number of rows of a fetch.
DOCUMENTED_FETCH_LIMIT = 100
# A ranking whose rows moved during a read is read again at most this number of times.
MOST_REPEATED_READINGS = 2
# The next step after a page.
DONE, MORE, AGAIN = "done", "more", "again"


def may_be_cut(rows: int) -> bool:
    """Whether this number of rows may be a default limit of FortiAnalyzer, because it is a multiple of 10 or 25. Known
    defaults are 10, 50, 100 and 1000."""
    return rows > 0 and (rows % 10 == 0 or rows % 25 == 0)


class PageRows(t.NamedTuple):
    """The rows of one page. `total` is the count in the reply. `documented` is True for the documented dialect, whose
    examples count more rows than they contain. `cut` is True if a part of the page may be missing. `ended` is True if
    the task was read until an empty part."""

    rows: list[dict[str, t.Any]]
    total: t.Optional[int] = None
    documented: bool = False
    cut: bool = False
    ended: bool = False


class Ranking:
    """The rows of a ranking, added page by page.

    `limit` is the number of requested rows from `offset` on. None means FortiAnalyzer's default. With EVERY_ROW, an
    incomplete ranking is an error. `logs` is True for single logs, which may be equal. `by_id` is True if only a task
    id is known, so no further page can be requested.
    """

    def __init__(self, limit: t.Optional[int], offset: int = 0, logs: bool = False, by_id: bool = False) -> None:
        self._limit = limit
        self._offset = offset
        self._logs = logs
        self._by_id = by_id
        # The distinct rows of all reads, and their digests. The digests are calculated when the second page arrives.
        self.rows: list[Row] = []
        self._known: set[bytes] = set()
        # The largest count of rows in the reply of any page.
        self.total: t.Optional[int] = None
        self.complete = True
        self.warnings: list[str] = []
        # The rows of the current read, and their digests. The digests of the first page are calculated when they are
        # needed.
        self._reading: list[Row] = []
        self._order: list[bytes] = []
        # The number of rows after each page of the current read, and the digests of the previous read.
        self._ends: list[int] = []
        self._before: list[bytes] = []
        self._readings = 1
        self._largest_page = 0
        # The position of the last empty page. It begins at 0, because an empty first page is accepted at once.
        self._emptied_at = 0

    @property
    def read(self) -> int:
        """The number of rows in the current read, which is also the position of the next page."""
        return len(self._reading)

    def add(self, page: Page, page_rows: PageRows) -> str:
        """Add the rows of this page. Returns DONE, MORE (request the next page) or AGAIN (start again with the first
        page).

        Raises Incomplete if rows are known to be missing.
        """
        rows = [canonical(row) for row in page_rows.rows]
        if page_rows.total is not None:
            self.total = max(self.total or 0, page_rows.total)
        self._largest_page = max(self._largest_page, len(rows))
        digests = self._digests(rows) if self.rows else []
        starts_over = bool(self._reading) and digests == self._ordered()[: len(rows)]
        # For an offset after the last row, FortiAnalyzer may return the last page again.
        is_stalled = bool(rows) and rows == self._reading[-len(rows) :]
        fresh = self._keep(rows, digests)
        self._reading += rows
        self._order += digests
        self._ends.append(len(self._reading))
        if self._logs:
            return self._after_logs(page, page_rows, fresh)
        if self._limit is not None and len(self.rows) >= self._limit:
            return DONE
        return (
            self._after_known_task(page_rows)
            if self._by_id
            else self._after_page(page, page_rows, starts_over or is_stalled)
        )

    def _digests(self, rows: t.Iterable[Row]) -> list[bytes]:
        return [identity_of(row, self._logs) for row in rows]

    def _ordered(self) -> list[bytes]:
        """The digests of the current read. The digests of the first page are calculated when they are first needed."""
        if len(self._order) < len(self._reading):
            self._order = self._digests(self._reading)
        return self._order

    def _keep(self, rows: list[Row], digests: list[bytes]) -> int:
        """Add the rows that are not in an earlier page, and return their number. Rows within one page always count as
        different rows."""
        if not self.rows:
            self.rows = list(rows)
            return len(rows)
        if not self._known:
            self._known.update(self._ordered())
        fresh = [row for row, digest in zip(rows, digests) if digest not in self._known]
        self.rows += fresh
        self._known.update(digests)
        return len(fresh)

    def _after_logs(self, page: Page, page_rows: PageRows, fresh: int) -> str:
        """The next step after a page of a log search. The count of a full page is a lower bound, because the search
        stops at the requested number of logs."""
        here = len(page_rows.rows)
        counts_more = (page_rows.total or 0) > page.offset + here
        if here < t.cast(int, page.limit) and not (counts_more or page_rows.cut):
            return DONE
        if self.read >= t.cast(int, self._limit):
            self._warn(
                f"Only the latest {counted(self.read, 'log')} {agree(self.read, 'was', 'were')} read: addresses in older logs may be missing."
            )
            return DONE
        if not fresh:
            raise Incomplete(
                f"FortiAnalyzer has more than {counted(page.offset, 'log')} and returned the same logs again"
            )
        return MORE

    def _after_known_task(self, page_rows: PageRows) -> str:
        here = len(page_rows.rows)
        by_default = page_rows.documented and here >= DOCUMENTED_FETCH_LIMIT and may_be_cut(here)
        if page_rows.cut or (by_default and not page_rows.ended):
            return self._part(
                f"FortiAnalyzer returned {counted(here, 'row')} of the task, which may be a limit of the fetch, so there may be more rows. The ticket has "
                "no request, so the query cannot be repeated."
            )
        # If only the task id is known, the limit of the task may be lower than the count, so missing rows are not an
        # error.
        if self.total is not None and len(self.rows) < self._expected(self.total):
            self._warn(self._returned_fewer())
        return DONE

    def _after_page(self, page: Page, page_rows: PageRows, repeats: bool) -> str:
        # This is one function, because a page is the last page only if no condition indicates further rows.
        here = len(page_rows.rows)
        full = page.limit is not None and here >= page.limit
        counts_more = self.total is not None and self.read < self._expected(self.total)
        # A default limit may apply to a fetch in the documented dialect, or to a task without a limit.
        by_default = may_be_cut(here) and (page.limit is None or (page_rows.documented and not page_rows.ended))
        looks_cut = page_rows.cut or by_default
        if page_rows.documented and counts_more and not looks_cut and here < DOCUMENTED_FETCH_LIMIT:
            # The examples of the documentation count more rows than they contain. A reply like these examples is a
            # partial result, not an error.
            return self._part(self._returned_fewer())
        if not (full or counts_more or looks_cut):
            return self._at_the_end() if here or self._seen_empty() else MORE
        if here and not repeats:
            return MORE if self._limit is None or self.read < self._limit else self._at_the_end()
        if page.limit is None or not (full or counts_more):
            return self._part(
                f"FortiAnalyzer returned {counted(len(self.rows), 'row')}, which may be its own limit, and no further rows for an "
                "offset: there may be more rows. Set limit to read all rows."
            )
        raise self._missing(
            "FortiAnalyzer returned the same rows for another offset" if here else "the next page was empty"
        )

    def _seen_empty(self) -> bool:
        """Whether the page at this position was already empty once. One empty page is not sufficient, because a task
        may end too early, without its rows and their count."""
        before, self._emptied_at = self._emptied_at, self.read
        return before == self.read

    def _at_the_end(self) -> str:
        """DONE if the pages of this read contain every row of the ranking, otherwise AGAIN. Raises Incomplete if rows
        moved during each read."""
        # A total that is not larger than a page may be the number of returned rows.
        is_total = self.total is not None and self.total > self._largest_page
        expected = self._expected(t.cast(int, self.total)) if is_total else self.read
        if len(self.rows) >= expected:
            return DONE
        # Some rows occur twice: they moved during the read, or they are different rows that differ only in counters.
        # Rows that have the same order in two reads did not move.
        digests = self._ordered()
        if digests == self._before and self.read in (expected, self._limit):
            return self._stood_still()
        if self._readings > MOST_REPEATED_READINGS:
            raise self._missing("rows of the ranking moved during each read")
        self._readings += 1
        self._before, self._reading, self._order, self._ends = digests, [], [], []
        return AGAIN

    def _stood_still(self) -> str:
        """The next step after two reads in the same order. Rows that differ only in their counters are different rows.
        For an offset after the last page, FortiAnalyzer may repeat earlier rows with the same counters."""
        seen: set[bytes] = set()
        fresh: list[Row] = []
        for start, end in zip([0, *self._ends], self._ends):
            page = [(identity_of(row, whole=True), row) for row in self._reading[start:end]]
            fresh += [row for digest, row in page if digest not in seen]
            seen.update(digest for digest, _row in page)
        again = len(self._reading) - len(fresh)
        self.rows = fresh
        if not again:
            return DONE
        return self._part(
            f"{counted(again, 'row')} of later pages {agree(again, 'equals an earlier row', 'equal earlier rows')} in all columns, and "
            f"{agree(again, 'was', 'were')} omitted, because FortiAnalyzer may have returned earlier rows again for an offset. There may be "
            "more rows."
        )

    def _part(self, why: str) -> str:
        if self._limit == EVERY_ROW:
            raise Incomplete(f"{why} limit=all requires all rows")
        self.complete = False
        self._warn(why)
        return DONE

    def _expected(self, total: int) -> int:
        rows = max(0, total - self._offset)
        return rows if self._limit is None else min(self._limit, rows)

    def _returned_fewer(self) -> str:
        return f"FortiAnalyzer counts {counted(t.cast(int, self.total), 'row')} but returned {len(self.rows)}."

    def _missing(self, why: str) -> Incomplete:
        counts = f"FortiAnalyzer counts {counted(self.total, 'row')} and" if self.total is not None else "FortiAnalyzer"
        return Incomplete(f"{counts} returned {counted(len(self.rows), 'different row')}; {why}")

    def _warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)
