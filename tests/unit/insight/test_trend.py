# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What changed between periods, on figures that can be checked by eye."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._insight.trend import trend


def rows(**incidents: t.Any) -> list[dict[str, t.Any]]:
    return [{"threat": name, "incidents": counter} for name, counter in incidents.items()]


def result(name: str, day: int, days: int = 1, **incidents: t.Any) -> dict[str, t.Any]:
    return {
        "name": name,
        "view": "top-threats",
        "adom": "root",
        "complete": True,
        "total": len(incidents),
        "time_range": {
            "start": f"2026-03-{day:02d} 00:00:00",
            "end": f"2026-03-{day + days:02d} 00:00:00",
            "timezone": "Europe/Berlin",
        },
        "rows": rows(**incidents),
    }


THREE = {
    "monday": rows(stays=10, grows=10, shrinks=10, goes=10, returns=10),
    "tuesday": rows(stays=10, grows=10, shrinks=10, goes=10),
    "wednesday": rows(stays=11, grows=12, shrinks=8, returns=3, comes=99),
}


def entry(found: dict[str, t.Any], subject: str) -> dict[str, t.Any]:
    (one,) = [one for one in found["entries"] if one["subject"] == subject]
    return one


def test_every_word() -> None:
    found = trend(THREE)
    assert found["new"] == ["comes"]
    assert found["gone"] == ["goes"]
    assert found["rising"] == ["grows", "returns"]
    assert found["falling"] == ["shrinks"]
    assert found["steady"] == ["stays"]
    assert found["persistent"] == ["grows", "stays", "shrinks"]


def test_figures_and_ranks_of_each_period() -> None:
    grows = entry(trend(THREE), "grows")
    assert (grows["counters"], grows["ranks"]) == ([10, 10, 12], [1, 1, 2])
    assert (grows["change"], grows["change_percent"]) == (2, 20.0)
    comes = entry(trend(THREE), "comes")
    assert (comes["counters"], comes["ranks"], comes["change_percent"]) == ([None, None, 99], [None, None, 1], None)
    assert (comes["first_seen"], comes["last_seen"]) == ("wednesday", "wednesday")
    assert entry(trend(THREE), "returns")["counters"] == [10, None, 3]


@pytest.mark.parametrize(
    ("threshold", "min_change", "word"), [(20, 0, "rising"), ("20.1", 0, "steady"), (0, 3, "steady")]
)
def test_thresholds(threshold: object, min_change: object, word: str) -> None:
    assert entry(trend(THREE, threshold=threshold, min_change=min_change), "grows")["trend"] == word


def test_a_week_and_a_day_are_compared_per_day() -> None:
    found = trend([result("week", 1, 7, a=70, b=7), result("day", 8, 1, a=10, b=10)])
    assert found["basis"] == "per_day"
    assert [period["hours"] for period in found["periods"]] == [168, 24]
    assert (entry(found, "a")["trend"], entry(found, "a")["rates"], entry(found, "a")["counters"]) == (
        "steady",
        [10, 10],
        [70, 10],
    )
    assert (entry(found, "b")["trend"], entry(found, "b")["change_percent"]) == ("rising", 900.0)


def test_adoms_of_one_period_are_added() -> None:
    both = [result("x", 1, a=3), {**result("y", 1, a=4), "adom": "Branch_Office"}]
    found = trend({"before": both, "after": [result("z", 2, a=7)]})
    assert (entry(found, "a")["counters"], entry(found, "a")["trend"]) == ([7, 7], "steady")


def test_what_was_cut_off_may_have_been_there() -> None:
    before = {**result("before", 1, a=3), "total": None, "query": {"limit": 1, "offset": 0}}
    found = trend([before, result("after", 2, a=3, b=1)])
    assert [period["truncated"] for period in found["periods"]] == [True, False]
    assert (entry(found, "b")["trend"], entry(found, "b")["uncertain"]) == ("new", True)
    assert entry(found, "a")["uncertain"] is False
    certain = trend([{**before, "total": 1}, result("after", 2, a=3, b=1)])
    assert entry(certain, "b")["uncertain"] is False


def test_an_order_by_name() -> None:
    given = [result("today", 2, a=1), result("yesterday", 1, b=1)]
    found = trend(given, order=["yesterday", "today"])
    assert (found["new"], found["gone"]) == (["a"], ["b"])


def test_severity_and_type_are_told_where_they_are_known() -> None:
    before = [{"threat": "a", "incidents": "1", "level_s": "Low", "threattype": "ips"}]
    after = [{"threat": "a", "incidents": "1", "level_s": "High"}]
    one = trend({"before": before, "after": after})["entries"][0]
    assert (one["severity"], one["threattype"]) == ("high", "ips")


def test_other_views_and_columns() -> None:
    policies = [{"agg_policyid": 1, "devid": "A", "counts": 5}, {"agg_policyid": 1, "devid": "B", "counts": 50}]
    given = [{**result(name, day), "view": "policy-hits", "rows": policies} for name, day in (("a", 1), ("b", 2))]
    found = trend(given)
    assert (found["key"], found["by"]) == (["agg_policyid", "devid"], "counts")
    assert found["persistent"] == ["1 · B", "1 · A"]
    assert trend(given, key="agg_policyid")["entries"][0]["counters"] == [55, 55]
    with pytest.raises(InvalidInput, match="column app"):
        trend(given, key="app")
    with pytest.raises(InvalidInput, match="a column with a counter, not devid"):
        trend(given, by="devid")


def test_what_is_there_without_a_figure_is_there() -> None:
    """What changed is then not known, and neither is anything gone nor new."""
    bare, counted = {"threat": "a"}, {"threat": "a", "incidents": 2}
    other = {"threat": "b", "incidents": 1}
    for days in ([[counted], [bare]], [[bare], [counted]], [[bare], [bare]]):
        found = trend({f"day {number}": [*rows, other] for number, rows in enumerate(days)})
        one = entry(found, "a")
        assert (one["trend"], one["change"], one["change_percent"]) == ("steady", None, None)
        assert one["counters"] == [rows[0].get("incidents") for rows in days]
        assert (one["persistent"], one["uncertain"], one["last_seen"]) == (True, True, "day 1")
        assert sorted(found["persistent"]) == ["a", "b"] and entry(found, "b")["uncertain"] is False
    assert entry(trend({"x": [other], "y": [other, bare]}), "a")["trend"] == "new"
    assert entry(trend({"x": [other, bare], "y": [other]}), "a")["trend"] == "gone"


@pytest.mark.parametrize(
    ("periods", "says"),
    [
        ({"one": []}, "at least two"),
        ([], "at least two"),
        ("yesterday", "trend accepts a result"),
        ([{"name": "a", "rows": []}, {"rows": []}], "needs a name"),
        ([{"name": "a", "rows": []}, {"name": "a", "rows": []}], "same name"),
        ([result("a", 2), result("b", 1)], "oldest first"),
        ([result("a", 1), {**result("b", 2), "complete": False}], "'b' is not complete"),
        ([result("a", 1), {"name": "b", "tid": 7, "rows": []}], "'b' is not complete"),
        ({"a": [], "b": [{"tid": 7}]}, "ticket"),
        ({"a": [], "b": [{"threat": 1}, result("c", 1)]}, "not both"),
        ({"a": [], "b": 7}, "period b accepts"),
    ],
)
def test_what_cannot_be_meant_is_refused(periods: object, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        trend(periods)


@pytest.mark.parametrize(
    "options", [{"threshold": "much"}, {"threshold": -1}, {"min_change": "nan"}, {"order": ["monday"]}]
)
def test_options_that_make_no_sense(options: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidInput, match=next(iter(options))):
        trend(THREE, **options)


def test_nothing_in_all_periods() -> None:
    found = trend({"before": [], "after": []})
    assert (found["entries"], found["persistent"], found["new"]) == ([], [], [])
