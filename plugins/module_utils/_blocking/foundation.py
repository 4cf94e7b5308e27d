# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a FortiGate lacks before addresses can be blocked by a feed or a group: the list, and policies that deny by it.
See protocol_fortigate.rst, "Deny policies".

The same function plans and verifies: afterwards nothing may be lacking.
"""

from __future__ import annotations

import re
import typing as t

from .._common.errors import InvalidInput
from .._common.validation import count, flag
from .infrastructure import managed_by_fortimanager, results_in, told_by
from .plans import METHODS
from .usage import narrowed_by

# In the order in which the fact module is asked for them.
SELECTORS = (
    "system_external-resource",
    "firewall_addrgrp",
    "firewall_addrgrp6",
    "firewall_address",
    "firewall_address6",
    "firewall_policy",
    "firewall_local-in-policy",
    "firewall_local-in-policy6",
    "firewall_global",
    "system_central-management",
)
# From this release on a local-in policy names several interfaces.
MANY_INTERFACES = (7, 4, 2)
SETTINGS = {"action": "deny", "schedule": "always", "logtraffic": "all", "match-vip": "enable", "status": "enable"}
LOCAL_IN = {"action": "deny", "schedule": "always", "status": "enable"}

Obj = t.Mapping[str, t.Any]
Body = dict[str, t.Any]


class Wanted(t.NamedTuple):
    method: str
    feed: str = ""
    group: str = ""
    group6: str = ""
    placeholder: str = ""
    source: int = 9001
    destination: int = 9002
    # 0 is none.
    local_in: int = 0
    persistency: str = ""
    # Of a feed that the box fetches.
    resource: str = ""
    allow_fmg_drift: bool = False

    @property
    def list4(self) -> str:
        return self.group if self.method == "addrgrp" else self.feed

    @property
    def list6(self) -> str:
        return self.group6 if self.method == "addrgrp" else self.feed


def parse_wanted(options: t.Mapping[str, t.Any]) -> Wanted:
    """From the options of a filter, where numbers and flags may be text. Raises InvalidInput."""
    wanted = Wanted(**options)
    numbers: dict[str, t.Any] = {
        name: count(name, getattr(wanted, name), 0) for name in ("source", "destination", "local_in")
    }
    return wanted._replace(allow_fmg_drift=flag("allow_fmg_drift", options.get("allow_fmg_drift")), **numbers)


def lacking(wanted: Wanted, replies: t.Iterable[t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """By kind what has to be written, each with its VDOM; `changed` and `verdict`. Raises InvalidInput."""
    if wanted.method not in METHODS:
        raise InvalidInput(f"method must be one of {', '.join(METHODS)}")
    found: dict[str, t.Any] = {
        kind: []
        for kind in "connectors addresses addresses6 groups groups6 policies moves local_in local_in6 persistency".split()
    }
    managed = False
    for reply in replies:
        tables = {name: results_in(reply, number, name) for number, name in enumerate(SELECTORS)}
        managed = managed or managed_by_fortimanager(tables["system_central-management"])
        for kind, bodies in _lacking(wanted, tables, told_by(reply, "version")).items():
            found[kind] += [{"vdom": str(reply.get("item", "")), **body} for body in bodies]
    # Bans are not configuration; how long they last is, but no package of a FortiManager undoes it without being told.
    found["changed"] = any(found.values())
    refused = found["changed"] and managed and not wanted.allow_fmg_drift
    found["verdict"] = "the box is managed by a FortiManager, whose next install reverts this" if refused else ""
    return found


def _lacking(wanted: Wanted, tables: t.Mapping[str, list[Body]], version: str) -> dict[str, list[Body]]:
    found: dict[str, list[Body]] = {}
    settings = (tables["firewall_global"] or [{}])[0]
    if wanted.persistency and settings.get("banned-ip-persistency") != wanted.persistency:
        found["persistency"] = [{"value": wanted.persistency}]
    if wanted.method == "ban":
        return found
    if wanted.method == "addrgrp":
        found.update(_groups(wanted, tables))
    else:
        found["connectors"] = _connectors(wanted, tables["system_external-resource"])
    found["policies"] = _policies(wanted, tables["firewall_policy"])
    found["moves"] = _moves(tables["firewall_policy"], [wanted.source, wanted.destination])
    if wanted.local_in:
        for kind, table, name in (("local_in", "policy", wanted.list4), ("local_in6", "policy6", wanted.list6)):
            found[kind] = _local_in(wanted.local_in, name, tables[f"firewall_local-in-{table}"], version)
    return found


def _groups(wanted: Wanted, tables: t.Mapping[str, list[Body]]) -> dict[str, list[Body]]:
    """Only what is missing: writing a group that is there would throw its members out."""
    asked = {
        "addresses": ("firewall_address", wanted.placeholder),
        "addresses6": ("firewall_address6", wanted.placeholder),
        "groups": ("firewall_addrgrp", wanted.group),
        "groups6": ("firewall_addrgrp6", wanted.group6),
    }
    return {kind: [] if _named(tables[table], name) else [{"name": name}] for kind, (table, name) in asked.items()}


def _connectors(wanted: Wanted, connectors: t.Sequence[Obj]) -> list[Body]:
    there = _named(connectors, wanted.feed)
    right = {"type": "address", "status": "enable", "update-method": "push"}
    if wanted.method == "feed_file":
        if not wanted.resource.startswith("https://"):
            raise InvalidInput("a feed that the box fetches needs its https:// address")
        # Releases before push feeds have no update method.
        right = {"type": "address", "status": "enable", "resource": wanted.resource}
    if there is None:
        return [{"name": wanted.feed}]
    if there.get("type") != "address":
        raise InvalidInput(f"there is an external resource {wanted.feed} of type {there.get('type')}")
    return [{"name": wanted.feed}] if any(there.get(key) != value for key, value in right.items()) else []


def _policies(wanted: Wanted, policies: t.Sequence[Obj]) -> list[Body]:
    lists = {"addr": wanted.list4, "addr6": wanted.list6}
    found = []
    for policyid, title, ours, other in (
        (wanted.source, "secops-block-source", "src", "dst"),
        (wanted.destination, "secops-block-destination", "dst", "src"),
    ):
        there = _own(policies, policyid, f"{ours}addr", "policy")
        needed = {
            **{f"{ours}{kind}": name for kind, name in lists.items()},
            **{f"{other}{kind}": "all" for kind in lists},
        }
        needed.update({"srcintf": "any", "dstintf": "any", "service": "ALL"})
        if there is not None and _fits(there, SETTINGS, needed):
            continue
        # Names of other lists that stand there stay: a box can be fed by a feed and a group.
        names = {key: _names_with((there or {}).get(key), name) for key, name in needed.items()}
        found.append({"policyid": policyid, "name": str((there or {}).get("name") or title), **names})
    return found


def _local_in(policyid: int, name: str, policies: t.Sequence[Obj], version: str) -> list[Body]:
    there = _own(policies, policyid, "srcaddr", "local-in policy")
    if there is not None and _fits(there, LOCAL_IN, {"srcaddr": name, "dstaddr": "all", "service": "ALL"}):
        return []
    many = tuple(int(number) for number in re.findall(r"\d+", version)[:3]) >= MANY_INTERFACES
    return [{"policyid": policyid, "many_interfaces": many, "srcaddr": _names_with((there or {}).get("srcaddr"), name)}]


def _own(policies: t.Sequence[Obj], policyid: int, attribute: str, kind: str) -> t.Optional[Obj]:
    """The policy with our number, if there is one. Raises InvalidInput where it is plainly somebody else's.

    With `all` or a negation in it, adding a list to its names would deny the whole world; one for some users or services of the
    net denies nobody else.
    """
    there = next((one for one in policies if str(one.get("policyid")) == str(policyid)), None)
    if there is None:
        return None
    negated = any(key.endswith("-negate") and value == "enable" for key, value in there.items())
    wide = any(_named(there.get(key) or [], "all") for key in (attribute, f"{attribute}6"))
    if there.get("action") != "deny" or negated or wide or narrowed_by(there):
        raise InvalidInput(f"{kind} {policyid} is there already and is not one of these; give another number")
    return there


def _fits(there: Obj, settings: t.Mapping[str, str], names: t.Mapping[str, str]) -> bool:
    right = all(there.get(key) == value for key, value in settings.items())
    return right and all(_named(there.get(key) or [], name) is not None for key, name in names.items())


def _names_with(items: t.Optional[t.Sequence[Obj]], name: str) -> list[dict[str, str]]:
    names = [str(item["name"]) for item in items or [] if item.get("name")]
    return [{"name": one} for one in dict.fromkeys([*names, name])]


def _moves(policies: t.Sequence[Obj], ours: t.Sequence[int]) -> list[Body]:
    """Policies that have to go before the first one of somebody else, in the order in which they then stand."""
    order = [int(one["policyid"]) for one in policies]
    others = [policyid for policyid in order if policyid not in ours]
    if not others or (order[: len(ours)] and set(order[: len(ours)]) == set(ours)):
        return []
    return [{"policyid": policyid, "before": others[0]} for policyid in ours]


def _named(objects: t.Iterable[Obj], name: str) -> t.Optional[Obj]:
    return next((one for one in objects if one.get("name") == name), None)
