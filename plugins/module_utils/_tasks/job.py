# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job processes one request from its submit to its result. It submits and reads tasks with PageTasks, and collects
their rows with Pages. The scheduler runs the generators of all jobs."""

from __future__ import annotations

import typing as t

from .._common.errors import ApiError, DeadlineExceeded, FortiViewError, Incomplete, TaskFailed, TaskGone
from .._common.naming import agree, counted
from .._protocol.reply import Reply
from .._query.devices import spoken, under_other_key, unseen
from .._query.formats import RequestFormats
from .._query.request import Page, Request
from .._query.results import Result
from .._query.tickets import Ticket
from .advice import advice
from .client import TaskClient
from .newest_log import warning_of_old_logs
from .page_tasks import READ_ONCE, PageTasks
from .pages import Fetch, Pages
from .run import Run, Steps, Warnings
from .task import RUNNING, SECOND_LOOK, Task, age_of, ended_early
from .variants import Variants

# After these errors, the rows of a task cannot be read later, so the task is deleted. After other errors, the task is
# kept if the run leaves tasks, and it can be read by the ticket in the error.
USELESS = (ApiError, TaskFailed, Incomplete)

# FortiAnalyzer also returns HTTP 503 for a time range of a wrong type.
SHAPE = " If other queries succeed, FortiAnalyzer does not accept this time_range."
DELETED = "The task was deleted. Raise wait_timeout, or shorten time_range."
PAGES_DELETED = (
    "The rows that were read and their tasks were deleted: raise wait_timeout, shorten time_range, or read the ticket in "
    "tasks with on_gone=resubmit."
)


class Job:
    """A job for one request. `submit`, `ask` and `read` return generators for the scheduler. A caller uses only one of
    these methods, and only once.

    `request_for` builds the request in the current request formats of the run. With `resubmit`, a lost task of a ticket
    is submitted again.
    """

    def __init__(
        self,
        run: Run,
        request_for: t.Callable[[RequestFormats], Request],
        resubmit: bool = True,
        window: t.Optional[dict[str, int]] = None,
    ) -> None:
        self._run = run
        self._warnings = Warnings()
        self._variants = Variants(run.formats, request_for, self._warnings)
        self._client = TaskClient(run, self._warnings, window)
        self._tasks = PageTasks(
            run=run, client=self._client, variants=self._variants, warnings=self._warnings, resubmit=resubmit
        )
        self._pages = Pages(self._variants.request)
        # The first reply without rows and its ticket. Both are kept while other variants of the request are tried.
        self._empty: t.Optional[tuple[Reply, t.Optional[Ticket]]] = None
        self._looked_further = False

    def submit(self) -> Steps:
        """Submit the request without reading its task. Returns the Ticket, or a Result if the reply to the submit
        contains all rows."""
        return self._guarded(self._submit())

    def ask(self) -> Steps:
        """Submit the request, wait, read all rows and delete the task. Returns a Result."""
        return self._guarded(self._ask())

    def read(self, ticket: Ticket, wait: bool, delete: bool) -> Steps:
        """Read a task by its ticket. Returns a Result. The Result has no rows and is not complete if `wait` is off and
        the task is still running."""
        return self._guarded(self._read(ticket, wait, delete))

    def _guarded(self, steps: Steps) -> Steps:
        """Start the time limit and run the steps. The place and the next step are added to an error. The task is
        deleted if the generator is closed or the run is stopped."""
        self._client.start()
        try:
            return (yield from steps)
        except FortiViewError as error:
            self._explain(error)
            self._report_end("failed", "after")
            raise
        except BaseException:  # the scheduler closed the job, or the run is stopped
            self._tasks.delete()
            raise

    def _submit(self) -> Steps:
        page = yield from self._submit_page()
        task = t.cast(Task, self._tasks.task)
        if task.settled is None:
            return task.ticket
        self._tasks.delete()
        self._pages.add(page, task.settled, fetch_paging=False)
        return self._result(task.settled)

    def _ask(self) -> Steps:
        result = yield from self._read_all()
        if not result.rows and not result.total:
            text = warning_of_old_logs(self._run, self._variants.request)
            if text is not None:
                self._warnings.add(text)
        return result._replace(warnings=self._warnings.texts)

    def _read(self, ticket: Ticket, wait: bool, delete: bool) -> Steps:
        task = Task(ticket, self._run.clock(), age=age_of(ticket, self._run.now()), owned=False)
        self._tasks.hold(task)
        page = self._pages.given((ticket.sent or {}).get("limit"))
        if not wait:
            try:
                reply, ended = yield from self._look(task)
            except TaskGone as error:
                yield from self._tasks.find_again(page, error)
                return self._made("running", False, None, None)
            request = self._variants.request
            if not ended or ended_early(request, reply, request.offset):
                # Rows of a running task are partial sums, and their order may change, so no rows are returned.
                return self._made(reply.word or "running", False, reply.percentage, None)
            task.settle(reply)
        result = yield from self._read_all(page)
        if delete:
            task.own()
            self._client.delete(task)
        return result

    def _look(self, task: Task) -> Steps:
        """Poll a task without waiting for its end. Returns the reply and whether the task has ended. After a reply with
        rows but without progress, the task is polled a second time, because the rows may be partial sums. Raises
        TaskGone."""
        while True:
            try:
                reply = self._client.poll(task)
            except TaskGone:
                if task.last_rows is None:
                    raise
                self._warnings.add(READ_ONCE)
                return task.last_rows, True
            looked = task.last_rows is not None
            ended = task.verdict(reply, self._run.clock()) != RUNNING
            if ended or looked or task.last_rows is None:
                return reply, ended
            yield self._client.pause(SECOND_LOOK)

    def _read_all(self, given: t.Optional[Page] = None) -> Steps:
        """Read all requested rows, page by page. `given` is the page of an existing task."""
        while True:
            yield self._client.pause(0)
            try:
                page = given or (yield from self._submit_page())
            except ApiError as error:
                if self._empty is None or error.reason != "device":
                    raise
                # FortiAnalyzer refused the device under the other key or with the other keyword, so the first reply
                # without rows is the result.
                reply, ticket = self._empty
                return self._result(reply, ticket)
            given = None
            try:
                reply = yield from self._read_page(page)
            except FortiViewError as error:
                if type(error) in USELESS:
                    self._tasks.delete()
                if not self._asks_for_less(error):
                    raise
                continue
            self._tasks.delete()
            if self._next() is None and not (yield from self._read_again(reply)):
                return self._result(reply)

    def _submit_page(self) -> Steps:
        """Submit the next page, with a limit that FortiAnalyzer accepts. Returns the page."""
        while True:
            page = t.cast(Page, self._next())
            try:
                yield from self._tasks.submit(page)
                return page
            except ApiError as error:
                if not self._asks_for_less(error):
                    raise

    def _read_page(self, page: Page) -> Steps:
        """Read all parts of this page. Returns the first reply of its finished task."""
        formats = self._run.formats
        reply = yield from self._tasks.finish(page)
        self._pages.add(page, reply, formats.fetch_paging)
        following = self._next()
        while isinstance(following, Fetch):
            yield self._client.pause(0)
            try:
                part = self._client.fetch(t.cast(Task, self._tasks.task), following.limit, following.offset)
            except TaskGone:
                self._pages.lose_part()
            else:
                self._pages.add_part(part)
            following = self._next()
        if not self._pages.pages_fetches:
            formats.learn_that_fetches_do_not_page()
        return reply

    def _next(self) -> t.Union[Page, Fetch, None]:
        return self._pages.next(self._run.formats.page_limit)

    def _asks_for_less(self, error: FortiViewError) -> bool:
        """Whether FortiAnalyzer refused the limit of a page and a smaller limit can be tried. The run then uses the
        smaller limit."""
        return isinstance(error, ApiError) and error.reason == "limit" and self._variants.learn(error)

    def _read_again(self, reply: Reply) -> Steps:
        """Whether another variant of the request must be sent, because there are no rows, or because rows of some
        devices may be missing."""
        rows = self._pages.rows
        if not rows and self._variants.vary():
            self._empty = self._empty or (reply, self._tasks.ticket)
        elif not (yield from self._finds_more_devices()):
            if rows:
                self._variants.learn_device()
            return False
        self._pages = Pages(self._variants.request)
        return True

    def _finds_more_devices(self) -> Steps:
        """Whether devices without rows have rows under their other key. A query for one row is sent to check this. If
        the query has a row, the devices are added to the request under their other key."""
        variants = self._variants
        if self._looked_further or variants.request.params is None or not variants.are_first:
            return False
        missing = unseen(variants.request.device, self._pages.rows)
        if not missing:
            return False
        self._looked_further = True
        others = under_other_key(missing)
        if not (yield from self._has_rows(variants.only(others))):
            return False
        variants.add_devices(others)
        self._warnings.add(
            f"{variants.place}: no row contains {spoken(missing)}, but FortiAnalyzer has rows for {spoken(others)}. The query was sent again with both keys."
        )
        return True

    def _has_rows(self, variants: Variants) -> Steps:
        """Whether FortiAnalyzer has rows for the devices of these variants. False if FortiAnalyzer refuses the
        devices."""
        page = Page(1, variants.request.offset)
        tasks = PageTasks(run=self._run, client=self._client, variants=variants, warnings=self._warnings)
        try:
            yield from tasks.submit(page)
            reply = yield from tasks.finish(page)
            return bool(reply.rows(variants.request.view.rows_key))
        except ApiError as error:
            if error.reason != "device":
                raise
            return False
        finally:
            tasks.delete()

    def _result(self, reply: Reply, ticket: t.Optional[Ticket] = None) -> Result:
        """The result after the last page. `ticket` is set if the result is not from the latest task."""
        pages, variants, request = self._pages, self._variants, self._variants.request
        for text in pages.warnings:
            self._warnings.add(text)
        if pages.masked_fields:
            self._warnings.add(
                f"The administrator's profile masks {agree(len(pages.masked_fields), 'this column, so it contains', 'these columns, so they contain')} "
                f"no real values: {', '.join(pages.masked_fields)}."
            )
        if not pages.rows and request.params is None:
            self._warnings.add(
                "The task has no rows. Its ticket has no request, so the query cannot be repeated with another device keyword."
            )
        elif not pages.rows and not variants.asks_all:
            self._warnings.add(
                f"{variants.place}: no rows for {spoken(variants.first_devices)}. FortiAnalyzer also returns no rows for a device that this "
                "ADOM does not have."
            )
        silent = reply.done(request.view.rows_key) is None
        if silent:
            self._warnings.add(
                "FortiAnalyzer reported neither progress nor rows nor the end of the task, so the reply counts as no rows."
            )
        reported = reply.word is not None or reply.percentage is not None
        percentage = 100.0 if reported and not silent else None
        return self._made("done", pages.complete, percentage, pages.counted if silent else pages.total, ticket)

    def _made(
        self,
        status: str,
        complete: bool,
        percentage: t.Optional[float],
        total: t.Optional[int],
        ticket: t.Optional[Ticket] = None,
    ) -> Result:
        ticket = ticket or t.cast(Ticket, self._tasks.ticket)
        rows, masked = self._pages.rows, self._pages.masked_fields
        self._report_end(f"{status}, {counted(len(rows), 'row')}{'' if complete else ', not complete,'}", ticket=ticket)
        if masked:
            # Each row names its masked columns, because rows may be used without their result, and a pseudonym may look
            # like an address.
            rows = [{**row, "masked_fields": masked} for row in rows]
        return Result(
            ticket=ticket,
            status=status,
            complete=complete,
            percentage=percentage,
            total=total,
            rows=rows,
            elapsed=self._client.elapsed,
            polls=self._client.polls,
            masked_fields=masked,
            warnings=self._warnings.texts,
            replied_at=self._run.now(),
            raw=self._client.raw,
        )

    def _report_end(self, outcome: str, when: str = "in", ticket: t.Optional[Ticket] = None) -> None:
        """Report the end of the query in one line of progress."""
        ticket = ticket or self._tasks.ticket
        request = self._variants.request
        tid = "" if ticket is None else f" tid {ticket.tid}"
        self._run.progress(f"{request.view_name} {request.adom}{tid}: {outcome} {when} {self._client.elapsed:.1f} s")

    def _explain(self, error: FortiViewError) -> None:
        """Add the place and the next step to an error. Delete the task if the run leaves no tasks, or if it is the task
        of a later page."""
        request, task, tasks = self._variants.request, self._tasks.task, self._tasks
        error.within(name=request.name, view=request.view_name, adom=request.adom)
        error.within(doing="submitting the query" if task is None else "reading the task")
        error.within(warnings=self._warnings.texts or None)
        if task is None:
            if isinstance(error, ApiError):
                error.next_step = advice(error, request) or error.next_step
            if error.context.get("http_status") == 503:
                error.next_step += SHAPE
            return
        late = isinstance(error, DeadlineExceeded)
        if not self._run.leaves_tasks:
            tasks.delete()
            error.within(tid=task.tid, percentage=task.percentage)
            if late:
                error.next_step = DELETED
            return
        ticket = tasks.ticket or task.ticket
        if ticket is not task.ticket:
            # The error contains the ticket of the first page. A ticket of a later page would be read as the whole
            # ranking.
            tasks.delete()
        if late and task.deleted:
            error.next_step = PAGES_DELETED
        error.within(tid=ticket.tid, ticket=ticket.as_dict)
        if ticket is task.ticket:
            error.within(percentage=task.percentage)
