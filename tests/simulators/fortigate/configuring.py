# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration that is there before a test begins, written as an administrator would write it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Union

from . import validation
from .config import GLOBAL
from .errors import ApiError
from .state import FortiGateState
from .table import Obj, Table
from .tables import TABLES

Given = Union[Mapping[str, Any], Sequence[Mapping[str, Any]]]


def configure(state: FortiGateState, path: str, given: Given, vdom: str) -> None:
    """Objects are added, or get what is given; a single object is a mapping. A misspelt attribute is an error."""
    table = TABLES.get(path)
    if table is None:
        raise ValueError(f"no table {path!r}")
    if table.key is None and not isinstance(given, Mapping):
        raise ValueError(f"{path} is a single object")
    for item in [given] if isinstance(given, Mapping) else given:
        _put(state, table, item, vdom)


def _put(state: FortiGateState, table: Table, given: Mapping[str, Any], vdom: str) -> None:
    unknown = [name for name in given if not table.has(name)]
    if unknown:
        raise ValueError(f"{table.path} has no {', '.join(unknown)}")
    try:
        obj = validation.normalised(table, dict(given), state.switches)
    except ApiError as error:
        raise ValueError(error.text) from error
    feed = table.path == "system/external-resource" and str(given.get("name")).startswith("g-")
    scope = GLOBAL if table.shared or feed else vdom
    if table.key is None:
        state.config.single(table.path, scope).update(obj)
        return
    objects = state.config.objects(table.path, scope)
    key = _key(table, obj, objects)
    if key in objects:
        objects[key].update(obj)
    else:
        state.config.put(objects, table, obj)


def _key(table: Table, obj: Obj, objects: Mapping[Any, Obj]) -> Any:
    name = str(table.key)
    if table.numbered:
        obj[name] = int(obj.get(name) or max(objects, default=0) + 1)
    if not obj.get(name):
        raise ValueError(f"{table.path}: {name} is missing")
    return obj[name]
