# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose address is this: internet services, their reputation, and the country, from tables that the switches hold."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from . import addresses, features
from .addresses import Ip
from .call import Answer, Call
from .errors import bad_attribute
from .routes import GET, POST, route
from .state import FortiGateState

T = TypeVar("T")
_COUNTRY_ID = 840


def match(state: FortiGateState, call: Call) -> Answer:
    """Every service that has an address in this network."""
    _refuse(state)
    network = _network(state, call)
    found = list(_services(state, network))
    return Answer([
        {"id": service["id"], "name": service["name"], "num_matched_services": len(found),
         "owner": service.get("owner", {"id": 0, "name": ""}), "reputation": _reputation(service)}
        for service in found
    ])  # fmt: skip


def reputation(state: FortiGateState, call: Call) -> Answer:
    _refuse(state)
    address = _address(call.first("ip"), "ip")
    if features.internet_service_is_ipv6(state.switches):
        _agrees(call, address)
    return Answer([
        {"id": service["id"], "name": service["name"], "reputation": service.get("reputation", 3),
         "popularity": service.get("popularity", 0), "botnet_id": service.get("botnet_id", 0),
         "domain_id": service.get("domain_id", 0), "country_id": service.get("country_id", _COUNTRY_ID),
         "blocklist": service.get("blocklist", [])}
        for service in _services(state, str(address))
    ])  # fmt: skip


def geoip(state: FortiGateState, call: Call) -> Answer:
    given = call.members.get("ip_addresses")
    if not isinstance(given, list) or not given:
        raise bad_attribute("ip_addresses must be a list of addresses")
    found = {str(item): country(state, _address(item, "ip_addresses")) for item in given}
    return Answer({ip: {"location": code or "", "fallback": code is None} for ip, code in found.items()})


def country(state: FortiGateState, address: Ip) -> str | None:
    """The code of the smallest network that is known."""
    found = sorted(_holding(state.switches.countries, str(address)), key=lambda item: _size(item[0]))
    return found[0][1] if found else None


def _services(state: FortiGateState, network: str) -> Iterator[Mapping[str, Any]]:
    for _network, services in _holding(state.switches.internet_services, network):
        yield from services


def _holding(table: Mapping[str, T], wanted: str) -> Iterator[tuple[str, T]]:
    """What overlaps a network, as entries of a table by network."""
    first, last = addresses.span(wanted)
    for network, value in table.items():
        known = addresses.span(network)
        if known[0].version == first.version and int(known[0]) <= int(last) and int(first) <= int(known[1]):
            yield network, value


def _size(network: str) -> int:
    first, last = addresses.span(network)
    return int(last) - int(first)


def _network(state: FortiGateState, call: Call) -> str:
    """Older releases ask for a mask, newer ones for the family, and a mask or a prefix."""
    address = _address(call.first("ip"), "ip")
    if not features.internet_service_is_ipv6(state.switches):
        return _masked(address, call.first("mask"), "mask")
    _agrees(call, address)
    name = "ipv6_prefix" if address.version == 6 else "ipv4_mask"
    return _masked(address, call.first(name), name)


def _masked(address: Ip, mask: str | None, name: str) -> str:
    if not mask:
        raise bad_attribute(f"{name} is missing")
    try:
        return str(ipaddress.ip_network(f"{address}/{mask}", strict=False))
    except ValueError as error:
        raise bad_attribute(f"{name}: {error}") from error


def _agrees(call: Call, address: Ip) -> None:
    given = call.first("is_ipv6")
    if given not in ("true", "false"):
        raise bad_attribute("is_ipv6 must be true or false")
    if (given == "true") != (address.version == 6):
        raise bad_attribute("ip and is_ipv6 do not agree")


def _address(given: Any, name: str) -> Ip:
    try:
        return ipaddress.ip_address(addresses.host(given))
    except ValueError as error:
        raise bad_attribute(f"{name}: {error}") from error


def _reputation(service: Mapping[str, Any]) -> dict[str, Any]:
    return {"level": service.get("reputation", 3)}


def _refuse(state: FortiGateState) -> None:
    if state.switches.internet_service_lookup == "failed_dependency":
        raise bad_attribute("the database of internet services is not loaded")


ROUTES = (
    route(GET, "firewall/internet-service-match", match),
    route(GET, "firewall/internet-service-reputation", reputation),
    route(POST, "geoip/geoip-query", geoip),
)
