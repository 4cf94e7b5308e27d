# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time ranges in every format that users may write, zones, daylight saving time, and refusals.

See protocol_fortianalyzer.rst, "Time ranges".
"""

from __future__ import annotations

import datetime as dt
import typing as t
import zoneinfo

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._query.time_ranges import (
    MINUTES,
    RFC3339,
    SECONDS,
    Window,
    parse_time_range,
    periods_in,
    resolve,
)
from hypothesis import given
from hypothesis import strategies as st

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
NOW = dt.datetime(2026, 3, 2, 9, 0, 0, tzinfo=dt.timezone.utc)


def resolved(option: t.Any, now: dt.datetime = NOW, zone: t.Any = BERLIN, form: str = SECONDS) -> Window:
    return resolve(parse_time_range(option), now, zone, str(zone) if zone else None, form)


def pair(start: str, end: str) -> dict[str, str]:
    return {"start": start, "end": end}


@pytest.mark.parametrize(
    "option, start, end",
    [
        (pair("2025-11-09 00:00:00", "2025-11-09 23:59:59"), "2025-11-09 00:00:00", "2025-11-09 23:59:59"),
        (pair("2025-11-10 14:30", "2025-11-10 15:30"), "2025-11-10 14:30:00", "2025-11-10 15:30:00"),
        (pair("2025-11-09", "2025-11-09"), "2025-11-09 00:00:00", "2025-11-09 23:59:59"),
        (pair("2025-11-09T00:00:00", "2025-11-10T00:00:00"), "2025-11-09 00:00:00", "2025-11-10 00:00:00"),
        (
            {"start": dt.datetime(2025, 11, 9), "end": dt.date(2025, 11, 9)},
            "2025-11-09 00:00:00",
            "2025-11-09 23:59:59",
        ),
    ],
)
def test_local_times_are_sent_as_given(option: t.Any, start: str, end: str) -> None:
    assert resolved(option)[:3] == (start, end, None)
    assert resolved(option, zone=None)[:3] == (start, end, None)


@pytest.mark.parametrize(
    "option, start",
    [
        ({"last": "15m"}, "2026-03-02 09:45:00"),
        ({"last": "24h"}, "2026-03-01 10:00:00"),
        ({"last": "7d"}, "2026-02-23 10:00:00"),
        ({"last": "2w"}, "2026-02-16 10:00:00"),
        ({"last-n-hours": 24}, "2026-03-01 10:00:00"),
        ({"last_n_hours": "24"}, "2026-03-01 10:00:00"),
        ({"last-n-days": 7}, "2026-02-23 10:00:00"),
        ({"last_n_days": 7, "start": None}, "2026-02-23 10:00:00"),
    ],
)
def test_relative_times_are_in_the_appliances_zone_which_is_named(option: t.Any, start: str) -> None:
    assert resolved(option) == Window(start, "2026-03-02 10:00:00", "Europe/Berlin")


def test_relative_times_without_a_known_zone_carry_an_offset() -> None:
    assert resolved({"last": "1h"}, zone=None)[:3] == ("2026-03-02T08:00:00+00:00", "2026-03-02T09:00:00+00:00", None)


def test_instants_become_the_appliances_local_time() -> None:
    option = pair("2026-03-01T00:00:00Z", "2026-03-01T06:00:00-05:00")
    assert resolved(option) == Window("2026-03-01 01:00:00", "2026-03-01 12:00:00", "Europe/Berlin")


def test_other_forms() -> None:
    day = pair("2025-11-10", "2025-11-10")
    assert resolved(day, form=MINUTES)[:2] == ("2025-11-10 00:00", "2025-11-11 00:00")
    assert resolved(day, form=RFC3339)[:2] == ("2025-11-09T23:00:00+00:00", "2025-11-10T22:59:59+00:00")


def test_an_end_in_the_future_is_drawn_back_to_now() -> None:
    assert resolved(pair("2026-03-02", "2026-03-02"))[:2] == ("2026-03-02 00:00:00", "2026-03-02 10:00:00")
    assert resolved(pair("2026-03-02T00:00:00Z", "2027-01-01T00:00:00Z"))[1] == "2026-03-02 10:00:00"


def test_a_relative_range_over_the_spring_change_has_its_true_length() -> None:
    now = dt.datetime(2026, 3, 29, 10, 0, tzinfo=dt.timezone.utc)
    assert resolved({"last": "24h"}, now)[:2] == ("2026-03-28 11:00:00", "2026-03-29 12:00:00")


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    now = dt.datetime(2026, 4, 2, tzinfo=dt.timezone.utc)
    with pytest.raises(InvalidInput, match="does not exist"):
        resolved(pair("2026-03-29 02:30:00", "2026-03-29 05:00:00"), now)


def test_a_time_that_comes_twice_is_sent_with_an_offset_and_nothing_is_left_out() -> None:
    now = dt.datetime(2025, 11, 2, tzinfo=dt.timezone.utc)
    window = resolved(pair("2025-10-26 02:30:00", "2025-10-26 02:45:00"), now)
    assert window[:2] == ("2025-10-26T00:30:00+00:00", "2025-10-26T01:45:00+00:00")
    assert window.warnings


def test_a_relative_range_in_the_repeated_hour_is_sent_with_an_offset() -> None:
    now = dt.datetime(2025, 10, 26, 1, 30, tzinfo=dt.timezone.utc)
    assert resolved({"last": "15m"}, now)[:2] == ("2025-10-26T01:15:00+00:00", "2025-10-26T01:30:00+00:00")


@pytest.mark.parametrize(
    "option",
    [
        None,
        [],
        {},
        {"last": "24"},
        {"last": "0h"},
        {"last": "-1h"},
        {"last": "9999d"},
        {"last-n-hours": 0},
        {"last-n-hours": True},
        {"last-n-hours": "1.5"},
        {"last": "1h", "start": "2025-11-09"},
        {"last": "1h", "last-n-days": 1},
        {"start": "2025-11-09"},
        {"since": "2025-11-09"},
        {"ago": "24h"},
        {"last": "24h", "ago": "24"},
        {"last": "24h", "ago": "-24h"},
        {"start": "2025-11-09", "end": "2025-11-10", "ago": "24h"},
        {"around": "2026-03-01"},
        {"around": "noon"},
        {"around": "2026-03-01 14:30", "before": "0m", "after": 0},
        {"around": "2026-03-01 14:30", "last": "24h"},
        {"before": "30m", "after": "30m"},
        "",
        "24",
        "-24h",
        "last 24h",
        "yesterday",
        "2025-11-10 14:30",
        "2025-11-10 14:30/",
        "2025-11-10/2025-11-12/2025-11-13",
        "2025-11-10 14:30 - 2025-11-10 15:30",
        "since=2025-11-09",
        "{last: 24h",
        24,
        True,
        dt.datetime(2025, 11, 9, 14, 30),
        pair("2025-11-10", "2025-11-09"),
        pair("2025-11-09 10:00", "2025-11-09 10:00"),
        pair("2025-13-09", "2025-11-09"),
        pair("2025-02-30", "2025-11-09"),
        pair("1999-12-31", "2025-11-09"),
        pair("2001-01-01", "2025-11-09"),
        pair("yesterday", "today"),
        pair("2025-11-09 25:00", "2025-11-10"),
        pair("2025-11-09 00:00:00\n", "2025-11-10; rm -rf /"),
        pair("２０２５-11-09", "2025-11-10"),
    ],
)
def test_nonsense_is_refused(option: t.Any) -> None:
    with pytest.raises(InvalidInput):
        parse_time_range(option)


@pytest.mark.parametrize(
    "text, same",
    [
        ("24h", {"last": "24h"}),
        (" 7 D ", {"last": "7d"}),
        ("90s", {"last": "90s"}),
        ("2025-11-10", pair("2025-11-10", "2025-11-10")),
        (dt.date(2025, 11, 10), pair("2025-11-10", "2025-11-10")),
        ("2025-11-10/2025-11-12", pair("2025-11-10", "2025-11-12")),
        ("2025-11-10 14:30/2025-11-10 15:30", pair("2025-11-10 14:30", "2025-11-10 15:30")),
        ("2025-11-10T14:30:00Z / 2025-11-10T17:30:00+01:00", pair("2025-11-10T14:30:00Z", "2025-11-10T17:30:00+01:00")),
        ("last=24h", {"last": "24h"}),
        ("last=24h, ago=7d", {"last": "24h", "ago": "7d"}),
        ("start='2025-11-10 14:30' end=2025-11-11", pair("2025-11-10 14:30", "2025-11-11")),
        ('{"last": "24h", "ago": "24h"}', {"last": "24h", "ago": "24h"}),
        ("{last-n-hours: 24}", {"last-n-hours": 24}),
        ({"last": "24h", "ago": 0}, {"last": "24h"}),
        ({"around": "2026-03-01 14:30"}, {"around": "2026-03-01 14:30", "before": "30m", "after": "1800s"}),
    ],
)
def test_other_ways_to_write_the_same(text: t.Any, same: dict[str, t.Any]) -> None:
    assert parse_time_range(text) == parse_time_range(same)


@pytest.mark.parametrize("option", ["24", "yesterday", {"start": "2025-11-09"}, {"around": "2026-03-01"}, {}, True])
def test_a_refusal_shows_the_right_forms(option: t.Any) -> None:
    with pytest.raises(InvalidInput, match="2025-11-10 14:30/2025-11-10 15:30"):
        parse_time_range(option)


def test_the_day_before() -> None:
    day_before = {"last": "24h", "ago": "24h"}
    assert resolved(day_before) == Window("2026-02-28 10:00:00", "2026-03-01 10:00:00", "Europe/Berlin")
    assert resolved(day_before, zone=None)[:2] == ("2026-02-28T09:00:00+00:00", "2026-03-01T09:00:00+00:00")


def test_a_day_before_over_a_change_of_the_clocks_has_its_true_length() -> None:
    now = dt.datetime(2026, 3, 29, 20, 0, tzinfo=dt.timezone.utc)
    assert resolved({"last": "24h", "ago": "24h"}, now)[:2] == ("2026-03-27 21:00:00", "2026-03-28 21:00:00")


def around(moment: str, before: str = "30m", after: str = "30m") -> dict[str, str]:
    return {"around": moment, "before": before, "after": after}


def test_around_a_moment() -> None:
    assert resolved(around("2026-03-01 14:30")) == Window("2026-03-01 14:00:00", "2026-03-01 15:00:00")
    assert resolved(around("2026-03-01 14:30"), zone=None)[:2] == ("2026-03-01 14:00:00", "2026-03-01 15:00:00")
    assert resolved(around("2026-03-01 00:10", "2h", "5m"))[:2] == ("2026-02-28 22:10:00", "2026-03-01 00:15:00")
    assert resolved(around("2026-03-01T13:30:00Z")) == Window(
        "2026-03-01 14:00:00", "2026-03-01 15:00:00", "Europe/Berlin"
    )
    assert resolved(around("2026-03-01T13:30:00Z"), zone=None)[1] == "2026-03-01T14:00:00+00:00"


def test_around_a_moment_the_end_is_drawn_back_to_now() -> None:
    window = resolved(around("2026-03-02 09:50"))
    assert window[:2] == ("2026-03-02 09:20:00", "2026-03-02 10:00:00")
    assert "2026-03-02 10:20:00" in window.warnings[0]
    with pytest.raises(InvalidInput, match="future"):
        resolved(around("2026-03-02 10:40"))


def test_around_a_moment_that_the_clocks_skip_or_repeat() -> None:
    now = dt.datetime(2026, 11, 2, tzinfo=dt.timezone.utc)
    with pytest.raises(InvalidInput, match=r"time_range\.around .* does not exist"):
        resolved(around("2026-03-29 02:30"), now)
    assert resolved(around("2026-03-29 03:10"), now)[:2] == ("2026-03-29 01:40:00", "2026-03-29 03:40:00")
    # 02:30 comes twice: from half an hour before the first to half an hour after the second.
    twice = resolved(around("2026-10-25 02:30"), now)
    assert twice[:2] == ("2026-10-25T00:00:00+00:00", "2026-10-25T02:00:00+00:00") and twice.warnings
    # The moment comes once, the start of the range twice: it is the second one.
    after = resolved(around("2026-10-25 03:10"), now)
    assert after[:2] == ("2026-10-25T01:40:00+00:00", "2026-10-25T02:40:00+00:00") and not after.warnings


def test_a_range_in_the_future_is_refused() -> None:
    with pytest.raises(InvalidInput, match="future"):
        resolved(pair("2026-03-03", "2026-03-04"))
    with pytest.raises(InvalidInput, match="future"):
        resolved(pair("2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z"), zone=None)


def test_a_mixture_needs_a_zone() -> None:
    option = pair("2026-03-01 00:00", "2026-03-01T12:00:00Z")
    assert resolved(option)[:2] == ("2026-03-01 00:00:00", "2026-03-01 13:00:00")
    with pytest.raises(InvalidInput, match="one time with an offset and one without"):
        resolved(option, zone=None)


ZONES = st.sampled_from(
    ["Europe/Berlin", "US/Pacific", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "UTC"]
)
INSTANTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.timezone.utc))


@given(ZONES, INSTANTS, st.integers(1, 500))
def test_a_relative_range_always_means_the_same_two_instants(name: str, now: dt.datetime, hours: int) -> None:
    zone = zoneinfo.ZoneInfo(name)
    now = now.replace(microsecond=0)
    window = resolve(parse_time_range({"last": f"{hours}h"}), now, zone, name)
    for sent, meant in ((window.start, now - dt.timedelta(hours=hours)), (window.end, now)):
        read = dt.datetime.fromisoformat(sent)
        if read.tzinfo is None:
            assert window.timezone == name
            readings = {read.replace(tzinfo=zone, fold=fold).astimezone(dt.timezone.utc) for fold in (0, 1)}
            assert readings == {meant}
        else:
            assert read == meant


def test_a_range_is_divided() -> None:
    assert periods_in({"last": "3d", "by": "1d"}) == [
        ("2d_ago", {"last": "1d", "ago": "2d"}),
        ("1d_ago", {"last": "1d", "ago": "1d"}),
        ("now", {"last": "1d", "ago": "0"}),
    ]
    assert [name for name, _range in periods_in({"last": "1h", "by": "20m", "ago": "1h"})] == [
        "100m_ago",
        "80m_ago",
        "1h_ago",
    ]
    assert periods_in("24h") == [("", "24h")]
    ranges = [parse_time_range(one) for _name, one in periods_in({"last": "1w", "by": "1d"})]
    assert [one.ago.days for one in ranges] == [6, 5, 4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ({"last": "7d", "by": "2d"}, "equal parts"),
        ({"last": "7d", "by": "7d"}, "equal parts"),
        ({"last": "7d", "by": "1m"}, "2 to 100"),
        ({"start": "2026-03-01", "end": "2026-03-02", "by": "1h"}, "requires a range with last"),
        ({"last": "7d", "by": "soon"}, "time_range.by"),
        ({"by": "1d"}, "is not a range"),
    ],
)
def test_a_range_that_cannot_be_divided(option: object, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        periods_in(option)


@pytest.mark.parametrize("nothing", ["0", 0, "0m"])
def test_around_may_begin_or_end_at_its_moment(nothing: object) -> None:
    found = parse_time_range({"around": "2026-03-01 14:30", "before": nothing, "after": "5m"})
    assert (found.before, found.after.total_seconds()) == (dt.timedelta(), 300)
