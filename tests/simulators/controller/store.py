# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has been created, and how it is found again."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from .errors import Refused, invalid, not_found
from .resources import RESOURCES, UNIFIED

Object = dict[str, Any]
# All of it is on one page here.
PAGING = ("page", "page_size")


class Store:
    """Objects by resource. Each has an id of its own, as things that can be started share theirs."""

    def __init__(self) -> None:
        self._objects: dict[str, dict[int, Object]] = {name: {} for name in RESOURCES}
        self._links: dict[tuple[str, int, str], list[int]] = {}
        self._ids = itertools.count(1)

    def all(self, resource: str) -> list[Object]:
        names = UNIFIED if resource == "unified_job_templates" else (resource,)
        return [item for name in names for item in self._objects[name].values()]

    def get(self, resource: str, number: Any) -> Object:
        """Raises Refused where there is none."""
        for item in self.all(resource):
            if item["id"] == number:
                return item
        raise not_found()

    def find(self, resource: str, query: Mapping[str, str]) -> list[Object]:
        """Those that fit all fields and, of those that begin with or__, one. Raises Refused for unknown fields."""
        every = {name: text for name, text in query.items() if not name.startswith("or__") and name not in PAGING}
        numbers = every.pop("id__in", "").split(",")
        any_of = {name[4:]: text for name, text in query.items() if name.startswith("or__")}
        known = {"id", "type", "organization", "name"}
        for name in RESOURCES if resource == "unified_job_templates" else (resource,):
            known |= set(RESOURCES[name].fields)
        unknown = {*every, *any_of} - known
        if unknown:
            raise Refused(400, {"detail": f"{RESOURCES.get(resource, resource)} has no field named {sorted(unknown)}"})
        return [
            item
            for item in self.all(resource)
            if ("id__in" not in query or str(item["id"]) in numbers)
            and all(str(item.get(name)) == text for name, text in every.items())
            and (not any_of or any(str(item.get(name)) == text for name, text in any_of.items()))
        ]

    def create(self, resource: str, given: Mapping[str, Any]) -> Object:
        """A new object, not yet kept. Raises Refused."""
        kind = RESOURCES[resource]
        item = {**kind.fields, **{name: value for name, value in given.items() if name in kind.fields}}
        missing = [name for name in kind.required if item[name] in (None, "")]
        if missing:
            raise Refused(400, {name: ["This field is required."] for name in missing})
        return item

    def keep(self, resource: str, item: Object) -> Object:
        """Give it an id and keep it. Raises Refused where there is one already that it cannot be told from."""
        kind = RESOURCES[resource]
        self.check_references(resource, item)
        keys = {name: item.get(name) for name in kind.unique if name in kind.fields}
        if keys and any(all(one[name] == value for name, value in keys.items()) for one in self.all(resource)):
            raise Refused(400, {"__all__": [f"{kind.kind} with this {', '.join(keys)} already exists."]})
        number = next(self._ids)
        item.update(id=number, type=kind.kind, url=f"/api/v2/{resource}/{number}/")
        self._objects[resource][number] = item
        return item

    def check_references(self, resource: str, item: Mapping[str, Any]) -> None:
        for name, target in RESOURCES[resource].references.items():
            if item.get(name) is None:
                continue
            try:
                self.get(target, item[name])
            except Refused:
                raise invalid(name, f'Invalid pk "{item[name]}" - object does not exist.') from None

    def linked(self, resource: str, number: int, association: str) -> list[Object]:
        target = self._target(resource, association)
        return [self.get(target, one) for one in self._links.get((resource, number, association), [])]

    def link(self, resource: str, number: int, association: str, other: Any, remove: bool) -> None:
        self.get(self._target(resource, association), other)
        links = self._links.setdefault((resource, number, association), [])
        if remove:
            links.remove(other)
        elif other not in links:
            links.append(other)

    def _target(self, resource: str, association: str) -> str:
        try:
            return RESOURCES[resource].associations[association]
        except KeyError:
            raise not_found() from None
