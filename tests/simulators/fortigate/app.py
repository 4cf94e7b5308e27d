# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests to a FortiGate: login and API (protocol_fortigate.rst, "HTTP requests")."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..common import wire
from ..common.faults import Fault
from ..common.journal import parsed
from . import envelope, http_faults, keep_alive, login, passing, several_vdoms
from .call import Answer, Call, read_call
from .dispatch import dispatch
from .errors import ApiError
from .journal import Entry
from .state import FortiGateState


async def serve(request: Request, state: FortiGateState) -> Response:
    """Journal the request, apply a fault if one is due, else let the FortiGate answer."""
    # By content: the official modules send JSON as application/x-www-form-urlencoded.
    body = parsed(await request.body())
    call = read_call(request, body)
    entry = Entry.of(request, state.now(), body, vdom=_vdom(call))
    state.journal.append(entry)
    if keep_alive.is_gone(state, entry):
        entry.fault = "connection_gone"
        return wire.Cut(state.connections, entry)
    if not passing.reaches_api(state):
        entry.fault = "local_in"
        return wire.Cut(state.connections, entry)
    return keep_alive.answered(state, entry, await _served(request, state, entry, call))


async def _served(request: Request, state: FortiGateState, entry: Entry, call: Call | None) -> Response:
    if state.switches.latency:
        await asyncio.sleep(state.switches.latency)
    fault = state.faults.take(request.method, entry.place)
    if fault is not None:
        entry.fault = fault.kind
        instead = await http_faults.before(fault, entry, state, call)
        if instead is not None:
            return instead
    with http_faults.meanwhile(fault, state), http_faults.other_switches(fault, state):
        response = await _answer(state, request, entry, call, fault)
    return await _deliver(response, entry, state, fault)


async def _answer(
    state: FortiGateState, request: Request, entry: Entry, call: Call | None, fault: Fault | None
) -> Response:
    path = request.url.path.rstrip("/")
    response = login.serve(state, request.method, path, request.headers, entry.body)
    if response is not None:
        return response
    if call is None:
        return wire.json_response({"status": "error", "http_status": 404}, 404)
    call.fault = fault
    try:
        entry.admin = call.admin = state.admins.authenticate(call, request.headers, state.now())
        allowed = state.admins.vdoms_of(entry.admin)
        if call.first("vdom") is None and not call.in_global and allowed:
            # Who names no VDOM is answered in his own.
            call.vdom = entry.vdom = allowed[0]
        asked = several_vdoms.asked(state, call)
        if asked is not None:
            return wire.json_response(await several_vdoms.answered(state, call, entry.admin, asked))
        state.admins.authorize(entry.admin, call)
        answer = dispatch(state, call)
        if not isinstance(answer, Answer):
            answer = await answer
        return wire.json_response(envelope.success(state, call, answer))
    except ApiError as error:
        if error.html:
            return Response(envelope.FORBIDDEN_PAGE, error.status, media_type="text/html")
        return wire.json_response(envelope.refusal(state, call, error), error.status)


async def _deliver(response: Response, entry: Entry, state: FortiGateState, fault: Fault | None) -> Response:
    if fault is not None:
        lost = wire.after(fault, entry, state.connections, bytes(response.body))
        if lost is not None:
            return lost
    wire.sent(entry, response)
    if fault is not None and fault.kind == "delay":
        # The work is done, but the client may have given up before it learns that.
        await asyncio.sleep(float(fault.details.get("seconds", 1.0)))
    return response


def _vdom(call: Call | None) -> Any:
    return None if call is None else "global" if call.in_global else call.vdom
