# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python interface that FortiAnalyzer and FortiGate have."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import control
from .clock import Clock
from .faults import Fault
from .server import Server
from .state import State

StateT = TypeVar("StateT", bound=State[Any, Any])
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


class SimulatedDevice(Server, ABC, Generic[StateT]):
    """A device with switches, planned faults, a journal and a control plane."""

    # What the control plane of this device has beyond that of all devices.
    CONTROL: ClassVar[control.Handlers] = {}

    def __init__(
        self,
        state: StateT,
        serve: Callable[[Request, StateT], Awaitable[Response]],
        name: str,
        port: int,
        directory: Path | None,
    ) -> None:
        self.state = state
        self._serve = serve
        app = Starlette(routes=[Route("/{path:path}", self._answer, methods=METHODS)])
        super().__init__(app, state.connections, name, port, directory)

    async def _answer(self, request: Request) -> Response:
        if request.url.path.startswith(control.PREFIX):
            return await control.answer(request, self, {**control.HANDLERS, **self.CONTROL})
        return await self._serve(request, self.state)

    @property
    def clock(self) -> Clock:
        return self.state.clock

    @property
    def connections(self) -> int:
        return self.state.connections.count

    def reset(self) -> None:
        """Forget what the clients did; the switches return to those given."""
        self.state.reset()

    @abstractmethod
    def fault(self, kind: str, method: str | None = None, **details: Any) -> Fault:
        """Plan a failure for the next matching calls."""

    @abstractmethod
    def check(self) -> list[str]:
        """What the clients so far should have done and did not."""

    @abstractmethod
    def describe(self) -> dict[str, Any]:
        """What GET /_simulator/state returns."""
