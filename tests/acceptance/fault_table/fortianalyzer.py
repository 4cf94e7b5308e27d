# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each case of a FortiAnalyzer that misbehaves, met by a module or by a role in a real playbook."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from acceptance.blocking.fleet import PATIENT
from simulators.fortianalyzer import FortiAnalyzer

from . import oracle
from .fortianalyzer_cases import Case, cases_of
from .rows import HANDED_ON, ID_LOST, NO_SESSION, NOT_DELETED, NOT_TOLD, SESSION_LOST, TOLD_SESSION, Row, shortened

ROOT = Path(__file__).resolve().parents[3]
NAME = "secops.fortiview."
LINE = re.compile(r"^ok: \[(\S+)\] => (\{.*\})$", re.M)
FORKS = 14
# Longest that one playbook may take, in seconds: far more than it needs on a busy machine.
PATIENCE = 3600
CONNECTION = (
    "host",
    "port",
    "ca_path",
    "request_timeout",
    "username",
    "password",
    "api_token",
    "forticloud_access_token",
)

QUERY = {"view": "top-threats", "adom": "{{ adom }}", "limit": 1000, "time_range": "{{ window }}"}
WAIT = {"wait": True, "wait_timeout": "{{ wait_timeout }}"}
TASKS: dict[str, dict[str, Any]] = {
    "submit": {f"{NAME}faz_fortiview_task": {**QUERY, "wait_timeout": "{{ wait_timeout }}"}},
    "faz_fortiview_task": {f"{NAME}faz_fortiview_task": {**QUERY, **WAIT}},
    "faz_fortiview_result": {f"{NAME}faz_fortiview_result": {"tasks": "{{ tickets }}", "wait_timeout": "{{ wait_timeout }}", "delete": True}},
    "faz_threat_sources_info": {
        f"{NAME}faz_threat_sources_info": {
            "threats": [oracle.THREAT], "adoms": ["{{ adom }}"], "time_range": "{{ window }}", "wait_timeout": "{{ wait_timeout }}",
        }
    },
}  # fmt: skip
# Parts of the table, with the names of who meets the faults in them.
SUBJECTS = {
    "faz_fortiview_task": "faz_fortiview_task",
    "module_process": "faz_fortiview_task, module process",
    "faz_fortiview_result": "faz_fortiview_result",
    "faz_threat_sources_info": "faz_threat_sources_info",
    "threat_hunt": "threat_hunt",
    "threat_report": "threat_report",
}
# As another user a task is left to the module process; this one has the same rights.
ELSEWHERE = {
    "become": True,
    "become_method": "ansible.builtin.sudo",
    "vars": {"ansible_become_exe": "env", "ansible_become_flags": ""},
}
HUNT = {
    "threat_hunt_names": [oracle.THREAT],
    "threat_hunt_adoms": ["{{ adom }}"],
    "threat_hunt_limit": 1000,
    "threat_hunt_time_range": "{{ window }}",
    "threat_hunt_wait_timeout": "{{ wait_timeout }}",
}
# Two questions, of which one may fail without the other.
REPORTED = {
    "queries": [{"name": "threats", "view": "top-threats"}, {"name": "sources", "view": "top-sources"}],
    "adom": "{{ adom }}",
    "limit": 1000,
    "time_range": "{{ window }}",
    "on_error": "continue",
    **WAIT,
}
REPORT = {
    "threat_report_results": "{{ asked }}",
    "threat_report_partial": True,
    "threat_report_dest": "{{ playbook_dir }}/reports/{{ inventory_hostname }}",
    "threat_report_formats": ["markdown", "json"],
}
TOLD = {
    "report": "{{ lookup('ansible.builtin.file', playbook_dir ~ '/reports/' ~ inventory_hostname ~ '/report.json') | from_json }}",
    "page": "{{ lookup('ansible.builtin.file', playbook_dir ~ '/reports/' ~ inventory_hostname ~ '/report.md') }}",
    "failed_queries": "{{ asked.failed_queries }}",
    "warnings": "{{ asked.warnings | default([]) }}",
}
HUNTED = {name: "{{ threat_hunt_" + name + " }}" for name in ("threats", "offenders", "refused", "missing", "warnings")}


def run(part: str, batch: int, only: Sequence[str] = ()) -> list[Row]:
    """The cases of one part; each has an appliance of its own for as long as its playbook runs."""
    cases = [case for case in cases_of(part) if not only or any(word in f"{case.name} {case.setting}" for word in only)]
    rows = []
    with tempfile.TemporaryDirectory(prefix="faults-") as directory, ExitStack() as stack:
        boxes = [stack.enter_context(FortiAnalyzer()) for _number in range(min(batch, len(cases)))]
        for start in range(0, len(cases), batch):
            rows += _Batch(part, cases[start : start + batch], boxes, Path(directory)).rows()
            print(f"{part}: {len(rows)} of {len(cases)} rows", flush=True)
    return rows


class _Batch:
    def __init__(self, part: str, cases: Sequence[Case], boxes: Sequence[FortiAnalyzer], directory: Path) -> None:
        self._part, self._cases, self._directory = part, cases, directory
        self._boxes = dict(zip((f"case{number:03d}" for number in range(len(cases))), boxes))
        self._output = ""
        anchor = boxes[0].anchor
        self._window = (anchor - 27 * 3600, anchor - 3 * 3600)
        self._tickets: dict[str, Any] = {}

    def rows(self) -> list[Row]:
        before = dict.fromkeys(self._boxes, 0)
        for box, case in zip(self._boxes.values(), self._cases):
            box.reset()
            box.switches.restore(type(box.switches)())
            box.switches.update(case.switches)
        submitted = {}
        if self._part == "faz_fortiview_result":
            submitted = self._play("submit")
            self._tickets = {host: found.get("tasks") for host, found in submitted.items() if not found.get("failed")}
            before = {host: len(box.journal) for host, box in self._boxes.items()}
        for box, case in zip(self._boxes.values(), self._cases):
            for fault in case.faults:
                box.fault(**fault)
        # What could not even be submitted has its outcome already.
        outcomes = {**submitted, **self._play(self._part, set(self._tickets) if submitted else set(self._boxes))}
        found = []
        for (host, box), case in zip(self._boxes.items(), self._cases):
            found.append(self._row(host, box, case, outcomes.get(host), len(box.journal) - before[host]))
        if self._part == "module_process" and "modules/faz_fortiview_task.py" not in self._output:
            found[0].wrong.append("no module process was started")
        secrets = {secret for box in self._boxes.values() for secret in (box.password, box.api_token, box.cloud_token)}
        secrets |= {sid for box in self._boxes.values() for sid in box.state.sessions.known()}
        if any(secret in self._output for secret in secrets):
            found[0].wrong.append("a secret is printed by this run")
        return found

    def _row(self, host: str, box: FortiAnalyzer, case: Case, result: Any, requests: int) -> Row:
        row = Row(SUBJECTS[self._part], case.name, case.setting, "none", "", requests)
        if result is None:
            row.wrong.append("no outcome")
            return row
        missing = result.get("failed_queries") or []
        row.outcome = "error" if result.get("failed") else "incomplete" if missing else "answer"
        said = [result.get("msg", "")] if result.get("failed") else [one["msg"] for one in missing] + _warnings(result)
        row.says = shortened(" ".join(said))
        if case.unnoticeable and row.outcome == "answer":
            row.outcome = "not noticeable"
        else:
            row.wrong += oracle.wrong(self._part, case, box, self._window, result)
        tickets = [
            *(result.get("tasks", ()) if result.get("failed") else ()),
            *(one["task"] for one in missing if "task" in one),
        ]
        handed = {str(ticket["tid"]) for ticket in tickets}
        self._remains(row, case, box, handed, any("Could not log out" in text for text in _warnings(result)))
        return row

    @staticmethod
    def _remains(row: Row, case: Case, box: FortiAnalyzer, handed: set[str], told: bool) -> None:
        """What is still on the appliance: by right, since somebody was told or nobody could know, or wrongly."""
        for task in box.live_tasks:
            if str(task.tid) in handed:
                row.left.append(HANDED_ON)
            elif task.settled:
                row.left.append(ID_LOST if task.reply_lost else NOT_DELETED)
        blamed = [problem for problem in box.check() if problem.startswith("session")]
        row.left += [TOLD_SESSION if told else NOT_TOLD for _problem in blamed]
        row.left += [SESSION_LOST] * (len(box.open_sessions) - len(blamed))
        row.wrong += [] if told else blamed
        for problem in box.check():
            tid = re.match(r"task (\d+) ", problem)
            if tid and tid[1] not in handed and case.name in ("session_idle", "stale_session"):
                row.left.append(NO_SESSION)
            elif problem not in blamed and not (tid and tid[1] in handed):
                row.left.append(re.sub(r"task \d+", "task ID", problem))
                row.wrong.append(problem)

    def _play(self, what: str, hosts: set[str] | None = None) -> dict[str, Any]:
        """Results by host, as a playbook shows them."""
        chosen = hosts if hosts is not None else set(self._boxes)
        if not chosen:
            return {}
        work = self._directory
        inventory = {"all": {"hosts": {host: self._variables(host) for host in sorted(chosen)}}}
        (work / "ansible.cfg").write_text(PATIENT)
        (work / "inventory.json").write_text(json.dumps(inventory))
        (work / "play.json").write_text(json.dumps(_playbook(what)))
        done = subprocess.run(
            [str(Path(sys.executable).parent / "ansible-playbook"), "-vvv", "-i", "inventory.json", "-f", str(FORKS), "play.json"],
            cwd=work, env=_environment(work), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
            check=False,
        )  # fmt: skip
        self._output += done.stdout + done.stderr
        told = ((host, json.loads(line)) for host, line in LINE.findall(done.stdout))
        outcomes = {host: line["outcome"] for host, line in told if "outcome" in line}
        if not outcomes:
            raise RuntimeError(f"{what}: no outcome\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return outcomes

    def _variables(self, host: str) -> dict[str, Any]:
        box, case = self._boxes[host], self._cases[list(self._boxes).index(host)]
        start, end = (dt.datetime.fromtimestamp(moment, dt.timezone.utc).isoformat() for moment in self._window)
        credentials = {
            "password": {"username": box.username, "password": box.password},
            "wrong_password": {"username": box.username, "password": "wr0ng-Passw0rd"},
            "key": {"api_token": box.api_token},
            "wrong_key": {"api_token": "wr0ng-key"},
        }[case.way]
        timeout = case.options.get("request_timeout", 60)
        found = {f"faz_{name}": value for name, value in credentials.items()}
        found |= {
            "faz_host": box.host,
            "faz_port": box.port,
            "faz_ca_path": box.ca_path,
            "faz_request_timeout": timeout,
        }
        found |= {"window": {"start": start, "end": end}, "wait_timeout": case.options.get("wait_timeout", 90)}
        found |= {"adom": case.options.get("adom", "root")}
        found |= {"tickets": self._tickets.get(host, [])}
        return found


def _playbook(what: str) -> list[dict[str, Any]]:
    if what == "threat_hunt":
        steps: list[dict[str, Any]] = [
            {
                "block": [
                    {"ansible.builtin.include_role": {"name": f"{NAME}threat_hunt"}, "vars": HUNT},
                    {"ansible.builtin.set_fact": {"outcome": HUNTED}},
                ],
                "rescue": [{"ansible.builtin.set_fact": {"outcome": "{{ ansible_failed_result }}"}}],
            }
        ]
    elif what == "threat_report":
        steps = [
            {
                "block": [
                    {f"{NAME}faz_fortiview_task": REPORTED, "register": "asked"},
                    {"ansible.builtin.include_role": {"name": f"{NAME}threat_report"}, "vars": REPORT},
                    {"ansible.builtin.set_fact": {"outcome": TOLD}},
                ],
                "rescue": [
                    {
                        "ansible.builtin.set_fact": {
                            "outcome": "{{ ansible_failed_result | combine({'failed_queries': asked.failed_queries | default([])}) }}"
                        }
                    }
                ],
            }
        ]
    elif what == "module_process":
        steps = [{**TASKS["faz_fortiview_task"], **ELSEWHERE, "register": "outcome", "ignore_errors": True}]
    else:
        steps = [{**TASKS[what], "register": "outcome", "ignore_errors": True}]
    defaults = {f"group/{NAME}fortiview": {name: "{{ faz_" + name + " | default(omit) }}" for name in CONNECTION}}
    return [
        {
            "hosts": "all", "connection": "local", "gather_facts": False, "strategy": "free", "module_defaults": defaults,
            "tasks": [*steps, {"ansible.builtin.debug": {"var": "outcome"}}],
        }
    ]  # fmt: skip


def _warnings(result: Any) -> list[str]:
    missing = [f"No address found for {one['threat']}." for one in result.get("missing", ())]
    return [*missing, *result.get("warnings", ())]


def _environment(work: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "FAZ_"))}
    return {
        **kept,
        "LC_ALL": "C.UTF-8",
        "no_proxy": "127.0.0.1",
        "ANSIBLE_HOME": str(work / "home"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
        "ANSIBLE_CALLBACK_FORMAT_PRETTY": "false",
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_PIPELINING": "true",
    }
