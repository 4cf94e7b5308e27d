# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares variants of two jobs, and how each variant handles ten faults: python -m benchmarks.comparison

Writes docs/docsite/rst/comparison.rst. Each variant is a playbook that runs against the simulators. The correct values are counted in the
event log of the simulated FortiAnalyzer, or read from the simulated FortiGate.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acceptance.blocking.fleet import CONNECTION
from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortigate import FortiGate

from .machine import load, sentence
from .playbooks import HERE, ROOT

PAGE = ROOT / "docs" / "docsite" / "rst" / "comparison.rst"
FOLDER = HERE / "playbooks" / "comparison"
ADDRESSES = [f"203.0.113.{number}" for number in range(101, 111)]
ROUNDS = 3
QUERY = {"query_uri": "``ansible.builtin.uri`` by hand", "query_fortiview": "this collection"}
BAN = {
    "ban_uri": "``ansible.builtin.uri`` by hand",
    "ban_fortios": "``fortinet.fortios``",
    "ban_fortiview": "this collection",
}
# Name, switches, fault, view.
FAULTS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("A task that returns rows before it has completed", {"task_seconds": 3.0}, {}, "top-threats"),
    (
        "A task that FortiAnalyzer deletes if it is read early (7.6.7)",
        {"early_fetch_reaps": 1.0, "task_seconds": 2.5},
        {},
        "top-threats",
    ),
    (
        "HTTP 401 after an idle time",
        {},
        {"kind": "http", "status": 401, "method": "get", "url": "fortiview"},
        "top-threats",
    ),
    ("An HTML page instead of a reply", {}, {"kind": "not_json", "method": "get", "url": "fortiview"}, "top-threats"),
    ("A redirect instead of a reply", {}, {"kind": "redirect", "method": "get", "url": "fortiview"}, "top-threats"),
    (
        "A FortiAnalyzer that uses another keyword for all devices",
        {"all_words": ["devname:All_Device"]},
        {},
        "top-threats",
    ),
    ("Addresses masked by the administrator's profile", {"masked_fields": ["srcip"]}, {}, "top-sources"),
]


@dataclass
class Run:
    code: int
    seconds: float
    output: str

    @property
    def said(self) -> str:
        """The error message on one line, cut if it is long."""
        found = re.findall(r'^fatal: .*?"msg": ("(?:[^"\\]|\\.)*")', self.output, re.M)
        return textwrap.shorten(json.loads(found[-1]), 140, placeholder=" …") if found else ""

    @property
    def rows(self) -> list[dict[str, Any]]:
        for line in re.findall(r"^ok: \[localhost\] => (\{.*\})$", self.output, re.M):
            for value in json.loads(line).values():
                if isinstance(value, list):
                    return value
        return []

    @property
    def changed(self) -> bool:
        return re.search(r"changed=[1-9]", self.output) is not None


def main() -> int:
    machine = sentence()
    with tempfile.TemporaryDirectory(prefix="comparison-") as name:
        folder = Path(name)
        with FortiAnalyzer() as faz, FortiGate() as box:
            costs = [
                *_costs(folder, "Top threats of 24 hours", QUERY, faz),
                *_costs(folder, "Ten addresses banned", BAN, box),
            ]
            table = [_query_fault(folder, faz, *fault) for fault in FAULTS]
            table += [_partial(folder, box), _second(folder, box), _check_mode(folder, box)]
    PAGE.write_text(_page(f"{machine} The load average was {load():.1f}.", costs, table))
    print(PAGE.read_text())
    return 0


def _costs(folder: Path, job: str, ways: dict[str, str], box: Any) -> list[list[str]]:
    """Lines, requests and seconds of each variant. The variants alternate, so that a slow phase of the machine affects all of them."""
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    requests = {}
    for dummy in range(ROUNDS + 1):
        for way in ways:
            _fresh(box)
            run = _play(folder, way, box)
            if run.code:
                raise SystemExit(f"{way} failed:\n{run.output}")
            seconds[way].append(run.seconds)
            requests[way] = len(box.journal)
    # The first round is not counted, because it reads files that are not in the cache yet.
    middle = {way: statistics.median(found[1:]) for way, found in seconds.items()}
    ours = middle[list(ways)[-1]]
    return [
        [job, title, str(_lines(way)), str(requests[way]), f"{middle[way]:.1f}", f"{middle[way] / ours:.1f}"]
        for way, title in ways.items()
    ]


def _lines(way: str) -> int:
    """The number of lines of YAML in the playbook, without comments and empty lines."""
    lines = (FOLDER / f"{way}.yml").read_text().splitlines()
    return sum(1 for line in lines if line.strip() not in ("", "---") and not line.strip().startswith("#"))


def _fresh(box: Any, **switches: Any) -> None:
    box.reset()
    box.switches.restore(type(box.switches)())
    # The playbook by hand does not read the time zone of FortiAnalyzer, so the simulator has the time zone of the controller.
    box.switches.update({"time_zone": "UTC", **switches} if isinstance(box, FortiAnalyzer) else switches)


def _query_fault(
    folder: Path, faz: FortiAnalyzer, title: str, switches: dict[str, Any], fault: dict[str, Any], view: str
) -> list[str]:
    cells = []
    for way in QUERY:
        _fresh(faz, **switches)
        if fault:
            faz.fault(**fault)
        run = _play(folder, way, faz, view=view, field="incidents" if view == "top-threats" else "sessions")
        verdict = _judged(faz, run, view)
        left = "; ".join(faz.check())
        verdict += "; does not log out" if "never logged out" in left else ""
        if "neither read" in left:
            verdict += (
                "; the task still runs, and the error contains the ticket"
                if '"tasks": [' in run.output
                else "; the task still runs"
            )
        cells.append(verdict)
    return [title, cells[0], "not applicable", cells[1]]


def _judged(faz: FortiAnalyzer, run: Run, view: str) -> str:
    if run.code:
        return f"fails: {run.said}"
    if view == "top-sources":
        told = "masked" in run.output.lower() and "no real values" in run.output
        return (
            "rows with a warning that they are masked"
            if told
            else "**pseudonyms that look like addresses, without a warning**"
        )
    told_rows = {row["threat"]: int(row["incidents"]) for row in run.rows}
    right = _truth(faz)
    return (
        "the correct rows"
        if told_rows == right
        else f"**{len(told_rows)} rows of {len(right)}, reported as a success**"
    )


def _truth(faz: FortiAnalyzer) -> dict[str, int]:
    """Incidents by threat in the time range of the last query, counted from the events."""
    asked = faz.submits[-1]["time-range"]
    start, end = (
        dt.datetime.fromisoformat(asked[name]).replace(tzinfo=dt.timezone.utc).timestamp() for name in ("start", "end")
    )
    sums: Counter[str] = Counter()
    for event in faz.events.of("root"):
        if event.threat and start <= event.time <= end and event.itime <= end:
            sums[event.threat] += event.incidents
    return dict(sums)


def _partial(folder: Path, box: FortiGate) -> list[str]:
    def judge(way: str) -> str:
        _fresh(box)
        box.fault("partial", missing=1)
        run = _play(folder, way, box)
        count = len(box.bans())
        if run.code:
            return f"fails, {count} banned: {run.said}"
        return (
            "all banned"
            if count == len(ADDRESSES)
            else f"**{count} of {len(ADDRESSES)} banned, reported as a success**"
        )

    return ["A ban that omits one address", *map(judge, BAN)]


def _second(folder: Path, box: FortiGate) -> list[str]:
    def judge(way: str) -> str:
        _fresh(box)
        _play(folder, way, box)
        before = len(box.writes)
        run = _play(folder, way, box)
        count = len(box.writes) - before
        return f"{count or 'no'} {'write' if count == 1 else 'writes'}, {'changed' if run.changed else 'ok'}"

    return ["A second run", *map(judge, BAN)]


def _check_mode(folder: Path, box: FortiGate) -> list[str]:
    def judge(way: str) -> str:
        _fresh(box)
        run = _play(folder, way, box, "--check")
        bans = f"**bans {len(box.bans())} addresses**" if box.bans() else "bans no address"
        told = f"fails: {run.said}" if run.code else "reports a change" if run.changed else "reports no change"
        return f"{bans}, {told}"

    return ["Check mode", *map(judge, BAN)]


def _play(folder: Path, way: str, box: Any, *arguments: str, **variables: Any) -> Run:
    given: dict[str, Any] = {"addresses": ADDRESSES, "view": "top-threats", "field": "incidents", **variables}
    hosts: dict[str, Any] = {"localhost": {"ansible_connection": "local"}}
    if isinstance(box, FortiGate):
        told = {"ansible_host": box.host, "ansible_httpapi_port": box.port, "ansible_httpapi_ca_path": box.ca_path}
        hosts["fortigate"] = {**CONNECTION, **told, "fortigate_token": box.token}
    else:
        given["box"] = {name: getattr(box, name) for name in ("host", "port", "ca_path", "username", "password")}
    (folder / "inventory.json").write_text(json.dumps({"all": {"hosts": hosts}}))
    (folder / "variables.json").write_text(json.dumps(given))
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "inventory.json", "-e", "@variables.json"]
    started = time.monotonic()
    done = subprocess.run(
        [*command, *arguments, str(FOLDER / f"{way}.yml")],
        cwd=folder, env=_environment(folder), capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    return Run(done.returncode, time.monotonic() - started, done.stdout + done.stderr)


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "FAZ_"))}
    return {
        **kept,
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "no_proxy": "127.0.0.1",
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
        "ANSIBLE_PERSISTENT_CONTROL_PATH_DIR": str(folder / "pc"),
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
        "ANSIBLE_CALLBACK_FORMAT_PRETTY": "false",
        "ANSIBLE_NOCOLOR": "true",
    }


def _official() -> str:
    """A sentence about the FortiAnalyzer collection of the vendor on this machine."""
    if (ROOT / ".build" / "ansible_collections" / "fortinet" / "fortianalyzer").exists():
        return "``fortinet.fortianalyzer`` is installed, but was not run, because this command has no playbook for it."
    return "``fortinet.fortianalyzer`` is not installed on this machine, so it was not run."


def _page(machine: str, costs: Sequence[Sequence[str]], table: Sequence[Sequence[str]]) -> str:
    return PAGE_TEXT.format(
        machine=machine,
        official=_official(),
        costs=_rows(costs),
        faults=_rows(table),
    )


def _rows(rows: Sequence[Sequence[str]]) -> str:
    """The rows of a list-table."""
    return "\n".join("   * - " + "\n     - ".join(map(_cell, row)) for row in rows)


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


PAGE_TEXT = """..
  Copyright (c) 2026, secops.fortiview contributors
  GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

.. _ansible_collections.secops.fortiview.docsite.comparison:

Comparison: the same job in three variants
==========================================

``make comparison`` writes this page. It runs the playbooks in ``tests/benchmarks/playbooks/comparison`` against
simulated devices. {official} ``fortinet.fortios`` is the official collection of Fortinet.

{machine}
Compare the ratios rather than the seconds. All variants alternate in the same run. Each measurement is a complete run of
``ansible-playbook``, including its start, and the table contains the median of three measurements.

.. list-table::
   :header-rows: 1

   * - Job
     - Variant
     - Lines of YAML
     - HTTP requests
     - Seconds
     - Time relative to this collection
{costs}

Ten faults and runs
-------------------

The first seven rows are about the query, and the last three rows are about the ban. The correct values were counted in
the event log of the simulated FortiAnalyzer, or read from the simulated FortiGate. The playbook with ``uri`` polls and
logs out correctly. A longer playbook could detect more of these faults.

.. list-table::
   :header-rows: 1

   * - Fault or run
     - ``ansible.builtin.uri`` by hand
     - ``fortinet.fortios``
     - this collection
{faults}

Advantages of the other variants
--------------------------------

- The hand-written playbook needs only Ansible itself. Every request is visible in the playbook. The playbook can send
  requests for which no module exists.
- A single HTML page or redirect instead of a reply does not affect the hand-written playbook, because ``until``
  always tries again. The modules of this collection fail, because an HTML page usually means that the host is not a
  FortiAnalyzer. You can still read the task with the ticket in the error.
- A ban with ``uri`` is a single request. ``fortigate_ban`` also reads the bans before and after this request, because
  a successful reply does not prove that the ban exists. These additional requests take time, even if no fault
  occurs.
- Fortinet develops and supports ``fortinet.fortios``, which covers all of FortiOS. On a FortiGate, this
  collection only blocks addresses.
- ``fortinet.fortios`` and ``uri`` can ban any address. ``fortigate_ban`` refuses private addresses unless the option
  ``allow_private`` is set.
"""


if __name__ == "__main__":
    sys.exit(main())
