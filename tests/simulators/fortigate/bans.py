# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bans of each VDOM: a source address, until a time (protocol_fortigate.rst, "Bans")."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import table_full
from .switches import Switches

ADMINISTRATIVE = "Administrative"
# Documentation prints the first for a ban that an administrator made, support pages the second.
ADMINISTRATORS = (ADMINISTRATIVE, "Manual")
ENGINES = ("IPS", "AV", "DOS", "APP")
SOURCES = (*ADMINISTRATORS, *ENGINES)


@dataclass
class Ban:
    """One address; without an end where `expires` is None."""

    ip: str
    source: str
    created: int
    expires: int | None

    @property
    def ipv6(self) -> bool:
        return ":" in self.ip

    def as_dict(self) -> dict[str, Any]:
        return {
            "ip_address": self.ip, "ipv6": self.ipv6, "source": self.source,
            "created": self.created, "expires": self.expires or 0,
        }  # fmt: skip


class Bans:
    """All lists of one FortiGate; what has expired is gone as soon as anybody looks."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._lists: dict[str, dict[str, Ban]] = {}
        # Bans of the engines that somebody removed, with the time at which they come back.
        self._returning: dict[str, list[tuple[float, Ban]]] = {}

    def live(self, vdom: str, now: float) -> dict[str, Ban]:
        found = self._lists.setdefault(vdom, {})
        self._return(vdom, found, now)
        for ip in [ip for ip, ban in found.items() if ban.expires is not None and ban.expires <= now]:
            del found[ip]
        return found

    def add(self, vdom: str, addresses: Iterable[str], seconds: int, now: float) -> None:
        """One entry per address; what a second ban of the same address does is a switch."""
        live = self.live(vdom, now)
        wanted = list(dict.fromkeys(addresses))
        cap = self._switches.ban_cap
        if cap is not None and len(live.keys() | set(wanted)) > cap:
            raise table_full(f"no more than {cap} banned addresses")
        again = self._switches.ban_again
        for ip in wanted:
            created = int(now)
            expires = created + seconds if seconds else None
            if ip in live and again == "ignore":
                continue
            if ip in live and again == "extend":
                created = live[ip].created
            live[ip] = Ban(ip, self._switches.ban_source, created, expires)

    def remove(self, vdom: str, addresses: Iterable[str], now: float) -> None:
        live = self.live(vdom, now)
        wait = self._switches.engine_bans_return
        for ip in addresses:
            removed = live.pop(ip, None)
            if removed is not None and removed.source in ENGINES and wait is not None:
                self._returning.setdefault(vdom, []).append((now + wait, removed))

    def _return(self, vdom: str, found: dict[str, Ban], now: float) -> None:
        """The engine sees the attacker again, and bans it for as long as before."""
        waiting = self._returning.get(vdom, [])
        for due, ban in [item for item in waiting if item[0] <= now]:
            waiting.remove((due, ban))
            expires = None if ban.expires is None else int(due) + ban.expires - ban.created
            found.setdefault(ban.ip, Ban(ban.ip, ban.source, int(due), expires))

    def clear(self, vdom: str) -> None:
        self._lists.pop(vdom, None)

    def seed(self, vdom: str, entries: Iterable[Mapping[str, Any]], now: float) -> None:
        """Entries that somebody else has made: source IPS unless told, an hour unless told; 0 is for ever."""
        live = self.live(vdom, now)
        for entry in entries:
            ip = str(ipaddress.ip_address(entry["ip_address"]))
            source = entry.get("source", "IPS")
            if source not in SOURCES:
                raise ValueError(f"no ban source {source!r}; there are {SOURCES}")
            created = int(entry.get("created", now))
            live[ip] = Ban(ip, source, created, int(entry.get("expires", created + 3600)) or None)

    def reboot(self, persistency: str) -> None:
        """A reboot loses bans, unless the configuration keeps them (protocol_fortigate.rst, "Blocking mechanisms")."""
        if persistency == "all":
            return
        for vdom, bans in self._lists.items():
            kept = {ip: ban for ip, ban in bans.items() if ban.expires is None and persistency == "permanent-only"}
            self._lists[vdom] = kept

    def lose_all(self) -> None:
        self._lists.clear()
