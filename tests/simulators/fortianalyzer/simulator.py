# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python interface: one FortiAnalyzer as a context manager."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

from .app import make_app
from .box import Box
from .clock import Clock, WallClock
from .events import EventLog
from .faults import Fault
from .inventory import Device
from .journal import Journal
from .server import HOST, Server
from .simulator_state import State
from .switches import Switches
from .tasks import Task

ADD, GET, DELETE = "add", "get", "delete"


class Simulator:
    """A FortiAnalyzer on 127.0.0.1; `directory` is where its certificates go, a temporary one by default."""

    def __init__(
        self,
        switches: Switches | None = None,
        clock: Clock | None = None,
        port: int = 0,
        anchor: float | None = None,
        directory: Path | None = None,
    ) -> None:
        given = switches or Switches()
        self.clock: Clock = clock or WallClock()
        anchored = int(anchor) if anchor is not None else int(self.clock.now()) // 3600 * 3600
        self._box = Box(given.copy(), self.clock, anchored)
        self._state = State(self._box, given.copy())
        self._server = Server(make_app(self._state), self._state.connections.protocol(), port, directory)
        self.host = HOST
        self.username, self.password = self._box.username, self._box.password
        self.api_token, self.cloud_token = self._box.api_token, self._box.cloud_token

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def ca_path(self) -> str:
        return str(self._server.directory / "ca.pem")

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

    @property
    def connections(self) -> int:
        return self._state.connections.count

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

    def check(self) -> list[str]:
        """What the clients so far should have done and did not."""
        return self._state.check()

    def reset(self) -> None:
        """Forget journal, tasks, sessions and faults; the switches return to those given."""
        self._state.reset()
