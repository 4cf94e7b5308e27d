# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The dict that a user gets for each task (design section 3), and the facts made from it."""

from __future__ import annotations

import typing as t

from .questions import Question
from .rows import Row
from .tickets import Ticket


class Answer(t.NamedTuple):
    """What became of one task. `complete` is True only for rows that are the whole answer; times in seconds."""

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
    raw: t.Optional[list[t.Any]] = None

    @property
    def as_dict(self) -> dict[str, t.Any]:
        question = self.ticket.question
        result = {
            "name": question.name,
            "adom": question.adom,
            "view": question.view_name,
            "tid": self.ticket.tid,
            "status": self.status,
            "complete": self.complete,
            "percentage": self.percentage,
            "total": self.total,
            "returned": len(self.rows),
            "rows": self.rows,
            "time_range": question.time_range,
            "device": question.device,
            "query": _query_of(question),
            "elapsed": round(self.elapsed, 3),
            "polls": self.polls,
            "masked_fields": self.masked_fields,
            "warnings": self.warnings,
        }
        if self.raw is not None:
            result["raw"] = self.raw
        return result


def _query_of(question: Question) -> t.Optional[dict[str, t.Any]]:
    """What was asked beside view, ADOM, device and time range; None for a task that is known by its id alone."""
    if question.params is None:
        return None
    return {
        "filter": question.params.get("filter", ""),
        "sort_by": question.params.get("sort-by", []),
        "limit": question.limit,
        "offset": question.offset,
        "case_sensitive": question.params.get("case-sensitive", False),
    }


def facts_of(results: t.Iterable[dict[str, t.Any]]) -> dict[str, t.Any]:
    """`fortiview_<name>` for each complete result; half an answer never becomes a fact."""
    return {f"fortiview_{result['name']}": result for result in results if result["complete"]}
