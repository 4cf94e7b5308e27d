# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ranges by the appliance's own clock, and an empty one compared with the newest log, with each request counted."""

from __future__ import annotations

import datetime as dt
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError

from component.scripted import Scripted, live, threats
from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer

HOUR = 3600
PACIFIC = {
    "time_zone": "US/Pacific",
    "status_zone_key": "Time Zone",
    "status_zone_text": "(GMT-8:00) Pacific Time (US & Canada).",
}
LAG = 5.0 * HOUR


def result_of(client: Client, **options: t.Any) -> dict[str, t.Any]:
    result: dict[str, t.Any] = client.ask(view="top-threats", **options)["result"]
    return result


def end_of(result: dict[str, t.Any], offset: float) -> float:
    """Seconds since the epoch; a time without an offset is one of the appliance's own."""
    end = dt.datetime.fromisoformat(result["time_range"]["end"])
    return end.timestamp() if end.tzinfo else end.replace(tzinfo=dt.timezone.utc).timestamp() - offset


@pytest.mark.parametrize("skew", [-600.0, 0.0, -26 * 3600.0])
@pytest.mark.parametrize(
    "told",
    [
        PACIFIC,
        {**PACIFIC, "status_zone_word": False},
        {**PACIFIC, "status_daylight": "Yes"},
        {**PACIFIC, "status_daylight": "missing"},
        {"time_zone": "US/Pacific", "status_zone_missing": True, "status_zone_word": True, "status_daylight": "No"},
        {"time_zone": "US/Pacific"},
    ],
)
@pytest.mark.parametrize(
    "time_range",
    [
        {"last": "6h"},
        {"start": "2025-11-09", "end": "2025-11-12"},
        {"start": "2025-11-09T00:00:00Z", "end": "2025-11-13T00:00:00Z"},
    ],
)
def test_no_range_ends_after_the_appliances_now(
    client: Client, faz: FortiAnalyzer, dialect: str, told: dict[str, t.Any], skew: float, time_range: dict[str, t.Any]
) -> None:
    """Whose zone is -8 h then. A live appliance refuses a range that ends later."""
    faz.switches.update({**told, "clock_skew": skew})
    result = result_of(client, time_range=time_range)
    assert abs(end_of(result, -8 * HOUR) - (client.clock.now() + skew)) < 1
    moved = [text for text in result["warnings"] if "is in the future" in text]
    assert len(moved) == ("last" not in time_range)


@pytest.mark.parametrize("skew", [-600.0, 0.0, 400.0])
def test_minutes_of_a_clock_whose_zone_is_not_known(client: Client, faz: FortiAnalyzer, skew: float) -> None:
    faz.switches.update({"status_zone_missing": True, "clock_skew": skew})
    result = result_of(client, time_range={"last": "6h"})
    assert end_of(result, 0) <= client.clock.now() + skew
    today = result_of(client, time_range={"start": "2025-11-11", "end": "2025-11-11"})
    assert end_of(today, HOUR) == client.clock.now() + skew


def aside(faz: FortiAnalyzer) -> list[str]:
    return [
        str(entry.url) for entry in faz.journal if (entry.url or "").startswith("/logview") and entry.method == "get"
    ]


def lagging(result: dict[str, t.Any]) -> list[str]:
    return [text for text in result["warnings"] if "newest log" in text]


def test_a_healthy_query_asks_for_nothing_more(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    assert result_of(client, time_range={"last": "6h"})["rows"]
    methods = [entry.method for entry in faz.journal]
    assert methods == ["exec", "get", "add", "get", "delete", "exec"]


@pytest.mark.parametrize("device", [None, ["FG100FTK20000001"]])
@pytest.mark.parametrize("form", ["epoch", "epoch text", "naive text", "rfc3339"])
@pytest.mark.parametrize("places", [["logfiles/state", "logstats"], ["logstats"]])
def test_a_log_clock_that_lags_is_said(
    client: Client, faz: FortiAnalyzer, dialect: str, form: str, places: list[str], device: t.Any
) -> None:
    faz.switches.update({"log_clock_lag": LAG, "newest_log_form": form, "newest_log_places": places})
    result = result_of(client, time_range={"last": "1h"}, device=device)
    assert result["rows"] == []
    (said,) = lagging(result)
    assert "ADOM root" in said and "5 hours before the end of the range" in said
    assert aside(faz) == [f"/logview/adom/root/{place}" for place in ("logfiles/state", "logstats")[: 3 - len(places)]]


def test_an_older_release_whose_log_clock_lags(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({**PACIFIC, "clock_skew": -600.0, "newest_log_form": "naive text", "log_clock_lag": LAG})
    (said,) = lagging(result_of(client, time_range={"last": "1h"}))
    assert "4 hours before" in said or "5 hours before" in said


def test_once_for_each_adom_of_a_run(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.log_clock_lag = LAG
    queries = [
        {"name": f"{adom.lower()}_{view.replace('-', '_')}", "adom": adom, "view": view}
        for adom in ("root", "Branch_Office")
        for view in ("top-threats", "top-sources", "top-destinations")
    ]
    results = client.ask(queries=queries, time_range={"last": "1h"})["results"]
    assert [len(lagging(result)) for result in results] == [1] * 6
    assert sorted(aside(faz)) == ["/logview/adom/Branch_Office/logfiles/state", "/logview/adom/root/logfiles/state"]


@pytest.mark.parametrize(
    "switches",
    [
        {"newest_log_age": 600.0},
        {"newest_log_places": []},
        {"newest_log_key": "mtime"},
        {"newest_log_age": 500 * 86400.0},
    ],
)
def test_an_empty_range_that_tells_nothing_of_the_logs(
    client: Client, faz: FortiAnalyzer, switches: dict[str, t.Any]
) -> None:
    faz.switches.update(switches)
    result = result_of(client, time_range={"last": "1h"}, filter='threat=="none"')
    assert (result["rows"], lagging(result)) == ([], [])
    assert 1 <= len(aside(faz)) <= 2


def test_an_absolute_range_is_not_compared(client: Client, faz: FortiAnalyzer) -> None:
    asked = {"start": "2025-11-10 10:00:00", "end": "2025-11-10 10:00:01"}
    assert result_of(client, time_range=asked, filter='threat=="none"')["rows"] == []
    assert aside(faz) == []


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("status", {"code": -11, "message": "No permission for the resource"}),
        ("error", {"code": -32603, "message": "Internal error"}),
        ("error", {"code": -6, "message": "Invalid url"}),
        ("http", {"status": 500}),
        ("http", {"status": 503}),
        ("http", {"status": 401}),
        ("http", {"status": 403}),
        ("not_json", {}),
        ("json_list", {}),
        ("no_result", {}),
        ("cut_before", {}),
        ("truncated", {}),
    ],
)
@pytest.mark.parametrize("way", ["password", "key"])
def test_a_refusal_of_it_fails_nothing(
    client: Client, faz: FortiAnalyzer, dialect: str, kind: str, details: dict[str, t.Any], way: str
) -> None:
    """And takes no new login: the one renewal of a run is for what is needed."""
    if way == "key":
        client.connection.update(username=None, password=None, api_token=faz.api_token)
    faz.switches.log_clock_lag = LAG
    faz.fault(kind, method="get", url="/logview/", times=9, **details)
    answer = client.ask(view="top-threats", time_range={"last": "1h"}, queries=[{}, {"name": "again"}])
    assert [result["rows"] for result in answer["results"]] == [[], []]
    assert len(aside(faz)) <= 2
    assert len([entry for entry in faz.journal if entry.url == "/sys/login/user"]) == (way == "password")


def test_hunts_say_it_too(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.log_clock_lag = LAG
    found = client.find(threats=["Botnet.CnC.Generic"], time_range={"last": "1h"})
    assert len([text for text in found["warnings"] if "newest log" in text]) == 1
    assert aside(faz).count("/logview/adom/root/logfiles/state") == 1


def test_another_word_that_finds_rows_asks_for_nothing_more(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.all_words = ["devid:All_FortiGate"]
    assert result_of(client, time_range={"last": "6h"})["rows"]
    assert aside(faz) == []


def test_what_is_said_beside_the_query_may_be_anything() -> None:
    for found in (None, [], "soon", {"etime": []}, {"etime": {"etime": "x"}}, [[[[]]]], {"etime": "9" * 500}):
        box = Scripted(lambda params, count: live(percentage=100, data=[]))
        box.log_times = found
        answer = box.ask(time_range={"last": "1h"})
        assert (answer.rows, len(box.aside_urls)) == ([], 2)


def test_rows_that_are_there_are_never_compared() -> None:
    box = Scripted(lambda params, count: live(percentage=100, data=threats(1)))
    assert box.ask().rows
    assert box.aside_urls == []


def test_a_query_that_fails_is_not_compared(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({"task_outcome": "error", "log_clock_lag": LAG})
    with pytest.raises(FortiViewError):
        client.ask(view="top-threats", time_range={"last": "1h"})
    assert aside(faz) == []
