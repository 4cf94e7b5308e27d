# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves the application over TLS in a thread of its own."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, TypeVar

import uvicorn

from .certificates import write_certificates
from .connections import Connections

HOST = "127.0.0.1"
SelfT = TypeVar("SelfT", bound="Server")


class Server:
    """An application on 127.0.0.1, as a context manager; `directory` is where its certificates go, a temporary one by default."""

    def __init__(
        self, app: Any, connections: Connections, name: str, port: int = 0, directory: Path | None = None
    ) -> None:
        self.host = HOST
        self.name = name
        self.port = 0
        # 0 is any free one.
        self._wanted_port = port
        self._app = app
        self._protocol = connections.protocol()
        self._own_directory = TemporaryDirectory(prefix="simulator-") if directory is None else None
        self._directory = Path(self._own_directory.name) if self._own_directory else Path(str(directory))

    def __enter__(self: SelfT) -> SelfT:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def ca_path(self) -> str:
        return str(self._directory / "ca.pem")

    def start(self) -> None:
        certificates = write_certificates(self._directory, self.name)
        listener = _listener(self._wanted_port)
        self.port = listener.getsockname()[1]
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._app,
                http=self._protocol,
                ssl_certfile=str(certificates.chain),
                ssl_keyfile=str(certificates.key),
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                timeout_keep_alive=60,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name=self.name, daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the simulator did not start")
            time.sleep(0.002)

    def stop(self) -> None:
        self._server.should_exit = True
        # Connections that a client keeps open would hold it for a second.
        for connection in list(self._server.server_state.connections):
            connection.loop.call_soon_threadsafe(connection.transport.abort)
        self._thread.join(timeout=5)
        if self._own_directory is not None:
            self._own_directory.cleanup()


def _listener(port: int) -> socket.socket:
    # asyncio switches Nagle's algorithm off only where the protocol is spelled out: 40 ms for every reply otherwise.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(128)
    return listener
