# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a FortiGate knows only while it runs: addresses, tunnels, who is connected and who administers it."""

from __future__ import annotations

from typing import Any

from ..common import odd_text
from . import topology
from .call import Answer, Call
from .routes import GET, route
from .state import FortiGateState
from .table import Obj


def interfaces(state: FortiGateState, call: Call) -> Answer:
    """By name, with the address that the interface has now."""
    vdoms = state.switches.vdoms if call.in_global else [call.vdom]
    wanted = call.first("interface_name")
    found = {
        obj["name"]: _interface(state, vdom, obj)
        for vdom in vdoms
        for obj in topology.interfaces(state, vdom)
        if wanted in (None, obj["name"])
    }
    return Answer(found)


def _interface(state: FortiGateState, vdom: str, obj: Obj) -> dict[str, Any]:
    first = None if topology.transparent(state, vdom) else topology.primary_of(state, obj)
    return {
        "id": obj["name"], "name": obj["name"], "alias": _alias(state, obj), "vdom": vdom,
        "ip": str(first.ip) if first else "0.0.0.0", "mask": first.network.prefixlen if first else 0,
        "link": obj["status"] == "up", "speed": 1000.0, "duplex": 1, "tx_packets": 0, "rx_packets": 0,
    }  # fmt: skip


def _alias(state: FortiGateState, obj: Obj) -> str:
    kind = state.switches.odd_text.get("alias")
    return odd_text.marked(obj["alias"], kind) if kind else str(obj["alias"])


def ssl_vpn(state: FortiGateState, call: Call) -> Answer:
    now = int(state.device_time())
    return Answer([
        {"index": number, "last_login_timestamp": now - 600, "user_name": f"user{number}", "subsessions": [], **user}
        for number, user in enumerate(state.switches.ssl_vpn_users)
    ])  # fmt: skip


def ipsec(state: FortiGateState, call: Call) -> Answer:
    return Answer([
        {"name": f"tunnel{number}", "type": "dialup", "username": "", "incoming_bytes": 0, "outgoing_bytes": 0,
         "rgwy": "0.0.0.0", "proxyid": [], **tunnel}
        for number, tunnel in enumerate(state.switches.ipsec_tunnels)
    ])  # fmt: skip


def current_admins(state: FortiGateState, call: Call) -> Answer:
    """Where they come from stands there in both spellings: no documentation says which one is right."""
    admins = list(state.switches.current_admins)
    if state.switches.api_user_from:
        admins.append({"admin": call.admin, "srcaddr": state.switches.api_user_from, "method": "api"})
    found = []
    for number, admin in enumerate(admins, 1):
        method = admin.get("method", "https")
        found.append(
            {
                "id": number, "admin": "admin", "vdom": "root", "profile": "super_admin", "method": method,
                "from": f"{method}({admin.get('srcaddr', '')})", "login_time": int(state.device_time()) - 600, **admin,
            }
        )  # fmt: skip
    return Answer(found)


ROUTES = (
    route(GET, "system/interface", interfaces, "vdom", "global"),
    route(GET, "system/current-admins", current_admins, "vdom", "global"),
    route(GET, "vpn/ssl", ssl_vpn),
    route(GET, "vpn/ipsec", ipsec),
)
