# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task or a loop registered, handed to each filter and to the report: the rows, or an error that names the gap."""

from __future__ import annotations

import json
import typing as t

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support.playbooks import Controller, Data, Run

READERS = {
    "to_csv": "{{ asked | secops.fortiview.to_csv }}",
    "to_table": "{{ asked | secops.fortiview.to_table(title='x') }}",
    "trend": "{{ {'before': asked, 'after': asked} | secops.fortiview.trend }}",
    "widespread": "{{ asked | secops.fortiview.widespread(min_adoms=1) }}",
    "offenders": "{{ asked | secops.fortiview.offenders }}",
}
NOWHERE = [{"adom": "root"}, {"adom": "Nowhere"}]


def query(**options: t.Any) -> Data:
    keywords = {key: options.pop(key) for key in ("loop", "when", "ignore_errors") if key in options}
    asked = {"view": "top-sources", "time_range": {"last": "24h"}, "wait": True, "limit": 3, **options}
    return {"name": "Query", "secops.fortiview.faz_fortiview_task": asked, "register": "asked", **keywords}


def told(name: str, expression: str) -> Data:
    return {"name": name, "ansible.builtin.debug": {"msg": expression}, "ignore_errors": True}


def report(folder: str, **variables: t.Any) -> Data:
    given = {"threat_report_results": "{{ asked }}", "threat_report_dest": folder, **variables}
    return {
        "name": "Report",
        "ansible.builtin.include_role": {"name": "secops.fortiview.threat_report"},
        "vars": given,
    }


def read_by_all(controller: Controller, *tasks: Data) -> Run:
    return controller.tasks([*tasks, *[told(name, expression) for name, expression in READERS.items()]])


GAPS = {
    "half": (query(queries=NOWHERE, on_error="continue"), "Nowhere"),
    "failed": (query(adom="Nowhere", ignore_errors=True), "Nowhere"),
    "skipped": (query(when=False), "skipped"),
    "half a loop": (query(adom="{{ item }}", loop=["root", "Nowhere"], ignore_errors=True), "Nowhere"),
    "skipped in a loop": (query(adom="{{ item }}", loop=["root", "branch"], when="item == 'root'"), "branch"),
    "empty loop": (query(adom="{{ item }}", loop=[]), "No items in the list"),
    "not read": (query(wait=False), "not read"),
}


@pytest.mark.parametrize("gap", GAPS)
def test_a_gap_is_refused_by_each_reader_with_its_reason(controller: Controller, gap: str) -> None:
    task, says = GAPS[gap]
    run = read_by_all(controller, task)
    for name in READERS:
        (found,) = [one for one in run.results if one.task == name]
        assert found.status == "ignored" and says in str(found.result["msg"]), f"{name}: {found}"
    failed = controller.tasks([task, report(str(controller.folder / "out"))])
    assert failed.code and says in failed.said
    assert not (controller.folder / "out").exists()


def test_what_a_loop_registered_has_the_rows_of_each_turn(controller: Controller) -> None:
    run = read_by_all(controller, query(adom="{{ item }}", loop=["root", "Branch_Office"]))
    lines = run.of("to_csv")["msg"].splitlines()
    assert lines[0].startswith("result,adom,srcip") and len(lines) == 7
    assert {line.split(",")[1] for line in lines[1:]} == {"root", "Branch_Office"}
    assert {adom for one in run.of("widespread")["msg"]["entries"] for adom in one["adoms"]} == {
        "root",
        "Branch_Office",
    }
    found = run.of("offenders")["msg"]
    assert found["refused"] and {adom for one in found["refused"] for adom in one["adoms"]} == {"root", "Branch_Office"}
    assert len(run.of("trend")["msg"]["entries"]) > 3
    assert run.code == 0, run.output


def test_each_form_of_one_result_gives_the_same_rows(controller: Controller) -> None:
    forms = [
        "asked",
        "asked.result",
        "asked.results",
        "{'top_sources': asked}",
        "[asked]",
        "[asked.results]",
        "asked.result.rows",
    ]
    tasks = [told(form, f"{{{{ {form} | secops.fortiview.to_csv }}}}") for form in forms]
    run = controller.tasks([query(), *tasks])
    assert len({run.of(form)["msg"] for form in forms}) == 1
    assert run.of("asked")["msg"].count("\r\n") == 4


def test_a_part_that_is_asked_for_says_what_is_missing(controller: Controller) -> None:
    parts = {
        "to_csv": "{{ asked | secops.fortiview.to_csv(columns=['srcip'], partial=true) }}",
        "to_table": "{{ asked | secops.fortiview.to_table(title='x', partial=true) }}",
        "trend": "{{ {'before': asked, 'after': asked} | secops.fortiview.trend(partial=true) }}",
        "widespread": "{{ asked | secops.fortiview.widespread(partial=true) }}",
        "offenders": "{{ asked | secops.fortiview.offenders(partial=true) }}",
    }
    tasks = [told(name, expression) for name, expression in parts.items()]
    out = controller.folder / "out"
    run = controller.tasks([GAPS["half"][0], *tasks, report(str(out), threat_report_partial=True)])
    assert run.code == 0, run.output
    lines = run.of("to_csv")["msg"].splitlines()
    assert lines[0] == "srcip,gap" and len(lines) == 5 and "Nowhere" in lines[-1]
    assert any(line.startswith("Missing: ") and "Nowhere" in line for line in run.of("to_table")["msg"])
    for name in ("trend", "widespread", "offenders"):
        gaps = run.of(name)["msg"]["gaps"]
        assert {gap["adom"] for gap in gaps} == {"Nowhere"} and all(gap["msg"] for gap in gaps)
    assert all(entry["uncertain"] for entry in run.of("trend")["msg"]["entries"])
    data = json.loads((out / "report.json").read_text())
    assert [one["adom"] for one in data["failed_queries"]] == ["Nowhere"]
    assert "Nowhere" in (out / "failed_queries.csv").read_text()
    page, text = (out / "report.html").read_text(), (out / "report.md").read_text()
    assert "Not in this report" in page and "\n## Not in this report\n\n- top-sources in Nowhere: " in text
    assert "[U+000A]" not in text + page and "\\#" not in text


def test_the_registered_hunt_of_a_loop_is_judged(controller: Controller) -> None:
    hunt = {
        "name": "Hunt",
        "secops.fortiview.faz_threat_sources_info": {
            "severities": ["critical"], "adoms": ["{{ item }}"], "time_range": {"last": "24h"},
        },
        "register": "asked",
        "loop": ["root", "Branch_Office"],
    }  # fmt: skip
    run = controller.tasks([hunt, told("offenders", READERS["offenders"])])
    judged = run.of("offenders")["msg"]
    assert judged["gaps"] == [] and judged["offenders"], run.output


def test_reports_of_playbooks_go_on_and_name_the_view_that_failed(controller: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.missing_views = ["top-destinations"]
    run = controller.playbook("secops.fortiview.daily_summary", "-e", "report_dest=day")
    assert run.code and "Not in this summary" in run.said and "top-destinations" in run.said
    data = json.loads((controller.folder / "day" / "report.json").read_text())
    assert [one["view"] for one in data["failed_queries"]] == ["top-destinations"]
    assert len(data["results"]) == 3


def test_the_executive_report_names_the_adom_that_failed(controller: Controller) -> None:
    run = controller.playbook("secops.fortiview.executive_report", "-e", "adoms=root,Nowhere", "-e", "days=1")
    assert run.code and "Not in this report" in run.said and "Nowhere" in run.said
    data = json.loads((controller.folder / "report" / "report.json").read_text())
    assert {one["adom"] for one in data["failed_queries"]} == {"Nowhere"} and len(data["failed_queries"]) == 5
    assert {one["adom"] for one in data["results"]} == {"root"}
    assert {gap["adom"] for gap in data["trend"]["gaps"]} == {"Nowhere"}
    assert all(entry["uncertain"] for entry in data["trend"]["entries"])
