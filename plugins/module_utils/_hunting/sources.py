# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the addresses behind threats. The cheapest lookup method is used first (protocol_fortianalyzer.rst, "From a
threat to its addresses").

A lookup method that the release does not have is skipped. If a method fails for another reason, such as a mistake in
the user's filter, the hunt fails. A hunt without an available method also fails, because an empty result would mean
that there are no sources.
"""

from __future__ import annotations

import typing as t

from .._common.errors import ApiError, FortiViewError, Incomplete
from .._common.naming import counted
from .._common.octets import LOST
from .._connection.session import Caller
from .._query.formats import RequestFormats
from .._query.queries import Query
from .._query.reader import Part
from .._query.request import Request, log_request, request_of
from .._query.results import Result
from .._query.time_ranges import Window
from .._query.views import view_of
from .._tasks.fortiview import Context, Limits, run_of, window_for
from .._tasks.job import Job
from .._tasks.scheduler import Outcome, run_jobs
from .picking import Picked, Ranking, Wanted, pick
from .sightings import ATTACKER, Sighting, sightings
from .threats import LOG_FIELDS, Threat, any_of, is_about, log_row, log_searches, row_of, threats_in

ROWS, PAIRS, SIDES, LOGS, HOSTS = "rows", "threat-src-dst", "source-threat", "logsearch", "threat-detect-summary"
LOOKUP_METHODS = (ROWS, PAIRS, SIDES, LOGS, HOSTS)
# Refusals that mean that this release does not support a lookup method.
ABSENT = ("view", "filter", "column", "path")
# The fields that the lookup methods use in filters, in both spellings (see `RequestFormats`). All other fields in
# filters come from the user.
OUR_FIELDS = ("threat", "threat_s", "threat_agg", *LOG_FIELDS)


class Hunt(t.NamedTuple):
    """The request of a hunt. `base` contains the device, time range and time zone for every query, and the filter for
    the queries that search for addresses. `wanted` picks threats from rankings if no threats are given. `rows` are the
    given rows of threats, with their ADOM and masked columns. `max_tasks` limits the number of queries that search for
    addresses, and `max_rows` limits the rows of each of these queries."""

    base: Query
    adoms: tuple[str, ...]
    threats: tuple[Threat, ...] = ()
    rows: tuple[tuple[str, dict[str, t.Any], tuple[str, ...]], ...] = ()
    wanted: t.Optional[Wanted] = None
    lookup_methods: tuple[str, ...] = LOOKUP_METHODS[:4]
    max_tasks: int = 50
    max_rows: int = 5000


class Found(t.NamedTuple):
    """The result of a hunt. `missing` contains the ADOM and the name of each threat for which no lookup method found an
    address. `lookup_methods` contains the number of found threats by method and ADOM. `threats` contains the picked
    rows with their ADOM. `not_found` contains the wanted names that are in no ranking. `time_range` is the range that
    was sent, or None if no query was sent."""

    sightings: list[Sighting]
    missing: list[tuple[str, str]]
    lookup_methods: list[dict[str, t.Any]]
    tasks: int
    warnings: list[str]
    threats: list[dict[str, t.Any]]
    not_found: list[str]
    time_range: t.Optional[dict[str, t.Any]]


class Search:
    """One hunt in progress: the threats without an address, and the addresses found so far."""

    def __init__(self, caller: Caller, hunt: Hunt, limits: Limits, context: Context) -> None:
        self._run = run_of(caller, limits, context, jobs=limits.max_concurrent, leaves_tasks=False)
        self._hunt = hunt
        self._limits = limits
        self._context = context
        self._window: t.Optional[t.Callable[[Query, RequestFormats], Window]] = None
        self._left: dict[str, dict[str, Threat]] = {adom: {} for adom in hunt.adoms}
        self._sighted: list[Sighting] = []
        self._ways: list[dict[str, t.Any]] = []
        self._tasks = 0
        self._warnings: list[str] = []
        self._rows = list(hunt.rows)
        self._picked = Picked({}, [], [])
        self._time_range: t.Optional[dict[str, t.Any]] = None
        # The lookup methods that found an address of each threat, and the threats that need no further search. A threat
        # is identified by its ADOM and its name without regard to case.
        self._methods: dict[tuple[str, str], set[str]] = {}
        self._decided: set[tuple[str, str]] = set()
        # Whether a lookup method was available, and the refusal of the last lookup method that was not available.
        self._answered = False
        self._refused: t.Optional[ApiError] = None

    def find(self) -> Found:
        """Pick the threats, and find their addresses with each lookup method in turn. Raises FortiViewError."""
        for threat in self._hunt.threats:
            for adom in threat.adoms or self._hunt.adoms:
                self._left.setdefault(adom, {})[threat.name] = threat
        if self._hunt.wanted is not None:
            self._pick(self._hunt.wanted)
        steps = {
            ROWS: self._by_rows,
            PAIRS: self._by_pairs,
            SIDES: self._by_sides,
            LOGS: self._by_logs,
            HOSTS: self._by_hosts,
        }
        for method in self._hunt.lookup_methods:
            steps[method]()
        # After the last lookup method, every threat with an address counts as settled.
        self._settle(self._methods)
        missing = [(adom, name) for adom, names in self._left.items() for name in names]
        if missing:
            self._explain(missing)
        threats = [{**row, "adom": adom} for adom, rows in self._picked.rows.items() for row in rows]
        return Found(
            sightings=self._sighted,
            missing=missing,
            lookup_methods=self._ways,
            tasks=self._tasks,
            warnings=self._warnings,
            threats=threats,
            not_found=self._picked.not_found,
            time_range=self._time_range,
        )

    def _explain(self, missing: t.Sequence[tuple[str, str]]) -> None:
        """Add warnings for missing threats whose names cannot be read. Raises ApiError if no lookup method was
        available."""
        for adom, name in missing:
            if LOST in name:
                self._warn(
                    f"The name of the threat {name} in ADOM {adom} has a byte that could not be read, so "
                    "FortiAnalyzer cannot be queried for this threat: search for its addresses on the FortiView page of "
                    "the FortiAnalyzer GUI."
                )
        if self._refused is not None and not self._answered and not self._ways:
            self._refused.next_step = (
                "This FortiAnalyzer supports none of the methods in the option lookup_methods, so no addresses of these "
                "threats are known. Add other methods to this option."
            )
            raise self._refused

    # The ranking and the lookup methods

    def _pick(self, wanted: Wanted) -> None:
        """Read the rankings of all ADOMs, and keep the wanted threats."""
        view = view_of(wanted.view)
        base = self._query(wanted.view, "", "", wanted.rows_to_read)
        queries = [base._replace(name="threats", view=view, filter=wanted.filter, adom=adom) for adom in self._left]
        rankings, masked = [], {}
        for query, outcome in self._send(queries):
            answer = self._whole(outcome)
            if not isinstance(answer, Result):
                raise t.cast("FortiViewError", answer)
            rankings.append(Ranking(query.adom, answer.rows, answer.total))
            masked[query.adom] = tuple(answer.masked_fields)
        self._picked = pick(rankings, wanted)
        for text in self._picked.warnings:
            self._warn(text)
        for adom, rows in self._picked.rows.items():
            self._rows += [(adom, row, masked[adom]) for row in rows]
            self._left[adom].update({threat.name: threat for threat in threats_in([Part(rows, {"adom": adom})])})

    def _by_rows(self) -> None:
        for adom, row, masked in self._rows:
            self._see([row], adom, ROWS, masked)

    def _by_pairs(self) -> None:
        """Query the pairs of source and destination of all threats of an ADOM at once. If a reply reached the row
        limit, the threats that are not settled are queried a second time."""
        for dummy in range(2):
            queries = [
                self._query(PAIRS, adom, text, self._hunt.max_rows)
                for adom, threats in self._left.items()
                for text in any_of("threat", threats)
            ]
            full = False
            # Names are compared without regard to case, because the query also ignores case.
            asked = {adom: {one.name.casefold(): one for one in left.values()} for adom, left in self._left.items()}
            for query, answer in self._ask(queries):
                if isinstance(answer, FortiViewError):
                    self._absent(PAIRS, query, answer)
                    continue
                about = [(row, asked[query.adom].get(str(row.get("threat")).casefold())) for row in answer.rows]
                rows = [row_of(row, threat) for row, threat in about if threat is not None]
                self._dropped(PAIRS, query, len(about) - len(rows))
                self._see(rows, query.adom, PAIRS, answer.masked_fields)
                full = full or answer.ticket.request.limit == len(answer.rows)
            if not full:
                return

    def _by_sides(self) -> None:
        """Query the sources and the destinations of each threat, with one task for each side. The rows do not show
        which source belongs to which destination."""
        for view, field in ((SIDES, "srcip"), ("destination-threat", "dstip")):
            asked = [
                (self._query(view, adom, text, self._hunt.max_rows), threat)
                for adom, threats in self._left.items()
                for threat in threats.values()
                for text in any_of("threat_agg", [threat.name])
            ]
            # Threats are marked as settled only after both views, because the destinations of a threat are still
            # missing after the first view.
            for (query, threat), (dummy, answer) in zip(asked, self._ask([query for query, dummy in asked])):
                if isinstance(answer, FortiViewError):
                    self._absent(view, query, answer)
                    continue
                # In a ranking by address, threat type and severity are from all threats of the address, so the values
                # of this threat replace them.
                reported = {"threat": threat.name, "threattype": threat.kind, "severity": threat.severity}
                rows = [{**row, **reported} for row in answer.rows if row.get(field)]
                self._see(rows, query.adom, view, answer.masked_fields, settle=False)
        self._settle(self._decided)

    def _by_logs(self) -> None:
        """Search the logs for each threat. This is the most expensive lookup method. Each log line counts as one
        incident."""
        for adom in list(self._left):
            for threat in list(self._left[adom].values()):
                for logtype, field in log_searches(threat):
                    (text,) = any_of(field, [threat.name])
                    query = self._query("logsearch", adom, text, self._hunt.max_rows)
                    ((dummy, answer),) = self._ask([query], logtype) or [(query, None)]
                    if isinstance(answer, FortiViewError):
                        self._absent(LOGS, query, answer)
                    elif answer is not None:
                        rows = [row for row in answer.rows if is_about(row, field, threat)]
                        self._dropped(LOGS, query, len(answer.rows) - len(rows))
                        self._see([log_row(row, threat) for row in rows], adom, LOGS, answer.masked_fields)
                        if rows:
                            break

    def _by_hosts(self) -> None:
        """Query the compromised internal hosts. FortiAnalyzer needs the IOC licence for this view. The rows do not name
        the threats of the hunt."""
        for query, answer in self._ask([self._query(HOSTS, adom, "", self._hunt.max_rows) for adom in self._left]):
            if isinstance(answer, FortiViewError):
                self._absent(HOSTS, query, answer)
            else:
                self._see(answer.rows, query.adom, HOSTS, answer.masked_fields)

    # Helper functions

    def _query(self, view: str, adom: str, text: str, limit: int) -> Query:
        known = view_of(view)
        own = self._hunt.base.filter
        joined = f"({text}) and ({own})" if text and own else text or own
        sort = (known.sort, known.order) if known.sort else None
        return self._hunt.base._replace(
            name="sources", view_name=view, view=known, adom=adom, filter=joined, limit=limit, offset=0, sort=sort
        )

    def _ask(self, queries: t.Sequence[Query], logtype: t.Optional[str] = None) -> list[tuple[Query, t.Any]]:
        """Send these queries, up to the task limit of the hunt, and return their results and errors."""
        room = max(0, self._hunt.max_tasks - self._tasks)
        if len(queries) > room:
            self._warn(
                f"max_tasks ({self._hunt.max_tasks}) is reached, so some threats were not searched for: raise max_tasks."
            )
        queries = list(queries[:room])
        if not queries:
            return []
        self._tasks += len(queries)
        return [(query, self._checked(outcome)) for query, outcome in self._send(queries, logtype)]

    def _send(self, queries: t.Sequence[Query], logtype: t.Optional[str] = None) -> list[tuple[Query, t.Any]]:
        if self._window is None:
            self._window = window_for(self._run.caller, self._context)
        window = self._window
        jobs = [Job(self._run, _request_for(query, window, logtype)).ask() for query in queries]
        outcomes = run_jobs(jobs, self._limits.max_concurrent, self._run.clock, self._context.sleep, False)
        for outcome in outcomes:
            if isinstance(outcome, Result) and self._time_range is None:
                self._time_range = outcome.ticket.request.time_range
        return list(zip(queries, outcomes))

    def _see(
        self, rows: t.Iterable[dict[str, t.Any]], adom: str, method: str, masked: t.Collection[str], settle: bool = True
    ) -> None:
        self._answered = self._answered or method != ROWS
        for row in rows:
            seen = sightings(row, method, adom, masked, method)
            self._sighted += seen
            for one in seen:
                for key in [(adom, name.casefold()) for name in one.threats if one.network is not None]:
                    self._methods.setdefault(key, set()).add(one.method)
                    if _decides(seen):
                        self._decided.add(key)
        if settle:
            self._settle(self._decided)

    def _settle(self, found: t.Collection[tuple[str, str]]) -> None:
        """Mark these threats as settled. The next lookup method searches only for the remaining threats."""
        for adom, threats in self._left.items():
            # Names are compared without regard to case, because the queries also ignore case.
            done = [(adom, name.casefold()) for name in threats if (adom, name.casefold()) in found]
            if done:
                self._left[adom] = {name: one for name, one in threats.items() if (adom, name.casefold()) not in done}
                methods = sorted(set().union(*(self._methods[key] for key in done)))
                self._ways.append({"adom": adom, "method": ", ".join(methods), "threats": len(done)})

    def _checked(self, answer: Outcome[Result]) -> Outcome[Result]:
        """The outcome, with a warning if the row limit may have cut off rows."""
        answer = self._whole(answer)
        if isinstance(answer, Result):
            request = answer.ticket.request
            if not request.logs and request.limit is not None and len(answer.rows) >= request.limit:
                self._warn(
                    f"{request.view_name} in ADOM {request.adom} returned {counted(request.limit, 'row')}, which is the limit, so "
                    "further rows may be missing. Raise max_rows."
                )
        return answer

    def _whole(self, answer: Outcome[Result]) -> Outcome[Result]:
        """The outcome, after its warnings were added to the hunt. An incomplete result becomes an error, because the
        missing addresses are unknown."""
        if not isinstance(answer, Result):
            return answer
        if not answer.complete:
            request = answer.ticket.request
            returned = f"returned {counted(len(answer.rows), 'row')}"
            counts = "may have more rows" if answer.total is None else f"counts {answer.total}"
            part = Incomplete(f"FortiAnalyzer {returned}, but {counts}")
            return part.within(view=request.view_name, adom=request.adom, tid=answer.ticket.tid)
        for text in answer.warnings:
            self._warn(text)
        return answer

    def _warn(self, text: str) -> None:
        if text not in self._warnings:
            self._warnings.append(text)

    def _dropped(self, method: str, query: Query, count: int) -> None:
        if count:
            self._warn(f"Skipped rows of {method} in ADOM {query.adom} about threats that were not requested: {count}.")

    def _absent(self, method: str, query: Query, error: FortiViewError) -> None:
        if not isinstance(error, ApiError) or error.reason not in ABSENT:
            raise error
        users = error.reason == "filter" and self._hunt.base.filter and error.subject not in OUR_FIELDS
        if users and not self._answered:
            # If the user's filter has a mistyped field, every lookup method refuses the query or returns no rows, so
            # the hunt fails.
            error.next_step = "Filter on a column of this lookup method, or set the option lookup_methods to methods that have the column."
            raise error
        self._refused = error
        note = f"The lookup method {method} is not available on this FortiAnalyzer ({error.said}), so it was skipped."
        self._warn(note)


def _decides(seen: t.Sequence[Sighting]) -> bool:
    """Whether a row is sufficient: it has an attacker, or the addresses of both sides and a victim. For any other row,
    such as a row with only an internal host, another lookup method may find the attacker."""
    known = [one.role for one in seen if one.network is not None]
    return ATTACKER in known or (len(known) == 2 and any(known))


def _request_for(
    query: Query, window: t.Callable[[Query, RequestFormats], Window], logtype: t.Optional[str]
) -> t.Callable[[RequestFormats], Request]:
    def request(formats: RequestFormats) -> Request:
        if logtype is None:
            return request_of(query, window(query, formats))
        return log_request(query, window(query, formats), logtype)

    return request
