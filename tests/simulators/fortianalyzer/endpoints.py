# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints that FortiAnalyzer knows from its logs (protocol_fortianalyzer.rst, "Endpoints")."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from .events import Event
from .inventory import TERMINAL_SERVER, Device, Host, clients, firewall_itself, servers


@dataclass
class Endpoint:
    """One host with the logs that it sent."""

    host: Host
    detected_by: str
    events: list[Event] = field(default_factory=list)

    @property
    def times(self) -> list[int]:
        return [event.time for event in self.events]

    @property
    def first_seen(self) -> int:
        return min(self.times, default=0)

    @property
    def last_seen(self) -> int:
        return max(self.times, default=0)

    @property
    def users(self) -> list[str]:
        return sorted({event.user for event in self.events if event.user})

    @property
    def risk(self) -> int:
        return min(100, sum(event.threatweight for event in self.events if event.infection) // 10)


def known_endpoints(adom: str, firewalls: tuple[Device, ...], events: list[Event]) -> list[Endpoint]:
    """Hosts with logs, and the firewall itself, which is an endpoint named `.self` from the day it registers."""
    detected_by = next((device.serial for device in firewalls if device.adom == adom), "")
    if not detected_by:
        return []
    hosts = [firewall_itself(adom), *clients(adom), *servers(adom), TERMINAL_SERVER]
    found = {host.epid: Endpoint(host, detected_by) for host in hosts}
    for event in events:
        if event.epid in found:
            found[event.epid].events.append(event)
    return [endpoint for endpoint in found.values() if endpoint.events or endpoint.host.name == ".self"]


_FIELDS: dict[str, Callable[[Endpoint], Any]] = {
    "epid": attrgetter("host.epid"),
    **dict.fromkeys(("epname", "hostname"), attrgetter("host.name")),
    **dict.fromkeys(("epip", "ip"), attrgetter("host.ip")),
    "mac": attrgetter("host.mac"),
    **dict.fromkeys(("osname", "os"), attrgetter("host.osname")),
    "devtype": attrgetter("host.devtype"),
    "euid": lambda endpoint: 1000 + endpoint.host.epid,
    "user": lambda endpoint: tuple(endpoint.users),
    "detectkey": attrgetter("detected_by"),
    "risk_score": attrgetter("risk"),
    **dict.fromkeys(("firstseen", "first_seen"), attrgetter("first_seen")),
    **dict.fromkeys(("lastseen", "last_seen"), attrgetter("last_seen")),
}
FIELDS = frozenset(_FIELDS)
_SIMPLE = ("epid", "epname", "epip")
_BASIC = (*_SIMPLE, "euid", "detectkey")
_STANDARD = (*_BASIC, "mac", "osname", "devtype", "firstseen", "lastseen")
LEVELS: dict[str, tuple[str, ...]] = {
    "simple": _SIMPLE,
    "basic": _BASIC,
    "standard": _STANDARD,
    "verbose": _STANDARD,
}


def value_of(endpoint: Endpoint, name: str) -> Any:
    return _FIELDS[name](endpoint) if name in _FIELDS else ""


def live_row(endpoint: Endpoint, level: str) -> dict[str, Any]:
    row = {name: value_of(endpoint, name) for name in LEVELS[level]}
    return row if level == "simple" else {**row, "user": endpoint.users}


def documented_row(endpoint: Endpoint, now: float) -> dict[str, Any]:
    host = endpoint.host
    system, _space, version = host.osname.rpartition(" ")
    return {
        "epid": host.epid,
        "hostname": host.name,
        "ip": host.ip,
        "mac": host.mac,
        "os": host.osname,
        "osversion": version if system else "",
        "risk_score": endpoint.risk,
        "first_seen": _stamp(endpoint.first_seen),
        "last_seen": _stamp(endpoint.last_seen),
        "user": ",".join(endpoint.users),
        "status": "active" if now - endpoint.last_seen < 86400 else "inactive",
    }


def _stamp(seconds: int) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
