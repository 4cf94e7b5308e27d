# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The synchronous work of the event source: read options, query in a thread that can be stopped, and save the state.

Each round has its own login, like each task of a playbook. Between two rounds no session is open, so no session can
expire or be left open.
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
from .._query.formats import RequestFormats
from .._query.queries import Query
from .._query.request import task_url
from .._query.results import Result
from .._query.tickets import parse_ticket
from .._tasks.fortiview import Context, ask_all
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

Outcomes = t.Sequence[t.Union[Result, FortiViewError, None]]


class Stopped(BaseException):
    """Raised to end the watch. It is not a subclass of Exception, so error handlers do not catch it."""


class StoppableConnection(Connection):
    """A connection that sends only clean-up calls after `stop` is set."""

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
    """One poll: its time (epoch seconds), the result of each query, and the findings to report."""

    asked_at: float
    results: list[t.Optional[Result]]
    findings: list[Finding]


class Watcher:
    """One watch of the event source. Tests replace `ask` and `now`. Raises InvalidInput before anything is sent."""

    def __init__(
        self,
        args: t.Mapping[str, t.Any],
        report: t.Callable[[str], t.Any],
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
        self._report = report
        self._reported: list[str] = []
        # Warnings about the connection to FortiAnalyzer from the latest poll.
        self._access: list[str] = []
        self._ask = ask or self._ask_fortianalyzer
        self._now = now
        self._stop = threading.Event()
        # The maximum age of the saved state in seconds. It limits how much longer the time range of the first poll after a
        # crash is.
        self._tolerance = max(options.overlap, options.window / 10)
        self._saved = self._watch.memory.as_dict()
        # A thread may still write the state while another thread ends the watch.
        self._saving = threading.Lock()
        self._state_file: t.Optional[str] = params["state_file"]
        if self._state_file:
            self._open_state(self._state_file)

    def poll(self) -> Round:
        """Send the queries and wait for their results. Raises Stopped if another thread calls `stop`, and FortiViewError
        for an error that ends the watch."""
        asked_at = self._now()
        queries = self._watch.due_queries(asked_at)
        errors: dict[str, FortiViewError] = {}
        results: list[t.Optional[Result]] = []
        for query, outcome in zip(queries, self._ask(queries)):
            result, error = _sorted_out(outcome)
            results.append(result)
            if error is not None:
                errors[query.name] = error.within(host=self._settings.host)
                if is_final(error, query.name in self._watch.memory.asked):
                    raise error
        reported = self._health.ended(errors, len(queries))
        if reported:
            self._report(reported)
        self._warn(results)
        return Round(asked_at, results, self._watch.findings(results, asked_at))

    def reported(self, finding: Finding) -> None:
        """Record a reported finding. Call this after the event was delivered."""
        self._watch.reported(finding)

    def ended(self, this: Round) -> None:
        """Record the end of a round. Call this after all findings of the round were delivered."""
        self._watch.ended(this.results, this.asked_at)

    def save(self) -> None:
        """Save the reported findings for the next start, if they have changed or the saved state is too old. A full disk
        does not end the watch."""
        with self._saving:
            if self._state_file and self._watch.memory.outdates(self._saved, self._tolerance):
                self._write(self._state_file)

    def end(self) -> None:
        """Save the whole state with the time of the last result. Call this after the last query."""
        with self._saving:
            if self._state_file and self._watch.memory.as_dict() != self._saved:
                self._write(self._state_file)

    def _write(self, path: str) -> None:
        state = self._watch.memory.as_dict()
        try:
            write_state(path, state)
        except OSError as error:
            self._report(f"state_file {path} cannot be written: {error}. Choose another file")
        else:
            self._saved = state

    def stop(self) -> None:
        """End a running poll. The poll first finishes its current request, cleans up and logs out."""
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
            raise InvalidInput(f"state_file {path}: {error.said}. Remove the file to start without a state") from error
        except OSError as error:
            raise InvalidInput(f"state_file {path} cannot be written: {error}. Choose another file") from error

    def _ask_fortianalyzer(self, queries: t.Sequence[Query]) -> Outcomes:
        connection = StoppableConnection(self._settings, self._stop)
        try:
            with connection:
                outcomes = ask_all(connection, queries, self._limits, Context(sleep=connection.rest))
                for outcome in outcomes:
                    if isinstance(outcome, DeadlineExceeded):
                        _drop(connection, outcome)
                return outcomes
        except FortiViewError as error:  # the login failed, or FortiAnalyzer's clock could not be read
            return [error.again() for dummy in queries]
        finally:
            self._access = Access(connection, self._settings.host, self._settings.validate_certs).warnings

    def _warn(self, results: t.Iterable[t.Optional[Result]]) -> None:
        """Log each warning of a result or of the connection once, until it disappears."""
        warnings = sorted({text for result in results if result is not None for text in result.warnings})
        warnings += self._access
        for text in warnings:
            if text not in self._reported:
                self._report(text)
        self._reported = warnings


def _check_never(given: object, entries: t.Optional[list[str]]) -> None:
    """Raise InvalidInput if the exclusion list is not set or is invalid. Without this check, only the first run that
    blocks would report the error."""
    # The text "[]" sets an empty list. Blank text does not set a list.
    if given is None or (isinstance(given, str) and not entries and given.strip() != "[]"):
        raise InvalidInput(
            "The option `never` is not set. Set it to the list of addresses and networks that must never be blocked, or "
            "to [] if no address is excluded. A rulebook reads this option from its variable `never`: set this variable "
            "in the --vars file or in the activation"
        )
    parse_never(entries)


def _drop(connection: Connection, late: DeadlineExceeded) -> None:
    """Delete a task that was not done in time, because the task occupies a slot of FortiAnalyzer and no later poll
    reads its result."""
    late.next_step = "Its task was deleted. Raise wait_timeout, or shorten window."
    if late.context.get("ticket"):
        ticket = parse_ticket(late.context["ticket"])
        with contextlib.suppress(FortiViewError):
            connection.tidy("delete", delete_params(task_url(ticket.request, ticket.tid, RequestFormats())))


def _sorted_out(
    outcome: t.Union[Result, FortiViewError, None],
) -> tuple[t.Optional[Result], t.Optional[FortiViewError]]:
    if isinstance(outcome, Result):
        return (outcome, None) if outcome.complete else (None, Incomplete("The result is not complete"))
    return None, outcome or Incomplete("The query did not finish")
