# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each planned fault looks on the wire (contract sections 7 and 11)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .call import V3_TREES, speaks_live
from .faults import Fault
from .journal import Entry
from .simulator_state import State

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Login</title></head><body><form id='login'></form></body></html>"


async def before(fault: Fault, entry: Entry, state: State, body: Any) -> Response | None:
    """The reply that a fault gives instead of the appliance; None where the appliance still answers."""
    details = fault.details
    if fault.kind == "slow":
        await asyncio.sleep(float(details.get("seconds", 1.0)))
    if fault.kind == "stale_session":
        state.box.sessions.drop_all()
    if fault.kind in ("slow", "stale_session", "cut_after", "truncated"):
        return None
    if fault.kind == "cut_before":
        return Cut(state, entry)
    if fault.kind == "http":
        headers = {"Retry-After": str(details["retry_after"])} if "retry_after" in details else {}
        return _sent(entry, Response(details.get("body", ""), int(details.get("status", 503)), headers))
    if fault.kind == "redirect":
        headers = {"Location": str(details.get("location", "/elsewhere"))}
        return _sent(entry, Response("", int(details.get("status", 302)), headers))
    if fault.kind == "not_json":
        return _sent(entry, Response(LOGIN_PAGE, int(details.get("status", 200)), media_type="text/html"))
    return _sent(entry, _json(_body(fault, entry, state, body)))


def after(fault: Fault, entry: Entry, state: State, encoded: bytes) -> Response:
    """The appliance has done its work, but its reply does not arrive, or not all of it."""
    half = encoded[: len(encoded) // 2] if fault.kind == "truncated" else None
    return Cut(state, entry, half, len(encoded))


def _body(fault: Fault, entry: Entry, state: State, body: Any) -> Any:
    """Replies of a box that has not processed the request."""
    live = speaks_live(body, state.box.switches)
    is_v3 = (entry.url or "").strip("/").split("/")[0] in V3_TREES
    reply: dict[str, Any] = {"jsonrpc": "2.0"} if live and is_v3 else {}
    if isinstance(body, dict) and "id" in body:
        reply["id"] = body["id"]
    status = {"code": fault.details.get("code", -1), "message": fault.details.get("message", "Internal error")}
    if fault.kind == "error":
        return {**reply, "error": [status] if fault.details.get("as_list") else status}
    if fault.kind == "status":
        return {**reply, "result": {"status": status} if live and is_v3 else [{"status": status, "url": entry.url}]}
    if fault.kind == "json_list":
        return [1, "two", None]
    return reply


def _json(body: Any) -> Response:
    return Response(json.dumps(body).encode(), media_type="application/json")


def _sent(entry: Entry, response: Response) -> Response:
    entry.status = response.status_code
    entry.reply_text = bytes(response.body)
    return response


class Cut(Response):
    """No reply, or its first half, and then the end of the connection."""

    def __init__(self, state: State, entry: Entry, half: bytes | None = None, full_length: int = 0) -> None:
        super().__init__()
        self._state = state
        self._peer = entry.client
        self._half = half
        self._full_length = full_length

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._half is None:
            self._state.connections.abort(self._peer)
            return
        headers = [(b"content-type", b"application/json"), (b"content-length", str(self._full_length).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self._half, "more_body": True})
        self._state.connections.close(self._peer)
