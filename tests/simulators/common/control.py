# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control plane for playbooks, beside the appliance on the same port and never in its journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .state import State

PREFIX = "/_simulator/"
Answer = tuple[int, Any]
# The body of the request, or for GET its query.
Handler = Callable[[Any, Any], Answer]


async def control(request: Request, state: State[Any], more: Mapping[tuple[str, str], Handler]) -> Response:
    """Answer one control request; `more` is what only this appliance knows."""
    route = (request.method, request.url.path.removeprefix(PREFIX).strip("/"))
    handler = more.get(route) or HANDLERS.get(route)
    if handler is None:
        return JSONResponse({"error": f"no control {route[0]} {route[1]}"}, 404)
    raw = await request.body()
    try:
        given = dict(request.query_params) if request.method == "GET" else (json.loads(raw) if raw.strip() else None)
        status, answer = handler(state, given)
    except KeyError as error:
        return JSONResponse({"error": f"{error} is missing"}, 400)
    except (ValueError, AttributeError, TypeError) as error:
        return JSONResponse({"error": str(error)}, 400)
    return JSONResponse(answer, status)


def _switches(state: State[Any], given: Any) -> Answer:
    return 200, state.box.switches.as_dict()


def _put_switches(state: State[Any], given: Any) -> Answer:
    trial = state.given.copy()
    trial.update(given or {})
    state.box.switches.restore(trial)
    return _switches(state, None)


def _patch_switches(state: State[Any], given: Any) -> Answer:
    state.box.switches.update(given or {})
    return _switches(state, None)


def _faults(state: State[Any], given: Any) -> Answer:
    for fault in given if isinstance(given, list) else [given]:
        state.plan_from(fault)
    return 200, {"queued": len(state.box.faults)}


def _journal(state: State[Any], given: Any) -> Answer:
    return 200, [entry.as_dict() for entry in list(state.box.journal)]


def _state(state: State[Any], given: Any) -> Answer:
    return 200, {**state.describe(), "connections": state.connections.count}


def _check(state: State[Any], given: Any) -> Answer:
    found = state.check()
    return (409 if found else 200), {"problems": found}


def _reset(state: State[Any], given: Any) -> Answer:
    state.reset()
    return 200, {}


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "switches"): _switches,
    ("PUT", "switches"): _put_switches,
    ("PATCH", "switches"): _patch_switches,
    ("POST", "faults"): _faults,
    ("GET", "journal"): _journal,
    ("GET", "state"): _state,
    ("GET", "check"): _check,
    ("POST", "reset"): _reset,
}
