# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies as they leave: noted in the journal, or lost on the way."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from . import odd_text
from .connections import Connections
from .faults import Fault
from .journal import HttpEntry

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Login</title></head><body><form id='login'></form></body></html>"
TRANSPORT_FAULTS = frozenset("http redirect not_json truncated cut_before cut_after slow".split())


async def before(fault: Fault, entry: HttpEntry, connections: Connections) -> Response | None:
    """What a fault of the transport sends instead of the device; None where the device still answers."""
    details = fault.details
    if fault.kind == "slow":
        await asyncio.sleep(float(details.get("seconds", 1.0)))
    if fault.kind == "cut_before":
        return Cut(connections, entry)
    if fault.kind == "http":
        headers = {"Retry-After": str(details["retry_after"])} if "retry_after" in details else {}
        return sent(entry, Response(details.get("body", ""), int(details.get("status", 503)), headers))
    if fault.kind == "redirect":
        headers = {"Location": str(details.get("location", "/elsewhere"))}
        return sent(entry, Response("", int(details.get("status", 302)), headers))
    if fault.kind == "not_json":
        return sent(entry, Response(LOGIN_PAGE, int(details.get("status", 200)), media_type="text/html"))
    return None


def after(fault: Fault, entry: HttpEntry, connections: Connections, encoded: bytes) -> Response | None:
    """The device has done its work, but its reply does not arrive, or not all of it."""
    if fault.kind == "empty_body":
        return sent(entry, Response(b"", 200, media_type="application/json"))
    if fault.kind not in ("cut_after", "truncated"):
        return None
    half = encoded[: len(encoded) // 2] if fault.kind == "truncated" else None
    return Cut(connections, entry, half, len(encoded))


def json_response(body: Any, status: int = 200) -> Response:
    return Response(odd_text.encoded(body), status, media_type="application/json")


def sent(entry: HttpEntry, response: Response) -> Response:
    """Note in the journal what leaves."""
    entry.status = response.status_code
    entry.reply_text = bytes(response.body)
    return response


class Cut(Response):
    """No reply, or its first half, and then the end of the connection."""

    def __init__(
        self, connections: Connections, entry: HttpEntry, half: bytes | None = None, full_length: int = 0
    ) -> None:
        super().__init__()
        self._connections = connections
        self._peer = entry.client
        self._half = half
        self._full_length = full_length

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._half is None:
            self._connections.abort(self._peer)
            return
        headers = [(b"content-type", b"application/json"), (b"content-length", str(self._full_length).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self._half, "more_body": True})
        self._connections.close(self._peer)
