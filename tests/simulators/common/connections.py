# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP connections: counted, and cut where a fault wants it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

Peer = tuple[str, int]


@dataclass
class Use:
    """What one connection has carried."""

    requests: int = 0
    last: float = 0.0


class Connections:
    """The open connections by their peer, and how many there have been."""

    def __init__(self) -> None:
        self.count = 0
        self._transports: dict[Peer, asyncio.Transport] = {}
        self._uses: dict[Peer, Use] = {}

    def reset(self) -> None:
        self.count = 0

    def opened(self, peer: Peer, transport: asyncio.Transport) -> None:
        self.count += 1
        self._transports[peer] = transport
        self._uses[peer] = Use()

    def closed(self, peer: Peer) -> None:
        self._transports.pop(peer, None)
        self._uses.pop(peer, None)

    def use(self, peer: Peer) -> Use | None:
        return self._uses.get(peer)

    def abort(self, peer: Peer) -> None:
        """Cut at once, without a reply and without a farewell."""
        transport = self._transports.get(peer)
        if transport is not None:
            transport.abort()

    def close(self, peer: Peer) -> None:
        """Close after what has been written."""
        transport = self._transports.get(peer)
        if transport is not None:
            transport.close()

    def protocol(self) -> type[asyncio.Protocol]:
        """An HTTP protocol for uvicorn that reports its connections here."""
        registry = self

        class CountedProtocol(H11Protocol):
            def connection_made(self, transport: Any) -> None:
                super().connection_made(transport)
                self._peer: Peer = tuple(transport.get_extra_info("peername")[:2])
                registry.opened(self._peer, transport)

            def connection_lost(self, exc: Exception | None) -> None:
                registry.closed(self._peer)
                super().connection_lost(exc)

        return CountedProtocol
