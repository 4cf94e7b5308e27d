# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control plane for playbooks, beside the appliance on the same port and never in its journal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .simulator_state import State

PREFIX = "/_simulator/"


async def control(request: Request, state: State) -> Response:
    """Answer one control request."""
    route = (request.method, request.url.path.removeprefix(PREFIX).strip("/"))
    handler = _HANDLERS.get(route)
    if handler is None:
        return JSONResponse({"error": f"no control {route[0]} {route[1]}"}, 404)
    raw = await request.body()
    try:
        status, answer = handler(state, json.loads(raw) if raw.strip() else None)
    except (ValueError, AttributeError, TypeError) as error:
        return JSONResponse({"error": str(error)}, 400)
    return JSONResponse(answer, status)


def _switches(state: State, body: Any) -> tuple[int, Any]:
    return 200, state.box.switches.as_dict()


def _put_switches(state: State, body: Any) -> tuple[int, Any]:
    trial = state.given.copy()
    trial.update(body or {})
    state.box.switches.restore(trial)
    return _switches(state, None)


def _patch_switches(state: State, body: Any) -> tuple[int, Any]:
    state.box.switches.update(body or {})
    return _switches(state, None)


def _faults(state: State, body: Any) -> tuple[int, Any]:
    for fault in body if isinstance(body, list) else [body]:
        state.fault(**fault)
    return 200, {"queued": len(state.box.faults)}


def _journal(state: State, body: Any) -> tuple[int, Any]:
    return 200, [entry.as_dict() for entry in list(state.box.journal)]


def _state(state: State, body: Any) -> tuple[int, Any]:
    box, now = state.box, state.box.now()
    tasks = [
        {
            "tid": task.tid,
            "adom": task.query.scope.adom,
            "view": task.query.view.name,
            "percentage": task.percentage(now),
        }
        for task in box.tasks.live(now)
    ]
    sessions = box.sessions.open(now)
    return 200, {"open_sessions": sessions, "live_tasks": tasks, "connections": state.connections.count}


def _check(state: State, body: Any) -> tuple[int, Any]:
    found = state.check()
    return (409 if found else 200), {"problems": found}


def _reset(state: State, body: Any) -> tuple[int, Any]:
    state.reset()
    return 200, {}


_HANDLERS: dict[tuple[str, str], Callable[[State, Any], tuple[int, Any]]] = {
    ("GET", "switches"): _switches,
    ("PUT", "switches"): _put_switches,
    ("PATCH", "switches"): _patch_switches,
    ("POST", "faults"): _faults,
    ("GET", "journal"): _journal,
    ("GET", "state"): _state,
    ("GET", "check"): _check,
    ("POST", "reset"): _reset,
}
