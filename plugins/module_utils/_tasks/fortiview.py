# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of a run: submit all queries, submit and read all queries, or read tickets.

Event sources and benchmarks also call these functions. Therefore the functions do not depend on Ansible.
"""

from __future__ import annotations

import datetime
import functools
import time
import typing as t

from .._common.errors import ApiError, AuthenticationError, FortiViewError, Throttled
from .._connection.session import Caller
from .._connection.shared import SharedConnection
from .._protocol.constants import STATUS_URL
from .._query.formats import RequestFormats
from .._query.fortianalyzer_clock import FortiAnalyzerClock, clock_of, zone_of
from .._query.log_clock import Span
from .._query.queries import Query
from .._query.request import Page, Request, request_of
from .._query.results import Result
from .._query.tickets import Ticket
from .._query.time_ranges import TimeRange, Window, resolve
from .job import Job
from .pages import part_of
from .run import Run
from .scheduler import Outcome, run_jobs

# Seconds before the system status is read again while FortiAnalyzer is busy, and the longest pause that FortiAnalyzer
# can request.
STATUS_PAUSES, LONGEST_STATUS_PAUSE = (1.0, 5.0), 30.0


def utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


class Context(t.NamedTuple):
    """The environment of a run. `clock` returns monotonic seconds, `now` returns the time in UTC, and `progress`
    receives lines about the progress. Tests replace these functions.

    `shared` is a shared connection. It is None if the run opens a separate connection. With `check`, a module must not
    change anything.
    """

    clock: t.Callable[[], float] = time.monotonic
    sleep: t.Callable[[float], t.Any] = time.sleep
    now: t.Callable[[], datetime.datetime] = utc_now
    progress: t.Callable[[str], t.Any] = lambda text: None
    shared: t.Optional[SharedConnection] = None
    check: bool = False


class Limits(t.NamedTuple):
    """The limits of a run. `wait_timeout` is in seconds for each query. At most `max_concurrent` tasks run on
    FortiAnalyzer at once. With `stop_on_error`, the first error stops all other queries."""

    wait_timeout: float = 300.0
    max_concurrent: int = 4
    stop_on_error: bool = True


def fortianalyzer_clock(caller: Caller, now: datetime.datetime) -> FortiAnalyzerClock:
    """Read the zone and clock of FortiAnalyzer. If FortiAnalyzer refuses to return its system status, the zone is not
    known and times are sent in UTC. A failed authentication is an error."""
    try:
        return clock_of(caller.call("get", {"url": STATUS_URL}).data, now)
    except ApiError as error:
        if not isinstance(error, AuthenticationError):
            return clock_of(None, now)
        raise
    except FortiViewError as error:
        error.within(doing="reading the time zone of FortiAnalyzer")
        raise


def submit_all(caller: Caller, queries: t.Sequence[Query], limits: Limits, context: Context) -> list[Outcome[t.Any]]:
    """Submit all queries without reading their tasks. The outcome of each query is a Ticket, a Result (if the reply to
    the submit contains all rows) or an error. It is None if the error of another query stopped the query."""
    jobs = _jobs(caller, queries, limits, context)
    return _run([job.submit() for job in jobs], limits, context)


def ask_all(caller: Caller, queries: t.Sequence[Query], limits: Limits, context: Context) -> list[Outcome[Result]]:
    """Submit all queries and read all rows. The outcome of each query is a Result or an error. It is None if the error
    of another query stopped the query."""
    jobs = _jobs(caller, queries, limits, context)
    return _run([job.ask() for job in jobs], limits, context)


class Reading(t.NamedTuple):
    """The options for reading tickets. `paging` selects a part of the rows of a task. With `resubmit`, a lost task is
    submitted again."""

    wait: bool = True
    resubmit: bool = False
    delete: bool = False
    paging: t.Optional[Page] = None
    keep_raw: bool = False


def read_all(
    caller: Caller, tickets: t.Sequence[Ticket], reading: Reading, limits: Limits, context: Context
) -> list[Outcome[Result]]:
    """Read tasks by ticket. The outcome of each ticket is a Result or an error. It is None if the error of another
    ticket stopped the read."""
    run = run_of(caller, limits, context, len(tickets))._replace(keep_raw=reading.keep_raw)
    steps = []
    for ticket in tickets:
        request, window = part_of(ticket.request, reading.paging)
        job = Job(run, functools.partial(_as_submitted, request), reading.resubmit, window)
        steps.append(job.read(ticket, reading.wait, reading.delete))
    outcomes = _run(steps, limits, context)
    start = 0 if reading.paging is None else reading.paging.offset
    return [out._replace(rows=out.rows[start:]) if isinstance(out, Result) else out for out in outcomes]


def _as_submitted(request: Request, dummy: RequestFormats) -> Request:
    """Return the request of a ticket without changes. Its format does not follow the request formats of this run."""
    return request


def run_of(caller: Caller, limits: Limits, context: Context, jobs: int, leaves_tasks: bool = True) -> Run:
    """The shared state of a run with this number of jobs."""
    return Run(
        caller=caller,
        clock=context.clock,
        now=context.now,
        formats=RequestFormats(),
        progress=context.progress,
        wait_timeout=limits.wait_timeout,
        leaves_tasks=leaves_tasks,
        several=min(jobs, limits.max_concurrent) > 1,
    )


def _run(steps: t.Sequence[t.Any], limits: Limits, context: Context) -> list[Outcome[t.Any]]:
    return run_jobs(steps, limits.max_concurrent, context.clock, context.sleep, limits.stop_on_error)


def _fortianalyzer_now(caller: Caller, context: Context) -> tuple[FortiAnalyzerClock, datetime.datetime]:
    """The zone and clock of FortiAnalyzer, and the time of this machine immediately before both were read. Raises
    FortiViewError."""
    for pause in STATUS_PAUSES:
        now = context.now()
        try:
            return fortianalyzer_clock(caller, now), now
        except Throttled as error:
            context.sleep(min(error.retry_after or pause, LONGEST_STATUS_PAUSE))
    now = context.now()
    return fortianalyzer_clock(caller, now), now


def window_for(caller: Caller, context: Context) -> t.Callable[[Query, RequestFormats], Window]:
    """Read the zone and clock of FortiAnalyzer once. The returned function resolves the time range of a query relative
    to the time of this read."""
    found, now = _fortianalyzer_now(caller, context)

    def window(query: Query, formats: RequestFormats) -> Window:
        zone, zone_name, local = found.zone, found.zone_name, found.local
        if query.timezone:
            zone, zone_name, local = zone_of(query.timezone), query.timezone, None
        asked, its_now = query.time_range, now + found.skew
        made = resolve(asked, its_now, zone, zone_name, formats.time, local)
        return made._replace(warnings=found.warnings + made.warnings, span=_span(asked, its_now, found))

    return window


def _span(asked: TimeRange, its_now: datetime.datetime, found: FortiAnalyzerClock) -> t.Optional[Span]:
    """The span of a relative range, or None for an absolute range. If a query has no rows, its span is compared with
    the newest log."""
    if asked.last is None:
        return None
    end = its_now - asked.ago
    return Span(end - asked.last, end, found.zone, None if found.local is None else found.local - asked.ago)


def _jobs(caller: Caller, queries: t.Sequence[Query], limits: Limits, context: Context) -> list[Job]:
    """One job for each query. All time ranges are resolved or refused before the first query is sent."""
    run = run_of(caller, limits, context, len(queries))
    window = window_for(caller, context)

    def request_for(query: Query) -> t.Callable[[RequestFormats], Request]:
        return lambda formats: request_of(query, window(query, formats))

    return [Job(run, request_for(query)) for query in queries]
