# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documented requests for top sources, top threats and IOC analysis are sent as printed, in both dialects.

Left out of the comparison are `id`, `session`, and the added `jsonrpc` and `apiver`.
"""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import TaskGone

from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer

NINTH = {"start": "2025-11-09 00:00:00", "end": "2025-11-09 23:59:59"}
COMMON = {"apiver": 3, "case-sensitive": False, "device": [{"devid": "All_Devices"}], "filter": ""}


def without_apiver(params: dict[str, t.Any]) -> dict[str, t.Any]:
    return {key: value for key, value in params.items() if key != "apiver"}


def envelope_of(faz: FortiAnalyzer, method: str) -> dict[str, t.Any]:
    return next(entry.body for entry in faz.journal if entry.method == method and "fortiview" in (entry.url or ""))


def test_create_top_sources(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    rows = client.ask(view="top-sources", time_range=NINTH)["result"]["rows"]
    assert faz.submits == [
        {
            **COMMON,
            "url": "/fortiview/adom/root/top-sources/run",
            "limit": 10,
            "sort-by": [{"field": "sessions", "order": "desc"}],
            "time-range": NINTH,
        }
    ]
    assert set(envelope_of(faz, "add")) == {"id", "jsonrpc", "method", "params", "session"}
    assert 0 < len(rows) <= 10
    assert all(isinstance(row["sessions"], int) and row["srcip"] for row in rows)


def test_read_top_sources_by_the_path_of_its_create_page(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({"dialect": "documented", "fetch_paths": "short", "fetch_paging": True})
    tid = client.submit(view="top-sources", time_range=NINTH)["tasks"][0]["tid"]
    read = client.read(view="top-sources", tid=[tid], limit=100, offset=0)
    assert without_apiver(faz.fetches[-1]) == {
        "url": f"/fortiview/adom/root/top-sources/{tid}",
        "data": {"limit": 100, "offset": 0},
    }
    assert "path" in read["result"]["warnings"][0]
    assert len(read["result"]["rows"]) == 10


@pytest.mark.parametrize("view", ["top-sources", "top-threats", "ioc"])
def test_read_by_task_id(client: Client, faz: FortiAnalyzer, dialect: str, view: str) -> None:
    tid = client.submit(view=view, time_range=NINTH)["tasks"][0]["tid"]
    result = client.read(view=view, tid=[tid])["result"]
    wire = "top-threats" if view == "ioc" else view
    assert faz.fetches == [{"url": f"/fortiview/adom/root/{wire}/run/{tid}", "apiver": 3}]
    assert result["complete"] and result["rows"] and result["tid"] == tid


def test_create_ioc_analysis(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    client.ask(view="ioc", time_range={"start": "2025-11-10 00:00", "end": "2025-11-10 23:59"})
    assert faz.submits == [
        {
            **COMMON,
            "url": "/fortiview/adom/root/top-threats/run",
            "time-range": {"start": "2025-11-10 00:00:00", "end": "2025-11-10 23:59:00"},
        }
    ]


def test_create_ioc_analysis_where_only_its_own_time_form_is_taken(client: Client, faz: FortiAnalyzer) -> None:
    """The page writes minutes. Live appliances read an unknown time form as another window, so seconds go first."""
    faz.switches.update({"dialect": "documented", "time_forms": ["minutes"], "strict_time": True})
    asked = {"start": "2025-11-10 00:00", "end": "2025-11-10 23:59"}
    result = client.ask(view="ioc", time_range=asked)["result"]
    assert faz.submits[-1] == {**COMMON, "url": "/fortiview/adom/root/top-threats/run", "time-range": asked}
    assert len(faz.submits) == 2
    assert "YYYY-MM-DD HH:MM" in result["warnings"][0]
    assert result["rows"]


@pytest.mark.parametrize(
    "options, device, start",
    [
        ({"time_range": {"last-n-hours": 24}}, {"devid": "All_Devices"}, "2025-11-10 13:00:00"),
        ({"time_range": {"last-n-days": 7}}, {"devid": "All_Devices"}, "2025-11-04 13:00:00"),
        (
            {"time_range": {"last-n-hours": 24}, "device": ["FGT60F3X17000001"], "adom": "Data_Center"},
            {"devid": "FGT60F3X17000001"},
            "2025-11-10 13:00:00",
        ),
    ],
)
def test_use_cases_with_relative_times(
    client: Client, faz: FortiAnalyzer, dialect: str, options: dict[str, t.Any], device: dict[str, str], start: str
) -> None:
    client.ask(view="ioc", **options)
    sent = faz.submits[0]
    assert sent["device"] == [device]
    assert sent["time-range"] == {"start": start, "end": "2025-11-11 13:00:00"}
    assert sent["timezone"] == "Europe/Berlin"


def test_an_unknown_task(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    with pytest.raises(TaskGone) as caught:
        client.read(view="top-threats", tid=[4711])
    assert caught.value.code == (-3 if dialect == "documented" else -32005)
    failure = caught.value.to_fail_json()
    assert failure["tid"] == 4711
    for word in ("top-threats", "root", "4711", faz.host):
        assert word in failure["msg"]


def test_the_same_task_is_read_twice(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    tickets = client.submit(view="top-threats")["tasks"]
    first = client.read(tasks=tickets)["result"]
    second = client.read(tasks=tickets)["result"]
    assert first["rows"] == second["rows"]
    assert len(faz.submits) == 1
