# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Submits and reads the task of each page. If FortiAnalyzer is busy or loses the task, the request is sent again. If
FortiAnalyzer refuses the request, it is sent in another request format (protocol_fortianalyzer.rst, "Task life cycle"). The
number of new request formats and of new submits of a lost task is limited. Each of these fallbacks causes a warning."""

from __future__ import annotations

import typing as t

from .._common.errors import (
    ApiError,
    FortiViewError,
    Incomplete,
    NotPermitted,
    SlotsBusy,
    TaskGone,
    Throttled,
    TransportError,
)
from .._common.naming import counted
from .._connection.interruption import held_back
from .._query.request import Page
from .._query.tickets import Ticket
from .client import TaskClient
from .run import Run, Steps, Warnings
from .scheduler import Pause
from .task import ASSUMED, RUNNING, Task, ended_early
from .variants import Variants

# Seconds before the first poll on a release that drops a task after an early poll (7.6.7).
PATIENT_FIRST_POLL = 2.0
MOST_RESUBMITS = 3
PASSING_CODES = (-1, -32603)
MOST_PASSING_ERRORS = 2
# While several tasks run, some releases refuse to read a task, and report a missing permission. This is the maximum
# number of such refusals after which a task is read again.
MOST_DISTURBED_READS = 5
READ_ONCE = "FortiAnalyzer returned the task only once and did not report whether it was done, so rows may be missing. Run the query again."
FIRST_BUSY_PAUSE, LONGEST_BUSY_PAUSE = 2.0, 30.0


class PageTasks:
    """The tasks for the pages of one request. With `resubmit`, a lost task of a ticket is submitted again."""

    def __init__(
        self, *, run: Run, client: TaskClient, variants: Variants, warnings: Warnings, resubmit: bool = True
    ) -> None:
        self._run = run
        self._client = client
        self._variants = variants
        self._warnings = warnings
        self._resubmit = resubmit
        self._task: t.Optional[Task] = None
        self._ticket: t.Optional[Ticket] = None
        self._resubmits = self._passing_errors = self._busy_times = self._disturbed = 0

    @property
    def task(self) -> t.Optional[Task]:
        """The latest task."""
        return self._task

    @property
    def ticket(self) -> t.Optional[Ticket]:
        """The ticket of the latest task for the first page. It identifies the whole ranking."""
        return self._ticket

    def hold(self, task: Task) -> None:
        """Use this task for all further calls. The task was submitted for a page, or it comes from a ticket."""
        self._task = task
        if (task.ticket.sent or {}).get("offset", 0) == self._variants.request.offset or not task.owned:
            self._ticket = task.ticket

    def submit(self, page: Page) -> Steps:
        """Submit the page and return its Task. Raises ApiError if FortiAnalyzer refuses the request and no other
        request format is left."""
        replayed = False
        while True:
            self._variants.renew()
            try:
                with held_back():
                    task = self._client.submit(self._variants.request, page)
                    self.hold(task)
                    return task
            except (SlotsBusy, Throttled) as error:
                yield self._busy(error)
            except TransportError as error:
                if replayed or not error.processed:
                    raise
                replayed = True
                self._warnings.add(
                    f"The reply to the query was lost ({error.said}), so the query was submitted a second time. "
                    "The first task may remain on FortiAnalyzer until it expires."
                )
            except ApiError as error:
                if error.reason in ("path", "limit") or not self._variants.learn(error):
                    raise

    def finish(self, page: Page) -> Steps:
        """Poll the task of this page until the task is done and has its rows. Returns the last reply. If the task was
        lost, `task` is then the new task that was submitted for the page."""
        task = t.cast(Task, self._task)
        if task.owned and task.settled is None and self._run.formats.patient:
            yield self._client.pause(PATIENT_FIRST_POLL)
        while True:
            task = t.cast(Task, self._task)
            try:
                reply = task.settled or self._client.poll(task)
                verdict = task.verdict(reply, self._run.clock())
                if verdict == RUNNING:
                    yield self._client.pause(task.pause(self._run.clock(), reply.percentage))
                    continue
                if verdict == ASSUMED:
                    self._warnings.add(
                        f"{self._variants.place}: the last reply contained no percentage. Its rows were accepted, because the previous "
                        "reply had the same rows."
                    )
                if not ended_early(task.request, reply, page.offset):
                    return reply
                early = Incomplete(
                    f"The task ended without rows, but FortiAnalyzer counts {counted(t.cast(int, reply.total), 'row')}"
                )
                yield from self._submit_again(page, early)
            except TaskGone as error:
                if task.last_rows is not None:
                    self._warnings.add(READ_ONCE)
                    return task.last_rows
                yield from self.find_again(page, error)
            except (SlotsBusy, Throttled) as error:
                yield self._busy(error)
            except ApiError as error:
                yield from self._overcome(page, error)

    def find_again(self, page: Page, error: TaskGone) -> Steps:
        """Wait for a task that FortiAnalyzer has not registered yet, or submit a lost task again."""
        task = t.cast(Task, self._task)
        pause = task.registration_pause(self._run.clock())
        if pause is not None:
            yield self._client.pause(pause)
            return
        if task.owned:
            self._run.formats.learn_patience()
        yield from self._submit_again(page, error)

    def delete(self) -> None:
        """Delete the latest task if this run submitted it."""
        if self._task is not None:
            self._client.delete(self._task)

    def _overcome(self, page: Page, error: ApiError) -> Steps:
        """Handle a refused poll with another path, another request format, or a retry after a temporary error. Raises
        all other errors."""
        task = t.cast(Task, self._task)
        if isinstance(error, NotPermitted) and self._may_be_disturbed(task):
            self._warnings.add(
                f"{self._variants.place}: FortiAnalyzer refused to read a task that it had accepted ({error.said}), as some releases do "
                "while several tasks run. The task was read again, with fewer tasks at once."
            )
            yield self._busy(error)
            return
        if error.reason == "path":
            if task.request.logs or not self._variants.learn(error):
                raise error
            return
        if task.request.params is not None and error.reason != "limit" and self._variants.learn(error):
            yield from self._submit_again(page, error)
            return
        self._passing_errors += 1
        if error.code not in PASSING_CODES or self._passing_errors > MOST_PASSING_ERRORS:
            raise error
        yield self._client.pause(0.5 * 2.0**self._passing_errors)

    def _may_be_disturbed(self, task: Task) -> bool:
        """Whether other running tasks may have caused the refusal. FortiAnalyzer accepted the submit, so the permission
        is probably not missing."""
        self._disturbed += self._run.several and task.owned
        return 0 < self._disturbed <= MOST_DISTURBED_READS

    def _busy(self, error: FortiViewError) -> Pause:
        if self._client.is_late:
            raise error
        self._busy_times += 1
        asked = error.retry_after if isinstance(error, Throttled) else None
        pause = asked or min(LONGEST_BUSY_PAUSE, FIRST_BUSY_PAUSE * 2.0 ** (self._busy_times - 1))
        return self._client.pause(pause, busy=True)

    def _submit_again(self, page: Page, error: FortiViewError) -> Steps:
        self._resubmits += 1
        lost = t.cast(Task, self._task)
        if self._variants.request.params is None or self._resubmits > MOST_RESUBMITS:
            raise error
        if not lost.owned and not self._resubmit:
            raise error
        self._warnings.add(f"Task {lost.tid} was lost ({error.said}), so the query was submitted again.")
        self.delete()
        yield from self.submit(page)
        if self._run.formats.patient:
            yield self._client.pause(PATIENT_FIRST_POLL)
