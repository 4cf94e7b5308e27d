# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The newest log of an ADOM, a log clock that lags, and what the status tells of zone and clock."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from unit.simulators.fortianalyzer.conftest import ANCHOR, HOUR

PLACES = ("logfiles/state", "logstats")


def told(caller, place="logfiles/state", adom="root"):
    result = caller.call("get", f"/logview/adom/{adom}/{place}", apiver=3)["result"]
    return (result[0] if isinstance(result, list) else result)["data"]


def times(found, key):
    """All values of this key, however deep they are."""
    if isinstance(found, list):
        return [value for item in found for value in times(item, key)]
    if isinstance(found, dict):
        own = [found[key]] if key in found else []
        return own + [value for item in found.values() for value in times(item, key)]
    return []


def newest(faz, adom="root"):
    return max(event.time for event in faz.events.of(adom) if event.itime <= faz.clock.now())


@pytest.mark.parametrize("dialect", ["live", "documented"])
@pytest.mark.parametrize(("place", "key"), [("logfiles/state", "etime"), ("logstats", "last-log-time")])
@pytest.mark.parametrize("adom", ["root", "Branch_Office"])
def test_the_newest_log_is_that_of_the_event_log(faz, caller, dialect, place, key, adom):
    faz.switches.dialect = dialect
    assert max(times(told(caller, place, adom), key)) == newest(faz, adom)


@pytest.mark.parametrize("place", PLACES)
def test_key_and_form_of_the_time_differ_from_build_to_build(faz, caller, place):
    moment = datetime.datetime.fromtimestamp(ANCHOR - HOUR, ZoneInfo("Europe/Berlin"))
    forms = {
        "epoch": ANCHOR - HOUR,
        "epoch text": str(ANCHOR - HOUR),
        "naive text": moment.strftime("%Y-%m-%d %H:%M:%S"),
        "rfc3339": moment.isoformat(),
    }
    for form, shown in forms.items():
        faz.switches.update({"newest_log_key": "End_Time", "newest_log_form": form, "newest_log_age": 3600.0})
        assert shown in times(told(caller, place), "End_Time")
        assert times(told(caller, place), "etime") == []


@pytest.mark.parametrize(("there", "absent"), [PLACES, PLACES[::-1]])
def test_a_build_may_have_one_place_only(faz, caller, there, absent):
    faz.switches.newest_log_places = [there]
    assert told(caller, there)
    assert "error" in caller.call("get", f"/logview/adom/root/{absent}", apiver=3)


def test_an_unknown_adom_is_refused(faz, caller):
    assert "data" not in caller.call("get", "/logview/adom/Nowhere/logstats", apiver=3).get("result", {})


def test_a_log_clock_that_lags(faz, caller):
    """Everything is as old as it would be, and the lag on top; what comes in now has a time of hours ago."""
    before = len(caller.rows("top-threats", time_range=caller.last(24)))
    first = newest(faz)
    faz.switches.log_clock_lag = 5.0 * HOUR
    assert newest(faz) == first - 5 * HOUR
    assert max(times(told(caller), "etime")) == first - 5 * HOUR
    assert caller.rows("top-threats", time_range=caller.last(4)) == []
    shifted = caller.window(ANCHOR - 29 * HOUR, ANCHOR - 5 * HOUR)
    assert len(caller.rows("top-threats", time_range=shifted)) == before


def status(caller):
    return caller.call("get", "/sys/status")["result"][0]["data"]


def test_the_status_of_an_older_release(faz, caller):
    faz.switches.update(
        {
            "time_zone": "US/Pacific",
            "status_zone_key": "Time Zone",
            "status_zone_text": "(GMT-8:00) Pacific Time (US & Canada).",
            "clock_skew": -600.0,
        }
    )
    found = status(caller)
    assert found["Time Zone"] == "(GMT-8:00) Pacific Time (US & Canada)."
    assert found["Current Time"] == "Sun Mar  1 03:50:00 PST 2026"
    assert found["Daylight Time Saving"] == "No"


def test_word_and_daylight_saving_time_of_the_status(faz, caller):
    faz.switches.update({"status_zone_word": False, "status_daylight": "Yes"})
    assert status(caller)["Current Time"] == "Sun Mar  1 13:00:00 2026"
    assert status(caller)["Daylight Time Saving"] == "Yes"
    faz.switches.update({"status_zone_missing": True, "status_zone_word": True, "status_daylight": "missing"})
    assert status(caller)["Current Time"] == "Sun Mar  1 13:00:00 CET 2026"
    assert "Daylight Time Saving" not in status(caller)
