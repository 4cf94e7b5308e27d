# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Submits, polls, reads and deletes a task. A submit, poll or read is one call without retries. The call begins at most
GRACE seconds after the deadline of the job."""

from __future__ import annotations

import typing as t

from .._common.errors import ApiError, DeadlineExceeded, FortiViewError, ProtocolError, Throttled, TransportError
from .._protocol.constants import PAGE_LIMIT
from .._protocol.envelope import delete_params, fetch_params, log_fetch_params
from .._protocol.reply import Reply
from .._query.ages import written
from .._query.request import Page, Request, submit_params, task_url
from .._query.rows import plain
from .._query.tickets import Ticket
from .run import Run, Warnings
from .scheduler import Pause
from .task import Task, whole_at_submit

# A call may begin up to this number of seconds after the deadline, so that a last poll is possible.
GRACE = 1.0

# The text is the same for every reply of a query, so that the query has only one such warning.
UNCLEAN = (
    "Replies of {view} in ADOM {adom} contain invalid text (bytes that are not UTF-8, control characters or broken "
    "escapes), so unreadable characters are shown as \ufffd."
)

# The levels of a raw reply that contain its rows. A raw reply may have these levels in addition to the levels of a row.
ENVELOPE = ("reply", "result", "list", "data", "rows")


class TaskClient:
    """The calls of one job. `window` is the limit and offset of each poll. It is set only if a part of a task is read
    by its ticket."""

    def __init__(self, run: Run, warnings: Warnings, window: t.Optional[dict[str, int]] = None) -> None:
        self._run = run
        self._warnings = warnings
        self._window = window
        self._started = run.clock()
        self._raw: list[t.Any] = []
        self._polls = 0
        self._reported = ""

    @property
    def elapsed(self) -> float:
        return self._run.clock() - self._started

    @property
    def polls(self) -> int:
        return self._polls

    @property
    def raw(self) -> t.Optional[list[t.Any]]:
        return self._raw if self._run.keep_raw else None

    @property
    def is_late(self) -> bool:
        return self.elapsed >= self._run.wait_timeout

    def start(self) -> None:
        """Start the time limit of the job."""
        self._started = self._run.clock()

    def pause(self, seconds: float, busy: bool = False) -> Pause:
        """A pause that ends at the deadline of the job or earlier. Raises DeadlineExceeded after the deadline."""
        left = self._deadline - self._run.clock()
        if left <= 0:
            raise self._late()
        return Pause(min(seconds, left), busy)

    def submit(self, request: Request, page: Page) -> Task:
        """Submit the request for one page and return its task. Raises FortiViewError."""
        params = submit_params(request, page, self._run.formats)
        reply = self._call(request, "add", params)
        if reply.tid is None:
            raise ApiError("FortiAnalyzer accepted the query but returned no task id", next_step="Run the query again.")
        ticket = Ticket(request, reply.tid, written(self._run.now()), params)
        settled = reply if whole_at_submit(request, reply) else None
        return Task(ticket, self._run.clock(), age=0.0, owned=True, settled=settled)

    def poll(self, task: Task) -> Reply:
        """Read the progress and the rows of a task. Raises FortiViewError."""
        url = self._url(task)
        params = fetch_params(url, self._window)
        if task.request.logs:
            params = log_fetch_params(url, (task.ticket.sent or {}).get("limit", PAGE_LIMIT))
        reply = self._get(task, params)
        task.take(reply)
        self._polls += 1
        percentage = "" if reply.percentage is None else f" {reply.percentage:g} %"
        text = f"{task.request.view_name} {task.request.adom} tid {task.tid}{percentage}"
        if text != self._reported:
            self._reported = text
            self._run.progress(text)
        return reply

    def fetch(self, task: Task, limit: int, offset: int) -> Reply:
        """Read a further part of a finished task with the documented parameters limit and offset. Raises
        FortiViewError."""
        return self._get(task, fetch_params(self._url(task), {"limit": limit, "offset": offset}))

    def delete(self, task: Task) -> None:
        """Delete the task, to free its slot. A task that this run does not own is not deleted. Errors are ignored,
        because a task that is not deleted expires."""
        if not task.owned:
            return
        task.release()
        if not self._run.formats.deletes:
            return
        try:
            self._run.caller.tidy("delete", delete_params(self._url(task)))
        except Throttled:
            pass  # FortiAnalyzer was busy and may accept later deletes
        except TransportError:
            self._run.formats.stop_deleting()
        except FortiViewError:
            pass

    def _url(self, task: Task) -> str:
        return task_url(task.request, task.tid, self._run.formats)

    def _get(self, task: Task, params: dict[str, t.Any]) -> Reply:
        reply = self._call(task.request, "get", params)
        if reply.tid not in (None, task.tid):
            raise ProtocolError(f"The reply is for task {reply.tid} instead of task {task.tid}")
        return reply

    def _call(self, request: Request, method: str, params: dict[str, t.Any]) -> Reply:
        give_up_at = self._deadline + GRACE
        if self._run.clock() > give_up_at:
            raise self._late()
        reply = self._run.caller.call(method, params, give_up_at)
        if reply.unclean:
            self._warnings.add(UNCLEAN.format(view=request.view_name, adom=request.adom))
        if self._run.keep_raw:
            body = {key: value for key, value in reply.body.items() if key != "session"}
            self._raw.append(plain(body, -len(ENVELOPE)))
        return reply

    @property
    def _deadline(self) -> float:
        return self._started + self._run.wait_timeout

    def _late(self) -> DeadlineExceeded:
        return DeadlineExceeded(f"Not finished within wait_timeout ({self._run.wait_timeout:g} s)")
