# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No range ends after the appliance's own now, whatever is known of its zone, and an end that was moved is said."""

from __future__ import annotations

import datetime as dt
import typing as t
import zoneinfo

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._query.fortianalyzer_clock import (
    FortiAnalyzerClock,
    clock_of,
)
from ansible_collections.secops.fortiview.plugins.module_utils._query.time_ranges import (
    MINUTES,
    RFC3339,
    SECONDS,
    Window,
    parse_time_range,
    resolve,
)
from hypothesis import given
from hypothesis import strategies as st

UTC = dt.timezone.utc
WINTER = dt.datetime(2026, 11, 27, 7, 22, 0, tzinfo=UTC)
SUMMER = dt.datetime(2026, 7, 1, 7, 22, 0, tzinfo=UTC)
HOUR = dt.timedelta(hours=1)
PACIFIC = "(GMT-8:00) Pacific Time (US & Canada)."
FORMS = (SECONDS, MINUTES, RFC3339)


def status(zone: str, clock: str, daylight: t.Optional[str] = None, key: str = "Time Zone") -> dict[str, t.Any]:
    found = {key: zone, "Current Time": clock, "Version": "v6.4.0"}
    return found if daylight is None else {**found, "Daylight Time Saving": daylight}


def behind(told: FortiAnalyzerClock) -> float:
    """Minutes that the appliance's clock is taken to be behind ours."""
    return -told.skew.total_seconds() / 60


def test_an_older_release_that_is_ten_minutes_behind() -> None:
    told = clock_of(status(PACIFIC, "Thu Nov 26 23:12:00 PST 2026", "No"), WINTER)
    assert (told.zone, behind(told), told.local) == (None, 10, dt.datetime(2026, 11, 26, 23, 12))
    assert "600 s behind" in " ".join(told.warnings)
    window = resolve(parse_time_range({"last": "1h"}), WINTER + told.skew, None, None, SECONDS, told.local)
    assert window[:3] == ("2026-11-27T06:12:00+00:00", "2026-11-27T07:12:00+00:00", None)


@pytest.mark.parametrize(
    ("zone", "clock", "daylight", "minutes"),
    [
        # What the abbreviation says.
        (PACIFIC, "Wed Jul  1 00:12:00 PDT 2026", "Yes", 10),
        (PACIFIC, "Wed Jul  1 00:12:00 PDT 2026", None, 10),
        (PACIFIC, "Wed Jul  1 00:12:00 PDT 2026", "No", 10),
        ("(GMT+1:00) Brussels, Copenhagen, Madrid, Paris.", "Wed Jul  1 09:12:00 CEST 2026", "Yes", 10),
        ("(GMT) Greenwich Mean Time : Dublin, Edinburgh", "Wed Jul  1 08:12:00 BST 2026", "Yes", 10),
        ("(GMT) Greenwich Mean Time : Dublin, Edinburgh", "Wed Jul  1 08:12:00 IST 2026", "Yes", 10),
        ("(GMT+5:30) Calcutta, Chennai", "Wed Jul  1 12:42:00 IST 2026", "Yes", 10),
        ("(GMT+2:00) Jerusalem", "Wed Jul  1 10:12:00 IDT 2026", "Yes", 10),
        ("(GMT-3:30) Newfoundland.", "Wed Jul  1 04:42:00 NDT 2026", "Yes", 10),
        ("(GMT+8:00) Beijing", "Wed Jul  1 15:12:00 CST 2026", "Yes", 10),
        ("(GMT-6:00) Central Time", "Wed Jul  1 01:12:00 CST 2026", "Yes", 10),
        ("(GMT+2:00) Istanbul", "Wed Jul  1 10:12:00 +03 2026", "No", 10),
        ("(GMT-3:00) Brasilia.", "Wed Jul  1 04:12:00 -03 2026", "Yes", 10),
        (PACIFIC, "Wed Jul  1 07:12:00 UTC 2026", "Yes", 10),
        ("no zone at all", "Wed Jul  1 09:12:00 CEST 2026", "Yes", 10),
        # An abbreviation that is not known, or none: without daylight saving time where that is denied.
        (PACIFIC, "Tue Jun 30 23:12:00 2026", "No", 10),
        ("(GMT+3:00) Nairobi.", "Wed Jul  1 10:12:00 EAT 2026", "No", 10),
        ("(UTC-08:00) Pacific Time", "Tue Jun 30 23:12:00 2026", "no", 10),
        # An hour may be added or not: the earlier reading, which is the right one in summer.
        (PACIFIC, "Wed Jul  1 00:12:00 2026", "Yes", 10),
        (PACIFIC, "Wed Jul  1 00:12:00 2026", None, 10),
        (PACIFIC, "Tue Jun 30 23:22:00 2026", "Yes", 60),
        ("(GMT+10:30) Lord Howe", "Wed Jul  1 17:52:00 2026", "Yes", 60),
        # An hour ahead, as far as anybody can tell.
        (PACIFIC, "Wed Jul  1 01:22:00 PDT 2026", "Yes", -60),
        # Nothing is known of the zone: how far the minutes are apart.
        ("Mars", "Wed Jul  1 03:12:00 2026", "Yes", 10),
        ("Mars", "Wed Jul  1 03:12:00 XYZ 2026", "Yes", 10),
        ("Mars", "Wed Jul  1 03:12:00 CST 2026", "Yes", 10),
        ("Mars", "Wed Jul  1 12:52:00 2026", None, 0),
        ("Mars", "Wed Jul  1 12:52:30 2026", None, 0),
        ("Mars", "Wed Jul  1 12:57:00 2026", None, 10),
        ("Mars", "Tue Jun 30 19:17:00 2026", None, 5),
        # No zone is that far away: the clock is wrong, by at least that.
        ("Mars", "Tue Jun 30 11:22:00 2026", None, 20 * 60 + 14 * 60),
        # More than is believed.
        (PACIFIC, "Wed Jul  8 00:12:00 PDT 2026", "Yes", 0),
        ("Mars", "Wed Jul  8 00:12:00 2026", "Yes", 0),
    ],
)
def test_the_clock_of_an_appliance_without_a_zone_name(
    zone: str, clock: str, daylight: t.Optional[str], minutes: float
) -> None:
    told = clock_of(status(zone, clock, daylight), SUMMER)
    assert told.zone is None
    assert behind(told) == minutes
    assert len(told.warnings) == 1 or any("clock" in text for text in told.warnings[1:])


@pytest.mark.parametrize("word", ["", "CEST ", "CET "])
def test_the_repeated_hour_of_a_known_zone(word: str) -> None:
    now = dt.datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    told = clock_of(status("Europe/Berlin", f"Sun Oct 25 02:30:00 {word}2026", key="TZ"), now)
    assert behind(told) == (60 if word == "CEST " else 0)


OFFSETS = st.integers(-48, 56).map(lambda quarters: dt.timedelta(minutes=15 * quarters))


@given(OFFSETS, st.booleans(), st.sampled_from(["Yes", "No", None]), st.integers(-20 * 3600, 20 * 3600), st.booleans())
def test_no_reading_is_after_the_clock(
    base: dt.timedelta, summer: bool, daylight: t.Optional[str], skew: int, named: bool
) -> None:
    """Of an appliance that tells its offset, whichever it is, and says no wrong "No"."""
    if summer and daylight == "No":
        daylight = "Yes"
    clock = SUMMER + dt.timedelta(seconds=skew)
    offset = base + HOUR * summer
    local = (clock + offset).replace(tzinfo=None)
    minutes = int(base.total_seconds() // 60)
    word = dt.timezone(offset).tzname(None).replace("UTC", "").replace(":", "") if named and offset else ""
    zone = f"(GMT{'-' if minutes < 0 else '+'}{abs(minutes) // 60}:{abs(minutes) % 60:02}) Somewhere"
    told = clock_of(status(zone, f"{local:%a %b} {local.day:2} {local:%H:%M:%S} {word} {local.year}", daylight), SUMMER)
    read = SUMMER + told.skew
    assert clock - HOUR <= read <= clock
    assert read == clock or not (word or daylight == "No")
    assert told.local == local


ZONES = ("Europe/Berlin", "US/Pacific", "Australia/Lord_Howe", "UTC", None)
NOWS = st.sampled_from(
    [WINTER, SUMMER, dt.datetime(2026, 10, 25, 0, 40, 31, tzinfo=UTC), WINTER + dt.timedelta(seconds=31)]
)


def instant(
    text: str, zone_name: t.Optional[str], zone: t.Optional[zoneinfo.ZoneInfo], offset: dt.timedelta
) -> dt.datetime:
    """The latest that the appliance can read: in the zone that is named, else in its own."""
    read = dt.datetime.fromisoformat(text)
    if read.tzinfo:
        return read
    own = zoneinfo.ZoneInfo(zone_name) if zone_name else zone
    if own is None:
        return (read - offset).replace(tzinfo=UTC)
    return read.replace(tzinfo=own, fold=1).astimezone(UTC)


@given(
    NOWS,
    st.sampled_from(ZONES),
    st.sampled_from(FORMS),
    st.integers(-3, 40),
    st.sampled_from(["last", "naive", "offset", "day"]),
)
def test_no_range_ends_after_now(now: dt.datetime, name: t.Optional[str], form: str, ahead: int, kind: str) -> None:
    zone = zoneinfo.ZoneInfo(name) if name else None
    offset = dt.timedelta(hours=-8)
    local = (now.astimezone(zone) if zone else now + offset).replace(tzinfo=None)
    end = dt.timedelta(hours=ahead, seconds=17)
    option: dict[str, t.Any] = {
        "last": {"last": "6h"},
        "naive": {"start": (local - 9 * HOUR).isoformat(), "end": (local + end).isoformat()},
        "offset": {"start": (now - 9 * HOUR).isoformat(), "end": (now + end).isoformat()},
        "day": {"start": str((local - 30 * HOUR).date()), "end": str((local + end).date())},
    }[kind]
    window = resolve(parse_time_range(option), now, zone, name, form, local)
    assert instant(window.end, window.timezone, zone, offset) <= now
    moved = any("future" in text for text in window.warnings)
    assert moved == (
        kind != "last" and ((kind == "day" and (local + end).date() >= local.date()) or (kind != "day" and ahead >= 0))
    )


def pair(start: str, end: str) -> dict[str, str]:
    return {"start": start, "end": end}


LOCAL = dt.datetime(2026, 11, 26, 23, 22)


@pytest.mark.parametrize(
    ("option", "zone", "end", "said"),
    [
        (
            pair("2026-11-27", "2026-11-27"),
            "Europe/Berlin",
            "2026-11-27 08:22:00",
            "(2026-11-27 23:59:59 Europe/Berlin)",
        ),
        (
            pair("2026-11-26", "2026-11-26"),
            None,
            "2026-11-26 23:22:00",
            "(2026-11-26 23:59:59 in the time zone of FortiAnalyzer)",
        ),
        (
            pair("2026-11-26T00:00:00Z", "2026-11-27T08:00:00Z"),
            None,
            "2026-11-27T07:22:00+00:00",
            "(2026-11-27 08:00:00+00:00)",
        ),
        (
            pair("2026-11-26", "2026-11-27T08:00:00Z"),
            "Europe/Berlin",
            "2026-11-27 08:22:00",
            "(2026-11-27 08:00:00+00:00)",
        ),
    ],
)
def test_an_end_that_is_moved_is_said(option: t.Any, zone: t.Optional[str], end: str, said: str) -> None:
    for form in FORMS:
        made = zoneinfo.ZoneInfo(zone) if zone else None
        window = resolve(parse_time_range(option), WINTER, made, zone, form, LOCAL)
        (warning,) = window.warnings
        assert said in warning and window.end in warning and "future" in warning
        if form == SECONDS:
            assert window.end == end


def test_what_is_past_is_sent_as_it_was_given() -> None:
    asked = parse_time_range(pair("2026-11-25", "2026-11-26 23:22:00"))
    assert resolve(asked, WINTER, None, None, SECONDS, LOCAL) == Window("2026-11-25 00:00:00", "2026-11-26 23:22:00")


def test_a_range_in_the_future_of_the_clock_is_refused_without_a_zone() -> None:
    with pytest.raises(InvalidInput, match="future"):
        resolve(parse_time_range(pair("2026-11-27", "2026-11-27")), WINTER, None, None, SECONDS, LOCAL)


def test_an_end_in_minutes_is_rounded_down_where_it_is_now() -> None:
    """As it would lie in the future otherwise; any other end is rounded up, so that nothing is left out."""
    now = WINTER + dt.timedelta(seconds=31)
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    day = resolve(parse_time_range(pair("2026-11-27", "2026-11-27")), now, berlin, "Europe/Berlin", MINUTES)
    past = resolve(parse_time_range(pair("2026-11-27", "2026-11-27 08:20:31")), now, berlin, "Europe/Berlin", MINUTES)
    assert (day.end, past.end) == ("2026-11-27 08:22", "2026-11-27 08:21")
