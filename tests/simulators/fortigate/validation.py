# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an object must look like before it is stored (protocol_fortigate.rst, "Configuration tables")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import addresses, features
from .config import GLOBAL, Config, named
from .errors import bad_attribute, empty_value, group_in_itself, table_full, unknown_reference
from .switches import Switches
from .table import Obj, Table

GROUPS = ("firewall/addrgrp", "firewall/addrgrp6")
_FORMS: dict[tuple[str, str], Callable[[object], str]] = {
    ("firewall/address", "subnet"): addresses.subnet4,
    ("firewall/address", "start-ip"): addresses.host,
    ("firewall/address", "end-ip"): addresses.host,
    ("firewall/address6", "ip6"): addresses.prefix6,
    ("firewall/address6", "start-ip"): addresses.host,
    ("firewall/address6", "end-ip"): addresses.host,
    ("system/interface", "ip"): addresses.interface4,
    **{("system/admin", f"trusthost{number}"): addresses.subnet4 for number in range(1, 11)},
    **{("system/admin", f"ip6-trusthost{number}"): addresses.prefix6 for number in range(1, 11)},
}


def normalised(table: Table, body: Any, switches: Switches) -> Obj:
    """The attributes that were sent, in the form in which the FortiGate keeps them."""
    if not isinstance(body, dict):
        raise bad_attribute("the body must be an object")
    found = {name: value for name, value in body.items() if table.has(name)}
    unknown = body.keys() - found.keys() - {"q_origin_key", "uuid"}
    if unknown and switches.unknown_attributes == "refuse":
        raise bad_attribute(f"no attribute {', '.join(sorted(unknown))}")
    _drop_newer(table, found, switches)
    for name, value in found.items():
        if name in table.children and not (table.path.endswith(("in-policy", "in-policy6")) and name == "intf"):
            found[name] = _list(table, name, value)
        elif (table.path, name) in _FORMS:
            found[name] = addresses.checked(name, _FORMS[table.path, name], value)
        _check(table, name, found[name])
    if "intf" in found and table.path.startswith("firewall/local-in"):
        found["intf"] = _local_in_interfaces(table, found["intf"], switches)
    return found


def complete(table: Table, obj: Obj, config: Config, scope: str, switches: Switches) -> None:
    """Everything that the whole object, old and new attributes together, must satisfy."""
    for name in table.required:
        if not obj.get(name):
            raise empty_value(name)
    pairs = (("srcaddr", "dstaddr"), ("srcaddr6", "dstaddr6"))
    if table.path == "firewall/policy" and not any(all(obj.get(name) for name in pair) for pair in pairs):
        raise empty_value("srcaddr and dstaddr")
    if table.path == "system/external-resource":
        _check_feed(obj, scope)
    if table.path in GROUPS:
        check_member_count(obj, switches)
        check_loops(table, obj, config, scope)
    if table.path.startswith("firewall/local-in") and not features.local_in_feeds(switches):
        _check_no_feed(obj, config, scope)
    check_references(table, obj, config, scope)


def _check_no_feed(obj: Obj, config: Config, scope: str) -> None:
    """Old releases take no feed in a local-in policy."""
    feeds = config.visible("system/external-resource", scope)
    for attribute in ("srcaddr", "dstaddr"):
        for item in obj[attribute]:
            if item["name"] in feeds:
                raise unknown_reference(attribute, item["name"])


def check_references(table: Table, obj: Obj, config: Config, scope: str) -> None:
    for name, targets in table.references.items():
        for key in named(table, obj, name):
            anywhere = key == "any" and "system/interface" in targets
            if not anywhere and not any(key in config.visible(path, scope) for path in targets):
                raise unknown_reference(name, key)


def check_member_count(obj: Obj, switches: Switches) -> None:
    cap = switches.member_cap
    if cap is not None and len(obj["member"]) > cap:
        raise table_full(f"a group holds {cap} members")


def check_loops(table: Table, group: Obj, config: Config, scope: str) -> None:
    """Groups may be members of groups, but none of itself, by whatever way round."""
    groups = config.objects(table.path, scope)
    seen: set[object] = set()
    waiting = _members(group)
    while waiting:
        name = waiting.pop()
        if name == group["name"]:
            raise group_in_itself(name)
        if name in groups and name not in seen:
            waiting += _members(groups[name])
        seen.add(name)


def _members(group: Obj) -> list[object]:
    return [item["name"] for attribute in ("member", "exclude-member") for item in group.get(attribute, ())]


def child(table: Table, name: str, item: Any) -> Obj:
    """One member of a list, with its origin key."""
    key = table.children[name]
    if not isinstance(item, dict) or item.get(key) in (None, ""):
        raise bad_attribute(f"{name}: each item needs {key}")
    # What is only a reference has nothing but its key.
    kept = {key: item[key]} if name in table.references else item
    return {**kept, "q_origin_key": item[key]}


def _list(table: Table, name: str, value: Any) -> list[Obj]:
    if not isinstance(value, list):
        raise bad_attribute(f"{name} must be a list")
    items = {item["q_origin_key"]: item for item in (child(table, name, item) for item in value)}
    return list(items.values())


def _check(table: Table, name: str, value: Any) -> None:
    choices = table.choices.get(name)
    if choices is not None and value not in choices:
        raise bad_attribute(f"{name} must be one of {', '.join(choices)}")
    longest = table.lengths.get(name)
    if longest is not None and len(str(value)) > longest:
        raise bad_attribute(f"{name} is longer than {longest}")
    default = table.defaults.get(name)
    if isinstance(default, int) and not isinstance(value, int) and not str(value).isdecimal():
        raise bad_attribute(f"{name} must be a number")


def _drop_newer(table: Table, found: Obj, switches: Switches) -> None:
    """Attributes that this release does not have are passed over in silence, like those that no release has."""
    if table.path == "firewall/global" and not features.ban_persistency(switches):
        found.pop("banned-ip-persistency", None)
    if table.path == "system/external-resource" and not features.push_feeds(switches):
        found.pop("update-method", None)


def _check_feed(obj: Obj, scope: str) -> None:
    if obj.get("update-method") != "push" and not obj.get("resource"):
        raise empty_value("resource")
    if str(obj["name"]).startswith("g-") != (scope == GLOBAL):
        raise bad_attribute("global feeds, and only these, have names that begin with g-")


def _local_in_interfaces(table: Table, value: Any, switches: Switches) -> Any:
    """A name up to 7.4.1, a list of objects later (protocol_fortigate.rst, "Deny policies")."""
    if features.local_in_interface_list(switches):
        return _list(table, "intf", [{"name": value}] if isinstance(value, str) else value)
    if not isinstance(value, str):
        raise bad_attribute("intf must be one name")
    return value


def feed_room(config: Config, vdoms: list[str], scope: str) -> None:
    """At most 256 feeds in a VDOM, and 511 on the FortiGate (protocol_fortigate.rst, "Threat feeds")."""
    path = "system/external-resource"
    per_scope = {name: len(config.objects(path, name)) for name in (*vdoms, GLOBAL)}
    if per_scope[scope] >= 256 or sum(per_scope.values()) >= 511:
        raise table_full("no room for another feed")
