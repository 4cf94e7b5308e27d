# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of faz_fortiview_task, faz_fortiview_result and faz_threat_sources_info as plain functions. Each
operation takes the parameters of its module and returns the result of the task, or raises FortiViewError.

A module and the action plugin of the same name call the same function, so their behaviour is the same.
"""

from __future__ import annotations

import contextlib
import typing as t

from .._common.durations import parse_seconds
from .._common.errors import FortiViewError, InvalidInput
from .._common.validation import count
from .._connection.session import Caller
from .._hunting.picking import parse_wanted
from .._hunting.policy import ELSEWHERE, Policy, judge
from .._hunting.sightings import ATTACKER, VICTIM, masked_of
from .._hunting.sources import LOOKUP_METHODS, PAIRS, Hunt, Search
from .._hunting.threats import threat_parts, threats_in
from .._query.ages import freshness
from .._query.queries import (
    EVERY_ADOM,
    EVERY_ROW,
    Query,
    adoms_in,
    distinct_names,
    in_adoms,
    limit_of,
    parse_queries,
    parse_query,
    result_name,
)
from .._query.request import Page
from .._query.results import Result, facts_of
from .._query.rows import canonical
from .._query.tickets import Ticket, parse_ticket
from .._tasks.device_manager import visible_adoms
from .._tasks.fortiview import Context, Limits, Reading, ask_all, read_all, submit_all
from .._tasks.scheduler import Outcome
from .access import Access, access_of

# Ansible copies and encodes the result of a task several times. Above this number, rows are returned only in `results`.
MOST_REPEATED_ROWS = 20000

TOO_MANY = f"More than {MOST_REPEATED_ROWS} rows are returned only in results, not in facts and result."

Params = t.Mapping[str, t.Any]
Operation = t.Callable[[Params, Context], dict[str, t.Any]]


def submit(params: Params, context: Context) -> dict[str, t.Any]:
    """Run faz_fortiview_task. Returns `tasks`, `results`, `failed_queries` and facts. Raises FortiViewError."""
    queries = parse_queries(params)
    access, limits = access_of(params, context), limits_of(params)
    named = _named_queries(queries)
    seen: list[str] = []
    work = ask_all if params["wait"] else submit_all
    try:
        with _forgetting(named), access.connection as connection:
            if any(query.adom == EVERY_ADOM for query in queries):
                adoms, seen = _visible(connection, context)
                queries = parse_queries(in_adoms(params, adoms))
                named[:] = _named_queries(queries)
            outcomes = _named(work(connection, queries, limits, context), access.host)
        result = _gathered(outcomes, named, limits)
    except FortiViewError as error:
        # Without this update, a task that reads the tickets in the fact fortiview_tasks would return the rows of an earlier
        # run.
        error.facts["fortiview_tasks"] = error.to_fail_json().get("tasks", [])
        raise
    result["tasks"] = [ticket.as_dict for ticket in map(_ticket_of, outcomes) if ticket]
    result["ansible_facts"]["fortiview_tasks"] = result["tasks"]
    return _reported(result, access, seen)


def _named_queries(queries: t.Iterable[Query]) -> list[dict[str, t.Any]]:
    return [{"name": query.name, "adom": query.adom, "view": query.view_name} for query in queries]


def _visible(connection: Caller, context: Context) -> tuple[list[str], list[str]]:
    """The ADOMs for the value `all`, and warnings. Raises FortiViewError, also if there are no ADOMs."""
    found = visible_adoms(connection, context.sleep)
    if not found.adoms:
        raise InvalidInput(
            "adoms is all, but this administrator has no access to an ADOM of FortiGates: give the administrator access, "
            "or set adoms to names of ADOMs"
        )
    return found.adoms, found.warnings


def read(params: Params, context: Context) -> dict[str, t.Any]:
    """Run faz_fortiview_result. Returns `results`, `result`, `failed_queries` and facts. Raises FortiViewError."""
    tickets = _tickets(params)
    access, limits = access_of(params, context), limits_of(params)
    reading = Reading(
        wait=params["wait"],
        resubmit=params["on_gone"] == "resubmit",
        delete=params["delete"],
        paging=_paging(params),
        keep_raw=params["raw"],
    )
    named = [
        {
            "name": ticket.request.name,
            "adom": ticket.request.adom,
            "view": ticket.request.view_name,
            "tid": ticket.tid,
        }
        for ticket in tickets
    ]
    with _forgetting(named), access.connection as connection:
        outcomes = _named(read_all(connection, tickets, reading, limits, context), access.host)
    result = _gathered(outcomes, named, limits)
    result["tasks"] = [ticket.as_dict for ticket in map(_ticket_of, outcomes) if ticket]
    return _reported(result, access)


@contextlib.contextmanager
def _forgetting(named: t.Sequence[dict[str, t.Any]]) -> t.Iterator[None]:
    """Replace the facts of an earlier run if an error, such as a refused login, ends all queries."""
    try:
        yield
    except FortiViewError as error:
        error.facts = facts_of([], [_failure(name, error) for name in named])
        raise


def find(params: Params, context: Context) -> dict[str, t.Any]:
    """Run faz_threat_sources_info. Returns the threats, the addresses by role, and data about the search. Raises
    FortiViewError."""
    hunt = _hunt(params, context)
    access, limits = access_of(params, context), limits_of(params)
    seen: list[str] = []
    with access.connection as connection:
        try:
            if hunt.adoms == (EVERY_ADOM,):
                adoms, seen = _visible(connection, context)
                hunt = _hunt({**params, "adoms": adoms}, context)
            found = Search(connection, hunt, limits, context).find()
        except FortiViewError as error:
            error.within(host=access.host)
            raise
    judged = judge(found.sightings, Policy(allow_private=True, roles=(ATTACKER, VICTIM)))
    attackers, victims = ([one for one in judged["offenders"] if one["role"] == role] for role in (ATTACKER, VICTIM))
    # An address that was refused as a victim also counts as a victim here.
    ours = {one["address"] for one in [*victims, *judged["refused"]] if one.get("role") == VICTIM}
    twice = [dict(one, reasons=[ELSEWHERE], refused=True) for one in attackers if one["address"] in ours]
    return {
        "changed": False,
        "threats": found.threats,
        "offenders": [one for one in attackers if one["address"] not in ours],
        "victims": victims,
        "refused": [*judged["refused"], *twice],
        "missing": [{"adom": adom, "threat": name} for adom, name in found.missing],
        "not_found": found.not_found,
        "time_range": found.time_range,
        "lookup_methods": found.lookup_methods,
        "tasks_used": found.tasks,
        "warnings": [*seen, *found.warnings, *access.warnings],
    }


def _hunt(params: Params, context: Context) -> Hunt:
    wanted = parse_wanted(params)
    parts = threat_parts(params["threats"] or [], freshness(params.get("max_age"), context.now()))
    base = parse_query({**{key: params[key] for key in ("device", "filter", "time_range", "timezone")}, "view": PAIRS})
    adoms = adoms_in("adoms", params["adoms"])
    rows = [
        (str((part.result or row).get("adom") or adoms[0]), canonical(row), masked_of(part.result or row))
        for part in parts
        for row in part.rows
    ]
    return Hunt(
        base=base,
        adoms=adoms,
        threats=tuple(threats_in(parts)),
        rows=tuple(rows),
        wanted=None if params["threats"] is not None else wanted,
        lookup_methods=tuple(method for method in LOOKUP_METHODS if method in params["lookup_methods"]),
        max_tasks=count("max_tasks", params["max_tasks"], 1),
        max_rows=count("max_rows", params["max_rows"], 1),
    )


def limits_of(params: Params) -> Limits:
    """The limits of the run from the options. Raises InvalidInput."""
    wait_timeout = parse_seconds("wait_timeout", params["wait_timeout"])
    if wait_timeout <= 0:
        raise InvalidInput("wait_timeout must be above 0 seconds")
    most = count("max_concurrent", params["max_concurrent"], 1)
    return Limits(wait_timeout, most, params.get("on_error") == "fail")


def _paging(params: Params) -> t.Optional[Page]:
    """The part of the rows to read. None means all rows of the task."""
    limit = EVERY_ROW if params["limit"] is None else limit_of(params["limit"])
    offset = 0 if params["offset"] is None else count("offset", params["offset"], 0)
    if limit == EVERY_ROW:
        return Page(None, offset) if offset else None
    return Page(limit, offset)


def _tickets(params: Params) -> list[Ticket]:
    """The tickets in `tasks`, and a ticket for each task id in `tid`. Each ticket has a different name."""
    alike = {key: params[key] for key in ("name", "adom", "view")}
    given = [*(params["tasks"] or []), *({**alike, "tid": tid} for tid in params["tid"] or [])]
    if not given:
        raise InvalidInput(
            "tid is empty: set it to the ids of the tasks to read"
            if params["tasks"] is None
            else "tasks is empty: set it to the tickets of the tasks to read"
        )
    tickets = [parse_ticket(entry) for entry in given]
    names = distinct_names([(result_name(ticket.request.name, ""), ticket.request.adom) for ticket in tickets])
    return [ticket._replace(request=ticket.request._replace(name=name)) for ticket, name in zip(tickets, names)]


def _named(outcomes: list[Outcome[t.Any]], host: str) -> list[Outcome[t.Any]]:
    """Add the host to errors that do not come from the connection, such as an exceeded deadline."""
    for outcome in outcomes:
        if isinstance(outcome, FortiViewError):
            outcome.within(host=host)
    return outcomes


def _ticket_of(outcome: Outcome[t.Any]) -> t.Optional[Ticket]:
    if isinstance(outcome, Result):
        return outcome.ticket
    return outcome if isinstance(outcome, Ticket) else None


def _gathered(
    outcomes: t.Sequence[Outcome[t.Any]], named: t.Sequence[dict[str, t.Any]], limits: Limits
) -> dict[str, t.Any]:
    """Separate results and failures. With on_error=fail, raises the first error with the results and tickets of the
    other queries."""
    results = [outcome.as_dict for outcome in outcomes if isinstance(outcome, Result)]
    failed = [(name, outcome) for name, outcome in zip(named, outcomes) if isinstance(outcome, FortiViewError)]
    failures = [_failure(name, error) for name, error in failed]
    if failed and limits.stop_on_error:
        error = failed[0][1]
        error.reached = {
            "tasks": [outcome.as_dict for outcome in outcomes if isinstance(outcome, Ticket)],
            "results": results,
        }
        cut_off = [
            dict(name, msg=f"Not completed, because another query failed: {error}")
            for name, outcome in zip(named, outcomes)
            if outcome is None
        ]
        error.facts = facts_of(results, failures + cut_off, _instead_of(results))
        raise error
    return {
        "changed": False,
        "results": results,
        "failed_queries": failures,
        "ansible_facts": facts_of(results, failures, _instead_of(results)),
    }


def _instead_of(results: t.Sequence[dict[str, t.Any]]) -> str:
    """The reason why rows are returned only in `results`. Empty if they are also returned in facts and `result`."""
    return TOO_MANY if sum(result["returned"] for result in results) > MOST_REPEATED_ROWS else ""


def _failure(named: dict[str, t.Any], error: FortiViewError) -> dict[str, t.Any]:
    failure = error.to_fail_json()
    entry = dict(named, error=failure["error"], msg=failure["msg"])
    if "tid" in failure:
        entry["tid"] = failure["tid"]
    if "tasks" in failure:
        entry["task"] = failure["tasks"][0]
    return entry


def _reported(result: dict[str, t.Any], access: Access, more: t.Sequence[str] = ()) -> dict[str, t.Any]:
    """Add `result` and `rows` for a single task, and the warnings."""
    warnings = [f"{entry['name']}: {text}" for entry in result["results"] for text in entry["warnings"]]
    if _instead_of(result["results"]):
        warnings.append(TOO_MANY)
    elif len(result["results"]) == 1 and not result["failed_queries"]:
        result["result"] = result["results"][0]
        if result["result"]["complete"]:
            # `rows` is only set for a complete result. A template fails without `rows`, but incomplete rows would look
            # complete.
            result["rows"] = result["result"]["rows"]
    result["warnings"] = [*more, *warnings, *access.warnings]
    return result
