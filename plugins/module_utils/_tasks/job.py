# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One question and its whole answer: what a user may ask of it, and both methods of reading a ranking page by page."""

from __future__ import annotations

import datetime
import sys
import typing as t

from .._common.errors import ApiError, FortiViewError, Incomplete, TaskFailed, TaskGone
from .._protocol.envelope import fetch_params
from .._protocol.reply import Reply
from .._query.devices import spoken, under_other_key, unseen
from .._query.questions import Page, page_after, task_url
from .._query.results import Answer
from .._query.tickets import Ticket
from .life import Life, Steps, Task
from .newest_log import warn_of_old_logs
from .ranking import DOCUMENTED_FETCH_LIMIT, DONE, Handed, Ranking, may_be_cut

# Errors after which a task has no rows to read later; after all others it is left, and its ticket is in the error.
USELESS = (ApiError, TaskFailed, Incomplete)


class Job:
    """Made around a Life; each of the three verbs is a generator for the scheduler, to be run once."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._ranking = self._new_ranking()
        self._masked: set[str] = set()
        # The first answer without rows, while the question is asked otherwise.
        self._empty: t.Optional[tuple[Reply, t.Optional[Ticket]]] = None
        self._probed = False

    def _new_ranking(self) -> Ranking:
        question = self._life.question
        return Ranking(question.limit, question.offset, question.logs, question.params is None)

    def submit(self) -> Steps:
        """Submit and leave the task on the appliance. Returns its Ticket, or an Answer where the rows came at once."""
        return self._life.guarded(self._submit())

    def ask(self) -> Steps:
        """Submit, wait, read everything, delete. Returns an Answer."""
        return self._life.guarded(self._asked())

    def read(self, ticket: Ticket, wait: bool, paging: t.Optional[Page], delete: bool) -> Steps:
        """Read a task by its ticket. Returns an Answer, which is not complete where `wait` is off and the task runs."""
        return self._life.guarded(self._read(ticket, wait, paging, delete))

    def _asked(self) -> Steps:
        answer = yield from self._all(None)
        if not answer.rows and not answer.total:
            warn_of_old_logs(self._life)
        return answer

    def _submit(self) -> Steps:
        task, page = yield from self._launch()
        if task.reply is None:
            self._life.task = None
            return task.ticket
        self._life.delete()
        self._ranking.add(page, self._handed(task.reply, task.reply.rows(self._life.question.view.rows_key)))
        return self._answer(task.reply)

    def _read(self, ticket: Ticket, wait: bool, paging: t.Optional[Page], delete: bool) -> Steps:
        life = self._life
        task = life.task = Task(ticket, life.run.clock(), _age(ticket, life.run.now()), owned=False)
        life.ticket = ticket
        if paging is not None:
            # From the first row on: whether an offset was heeded cannot be told from the rows.
            wanted = paging.offset + t.cast(int, paging.limit)
            task.window = {"limit": wanted, "offset": 0}
            life.asking.question = life.question._replace(limit=min(wanted, life.question.limit or wanted))
            self._ranking = self._new_ranking()
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
        answer = yield from self._all(task)
        if delete:
            task.owned, life.task = True, task
            life.delete()
        if paging is not None:
            answer = answer._replace(rows=answer.rows[paging.offset :])
        return answer

    def _all(self, task: t.Optional[Task]) -> Steps:
        """All rows that were asked for, page after page."""
        life = self._life
        while True:
            yield life.pause(0)
            try:
                task, page = (yield from self._launch()) if task is None else (task, self._first_page(task))
            except ApiError as error:
                if self._empty is None or error.reason != "device":
                    raise
                # The device is unknown under the other key or keyword, so the first one was right and there are no rows.
                reply, life.ticket = self._empty
                return self._answer(reply)
            try:
                reply = yield from life.finish(task, page)
                task = t.cast(Task, life.task)
                follows = self._ranking.add(page, (yield from self._whole_page(task, page, reply)))
            except FortiViewError as error:
                if type(error) in USELESS:
                    life.delete()
                if not self._asks_for_less(error):
                    raise
                task = None
                continue
            life.delete()
            task = None
            if follows == DONE and not (yield from self._asks_otherwise(reply)):
                return self._answer(reply)

    def _asks_otherwise(self, reply: Reply) -> Steps:
        """Whether the rows that there are, or that there are none, has to be looked at again by another request."""
        life = self._life
        if not self._ranking.rows and life.asking.ask_otherwise():
            self._empty = self._empty or (reply, life.ticket)
        elif not (yield from self._finds_more_devices()):
            if self._ranking.rows:
                life.asking.learn_device()
            return False
        self._ranking = self._new_ranking()
        return True

    def _finds_more_devices(self) -> Steps:
        """Whether devices that no row names have rows under their other key, of which one is asked for. If so, the question
        names these devices under both keys from now on."""
        life = self._life
        asked = life.question
        if self._probed or asked.params is None or asked.device != life.asking.first_devices:
            return False
        missing = unseen(asked.device, self._ranking.rows)
        if not missing:
            return False
        self._probed = True
        others, ticket, page = under_other_key(missing), life.ticket, Page(1, 0)
        life.asking.ask_devices(others, counted=False)
        try:
            reply = yield from life.finish((yield from life.submit(page)), page)
            found = bool(reply.rows(asked.view.rows_key))
            life.delete()
        except ApiError as error:
            if error.reason != "device":
                raise
            found = False
        life.ticket = ticket
        life.asking.ask_devices([*asked.device, *others] if found else asked.device, counted=asked.counted)
        if found:
            life.asking.warn(
                f"{life.asking.place}: no row names {spoken(missing)}, and there are rows for {spoken(others)}: queried again with both."
            )
        return found

    def _launch(self) -> Steps:
        """Submit the page after the rows that were read, in a size that the appliance takes. Returns task and page."""
        life, ranking = self._life, self._ranking
        while True:
            page = page_after(life.question, ranking.read, len(ranking.rows), life.run.forms.page_limit)
            try:
                return (yield from life.submit(page)), page
            except ApiError as error:
                if not self._asks_for_less(error):
                    raise

    def _first_page(self, task: Task) -> Page:
        """The page that a given task holds: as many rows as were asked for when it was submitted."""
        page = page_after(self._life.question, 0)
        asked = (task.ticket.request or {}).get("limit")
        return page._replace(limit=asked) if page.limit and isinstance(asked, int) and asked < page.limit else page

    def _asks_for_less(self, error: FortiViewError) -> bool:
        """Whether the appliance named a smaller page than the one it refused, which is learned then."""
        return isinstance(error, ApiError) and error.reason == "limit" and self._life.asking.learn(error)

    def _handed(self, reply: Reply, rows: list[dict[str, t.Any]], cut: bool = False, ended: bool = False) -> Handed:
        self._masked.update(reply.masked_fields)
        # A task that has not said that it is done is no example of the documentation.
        documented = reply.documented and reply.done(self._life.question.view.rows_key) is True
        return Handed(rows, reply.total, documented, cut, ended)

    def _whole_page(self, task: Task, page: Page, reply: Reply) -> Steps:
        """The rows of a finished task, and what the documented paging of a fetch adds where the reply holds a part."""
        life = self._life
        key = life.question.view.rows_key
        rows = list(reply.rows(key))
        if not reply.documented or not life.run.forms.fetch_paging:
            return self._handed(reply, rows)
        if life.question.params is None and len(rows) < DOCUMENTED_FETCH_LIMIT:
            return self._handed(reply, rows)  # the task itself held no more: its own limit is not known here
        counted = 0 if reply.total is None else max(0, reply.total - page.offset)
        most = sys.maxsize if page.limit is None else page.limit
        while rows and len(rows) < most and (len(rows) < counted or may_be_cut(len(rows))):
            yield life.pause(0)
            url = task_url(life.question, task.ticket.tid, life.run.forms)
            wanted = min(most, max(counted, len(rows) + DOCUMENTED_FETCH_LIMIT)) - len(rows)
            try:
                part = life.call("get", fetch_params(url, {"limit": wanted, "offset": len(rows)}))
            except TaskGone:
                return self._handed(reply, rows, cut=True)
            more = part.rows(key)
            if not more:
                return self._handed(reply, rows, ended=not part.empty)
            if more[0] == rows[0]:
                life.run.forms.fetch_paging = False
                break
            life.asking.warn("The rows were read in parts, by limit and offset of the fetch.")
            self._masked.update(part.masked_fields)
            rows += more
        return self._handed(reply, rows)

    def _answer(self, reply: Reply) -> Answer:
        life, ranking = self._life, self._ranking
        for text in ranking.warnings:
            life.asking.warn(text)
        if self._masked:
            life.asking.warn(
                f"Masked by the administrator's profile, so no real values: {', '.join(sorted(self._masked))}."
            )
        if not ranking.rows and life.question.params is None:
            life.asking.warn("No rows. Without its request the query cannot be repeated with another device keyword.")
        elif not ranking.rows and not life.asking.asks_all:
            life.asking.warn(
                f"{life.asking.place}: no rows for {spoken(life.asking.first_devices)}. FortiAnalyzer gives none either for a device that this "
                "ADOM does not have."
            )
        total, limit = ranking.total, life.question.limit
        silent = reply.done(life.question.view.rows_key) is None
        if silent:
            life.asking.warn(
                "FortiAnalyzer reported neither progress nor rows, and never that the task is done: this counts as no rows."
            )
        elif ranking.complete and (limit is None or len(ranking.rows) < limit):
            # All of them were read; what a reply counts may be its own rows alone.
            total = max(total or 0, life.question.offset + len(ranking.rows))
        told = reply.word is not None or reply.percentage is not None
        return self._made("done", ranking.complete, 100.0 if told and not silent else None, total)

    def _made(self, status: str, complete: bool, percentage: t.Optional[float], total: t.Optional[int]) -> Answer:
        life = self._life
        rows = self._ranking.rows if life.question.limit is None else self._ranking.rows[: life.question.limit]
        noun = "row" if len(rows) == 1 else "rows"
        life.ended(f"{status}, {len(rows)} {noun}{'' if complete else ', not complete,'}")
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
            life.asking.warnings,
            life.run.now(),
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
