# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a task: submit, poll to its end, submit again, delete (protocol_fortianalyzer.rst, "Task life").

Steps that may have to wait are generators for the scheduler. A fall-back is taken at most once and leaves a warning.
"""

from __future__ import annotations

import datetime
import typing as t

from .._common.errors import (
    ApiError,
    DeadlineExceeded,
    FortiViewError,
    Incomplete,
    NotPermitted,
    ProtocolError,
    SlotsBusy,
    TaskGone,
    Throttled,
    TransportError,
)
from .._connection.interruption import held_back
from .._connection.session import Caller
from .._protocol.constants import PAGE_LIMIT
from .._protocol.envelope import delete_params, fetch_params, log_fetch_params
from .._protocol.reply import Reply
from .._query.ages import written
from .._query.forms import Forms
from .._query.questions import Page, Question, submit_params, task_url
from .._query.rows import plain
from .._query.tickets import Ticket
from .advice import advice
from .asking import Asking
from .pace import Pace
from .scheduler import Pause

# A task may be unknown for a moment after its submit (7.4.7): seconds, and pauses between the tries.
REGISTRATION_TIME = 6.0
REGISTRATION_PAUSES = (0.5, 1.0, 1.0, 1.0, 1.0, 1.0)
# An appliance that drops a task when it is read too early (7.6.7) needs this many seconds before the first poll.
PATIENT_FIRST_POLL = 2.0
MOST_RESUBMITS = 3
# How often, and for how many seconds per day of its time range, a task may say neither "done" nor "running" before that
# counts as done without rows (protocol_fortianalyzer.rst, "End of a task").
MOST_SILENT_POLLS, SILENT_TIME, LONGEST_SILENCE = 2, 5.0, 30.0
# Rows of a reply that tells neither "done" nor a percentage may be partial sums: after this many seconds they must still
# be the same.
SECOND_LOOK = 1.0
PASSING_CODES = (-1, -32603)
MOST_PASSING_ERRORS = 2
# With several tasks at once, some releases refuse reads of them with words about rights or an unknown task.
MOST_DISTURBED_READS = 5
FIRST_BUSY_PAUSE, LONGEST_BUSY_PAUSE = 2.0, 30.0
# A last poll may begin at the deadline, and no call later than this many seconds after it.
GRACE = 1.0

# A time range of a wrong type is answered by HTTP 503 too.
SHAPE = " If other queries are answered, FortiAnalyzer does not take this time_range."

# The same for every reply of a query, so that it is said once.
UNCLEAN = (
    "Replies of {view} in ADOM {adom} hold text that is not clean (bytes that are not UTF-8, control characters or broken "
    "escapes): what cannot be read is shown as \ufffd."
)

# What a raw reply may be nested deeper than its rows.
ENVELOPE = ("reply", "result", "list", "data", "rows")

Steps = t.Generator[Pause, None, t.Any]


class Run(t.NamedTuple):
    """What all jobs of one run share. `clock` is monotonic seconds, `now` the time of day in UTC, timeouts in seconds.

    `leaves_tasks`: somebody may read a task later that an error cut off; else it is deleted. `several`: tasks may run beside each
    other.
    """

    caller: Caller
    clock: t.Callable[[], float]
    now: t.Callable[[], datetime.datetime]
    forms: Forms
    progress: t.Callable[[str], t.Any]
    wait_timeout: float
    keep_raw: bool = False
    leaves_tasks: bool = True
    several: bool = False


class Task:
    """One task id. `age` seconds have passed since its submit, None where nobody knows. `owned`: this run submitted it and
    deletes it. `reply`: a reply that is known already. `window`: the limit and offset that a fetch of it names. `unsure`: the
    last reply with rows that did not say whether they are all."""

    def __init__(self, ticket: Ticket, now: float, age: t.Optional[float], owned: bool) -> None:
        self.ticket = ticket
        self.since = now - (age or 0.0)
        self.young_until = now if age is None else self.since + REGISTRATION_TIME
        self.owned = owned
        self.reply: t.Optional[Reply] = None
        self.unsure: t.Optional[Reply] = None
        self.window: t.Optional[dict[str, int]] = None
        self.pace = Pace()
        self.told_progress = False
        self.missed = 0
        self.silent = 0


class Life:
    """The tasks of one question, one after the other, under one deadline.

    `question_for` makes the question in the forms that the run has learned so far.
    """

    def __init__(self, run: Run, question_for: t.Callable[[Forms], Question], resubmit: bool = True) -> None:
        self.run = run
        self.asking = Asking(run.forms, question_for)
        self.task: t.Optional[Task] = None
        # The ticket of the ranking's first page, which stands for all of it.
        self.ticket: t.Optional[Ticket] = None
        self.raw: list[t.Any] = []
        self.polls = 0
        self.started = run.clock()
        self._resubmit = resubmit
        self._resubmits = 0
        self._percentage: t.Optional[float] = None
        self._told = ""
        self._passing = self._busy_times = self._disturbed = 0

    @property
    def question(self) -> Question:
        return self.asking.question

    def guarded(self, steps: Steps) -> Steps:
        """Start the clock, and see to the task on every way out: by error, by deadline, by being closed."""
        self.started = self.run.clock()
        try:
            return (yield from steps)
        except FortiViewError as error:
            self._explain(error)
            self.ended("failed", "after")
            raise
        except BaseException:  # closed by the scheduler, or the whole run is being stopped
            self.delete()
            raise

    def ended(self, outcome: str, when: str = "in") -> None:
        """One closing line for each query."""
        self.run.progress(f"{self._place()}: {outcome} {when} {self.run.clock() - self.started:.1f} s")

    def _place(self) -> str:
        tid = "" if self.ticket is None else f" tid {self.ticket.tid}"
        return f"{self.question.view_name} {self.question.adom}{tid}"

    def submit(self, page: Page) -> Steps:
        """Returns the Task. Raises ApiError where the appliance refuses every form of the query."""
        replayed = False
        while True:
            self.asking.renew()
            params = submit_params(self.question, page, self.run.forms)
            try:
                with held_back():
                    return self._launched(params, self.call("add", params))
            except (SlotsBusy, Throttled) as error:
                yield self._busy(error)
            except TransportError as error:
                if replayed or not error.processed:
                    raise
                replayed = True
                self.asking.warn(
                    f"The query was submitted and not answered ({error.said}); it was submitted a second time, "
                    "and a task that nobody reads may be left on the appliance until it expires."
                )
            except ApiError as error:
                if error.reason in ("path", "limit") or not self.asking.learn(error):
                    raise

    def finish(self, task: Task, page: Page) -> Steps:
        """Poll until the task is done with a whole reply, and return that. `self.task` is then the task it belongs to,
        which is another one where the first was lost on the way."""
        if task.owned and task.reply is None and self.run.forms.patient:
            yield self.pause(PATIENT_FIRST_POLL)
        while True:
            try:
                reply = task.reply or self.poll(task)
                if not self._is_done(task, reply):
                    pause = task.pace.pause(self.run.clock() - task.since, reply.percentage)
                    yield self.pause(max(pause, SECOND_LOOK) if task.unsure else pause)
                elif self.is_premature(reply, page.offset):
                    early = Incomplete(f"The task ended with none of the {reply.total} rows that it counts")
                    task = yield from self._submit_again(page, early)
                else:
                    return reply
            except TaskGone as error:
                if task.unsure is not None and not task.told_progress:
                    # The first complete fetch ends a task on some appliances.
                    self.asking.warn("The task could be read once only, and did not say whether it was done.")
                    return task.unsure
                task = yield from self.find_again(task, page, error)
            except (SlotsBusy, Throttled) as error:
                yield self._busy(error)
            except ApiError as error:
                task = yield from self._overcome(task, page, error)

    def poll(self, task: Task) -> Reply:
        """Ask once for progress and rows."""
        url = task_url(self.question, task.ticket.tid, self.run.forms)
        params = fetch_params(url, task.window)
        if self.question.logs:
            params = log_fetch_params(url, (task.ticket.request or {}).get("limit", PAGE_LIMIT))
        reply = self.call("get", params)
        if reply.tid not in (None, task.ticket.tid):
            raise ProtocolError(f"The reply is about task {reply.tid}, not about {task.ticket.tid}")
        task.told_progress = task.told_progress or reply.tells_progress
        self.polls += 1
        self._percentage = reply.percentage
        percentage = "" if reply.percentage is None else f" {reply.percentage:g} %"
        told = f"{self.question.view_name} {self.question.adom} tid {task.ticket.tid}{percentage}"
        if told != self._told:
            self._told = told
            self.run.progress(told)
        return reply

    def find_again(self, task: Task, page: Page, error: TaskGone) -> Steps:
        """A task that is not known: not yet, or not any more."""
        known_before = self.polls > 0 and task.missed == 0 and task.told_progress
        if not known_before and self.run.clock() < task.young_until and task.missed < len(REGISTRATION_PAUSES):
            task.missed += 1
            yield self.pause(REGISTRATION_PAUSES[task.missed - 1])
            return task
        self.run.forms.patient = self.run.forms.patient or task.owned
        return (yield from self._submit_again(page, error))

    def is_premature(self, reply: Reply, offset: t.Optional[int] = None) -> bool:
        """Whether a task ended without rows although it counts some (protocol_fortianalyzer.rst, "Task life")."""
        start = self.question.offset if offset is None else offset
        return reply.total is not None and reply.total > start and not reply.rows(self.question.view.rows_key)

    def delete(self) -> None:
        """Delete the task if this run made it, so that it frees its slot. Best effort: otherwise it expires."""
        if self.task is None or not self.task.owned:
            return
        self.task.owned = False
        if not self.run.forms.deletes:
            return
        try:
            url = task_url(self.question, self.task.ticket.tid, self.run.forms)
            self.run.caller.tidy("delete", delete_params(url))
        except Throttled:
            pass  # turned away this time
        except TransportError:
            self.run.forms.deletes = False
        except FortiViewError:
            pass

    def call(self, method: str, params: dict[str, t.Any]) -> Reply:
        if self.run.clock() > self._deadline + GRACE:
            raise self._late()
        reply = self.run.caller.call(method, params, self._deadline + GRACE)
        if reply.unclean:
            self.asking.warn(UNCLEAN.format(view=self.question.view_name, adom=self.question.adom))
        if self.run.keep_raw:
            body = {key: value for key, value in reply.body.items() if key != "session"}
            self.raw.append(plain(body, -len(ENVELOPE)))
        return reply

    def pause(self, seconds: float, busy: bool = False) -> Pause:
        """A pause that ends at the deadline at the latest. Raises DeadlineExceeded where that has passed."""
        left = self._deadline - self.run.clock()
        if left <= 0:
            raise self._late()
        return Pause(min(seconds, left), busy)

    @property
    def _deadline(self) -> float:
        return self.started + self.run.wait_timeout

    def _late(self) -> DeadlineExceeded:
        return DeadlineExceeded(f"Not finished within wait_timeout ({self.run.wait_timeout:g} s)")

    def _launched(self, params: dict[str, t.Any], reply: Reply) -> Task:
        if reply.tid is None:
            raise ApiError("FortiAnalyzer took the query but returned no task id", next_step="Submit it again.")
        ticket = Ticket(self.question, reply.tid, written(self.run.now()), params)
        window = self.task.window if self.task is not None else None
        self.task = Task(ticket, self.run.clock(), 0.0, owned=True)
        self.task.window = window
        if params.get("offset", 0) == self.question.offset:
            self.ticket = ticket
        self._percentage = None
        rows = reply.rows(self.question.view.rows_key)
        ended = reply.done(self.question.view.rows_key) is True
        # Only a drill-down is known to answer at once. Other replies have to say that their rows are all.
        sure = self.question.scope is not None or reply.percentage is not None or reply.word is not None
        if rows and ended and sure and (reply.total or 0) <= len(rows):
            self.task.reply = reply
        return self.task

    def _is_done(self, task: Task, reply: Reply) -> bool:
        key = self.question.view.rows_key
        done = reply.done(key)
        if reply.percentage is not None or reply.word is not None:
            task.unsure = None
        elif self.question.logs or (task.told_progress and not reply.rows(key)):
            return False  # a task that reports progress also reports that it is done
        if done is None:
            task.silent += 1
            patience = min(LONGEST_SILENCE, SILENT_TIME * max(1.0, self.question.days))
            return task.silent > MOST_SILENT_POLLS and self.run.clock() - task.since >= patience
        task.silent = 0
        if not done or task.reply is not None or reply.percentage is not None or reply.word is not None:
            return done
        before, task.unsure = task.unsure, reply
        if before is None or before.rows(key) != reply.rows(key):
            return False
        if task.told_progress:
            self.asking.warn(
                f"{self.asking.place}: the last reply named no percentage. Its rows were taken as the end, because a second reply was equal."
            )
        return True

    def _overcome(self, task: Task, page: Page, error: ApiError) -> Steps:
        """A refused poll: another path, another form of the query, or an error that passes. Raises all other errors."""
        if isinstance(error, NotPermitted) and self._may_be_disturbed(task):
            self.asking.warn(
                f"{self.asking.place}: FortiAnalyzer refused to read a task that it had accepted ({error.said}), as some releases do while "
                "several tasks run. It was read again, with fewer tasks at once."
            )
            yield self._busy(error)
            return task
        if error.reason == "path":
            if self.question.logs or not self.asking.learn(error):
                raise error
            return task
        if self.question.params is not None and error.reason != "limit" and self.asking.learn(error):
            return (yield from self._submit_again(page, error))
        self._passing += 1
        if error.code not in PASSING_CODES or self._passing > MOST_PASSING_ERRORS:
            raise error
        yield self.pause(0.5 * 2.0**self._passing)
        return task

    def _may_be_disturbed(self, task: Task) -> bool:
        """Whether a refusal may come from the tasks beside this one: its submit was permitted."""
        self._disturbed += self.run.several and task.owned
        return 0 < self._disturbed <= MOST_DISTURBED_READS

    def _busy(self, error: FortiViewError) -> Pause:
        if self.run.clock() >= self._deadline:
            raise error
        self._busy_times += 1
        told = error.retry_after if isinstance(error, Throttled) else None
        return self.pause(told or min(LONGEST_BUSY_PAUSE, FIRST_BUSY_PAUSE * 2.0 ** (self._busy_times - 1)), busy=True)

    def _submit_again(self, page: Page, error: FortiViewError) -> Steps:
        self._resubmits += 1
        if self.question.params is None or self._resubmits > MOST_RESUBMITS:
            raise error
        lost = t.cast(Task, self.task)
        if not lost.owned and not self._resubmit:
            raise error
        tid = lost.ticket.tid
        self.asking.warn(f"Task {tid} was lost ({error.said}): the query was submitted again.")
        self.delete()
        task = yield from self.submit(page)
        if self.run.forms.patient:
            yield self.pause(PATIENT_FIRST_POLL)
        return task

    def _explain(self, error: FortiViewError) -> None:
        question, task = self.question, self.task
        error.within(name=question.name, view=question.view_name, adom=question.adom)
        error.within(doing="submitting the query" if task is None else "reading the task")
        error.within(warnings=list(self.asking.warnings) or None)
        if task is None:
            if isinstance(error, ApiError):
                error.next_step = advice(error, question) or error.next_step
            if error.context.get("http_status") == 503:
                error.next_step += SHAPE
            return
        if not self.run.leaves_tasks:
            self.delete()
            error.within(tid=task.ticket.tid, percentage=self._percentage)
            if isinstance(error, DeadlineExceeded):
                error.next_step = "The task was deleted. Raise wait_timeout, or shorten time_range."
            return
        ticket = self.ticket or task.ticket
        if ticket is not task.ticket:
            # A later page alone would be read as the whole ranking.
            self.delete()
        error.within(tid=ticket.tid, ticket=ticket.as_dict, percentage=self._percentage)
