# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The age of the newest log, from replies whose keys and forms differ from build to build."""

from __future__ import annotations

import datetime as dt
import typing as t
import zoneinfo

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._query.log_clock import Span, lag, newest_in
from hypothesis import given
from hypothesis import strategies as st

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.timezone.utc)
NEWEST = NOW - dt.timedelta(hours=5)
EPOCH = int(NEWEST.timestamp())
SPAN = Span(NOW - dt.timedelta(hours=1), NOW, zoneinfo.ZoneInfo("Europe/Berlin"), dt.datetime(2026, 3, 2, 10, 0))


@pytest.mark.parametrize(
    "key", ["etime", "end-time", "last-log-time", "End_Time", "LAST-LOG-TIME", "eTime", "lastLogTime"]
)
@pytest.mark.parametrize(
    "value",
    [
        EPOCH,
        float(EPOCH),
        str(EPOCH),
        "2026-03-02 05:00:00",
        "2026-03-02T05:00:00",
        "2026-03-02 05:00",
        "2026-03-02T04:00:00Z",
        "2026-03-02T04:00:00.123Z",
        "2026-03-02 05:00:00 +0100",
        "2026-03-01T20:00:00-08:00",
        "Mon Mar  2 05:00:00 2026",
    ],
)
def test_keys_and_forms(key: str, value: t.Any) -> None:
    for found in ({key: value}, [{"a": [{"b": {key: value}}]}], {key: {key: value}, "x": "y"}):
        assert newest_in(found, SPAN) == NEWEST


def test_the_latest_of_many_counts() -> None:
    old, new = EPOCH - 9999, EPOCH
    assert newest_in([{"etime": old}, {"etime": new}, {"etime": 0}, {"stime": EPOCH + 60}], SPAN) == NEWEST


@pytest.mark.parametrize(
    "value",
    [
        0, -1, True, None, "", "soon", "2026-13-02 05:00:00", 10**30, EPOCH * 1000, "9" * 400, float("inf"), [], {},
        EPOCH + 8 * 86400, EPOCH - 400 * 86400, "2024-01-01 00:00:00",
    ],
)  # fmt: skip
def test_what_cannot_be_believed_is_not(value: t.Any) -> None:
    assert newest_in({"etime": value}, SPAN) is None


def test_a_time_without_a_zone_is_one_of_the_clock() -> None:
    pacific = SPAN._replace(zone=None, local=dt.datetime(2026, 3, 2, 1, 0))
    assert newest_in({"etime": "2026-03-01 20:00:00"}, pacific) == NEWEST
    assert newest_in({"etime": "2026-03-01 20:00:00"}, pacific._replace(local=None)) is None
    assert newest_in({"etime": EPOCH}, pacific._replace(local=None)) == NEWEST


@pytest.mark.parametrize(
    ("hours", "age"), [(5, "5 hours"), (30, "30 hours"), (1.5, "90 minutes"), (1, None), (0.1, None), (-1, None)]
)
def test_what_is_said(hours: float, age: t.Optional[str]) -> None:
    said = lag("root", NOW - dt.timedelta(hours=hours), SPAN)
    assert (said is None) == (age is None)
    if said and age:
        assert "ADOM root" in said and f"{age} before the end of the range" in said and "UTC" in said


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["etime", "end-time", "x"]), inner),
)


@given(JSON)
def test_no_reply_is_a_crash(found: t.Any) -> None:
    newest = newest_in(found, SPAN)
    assert newest is None or abs(newest - NOW) <= dt.timedelta(days=400)


def test_nesting_without_end_is_no_crash() -> None:
    found: t.Any = {"etime": EPOCH}
    for dummy in range(5000):
        found = [found]
    assert newest_in(found, SPAN) is None
