# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks on appliances that return fewer rows than there are: all are read, or the answer is not called complete."""

from __future__ import annotations

import json

import pytest

from simulators.fortianalyzer import FortiAnalyzer, dialects
from support.playbooks import Controller


@pytest.mark.parametrize(
    "playbook, task, variables",
    [
        ("one_device", "Query FortiAnalyzer", ["-e", "device=fgt-hq", "-e", "last=7d"]),
        (
            "incident_window",
            "Query the threats and the top sources of the time range",
            ["-e", "start=2026-01-01", "-e", "end=2026-01-02"],
        ),
    ],
)
def test_the_default_limit_of_the_appliance_cuts_no_report(
    controller: Controller, faz: FortiAnalyzer, playbook: str, task: str, variables: list[str]
) -> None:
    faz.switches.update({"default_limits": {"*": 10}, "synthetic_rows": {"top-threats": 24}})
    run = controller.playbook(f"secops.fortiview.{playbook}", *variables)
    assert run.code == 0, run.output
    rows = run.of(task)["results"][0]["rows"]
    assert len(rows) == 24
    incidents = [row["incidents"] for row in rows]
    assert incidents == sorted(incidents, reverse=True)


@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_the_ioc_analysis_is_read_past_the_default_limit(
    controller: Controller, faz: FortiAnalyzer, dialect: str
) -> None:
    faz.switches.update({"dialect": dialect, "default_limits": {"*": 10}, "synthetic_rows": {"top-threats": 24}})
    ask = {"view": "ioc", "time_range": {"last": "24h"}, "wait": True}
    run = controller.tasks([{"name": "Ask", "secops.fortiview.faz_fortiview_task": ask}])
    assert run.code == 0, run.output
    result = run.of("Ask")["result"]
    assert (result["returned"], result["complete"]) == (24, True)


@pytest.mark.parametrize("dialect", ["live", "documented"])
def test_a_deep_ranking_whose_rows_share_addresses(controller: Controller, faz: FortiAnalyzer, dialect: str) -> None:
    faz.switches.update(
        {
            "dialect": dialect,
            "synthetic_rows": {"top-sources": 3000},
            "synthetic_shared": 8,
            "total_form": "returned" if dialect == "documented" else None,
        }
    )
    run = controller.playbook("secops.fortiview.top_sources", "-e", "limit=5000", "-e", "last=7d")
    assert run.code == 0, run.output
    assert run.of("Query FortiAnalyzer")["results"][0]["returned"] == 3000
    assert "Complete: 3,000 rows" in run.output or "Complete: 3000 rows" in run.output


def test_a_last_reply_without_a_percentage(controller: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.update({"final_percentage": False, "task_seconds": 1.0})
    run = controller.playbook("secops.fortiview.top_threats", "-e", "limit=5", "-v")
    assert run.code == 0, run.output
    assert len(run.of("Query FortiAnalyzer")["results"][0]["rows"]) == 5
    assert "contained no percentage" in run.flat


@pytest.mark.parametrize("method", ["add", "get"])
def test_an_empty_body(controller: Controller, faz: FortiAnalyzer, method: str) -> None:
    faz.fault("empty_body", method=method, url="fortiview")
    run = controller.playbook("secops.fortiview.top_threats", "-e", "limit=5")
    assert run.code == 0, run.output
    assert len(run.of("Query FortiAnalyzer")["results"][0]["rows"]) == 5
    assert ("submitted a second time" in run.flat) == (method == "add")


def test_a_task_path_that_is_an_invalid_url(controller: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.update({"fetch_paths": "short", "unknown_path_form": "status"})
    run = controller.playbook("secops.fortiview.top_threats", "-e", "limit=5")
    assert run.code == 0, run.output
    assert len(run.of("Query FortiAnalyzer")["results"][0]["rows"]) == 5


def test_progress_is_shown_when_it_changes(controller: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.update({"task_seconds": 2.0, "progress": "stalled"})
    run = controller.playbook("secops.fortiview.top_threats", "-e", "limit=5", "-v")
    lines = [line for line in run.output.splitlines() if line.startswith("top-threats root tid")]
    assert lines and len(lines) == len(set(lines))


@pytest.fixture
def partial(faz: FortiAnalyzer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replies count more rows than they show, as those of the documentation do."""
    whole = dialects.present
    monkeypatch.setattr(dialects, "present", lambda *arguments: whole(*arguments)[:7])
    faz.switches.update({"dialect": "documented", "total_form": "all"})


@pytest.mark.parametrize(
    ("playbook", "variables"),
    [
        ("widespread_threats", {"adoms": ["root", "Branch_Office"]}),
        ("daily_summary", {"report_dest": "report"}),
        ("executive_report", {}),
    ],
)
@pytest.mark.usefixtures("partial")
def test_a_comparison_or_report_of_a_part_fails_in_the_end(
    controller: Controller, playbook: str, variables: dict[str, object]
) -> None:
    run = controller.playbook(f"secops.fortiview.{playbook}", "-e", json.dumps(variables))
    assert run.code != 0, run.output
    assert "Not in this" in run.flat or "ADOMs that were not compared" in run.flat


@pytest.mark.usefixtures("partial")
def test_the_sources_of_a_part_are_not_called_all(controller: Controller) -> None:
    run = controller.playbook("secops.fortiview.capacity_planning", "-e", "limit=100")
    assert "Not complete" in run.flat and "no further sources" not in run.flat
