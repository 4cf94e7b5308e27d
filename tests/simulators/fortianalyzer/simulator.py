# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python interface: one FortiAnalyzer as a context manager."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..common.appliance import Appliance
from ..common.clock import Clock, WallClock
from ..common.faults import Fault
from .alerts import AlertMark
from .app import make_app
from .box import Box
from .events import EventLog
from .incidents import Incidents
from .inventory import Device
from .journal import Journal
from .simulator_state import FortiAnalyzerState
from .switches import Switches
from .tasks import Task

ADD, GET, DELETE = "add", "get", "delete"


class Simulator(Appliance[FortiAnalyzerState]):
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
        given = switches or Switches()
        self.clock: Clock = clock or WallClock()
        anchored = int(anchor) if anchor is not None else int(self.clock.now()) // 3600 * 3600
        self._box = Box(given.copy(), self.clock, anchored)
        if password is not None:
            self._box.password = password
        state = FortiAnalyzerState(self._box)
        super().__init__(state, make_app(state), "FortiAnalyzer simulator", port, directory)
        self.username, self.password = self._box.username, self._box.password
        self.api_token, self.cloud_token = self._box.api_token, self._box.cloud_token

    @property
    def url(self) -> str:
        return f"https://{self.host}:{self.port}/jsonrpc"

    @property
    def anchor(self) -> int:
        return self._box.anchor

    @property
    def switches(self) -> Switches:
        return self._box.switches

    @property
    def events(self) -> EventLog:
        return self._box.events

    @property
    def devices(self) -> tuple[Device, ...]:
        return self._box.devices

    @property
    def incidents(self) -> Incidents:
        return self._box.incidents

    @property
    def alert_marks(self) -> dict[str, AlertMark]:
        return self._box.alert_marks

    @property
    def journal(self) -> Journal:
        return self._box.journal

    @property
    def submits(self) -> list[dict[str, Any]]:
        return self._box.journal.params_of(ADD, "fortiview/")

    @property
    def fetches(self) -> list[dict[str, Any]]:
        return self._box.journal.params_of(GET, "fortiview/")

    @property
    def deletes(self) -> list[dict[str, Any]]:
        return self._box.journal.params_of(DELETE, "fortiview/")

    @property
    def open_sessions(self) -> list[str]:
        return self._box.sessions.open(self._box.now())

    @property
    def live_tasks(self) -> list[Task]:
        return self._box.tasks.live(self._box.now())

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
        return self._state.fault(kind, method, url, times, after, **details)
