# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Zone and clock from `/sys/status`, however a build spells them.

See protocol_fortianalyzer.rst, "Clocks and late logs".
"""

from __future__ import annotations

import datetime as dt
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._query.fortianalyzer_clock import clock_of, zone_of

NOW = dt.datetime(2026, 1, 14, 10, 0, 0, tzinfo=dt.timezone.utc)


@pytest.mark.parametrize(
    "status",
    [
        {"TZ": "Europe/Berlin", "Current Time": "Wed Jan 14 11:00:00 CET 2026"},
        {"Time Zone": "Europe/Berlin", "Current Time": "Wed Jan 14 11:00:00 2026"},
        {"time_zone": "Europe/Berlin", "current time": "Wed Jan 14 10:00:00 UTC 2026"},
        {"tz": "Europe/Berlin"},
        {"TZ": "Europe/Berlin", "Current Time": "14/01/2026"},
    ],
)
def test_zone(status: dict[str, t.Any]) -> None:
    told = clock_of(status, NOW)
    assert told.zone_name == "Europe/Berlin"
    assert (told.skew, told.warnings) == (dt.timedelta(0), ())


def test_a_wrong_clock_is_said_and_used() -> None:
    told = clock_of({"TZ": "US/Pacific", "Current Time": "Wed Jan 14 01:55:00 2026"}, NOW)
    assert told.skew == dt.timedelta(minutes=-5)
    assert "300 s behind" in told.warnings[0]


def test_the_repeated_hour_is_read_as_the_nearer_one() -> None:
    now = dt.datetime(2025, 10, 26, 1, 30, tzinfo=dt.timezone.utc)
    told = clock_of({"TZ": "Europe/Berlin", "Current Time": "Sun Oct 26 02:30:00 2025"}, now)
    assert told.skew == dt.timedelta(0)


@pytest.mark.parametrize(
    "status", [None, [], {}, {"TZ": "(GMT+1:00) Berlin"}, {"TZ": "Mars/Olympus"}, {"TZ": "../../etc"}]
)
def test_an_unknown_zone_is_said(status: t.Any) -> None:
    told = clock_of(status, NOW)
    assert told.zone is None
    assert "UTC" in told.warnings[0]


def test_zone_names_are_no_paths() -> None:
    assert zone_of("/etc/passwd") is None
    assert zone_of("Europe/../UTC") is None
