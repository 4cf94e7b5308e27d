# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addresses of a FortiGate itself and of its administrators, which must never be blocked.

Takes the replies of the official fact modules, and believes none that does not prove itself: an unread list of interfaces is not
an empty one.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .._common.errors import InvalidInput

# Between addresses in the texts of a box: "203.0.113.1 255.255.255.0", "2001:db8::1/64", "https(10.1.1.50)".
_BETWEEN = re.compile(r"[\s,;/\"'()\[\]<>]+")
_WITH_PORT = re.compile(r"([0-9.]+):[0-9]+")
# Modes in which somebody else gives an interface its address, in the words of fortios_system_interface.
DYNAMIC = ("dhcp", "pppoe", "delegated")
# Administrators at the console come from nowhere.
_AT_THE_BOX = ("console", "jsconsole", "newcli")


def results_in(reply: object, number: int, what: str) -> list[dict[str, t.Any]]:
    """The objects of one selector of a fact module. Raises InvalidInput where they cannot be relied on."""
    meta = reply.get("meta") if isinstance(reply, t.Mapping) else None
    one = meta[number] if isinstance(meta, (list, tuple)) and len(meta) > number else meta
    if not isinstance(one, t.Mapping) or (isinstance(meta, (list, tuple)) and len(meta) <= number):
        said = str(reply.get("msg") or "no reply") if isinstance(reply, t.Mapping) else "no reply"
        raise InvalidInput(f"{what} could not be read: {said[:300]}")
    if one.get("status") != "success" or one.get("http_status", 200) != 200:
        raise InvalidInput(f"{what} could not be read: HTTP {one.get('http_status')}, status {one.get('status')}")
    found = one.get("results")
    if isinstance(found, t.Mapping):
        found = [found]
    if not isinstance(found, (list, tuple)) or not all(isinstance(entry, t.Mapping) for entry in found):
        raise InvalidInput(f"{what} could not be read: a reply without objects")
    return [dict(entry) for entry in found]


def told_by(reply: object, key: str) -> str:
    """What every reply tells about its box, such as serial and version."""
    meta = reply.get("meta") if isinstance(reply, t.Mapping) else None
    for one in meta if isinstance(meta, (list, tuple)) else [meta]:
        if isinstance(one, t.Mapping) and one.get(key):
            return str(one[key])
    return ""


def of_interfaces(interfaces: t.Sequence[t.Mapping[str, t.Any]]) -> list[dict[str, str]]:
    """Every address that stands in the configuration of an interface: primary, secondary, IPv6, VRRP, tunnel peers."""
    if not interfaces:
        raise InvalidInput("the interfaces could not be read: a box has at least one")
    found = [
        {"address": address, "why": f"interface {interface.get('name')}"}
        for interface in interfaces
        for address in _addresses(interface)
    ]
    if not found:
        raise InvalidInput("the interfaces could not be read: none of them has an address")
    return found


def unknown_interfaces(interfaces: t.Iterable[t.Mapping[str, t.Any]]) -> list[str]:
    """Names of interfaces in use that get their address from somebody else, where the configuration does not tell which."""
    return [
        str(one.get("name")) for one in interfaces if one.get("status") != "down" and any(map(_unknown, _modes(one)))
    ]


def _modes(interface: t.Mapping[str, t.Any]) -> list[tuple[object, object]]:
    """Mode and address, of IPv4 and of IPv6."""
    six = interface.get("ipv6")
    six = six if isinstance(six, t.Mapping) else {}
    return [(interface.get("mode"), interface.get("ip")), (six.get("ip6-mode"), six.get("ip6-address"))]


def _unknown(mode_and_address: tuple[object, object]) -> bool:
    mode, address = mode_and_address
    return mode in DYNAMIC and not _addresses(address)


def of_admins(admins: t.Sequence[t.Mapping[str, t.Any]]) -> list[dict[str, str]]:
    """Where the administrators who are logged in come from. Raises InvalidInput for one whose origin is not told."""
    found = []
    for admin in admins:
        addresses = _addresses(admin)
        if not addresses and str(admin.get("method", "")).lower() not in _AT_THE_BOX:
            raise InvalidInput(
                f"administrator {str(admin.get('admin'))[:60]!r} is logged in from an address that is not told"
            )
        found += [{"address": one, "why": f"administrator {str(admin.get('admin'))[:60]}"} for one in addresses]
    return found


def managed_by_fortimanager(settings: t.Sequence[t.Mapping[str, t.Any]]) -> bool:
    """From system_central-management; FortiGate Cloud is no FortiManager."""
    return any(str(one.get("type", "")).lower() == "fortimanager" and one.get("fmg") for one in settings)


def _addresses(value: object) -> list[str]:
    """All addresses in a structure, in order and once; masks and unspecified ones are none."""
    found: dict[str, None] = {}
    for text in _texts(value):
        for word in _BETWEEN.split(text):
            address = _address(word)
            if address:
                found[address] = None
    return list(found)


def _texts(value: object) -> t.Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, t.Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)


def _address(word: str) -> t.Optional[str]:
    with_port = _WITH_PORT.fullmatch(word)
    try:
        address = ipaddress.ip_address((with_port[1] if with_port else word).partition("%")[0])
    except ValueError:
        return None
    # 255.255.255.0 and the like are masks, and reserved in any case.
    if address.is_unspecified or (address.version == 4 and int(address) >= 0xF0000000):
        return None
    return str(address)
