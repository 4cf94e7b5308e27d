# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The monitor tree: finds the handler of a path, and has the small handlers.

See protocol_fortigate.rst, "HTTP requests".
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Union

from . import ban_api, features, feed_api, ha, internet_services, live, policy_counters, policy_lookup
from .call import Answer, Call, done
from .errors import bad_attribute, not_allowed, not_found
from .routes import GET, POST, Route, route
from .state import FortiGateState


def serve(state: FortiGateState, call: Call) -> Union[Answer, Awaitable[Answer]]:
    path = call.path if call.path in ROUTES else call.path.removesuffix("/select")
    methods = ROUTES.get(path)
    if methods is None or any(part in f"monitor/{path}" for part in state.switches.missing):
        raise not_found(f"no resource {path}")
    if call.method not in methods:
        raise not_allowed(call.method)
    found = methods[call.method]
    if not call.in_global:
        state.config.known_vdom(call.vdom)
    elif "global" not in found.scopes:
        raise bad_attribute(f"{path} belongs to a VDOM")
    return found.handler(state, call)


def status(state: FortiGateState, call: Call) -> Answer:
    return Answer(
        {
            "model_name": "FortiGate",
            "model_number": state.switches.model.removeprefix("FGT"),
            "model": state.switches.model,
            "hostname": state.config.single("system/global")["hostname"],
            "log_disk_status": "available",
        }
    )


def close_multiple(state: FortiGateState, call: Call) -> Answer:
    if not features.close_multiple(state.switches):
        raise not_found(f"this release has no {call.path}")
    if not any(value not in (None, "") for value in call.members.values()):
        state.alarm(f"close-multiple without any criterion closes every session of {call.vdom}")
    state.closed_sessions.append({"vdom": call.vdom, **call.members})
    return done()


def close_all(state: FortiGateState, call: Call) -> Answer:
    state.alarm(f"all sessions of {call.vdom} were closed")
    state.closed_sessions.append({"vdom": call.vdom, "all": True})
    return done()


_ALL: tuple[Route, ...] = (
    *ban_api.ROUTES,
    *feed_api.ROUTES,
    *ha.ROUTES,
    *internet_services.ROUTES,
    *live.ROUTES,
    *policy_counters.ROUTES,
    *policy_lookup.ROUTES,
    route(GET, "system/status", status, "vdom", "global"),
    route(POST, "firewall/session/close-multiple", close_multiple),
    route(POST, "firewall/session6/close-multiple", close_multiple),
    route(POST, "firewall/session/close-all", close_all),
    route(POST, "firewall/session/clear_all", close_all),
)
ROUTES: dict[str, dict[str, Route]] = {}
for _route in _ALL:
    ROUTES.setdefault(_route.path, {})[_route.method] = _route
