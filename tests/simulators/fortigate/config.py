# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration: one set of tables for each VDOM, and one for the whole FortiGate.

See protocol_fortigate.rst, "Configuration tables".
"""

from __future__ import annotations

import copy
import uuid
import zlib
from collections.abc import Iterator
from typing import Any

from . import factory, prepared
from .errors import bad_attribute, forbidden
from .switches import Switches
from .table import Obj, Table
from .tables import TABLES

GLOBAL = "global"
Objects = dict[Any, Obj]
Saved = tuple[dict[str, dict[str, Objects]], set[tuple[str, str]]]


class Config:
    """Objects by scope, table and key, in the order in which they were made."""

    def __init__(self, switches: Switches, serial: str, hostname: str) -> None:
        self._switches = switches
        self._serial = serial
        self._hostname = hostname
        # The network that was built, by the VDOM that is for management only.
        self._built_for: str | None = None
        self._scopes: dict[str, dict[str, Objects]] = {}
        self._prepared: set[tuple[str, str]] = set()
        self._revisions: dict[str, int] = {}
        self._made = 0
        self._saved: Saved | None = None
        self._written = 0.0

    def scope_of(self, table: Table, vdom: str, in_global: bool) -> str:
        """Whose objects a request means; only feeds exist both per VDOM and globally."""
        if table.shared:
            return GLOBAL
        if not in_global:
            return vdom
        if table.path != "system/external-resource":
            raise bad_attribute(f"{table.path} belongs to a VDOM")
        return GLOBAL

    def known_vdom(self, vdom: str) -> str:
        if vdom not in self._switches.vdoms:
            raise forbidden(f"no VDOM {vdom}")
        return vdom

    def objects(self, path: str, scope: str) -> Objects:
        """The objects of one scope, to read and to change."""
        self._build()
        if scope not in self._scopes:
            self._fill(scope, factory.vdom(self._switches, scope))
        if scope != GLOBAL:
            self._prepare(scope)
        return self._scopes[scope].setdefault(path, {})

    def _build(self) -> None:
        """At the first use, so that a new FortiGate can still be given other switches."""
        if self._built_for is None:
            self._built_for = self._switches.admin_vdom
            self._fill(GLOBAL, factory.shared(self._switches, self._hostname))
        elif self._built_for != self._switches.admin_vdom:
            raise ValueError(
                "admin_vdom is for a new FortiGate: this one has its configuration; change system/settings"
            )

    def single(self, path: str, scope: str = GLOBAL) -> Obj:
        """The one object of a table without keys."""
        return self.objects(path, scope).setdefault(None, copy.deepcopy(dict(TABLES[path].defaults)))

    def visible(self, path: str, scope: str) -> Objects:
        """What a VDOM may name: its own objects, and the global feeds."""
        table = TABLES[path]
        if table.shared:
            return self.objects(path, GLOBAL)
        own = self.objects(path, scope)
        if path == "system/external-resource" and scope != GLOBAL:
            return {**self.objects(path, GLOBAL), **own}
        return own

    def users_of(self, path: str, key: Any, scope: str) -> Iterator[str]:
        """Who refers to an object, so that it cannot be deleted."""
        scopes = self._switches.vdoms if scope == GLOBAL else [scope]
        for table in TABLES.values():
            attributes = [name for name, targets in table.references.items() if path in targets]
            for where in {GLOBAL if table.shared else item for item in scopes} if attributes else ():
                for user in self.objects(table.path, where).values():
                    if any(key in named(table, user, attribute) for attribute in attributes):
                        yield f"{table.path} {user[table.key or 'name']}"

    def before_write(self, now: float) -> None:
        """Where configuration is not saved by itself, remember what a reboot returns to."""
        if self.single("system/global")["cfg-save"] == "automatic":
            self._saved = None
            return
        self._written = now
        if self._saved is None:
            self._saved = copy.deepcopy((self._scopes, self._prepared))

    def save(self) -> None:
        """What `execute cfg save` does."""
        self._saved = None

    def reload(self) -> None:
        """From storage: what was written and not saved is gone."""
        if self._saved is not None and self.single("system/global")["cfg-save"] != "automatic":
            self._scopes, self._prepared = self._saved
        self._saved = None

    def backup(self) -> Saved:
        return copy.deepcopy((self._scopes, self._prepared))

    def restore(self, backup: Saved) -> None:
        self._scopes, self._prepared = copy.deepcopy(backup)
        self._saved = None

    def revert_due(self, now: float) -> bool:
        settings = self.single("system/global")
        waiting = self._saved is not None and settings["cfg-save"] == "revert"
        return waiting and now - self._written >= int(settings["cfg-revert-timeout"])

    def revisions(self, path: str, changed: bool) -> tuple[str, str]:
        """Opaque text, now and before; it moves only where something really changed."""
        before = self._revisions.get(path, 1)
        now = self._revisions[path] = before + (1 if changed else 0)
        return self._text(path, now), self._text(path, before)

    def new_uuid(self) -> str:
        self._made += 1
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{self._serial}-{self._made}"))

    def _text(self, path: str, number: int) -> str:
        return f"{zlib.crc32(f'{self._serial}/{path}'.encode()):08x}{number:08x}"

    def _fill(self, scope: str, tables: dict[str, list[Obj]]) -> None:
        made = self._scopes.setdefault(scope, {})
        for path, objects in tables.items():
            table = TABLES[path]
            for given in objects:
                self.put(made.setdefault(path, {}), table, given)

    def put(self, objects: Objects, table: Table, given: Obj) -> Obj:
        """Store an object that is known to be right, completed as the FortiGate does."""
        key = given[table.key] if table.key else None
        made: Obj = {"q_origin_key": key, table.key: key} if table.key else {}
        made |= copy.deepcopy(dict(table.defaults))
        if table.uuid:
            made["uuid"] = self.new_uuid()
        made |= copy.deepcopy(given)
        objects[key] = made
        return made

    def _prepare(self, scope: str) -> None:
        """Once each, so that a test may delete what was prepared."""
        for name in prepared.NAMES:
            if getattr(self._switches, name) and (scope, name) not in self._prepared:
                self._prepared.add((scope, name))
                for path, objects in prepared.objects(name, self._switches).items():
                    self._fill(scope, {path: objects})
                    if path in ("firewall/policy", "firewall/local-in-policy"):
                        self._to_top(self._scopes[scope][path], len(objects))

    @staticmethod
    def _to_top(objects: Objects, count: int) -> None:
        order = list(objects.items())
        objects.clear()
        objects.update(order[-count:] + order[:-count])


def named(table: Table, obj: Obj, attribute: str) -> list[Any]:
    """The keys that an attribute names, be it a list of objects, a list in text form, or one name."""
    value = obj.get(attribute)
    if isinstance(value, list):
        return [item.get(table.children.get(attribute, "name")) for item in value if isinstance(item, dict)]
    return [value] if value else []
