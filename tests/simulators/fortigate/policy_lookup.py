# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""monitor/firewall/policy-lookup: which policy would a packet meet? Bans are no policies, so they do not count here."""

from __future__ import annotations

import ipaddress

from . import passing, topology
from .addresses import Ip
from .call import Answer, Call
from .errors import bad_attribute, forbidden, not_found
from .passing import Packet
from .routes import GET, route
from .state import FortiGateState

PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17, "icmp6": 58, "sctp": 132}


def lookup(state: FortiGateState, call: Call) -> Answer:
    _refuse(state)
    missing = [name for name in ("srcintf", "protocol", "dest") if not call.first(name)]
    if missing:
        raise bad_attribute(f"{', '.join(missing)}: a value is needed")
    packet = Packet(
        src=_address(call, "sourceip", _nowhere(call)),
        dst=_address(call, "dest", ""),
        port=_number(call, "destport"),
        protocol=_protocol(call.first("protocol") or ""),
        came_by=topology.known_interface(state, call.vdom, call.first("srcintf") or ""),
    )
    if state.switches.policy_lookup == "no_route":
        return Answer({"success": False})
    found = passing.through(state, packet, call.vdom, feeds=state.switches.policy_lookup_sees_feeds)
    return Answer({"success": False} if found.policy is None else {"success": True, "policy_id": found.policy})


def _refuse(state: FortiGateState) -> None:
    how = state.switches.policy_lookup
    if how == "forbidden":
        raise forbidden("the profile has no right to this", state.switches.forbidden_form)
    if how == "not_found":
        raise not_found("this release has no firewall/policy-lookup")
    if how == "failed_dependency":
        raise bad_attribute("the kernel gave no answer")


def _nowhere(call: Call) -> str:
    return "::" if call.first("ipv6") in ("true", "1") else "0.0.0.0"


def _address(call: Call, name: str, otherwise: str) -> Ip:
    try:
        found = ipaddress.ip_address(call.first(name) or otherwise)
    except ValueError as error:
        raise bad_attribute(f"{name}: {error}") from error
    if (found.version == 6) != (call.first("ipv6") in ("true", "1")):
        raise bad_attribute(f"{name} and ipv6 do not agree")
    return found


def _number(call: Call, name: str) -> int:
    text = call.first(name) or "0"
    if not text.isdecimal():
        raise bad_attribute(f"{name} must be a number")
    return int(text)


def _protocol(text: str) -> int:
    found = int(text) if text.isdecimal() else PROTOCOLS.get(text.lower())
    if found is None:
        raise bad_attribute(f"protocol {text!r} is not known")
    return found


ROUTES = (route(GET, "firewall/policy-lookup", lookup),)
