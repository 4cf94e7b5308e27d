# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration tree: tables, their objects, and single objects.

See protocol_fortigate.rst, "Configuration tables".
"""

from __future__ import annotations

from typing import Any

from ..common import odd_text
from . import children, features, filters, infrastructure, topology, validation
from .call import Answer, Call
from .config import Objects
from .errors import bad_attribute, duplicate, in_use, malformed, not_allowed, not_found, table_full
from .state import FortiGateState
from .table import Obj, Table
from .tables import TABLES

FEEDS = "system/external-resource"


def serve(state: FortiGateState, call: Call) -> Answer:
    """Find the table, then do what the method says."""
    table = TABLES.get("/".join(call.parts[:2]))
    if table is None or any(part in f"cmdb/{call.path}" for part in state.switches.missing):
        raise not_found(f"no table {call.path}")
    if not call.in_global:
        state.config.known_vdom(call.vdom)
    scope = state.config.scope_of(table, call.vdom, call.in_global)
    below = call.parts[2:]
    if table.key is None:
        return _single(state, call, table, scope)
    if not below:
        return _collection(state, call, table, scope)
    key = _key(table, below[0])
    if len(below) == 1:
        return _object(state, call, table, scope, key)
    if key not in state.config.objects(table.path, scope):
        raise not_found(f"no {table.path} {key}")
    return children.serve(state, call, table, scope, key)


def shown(state: FortiGateState, table: Table, obj: Obj) -> Obj:
    """Secrets are written, never read; a release shows only attributes that it has."""
    found = {name: "ENC XXXX" if name in table.secrets and value else value for name, value in obj.items()}
    if table.path == FEEDS and not features.push_feeds(state.switches):
        found.pop("update-method", None)
    if table.path == "firewall/global" and not features.ban_persistency(state.switches):
        found.pop("banned-ip-persistency", None)
    if table.path == "system/central-management" and state.switches.managed_by:
        found |= {"type": "fortimanager", "fmg": f'"{state.switches.managed_by}"'}
    if table.path == "system/interface" and topology.transparent(state, obj["vdom"]):
        # Interfaces of a transparent VDOM have no addresses.
        found |= {"ip": infrastructure.NO_NETWORK, "secondaryip": [], "ipv6": {}}
    for name, kind in state.switches.odd_text.items():
        if isinstance(found.get(name), str):
            found[name] = odd_text.marked(found[name], kind)
    return found


def _key(table: Table, text: str) -> Any:
    if not table.numbered:
        return text
    if not text.isdecimal():
        raise bad_attribute(f"{table.key} must be a number")
    return int(text)


def _collection(state: FortiGateState, call: Call, table: Table, scope: str) -> Answer:
    objects = state.config.objects(table.path, scope)
    if call.method == "GET":
        readable = list(state.config.visible(table.path, scope).values())
        if table.path == "system/interface" and not call.in_global:
            readable = [item for item in readable if item["vdom"] == call.vdom]
        return Answer(filters.select([shown(state, table, item) for item in readable], call))
    if call.method == "POST":
        return _create(state, call, table, scope, objects)
    if call.method == "DELETE":
        # A FortiGate deletes the whole table when a request has no key.
        state.alarm(f"the table {table.path} of {scope} was purged")
        purged = bool(objects)
        objects.clear()
        if table.path == FEEDS:
            state.feeds.drop_scope(scope)
        return Answer(has_results=False, changed=purged)
    raise not_allowed(call.method)


def _create(state: FortiGateState, call: Call, table: Table, scope: str, objects: Objects) -> Answer:
    given = validation.normalised(table, call.body, state.switches)
    key = given.get(table.key or "")
    if table.numbered:
        key = _key(table, str(key or 0)) or max(objects, default=0) + 1
        given[str(table.key)] = key
    elif not isinstance(key, str) or not key:
        raise bad_attribute(f"{table.key} is missing")
    if key in objects:
        raise duplicate(key)
    cap = state.switches.table_caps.get(table.path)
    if cap is not None and len(objects) >= cap:
        raise table_full(f"{table.path} holds {cap} objects")
    if table.path == FEEDS:
        validation.feed_room(state.config, state.switches.vdoms, scope)
    if table.path == "firewall/policy":
        given.setdefault("match-vip", features.match_vip_default(state.switches, given.get("action", "deny")))
    whole = {**table.defaults, **given}
    validation.complete(table, whole, state.config, scope, state.switches)
    state.config.put(objects, table, given)
    return Answer(has_results=False, changed=True, key=key)


def _object(state: FortiGateState, call: Call, table: Table, scope: str, key: Any) -> Answer:
    objects = state.config.objects(table.path, scope)
    if call.method == "GET":
        readable = state.config.visible(table.path, scope)
        if key not in readable:
            raise not_found(f"no {table.path} {key}")
        return Answer([filters.formatted(shown(state, table, readable[key]), call)])
    if call.method == "POST":
        raise not_allowed("POST")
    if key not in objects:
        raise not_found(f"no {table.path} {key}")
    if call.method == "DELETE":
        return _delete(state, table, scope, key, objects)
    if call.first("action") is not None:
        return _move(call, table, objects, key)
    given = validation.normalised(table, call.body, state.switches)
    if str(given.get(str(table.key), key)) != str(key):
        raise bad_attribute(f"{table.key} cannot be changed")
    given.pop(str(table.key), None)
    changed = _update(state, table, scope, objects[key], given)
    return Answer(has_results=False, changed=changed, key=key)


def _update(state: FortiGateState, table: Table, scope: str, obj: Obj, given: Obj) -> bool:
    """Only what was sent changes; a secret that is set again is encrypted anew, so it always counts."""
    given = {name: value for name, value in given.items() if name not in table.secrets or value != "ENC XXXX"}
    whole = {**obj, **given}
    validation.complete(table, whole, state.config, scope, state.switches)
    changed = whole != obj or any(name in given for name in table.secrets)
    obj.update(given)
    return changed


def _delete(state: FortiGateState, table: Table, scope: str, key: Any, objects: Objects) -> Answer:
    user = next(state.config.users_of(table.path, key, scope), None)
    if user is not None:
        raise in_use(key, user)
    del objects[key]
    if table.path == FEEDS:
        state.feeds.drop(scope, key)
    return Answer(has_results=False, changed=True, key=key)


def _move(call: Call, table: Table, objects: Objects, key: Any) -> Answer:
    """PUT key?action=move&before=N, or after=N."""
    place = next((name for name in ("before", "after") if call.first(name)), None)
    if call.first("action") != "move" or place is None or not table.numbered:
        raise malformed(f"action {call.first('action')} needs a table with an order, and a place in it")
    other = _key(table, call.first(place) or "")
    if other not in objects:
        raise not_found(f"no {table.path} {other}")
    order = list(objects)
    keys = [item for item in order if item != key]
    if other != key:
        keys.insert(keys.index(other) + (place == "after"), key)
        moved = {item: objects[item] for item in keys}
        objects.clear()
        objects.update(moved)
    return Answer(has_results=False, changed=list(objects) != order, key=key)


def _single(state: FortiGateState, call: Call, table: Table, scope: str) -> Answer:
    if len(call.parts) > 2:
        raise not_found(f"{table.path} has no keys")
    obj = state.config.single(table.path, scope)
    if call.method == "GET":
        return Answer(filters.formatted(shown(state, table, obj), call))
    if call.method != "PUT":
        raise not_allowed(call.method)
    given = validation.normalised(table, call.body, state.switches)
    return Answer(has_results=False, changed=_update(state, table, scope, obj, given))
