# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each planned fault looks on the wire (protocol_fortianalyzer.rst, "Errors")."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from ..common import wire
from ..common.faults import Fault
from .call import V3_TREES, speaks_live
from .dialects import envelope
from .journal import Entry
from .state import FortiAnalyzerState

KINDS_OF_BODY = frozenset("error status no_result json_list".split())


async def before(fault: Fault, entry: Entry, state: FortiAnalyzerState, body: Any) -> Response | None:
    """The reply that a fault gives instead of the FortiAnalyzer; None where the FortiAnalyzer still answers."""
    if fault.kind == "stale_session":
        state.sessions.drop_all()
    if fault.kind in KINDS_OF_BODY:
        return wire.sent(entry, wire.json_response(_body(fault, entry, state, body)))
    return await wire.before(fault, entry, state.connections)


def _body(fault: Fault, entry: Entry, state: FortiAnalyzerState, body: Any) -> Any:
    """Replies of a FortiAnalyzer that has not processed the request."""
    live = speaks_live(body, state.switches)
    is_v3 = (entry.url or "").strip("/").split("/")[0] in V3_TREES
    reply = envelope(body, live and is_v3, state.switches)
    status = {"code": fault.details.get("code", -1), "message": fault.details.get("message", "Internal error")}
    if fault.kind == "error":
        return {**reply, "error": [status] if fault.details.get("as_list") else status}
    if fault.kind == "status":
        return {**reply, "result": {"status": status} if live and is_v3 else [{"status": status, "url": entry.url}]}
    if fault.kind == "json_list":
        return [1, "two", None]
    return reply
