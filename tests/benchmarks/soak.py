# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A long day: python -m benchmarks.soak [--runs 1000] [--playbooks 25] [--minutes 30] [--interval 10]

Memory of the client, sessions and tasks on the appliance, over many runs of the modules' own operations in one process, a
sample of playbooks, and a rulebook that polls. Exit code 1 when something grows or stays behind.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
from ansible_collections.secops.fortiview.plugins.module_utils._glue import arguments
from ansible_collections.secops.fortiview.plugins.module_utils._glue.operations import find, read, submit
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import Context

from .machine import describe, load
from .playbooks import Runner, Trees
from .report import Failed, Figure, Report, as_text
from .simulated import SimulatedFortiAnalyzer

MB = 1e6
# What may be added after the first tenth, when everything has been loaded and every cache is full: MB.
MOST_GROWTH = 8.0
THREAT = "Apache.Log4j.Error.Log.Remote.Code.Execution"
RULEBOOK = """
- name: Watch
  hosts: all
  sources:
    - secops.fortiview.fortiview: {{view: top-threats, limit: 100, interval: {interval}, window: 86400}}
  rules:
    - name: Print
      condition: event.kind is defined
      action:
        debug:
          msg: "seen {{{{ event.kind }}}}"
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="runs of modules in one process")
    parser.add_argument("--playbooks", type=int, default=25, help="runs of ansible-playbook")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long the rulebook runs")
    parser.add_argument("--interval", type=float, default=10.0, help="seconds between two polls of the rulebook")
    given = parser.parse_args()
    print(", ".join(f"{name} {value}" for name, value in describe().items()), flush=True)
    reports = []
    for part in (
        lambda directory: _runs(directory, given.runs),
        lambda directory: _playbooks(directory, given.playbooks),
        lambda directory: _rulebook(directory, given.minutes, given.interval),
    ):
        with tempfile.TemporaryDirectory(prefix="soak-") as directory:
            before = load()
            reports.append(part(Path(directory)))
        print(f"\n{as_text(reports[-1])}\nload average before {before:.2f}, after {load():.2f}", flush=True)
    return 1 if any(figure.missed for report in reports for figure in report.figures) else 0


def _runs(directory: Path, count: int) -> Report:
    """Submit and wait, submit and read, find sources, in turn: each with a login of its own, as a module has."""
    with SimulatedFortiAnalyzer(directory) as fortianalyzer:
        me, box = psutil.Process(), psutil.Process(fortianalyzer.process.pid)
        memory, left, requests = [], 0, 0
        started = time.monotonic()
        tenth = max(1, count // 10)
        for number in range(count):
            _operation(number % 3, fortianalyzer.settings)
            if (number + 1) % tenth == 0:
                memory.append(me.memory_info().rss / MB)
                requests += fortianalyzer.requests()
                left = max(left, _left(fortianalyzer))
                fortianalyzer.assert_clean()
                fortianalyzer.reset()
        seconds = time.monotonic() - started
        theirs = box.memory_info().rss / MB
    return Report(
        f"{count} runs of modules in one process",
        [
            Figure("all runs", seconds),
            Figure("requests", requests, "requests"),
            *_memory("client", memory),
            Figure("simulator: memory at the end", theirs, "MB"),
            Figure("sessions and tasks left, most of ten checks", left, "", 0),
            Figure("open files of the client at the end", me.num_fds(), "", 64),
        ],
    )


def _operation(which: int, settings: dict[str, Any]) -> None:
    context = Context()
    asked = {"view": "top-threats", "time_range": {"last": "24h"}, "limit": 1000}
    if which == 0:
        rows = submit(_options(arguments.task_arguments(), settings, wait=True, **asked), context)["result"]["rows"]
    elif which == 1:
        tickets = submit(_options(arguments.task_arguments(), settings, **asked), context)["tasks"]
        rows = read(_options(arguments.result_arguments(), settings, tasks=tickets, delete=True), context)["result"][
            "rows"
        ]
    else:
        options = _options(arguments.sources_arguments(), settings, threats=[THREAT], time_range={"last": "24h"})
        rows = find(options, context)["offenders"]
    if not rows:
        raise Failed("an operation brought nothing")


def _options(spec: dict[str, Any], settings: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Parameters with the defaults that Ansible would fill in."""
    options = spec["argument_spec"]
    defaults = {name: option.get("default") for name, option in options.items()}
    return {**defaults, **settings, **given}


def _playbooks(directory: Path, count: int) -> Report:
    trees, runner = Trees(directory), Runner(directory)
    with SimulatedFortiAnalyzer(directory) as fortianalyzer:
        walls, left = [], 0
        for dummy in range(count):
            walls.append(runner.seconds("query", trees.whole, fortianalyzer.settings))
            left = max(left, _left(fortianalyzer))
        fortianalyzer.assert_clean()
    return Report(
        f"{count} runs of ansible-playbook",
        [
            Figure("one run, median", statistics.median(walls)),
            Figure("the last five over the first five", sum(walls[-5:]) / sum(walls[:5]), ""),
            Figure("sessions and tasks left, most of all runs", left, "", 0),
        ],
    )


def _rulebook(directory: Path, minutes: float, interval: float) -> Report:
    (directory / "watch.yml").write_text(RULEBOOK.format(interval=interval))
    with SimulatedFortiAnalyzer(directory) as fortianalyzer:
        environment = {f"FAZ_{name.upper()}": str(value) for name, value in fortianalyzer.settings.items()}
        with (directory / "log").open("w") as log:
            process = subprocess.Popen(
                [str(Path(sys.executable).parent / "ansible-rulebook"), "--rulebook", "watch.yml"],
                cwd=directory, env={**os.environ, **environment, "HOME": str(directory)}, stdout=log, stderr=log,
            )  # fmt: skip
        memory: list[float] = []
        most = 0
        try:
            _until(lambda: fortianalyzer.submits() >= 1, process, directory / "log")
            started = time.monotonic()
            while time.monotonic() - started < minutes * 60:
                time.sleep(min(interval, 10.0))
                if process.poll() is not None:
                    raise Failed(f"ansible-rulebook ended: {(directory / 'log').read_text()[-2000:]}")
                memory.append(psutil.Process(process.pid).memory_info().rss / MB)
                state = fortianalyzer.state()
                most = max(most, len(state["open_sessions"]) + len(state["live_tasks"]))
            polls, requests = fortianalyzer.submits(), fortianalyzer.requests()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(120)
        left = _left(fortianalyzer)
        fortianalyzer.assert_clean()
    return Report(
        f"A rulebook for {minutes:g} minutes, polling every {interval:g} s",
        [
            Figure("polls", polls, "polls"),
            Figure("requests for one poll", requests / polls, "requests", 8),
            *_memory("rulebook", memory),
            Figure("sessions and tasks at one time, most", most, "", 2),
            Figure("sessions and tasks left after the end", left, "", 0),
        ],
    )


def _memory(whose: str, samples: Sequence[float]) -> list[Figure]:
    """The first tenth is warming up; after that the later half is held against the earlier one."""
    steady = samples[max(1, len(samples) // 10) :]
    half = len(steady) // 2
    growth = statistics.median(steady[half:]) - statistics.median(steady[:half])
    return [
        Figure(f"{whose}: memory after warming up", steady[0], "MB"),
        Figure(f"{whose}: memory at the end", steady[-1], "MB"),
        Figure(f"{whose}: growth between the halves", growth, "MB", MOST_GROWTH),
    ]


def _left(fortianalyzer: SimulatedFortiAnalyzer) -> int:
    state = fortianalyzer.state()
    return len(state["open_sessions"]) + len(state["live_tasks"])


def _until(reached: Any, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    while not reached():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Failed(f"no poll: {log.read_text()[-2000:]}")
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
