# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same two jobs done several ways, and what each way makes of ten faults: python -m benchmarks.comparison

Writes docs/docsite/rst/comparison.rst. Every way is a playbook that really runs against the simulators; what is right is counted in the
event log, or looked up on the box.
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
    ("a task that takes a while, with rows before its end", {"task_seconds": 3.0}, {}, "top-threats"),
    (
        "a task that is dropped when it is read early (7.6.7)",
        {"early_fetch_reaps": 1.0, "task_seconds": 2.5},
        {},
        "top-threats",
    ),
    ("HTTP 401 after idling", {}, {"kind": "http", "status": 401, "method": "get", "url": "fortiview"}, "top-threats"),
    ("an HTML page in place of a reply", {}, {"kind": "not_json", "method": "get", "url": "fortiview"}, "top-threats"),
    ("a redirect in place of a reply", {}, {"kind": "redirect", "method": "get", "url": "fortiview"}, "top-threats"),
    ("a FortiAnalyzer with another keyword for all devices", {"all_words": ["devname:All_Device"]}, {}, "top-threats"),
    ("addresses masked by the administrator's profile", {"masked_fields": ["srcip"]}, {}, "top-sources"),
]


@dataclass
class Run:
    code: int
    seconds: float
    output: str

    @property
    def said(self) -> str:
        found = re.findall(r'^fatal: .*?"msg": "(.*?)"[,}]', self.output, re.M)
        return str(found[-1]).replace("\\n", " ") if found else ""

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
    """Lines, requests and seconds; the ways take turns, so that a slow phase of the machine meets all alike."""
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
    # The first round pays for cold files.
    middle = {way: statistics.median(found[1:]) for way, found in seconds.items()}
    ours = middle[list(ways)[-1]]
    return [
        [job, title, str(_lines(way)), str(requests[way]), f"{middle[way]:.1f}", f"{middle[way] / ours:.1f}"]
        for way, title in ways.items()
    ]


def _lines(way: str) -> int:
    """Lines of YAML that somebody has to write: no comments, no empty ones."""
    lines = (FOLDER / f"{way}.yml").read_text().splitlines()
    return sum(1 for line in lines if line.strip() not in ("", "---") and not line.strip().startswith("#"))


def _fresh(box: Any, **switches: Any) -> None:
    box.reset()
    box.switches.restore(type(box.switches)())
    # By hand nobody asks the appliance for its zone: here it has the controller's.
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
        verdict += "; leaves its session" if "never logged out" in left else ""
        if "neither read" in left:
            verdict += (
                "; its task goes on, the ticket is in the error" if '"tasks": [' in run.output else "; leaves its task"
            )
        cells.append(verdict)
    return [title, cells[0], "has no way to ask", cells[1]]


def _judged(faz: FortiAnalyzer, run: Run, view: str) -> str:
    if run.code:
        return f"stops: {run.said[:140]}"
    if view == "top-sources":
        told = "masked" in run.output.lower() and "no real values" in run.output
        return (
            "rows with a warning that they are masked"
            if told
            else "**pseudonyms that look like addresses, as if they were real**"
        )
    told_rows = {row["threat"]: int(row["incidents"]) for row in run.rows}
    right = _truth(faz)
    return "the right rows" if told_rows == right else f"**{len(told_rows)} rows of {len(right)}, called a success**"


def _truth(faz: FortiAnalyzer) -> dict[str, int]:
    """Incidents by threat in the window that was asked for last, event by event."""
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
            return f"stops, {count} banned: {run.said[:140]}"
        return "all banned" if count == len(ADDRESSES) else f"**{count} of {len(ADDRESSES)} banned, called a success**"

    return ["a ban that takes all addresses but one", *map(judge, BAN)]


def _second(folder: Path, box: FortiGate) -> list[str]:
    def judge(way: str) -> str:
        _fresh(box)
        _play(folder, way, box)
        before = len(box.writes)
        run = _play(folder, way, box)
        count = len(box.writes) - before
        return f"{count or 'no'} {'write' if count == 1 else 'writes'}, {'changed' if run.changed else 'ok'}"

    return ["the same run a second time", *map(judge, BAN)]


def _check_mode(folder: Path, box: FortiGate) -> list[str]:
    def judge(way: str) -> str:
        _fresh(box)
        run = _play(folder, way, box, "--check")
        bans = f"**bans {len(box.bans())} addresses**" if box.bans() else "bans nothing"
        told = (
            f"fails: {run.said[:100]}"
            if run.code
            else "says changed"
            if run.changed
            else "says nothing of what would be done"
        )
        return f"{bans}, {told}"

    return ["check mode", *map(judge, BAN)]


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
    """What can be said of the official FortiAnalyzer collection on this machine."""
    if (ROOT / ".build" / "ansible_collections" / "fortinet" / "fortianalyzer").exists():
        return "``fortinet.fortianalyzer`` is installed, and this command has no playbook for it: it was not run."
    return "``fortinet.fortianalyzer`` is not installed here, so it was not run."


def _page(machine: str, costs: Sequence[Sequence[str]], table: Sequence[Sequence[str]]) -> str:
    return PAGE_TEXT.format(
        machine=machine,
        official=_official(),
        costs=_rows(costs),
        faults=_rows(table),
    )


def _rows(rows: Sequence[Sequence[str]]) -> str:
    """Rows of a list-table."""
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

``make comparison`` writes this page. It runs all of these playbooks (``tests/benchmarks/playbooks/comparison``) against
simulated devices. {official} ``fortinet.fortios`` is the real one.

{machine}
Compare the ratios: all variants alternate in one run, and each is a complete run of ``ansible-playbook`` with its
start-up. The seconds are the median of three.

.. list-table::
   :header-rows: 1

   * - job
     - way
     - lines of YAML
     - HTTP requests
     - seconds
     - of ours
{costs}

Ten faults
----------

The first seven rows are about the query, the others about the ban. The correct values were counted in the simulator's
event log, or read from the device. The playbook for ``uri`` polls and logs out correctly. With more lines it could
detect more of these faults.

.. list-table::
   :header-rows: 1

   * - fault
     - ``ansible.builtin.uri`` by hand
     - ``fortinet.fortios``
     - this collection
{faults}

Where the others are better
---------------------------

- The playbook by hand needs only Ansible itself. Every request is visible, and a call without a module is as easy as any other.
- One page or redirect in place of a reply does not affect ``until``, which always tries again. The modules stop, because a page usually means that
  the host is not a FortiAnalyzer. The task can still be read by the ticket in the error.
- A single ``uri`` call to ban is one request. ``fortigate_ban`` reads before and after, because a reply of success is not a proof. A run without
  faults would not need this time.
- ``fortinet.fortios`` is made and supported by the vendor, and covers all of FortiOS. On a FortiGate, this collection only blocks addresses.
- ``fortinet.fortios`` and ``uri`` block any address. ``fortigate_ban`` refuses private ones unless it is allowed to.
"""


if __name__ == "__main__":
    sys.exit(main())
