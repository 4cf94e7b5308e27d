# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A password that is a part of numbers and names in the rows: they stay as FortiAnalyzer sent them, or nothing is done with them."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support.attacks import attack, silence
from support.playbooks import Controller

MODULE = "secops.fortiview.faz_fortiview_task"
ASYNC = {"async": 300, "poll": 1}
ROOT = Path(__file__).resolve().parents[3]
BLANK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


@pytest.fixture(params=["2024", "Sig", "0"])
def simulator(request: pytest.FixtureRequest) -> t.Iterator[FortiAnalyzer]:
    """One threat that was never blocked, 32024 times, from an address with the password in it."""
    with FortiAnalyzer(password=request.param) as simulator:
        silence(simulator)
        attack(simulator, "Field.Sig.A", "203.0.113.20", ago=60, incidents=32024)
        yield simulator


@pytest.fixture
def alone(folder: Path, simulator: FortiAnalyzer) -> Controller:
    return Controller(folder, simulator)


def query(**more: t.Any) -> dict[str, t.Any]:
    return {"name": "Ask", MODULE: {"view": "top-threats", "time_range": {"last": "1h"}, "wait": True}, **more}


def test_rows_stay_as_they_were_sent(alone: Controller) -> None:
    run = alone.tasks([query()])
    assert run.code == 0, run.output
    (row,) = run.of("Ask")["result"]["rows"]
    assert (row["threat"], row["incidents"], row["detected"], row["blocked"]) == ("Field.Sig.A", 32024, 32024, 0)
    assert row["incident_pass"] == 32024
    assert run.of("Ask")["invocation"]["module_args"]["password"] == BLANK


def test_a_hunt_finds_the_worst_threat(alone: Controller) -> None:
    hunt = {
        "threat_hunt_time_range": {"last": "1h"},
        "threat_hunt_outcome": "never_blocked",
        "threat_hunt_min_threat_incidents": 30000,
    }
    run = alone.tasks(
        [
            {"ansible.builtin.include_role": {"name": "secops.fortiview.threat_hunt"}, "vars": hunt},
            {"name": "Found", "ansible.builtin.debug": {"msg": "{{ threat_hunt_offenders }}"}},
        ]
    )
    assert run.code == 0, run.output
    (offender,) = run.of("Found")["msg"]
    assert (offender["address"], offender["incidents"]) == ("203.0.113.20", 32024)


def test_a_module_process_says_what_ansible_changes_and_calls_nothing_complete(alone: Controller) -> None:
    run = alone.tasks([query(**ASYNC)])
    assert run.code == 0, run.output
    (result,) = run.of("Ask")["results"]
    assert result["complete"] is False or result["complete"] == BLANK
    assert "Ansible blanks" in run.flat and "of this result" in run.flat
    # Without it, the fact of an earlier run would remain.
    assert run.of("Ask")["ansible_facts"]["fortiview_top_threats"]["rows"] == []


def test_a_module_process_hands_over_no_spoiled_offenders(alone: Controller) -> None:
    find = {"threats": ["Field.Sig.A"], "time_range": {"last": "1h"}}
    run = alone.tasks([{"name": "Find", "secops.fortiview.faz_threat_sources_info": find, **ASYNC}])
    assert run.code != 0
    assert "of offenders" in run.said and "over the local connection" in run.said


def test_a_hunt_in_module_processes_fails(alone: Controller) -> None:
    own_process = ROOT / "tests" / "integration" / "targets" / "setup_own_process" / "connection_plugins"
    hunt = {"ansible.builtin.include_role": {"name": "secops.fortiview.threat_hunt"}}
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [hunt]}
    variables = {"threat_hunt_time_range": {"last": "1h"}, "ansible_connection": "own_process"}
    run = alone.play([{**play, "vars": variables}], ANSIBLE_CONNECTION_PLUGINS=str(own_process))
    assert run.code != 0
    assert "Ansible blanks" in run.said and "of threats" in run.said


def test_a_refused_password_is_in_no_message(alone: Controller, simulator: FortiAnalyzer) -> None:
    run = alone.tasks([query()], FAZ_PASSWORD="W1tness")
    assert run.code != 0
    assert "W1tness" not in run.output
    assert "W1tness" not in str(run.failure)
