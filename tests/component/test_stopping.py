# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module process that is stopped from outside leaves neither session nor task behind."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import typing as t

import pytest

from simulators.fortianalyzer import FortiAnalyzer, Switches

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULE = "ansible_collections.secops.fortiview.plugins.modules.faz_fortiview_task"
PATIENCE = 30.0


def wait_for(reached: t.Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def interruptible() -> t.Iterator[None]:
    """A shell lets what it runs in the background ignore SIGINT, and a process inherits that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_module_tidies_up(how: signal.Signals) -> None:
    with FortiAnalyzer(Switches(task_seconds=600.0)) as faz:
        options = {
            "host": faz.host,
            "port": faz.port,
            "ca_path": faz.ca_path,
            "username": faz.username,
            "password": faz.password,
            "view": "top-threats",
            "time_range": {"last": "24h"},
            "wait": True,
        }
        environment = dict(os.environ, PYTHONPATH=str(ROOT / ".build"))
        process = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdin
        process.stdin.write(json.dumps({"ANSIBLE_MODULE_ARGS": options}).encode())
        process.stdin.close()
        wait_for(lambda: len(faz.fetches) > 1)
        process.send_signal(how)
        assert process.wait(PATIENCE) != 0
        assert process.stdout and process.stderr
        output = process.stdout.read() + process.stderr.read()
        assert faz.password.encode() not in output
        assert faz.open_sessions == []
        assert faz.live_tasks == []
        assert faz.check() == []
