# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A time limit for a whole exchange. The timeout of `requests` limits only a single receive, so a device that sends its
headers slowly could block the caller forever."""

from __future__ import annotations

import contextlib
import socket
import threading
import typing as t

if t.TYPE_CHECKING:
    import requests
    import urllib3


class Deadline:
    """Records the connection that a session uses, and shuts it down if an exchange exceeds its time limit.

    It handles one exchange at a time. `passed` is True if the time limit ended the latest exchange.
    """

    def __init__(self) -> None:
        self.passed = False
        self._connection: t.Any = None

    @property
    def connected(self) -> bool:
        """Whether the latest connection was established and its TLS handshake completed."""
        return self._connection is not None

    def watch(self, session: requests.Session) -> None:
        """Mount an adapter that records the connection in use."""
        import requests.adapters
        import urllib3.connection
        import urllib3.connectionpool

        deadline = self

        class Connection(urllib3.connection.HTTPSConnection):
            def connect(self) -> None:
                deadline._connection = None
                super().connect()
                deadline._connection = self

        class Pool(urllib3.connectionpool.HTTPSConnectionPool):
            ConnectionCls = Connection

        def watched(manager: urllib3.PoolManager) -> urllib3.PoolManager:
            manager.pool_classes_by_scheme = dict(manager.pool_classes_by_scheme, https=Pool)
            return manager

        class Adapter(requests.adapters.HTTPAdapter):
            def init_poolmanager(self, *args: t.Any, **options: t.Any) -> None:
                super().init_poolmanager(*args, **options)
                watched(self.poolmanager)

            def proxy_manager_for(self, *args: t.Any, **options: t.Any) -> t.Any:
                return watched(super().proxy_manager_for(*args, **options))

        session.mount("https://", Adapter())

    @contextlib.contextmanager
    def within(self, seconds: float) -> t.Iterator[None]:
        """Limit the exchange in this context to `seconds`. After this time, a read raises an error or returns as if the
        peer had closed the connection."""
        self.passed = False
        timer = threading.Timer(seconds, self._shut_down)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _shut_down(self) -> None:
        self.passed = True
        found = getattr(self._connection, "sock", None)
        # Through an https proxy, TLS runs inside TLS. The object for this is not a socket but contains a socket.
        found = getattr(found, "socket", found)
        if isinstance(found, socket.socket):
            with contextlib.suppress(OSError):
                # The method of the TLS socket is not used, because the socket would then read without decryption.
                socket.socket.shutdown(found, socket.SHUT_RDWR)
