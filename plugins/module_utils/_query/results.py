# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of each task as a plain dict, and its facts."""

from __future__ import annotations

import typing as t
from datetime import datetime

from .ages import written
from .queries import limit_text
from .request import Request
from .rows import Row
from .tickets import Ticket

# The keys of a result that a fact without rows also has.
KEPT = ("name", "adom", "view", "tid", "status", "replied_at")


class Result(t.NamedTuple):
    """The result of one task. `complete` is True only if all requested rows were read. `elapsed` is in seconds.
    `replied_at` is the time of the last reply by the clock of this machine."""

    ticket: Ticket
    status: str
    complete: bool
    percentage: t.Optional[float]
    total: t.Optional[int]
    rows: list[Row]
    elapsed: float
    polls: int
    masked_fields: list[str]
    warnings: list[str]
    replied_at: datetime
    raw: t.Optional[list[t.Any]] = None

    @property
    def as_dict(self) -> dict[str, t.Any]:
        request = self.ticket.request
        result = {
            "name": request.name,
            "adom": request.adom,
            "view": request.view_name,
            "tid": self.ticket.tid,
            "status": self.status,
            "complete": self.complete,
            "percentage": self.percentage,
            "total": self.total,
            "returned": len(self.rows),
            "rows": self.rows,
            "time_range": request.time_range,
            "device": request.device,
            "query": _query_of(request),
            "elapsed": round(self.elapsed, 3),
            "polls": self.polls,
            "masked_fields": self.masked_fields,
            "warnings": self.warnings,
            "replied_at": written(self.replied_at),
        }
        if self.raw is not None:
            result["raw"] = self.raw
        return result


def _query_of(request: Request) -> t.Optional[dict[str, t.Any]]:
    """The options of the query except view, ADOM, device and time range. None if only the task id is known."""
    if request.params is None:
        return None
    return {
        "filter": request.params.get("filter", ""),
        "sort_by": request.params.get("sort-by", []),
        "limit": limit_text(request.limit),
        "offset": request.offset,
        "case_sensitive": request.params.get("case-sensitive", False),
    }


def facts_of(
    results: t.Iterable[dict[str, t.Any]], failures: t.Iterable[dict[str, t.Any]], instead: str = ""
) -> dict[str, t.Any]:
    """The fact `fortiview_<name>` of each query. A fact cache keeps facts after a run, so a failed query also replaces
    its earlier fact.

    The fact has no rows if the result is not complete, or if `instead` names a reason to omit the rows.
    """
    facts = {f"fortiview_{failure['name']}": _fact_without_rows(failure, failure["msg"]) for failure in failures}
    for result in results:
        why = instead if result["complete"] else f"the result {result['name']!r} is not complete: run its query again"
        facts[f"fortiview_{result['name']}"] = _fact_without_rows(result, why) if why else result
    return facts


def _fact_without_rows(about: dict[str, t.Any], why: str) -> dict[str, t.Any]:
    fact: dict[str, t.Any] = {"tid": None, "status": "failed", "replied_at": None}
    fact.update({key: about[key] for key in KEPT if key in about})
    return {**fact, "complete": False, "rows": [], "returned": 0, "msg": why}
