# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts in a fact cache that outlives a run: no rows of an earlier run after a query that failed, and an age on each."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest
import yaml

from simulators.fortianalyzer import FortiAnalyzer
from support.examples import yaml_blocks
from support.playbooks import Controller, Data

ROOT = Path(__file__).resolve().parents[3]
CACHE = {"ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile", "ANSIBLE_CACHE_PLUGIN_CONNECTION": "facts"}
SHOW = {"name": "Show", "ansible.builtin.debug": {"msg": "{{ ansible_facts }}"}}
BOTH = {"queries": [{"adom": "root", "name": "here"}, {"adom": "Branch_Office", "name": "there"}]}


def query(**options: t.Any) -> Data:
    keywords = {key: options.pop(key) for key in ("failed_when", "ignore_errors") if key in options}
    asked = {"view": "top-threats", "time_range": {"last": "24h"}, "wait": True, "limit": 3, **options}
    return {"name": "Query", "secops.fortiview.faz_fortiview_task": asked, **keywords}


def facts(controller: Controller) -> Data:
    found: Data = controller.tasks([SHOW], **CACHE).of("Show")["msg"]
    return found


def test_a_query_that_fails_replaces_its_fact_and_leaves_the_others(controller: Controller, faz: FortiAnalyzer) -> None:
    first = controller.tasks([query(**BOTH)], **CACHE)
    assert first.code == 0 and len(facts(controller)["fortiview_there"]["rows"]) == 3
    faz.fault("http", url="Branch_Office", times=99, status=500)
    second = controller.tasks([query(**BOTH, on_error="continue")], **CACHE)
    assert second.code == 0, second.output
    found = facts(controller)
    there = found["fortiview_there"]
    assert (there["complete"], there["rows"], there["adom"]) == (False, [], "Branch_Office")
    assert "Branch_Office" in there["msg"] and "HTTP 500" in there["msg"]
    assert found["fortiview_here"]["complete"] and len(found["fortiview_here"]["rows"]) == 3


@pytest.mark.parametrize("way", ["local", "module"])
def test_a_result_and_its_fact_say_when_they_were_answered(controller: Controller, way: str) -> None:
    task = {**query(), "register": "asked"}
    if way == "module":
        task.update({"async": 60, "poll": 1})
    told = {"name": "Told", "ansible.builtin.debug": {"msg": "{{ asked }}"}}
    run = controller.tasks([task, told], **CACHE, ANSIBLE_ASYNC_DIR=str(controller.folder / "async"))
    assert run.code == 0, run.output
    replied = run.of("Told")["msg"]["results"][0]["replied_at"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", replied)
    assert facts(controller)["fortiview_top_threats"]["replied_at"] == replied


def test_ansible_keeps_the_fact_of_a_task_that_fails_but_no_block_takes_an_old_one(
    controller: Controller, faz: FortiAnalyzer
) -> None:
    """Ansible sets no facts of a task that fails. The age is then all that tells an old fact from a new one."""
    controller.tasks([query(view="top-sources", name="seen")], **CACHE)
    faz.switches.task_outcome = "error"
    failed = controller.tasks([query(view="top-sources", name="seen")], **CACHE)
    assert failed.code
    found = facts(controller)["fortiview_seen"]
    assert found["complete"] and found["replied_at"]
    ages = {
        "fresh": "{{ ansible_facts.fortiview_seen | secops.fortiview.offenders }}",
        "old": "{{ ansible_facts.fortiview_seen | combine(old) | secops.fortiview.offenders }}",
        "old but wanted": "{{ ansible_facts.fortiview_seen | combine(old) | secops.fortiview.offenders(max_age='9999d') }}",
        "timeless": "{{ ansible_facts.fortiview_seen | combine({'replied_at': none}) | secops.fortiview.offenders }}",
    }
    tasks = [
        {"name": name, "ansible.builtin.debug": {"msg": expression}, "ignore_errors": True}
        for name, expression in ages.items()
    ]
    run = controller.tasks(tasks, variables={"old": {"replied_at": "2026-01-01T00:00:00Z"}}, **CACHE)
    assert run.of("fresh")["msg"]["refused"] and run.of("old but wanted")["msg"]["refused"]
    assert "2026-01-01T00:00:00Z" in run.of("old")["msg"] and "max_age" in run.of("old")["msg"]
    assert "replied_at" in run.of("timeless")["msg"]


def test_a_task_that_may_fail_replaces_its_fact(controller: Controller, faz: FortiAnalyzer) -> None:
    controller.tasks([query()], **CACHE)
    faz.switches.task_outcome = "error"
    run = controller.tasks([query(failed_when=False)], **CACHE)
    assert run.code == 0, run.output
    found = facts(controller)["fortiview_top_threats"]
    assert (found["complete"], found["rows"]) == (False, []) and found["msg"]


def test_a_task_that_may_fail_replaces_the_tickets(controller: Controller, faz: FortiAnalyzer) -> None:
    """Whoever reads the tickets of an earlier run is told its rows."""
    assert controller.tasks([query(wait=False)], **CACHE).code == 0
    assert len(facts(controller)["fortiview_tasks"]) == 1
    faz.fault("http", url="top-threats", times=99, status=500)
    run = controller.tasks([query(wait=False, failed_when=False)], **CACHE)
    assert run.code == 0, run.output
    assert facts(controller)["fortiview_tasks"] == []


def test_the_pattern_of_the_guide_on_caching(controller: Controller) -> None:
    guide = (ROOT / "docs" / "docsite" / "rst" / "own_playbooks.rst").read_text()
    section = guide.split("\nResults in a fact cache\n")[1].split("\n.. _")[0]
    use, fill = (yaml.safe_load(block) for block in yaml_blocks(section))
    assert controller.tasks([*fill, *use], **CACHE).code == 0
    login = controller.tasks(fill, **CACHE, FAZ_PASSWORD="another")
    assert login.code and "Logging in" in login.said
    found = facts(controller)["fortiview_top_threats"]
    assert (found["complete"], found["rows"], found["replied_at"]) == (False, [], None)
    assert "Logging in" in found["msg"]
    assert controller.tasks(use, **CACHE).code


def test_old_threats_are_not_hunted(controller: Controller) -> None:
    hunt = {
        "name": "Hunt",
        "secops.fortiview.faz_threat_sources_info": {
            "threats": ["{{ ansible_facts.fortiview_top_threats | combine({'replied_at': '2026-01-01T00:00:00Z'}) }}"],
            "time_range": {"last": "24h"},
        },
    }
    run = controller.tasks([query(), hunt])
    assert run.code and "2026-01-01T00:00:00Z" in run.said and "max_age" in run.said
