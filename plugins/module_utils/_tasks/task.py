# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task on FortiAnalyzer, and the detection of its end from its replies (protocol_fortianalyzer.rst, "End of a
task")."""

from __future__ import annotations

import datetime
import typing as t

from .._protocol.reply import Reply
from .._query.request import Request
from .._query.tickets import Ticket
from .pace import Pace

# FortiAnalyzer may not find a task for a few seconds after its submit (7.4.7). Up to this time after the submit, the
# task is polled again after each of these pauses, in seconds.
REGISTRATION_TIME = 6.0
REGISTRATION_PAUSES = (0.5, 1.0, 1.0, 1.0, 1.0, 1.0)
# A task that reports neither rows nor its progress nor its end counts as done without rows after more than
# MOST_SILENT_POLLS polls. SILENT_TIME seconds for each day of its time range, up to LONGEST_SILENCE seconds, must also
# have passed.
MOST_SILENT_POLLS, SILENT_TIME, LONGEST_SILENCE = 2, 5.0, 30.0
# Rows of a reply without "done" and without a percentage may be partial sums. They are accepted only if a poll after
# this number of seconds returns the same rows.
SECOND_LOOK = 1.0

# Verdicts on a reply. ASSUMED means that the task counts as done without reporting its end, although it reported
# progress before.
RUNNING, DONE, ASSUMED = "running", "done", "assumed"


class Task:
    """The state of one task. All times are monotonic seconds.

    `age` is the time since the submit in seconds, or None if it is not known. `owned` is True if this run submitted the
    task and must delete it. `settled` is a complete reply. A task with a complete reply is not polled.
    """

    def __init__(
        self, ticket: Ticket, now: float, *, age: t.Optional[float], owned: bool, settled: t.Optional[Reply] = None
    ) -> None:
        self.ticket = ticket
        self.percentage: t.Optional[float] = None
        self._owned = owned
        self._deleted = False
        self._settled = settled
        self._submitted = now - (age or 0.0)
        self._young_until = now if age is None else self._submitted + REGISTRATION_TIME
        self._pace = Pace()
        self._reported_progress = False
        self._missed = 0
        self._silent = 0
        # The last reply whose rows may be incomplete, because it does not report the end of the task.
        self._unsure: t.Optional[Reply] = None

    @property
    def tid(self) -> int:
        return self.ticket.tid

    @property
    def request(self) -> Request:
        return self.ticket.request

    @property
    def owned(self) -> bool:
        return self._owned

    @property
    def deleted(self) -> bool:
        """Whether this run has deleted the task or tried to delete it."""
        return self._deleted

    @property
    def settled(self) -> t.Optional[Reply]:
        return self._settled

    @property
    def last_rows(self) -> t.Optional[Reply]:
        """The last reply with rows, which is used if the task is lost later. Some releases delete a task after its
        first complete fetch. None if the task ever reported progress."""
        return None if self._reported_progress else self._unsure

    def settle(self, reply: Reply) -> None:
        self._settled = reply

    def own(self) -> None:
        self._owned = True

    def release(self) -> None:
        self._owned, self._deleted = False, True

    def take(self, reply: Reply) -> None:
        """Record the progress in the reply to a poll."""
        self.percentage = reply.percentage
        self._reported_progress = self._reported_progress or reply.reports_progress

    def verdict(self, reply: Reply, now: float) -> str:
        """Returns RUNNING, DONE or ASSUMED. Raises TaskFailed if the task ended without a result."""
        key = self.request.view.rows_key
        done = reply.done(key)
        reports = reply.percentage is not None or reply.word is not None
        if reports:
            self._unsure = None
        elif self.request.logs or (self._reported_progress and not reply.rows(key)):
            return RUNNING  # a log search, or a task that reports progress, also reports its end
        if done is None:
            return self._after_silence(now)
        self._silent = 0
        if reports or self._settled is not None:
            return DONE if done else RUNNING
        before, self._unsure = self._unsure, reply
        if before is None or before.rows(key) != reply.rows(key):
            return RUNNING
        return ASSUMED if self._reported_progress else DONE

    def pause(self, now: float, percentage: t.Optional[float]) -> float:
        """Seconds until the next poll of a running task."""
        pause = self._pace.pause(now - self._submitted, percentage)
        return pause if self._unsure is None else max(pause, SECOND_LOOK)

    def registration_pause(self, now: float) -> t.Optional[float]:
        """Seconds until the next poll of a task that FortiAnalyzer has not registered yet. None if the task is lost."""
        was_known = self._missed == 0 and self._reported_progress
        if was_known or now >= self._young_until or self._missed >= len(REGISTRATION_PAUSES):
            return None
        self._missed += 1
        return REGISTRATION_PAUSES[self._missed - 1]

    def _after_silence(self, now: float) -> str:
        self._silent += 1
        patience = min(LONGEST_SILENCE, SILENT_TIME * max(1.0, self.request.days))
        return DONE if self._silent > MOST_SILENT_POLLS and now - self._submitted >= patience else RUNNING


def whole_at_submit(request: Request, reply: Reply) -> bool:
    """Whether the reply to a submit contains all rows. Only a drill-down is known to have such a reply. Other replies
    must report the end of the task."""
    rows = reply.rows(request.view.rows_key)
    sure = request.scope is not None or reply.percentage is not None or reply.word is not None
    ended = reply.done(request.view.rows_key) is True
    return bool(rows) and ended and sure and (reply.total or 0) <= len(rows)


def ended_early(request: Request, reply: Reply, offset: int) -> bool:
    """Whether a task ended without rows although its reply counts more rows than the offset
    (protocol_fortianalyzer.rst, "Task life cycle")."""
    return reply.total is not None and reply.total > offset and not reply.rows(request.view.rows_key)


def age_of(ticket: Ticket, now: datetime.datetime) -> t.Optional[float]:
    """Seconds since the submit. None if the ticket has no time or a time in the future."""
    try:
        submitted = datetime.datetime.fromisoformat(str(ticket.submitted_at).replace("Z", "+00:00"))
        age = (now - submitted).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return age if age >= 0 else None
