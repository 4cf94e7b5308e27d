# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses in the notation of FortiOS, and what is inside them (protocol_fortigate.rst, "Configuration tables")."""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Callable
from typing import Union

from .errors import bad_attribute

Ip = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]
Span = tuple[Ip, Ip]


def subnet4(given: object) -> str:
    """Accepts "203.0.113.7/32" and "203.0.113.7 255.255.255.255", always read back as the latter."""
    network = ipaddress.IPv4Network(_network_text(given), strict=False)
    return f"{network.network_address} {network.netmask}"


def interface4(given: object) -> str:
    """As a subnet, but the host part stays."""
    interface = ipaddress.IPv4Interface(_network_text(given))
    return f"{interface.ip} {interface.netmask}"


def prefix6(given: object) -> str:
    return str(ipaddress.IPv6Network(_network_text(given), strict=False))


def host(given: object) -> str:
    """One address, IPv4 or IPv6, in its canonical form."""
    if not isinstance(given, str):
        raise ValueError(f"{given!r} is no address")
    return str(ipaddress.ip_address(given))


# Feeds of some hundred thousand entries are looked at for every packet.
@functools.lru_cache(maxsize=524_288)
def span(text: str) -> Span:
    """First and last address of a host, a network or a range."""
    first, dash, last = text.partition("-")
    if dash:
        ends = ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
        if ends[0].version != ends[1].version or int(ends[0]) > int(ends[1]):
            raise ValueError(f"{text!r} is no range")
        return ends
    text = _network_text(text)
    if "/" not in text:
        address = ipaddress.ip_address(text)
        return address, address
    network = ipaddress.ip_network(text, strict=False)
    return network[0], network[-1]


def within(address: Ip, found: Span) -> bool:
    return address.version == found[0].version and int(found[0]) <= int(address) <= int(found[1])


def valid_entry(text: object) -> bool:
    """What a feed of type address accepts."""
    try:
        return isinstance(text, str) and bool(span(text.strip()))
    except ValueError:
        return False


def checked(attribute: str, form: Callable[[object], str], given: object) -> str:
    """A normalised value, or the refusal of the FortiGate."""
    try:
        return form(given)
    except ValueError as error:
        raise bad_attribute(f"{attribute}: {error}") from error


def _network_text(given: object) -> str:
    if not isinstance(given, str):
        raise ValueError(f"{given!r} is no network")
    return "/".join(given.split())
