# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of a cluster (protocol_fortigate.rst, "HA members")."""

from __future__ import annotations

from typing import Any

from . import features
from .call import Answer, Call
from .errors import not_found
from .routes import GET, route
from .state import FortiGateState


def peers(state: FortiGateState, call: Call) -> Answer:
    """All members; the one that answers is the primary."""
    own = _member(state.serial, state.config.single("system/global")["hostname"], 200)
    others = [_member(one["serial_no"], one["hostname"], 100) for one in state.switches.ha_members]
    if others:
        return Answer([{**own, "master": True, "primary": True}, *others])
    alone = features.ha_peer_alone(state.switches)
    if alone == "not_found":
        raise not_found("this FortiGate is in no cluster")
    return Answer([own] if alone == "itself" else [])


def _member(serial: str, hostname: str, priority: int) -> dict[str, Any]:
    return {"serial_no": serial, "vcluster_id": 0, "priority": priority, "hostname": hostname}


ROUTES = (route(GET, "system/ha-peer", peers, "vdom", "global"),)
