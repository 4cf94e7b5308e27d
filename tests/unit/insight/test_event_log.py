# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trend and widespread against a count of the simulator's raw events, which knows nothing of rankings or of our code."""

from __future__ import annotations

import datetime as dt
import typing as t
from collections import Counter

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight.trend import trend
from ansible_collections.secops.fortiview.plugins.module_utils._insight.widespread import widespread

from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer, ManualClock

NOW = 1772366400  # 2026-03-01 12:00 UTC, 13:00 where the appliance is
DAY = 86400
WINDOWS = {"last_week": (NOW - 8 * DAY, NOW - DAY), "yesterday": (NOW - 2 * DAY, NOW - DAY), "today": (NOW - DAY, NOW)}
ADOMS = ("root", "Branch_Office", "Data_Center")


@pytest.fixture(scope="module", params=["live", "documented"])
def faz(request: pytest.FixtureRequest) -> t.Iterator[tuple[FortiAnalyzer, Client]]:
    clock = ManualClock(NOW)
    with FortiAnalyzer(clock=clock, anchor=NOW) as box:
        box.switches.dialect = request.param
        yield box, Client(box, clock)


def counted(box: FortiAnalyzer, adom: str, window: tuple[int, int], about: str) -> dict[str, int]:
    """Incidents of each threat, or sessions of each source, added up event by event."""
    sums: Counter[str] = Counter()
    for event in box.events:
        if event.adom != adom or not window[0] <= event.time <= window[1] or event.itime > NOW:
            continue
        if about == "threat" and event.threat:
            sums[event.threat] += event.incidents
        elif about == "srcip" and event.sessions:
            sums[event.srcip] += event.sessions
    return dict(sums)


def ask(client: Client, view: str, window: tuple[int, int], adom: str, name: str) -> dict[str, t.Any]:
    start, end = (dt.datetime.fromtimestamp(moment, dt.timezone.utc).isoformat() for moment in window)
    return client.ask(  # type: ignore[no-any-return]
        view=view, adom=adom, name=name, limit=1000, time_range={"start": start, "end": end}
    )["results"][0]


@pytest.mark.parametrize(("view", "about"), [("top-threats", "threat"), ("top-sources", "srcip")])
def test_trend(faz: tuple[FortiAnalyzer, Client], view: str, about: str) -> None:
    box, client = faz
    names = ("yesterday", "today")
    found = trend([ask(client, view, WINDOWS[name], "root", name) for name in names])
    before, now = (counted(box, "root", WINDOWS[name], about) for name in names)
    assert set(found["new"]) == set(now) - set(before)
    assert set(found["gone"]) == set(before) - set(now)
    assert set(found["persistent"]) == set(before) & set(now)
    stayed = {name: now[name] - before[name] for name in set(before) & set(now)}
    assert set(found["rising"]) == {name for name, by in stayed.items() if by > 0 and by >= before[name] / 5}
    assert set(found["falling"]) == {name for name, by in stayed.items() if by < 0 and -by >= before[name] / 5}
    for entry in found["entries"]:
        assert entry["counters"] == [before.get(entry[about]), now.get(entry[about])]
        for rank, counts in zip(entry["ranks"], (before, now)):
            mine = counts.get(entry[about])
            assert rank == (None if mine is None else 1 + sum(1 for other in counts.values() if other > mine))
    assert found["new"] and found["rising"] and found["falling"] and found["persistent"]


def test_a_week_against_a_day(faz: tuple[FortiAnalyzer, Client]) -> None:
    box, client = faz
    found = trend([ask(client, "top-threats", WINDOWS[name], "root", name) for name in ("last_week", "today")])
    week, day = (counted(box, "root", WINDOWS[name], "threat") for name in ("last_week", "today"))
    assert found["basis"] == "per_day"
    grown = {
        name
        for name in set(week) & set(day)
        if day[name] > week[name] / 7 and (day[name] - week[name] / 7) >= week[name] / 35
    }
    assert set(found["rising"]) == grown and grown


def test_widespread(faz: tuple[FortiAnalyzer, Client]) -> None:
    box, client = faz
    found = widespread([ask(client, "top-threats", WINDOWS["today"], adom, f"in_{adom}") for adom in ADOMS])["entries"]
    counts = {adom: counted(box, adom, WINDOWS["today"], "threat") for adom in ADOMS}
    everywhere = Counter(name for threats in counts.values() for name in threats)
    assert {one["threat"]: one["adom_count"] for one in found} == {
        n: times for n, times in everywhere.items() if times > 1
    }
    for one in found:
        assert one["counters"] == {adom: counts[adom][one["threat"]] for adom in ADOMS if one["threat"] in counts[adom]}
        assert one["incidents"] == sum(one["counters"].values())
    assert {one["adom_count"] for one in found} == {2, 3}
