# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of one ranking. They take replies and return the next request. Pure; `ranking.py` decides what the rows prove."""

from __future__ import annotations

import sys
import typing as t

from .._protocol.reply import Reply
from .._query.request import Page, Request, page_after
from .._query.rows import Row, identity_of
from .ranking import DOCUMENTED_FETCH_LIMIT, DONE, PageRows, Ranking, may_be_cut

IN_PARTS = "The rows were read in parts, by limit and offset of the fetch."


class Fetch(t.NamedTuple):
    """A further part of the task that holds the current page."""

    limit: int
    offset: int


class Pages:
    """Rows of a ranking, page by page; a page may come in several parts of one task.

    Ask for what `next` names: submit a task for a Page and hand its reply to `add`; fetch a Fetch of the same task and hand its reply to
    `add_part`, or call `lose_part` where the task is gone. None: every page was read.
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
        """The rows that are wanted, of those that were read so far."""
        return self._ranking.rows if self._request.limit is None else self._ranking.rows[: self._request.limit]

    @property
    def complete(self) -> bool:
        """Whether `rows` are all that are wanted and exist."""
        return self._done and self._ranking.complete

    @property
    def total(self) -> t.Optional[int]:
        """How many rows there are: as FortiAnalyzer counts them, or as they were read to their end."""
        read, limit = self._ranking.rows, self._request.limit
        if self.complete and (limit is None or len(read) < limit):
            # The count of a reply may cover only its own rows.
            return max(self._ranking.total or 0, self._request.offset + len(read))
        return self._ranking.total

    @property
    def counted(self) -> t.Optional[int]:
        """The largest count that a reply named."""
        return self._ranking.total

    @property
    def masked_fields(self) -> list[str]:
        return sorted(self._masked)

    @property
    def warnings(self) -> list[str]:
        return [*self._warnings, *self._ranking.warnings]

    @property
    def pages_fetches(self) -> bool:
        """False after a fetch that did not honour its offset."""
        return self._pages_fetches

    def next(self, page_limit: int) -> t.Union[Page, Fetch, None]:
        """The next request, if a task has `page_limit` rows at most."""
        if self._parts is not None:
            return self._parts.next
        if self._done:
            return None
        return page_after(self._request, self._ranking.read, len(self._ranking.rows), page_limit)

    def given(self, limit: object) -> Page:
        """The page of a given task, which was submitted with this limit."""
        page = page_after(self._request, 0)
        return page._replace(limit=limit) if page.limit and isinstance(limit, int) and limit < page.limit else page

    def add(self, page: Page, reply: Reply, fetch_paging: bool = True) -> None:
        """Take the reply of a finished task. `fetch_paging`: whether a fetch may honour limit and offset.

        Raises Incomplete if rows are known to be missing.
        """
        self._masked.update(reply.masked_fields)
        parts = _Parts(page, reply, self._request)
        # A task that has not reported that it is done is not an example of the documentation.
        paged = reply.documented and fetch_paging and self._pages_fetches
        # A task that is known only by its id may contain no more rows, because its limit is not known here.
        if paged and not (self._request.params is None and len(parts.rows) < DOCUMENTED_FETCH_LIMIT) and parts.next:
            self._parts = parts
        else:
            self._close(page, parts)

    def add_part(self, reply: Reply) -> None:
        """Take the reply to a Fetch. Raises Incomplete and TaskFailed."""
        parts = t.cast(_Parts, self._parts)
        parts.add(reply)
        self._masked.update(reply.masked_fields)
        self._pages_fetches = parts.honoured
        if parts.several:
            self._warnings[IN_PARTS] = None
        if parts.next is None:
            self._close(parts.page, parts)

    def lose_part(self) -> None:
        """The task is gone before all its parts were read. Raises Incomplete."""
        parts = t.cast(_Parts, self._parts)
        parts.lose()
        self._close(parts.page, parts)

    def _close(self, page: Page, parts: _Parts) -> None:
        self._parts = None
        self._done = self._ranking.add(page, parts.result) == DONE


def part_of(request: Request, paging: t.Optional[Page]) -> tuple[Request, t.Optional[dict[str, int]]]:
    """The request for the rows up to the end of a part, and the window of its polls. Both begin at the first row, because the rows do
    not show whether an offset was honoured."""
    if paging is None or paging.limit is None:
        return request, None
    wanted = paging.offset + paging.limit
    return request._replace(limit=min(wanted, request.limit or wanted)), {"limit": wanted, "offset": 0}


class _Parts:
    """The parts of one page, which a documented fetch may hand over in several replies."""

    def __init__(self, page: Page, reply: Reply, request: Request) -> None:
        self.page = page
        self.honoured = True
        self.several = False
        self._key = request.view.rows_key
        self._logs = request.logs
        self.rows = list(reply.rows(self._key))
        self._total = reply.total
        self._documented = reply.documented and reply.done(self._key) is True
        self._known: set[object] = set()
        # Whether the last part had as many rows as were requested, so that further rows are possible.
        self._full = False
        self._closed = self._cut = self._ended = False

    @property
    def next(self) -> t.Optional[Fetch]:
        here = len(self.rows)
        most = sys.maxsize if self.page.limit is None else self.page.limit
        counted = 0 if self._total is None else max(0, self._total - self.page.offset)
        if self._closed or not here or here >= most or not (here < counted or self._full or may_be_cut(here)):
            return None
        # The requested number is larger than the count, so that a count that is too low is detected.
        return Fetch(min(most, max(counted, here) + DOCUMENTED_FETCH_LIMIT) - here, here)

    @property
    def result(self) -> PageRows:
        return PageRows(self.rows, total=self._total, documented=self._documented, cut=self._cut, ended=self._ended)

    def add(self, reply: Reply) -> None:
        """Raises TaskFailed."""
        more, done = reply.rows(self._key), reply.done(self._key)
        if done is False or not more:
            # An empty part is the end only if the reply reports that the task is done.
            self._closed, self._ended, self._cut = True, done is True, done is not True
        elif self._repeats(more):
            # After a full part, further rows are possible.
            self._closed, self.honoured, self._cut = True, False, self._full
        else:
            asked = self.next
            self._full = asked is not None and len(more) >= asked.limit
            self.rows += more
            self.several = True

    def lose(self) -> None:
        self._closed = self._cut = True

    def _repeats(self, more: list[Row]) -> bool:
        """Whether FortiAnalyzer ignored the offset. A finished task does not change, so a repeated row has no other cause. Single logs may be
        alike."""
        if more[0] == self.rows[0]:
            return True
        if not self._known:
            self._known.update(self._values(row) for row in self.rows)
        values = [self._values(row) for row in more]
        known = [row in self._known for row in values]
        self._known.update(values)
        return all(known) if self._logs else any(known)

    def _values(self, row: Row) -> object:
        """A row as a member of a set: the columns of the first row, or a digest, which takes longer, if a column is not plain."""
        values = tuple(map(row.get, self.rows[0]))
        try:
            hash(values)
        except TypeError:
            return identity_of(row, whole=True)
        return values
