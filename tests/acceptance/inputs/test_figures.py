# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Figures that are text: read where they are numbers, else kept in the rows, and no sum leaves them out in silence."""

from __future__ import annotations

import json
import typing as t

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support.playbooks import Controller, Data

SOURCES = [
    {"srcip": "203.0.113.10", "threat": "A", "bandwidth": "4.5e+10", "incidents": "1,234"},
    {"srcip": "203.0.113.11", "threat": "A", "bandwidth": "2000000", "incidents": "5"},
    {"srcip": "203.0.113.12", "threat": "A", "bandwidth": "12.5 MB", "incidents": "7"},
]


def report(folder: str, view: str) -> Data:
    result = {"name": "seen", "view": view, "adom": "root", "complete": True, "rows": SOURCES}
    given = {"threat_report_results": [result], "threat_report_dest": folder}
    return {"name": "Report", "ansible.builtin.include_role": {"name": "secops.fortiview.threat_report"}, "vars": given}


def test_a_report_counts_an_exponent_and_names_what_is_no_number(controller: Controller) -> None:
    out = controller.folder / "out"
    run = controller.tasks([report(str(out), "top-sources")])
    assert run.code == 0, run.output
    page, text = (out / "report.html").read_text(), (out / "report.md").read_text()
    data = json.loads((out / "report.json").read_text())
    for shown in (page, text):
        assert "41.9 GB" in shown and "12.5 MB" in shown
    assert [row["bandwidth"] for row in data["results"][0]["rows"]] == [45000000000, 2000000, "12.5 MB"]
    assert "12.5 MB" in (out / "sources_root.csv").read_text(encoding="utf-8-sig")


def test_sums_of_offenders_say_what_they_are_without(controller: Controller) -> None:
    rows = [{**row, "srcip": "203.0.113.10"} for row in SOURCES]
    task = {
        "name": "Judge",
        "ansible.builtin.debug": {"msg": "{{ rows | secops.fortiview.offenders(min_incidents=100) }}"},
    }
    run = controller.tasks([task], variables={"rows": rows})
    (refused,) = run.of("Judge")["msg"]["refused"]
    assert (refused["incidents"], refused["without_number"]["incidents"]) == (12, 1)
    assert "incidents 12 is below 100 (not counted: 1 row without a number)" in refused["reasons"]


def test_a_trend_is_not_falling_because_a_figure_is_text(controller: Controller) -> None:
    periods = {"before": [{"threat": "A", "incidents": 9}], "after": [{"threat": "A", "incidents": "1,234"}]}
    task = {"name": "Trend", "ansible.builtin.debug": {"msg": "{{ periods | secops.fortiview.trend }}"}}
    found = controller.tasks([task], variables={"periods": periods}).of("Trend")["msg"]
    (entry,) = found["entries"]
    assert (entry["trend"], entry["change"], entry["uncertain"]) == ("steady", None, True)
    assert [(period["rows"], period["without_number"]) for period in found["periods"]] == [(1, 0), (1, 1)]


@pytest.mark.parametrize(
    ("playbook", "column", "says"),
    [
        ("top_sources", "bandwidth", "1 of 5 rows has no number in Bytes."),
        (
            "heavy_users",
            "bandwidth",
            "1 of 5 rows has no number in bytes and could not be compared with the threshold.",
        ),
        (
            "capacity_planning",
            "bandwidth",
            "1 of 5 rows has no number in bytes. The total does not include rows without a number.",
        ),
        (
            "unusual_sessions",
            "sessions",
            "1 of 5 rows has no number in sessions and could not be compared with the threshold.",
        ),
        ("top_threats", "incident_pass", "1 of 5 rows has no number in detected"),
    ],
)
def test_playbooks_say_what_their_sums_are_without(
    controller: Controller, faz: FortiAnalyzer, playbook: str, column: str, says: str
) -> None:
    faz.switches.spelled_figures = {column: ["4.5e+10", "1,234"]}
    run = controller.playbook(f"secops.fortiview.{playbook}", "-e", "limit=5", "-e", "last=2d")
    assert run.code == 0, run.output
    assert says in run.flat
    if playbook in ("top_sources", "capacity_planning", "top_threats"):
        assert "1,234" in run.output
    if column == "bandwidth":
        assert "45,000,000,000" in run.output


def test_a_hunt_does_not_leave_out_a_threat_in_silence(controller: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.spelled_figures = {"incident_pass": ["many"]}
    variables: dict[str, t.Any] = {"outcome": "unblocked"}
    run = controller.playbook(
        "secops.fortiview.threats_not_blocked", "-e", json.dumps(variables), "-e", "addresses=false"
    )
    assert "1 of " in run.flat and "returned no number in detected" in run.flat
