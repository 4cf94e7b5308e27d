# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One question and its whole answer: what a user may ask of it, and both ways of reading a ranking page by page."""

from __future__ import annotations

import typing as t

from .._protocol.constants import PAGE_LIMIT
from .._protocol.envelope import fetch_params
from .._protocol.errors import ApiError, FortiViewError, Incomplete, TaskFailed, TaskGone
from .._protocol.reply import Reply
from .._query.questions import Page, page_after, task_url
from .._query.results import Answer
from .._query.rows import Row, canonical, identity_of
from .._query.tickets import Ticket
from .life import Life, Steps, Task

# Rows that a documented fetch returns unless it is told otherwise (seed page "Create Top Sources Task", step 2).
DOCUMENTED_FETCH_LIMIT = 100
# Errors after which a task has no rows to read later; after all others it is left, and its ticket is in the error.
USELESS = (ApiError, TaskFailed, Incomplete)


class Job:
    """Made around a Life; each of the three verbs is a generator for the scheduler, to be run once."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._rows: list[Row] = []
        self._identities: set[t.Any] = set()
        self._empty: t.Optional[Answer] = None

    def submit(self) -> Steps:
        """Submit and leave the task on the appliance. Returns its Ticket, or an Answer where the rows came at once."""
        return self._life.guarded(self._submit())

    def ask(self) -> Steps:
        """Submit, wait, read everything, delete. Returns an Answer."""
        return self._life.guarded(self._ranking(None))

    def read(self, ticket: Ticket, wait: bool, paging: t.Optional[Page], delete: bool) -> Steps:
        """Read a task by its ticket. Returns an Answer, which is not complete where `wait` is off and the task runs."""
        return self._life.guarded(self._read(ticket, wait, paging, delete))

    def _submit(self) -> Steps:
        task = yield from self._life.submit(page_after(self._life.question, 0))
        self._life.task = None
        if task.reply is None:
            return task.ticket
        self._keep(task.reply.rows(self._life.question.view.rows_key))
        return self._answer(task.ticket, task.reply)

    def _read(self, ticket: Ticket, wait: bool, paging: t.Optional[Page], delete: bool) -> Steps:
        life = self._life
        life.task = task = Task(ticket, life.run.clock(), owned=False)
        if paging is not None:
            # From the first row on: whether an offset was heeded cannot be told from the rows.
            task.window = {"limit": paging.offset + t.cast(int, paging.limit), "offset": 0}
        if not wait:
            reply = life.poll(task)
            if not reply.done(life.question.view.rows_key):
                # Rows of a running task are partial sums in another order, so none are given.
                return self._made(ticket, reply.word or "running", False, reply, None)
            task.reply = reply
        answer = yield from (self._ranking(task) if paging is None else self._part(task, paging))
        if delete:
            task.owned, life.task = True, task
            life.delete()
        return answer

    def _part(self, task: Task, paging: Page) -> Steps:
        """Some rows of a task, cut out here: live appliances ignore the limit of a fetch."""
        reply = yield from self._life.finish(task, Page(None, 0))
        self._keep(reply.rows(self._life.question.view.rows_key)[paging.offset :][: paging.limit])
        return self._answer(t.cast(Task, self._life.task).ticket, reply)

    def _ranking(self, task: t.Optional[Task]) -> Steps:
        """All rows that were asked for, page after page."""
        life = self._life
        read = 0
        first: t.Optional[Ticket] = None
        while True:
            page = page_after(life.question, read)
            try:
                task = task or (yield from life.submit(page))
            except ApiError as error:
                if self._empty is None or error.reason != "device":
                    raise
                # The other all-devices word is unknown here, so the first one was right and there are no rows.
                return self._empty
            try:
                reply = yield from life.finish(task, page)
                task = t.cast(Task, life.task)
                fresh = yield from self._page_rows(task, page, reply)
                read += len(fresh)
                goes_on = self._goes_on(page, reply, read, len(fresh))
            except FortiViewError as error:
                if type(error) in USELESS:
                    life.delete()
                raise
            first = first or task.ticket
            life.delete()
            task = None
            if not fresh and read == 0 and life.take_other_word():
                self._empty, first = self._answer(first, reply), None
                continue
            self._keep(fresh)
            if not goes_on:
                return self._answer(first, reply, read)

    def _page_rows(self, task: Task, page: Page, reply: Reply) -> Steps:
        """The rows of a finished task, and what the documented paging of a fetch adds where the reply held a part."""
        life = self._life
        key = life.question.view.rows_key
        rows = list(reply.rows(key))
        if not reply.documented or reply.total is None or not life.run.forms.fetch_paging:
            return rows
        if page.limit is None and len(rows) < DOCUMENTED_FETCH_LIMIT:
            return rows  # the task itself held no more: its own limit is not known here
        wanted = min(page.limit or reply.total, max(0, reply.total - page.offset))
        while rows and len(rows) < wanted:
            yield life.pause(0)
            url = task_url(life.question, task.ticket.tid, life.run.forms)
            try:
                more = life.call("get", fetch_params(url, {"limit": wanted - len(rows), "offset": len(rows)})).rows(key)
            except TaskGone:
                more = []
            if not more or more[0] == rows[0]:
                life.run.forms.fetch_paging = False
                break
            life.warn("The rows were read in parts, by limit and offset of the fetch.")
            rows += more
        return rows[:wanted] if wanted else rows

    def _goes_on(self, page: Page, reply: Reply, read: int, fresh: int) -> bool:
        """Whether another page is to be submitted. Raises Incomplete where rows are known to be missing."""
        life = self._life
        if page.limit is None:
            if fresh >= PAGE_LIMIT:
                life.warn(f"The appliance returned its most ({PAGE_LIMIT}) rows; give limit to read on.")
            return False
        wanted = t.cast(int, life.question.limit)
        known = None if reply.total is None else min(wanted, max(0, reply.total - life.question.offset))
        if read >= wanted or (fresh < page.limit and (known is None or read >= known)):
            return False
        if reply.documented and fresh < page.limit:
            life.warn(f"The appliance counts {reply.total} rows and returned {read}.")
            return False
        if not fresh:
            raise Incomplete(f"The appliance counts {reply.total} rows and handed over {read}")
        return True

    def _keep(self, fresh: list[dict[str, t.Any]]) -> None:
        """Add rows that earlier pages did not have: a ranking that moves meanwhile repeats some."""
        columns = self._life.question.view.identity
        shaped = [canonical(row) for row in fresh]
        identities = [identity_of(row, columns) for row in shaped]
        self._rows += [row for row, known in zip(shaped, identities) if known is None or known not in self._identities]
        if (self._life.question.limit or 0) > PAGE_LIMIT:
            self._identities.update(identities)

    def _answer(self, ticket: Ticket, reply: Reply, read: t.Optional[int] = None) -> Answer:
        """A whole answer. Where `read` rows were handed over and more were asked for, that is the total."""
        life = self._life
        if reply.masked_fields:
            life.warn(f"Masked by the administrator's profile, so no real values: {', '.join(reply.masked_fields)}.")
        if not self._rows and life.question.params is None:
            life.warn("No rows; without its request the task cannot be asked again with another device word.")
        elif not self._rows and life.question.with_other_all_word is None:
            life.warn("No rows; a device that the appliance does not know gives none either.")
        total, limit = reply.total, life.question.limit
        if total is None and read is not None and limit is not None and read < limit:
            total = life.question.offset + read
        return self._made(ticket, "done", True, reply, total)

    def _made(self, ticket: Ticket, status: str, complete: bool, reply: Reply, total: t.Optional[int]) -> Answer:
        life = self._life
        return Answer(
            ticket,
            status,
            complete,
            100.0 if complete else reply.percentage,
            total,
            self._rows,
            life.run.clock() - life.started,
            life.polls,
            reply.masked_fields,
            life.warnings,
            life.raw if life.run.keep_raw else None,
        )
