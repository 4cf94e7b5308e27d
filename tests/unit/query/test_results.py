# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results as a user gets them, and the facts made of them: no fact has rows that are not complete."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._query.results import Result, facts_of
from ansible_collections.secops.fortiview.plugins.module_utils._query.tickets import Ticket
from unit.tasks.support import NOW, request

ROWS = [{"srcip": "10.0.0.1", "sessions": 5}]


def answer(complete: bool = True, **more: t.Any) -> Result:
    known = {"ticket": Ticket(request(), 7), "raw": None, **more}
    return Result(
        status="done",
        complete=complete,
        percentage=100.0,
        total=1,
        rows=ROWS,
        elapsed=1.23456,
        polls=2,
        masked_fields=[],
        warnings=["w"],
        replied_at=NOW,
        **known,
    )


def test_a_result() -> None:
    result = answer().as_dict
    assert (result["name"], result["adom"], result["view"], result["tid"]) == ("sources", "root", "top-sources", 7)
    assert (result["returned"], result["elapsed"], result["replied_at"]) == (1, 1.235, "2026-03-02T09:00:00Z")
    assert result["query"]["limit"] == 50
    assert "raw" not in result


def test_raw_replies_are_there_where_they_were_kept() -> None:
    assert answer(raw=[{"id": 1}]).as_dict["raw"] == [{"id": 1}]


def test_a_task_that_is_known_by_its_id_has_no_query() -> None:
    assert answer(ticket=Ticket(request(params=None), 7)).as_dict["query"] is None


def test_a_whole_result_is_a_fact() -> None:
    result = answer().as_dict
    assert facts_of([result], []) == {"fortiview_sources": result}


def test_a_result_that_is_not_complete_and_a_failure_replace_the_fact_of_an_earlier_run() -> None:
    failure = {"name": "threats", "msg": "no reply", "adom": "root"}
    facts = facts_of([answer(complete=False).as_dict], [failure])
    for name, why in (("fortiview_sources", "is not complete"), ("fortiview_threats", "no reply")):
        assert (facts[name]["rows"], facts[name]["complete"], facts[name]["returned"]) == ([], False, 0)
        assert why in facts[name]["msg"]
    assert facts["fortiview_sources"]["tid"] == 7


def test_a_part_that_was_asked_for_is_no_fact() -> None:
    fact = facts_of([answer().as_dict], [], "a part was read")["fortiview_sources"]
    assert (fact["rows"], fact["msg"]) == ([], "a part was read")
