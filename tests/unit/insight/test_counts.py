# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sums of threats, and when a difference to the period before means anything."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight.counts import (
    Before,
    Counts,
    before_of,
    change_text,
    counts_of,
    got_through,
)
from ansible_collections.secops.fortiview.plugins.module_utils._insight.tables import Table
from ansible_collections.secops.fortiview.plugins.module_utils._insight.trend import Period
from ansible_collections.secops.fortiview.plugins.module_utils._query.reader import Gap

Row = dict[str, t.Any]
ROWS: list[Row] = [
    {"threat": "a", "severity": "critical", "incidents": 10, "blocked": 4, "detected": 6},
    {"threat": "b", "severity": "low", "incidents": 10, "blocked": 0, "detected": 10},
]


def period(name: str, *tables: Table, hours: t.Optional[float] = 24.0, gaps: t.Sequence[Gap] = ()) -> Period:
    return Period(name, list(tables), list(gaps), None, None, None, hours)


def test_sums_and_what_nobody_counted() -> None:
    assert counts_of(ROWS) == Counts(20, 4, 16, 6, 1)
    assert counts_of([]) == Counts(None, None, None, None, 0)
    assert counts_of([{"threat": "a", "severity": "critical", "detected": "many"}]) == Counts(None, None, None, None, 0)


def test_a_critical_threat_of_two_adoms_is_one() -> None:
    assert counts_of([ROWS[0], dict(ROWS[0])]).critical == 1


@pytest.mark.parametrize(
    ("blocked", "detected", "share"), [(1, 3, 25.0), (0, 0, None), (None, 3, None), (3, None, None), (0, 5, 0.0)]
)
def test_a_share_of_nothing_is_not_known(blocked: t.Any, detected: t.Any, share: t.Optional[float]) -> None:
    assert Counts(9, blocked, detected, None, 0).share == share


@pytest.mark.parametrize(("detected", "through"), [(1, True), (0, False), (None, False), ("1", False), (-1, False)])
def test_what_got_through(detected: t.Any, through: bool) -> None:
    assert got_through({"detected": detected}) is through


def test_the_period_before_is_compared_where_the_last_one_counts_the_same() -> None:
    now, then = Table(ROWS, adom="root"), Table(ROWS[:1], adom="root")
    before = before_of([now], [period("then", then), period("now", now)])
    assert before == Before("then", counts_of(ROWS[:1]), True)


def test_a_comparison_that_would_say_nothing_is_left_out() -> None:
    now, then = Table(ROWS, adom="root"), Table(ROWS[:1], adom="root")
    for periods in (
        [],
        [period("now", now)],
        [period("then", then, hours=168.0), period("now", now)],
        [period("then", then), period("now", then)],
        [period("then"), period("now", now)],
    ):
        assert before_of([now], periods) is None
    assert before_of([now], [period("then", then), period("now", now)], "branch") is None


def test_a_comparison_is_not_certain_where_a_period_may_have_more() -> None:
    now, then = Table(ROWS, adom="root"), Table(ROWS[:1], adom="root", truncated=True)
    gap = Gap("x", "root", "top-threats", "busy")
    for periods in ([period("then", then), period("now", now)], [period("then", now, gaps=[gap]), period("now", now)]):
        before = before_of([now], periods)
        assert before is not None and not before.certain


CERTAIN, DOUBTFUL = (Before("then", counts_of(ROWS), certain) for certain in (True, False))


@pytest.mark.parametrize(
    ("now", "then", "before", "text"),
    [
        (15, 20, CERTAIN, "\u221225 %"),
        (3, 9, CERTAIN, "\u22126"),
        (5, 0, CERTAIN, "+5"),
        (20, 20, CERTAIN, "no change"),
        (20, 20, DOUBTFUL, "no change ?"),
        (2000, 10, DOUBTFUL, "+19900 % ?"),
        (None, 20, CERTAIN, ""),
        (20, None, CERTAIN, ""),
        (20, 10, None, ""),
    ],
)
def test_changes_as_text(now: t.Any, then: t.Any, before: t.Optional[Before], text: str) -> None:
    assert change_text(now, then, before) == text
