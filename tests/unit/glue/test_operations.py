# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task returns: rows only where they are whole, tickets and results of the other queries where one fails."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError, InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue import operations
from ansible_collections.secops.fortiview.plugins.module_utils._glue.operations import limits_of, read

from component.scripted import Params, Scripted, live, threats
from component.support import MANY, READING

Data = dict[str, t.Any]


def scripted(*replies: t.Any) -> Scripted:
    """Answers poll after poll with these, the last one again and again."""
    return Scripted(lambda dummy, poll: replies[min(poll, len(replies)) - 1])


WHOLE = live(percentage=100, data=threats(2))
REFUSED = {"error": {"code": -1, "message": "Internal"}}
ONE = {"device": ["FGT-A"]}


def test_one_query_has_its_rows_at_the_top() -> None:
    found = scripted(WHOLE).task(view="top-threats", **ONE)
    assert [one["threat"] for one in found["rows"]] == ["T0", "T1"] and found["result"]["complete"] is True
    assert found["ansible_facts"]["fortiview_top_threats"]["rows"] == found["rows"] and found["changed"] is False
    assert found["tasks"][0]["tid"] == 1


def test_several_queries_have_no_rows_at_the_top() -> None:
    found = scripted(WHOLE).task(queries=[{"view": "top-threats", **ONE}, {"view": "top-sources", **ONE}])
    assert "rows" not in found and "result" not in found and len(found["results"]) == 2


def test_very_many_rows_are_returned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_REPEATED_ROWS", 1)
    found = scripted(WHOLE).task(view="top-threats", **ONE)
    assert "rows" not in found and "result" not in found and found["results"][0]["returned"] == 2
    assert operations.TOO_MANY in found["warnings"]
    # A fact that is left out would be that of an earlier run.
    assert found["ansible_facts"]["fortiview_top_threats"]["rows"] == []


@pytest.mark.parametrize("on_error", ["fail", "continue"])
def test_a_query_that_fails_keeps_the_results_of_the_others(on_error: str) -> None:
    box = scripted(WHOLE)
    submitted = box.submitted
    box.submitted = lambda params: REFUSED if "top-sources" in params["url"] else submitted(params)  # type: ignore[method-assign]
    queries = [{"view": "top-threats", **ONE}, {"view": "top-sources", **ONE}]
    if on_error == "continue":
        found = box.task(queries=queries, on_error=on_error)
        assert [one["name"] for one in found["failed_queries"]] == ["top_sources"] and len(found["results"]) == 1
        assert "rows" not in found and found["ansible_facts"]["fortiview_top_sources"]["complete"] is False
        return
    with pytest.raises(FortiViewError, match="Internal") as caught:
        box.task(queries=queries, max_concurrent=1)
    assert [one["name"] for one in caught.value.reached["results"]] == ["top_threats"]
    assert caught.value.facts["fortiview_top_sources"]["rows"] == []


def test_an_error_of_the_whole_run_replaces_the_facts_of_an_earlier_one() -> None:
    box = scripted(WHOLE)

    def gone(method: str, params: t.Mapping[str, t.Any], give_up_at: t.Any = None) -> t.Any:
        raise FortiViewError("No route")

    box.call = gone  # type: ignore[method-assign]
    with pytest.raises(FortiViewError) as caught:
        box.task(view="top-threats", **ONE)
    facts = caught.value.facts
    assert facts["fortiview_top_threats"]["rows"] == [] and facts["fortiview_tasks"] == []


def reading(box: Scripted, **options: t.Any) -> Data:
    return read({**READING, **MANY, **options}, box.context._replace(shared=t.cast("t.Any", box)))


def test_tasks_are_read_by_ticket_or_by_id() -> None:
    ticket = scripted(WHOLE).task(view="top-threats", wait=False, **ONE)["tasks"][0]
    assert len(reading(scripted(WHOLE), tasks=[ticket])["rows"]) == 2
    found = reading(scripted(WHOLE), view="top-threats", tid=[7, 8])
    assert len({one["name"] for one in found["results"]}) == 2
    assert [one["tid"] for one in found["results"]] == [7, 8]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"tasks": []}, "tasks is empty"),
        ({"tid": [], "view": "top-threats"}, "tid is empty"),
        ({"tasks": [{"tid": 7}]}, "view"),
    ],
)
def test_nothing_to_read_is_an_error(options: Data, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        reading(scripted(WHOLE), **options)


@pytest.mark.parametrize(
    ("limit", "offset", "shown"),
    [(None, None, ["T0", "T1"]), ("all", 1, ["T1"]), (1, 0, ["T0"]), ("1", 1, ["T1"]), (9, 5, [])],
)
def test_a_part_of_the_rows_of_a_task(limit: t.Any, offset: t.Any, shown: list[str]) -> None:
    def fetch(params: Params, dummy: int) -> Params:
        start = params.get("offset") or 0
        rows = threats(2)[start : start + (params.get("limit") or 1000)]
        return live(percentage=100, data=rows, **{"total-count": 2})

    found = reading(Scripted(fetch), view="top-threats", tid=[7], limit=limit, offset=offset)
    assert [one["threat"] for one in found["results"][0]["rows"]] == shown


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"wait_timeout": "0"}, "wait_timeout must be above 0"),
        ({"max_concurrent": 0}, "max_concurrent"),
        ({"wait_timeout": "soon"}, "wait_timeout"),
    ],
)
def test_limits_that_cannot_be_kept_are_refused(options: Data, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        limits_of({**MANY, **options})


def test_limits() -> None:
    limits = limits_of({**MANY, "wait_timeout": "2m", "max_concurrent": "3", "on_error": "continue"})
    assert (limits.wait_timeout, limits.max_concurrent, limits.stop_on_error) == (120.0, 3, False)
    assert limits_of({**MANY, "on_error": "fail"}).stop_on_error


def test_an_address_that_attacked_and_was_attacked_is_no_offender() -> None:
    """It may be one of ours, seen from two sides."""

    def pair(source: str, target: str) -> Params:
        return {
            "threat": "Evil",
            "threattype": "ips",
            "srcip": source,
            "dstip": target,
            "incidents": "5",
            "direction": "incoming",
        }

    rows = [pair("198.51.100.7", "203.0.113.9"), pair("203.0.113.9", "10.0.0.1")]
    found = scripted(live(percentage=100, data=rows)).find(threats=["Evil"], lookup_methods=["threat-src-dst"])
    assert [one["address"] for one in found["offenders"]] == ["198.51.100.7"]
    (twice,) = [one for one in found["refused"] if one["address"] == "203.0.113.9" and one["role"] == "attacker"]
    assert twice["reasons"] == [operations.ELSEWHERE]
