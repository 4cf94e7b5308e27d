# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How FortiAnalyzer reads times (protocol_fortianalyzer.rst, "Time ranges")."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from simulators.fortianalyzer import Switches
from simulators.fortianalyzer.errors import RpcError
from simulators.fortianalyzer.time_ranges import read_window

NOW = 1772366400.0
LIVE, DOCUMENTED = True, False


def read(start, end="2026-03-01 10:00:00", live=LIVE, adom="root", timezone=None, **switches):
    params = {"time-range": {"start": start, "end": end}}
    if timezone is not None:
        params["timezone"] = timezone
    return read_window(params, Switches(**switches), adom, NOW, live)


def epoch(text, zone="UTC"):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def test_naive_times_follow_parameter_then_adom_then_appliance():
    start = "2026-03-01 08:00:00"
    assert read(start).start == epoch(start, "Europe/Berlin")
    zones = {"Branch_Office": "Asia/Tokyo"}
    assert read(start, adom="Branch_Office", adom_zones=zones).start == epoch(start, "Asia/Tokyo")
    assert read(start, adom="Branch_Office", adom_zones=zones, timezone="UTC").start == epoch(start)
    assert read(start, timezone="No/Such").start == epoch(start, "Europe/Berlin")


def test_rfc3339_is_immune_to_zones():
    window = read("2026-03-01T08:00:00+00:00", "2026-03-01T10:00:00Z", time_zone="US/Pacific")
    assert (window.start, window.end) == (epoch("2026-03-01 08:00:00"), epoch("2026-03-01 10:00:00"))


def test_window_over_a_change_of_the_clocks():
    window = read_window(
        {"time-range": {"start": "2026-03-29 00:00:00", "end": "2026-03-29 23:59:59"}}, Switches(), "root", 1.8e9, LIVE
    )
    assert window.end - window.start == 23 * 3600 - 1


@pytest.mark.parametrize(
    "start", ["2026-03-01 08:00", "yesterday", "2026-13-01 08:00:00", "2026-03-01T08:00:00", None, 5]
)
def test_malformed_times_silently_mean_everything(start):
    assert read(start).whole


def test_documented_minutes_and_strictness():
    assert read("2026-03-01 08:00", live=DOCUMENTED).start == epoch("2026-03-01 08:00:00", "Europe/Berlin")
    assert read("soon", live=DOCUMENTED).whole
    for start in ("soon", "2026-03-02 00:00:00"):
        with pytest.raises(RpcError) as caught:
            read(start, live=DOCUMENTED, strict_time=True)
        assert (caught.value.documented_code, caught.value.documented_message) == (-1, "Invalid time range")


def test_reversed_window_is_empty():
    window = read("2026-03-01 11:00:00")
    assert window.start > window.end


def test_forms_can_be_switched():
    assert read("2026-03-01 08:00:00", time_forms=["rfc3339"]).whole


def test_the_wire(faz, caller):
    response = caller.post(caller.body("add", "/fortiview/adom/root/top-threats/run", apiver=3, **{"time-range": "x"}))
    assert response.status_code == 503
    assert "time-range" in caller.submit("top-threats", time_range=None)["error"]["message"]
    relative = caller.rows("top-threats", time_range={"last-n-hours": 1})
    assert len(relative) > len(caller.rows("top-threats", time_range=caller.last(1)))


def test_the_future_is_an_internal_error_by_the_box_own_clock(faz, caller):
    window = caller.window(faz.anchor - 3600, faz.anchor)
    assert "tid" in caller.submit("top-threats", time_range=window)["result"]
    faz.switches.clock_skew = -120
    assert caller.submit("top-threats", time_range=window)["error"]["code"] == -32603
