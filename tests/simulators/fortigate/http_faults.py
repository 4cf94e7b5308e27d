# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each planned fault looks on the wire (protocol_fortigate.rst, "Requirements for a simulator")."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.responses import Response

from ..common import wire
from ..common.faults import Fault
from . import envelope
from .call import Call
from .errors import REFUSALS, ApiError
from .journal import Entry
from .others import act_in_between
from .state import FortiGateState

BUSY = {"too_many": 429, "unavailable": 503}


async def before(fault: Fault, entry: Entry, state: FortiGateState, call: Call | None) -> Response | None:
    """The reply that a fault gives instead of the FortiGate; None where the FortiGate still answers."""
    made = _made(fault, state, call)
    if made is not None:
        return wire.sent(entry, made)
    return await wire.before(fault, entry, state.connections)


@contextmanager
def other_switches(fault: Fault | None, state: FortiGateState) -> Iterator[None]:
    """For one call the FortiGate is another one: read-only, without a version, with a clock that is wrong."""
    if fault is None or fault.kind != "switches":
        yield
        return
    usual = state.switches.copy()
    state.switches.update(fault.details["values"])
    try:
        yield
    finally:
        state.switches.restore(usual)


@contextmanager
def meanwhile(fault: Fault | None, state: FortiGateState) -> Iterator[None]:
    """Another administrator does something just before the call is carried out, or just after."""
    steps = fault.details["do"] if fault is not None and fault.kind == "meanwhile" else []
    before = fault is not None and fault.details.get("when", "before") == "before"
    act_in_between(state, steps if before else [])
    yield
    act_in_between(state, [] if before else steps)


def _made(fault: Fault, state: FortiGateState, call: Call | None) -> Response | None:
    call = call or Call(method="GET", tree="monitor", parts=(), query={}, body=None)
    if fault.kind in REFUSALS:
        status, number = REFUSALS[fault.kind]
        error = ApiError(status, number, str(fault.details.get("text", "a planned fault")))
        return wire.json_response(envelope.refusal(state, call, error), status)
    if fault.kind in BUSY:
        # As a page, on reads too, and not as the API speaks.
        wait = fault.details.get("retry_after")
        headers = {} if wait is None else {"Retry-After": str(wait)}
        return Response(envelope.BUSY_PAGES[BUSY[fault.kind]], BUSY[fault.kind], headers, "text/html")
    if fault.kind == "forbidden_html":
        return Response(envelope.FORBIDDEN_PAGE, 403, media_type="text/html")
    if fault.kind == "empty":
        return Response("", int(fault.details.get("status", 200)))
    if fault.kind == "status_error":
        # HTTP 200 and "http_status": 200, although nothing was done: the official modules take it for a success.
        error = ApiError(200, fault.details.get("number"), str(fault.details.get("text", "a planned fault")))
        return wire.json_response(envelope.refusal(state, call, error))
    return None
