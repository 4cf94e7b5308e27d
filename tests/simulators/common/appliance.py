# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python interface that all appliances have: a context manager around a server."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

from .server import HOST, Server
from .state import State

SelfT = TypeVar("SelfT", bound="Appliance[Any]")
StateT = TypeVar("StateT", bound=State[Any])


class Appliance(Generic[StateT]):
    """One appliance on 127.0.0.1; `directory` is where its certificates go, a temporary one by default."""

    def __init__(self, state: StateT, app: Any, name: str, port: int, directory: Path | None) -> None:
        self._state = state
        self._server = Server(app=app, protocol=state.connections.protocol(), name=name, port=port, directory=directory)
        self.host = HOST

    def __enter__(self: SelfT) -> SelfT:
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
    def connections(self) -> int:
        return self._state.connections.count

    def check(self) -> list[str]:
        """What the clients so far should have done and did not."""
        return self._state.check()

    def reset(self) -> None:
        """Forget what the clients did; the switches return to those given."""
        self._state.reset()
