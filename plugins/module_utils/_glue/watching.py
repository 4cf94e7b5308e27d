# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the event source does between its awaits: read options, ask in a thread that can be stopped, keep the state.

One login for each round, as for each task of a playbook: between two rounds no session is open that could go stale or be left
behind.
"""

from __future__ import annotations

import contextlib
import threading
import time
import typing as t

from .._common.addresses import parse_never
from .._common.errors import DeadlineExceeded, FortiViewError, Incomplete, InvalidInput
from .._connection.session import Connection
from .._connection.settings import Settings, settings_of
from .._protocol.envelope import delete_params
from .._protocol.reply import Reply
from .._query.forms import Forms
from .._query.queries import Query
from .._query.questions import task_url
from .._query.results import Answer
from .._query.tickets import parse_ticket
from .._tasks.fortiview import World, ask_all
from .._watch.findings import Finding
from .._watch.health import Health, is_final
from .._watch.memory import Memory
from .._watch.options import parse_options, parse_watched
from .._watch.watch import Watch
from .access import Access
from .arguments import watch_arguments
from .checking import checked
from .operations import limits_of
from .state_files import check_writable, read_state, write_state

Outcomes = t.Sequence[t.Union[Answer, FortiViewError, None]]


class Stopped(BaseException):
    """The watch is being ended. No error: whatever catches errors on the way out must let it through."""


class StoppableConnection(Connection):
    """Makes no further call once `stop` is set, except those that tidy up."""

    def __init__(self, settings: Settings, stop: threading.Event) -> None:
        super().__init__(settings, sleep=self.rest)
        self._stop = stop

    def call(self, method: str, params: t.Mapping[str, t.Any], give_up_at: t.Optional[float] = None) -> Reply:
        self.rest(0)
        return super().call(method, params, give_up_at)

    def aside(self, method: str, params: t.Mapping[str, t.Any]) -> Reply:
        self.rest(0)
        return super().aside(method, params)

    def rest(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Stopped


class Round(t.NamedTuple):
    """One poll: when it was asked (epoch seconds), what each query brought, and what of that is to be reported."""

    asked_at: float
    answers: list[t.Optional[Answer]]
    findings: list[Finding]


class Watcher:
    """`ask` and `now` are put in by tests. Raises InvalidInput, before anything is sent."""

    def __init__(
        self,
        args: t.Mapping[str, t.Any],
        tell: t.Callable[[str], t.Any],
        ask: t.Optional[t.Callable[[t.Sequence[Query]], Outcomes]] = None,
        now: t.Callable[[], float] = time.time,
    ) -> None:
        params, dummy, problem = checked(watch_arguments(), args)
        if problem:
            raise InvalidInput(problem)
        if "never" in args:
            _check_never(args["never"], params["never"])
        options = parse_options(params)
        self._settings = settings_of(params)
        queries = parse_watched(params, options)
        self._limits = limits_of(params)
        self._watch = Watch(self._settings.host, queries, options, Memory(options.remember))
        self._health = Health(options.interval)
        self._tell = tell
        self._told: list[str] = []
        # What to tell of the way to the appliance, after each poll.
        self._access: list[str] = []
        self._ask = ask or self._ask_appliance
        self._now = now
        self._stop = threading.Event()
        # After a crash the next poll looks back that much longer at most.
        self._tolerance = max(options.overlap, options.window / 10)
        self._saved = self._watch.memory.as_dict()
        # One thread may still write while another one ends the watch.
        self._saving = threading.Lock()
        self._state_file: t.Optional[str] = params["state_file"]
        if self._state_file:
            self._open_state(self._state_file)

    def poll(self) -> Round:
        """Ask. Blocks; `stop` from another thread ends it, with Stopped. Raises FortiViewError where it is final."""
        asked_at = self._now()
        queries = self._watch.questions(asked_at)
        errors: dict[str, FortiViewError] = {}
        answers: list[t.Optional[Answer]] = []
        for query, outcome in zip(queries, self._ask(queries)):
            answer, error = _sorted_out(outcome)
            answers.append(answer)
            if error is not None:
                errors[query.name] = error.within(host=self._settings.host)
                if is_final(error, query.name in self._watch.memory.asked):
                    raise error
        told = self._health.ended(errors, len(queries))
        if told:
            self._tell(told)
        self._warn(answers)
        return Round(asked_at, answers, self._watch.findings(answers, asked_at))

    def reported(self, finding: Finding) -> None:
        """Call after the event was handed over, not before."""
        self._watch.reported(finding)

    def ended(self, this: Round) -> None:
        """Call when all findings of a round were handed over."""
        self._watch.ended(this.answers, this.asked_at)

    def save(self) -> None:
        """Keep what was reported for the next start, where that has changed. A disk that is full does not end the watch."""
        with self._saving:
            if self._state_file and self._watch.memory.outdates(self._saved, self._tolerance):
                self._write(self._state_file)

    def end(self) -> None:
        """Keep all of it, also when the last answer was: call when nothing more is asked."""
        with self._saving:
            if self._state_file and self._watch.memory.as_dict() != self._saved:
                self._write(self._state_file)

    def _write(self, path: str) -> None:
        state = self._watch.memory.as_dict()
        try:
            write_state(path, state)
        except OSError as error:
            self._tell(f"state_file {path} cannot be written: {error}")
        else:
            self._saved = state

    def stop(self) -> None:
        """End a running poll: it tidies up and logs out, which takes at most what is left of one request."""
        self._stop.set()

    @property
    def pause(self) -> float:
        """Seconds until the next poll."""
        return self._health.pause

    def _open_state(self, path: str) -> None:
        state = read_state(path)
        try:
            if state is None:
                write_state(path, self._saved)
            else:
                check_writable(path)
                self._watch.memory.load(state)
                self._saved = self._watch.memory.as_dict()
        except InvalidInput as error:
            raise InvalidInput(f"state_file {path}: {error.said}. Remove it to start without a state") from error
        except OSError as error:
            raise InvalidInput(f"state_file {path} cannot be written: {error}") from error

    def _ask_appliance(self, queries: t.Sequence[Query]) -> Outcomes:
        connection = StoppableConnection(self._settings, self._stop)
        try:
            with connection:
                outcomes = ask_all(connection, queries, self._limits, World(sleep=connection.rest))
                for outcome in outcomes:
                    if isinstance(outcome, DeadlineExceeded):
                        _drop(connection, outcome)
                return outcomes
        except FortiViewError as error:  # before the first query: login, or the appliance's clock
            return [error.again() for dummy in queries]
        finally:
            self._access = Access(connection, self._settings.host, self._settings.validate_certs).warnings

    def _warn(self, answers: t.Iterable[t.Optional[Answer]]) -> None:
        """What an answer, or the way to the appliance, warns of is told once, until it is gone."""
        warnings = sorted({text for answer in answers if answer is not None for text in answer.warnings})
        warnings += self._access
        for text in warnings:
            if text not in self._told:
                self._tell(text)
        self._told = warnings


def _check_never(given: object, entries: t.Optional[list[str]]) -> None:
    """Whether a list was stated, be it empty. What is wrong with it is said now, and not by the first run that was to block."""
    # The text of an empty list is a statement, and text of blanks alone is none.
    if given is None or (isinstance(given, str) and not entries and given.strip() != "[]"):
        raise InvalidInput(
            "never is not given. State which addresses and networks must never be blocked, as a list; [] where there are none. "
            "A rulebook takes it from its variables (never in the file of --vars, or in the variables of the activation)"
        )
    parse_never(entries)


def _drop(connection: Connection, late: DeadlineExceeded) -> None:
    """A task that was not done in time has a slot of the appliance, and no later poll would read it."""
    late.next_step = "Its task was deleted. Raise wait_timeout, or shorten window."
    if late.context.get("ticket"):
        ticket = parse_ticket(late.context["ticket"])
        with contextlib.suppress(FortiViewError):
            connection.tidy("delete", delete_params(task_url(ticket.request, ticket.tid, Forms())))


def _sorted_out(
    outcome: t.Union[Answer, FortiViewError, None],
) -> tuple[t.Optional[Answer], t.Optional[FortiViewError]]:
    if isinstance(outcome, Answer):
        return (outcome, None) if outcome.complete else (None, Incomplete("The answer is not complete"))
    return None, outcome or Incomplete("The query was not run to its end")
