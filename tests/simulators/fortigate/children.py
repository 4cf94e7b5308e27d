# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists inside objects, above all the members of groups (protocol_fortigate.rst, "Configuration tables")."""

from __future__ import annotations

from . import filters, validation
from .call import Answer, Call
from .errors import duplicate, empty_value, not_allowed, not_found
from .state import FortiGateState
from .table import Obj, Table


def serve(state: FortiGateState, call: Call, table: Table, scope: str, key: str) -> Answer:
    """.../KEY/LIST[/CHILD]"""
    _path, _name, _key, name, *rest = call.parts
    obj = state.config.objects(table.path, scope)[key]
    if name not in table.children or len(rest) > 1 or not isinstance(obj.get(name), list):
        raise not_found(f"{table.path} has no list {name}")
    if not rest:
        return _list(state, call, table, scope, obj, name)
    items: list[Obj] = obj[name]
    found = next((item for item in items if str(item["q_origin_key"]) == rest[0]), None)
    if found is None:
        raise not_found(f"no {name} {rest[0]} in {table.path} {key}")
    if call.method == "GET":
        return Answer([filters.formatted(found, call)])
    if call.method == "PUT":
        # The objects that are listed have nothing but their key: there is nothing to change.
        return Answer(has_results=False, changed=False, key=key)
    if call.method == "DELETE":
        if name in table.required and len(items) == 1:
            raise empty_value(name)
        items.remove(found)
        return Answer(has_results=False, changed=True, key=key)
    raise not_allowed(call.method)


def _list(state: FortiGateState, call: Call, table: Table, scope: str, obj: Obj, name: str) -> Answer:
    items: list[Obj] = obj[name]
    if call.method == "GET":
        return Answer(filters.select(items, call))
    if call.method == "POST":
        made = validation.child(table, name, call.body)
        if any(item["q_origin_key"] == made["q_origin_key"] for item in items):
            raise duplicate(made["q_origin_key"])
        validation.check_references(table, {name: [made]}, state.config, scope)
        if name == "member":
            validation.check_member_count({"member": [*items, made]}, state.switches)
            validation.check_loops(table, {**obj, "member": [made]}, state.config, scope)
        items.append(made)
        return Answer(has_results=False, changed=True, key=obj["q_origin_key"])
    if call.method == "DELETE":
        state.alarm(f"the list {name} of {table.path} {obj['q_origin_key']} in {scope} was purged")
        obj[name] = []
        return Answer(has_results=False, changed=bool(items), key=obj["q_origin_key"])
    raise not_allowed(call.method)
