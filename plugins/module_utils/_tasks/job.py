# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One question and its whole answer: what a user may ask of it, and both ways of reading a ranking page by page."""

from __future__ import annotations

import datetime
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
# How often a ranking that moved while it was read is read again from its start.
MOST_SWEEPS = 2
# Errors after which a task has no rows to read later; after all others it is left, and its ticket is in the error.
USELESS = (ApiError, TaskFailed, Incomplete)
# What follows a page of a ranking.
DONE, MORE, AGAIN = "done", "more", "again"


class Job:
    """Made around a Life; each of the three verbs is a generator for the scheduler, to be run once."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._rows: list[Row] = []
        self._identities: set[t.Hashable] = set()
        self._masked: set[str] = set()
        self._empty: t.Optional[Answer] = None
        self._sweeps = 0
        # The most rows that any page counted, whether a part of a task was lost, and whether rows are known to be missing.
        self._total: t.Optional[int] = None
        self._cut = self._short = False

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
        if task.reply is None:
            self._life.task = None
            return task.ticket
        self._life.delete()
        self._keep(task.reply.rows(self._life.question.view.rows_key), task.reply)
        return self._answer(task.reply)

    def _read(self, ticket: Ticket, wait: bool, paging: t.Optional[Page], delete: bool) -> Steps:
        life = self._life
        task = life.task = Task(ticket, life.run.clock(), _age(ticket, life.run.now()), owned=False)
        life.ticket = ticket
        if paging is not None:
            # From the first row on: whether an offset was heeded cannot be told from the rows.
            wanted = paging.offset + t.cast(int, paging.limit)
            task.window = {"limit": wanted, "offset": 0}
            life.question = life.question._replace(limit=min(wanted, life.question.limit or wanted))
        if not wait:
            try:
                reply = life.poll(task)
            except TaskGone as error:
                yield from life.find_again(task, page_after(life.question, 0), error)
                return self._made("running", False, None, None)
            if not reply.done(life.question.view.rows_key) or life.is_premature(reply):
                # Rows of a running task are partial sums in another order, so none are given.
                return self._made(reply.word or "running", False, reply.percentage, None)
            task.reply = reply
        answer = yield from self._ranking(task)
        if delete:
            task.owned, life.task = True, task
            life.delete()
        if paging is not None:
            answer = answer._replace(rows=answer.rows[paging.offset :])
        return answer

    def _ranking(self, task: t.Optional[Task]) -> Steps:
        """All rows that were asked for, page after page."""
        life = self._life
        read = 0
        while True:
            yield life.pause(0)
            most = life.run.forms.log_limit if life.question.logs else PAGE_LIMIT
            page = page_after(life.question, read, len(self._rows), most)
            try:
                task = task or (yield from life.submit(page))
                reply = yield from life.finish(task, page)
                task = t.cast(Task, life.task)
                rows = yield from self._rows_of(task, page, reply)
                self._total = reply.total if self._total is None else max(self._total, reply.total or 0)
                fresh = self._keep(rows, reply)
                read += len(rows)
                goes_on = self._goes_on(page, reply, read, len(rows), fresh)
            except FortiViewError as error:
                if type(error) in USELESS:
                    life.delete()
                if task is None and self._empty is not None and getattr(error, "reason", "") == "device":
                    # The other all-devices word is unknown here, so the first one was right and there are no rows.
                    return self._empty
                task = None
                if not life.asks_for_fewer(error):
                    raise
                continue
            life.delete()
            task = None
            if not self._rows and life.take_other_word():
                self._empty = self._answer(reply)
            elif goes_on == AGAIN:
                read = 0
            elif goes_on == DONE:
                return self._answer(reply, read)

    def _rows_of(self, task: Task, page: Page, reply: Reply) -> Steps:
        """The rows of a finished task, and what the documented paging of a fetch adds where the reply holds a part."""
        life = self._life
        key = life.question.view.rows_key
        rows = list(reply.rows(key))
        if not reply.documented or reply.total is None or not life.run.forms.fetch_paging:
            return rows
        if life.question.params is None and len(rows) < DOCUMENTED_FETCH_LIMIT:
            return rows  # the task itself held no more: its own limit is not known here
        wanted = min(page.limit or reply.total, max(0, reply.total - page.offset))
        while rows and len(rows) < wanted:
            yield life.pause(0)
            url = task_url(life.question, task.ticket.tid, life.run.forms)
            try:
                part = life.call("get", fetch_params(url, {"limit": wanted - len(rows), "offset": len(rows)}))
            except TaskGone:
                self._cut = True
                break
            more = part.rows(key)
            if not more or more[0] == rows[0]:
                life.run.forms.fetch_paging = False
                break
            life.warn("The rows were read in parts, by limit and offset of the fetch.")
            self._masked.update(part.masked_fields)
            rows += more
        return rows

    def _goes_on(self, page: Page, reply: Reply, read: int, here: int, fresh: int) -> str:
        """What is to come after this page, which had `here` rows, `fresh` of them new. Raises Incomplete where rows are
        known to be missing."""
        life = self._life
        if page.limit is None:
            if here >= PAGE_LIMIT:
                life.warn(f"The appliance returned its most ({PAGE_LIMIT}) rows; give limit to read on.")
            elif (reply.total or 0) > page.offset + here:
                life.warn(f"The appliance counts {reply.total} rows and returned {here}; give limit to have all.")
            return DONE
        wanted = t.cast(int, life.question.limit)
        if life.question.logs:
            return self._logs_go_on(page, reply, read, here, fresh)
        total = self._total
        known = wanted if total is None else min(wanted, max(0, total - life.question.offset))
        kept = len(self._rows)
        if kept >= known or (here < page.limit and total is None):
            return DONE
        if life.question.params is None or self._is_sample(reply, here):
            life.warn(f"The appliance counts {total} rows and returned {kept}.")
            # The limit of a task that is known by its id alone may have been the lower one.
            self._short = life.question.params is not None
            return DONE
        if read < known and here and (fresh or self._sweeps):
            return MORE
        self._sweeps += 1
        # A first sweep that stops early means that the offset is ignored; one that got to the end, that the ranking moved.
        if self._sweeps > MOST_SWEEPS or read < known or read == here:
            raise Incomplete(f"The appliance counts {total} rows and handed over {kept} different ones")
        return AGAIN

    def _logs_go_on(self, page: Page, reply: Reply, read: int, here: int, fresh: int) -> str:
        """The same for logs, of which several may be alike, and where the count of a full page is a floor (contract
        section 8.4)."""
        if here < t.cast(int, page.limit) and (reply.total or 0) <= page.offset + here:
            return DONE
        if read >= t.cast(int, self._life.question.limit):
            self._life.warn(f"Not all logs were read, but only the latest {read}: rarer addresses may be missing.")
            return DONE
        if not fresh:
            raise Incomplete(f"The appliance has more than {page.offset} logs and handed over the same ones again")
        return MORE

    def _is_sample(self, reply: Reply, here: int) -> bool:
        """The documentation's own replies count more rows than they show (contradiction 8), fewer than a fetch holds. They
        are shown, but nobody can tell them from a part of an answer."""
        return reply.documented and here < DOCUMENTED_FETCH_LIMIT and not self._cut and reply.done() is True

    def _keep(self, rows: list[dict[str, t.Any]], reply: Reply) -> int:
        """Add the rows that were not there yet, because a ranking that moves repeats some. Returns how many there were."""
        view = self._life.question.view
        self._masked.update(reply.masked_fields)
        shaped = [canonical(row) for row in rows]
        if (self._life.question.limit or 0) <= PAGE_LIMIT and not self._rows:
            self._rows = shaped
            return len(shaped)
        if not self._identities:
            self._identities.update(identity_of(row, view.identity) for row in self._rows)
        known = len(self._rows)
        earlier = set(self._identities)
        for row in shaped:
            identity = identity_of(row, view.identity)
            if identity not in earlier:
                self._identities.add(identity)
                self._rows.append(row)
        return len(self._rows) - known

    def _answer(self, reply: Reply, read: t.Optional[int] = None) -> Answer:
        """A whole answer. Where `read` rows were handed over and more were asked for, that is the total."""
        life = self._life
        if self._masked:
            life.warn(f"Masked by the administrator's profile, so no real values: {', '.join(sorted(self._masked))}.")
        if not self._rows and life.question.params is None:
            life.warn("No rows; without its request the task cannot be asked again with another device word.")
        elif not self._rows and not life.asks_all:
            life.warn("No rows; a device that the appliance does not know gives none either.")
        total, limit = self._total if self._total is not None else reply.total, life.question.limit
        silent = reply.done(life.question.view.rows_key) is None
        if silent:
            life.warn(
                "The appliance told neither progress nor rows, and never said that the task is done: taken for no rows."
            )
        elif total is None and read is not None and limit is not None and read < limit:
            total = life.question.offset + read
        told = reply.word is not None or reply.percentage is not None
        return self._made("done", not self._short, 100.0 if told and not silent else None, total)

    def _made(self, status: str, complete: bool, percentage: t.Optional[float], total: t.Optional[int]) -> Answer:
        life = self._life
        rows = self._rows if life.question.limit is None else self._rows[: life.question.limit]
        if self._masked:
            # Rows travel without their result, and a pseudonym looks like an address.
            for row in rows:
                row["masked_fields"] = sorted(self._masked)
        return Answer(
            t.cast(Ticket, life.ticket),
            status,
            complete,
            percentage,
            total,
            rows,
            life.run.clock() - life.started,
            life.polls,
            sorted(self._masked),
            life.warnings,
            life.raw if life.run.keep_raw else None,
        )


def _age(ticket: Ticket, now: datetime.datetime) -> t.Optional[float]:
    """Seconds since the submit, None where the ticket does not tell or another machine's clock is ahead."""
    try:
        submitted = datetime.datetime.fromisoformat(str(ticket.submitted_at).replace("Z", "+00:00"))
        age = (now - submitted).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return age if age >= 0 else None
