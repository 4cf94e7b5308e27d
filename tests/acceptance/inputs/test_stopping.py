# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that is ended from outside, at any moment, leaves neither a task nor a session on FortiAnalyzer."""

from __future__ import annotations

import os
import signal
import time
import typing as t

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support.playbooks import TARGETS, Controller

MODULE = "secops.fortiview.faz_fortiview_task"
PATIENCE = 60.0
QUERY: dict[str, t.Any] = {"name": "Ask", MODULE: {"view": "top-threats", "time_range": {"last": "24h"}, "wait": True}}
# A signal that comes while the appliance is still answering one of these.
MOMENTS = {"login": "/sys/login/user", "submit": "fortiview", "poll": None, "delete": "fortiview"}


def wait_for(reached: t.Callable[[], t.Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def begun(faz: FortiAnalyzer, kind: str) -> t.Callable[[], bool]:
    """Whether the appliance has received the call."""
    method = {"login": "exec", "submit": "add", "delete": "delete"}[kind]
    return lambda: any(call.method == method for call in list(faz.journal))


@pytest.fixture(autouse=True)
def interruptible() -> t.Iterator[None]:
    """A shell lets what it runs in the background ignore SIGINT, and a process inherits that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("method", ["in-process", "module"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["login", "submit", "poll"])
def test_signals(controller: Controller, faz: FortiAnalyzer, method: str, number: signal.Signals, moment: str) -> None:
    """As Ctrl-C does it, and a service manager: to the whole process group."""
    faz.switches.task_seconds = 600.0
    if moment != "poll":
        faz.fault("slow", url=MOMENTS[moment], method="add" if moment == "submit" else None, seconds=3)
    task = QUERY if method == "in-process" else {**QUERY, "vars": {"ansible_connection": "own_process"}}
    plugins = str(TARGETS / "setup_own_process" / "connection_plugins")
    play = [{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]
    started = controller.start(str(controller.write("play.yml", play)), ANSIBLE_CONNECTION_PLUGINS=plugins)
    try:
        wait_for((lambda: len(faz.fetches) > 1) if moment == "poll" else begun(faz, moment), "the moment never came")
        os.killpg(started.process.pid, number)
        run = started.wait()
    finally:
        started.process.kill()
    assert run.code != 0
    wait_for(lambda: not faz.open_sessions and not faz.live_tasks, "something was left behind")
    assert faz.password not in run.output


@pytest.mark.parametrize("slow", [None, "login", "submit"])
def test_the_keyword_timeout(controller: Controller, faz: FortiAnalyzer, slow: str | None) -> None:
    faz.switches.task_seconds = 600.0
    if slow:
        faz.fault("slow", url=MOMENTS[slow], method="add" if slow == "submit" else None, seconds=4)
    run = controller.tasks([{**QUERY, "timeout": 2}])
    assert run.code != 0
    wait_for(lambda: not faz.open_sessions and not faz.live_tasks, "something was left behind")


def test_async_leaves_no_session_and_hands_over_the_ticket(controller: Controller, faz: FortiAnalyzer) -> None:
    """async ends a module process by SIGKILL, so it has to end before."""
    faz.switches.task_seconds = 600.0
    run = controller.tasks([{**QUERY, "async": 12, "poll": 1}])
    assert run.code != 0
    assert "wait_timeout" in run.said
    wait_for(lambda: not faz.open_sessions, "a session was left open")
    assert [task["tid"] for task in run.failure["tasks"]] == [task.tid for task in faz.live_tasks]
