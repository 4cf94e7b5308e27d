# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one reader: every form that holds results, and every way in which a form can have a gap."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._query.reader import all_rows, read_results
from hypothesis import given
from hypothesis import strategies as st

ROWS = [{"threat": "a", "incidents": 1}, {"threat": "b", "incidents": 2}]
FAILED = {"name": "b", "adom": "Branch", "view": "top-threats", "msg": "HTTP\n500", "tid": 9}


def result(name: str = "seen", **more: t.Any) -> dict[str, t.Any]:
    return {"name": name, "adom": "root", "view": "top-threats", "tid": 7, "complete": True, "rows": ROWS, **more}


def registered(*results: t.Any, **more: t.Any) -> dict[str, t.Any]:
    tasks = [{"name": one["name"], "tid": one["tid"]} for one in results if "tid" in one]
    return {"changed": False, "failed": False, "results": list(results), "failed_queries": [], "tasks": tasks, **more}


def turn(item: object, **more: t.Any) -> dict[str, t.Any]:
    return {"ansible_loop_var": "item", "item": item, "changed": False, **more}


def looped(*turns: dict[str, t.Any], **more: t.Any) -> dict[str, t.Any]:
    return {"changed": False, "msg": "All items completed", "results": list(turns), **more}


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (result(), ["seen"]),
        ([result(), result("too")], ["seen", "too"]),
        ([[result()], [result("too")]], ["seen", "too"]),
        (registered(result()), ["seen"]),
        ([registered(result()), registered(result("too"))], ["seen", "too"]),
        (looped(turn("x", **registered(result())), turn("y", **registered(result("too")))), ["seen", "too"]),
        ({"x": result(), "y": registered(result()), "z": ROWS}, ["x", "y", "z"]),
        ({"x": [result("one"), result("two")]}, ["x", "x"]),
        ({"name": "made by hand", "rows": ROWS}, ["made by hand"]),
        (ROWS, [""]),
        ([], []),
        (registered(), []),
    ],
)
def test_what_holds_results(value: object, names: list[str]) -> None:
    found = read_results(value, "this")
    assert [part.name for part in found.parts] == names and found.gaps == []
    assert all(list(part.rows) == ROWS for part in found.parts)


GAPS = [
    (registered(result(), failed_queries=[FAILED]), "query 'b' (view top-threats, ADOM Branch): HTTP 500"),
    ({"changed": False, "failed": True, "msg": "no host"}, "no host"),
    ({"failed": True, "msg": "late", "error": {"view": "v", "adom": "A"}, "tid": 7}, "query (view v, ADOM A): late"),
    # failed_when: false
    ({"failed": False, "failed_when_result": False, "msg": "late", "error": {"adom": "A"}}, "query (ADOM A): late"),
    ({"failed": True, "msg": "late", "error": {}, "results": [result()]}, "late"),
    ({"changed": False, "unreachable": True, "msg": "gone"}, "gone"),
    ({"changed": False, "skipped": True, "skip_reason": "Conditional result was False"}, "skipped (Conditional"),
    ({"changed": False, "skipped": True, "skipped_reason": "No items in the list", "results": []}, "No items in the list"),
    (looped(turn("x", **registered(result())), turn("y", failed=True, msg="no"), failed=True), "query 'y': no"),
    (looped(turn("x", skipped=True), turn("y", **registered(result()))), "query 'x': the task was skipped"),
    ({"changed": True, "ansible_job_id": "j1", "started": 1, "finished": 0}, "async_status"),
    (registered(tasks=[{"name": "later", "view": "v", "adom": "A", "tid": 3}]), "query 'later' (view v, ADOM A): the query was submitted"),
    (result(complete=False), "the result 'seen' is not complete"),
    (result(complete=False, rows=[], msg="HTTP 500"), "HTTP 500"),
    (result(complete="true"), "not complete"),
    ({"rows": [], "tid": 5, "name": "x"}, "'x' is not complete"),
    ({"x": result(), "y": registered(failed_queries=[FAILED])}, "query 'y' (view top-threats, ADOM Branch)"),
    ({"offenders": [], "refused": [], "gaps": [FAILED]}, "query 'b'"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "says"), GAPS)
def test_a_gap_is_an_error_or_is_carried_on(value: dict[str, t.Any], says: str) -> None:
    lists = ("results", "offenders")
    with pytest.raises(InvalidInput) as caught:
        read_results(value, "this", lists=lists)
    assert says in str(caught.value) and "partial=true" in str(caught.value)
    formats: list[object] = [value, [value], [[value]], {"z": value}]
    if "changed" in value or "failed" in value:
        formats.append(looped(turn("x", **value)))
    for nested in formats:
        found = read_results(nested, "this", partial=True, lists=lists)
        assert len(found.gaps) == 1 and found.gaps[0].msg


def test_a_hunt_has_those_that_were_attacked_too() -> None:
    attacker, victim = {"address": "198.51.100.7", "victims": ["10.0.0.1"]}, {"address": "10.0.0.1"}
    hunt = {"changed": False, "offenders": [attacker], "victims": [victim], "refused": []}
    for value in (hunt, [hunt], looped(turn("x", **hunt)), {"x": hunt}):
        (part,) = read_results(value, "this", lists=("results", "offenders")).parts
        assert list(part.rows) == [attacker, victim]
    (part,) = read_results([attacker, victim], "this", lists=("results", "offenders")).parts
    assert list(part.rows) == [attacker, victim]
    (part,) = read_results({**hunt, "offenders": []}, "this", lists=("results", "offenders")).parts
    assert list(part.rows) == [victim]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "not NoneType"),
        ("[{}]", "not text"),
        (["root"], "this accepts a result"),
        ([result(), ROWS[0]], "not both"),
        ({"threat": "a"}, "the keys threat"),
        ({"changed": False, "stdout": "x"}, "another task"),
        (looped(turn("x", stdout="x")), "another task"),
        ([{"name": "x", "tid": 3}], "ticket"),
        (result(rows="all"), "list of dictionaries"),
        (result(rows=["a"]), "list of dictionaries"),
        (registered(failed_queries="all"), "failed_queries"),
    ],
)
def test_what_holds_no_results_is_an_error_also_in_part(value: object, says: str) -> None:
    for partial in (False, True):
        with pytest.raises(InvalidInput, match=says):
            read_results(value, "this", partial=partial)


def test_a_task_that_failed_says_why_beside_the_tickets_that_it_left() -> None:
    left = [{"name": "own", "tid": 7}, {"name": "other", "tid": 8}]
    task = {"failed": True, "msg": "late", "tid": 7, "error": {"view": "v"}, "tasks": left}
    assert [gap.msg[:16] for gap in read_results(task, "this", partial=True).gaps] == ["late", "the query was su"]


def test_many_gaps_fit_into_one_error() -> None:
    failures = [{**FAILED, "name": f"q{number}", "msg": "x" * 900} for number in range(9)]
    with pytest.raises(InvalidInput) as caught:
        read_results(registered(failed_queries=failures), "this")
    said = str(caught.value)
    assert "'q0'" in said and "'q2'" in said and said.endswith("and 6 more.") and len(said) < 500


def test_rows_of_several_say_where_they_are_from() -> None:
    parts = read_results([result(), result("too", adom="B")], "this").parts
    assert [(row["result"], row["adom"]) for row in all_rows(parts)] == [("seen", "root")] * 2 + [("too", "B")] * 2
    assert all_rows(parts[:1]) == ROWS


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
KEYS = st.sampled_from(
    ["rows", "results", "failed", "skipped", "complete", "tid", "tasks", "failed_queries", "threat", "x"]
)


@given(
    st.recursive(LEAVES, lambda one: st.lists(one, max_size=3) | st.dictionaries(KEYS, one, max_size=4), max_leaves=12)
)
def test_no_input_is_taken_for_less_than_it_is(value: t.Any) -> None:
    """Any nesting gives rows, gaps, or an error of ours; a failure anywhere outside rows is never the whole answer."""
    try:
        found = read_results(value, "this")
    except InvalidInput:
        return
    assert found.gaps == [] and all(isinstance(row, dict) for part in found.parts for row in part.rows)
    if isinstance(value, dict):
        assert value.get("failed") is not True and value.get("skipped") is not True
        assert not value.get("failed_queries")


@pytest.mark.parametrize("value", [{}, {"threats": {}}, [[], {}]])
def test_nothing_is_no_answer_without_rows(value: t.Any) -> None:
    """`asked | default({})` of a task that never ran."""
    with pytest.raises(InvalidInput):
        read_results(value, "this")
