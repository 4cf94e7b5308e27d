# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python interface: one FortiGate as a context manager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..common.clock import Clock, WallClock
from ..common.device import SimulatedDevice
from ..common.faults import Fault
from . import checks, control_plane, passing
from .app import serve
from .config import GLOBAL, Objects, Saved
from .configuring import Given, configure
from .journal import ANY_CALL, Entry, Journal
from .others import act
from .state import FortiGateState
from .switches import Switches
from .tables import TABLES

SERIAL, HOSTNAME = "FG100FTK20000001", "fgt-hq"


class FortiGate(SimulatedDevice[FortiGateState]):
    """A FortiGate on 127.0.0.1; its credentials follow from its serial number."""

    CONTROL = control_plane.HANDLERS

    def __init__(
        self,
        switches: Switches | None = None,
        clock: Clock | None = None,
        serial: str = SERIAL,
        hostname: str = HOSTNAME,
        port: int = 0,
        directory: Path | None = None,
    ) -> None:
        state = FortiGateState((switches or Switches()).copy(), clock or WallClock(), serial, hostname)
        super().__init__(state, serve, "FortiGate simulator", port, directory)
        self.serial, self.hostname = serial, hostname
        given = state.credentials
        self.username, self.password = given.username, given.password
        self.token, self.read_only_token = given.token, given.read_only_token

    @property
    def url(self) -> str:
        return f"https://{self.host}:{self.port}"

    @property
    def vdom_tokens(self) -> dict[str, str]:
        """Tokens of administrators who belong to one VDOM each, by VDOM."""
        return self.state.vdom_tokens

    @property
    def switches(self) -> Switches:
        return self.state.switches

    @property
    def journal(self) -> Journal:
        return self.state.journal

    @property
    def writes(self) -> list[Entry]:
        """All requests but reading, login and logout, whether they succeeded or not."""
        return self.state.journal.writes

    @property
    def alarms(self) -> list[str]:
        """What no automation may ever do: a table purged, all bans cleared, all sessions closed."""
        return self.state.alarms

    @property
    def closed_sessions(self) -> list[dict[str, Any]]:
        return self.state.closed_sessions

    @property
    def open_sessions(self) -> list[str]:
        return self.state.admins.open_sessions()

    def fault(
        self,
        kind: str,
        method: str | None = None,
        path: str | None = None,
        times: int = 1,
        after: int = 0,
        **details: Any,
    ) -> Fault:
        """Plan a failure for the next matching calls; `path` is a part of the path with its query."""
        if kind == "redirect":
            details = {"location": "/login", **details}
        if kind == "switches":
            self.switches.copy().update(details.get("values") or {})
        if kind == "meanwhile" and not details.get("do"):
            raise ValueError("meanwhile needs do=[{'method': ..., 'path': ..., 'body': ...}]")
        if path is None:
            path = "user/banned/add_users" if kind == "partial" else ANY_CALL
        return self.state.faults.add(kind, method, path, times, after, details)

    def check(self) -> list[str]:
        return checks.problems(self.state)

    def bans(self, vdom: str = "root") -> list[dict[str, Any]]:
        return [ban.as_dict() for ban in self.state.bans.live(vdom, self.state.device_time()).values()]

    def seed_bans(self, entries: Iterable[Mapping[str, Any]], vdom: str = "root") -> None:
        """Bans that others have made: IPS, AV, DOS, APP, or an administrator by hand."""
        self.state.bans.seed(vdom, entries, self.state.device_time())

    def feed(self, name: str, vdom: str = "root") -> list[str]:
        scope = GLOBAL if name.startswith("g-") else vdom
        if name not in self.state.config.objects("system/external-resource", scope):
            raise ValueError(f"no feed {name!r} in {scope}")
        return self._entries(scope, name)

    def members(self, group: str, vdom: str = "root") -> list[str]:
        for table in self._groups(vdom):
            if group in table:
                return [item["name"] for item in table[group]["member"]]
        raise ValueError(f"no group {group!r} in {vdom}")

    def objects(self, path: str, vdom: str = "root") -> list[dict[str, Any]]:
        """All objects of a table, such as firewall/address, in their order."""
        scope = GLOBAL if TABLES[path].shared else vdom
        return [dict(item) for item in self.state.config.objects(path, scope).values()]

    def describe(self) -> dict[str, Any]:
        vdoms = self.switches.vdoms
        feeds = {scope: self.state.config.objects("system/external-resource", scope) for scope in (*vdoms, GLOBAL)}
        paths = [table.path for table in TABLES.values() if not table.shared and table.path.count(".") == 0]
        return {
            "time": self.state.device_time(),
            "serial": self.state.serial,
            "bans": {vdom: self.bans(vdom) for vdom in vdoms},
            "feeds": {scope: {name: self._entries(scope, name) for name in names} for scope, names in feeds.items()},
            "groups": {
                vdom: {name: self.members(name, vdom) for table in self._groups(vdom) for name in table}
                for vdom in vdoms
            },
            "objects": {vdom: {path: self.objects(path, vdom) for path in paths} for vdom in vdoms},
            "closed_sessions": list(self.closed_sessions),
            "open_sessions": self.open_sessions,
            "writes": len(self.writes),
            "alarms": list(self.alarms),
        }

    def _groups(self, vdom: str) -> list[Objects]:
        return [self.state.config.objects(path, vdom) for path in ("firewall/addrgrp", "firewall/addrgrp6")]

    def _entries(self, scope: str, name: str) -> list[str]:
        return list(self.state.feeds.of(scope, name).entries)

    def passes(
        self,
        src: str,
        dst: str,
        dport: int = 443,
        vdom: str | None = None,
        to_fortigate: bool = False,
        interface: str | None = None,
    ) -> bool:
        """Would a new TCP connection get through? In the first VDOM that carries traffic, unless one is named.

        It enters through `interface`, or by the one behind which its source lies. Policies count it.
        """
        return passing.passes(self.state, src, dst, dport, vdom, to_fortigate, interface)

    def configure(self, path: str, given: Given, vdom: str = "root") -> None:
        """Configuration made by somebody else: objects of a table, or attributes of a single object such as system/dns."""
        configure(self.state, path, given, vdom)

    def other_administrator(self, method: str, path: str, body: Any = None) -> Any:
        """An API call of somebody else, such as POST cmdb/firewall/address?vdom=root; it is not in the journal."""
        return act(self.state, method, path, body).results

    def save_configuration(self) -> None:
        """What an administrator has to do where system/global has `cfg-save: manual` or `revert`."""
        self.state.config.save()

    def reboot(self) -> None:
        self.state.reboot()

    def backup(self) -> Saved:
        """The configuration as a file that an administrator keeps."""
        return self.state.config.backup()

    def restore(self, backup: Saved) -> None:
        """Takes the place of the whole configuration, and the FortiGate reboots."""
        self.state.config.restore(backup)
        self.state.reboot()

    def ha_failover(self) -> None:
        self.state.failover()
