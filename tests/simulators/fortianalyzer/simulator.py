# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python interface: one FortiAnalyzer as a context manager."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..common.clock import Clock, WallClock
from ..common.device import SimulatedDevice
from ..common.faults import Fault
from . import checks
from .alerts import AlertMark
from .app import serve
from .events import EventLog
from .incidents import Incidents
from .inventory import Device
from .journal import Journal
from .state import FortiAnalyzerState
from .switches import Switches
from .tasks import Task

ADD, GET, DELETE = "add", "get", "delete"


class FortiAnalyzer(SimulatedDevice[FortiAnalyzerState]):
    """A FortiAnalyzer on 127.0.0.1; `anchor` is the time that its event log is relative to, `password` that of its administrator."""

    def __init__(
        self,
        switches: Switches | None = None,
        clock: Clock | None = None,
        port: int = 0,
        anchor: float | None = None,
        directory: Path | None = None,
        password: str | None = None,
    ) -> None:
        clock = clock or WallClock()
        anchored = int(anchor) if anchor is not None else int(clock.now()) // 3600 * 3600
        state = FortiAnalyzerState((switches or Switches()).copy(), clock, anchored)
        if password is not None:
            state.password = password
        super().__init__(state, serve, "FortiAnalyzer simulator", port, directory)
        self.username, self.password = state.username, state.password
        self.api_token, self.cloud_token = state.api_token, state.cloud_token

    @property
    def url(self) -> str:
        return f"https://{self.host}:{self.port}/jsonrpc"

    @property
    def anchor(self) -> int:
        return self.state.anchor

    @property
    def switches(self) -> Switches:
        return self.state.switches

    @property
    def events(self) -> EventLog:
        return self.state.events

    @property
    def devices(self) -> tuple[Device, ...]:
        return self.state.devices

    @property
    def incidents(self) -> Incidents:
        return self.state.incidents

    @property
    def alert_marks(self) -> dict[str, AlertMark]:
        return self.state.alert_marks

    @property
    def journal(self) -> Journal:
        return self.state.journal

    @property
    def submits(self) -> list[dict[str, Any]]:
        return self.state.journal.params_of(ADD, "fortiview/")

    @property
    def fetches(self) -> list[dict[str, Any]]:
        return self.state.journal.params_of(GET, "fortiview/")

    @property
    def deletes(self) -> list[dict[str, Any]]:
        return self.state.journal.params_of(DELETE, "fortiview/")

    @property
    def open_sessions(self) -> list[str]:
        return self.state.sessions.open(self.state.now())

    @property
    def live_tasks(self) -> list[Task]:
        return self.state.tasks.live(self.state.now())

    def fault(
        self,
        kind: str,
        method: str | None = None,
        url: str | None = None,
        times: int = 1,
        after: int = 0,
        **details: Any,
    ) -> Fault:
        """Plan a failure for the next matching calls; `url` is a part of the rpc url or of the HTTP path."""
        return self.state.faults.add(kind, method, url, times, after, details)

    def check(self) -> list[str]:
        return checks.problems(self.state)

    def describe(self) -> dict[str, Any]:
        now = self.state.now()
        tasks = [
            {
                "tid": task.tid,
                "adom": task.query.scope.adom,
                "view": task.query.view.name,
                "percentage": task.percentage(now),
            }
            for task in self.live_tasks
        ]
        return {"open_sessions": self.open_sessions, "live_tasks": tasks}
