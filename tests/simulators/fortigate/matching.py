# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses, services and interfaces that an attribute of a policy means.

See protocol_fortigate.rst, "Deny policies".
"""

from __future__ import annotations

from dataclasses import dataclass

from . import addresses, internet_services
from .addresses import Ip
from .config import GLOBAL
from .state import FortiGateState
from .table import Obj

# Where a service has the ports of a protocol.
_RANGES = {6: "tcp-portrange", 17: "udp-portrange"}


@dataclass(frozen=True)
class Vip:
    """A published address, and the server behind it."""

    name: str
    inside: Ip


class Matcher:
    """The objects of one VDOM, as packets meet them; without feeds, as if all of these were empty."""

    def __init__(self, state: FortiGateState, vdom: str, feeds: bool = True) -> None:
        self._state = state
        self._vdom = vdom
        self._feeds = feeds

    def objects(self, path: str) -> dict[object, Obj]:
        return self._state.config.visible(path, self._vdom)

    def address(self, ip: Ip, obj: Obj, attribute: str) -> bool:
        """Is this address meant; `attribute` is srcaddr or dstaddr, which for IPv6 have twins."""
        items = obj.get(f"{attribute}6" if ip.version == 6 and f"{attribute}6" in obj else attribute)
        found = any(self._named(ip, item["name"], set()) for item in items or [])
        return found != (obj.get(f"{attribute}-negate") == "enable") if items else False

    def service(self, protocol: int, port: int, obj: Obj) -> bool:
        """By protocol and destination port."""
        services = self.objects("firewall.service/custom")
        names = [item["name"] for item in obj.get("service") or []]
        # A local-in policy without a service means all of them.
        found = not names or any(_has_port(services.get(name, {}), protocol, port) for name in names)
        return found != (obj.get("service-negate") == "enable")

    def interface(self, name: str, value: str | list[Obj]) -> bool:
        """One name in old local-in policies, a list of objects everywhere else."""
        names = [value] if isinstance(value, str) else [item["name"] for item in value]
        return "any" in names or name in names

    def vip(self, target: Ip, port: int) -> Vip | None:
        """The virtual IP that publishes this address and port; ranges are mapped one to one."""
        for obj in self.objects(f"firewall/vip{'6' if target.version == 6 else ''}").values():
            outside = addresses.span(obj["extip"])
            fits = obj["portforward"] != "enable" or _in_range(obj["extport"], port)
            if obj["status"] == "enable" and fits and addresses.within(target, outside):
                mapped = obj["mappedip"]
                first = addresses.span(mapped if isinstance(mapped, str) else mapped[0]["range"])[0]
                return Vip(obj["name"], first + (int(target) - int(outside[0])))
        return None

    def _named(self, ip: Ip, name: str, seen: set[str]) -> bool:
        """An address, a feed, or a group of these; groups that hold themselves do no harm."""
        if name in seen:
            return False
        seen.add(name)
        six = "6" if ip.version == 6 else ""
        address = self.objects(f"firewall/address{six}").get(name)
        if address is not None:
            return _in_address(self._state, ip, address)
        group = self.objects(f"firewall/addrgrp{six}").get(name)
        if group is not None:
            excluded = group["exclude-member"] if group["exclude"] == "enable" else []
            if any(self._named(ip, item["name"], {name}) for item in excluded):
                return False
            return any(self._named(ip, item["name"], seen) for item in group["member"])
        feed = self.objects("system/external-resource").get(name)
        if feed is None or not self._feeds or feed["type"] != "address" or feed["status"] != "enable":
            return False
        scope = GLOBAL if name.startswith("g-") else self._vdom
        return any(addresses.within(ip, addresses.span(entry)) for entry in self._state.feeds.accepted(scope, name))


def _in_address(state: FortiGateState, ip: Ip, obj: Obj) -> bool:
    if obj["type"] == "iprange":
        return addresses.within(ip, addresses.span(f"{obj['start-ip']}-{obj['end-ip']}"))
    if obj["type"] == "geography":
        return internet_services.country(state, ip) == obj.get("country")
    if obj["type"] == "fqdn":
        return str(ip) in state.switches.names.get(obj.get("fqdn", ""), ())
    text = obj["subnet"] if obj["type"] == "ipmask" else obj["ip6"] if obj["type"] == "ipprefix" else ""
    return bool(text) and addresses.within(ip, addresses.span(text))


def _has_port(service: Obj, protocol: int, port: int) -> bool:
    if service.get("protocol") == "IP":
        return True
    texts = str(service.get(_RANGES.get(protocol, ""), "")).split()
    return any(_in_range(text.split(":")[0], port) for text in texts)


def _in_range(text: str, port: int) -> bool:
    first, _dash, last = text.partition("-")
    return int(first) <= port <= int(last or first)
