# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the web application, the control plane and the Python interface share."""

from __future__ import annotations

from typing import Any

from ..common.faults import Fault
from ..common.state import State
from . import checks
from .box import Box
from .config import GLOBAL
from .journal import ANY_CALL
from .tables import TABLES


class FortiGateState(State[Box]):
    """One FortiGate; its faults are planned by HTTP method and path."""

    def fault(
        self,
        kind: str,
        method: str | None = None,
        path: str | None = None,
        times: int = 1,
        after: int = 0,
        **details: Any,
    ) -> Fault:
        if kind == "redirect":
            details = {"location": "/login", **details}
        if kind == "switches":
            self.box.switches.copy().update(details.get("values") or {})
        if kind == "meanwhile" and not details.get("do"):
            raise ValueError("meanwhile needs do=[{'method': ..., 'path': ..., 'body': ...}]")
        if path is None:
            path = "user/banned/add_users" if kind == "partial" else ANY_CALL
        return self.plan(kind, method, path, times, after, details)

    def plan_from(self, fault: dict[str, Any]) -> Fault:
        return self.fault(**fault)

    def check(self) -> list[str]:
        return checks.problems(self.box)

    def bans(self, vdom: str) -> list[dict[str, Any]]:
        return [ban.as_dict() for ban in self.box.bans.live(vdom, self.box.appliance_time()).values()]

    def feed(self, name: str, vdom: str) -> list[str]:
        scope = GLOBAL if name.startswith("g-") else vdom
        if name not in self.box.config.objects("system/external-resource", scope):
            raise ValueError(f"no feed {name!r} in {scope}")
        return list(self.box.feeds.of(scope, name).entries)

    def members(self, group: str, vdom: str) -> list[str]:
        for path in ("firewall/addrgrp", "firewall/addrgrp6"):
            found = self.box.config.objects(path, vdom).get(group)
            if found is not None:
                return [item["name"] for item in found["member"]]
        raise ValueError(f"no group {group!r} in {vdom}")

    def objects(self, path: str, vdom: str) -> list[dict[str, Any]]:
        scope = GLOBAL if TABLES[path].shared else vdom
        return [dict(item) for item in self.box.config.objects(path, scope).values()]

    def describe(self) -> dict[str, Any]:
        box = self.box
        vdoms = box.switches.vdoms
        return {
            "time": box.appliance_time(),
            "serial": box.serial,
            "bans": {vdom: self.bans(vdom) for vdom in vdoms},
            "feeds": {vdom: self._feeds(vdom) for vdom in (*vdoms, GLOBAL)},
            "groups": {vdom: self._groups(vdom) for vdom in vdoms},
            "objects": {vdom: self._tables(vdom) for vdom in vdoms},
            "closed_sessions": list(box.closed_sessions),
            "open_sessions": box.admins.open_sessions(),
            "writes": len(box.journal.writes),
            "alarms": list(box.alarms),
        }

    def _feeds(self, scope: str) -> dict[str, list[str]]:
        names = self.box.config.objects("system/external-resource", scope)
        return {name: list(self.box.feeds.of(scope, name).entries) for name in names}

    def _groups(self, vdom: str) -> dict[str, list[str]]:
        tables = [self.box.config.objects(path, vdom) for path in ("firewall/addrgrp", "firewall/addrgrp6")]
        return {name: self.members(name, vdom) for table in tables for name in table}

    def _tables(self, vdom: str) -> dict[str, list[dict[str, Any]]]:
        paths = [table.path for table in TABLES.values() if not table.shared and table.path.count(".") == 0]
        return {path: self.objects(path, vdom) for path in paths}
