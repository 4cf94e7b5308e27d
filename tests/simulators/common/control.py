# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control plane: the Python interface of a device over HTTP, on its port and never in its journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from .device import SimulatedDevice

PREFIX = "/_simulator/"
Answer = tuple[int, Any]
# A device, and the body of the request or, for GET, its query.
Handler = Callable[[Any, Any], Answer]
Handlers = Mapping[tuple[str, str], Handler]


async def answer(request: Request, device: SimulatedDevice[Any], handlers: Handlers) -> Response:
    route = (request.method, request.url.path.removeprefix(PREFIX).strip("/"))
    handler = handlers.get(route)
    if handler is None:
        return JSONResponse({"error": f"no control {route[0]} {route[1]}"}, 404)
    raw = await request.body()
    try:
        given = dict(request.query_params) if request.method == "GET" else (json.loads(raw) if raw.strip() else None)
        status, found = handler(device, given)
    except KeyError as error:
        return JSONResponse({"error": f"{error} is missing"}, 400)
    except (ValueError, AttributeError, TypeError) as error:
        return JSONResponse({"error": str(error)}, 400)
    return JSONResponse(found, status)


def _switches(device: SimulatedDevice[Any], given: Any) -> Answer:
    return 200, device.state.switches.as_dict()


def _put_switches(device: SimulatedDevice[Any], given: Any) -> Answer:
    trial = device.state.given.copy()
    trial.update(given or {})
    device.state.switches.restore(trial)
    return _switches(device, None)


def _patch_switches(device: SimulatedDevice[Any], given: Any) -> Answer:
    device.state.switches.update(given or {})
    return _switches(device, None)


def _faults(device: SimulatedDevice[Any], given: Any) -> Answer:
    for fault in given if isinstance(given, list) else [given]:
        device.fault(**fault)
    return 200, {"queued": len(device.state.faults)}


def _journal(device: SimulatedDevice[Any], given: Any) -> Answer:
    return 200, [entry.as_dict() for entry in list(device.state.journal)]


def _state(device: SimulatedDevice[Any], given: Any) -> Answer:
    return 200, {**device.describe(), "connections": device.connections}


def _check(device: SimulatedDevice[Any], given: Any) -> Answer:
    found = device.check()
    return (409 if found else 200), {"problems": found}


def _reset(device: SimulatedDevice[Any], given: Any) -> Answer:
    device.reset()
    return 200, {}


HANDLERS: Handlers = {
    ("GET", "switches"): _switches,
    ("PUT", "switches"): _put_switches,
    ("PATCH", "switches"): _patch_switches,
    ("POST", "faults"): _faults,
    ("GET", "journal"): _journal,
    ("GET", "state"): _state,
    ("GET", "check"): _check,
    ("POST", "reset"): _reset,
}
