# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""monitor/firewall/policy: how often each policy was met, counted since the last clear."""

from __future__ import annotations

from typing import Any

from .call import Answer, Call, done
from .errors import bad_attribute
from .routes import GET, POST, route
from .state import FortiGateState


def listed(state: FortiGateState, call: Call) -> Answer:
    """The implicit deny is policy 0; what was never met has no times."""
    wanted = call.first("policyid")
    policies = {0: {"uuid": ""}, **state.config.objects("firewall/policy", call.vdom)}
    return Answer([
        _shown(state, call.vdom, number, policy["uuid"])
        for number, policy in policies.items()
        if wanted in (None, str(number))
    ])  # fmt: skip


def clear(state: FortiGateState, call: Call) -> Answer:
    given = call.members.get("policy")
    for number in given if isinstance(given, list) else [given]:
        if not isinstance(number, int):
            raise bad_attribute("policy must be one or more policy ids")
        state.counters.clear(call.vdom, number)
    return done()


def _shown(state: FortiGateState, vdom: str, number: int, uuid: str) -> dict[str, Any]:
    found = state.counters.of(vdom, number)
    times = {"first_used": found.first_used, "last_used": found.last_used} if found.hits else {}
    return {
        "policyid": number, "uuid": uuid, "active_sessions": 0, "hit_count": found.hits,
        "packets": found.hits, "bytes": found.bytes, **times,
    }  # fmt: skip


ROUTES = (
    route(GET, "firewall/policy", listed),
    route(POST, "firewall/policy/clear_counters", clear),
)
