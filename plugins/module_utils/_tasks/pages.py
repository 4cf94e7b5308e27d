# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collects the pages of one ranking from replies, and determines the next request. `ranking.py` determines whether the
rows are complete."""

from __future__ import annotations

import sys
import typing as t

from .._protocol.reply import Reply
from .._query.request import Page, Request, page_after
from .._query.rows import Row, identity_of
from .ranking import DOCUMENTED_FETCH_LIMIT, DONE, PageRows, Ranking, may_be_cut

IN_PARTS = "The rows of a task were read in parts, by limit and offset."


class Fetch(t.NamedTuple):
    """A request for a further part of the current task."""

    limit: int
    offset: int


class Pages:
    """The rows of a ranking, page by page. A task may return its page in several parts.

    `next` returns the next request. For a Page, submit a task and pass its reply to `add`. For a Fetch, read the part
    of the same task and pass its reply to `add_part`, or call `lose_part` if the task is lost. None means that every
    page was read.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._ranking = Ranking(request.limit, request.offset, request.logs, by_id=request.params is None)
        self._parts: t.Optional[_Parts] = None
        self._pages_fetches = True
        self._warnings: dict[str, None] = {}
        self._masked: set[str] = set()
        self._done = False

    @property
    def rows(self) -> list[Row]:
        """The requested rows among the rows that were read."""
        return self._ranking.rows if self._request.limit is None else self._ranking.rows[: self._request.limit]

    @property
    def complete(self) -> bool:
        """Whether `rows` contains all requested rows that exist."""
        return self._done and self._ranking.complete

    @property
    def total(self) -> t.Optional[int]:
        """The number of rows in the ranking: FortiAnalyzer's count or, after a complete read, the number of read rows
        if it is larger. None if it is not known."""
        read, limit = self._ranking.rows, self._request.limit
        if self.complete and (limit is None or len(read) < limit):
            # The count in a reply may include only the rows of this reply, so it may be too low.
            return max(self._ranking.total or 0, self._request.offset + len(read))
        return self._ranking.total

    @property
    def counted(self) -> t.Optional[int]:
        """The largest count of rows in a reply. None if no reply has a count."""
        return self._ranking.total

    @property
    def masked_fields(self) -> list[str]:
        return sorted(self._masked)

    @property
    def warnings(self) -> list[str]:
        return [*self._warnings, *self._ranking.warnings]

    @property
    def pages_fetches(self) -> bool:
        """False if FortiAnalyzer ignored the offset of a fetch."""
        return self._pages_fetches

    def next(self, page_limit: int) -> t.Union[Page, Fetch, None]:
        """The next request, for tasks of at most `page_limit` rows."""
        if self._parts is not None:
            return self._parts.next
        if self._done:
            return None
        return page_after(self._request, self._ranking.read, len(self._ranking.rows), page_limit)

    def given(self, limit: object) -> Page:
        """The page of an existing task that was submitted with this limit."""
        page = page_after(self._request, 0)
        return page._replace(limit=limit) if page.limit and isinstance(limit, int) and limit < page.limit else page

    def add(self, page: Page, reply: Reply, fetch_paging: bool = True) -> None:
        """Add the reply of a finished task. `fetch_paging` is True if FortiAnalyzer may apply the limit and offset of a
        fetch.

        Raises Incomplete if rows are known to be missing.
        """
        self._masked.update(reply.masked_fields)
        parts = _Parts(page, reply, self._request)
        # FortiAnalyzer returns a page in several parts only in the documented dialect.
        paged = reply.documented and fetch_paging and self._pages_fetches
        # If only the task id is known, the limit of the task is not known. A reply with fewer rows than the default of
        # a fetch then counts as complete.
        if paged and not (self._request.params is None and len(parts.rows) < DOCUMENTED_FETCH_LIMIT) and parts.next:
            self._parts = parts
        else:
            self._close(page, parts)

    def add_part(self, reply: Reply) -> None:
        """Add the reply of a Fetch. Raises Incomplete and TaskFailed."""
        parts = t.cast(_Parts, self._parts)
        parts.add(reply)
        self._masked.update(reply.masked_fields)
        self._pages_fetches = parts.honoured
        if parts.several:
            self._warnings[IN_PARTS] = None
        if parts.next is None:
            self._close(parts.page, parts)

    def lose_part(self) -> None:
        """Record that the task was lost before all its parts were read. Raises Incomplete if rows are known to be
        missing."""
        parts = t.cast(_Parts, self._parts)
        parts.lose()
        self._close(parts.page, parts)

    def _close(self, page: Page, parts: _Parts) -> None:
        self._parts = None
        self._done = self._ranking.add(page, parts.result) == DONE


def part_of(request: Request, paging: t.Optional[Page]) -> tuple[Request, t.Optional[dict[str, int]]]:
    """The request for the rows up to the end of a part, and the limit and offset of its polls. The request and its
    polls begin at the first row, because the rows do not show whether FortiAnalyzer applied an offset."""
    if paging is None or paging.limit is None:
        return request, None
    wanted = paging.offset + paging.limit
    return request._replace(limit=min(wanted, request.limit or wanted)), {"limit": wanted, "offset": 0}


class _Parts:
    """The parts of one page. In the documented dialect, FortiAnalyzer may return a page in several replies."""

    def __init__(self, page: Page, reply: Reply, request: Request) -> None:
        self.page = page
        self.honoured = True
        self.several = False
        self._key = request.view.rows_key
        self._logs = request.logs
        self.rows = list(reply.rows(self._key))
        self._total = reply.total
        # The examples of the documentation, whose count is too high, are replies of a task that reports its end.
        self._documented = reply.documented and reply.done(self._key) is True
        self._known: set[object] = set()
        # Whether the last part had the requested number of rows. In this case, further rows may follow.
        self._full = False
        self._closed = self._cut = self._ended = False

    @property
    def next(self) -> t.Optional[Fetch]:
        here = len(self.rows)
        most = sys.maxsize if self.page.limit is None else self.page.limit
        counted = 0 if self._total is None else max(0, self._total - self.page.offset)
        if self._closed or not here or here >= most or not (here < counted or self._full or may_be_cut(here)):
            return None
        # The limit is larger than FortiAnalyzer's count, to detect a count that is too low.
        return Fetch(min(most, max(counted, here) + DOCUMENTED_FETCH_LIMIT) - here, here)

    @property
    def result(self) -> PageRows:
        return PageRows(self.rows, total=self._total, documented=self._documented, cut=self._cut, ended=self._ended)

    def add(self, reply: Reply) -> None:
        """Add the reply with a further part. Raises TaskFailed."""
        more, done = reply.rows(self._key), reply.done(self._key)
        if done is False or not more:
            # An empty part is the end of the rows only if the reply reports that the task is done.
            self._closed, self._ended, self._cut = True, done is True, done is not True
        elif self._repeats(more):
            # If the previous part was full, further rows may exist, so the page counts as cut.
            self._closed, self.honoured, self._cut = True, False, self._full
        else:
            asked = self.next
            self._full = asked is not None and len(more) >= asked.limit
            self.rows += more
            self.several = True

    def lose(self) -> None:
        self._closed = self._cut = True

    def _repeats(self, more: list[Row]) -> bool:
        """Whether FortiAnalyzer ignored the offset: the part begins with the first row of the page or repeats other
        rows. The rows of a finished task do not change, so one repeated row is sufficient. Different logs may be equal,
        so in a log search all rows of the part must be repeated."""
        if more[0] == self.rows[0]:
            return True
        if not self._known:
            self._known.update(self._values(row) for row in self.rows)
        values = [self._values(row) for row in more]
        known = [row in self._known for row in values]
        self._known.update(values)
        return all(known) if self._logs else any(known)

    def _values(self, row: Row) -> object:
        """A hashable value for a row: the values in the columns of the first row. If one of these values is not
        hashable, the slower digest of the row is returned."""
        values = tuple(map(row.get, self.rows[0]))
        try:
            hash(values)
        except TypeError:
            return identity_of(row, whole=True)
        return values
