# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers made by hand, and a watch over them."""

from __future__ import annotations

import datetime as dt
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._query.queries import Query
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import Request
from ansible_collections.secops.fortiview.plugins.module_utils._query.results import Result
from ansible_collections.secops.fortiview.plugins.module_utils._query.tickets import Ticket
from ansible_collections.secops.fortiview.plugins.module_utils._watch.memory import Memory
from ansible_collections.secops.fortiview.plugins.module_utils._watch.options import parse_options, parse_watched
from ansible_collections.secops.fortiview.plugins.module_utils._watch.watch import Watch

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.timezone.utc)
OPTIONS: dict[str, t.Any] = {
    "view": "top-threats",
    "adom": "root",
    "queries": None,
    "interval": 60.0,
    "window": 3600.0,
    "overlap": 300.0,
    "remember": 10000,
    "initial": True,
    "worsened_by": {"incidents": "100%", "detected": "100%"},
    "key": None,
}


def made_watch(memory: t.Optional[Memory] = None, **options: t.Any) -> Watch:
    given = {**OPTIONS, **options}
    parsed = parse_options(given)
    return Watch("faz", parse_watched(given, parsed), parsed, memory or Memory(parsed.remember))


def answer_of(query: Query, rows: list[dict[str, t.Any]]) -> Result:
    request = Request(
        query.name, query.adom, query.view_name, query.view, time_range={"start": "a", "end": "b", "timezone": None}
    )
    return Result(
        ticket=Ticket(request, 1),
        status="done",
        complete=True,
        percentage=100.0,
        total=None,
        rows=rows,
        elapsed=0.1,
        polls=1,
        masked_fields=[],
        warnings=[],
        replied_at=NOW,
    )


def threat(name: str, **columns: t.Any) -> dict[str, t.Any]:
    return {"threat": name, "threattype": "ips", **columns}


def played(watch: Watch, now: float, *rows: t.Optional[list[dict[str, t.Any]]]) -> list[dict[str, t.Any]]:
    """One round in which everything is reported; None for a query that failed. Returns the events."""
    answers = [None if found is None else answer_of(query, found) for query, found in zip(watch.due_queries(now), rows)]
    findings = watch.findings(answers, now)
    for finding in findings:
        watch.reported(finding)
    watch.ended(answers, now)
    return [finding.event for finding in findings]
