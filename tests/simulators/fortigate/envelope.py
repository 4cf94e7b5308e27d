# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The envelope of every reply (protocol_fortigate.rst, "Replies")."""

from __future__ import annotations

from typing import Any

from .call import Answer, Call
from .errors import ApiError
from .state import FortiGateState

FORBIDDEN_PAGE = "<!DOCTYPE html><html><head><title>403 Forbidden</title></head><body>Access denied.</body></html>"

BUSY_PAGES = {
    status: f"<!DOCTYPE html><html><head><title>{status} {text}</title></head><body>{text}</body></html>"
    for status, text in ((429, "Too Many Requests"), (503, "Service Unavailable"))
}


def success(state: FortiGateState, call: Call, answer: Answer) -> Any:
    reply = _start(call)
    if answer.changed is not None:
        reply |= _revisions(state, call, answer.changed)
    if answer.has_results:
        reply["results"] = answer.results
    if answer.key is not None:
        reply["mkey"] = answer.key
    reply |= {"status": "success", "http_status": 200, **answer.more, **_identity(state)}
    return [reply] if call.in_global else reply


def refusal(state: FortiGateState, call: Call, error: ApiError) -> Any:
    """Strangers do not learn which FortiGate this is."""
    reply = _start(call)
    if call.tree == "cmdb" and call.method != "GET" and state.switches.error_revisions:
        reply |= _revisions(state, call, False)
    reply |= {"status": "error", "http_status": error.status}
    if error.number is not None:
        reply["error"] = error.number
    if error.text and call.tree == "cmdb" and error.status >= 424:
        # The configuration explains what it does not take; the monitor tree and a missing right do not.
        reply["cli_error"] = error.text
    if error.status != 401:
        reply |= _identity(state)
    return [reply] if call.in_global else reply


def _start(call: Call) -> dict[str, Any]:
    reply: dict[str, Any] = {"http_method": call.method, "vdom": "global" if call.in_global else call.vdom}
    if call.tree == "cmdb":
        reply |= {"path": call.parts[0] if call.parts else "", "name": "".join(call.parts[1:2])}
        if len(call.parts) > 2:
            reply["mkey"] = call.parts[2]
    else:
        reply |= {"path": "/".join(call.parts[:1]), "name": "/".join(call.parts[1:2])}
        reply["action"] = "/".join(call.parts[2:]) or "select"
    return reply


def _revisions(state: FortiGateState, call: Call, changed: bool) -> dict[str, Any]:
    now, before = state.config.revisions("/".join(call.parts[:2]), changed)
    return {"revision": now, "old_revision": before, "revision_changed": changed}


def _identity(state: FortiGateState) -> dict[str, Any]:
    version = {"version": state.switches.version} if state.switches.version else {}
    return {"serial": state.serial, **version, "build": state.switches.build}
