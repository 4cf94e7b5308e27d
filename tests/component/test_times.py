# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""FortiAnalyzer reads the time range that was meant (protocol_fortianalyzer.rst, "Time ranges")."""

from __future__ import annotations

import datetime as dt
import typing as t
import zoneinfo

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput

from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer

HOUR = 3600


def incidents(client: Client, **options: t.Any) -> int:
    rows = client.ask(view="top-threats", limit=1000, **options)["result"]["rows"]
    return sum(row["incidents"] for row in rows)


def truth(faz: FortiAnalyzer, adom: str, start: float, end: float) -> int:
    """Counted from the event log, not by the views."""
    return sum(event.incidents for event in faz.events.between(adom, start, end, faz.clock.now()) if event.threat)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "US/Pacific", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("key", ["TZ", "Time Zone"])
def test_relative_ranges_mean_the_same_everywhere(
    client: Client, faz: FortiAnalyzer, dialect: str, zone: str, key: str
) -> None:
    faz.switches.update({"time_zone": zone, "status_zone_key": key})
    now = client.clock.now()
    assert incidents(client, time_range={"last": "6h"}) == truth(faz, "root", now - 6 * HOUR, now)


def test_an_adom_with_a_zone_of_its_own(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.adom_zones = {"root": "Australia/Sydney"}
    now = client.clock.now()
    assert incidents(client, time_range={"last": "6h"}) == truth(faz, "root", now - 6 * HOUR, now)


@pytest.mark.parametrize("switch", [{"status_zone_missing": True}, {"status_zone_key": None}, {"time_zone": "UTC"}])
def test_a_zone_that_cannot_be_read(client: Client, faz: FortiAnalyzer, switch: dict[str, t.Any]) -> None:
    faz.switches.update(switch)
    now = client.clock.now()
    assert incidents(client, time_range={"last": "6h"}) == truth(faz, "root", now - 6 * HOUR, now)


def test_a_status_that_may_not_be_read(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.fault("status", url="/sys/status", code=-11, message="No permission for the resource", times=2)
    now = client.clock.now()
    result = client.ask(view="top-threats", time_range={"last": "6h"})["result"]
    assert result["time_range"]["start"].endswith("+00:00")
    assert any("time zone" in warning for warning in result["warnings"])
    assert incidents(client, time_range={"last": "6h"}) == truth(faz, "root", now - 6 * HOUR, now)


@pytest.mark.parametrize("skew", [-300.0, 300.0])
def test_the_appliances_own_clock_counts(client: Client, faz: FortiAnalyzer, skew: float) -> None:
    faz.switches.clock_skew = skew
    result = client.ask(view="top-threats", time_range={"last": "1h"})["result"]
    berlin = dt.datetime.fromtimestamp(client.clock.now() + skew, zoneinfo.ZoneInfo("Europe/Berlin"))
    assert result["time_range"]["end"] == berlin.strftime("%Y-%m-%d %H:%M:%S")
    assert any("clock" in warning for warning in result["warnings"])


def test_a_time_zone_of_the_user(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    asked = {"start": "2025-11-10 00:00:00", "end": "2025-11-10 12:00:00"}
    start = dt.datetime(2025, 11, 10, tzinfo=zoneinfo.ZoneInfo("US/Pacific")).timestamp()
    found = incidents(client, time_range=asked, timezone="US/Pacific")
    assert found == truth(faz, "root", start, start + 12 * HOUR)


def test_a_range_in_the_future_is_refused_before_the_query_is_sent(client: Client, faz: FortiAnalyzer) -> None:
    with pytest.raises(InvalidInput, match="future"):
        client.ask(view="top-threats", time_range={"start": "2025-12-01", "end": "2025-12-02"})
    assert faz.submits == []


def test_today_ends_now(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    result = client.ask(view="top-threats", time_range={"start": "2025-11-11", "end": "2025-11-11"})["result"]
    assert result["time_range"]["end"] == "2025-11-11 13:00:00"


def test_bad_input_is_refused_before_anything_is_sent(client: Client, faz: FortiAnalyzer) -> None:
    bad: list[dict[str, t.Any]] = [
        {"view": "../../sys/login"},
        {"adom": "root/x"},
        {"limit": 0},
        {"time_range": {"start": "2025-11-10", "end": "2025-11-01"}},
        {"filter": "a\nb"},
        {"sort_by": [{"field": "a"}, {"field": "b"}]},
        {"wait_timeout": 0.0},
        {"max_concurrent": 0},
    ]
    for options in bad:
        with pytest.raises(InvalidInput):
            client.ask(**{"view": "top-threats", **options})
    for reading in ({"tid": [0]}, {"tid": [7], "limit": 0}, {"tid": [7], "offset": -1}, {"tasks": []}):
        with pytest.raises(InvalidInput):
            client.read(**{"view": "top-threats", **reading})
    assert list(faz.journal) == []


@pytest.mark.parametrize("hours", [3, 8, 30])
def test_a_change_of_daylight_saving_time_within_the_window(
    client: Client, faz: FortiAnalyzer, dialect: str, hours: int
) -> None:
    """Berlin set its clocks back on 2025-10-26 at 01:00 UTC, within the thirty days of the event log."""
    faz.switches.late_logs = False
    after = dt.datetime(2025, 10, 26, 4, 0, tzinfo=dt.timezone.utc)
    before = after - dt.timedelta(hours=hours)
    asked = {"start": before.isoformat(), "end": after.isoformat()}
    found = incidents(client, time_range=asked)
    assert found == truth(faz, "root", before.timestamp(), after.timestamp())
    local = {"start": "2025-10-26 02:30:00", "end": "2025-10-26 02:45:00"}
    first = dt.datetime(2025, 10, 26, 0, 30, tzinfo=dt.timezone.utc).timestamp()
    assert incidents(client, time_range=local) == truth(faz, "root", first, first + 75 * 60)


def test_today_of_an_adom_with_another_zone_is_not_cut(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    """Drawn back to now, the end is a time of the appliance's zone, which is then named."""
    faz.switches.adom_zones = {"root": "Asia/Tokyo"}
    now = client.clock.now()
    midnight = dt.datetime(2025, 11, 11, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")).timestamp()
    found = incidents(client, time_range={"start": "2025-11-11", "end": "2025-11-11"})
    assert found == truth(faz, "root", midnight, now)
