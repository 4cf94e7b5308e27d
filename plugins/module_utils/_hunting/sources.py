# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From threats to addresses, cheapest method first (protocol_fortianalyzer.rst, "From a threat to its addresses").

A way that the release does not have is left for the next one. One that fails for another reason, the user's own filter
included, is an error, and so is a hunt without any way: "no sources" would be a wrong answer.
"""

from __future__ import annotations

import typing as t

from .._common.errors import ApiError, FortiViewError, Incomplete
from .._common.octets import LOST
from .._connection.session import Caller
from .._query.forms import Forms
from .._query.queries import Query
from .._query.questions import Request, log_request, request_of
from .._query.reader import Part
from .._query.results import Answer
from .._query.time_ranges import Window
from .._query.views import view_of
from .._tasks.fortiview import Limits, World, window_for
from .._tasks.job import Job
from .._tasks.run import Run
from .._tasks.scheduler import Outcome, run_jobs
from .picking import Picked, Ranking, Wanted, pick
from .sightings import ATTACKER, Sighting, sightings
from .threats import LOG_FIELDS, Threat, any_of, is_about, log_row, log_searches, row_of, threats_in

ROWS, PAIRS, SIDES, LOGS, HOSTS = "rows", "threat-src-dst", "source-threat", "logsearch", "threat-detect-summary"
WAYS = (ROWS, PAIRS, SIDES, LOGS, HOSTS)
# Refusals that mean "this release does not have that", not "something is wrong".
ABSENT = ("view", "filter", "column", "path")
# Fields that the filters of the ways are made of, in both spellings (see Forms); all others are the user's own.
OUR_FIELDS = ("threat", "threat_s", "threat_agg", *LOG_FIELDS)


class Hunt(t.NamedTuple):
    """What is looked for. `base` carries device, time range and time zone for every query, and the filter for those that look for
    addresses. `wanted` picks threats from rankings where none are given. `rows` are given ones, with their ADOM and masked columns.
    `max_tasks` and `max_rows` bound the search for addresses and each of its queries."""

    base: Query
    adoms: tuple[str, ...]
    threats: tuple[Threat, ...] = ()
    rows: tuple[tuple[str, dict[str, t.Any], tuple[str, ...]], ...] = ()
    wanted: t.Optional[Wanted] = None
    ways: tuple[str, ...] = WAYS[:4]
    max_tasks: int = 50
    max_rows: int = 5000


class Found(t.NamedTuple):
    """`missing` are (ADOM, name) for which no way showed an address; `ways` says which way found how many threats, in which ADOM.
    `threats` are the rows that were picked, with their ADOM, and `not_found` wanted names that no ranking has. `time_range` is as it
    was sent, None where nothing was asked."""

    sightings: list[Sighting]
    missing: list[tuple[str, str]]
    ways: list[dict[str, t.Any]]
    tasks: int
    warnings: list[str]
    threats: list[dict[str, t.Any]]
    not_found: list[str]
    time_range: t.Optional[dict[str, t.Any]]


class Search:
    """One hunt in progress: what is still without an address, and what has been seen."""

    def __init__(self, caller: Caller, hunt: Hunt, limits: Limits, world: World) -> None:
        self._run = Run(
            caller=caller,
            clock=world.clock,
            now=world.now,
            forms=Forms(),
            progress=world.progress,
            wait_timeout=limits.wait_timeout,
            leaves_tasks=False,
            several=limits.max_concurrent > 1,
        )
        self._hunt = hunt
        self._limits = limits
        self._world = world
        self._window: t.Optional[t.Callable[[Query, Forms], Window]] = None
        self._left: dict[str, dict[str, Threat]] = {adom: {} for adom in hunt.adoms}
        self._sighted: list[Sighting] = []
        self._ways: list[dict[str, t.Any]] = []
        self._tasks = 0
        self._warnings: list[str] = []
        self._rows = list(hunt.rows)
        self._picked = Picked({}, [], [])
        self._time_range: t.Optional[dict[str, t.Any]] = None
        # By ADOM and name, without regard to case: the ways that showed an address, and the threats that are settled.
        self._methods: dict[tuple[str, str], set[str]] = {}
        self._decided: set[tuple[str, str]] = set()
        # Whether any way could be asked, and why the last one that could not be was refused.
        self._answered = False
        self._refused: t.Optional[ApiError] = None

    def find(self) -> Found:
        """Raises FortiViewError."""
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
        for way in self._hunt.ways:
            steps[way]()
        # No way knew more than this.
        self._settle(self._methods)
        missing = [(adom, name) for adom, names in self._left.items() for name in names]
        for adom, name in missing:
            if LOST in name:
                self._warn(
                    f"The name of the threat {name} in ADOM {adom} holds a byte that could not be read, so FortiAnalyzer cannot be "
                    "queried for it: look for its addresses in the FortiView page of its GUI."
                )
        if missing and self._refused is not None and not self._answered and not self._ways:
            self._refused.next_step = (
                "No way could be asked here, so nothing is known of these threats: give other ways."
            )
            raise self._refused
        threats = [{**row, "adom": adom} for adom, rows in self._picked.rows.items() for row in rows]
        return Found(
            sightings=self._sighted,
            missing=missing,
            ways=self._ways,
            tasks=self._tasks,
            warnings=self._warnings,
            threats=threats,
            not_found=self._picked.not_found,
            time_range=self._time_range,
        )

    # The ways

    def _pick(self, wanted: Wanted) -> None:
        """The wanted threats of each ADOM."""
        view = view_of(wanted.view)
        base = self._query(wanted.view, "", "", wanted.rows_to_read)
        queries = [base._replace(name="threats", view=view, filter=wanted.filter, adom=adom) for adom in self._left]
        rankings, masked = [], {}
        for query, outcome in self._send(queries):
            answer = self._whole(outcome)
            if not isinstance(answer, Answer):
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
        """One task for all threats of an ADOM; a second for those that the row limit cut off."""
        for dummy in range(2):
            queries = [
                self._query(PAIRS, adom, text, self._hunt.max_rows)
                for adom, threats in self._left.items()
                for text in any_of("threat", threats)
            ]
            full = False
            # The appliance was asked without regard to case.
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
        """Sources and destinations of one threat each, whose pairs are not known: a task for each side and threat."""
        for view, field in ((SIDES, "srcip"), ("destination-threat", "dstip")):
            asked = [
                (self._query(view, adom, text, self._hunt.max_rows), threat)
                for adom, threats in self._left.items()
                for threat in threats.values()
                for text in any_of("threat_agg", [threat.name])
            ]
            # Settled after both views: a threat that has its sources still lacks its destinations.
            for (query, threat), (dummy, answer) in zip(asked, self._ask([query for query, dummy in asked])):
                if isinstance(answer, FortiViewError):
                    self._absent(view, query, answer)
                    continue
                # Class and severity of a ranking by address are those of all its threats.
                told = {"threat": threat.name, "threattype": threat.kind, "severity": threat.severity}
                rows = [{**row, **told} for row in answer.rows if row.get(field)]
                self._see(rows, query.adom, view, answer.masked_fields, settle=False)
        self._settle(self._decided)

    def _by_logs(self) -> None:
        """The dependable fall-back, and the heaviest: one search per threat, counted here by address."""
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
        """Compromised hosts of our own, which need the IOC licence. They name no threat that was asked for."""
        for query, answer in self._ask([self._query(HOSTS, adom, "", self._hunt.max_rows) for adom in self._left]):
            if isinstance(answer, FortiViewError):
                self._absent(HOSTS, query, answer)
            else:
                self._see(answer.rows, query.adom, HOSTS, answer.masked_fields)

    # Small things

    def _query(self, view: str, adom: str, text: str, limit: int) -> Query:
        known = view_of(view)
        own = self._hunt.base.filter
        joined = f"({text}) and ({own})" if text and own else text or own
        sort = (known.sort, known.order) if known.sort else None
        return self._hunt.base._replace(
            name="sources", view_name=view, view=known, adom=adom, filter=joined, limit=limit, offset=0, sort=sort
        )

    def _ask(self, queries: t.Sequence[Query], logtype: t.Optional[str] = None) -> list[tuple[Query, t.Any]]:
        """Answers and errors of these queries, as many as the task limit leaves."""
        room = max(0, self._hunt.max_tasks - self._tasks)
        if len(queries) > room:
            self._warn(f"max_tasks ({self._hunt.max_tasks}) is reached: not all threats were looked for.")
        queries = list(queries[:room])
        if not queries:
            return []
        self._tasks += len(queries)
        return [(query, self._checked(outcome)) for query, outcome in self._send(queries, logtype)]

    def _send(self, queries: t.Sequence[Query], logtype: t.Optional[str] = None) -> list[tuple[Query, t.Any]]:
        if self._window is None:
            self._window = window_for(self._run.caller, self._world)
        window = self._window
        jobs = [Job(self._run, _request_for(query, window, logtype)).ask() for query in queries]
        outcomes = run_jobs(jobs, self._limits.max_concurrent, self._run.clock, self._world.sleep, False)
        for outcome in outcomes:
            if isinstance(outcome, Answer) and self._time_range is None:
                self._time_range = outcome.ticket.request.time_range
        return list(zip(queries, outcomes))

    def _see(
        self, rows: t.Iterable[dict[str, t.Any]], adom: str, way: str, masked: t.Collection[str], settle: bool = True
    ) -> None:
        self._answered = self._answered or way != ROWS
        for row in rows:
            seen = sightings(row, way, adom, masked, way)
            self._sighted += seen
            for one in seen:
                for key in [(adom, name.casefold()) for name in one.threats if one.network is not None]:
                    self._methods.setdefault(key, set()).add(one.method)
                    if _decides(seen):
                        self._decided.add(key)
        if settle:
            self._settle(self._decided)

    def _settle(self, found: t.Collection[tuple[str, str]]) -> None:
        """Take these threats off the list; who still lacks an address goes the next way."""
        for adom, threats in self._left.items():
            # The appliance was asked without regard to case.
            done = [(adom, name.casefold()) for name in threats if (adom, name.casefold()) in found]
            if done:
                self._left[adom] = {name: one for name, one in threats.items() if (adom, name.casefold()) not in done}
                methods = sorted(set().union(*(self._methods[key] for key in done)))
                self._ways.append({"adom": adom, "method": ", ".join(methods), "threats": len(done)})

    def _checked(self, answer: Outcome[Answer]) -> Outcome[Answer]:
        """The same, with a warning where the row limit may have cut it off."""
        answer = self._whole(answer)
        if isinstance(answer, Answer):
            request = answer.ticket.request
            if not request.logs and request.limit is not None and len(answer.rows) >= request.limit:
                self._warn(
                    f"{request.view_name} in ADOM {request.adom} returned its limit of {request.limit} rows: "
                    "rarer ones may be missing."
                )
        return answer

    def _whole(self, answer: Outcome[Answer]) -> Outcome[Answer]:
        """The outcome, after its warnings. A part of an answer is an error here: nobody knows who is missing."""
        if not isinstance(answer, Answer):
            return answer
        if not answer.complete:
            request = answer.ticket.request
            part = Incomplete(f"FortiAnalyzer counts {answer.total} rows and returned {len(answer.rows)}")
            return part.within(view=request.view_name, adom=request.adom, tid=answer.ticket.tid)
        for text in answer.warnings:
            self._warn(text)
        return answer

    def _warn(self, text: str) -> None:
        if text not in self._warnings:
            self._warnings.append(text)

    def _dropped(self, way: str, query: Query, count: int) -> None:
        if count:
            self._warn(
                f"{way} in ADOM {query.adom} returned {count} rows about other threats than asked; they were left out."
            )

    def _absent(self, way: str, query: Query, error: FortiViewError) -> None:
        if not isinstance(error, ApiError) or error.reason not in ABSENT:
            raise error
        users = error.reason == "filter" and self._hunt.base.filter and error.subject not in OUR_FIELDS
        if users and not self._answered:
            # A mistyped field would be refused, or silently match nothing, on every way.
            error.next_step = "Filter on a field that this way knows, or give only ways that know it."
            raise error
        self._refused = error
        note = f"{way} cannot be asked on this appliance ({error.said}); the next way was taken."
        self._warn(note)


def _decides(seen: t.Sequence[Sighting]) -> bool:
    """Whether a row leaves no question open: it names an attacker, or shows both sides and a victim. Of any other, such as
    a host of ours that met a mere name, another way may know the attacker."""
    known = [one.role for one in seen if one.network is not None]
    return ATTACKER in known or (len(known) == 2 and any(known))


def _request_for(
    query: Query, window: t.Callable[[Query, Forms], Window], logtype: t.Optional[str]
) -> t.Callable[[Forms], Request]:
    def request(forms: Forms) -> Request:
        if logtype is None:
            return request_of(query, window(query, forms))
        return log_request(query, window(query, forms), logtype)

    return request
