# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The interfaces of a VDOM, the addresses that they have now, and what lies behind them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Union

from . import factory
from .addresses import Ip, Span, within
from .config import GLOBAL
from .errors import bad_attribute
from .state import FortiGateState
from .table import Obj

Interface = Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]


def traffic_vdom(state: FortiGateState) -> str:
    """The VDOM of the customer's network: the first one that carries traffic."""
    vdoms = state.switches.vdoms
    return next((vdom for vdom in vdoms if not carries_none(state, vdom)), vdoms[0])


def carries_none(state: FortiGateState, vdom: str) -> bool:
    """A VDOM of type admin is for management only."""
    return bool(state.config.single("system/settings", vdom)["vdom-type"] == "admin")


def transparent(state: FortiGateState, vdom: str) -> bool:
    return bool(state.config.single("system/settings", vdom)["opmode"] == "transparent")


def interfaces(state: FortiGateState, vdom: str) -> Iterator[Obj]:
    for obj in state.config.objects("system/interface", GLOBAL).values():
        if obj["vdom"] == vdom:
            yield obj


def own_addresses(state: FortiGateState, vdom: str) -> list[Ip]:
    """At which the FortiGate itself answers; in transparent mode interfaces have no addresses."""
    if transparent(state, vdom):
        settings = state.config.single("system/settings", vdom)
        return [found.ip for found in map(_read, (settings["manageip"], settings["manageip6"])) if found]
    return [found.ip for obj in interfaces(state, vdom) for found in addresses_of(state, obj)]


def way_to(state: FortiGateState, vdom: str, address: Ip) -> str:
    """The interface of the connected network, else the way out."""
    return _connected(state, vdom, address) or factory.outside(state.switches, vdom)


def ways_from(state: FortiGateState, vdom: str, address: Ip) -> list[str]:
    """What does not come from a network inside may enter through every interface to the Internet."""
    usual = way_to(state, vdom, address)
    roles = {obj["name"]: obj.get("role") for obj in interfaces(state, vdom)}
    outside = [
        name for name, role in roles.items() if role == "wan" or name in _with_default_route(state, vdom, address)
    ]
    return list(dict.fromkeys([usual, *outside])) if usual in outside else [usual]


def _with_default_route(state: FortiGateState, vdom: str, address: Ip) -> list[str]:
    """The interfaces to which a default route of this IP version leads."""
    path, anywhere = ("router/static6", "::/0") if address.version == 6 else ("router/static", "0.0.0.0 0.0.0.0")
    routes = state.config.objects(path, vdom).values()
    return [str(one["device"]) for one in routes if one["dst"] == anywhere and one["status"] == "enable"]


def _connected(state: FortiGateState, vdom: str, address: Ip) -> str | None:
    for obj in interfaces(state, vdom):
        if any(within(address, _span(found)) for found in addresses_of(state, obj)):
            return str(obj["name"])
    return None


def known_interface(state: FortiGateState, vdom: str, name: str) -> str:
    if name not in [obj["name"] for obj in interfaces(state, vdom)]:
        raise bad_attribute(f"VDOM {vdom} has no interface {name}")
    return name


def addresses_of(state: FortiGateState, obj: Obj) -> list[Interface]:
    """With the address that PPPoE or DHCP gave, where there is one."""
    texts = [obj.get("ipv6", {}).get("ip6-address", ""), *(second["ip"] for second in obj["secondaryip"])]
    return [found for found in (primary_of(state, obj), *map(_read, texts)) if found]


def primary_of(state: FortiGateState, obj: Obj) -> Interface | None:
    """The IPv4 address that is neither a secondary one nor missing."""
    return _read(state.switches.live_addresses.get(obj["name"], obj["ip"]))


def _read(text: str | None) -> Interface | None:
    """None for an address that is not set."""
    if not text:
        return None
    found = ipaddress.ip_interface("/".join(text.split()))
    return None if found.ip.is_unspecified else found


def _span(found: Interface) -> Span:
    return found.network[0], found.network[-1]
