# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people write before they read the documentation, and what each of these first guesses gives: it works as it was meant, or an
error names the right form.

Each guess is a task. To start few programs, all tasks are in a few playbooks, which go on after an error; each test reads one result.
"""

from __future__ import annotations

import tempfile
import typing as t
from pathlib import Path

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support.playbooks import Controller, Data, Run

TASK, RESULT, SOURCES, BAN = "faz_fortiview_task", "faz_fortiview_result", "faz_threat_sources_info", "fortigate_ban"
USUAL: dict[str, Data] = {
    TASK: {"view": "top-threats", "time_range": "24h", "limit": 3, "wait": True},
    RESULT: {},
    SOURCES: {"severities": "critical", "time_range": "24h"},
    BAN: {"addresses": "203.0.113.7"},
}
BOTH = ["root", "Branch_Office"]
FIRST, RANGE = "{{ submitted.tasks[0] }}", "2025-11-10 14:30/2025-11-10 15:30"
HALF_AN_HOUR = {"start": "2025-11-10 14:00:00", "end": "2025-11-10 15:00:00"}
AN_HOUR = {"start": "2025-11-10 14:30:00", "end": "2025-11-10 15:30:00"}


class Guess(t.NamedTuple):
    """Options of a module, and the error or a part of what the first result has. None for an option leaves out a usual one."""

    options: Data
    gives: t.Any
    module: str = TASK

    def __str__(self) -> str:
        return f"{self.module}: {self.options}"


def error(text: str) -> tuple[str, str]:
    return "error", text


def by(column: str, order: str = "desc") -> Data:
    return {"query": {"sort_by": [{"field": column, "order": order}]}}


GUESSES = (
    # ADOMs
    Guess({"adom": "Branch_Office"}, {"adom": "Branch_Office"}),
    Guess({"adoms": "Branch_Office"}, {"adom": "Branch_Office"}),
    Guess({"adoms": BOTH}, BOTH),
    Guess({"adom": BOTH}, BOTH),
    Guess({"adom": "root, Branch_Office"}, BOTH),
    Guess({"queries": [{"adoms": BOTH}]}, BOTH),
    Guess({"adom": "root", "adoms": BOTH}, error("adom and adoms are the same option")),
    Guess(
        {"adomss": "root"}, error("adomss is not an option. Did you mean adoms, as in adoms: root, or [root, Branch]?")
    ),
    Guess({"adomain": "root"}, error("Did you mean adom")),
    Guess({"domain": "root"}, error("Did you mean adom")),
    Guess({"adoms": "all", "view": "top-sources"}, ["root", "Branch_Office", "Data_Center"]),
    Guess({"adom": "all, root"}, error("both all and names of ADOMs: use either all or names")),
    # Time ranges
    Guess({"time_range": "24h"}, {"complete": True}),
    Guess({"time_range": "last=24h"}, {"complete": True}),
    Guess({"time_range": {"last": "24h", "ago": "24h"}}, {"complete": True}),
    Guess({"time_range": RANGE}, {"time_range": AN_HOUR}),
    Guess({"time_range": "2025-11-10"}, {"time_range": {"start": "2025-11-10 00:00:00", "end": "2025-11-10 23:59:59"}}),
    Guess({"time_range": {"around": "2025-11-10 14:30"}}, {"time_range": HALF_AN_HOUR}),
    Guess({"time_range": "yesterday"}, error(RANGE)),
    Guess({"time_range": 24}, error(RANGE)),
    Guess({"time_range": {"since": "2025-11-10"}}, error("since is not a key of time_range. Did you mean start")),
    Guess({"time_range": None}, error("time_range is missing")),
    Guess({"timerange": "24h"}, error("Did you mean time_range, as in time_range: 24h?")),
    Guess({"last": "24h"}, error("Did you mean time_range, as in time_range: 24h?")),
    Guess({"start_time": "2025-11-10"}, error("Did you mean time_range")),
    # Ranking
    Guess({"view": "top-sources", "sort_by": "bandwidth desc"}, by("bandwidth")),
    Guess({"view": "top-sources", "sort_by": "bandwidth"}, by("bandwidth")),
    Guess({"view": "top-sources", "sort_by": {"field": "bandwidth", "order": "asc"}}, by("bandwidth", "asc")),
    Guess({"view": "top-sources", "sort_by": [{"field": "bandwidth"}]}, by("bandwidth")),
    Guess({"sort_by": "-bandwidth"}, error("Give sort_by as bandwidth, as bandwidth desc")),
    Guess({"sort_by": ["incidents", "sessions"]}, error("sort_by must contain exactly one column")),
    Guess({"sort_by": "incidents down"}, error("the order of sort_by must be asc or desc")),
    Guess({"sort": "bandwidth"}, error("Did you mean sort_by, as in sort_by: bandwidth desc?")),
    Guess({"limit": "all"}, {"complete": True, "query": {"limit": "all"}}),
    Guess({"limit": "5"}, {"returned": 5}),
    Guess({"limit": "ten"}, error("limit must be a number such as 25, or all, not 'ten'")),
    Guess({"top": 5}, error("top is not an option. Did you mean limit, as in limit: 25, or all?")),
    Guess({"offset": "first"}, error("offset must be a whole number")),
    # Durations, switches and the rest
    Guess({"wait_timeout": "2m"}, {"complete": True}),
    Guess({"wait_timeout": 120}, {"complete": True}),
    Guess({"request_timeout": "20s"}, {"complete": True}),
    Guess(
        {"wait_timeout": "soon"},
        error("wait_timeout must be a number of seconds, or a duration such as 90s, 30m, 4h or 7d"),
    ),
    Guess({"timeout": 60}, error("Did you mean wait_timeout, as in wait_timeout: 5m?")),
    Guess({"wait": "yes"}, {"complete": True}),
    Guess({"wait": "maybe"}, error("wait must be true or false, not 'maybe'")),
    Guess({"port": "https"}, error("port must be a whole number such as 443")),
    Guess({"verify_ssl": False}, error("Did you mean validate_certs, as in validate_certs: true?")),
    Guess({"token": "x"}, error("Did you mean api_token")),
    Guess({"devices": "All_Devices"}, error("Did you mean device")),
    Guess(
        {"device_scope": "FGT60F3X17000001"},
        error("device_scope must be a dictionary such as {serial: FGT60F3X17000001"),
    ),
    Guess({"queries": [{"veiw": "top-sources"}]}, error("queries entry 1: veiw is not an option. Did you mean view")),
    Guess({"queries": '[{"view": "top-sources"}]'}, {"view": "top-sources"}),
    Guess({"view": ["top-threats", "top-sources"]}, error("view must be text such as top-threats")),
    # Reading tasks
    Guess({"tasks": FIRST}, {"complete": True}, RESULT),
    Guess({"view": "top-threats", "task_id": "{{ submitted.tasks[0].tid }}"}, {"complete": True}, RESULT),
    Guess({"tasks": [{"view": "top-threats", "task_id": "{{ submitted.tasks[0].tid }}"}]}, {"complete": True}, RESULT),
    Guess({"tasks": "{{ submitted.tasks }}", "limit": "all"}, {"complete": True}, RESULT),
    Guess({"tasks": "{{ submitted }}"}, error('tasks: "{{ submitted.tasks }}"'), RESULT),
    Guess({"view": "top-threats", "id": 7}, error("id is not an option. Did you mean tid"), RESULT),
    # Sources
    Guess({"adom": "root"}, None, SOURCES),
    Guess({"severity": "critical"}, error("Did you mean severities, as in severities: [critical, high]?"), SOURCES),
    Guess({"severities": "urgent"}, error("severities must contain only critical, high"), SOURCES),
)
# In a module process, which checks them by itself.
IN_A_PROCESS = (
    Guess({"adoms": BOTH, "limit": "5", "wait_timeout": "2m"}, BOTH),
    Guess({"adomss": "root"}, error("adomss is not an option. Did you mean adoms")),
    Guess({"limit": "ten"}, error("limit must be a number such as 25, or all")),
    Guess({"wait": "maybe"}, error("wait must be true or false")),
    Guess({"duration": "4h"}, error("Did you mean expiry, as in expiry: 4h?"), BAN),
)
# Variables of the role that the first of them begins with.
ROLES: dict[str, tuple[Data, str]] = {
    "serverities": ({"threat_hunt_serverities": "high"}, "Did you mean threat_hunt_severities?"),
    "severity": ({"threat_hunt_severity": "high"}, "Did you mean threat_hunt_severities?"),
    "both": (
        {"threat_hunt_adom": "root", "threat_hunt_adoms": "Branch_Office"},
        "threat_hunt_adom is an alternative to threat_hunt_adoms",
    ),
    "limit": ({"threat_hunt_limit": "ten"}, "threat_hunt_limit"),
    "tll": ({"fortigate_block_tll": "4h"}, "Did you mean fortigate_block_ttl?"),
    "never": ({"fortigate_block_never": []}, "Did you mean fortigate_block_never_extra?"),
    "adom": ({"threat_hunt_adom": "Branch_Office", "threat_hunt_time_range": "24h"}, ""),
}


def task_of(number: int, guess: Guess, **keywords: t.Any) -> Data:
    options = {key: value for key, value in {**USUAL[guess.module], **guess.options}.items() if value is not None}
    return {"name": f"Guess {number}", f"secops.fortiview.{guess.module}": options, "ignore_errors": True, **keywords}


def role_of(name: str, variables: Data) -> Data:
    said = {"name": f"Role {name}", "ansible.builtin.debug": {"msg": "{{ ansible_failed_result.msg }}"}}
    role_name = "_".join(next(iter(variables)).split("_")[:2])
    role = {
        "name": "Run the role",
        "ansible.builtin.include_role": {"name": f"secops.fortiview.{role_name}"},
        "vars": variables,
    }
    return {"block": [role, {**said, "ansible.builtin.debug": {"msg": ""}}], "rescue": [said]}


@pytest.fixture(scope="module")
def runs() -> t.Iterator[Run]:
    with FortiAnalyzer() as simulator, tempfile.TemporaryDirectory(prefix="fv-") as name:
        controller = Controller(Path(name), simulator)
        submit = task_of(0, Guess({"wait": False}, None), register="submitted")
        tasks = [dict(submit, name="Submit")]
        tasks += [task_of(number, guess) for number, guess in enumerate(GUESSES)]
        tasks += [
            task_of(1000 + number, guess, **{"async": 120, "poll": 1}) for number, guess in enumerate(IN_A_PROCESS)
        ]
        tasks += [role_of(name, variables) for name, (variables, _said) in ROLES.items()]
        yield controller.tasks(tasks)


def holds(found: t.Any, wanted: t.Any) -> bool:
    """Whether the data has at least what is wanted."""
    if isinstance(wanted, dict):
        return all(holds(found[key], value) for key, value in wanted.items())
    return bool(found == wanted)


def check(run: Run, name: str, guess: Guess) -> None:
    result = run.of(name)
    ignored = next(one.status for one in run.results if one.task == name) == "ignored"
    if isinstance(guess.gives, tuple):
        assert ignored and guess.gives[1] in result["msg"], result.get("msg")
        return
    assert not ignored, result["msg"]
    if isinstance(guess.gives, list):
        assert [one["adom"] for one in result["results"]] == guess.gives
    elif guess.gives is not None:
        assert holds(result["results"][0], guess.gives), result["results"][0]


def test_there_are_forty_guesses() -> None:
    assert len(GUESSES) >= 40


@pytest.mark.parametrize("number", range(len(GUESSES)), ids=[str(guess) for guess in GUESSES])
def test_a_guess(runs: Run, number: int) -> None:
    check(runs, f"Guess {number}", GUESSES[number])


@pytest.mark.parametrize("number", range(len(IN_A_PROCESS)), ids=[str(guess) for guess in IN_A_PROCESS])
def test_a_guess_in_a_module_process(runs: Run, number: int) -> None:
    check(runs, f"Guess {1000 + number}", IN_A_PROCESS[number])


@pytest.mark.parametrize("name", ROLES)
def test_a_guess_at_a_variable_of_a_role(runs: Run, name: str) -> None:
    said = runs.of(f"Role {name}")["msg"]
    assert ROLES[name][1] in said and bool(said) == bool(ROLES[name][1]), said


def test_a_playbook_names_each_variable_that_is_misspelt(controller: Controller, faz: FortiAnalyzer) -> None:
    guesses = {
        "limt": "Did you mean limit?",
        "sort_by": "Did you mean sort_field?",
        "timerange": "Did you mean time_range?",
        "devices": "Did you mean device?",
        "timeout": "Did you mean wait_timeout?",
        "adom": "adom and adoms are the same variable",
        "adoms": "adom and adoms are the same variable",
    }
    given = [word for name in guesses for word in ("-e", f"{name}=x")]
    run = controller.playbook("secops.fortiview.top_threats", *given)
    assert run.code != 0 and faz.submits == []
    assert [said for said in guesses.values() if said not in run.said] == []


def test_a_playbook_that_reads_one_adom_refuses_several(controller: Controller, faz: FortiAnalyzer) -> None:
    run = controller.playbook("secops.fortiview.top_threats", "-e", "adoms=root,Branch_Office")
    assert run.code != 0 and faz.submits == [] and "reads one ADOM, but adoms contains 2" in run.said


def test_a_playbook_takes_adoms_for_adom_and_other_forms(controller: Controller, faz: FortiAnalyzer) -> None:
    given = ("adoms=Branch_Office", "time_range=7d", "limit=all", "wait_timeout=2m", "awx_job_id=7", "state=present")
    run = controller.playbook("secops.fortiview.top_threats", *(word for one in given for word in ("-e", one)))
    assert run.code == 0, run.output
    assert {params["url"].split("/")[3] for params in faz.submits} == {"Branch_Office"}


def test_a_playbook_takes_adom_for_adoms(controller: Controller, faz: FortiAnalyzer) -> None:
    run = controller.playbook("secops.fortiview.csv_export", "-e", "adom=Branch_Office", "-e", "csv_file=x.csv")
    assert run.code == 0, run.output
    assert {params["url"].split("/")[3] for params in faz.submits} == {"Branch_Office"}
