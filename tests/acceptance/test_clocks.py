# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks whose ranges end at the appliance's own now, and an empty range that is compared with the newest log."""

from __future__ import annotations

import datetime as dt
import typing as t
import zoneinfo

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support.playbooks import Controller

# As older releases have it, ten minutes behind.
OLDER = {
    "time_zone": "US/Pacific",
    "status_zone_key": "Time Zone",
    "status_zone_text": "(GMT-8:00) Pacific Time (US & Canada).",
    "clock_skew": -600.0,
}
DAY = dt.timedelta(days=1)


def ask(**options: object) -> dict[str, object]:
    asked = {"view": "top-threats", "limit": 1000, "wait": True, **options}
    return {"name": "Ask", "secops.fortiview.faz_fortiview_task": asked}


def result_of(controller: Controller, **options: object) -> dict[str, t.Any]:
    run = controller.tasks([ask(**options)])
    assert run.code == 0, run.output
    result: dict[str, t.Any] = run.of("Ask")["result"]
    return result


@pytest.mark.parametrize(
    "told",
    [
        OLDER,
        {**OLDER, "status_zone_word": False, "status_daylight": "No", "time_zone": "Etc/GMT+8"},
        {"status_zone_missing": True, "clock_skew": -600.0},
        {"clock_skew": -600.0},
    ],
    ids=["as shipped", "without an abbreviation", "without a zone", "with a zone"],
)
def test_no_range_ends_after_the_clock(controller: Controller, faz: FortiAnalyzer, told: dict[str, t.Any]) -> None:
    """A live appliance refuses a range that ends later, so a playbook that is green has asked none."""
    faz.switches.update({**told, "future_tolerance": 0.0})
    relative = result_of(controller, time_range={"last": "24h"})
    assert relative["rows"]
    end = dt.datetime.fromisoformat(relative["time_range"]["end"])
    if end.tzinfo is None:
        end = end.replace(tzinfo=zoneinfo.ZoneInfo(relative["time_range"]["timezone"]))
    behind = dt.datetime.now(dt.timezone.utc) - end
    assert dt.timedelta(seconds=600) <= behind < dt.timedelta(seconds=900)
    assert any("clock" in text for text in relative["warnings"])
    today = dt.datetime.now(dt.timezone.utc)
    for start, finish in (
        (f"{today - 2 * DAY:%Y-%m-%d}", f"{today + DAY:%Y-%m-%d}"),
        (f"{today - 2 * DAY:%Y-%m-%d %H:%M:%S}", f"{today + DAY:%Y-%m-%d %H:%M:%S}"),
        (f"{today - DAY:%Y-%m-%dT%H:%M:%S}Z", f"{today + DAY:%Y-%m-%dT%H:%M:%S}Z"),
    ):
        result = result_of(controller, time_range={"start": start, "end": finish})
        assert result["rows"]
        (said,) = [text for text in result["warnings"] if "is in the future" in text]
        assert result["time_range"]["end"] in said


def test_an_empty_range_says_how_old_the_newest_log_is(controller: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.log_clock_lag = 5 * 3600.0
    run = controller.playbook("secops.fortiview.top_threats", "-e", "last=1h")
    assert run.code == 0, run.output
    (result,) = run.of("Query FortiAnalyzer")["results"]
    assert (result["rows"], result["complete"]) == ([], True)
    (said,) = [text for text in result["warnings"] if "newest log" in text]
    assert "ADOM root" in said and "5 hours before the end of the range" in said
    assert "newest log of ADOM root" in run.flat
    assert [entry.url for entry in faz.journal if "/logview/" in (entry.url or "")] == [
        "/logview/adom/root/logfiles/state"
    ]


@pytest.mark.parametrize(
    "switches",
    [
        {"newest_log_places": ["logstats"], "newest_log_key": "Last_Log_Time", "newest_log_form": "naive text"},
        {"newest_log_key": "END-TIME", "newest_log_form": "epoch text"},
        {"dialect": "documented", "newest_log_form": "rfc3339"},
    ],
    ids=["the other place, as text", "another key", "documented"],
)
def test_keys_and_forms_of_other_builds(controller: Controller, faz: FortiAnalyzer, switches: dict[str, t.Any]) -> None:
    faz.switches.update({**switches, "log_clock_lag": 30 * 3600.0})
    result = result_of(controller, time_range={"last": "15m"})
    assert any("30 hours before the end of the range" in text for text in result["warnings"])


def test_an_administrator_who_may_not_ask_that(controller: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.log_clock_lag = 5 * 3600.0
    faz.fault("status", method="get", url="/logview/", code=-11, message="No permission for the resource", times=9)
    result = result_of(controller, time_range={"last": "1h"})
    assert result["rows"] == []
    assert not any("newest log" in text for text in result["warnings"])
    assert len([entry for entry in faz.journal if entry.url == "/sys/login/user"]) == 1


def test_a_healthy_query_takes_no_further_request(controller: Controller, faz: FortiAnalyzer) -> None:
    assert result_of(controller, time_range={"last": "24h"})["rows"]
    assert [entry.method for entry in faz.journal] == ["exec", "get", "add", "get", "delete", "exec"]
