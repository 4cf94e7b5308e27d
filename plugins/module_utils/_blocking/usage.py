# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether policies deny by a list, for the addresses that are to be on it (protocol_fortigate.rst, "Deny policies")."""

from __future__ import annotations

import typing as t

from .._common.sides import BOTH, DESTINATION, SOURCE
from .infrastructure import results_in

# In the order in which the fact module is asked. Local-in policies protect the box and nothing behind it.
POLICIES = ("firewall_policy", "firewall_local-in-policy", "firewall_local-in-policy6")
# Attributes of a policy that make it one for some users or services of the net only; each may be missing.
NARROWING = (
    "users",
    "groups",
    "fsso-groups",
    "internet-service",
    "internet-service-src",
    "internet-service6",
    "internet-service6-src",
)

Obj = t.Mapping[str, t.Any]


class Need(t.NamedTuple):
    """What has to be denied: traffic of one IP version, by its source or its destination."""

    version: int
    side: str

    @property
    def ours(self) -> str:
        return f"{'src' if self.side == SOURCE else 'dst'}addr{'6' if self.version == 6 else ''}"

    @property
    def other(self) -> str:
        return f"{'dst' if self.side == SOURCE else 'src'}addr{'6' if self.version == 6 else ''}"

    def __str__(self) -> str:
        return f"IPv{self.version} {self.side}s"


ALL = tuple(Need(version, side) for version in (4, 6) for side in (SOURCE, DESTINATION))


def needs_of(targets: t.Iterable[Obj]) -> list[Need]:
    """Of targets with `ip` and, where it is no source, `side`."""
    asked = {
        Need(6 if ":" in str(target["ip"]) else 4, side)
        for target in targets
        for side in (SOURCE, DESTINATION)
        if target.get("side", SOURCE) in (side, BOTH)
    }
    return [need for need in ALL if need in asked]


def idle(lists: t.Iterable[str], replies: t.Iterable[Obj], targets: t.Iterable[Obj] = ()) -> list[str]:
    """VDOMs in which some of the targets would go on, with what is lacking; without targets, those in which no policy denies by
    any of these lists. Raises InvalidInput."""
    names, needs = set(lists), needs_of(targets)
    found = []
    for reply in replies:
        vdom = str(reply.get("item", ""))
        policies, *local_in = (results_in(reply, number, name) for number, name in enumerate(POLICIES))
        lacking = [need for need in needs or ALL if _first(policies, names, need) is None]
        if len(lacking) == len(ALL) and not needs:
            found.append(vdom)
        elif needs and lacking:
            told = [f"{need}{_faults_told(policies, names, need)}" for need in lacking]
            if any(_names(one, "srcaddr", names) for table in local_in for one in table):
                told.append("a local-in policy protects only the box itself")
            found.append(f"{vdom} ({'; '.join(told)})")
    return found


def overtaken(lists: t.Iterable[str], replies: t.Iterable[Obj], targets: t.Iterable[Obj]) -> list[str]:
    """Policies that accept from or to anywhere, above the one that denies by the list. Raises InvalidInput."""
    names, needs = set(lists), needs_of(targets)
    found: dict[str, None] = {}
    for reply in replies:
        policies = results_in(reply, 0, POLICIES[0])
        for need in needs:
            for policy in policies[: _first(policies, names, need) or 0]:
                if (
                    _is(policy, "action", "accept")
                    and _is(policy, "status", "enable", "enable")
                    and _names(policy, need.ours, {"all"})
                ):
                    found[
                        f"In {reply.get('item', '')} policy {policy.get('policyid')} stands above the one that denies by the list, and "
                        f"accepts {need} from anywhere"
                    ] = None
    return list(found)


def narrowed_by(policy: Obj) -> list[str]:
    """Attributes that keep a policy from being one for everybody."""
    return [key for key in NARROWING if policy.get(key) not in (None, "", "disable", [])]


def _first(policies: t.Sequence[Obj], names: set[str], need: Need) -> t.Optional[int]:
    fits = (number for number, one in enumerate(policies) if _is_for(one, names, need) and not _faults(one, need))
    return next(fits, None)


def _is_for(policy: Obj, names: set[str], need: Need) -> bool:
    """A policy without an action denies."""
    return _is(policy, "action", "deny", "deny") and _names(policy, need.ours, names)


def _faults(policy: Obj, need: Need) -> list[str]:
    """Why a policy that denies by the list lets some of it pass. What published servers get, a policy without match-vip never sees."""
    told = [key for key, value in (("status", "enable"), ("schedule", "always")) if not _is(policy, key, value, value)]
    if need.side == SOURCE and not _is(policy, "match-vip", "enable", "enable"):
        told.append("match-vip")
    if not _names(policy, "service", {"ALL"}):
        told.append("service")
    told += [key for key in ("srcintf", "dstintf") if not policy.get(key)]
    if not _names(policy, need.other, {"all"}):
        told.append(need.other)
    return told + narrowed_by(policy)


def _faults_told(policies: t.Sequence[Obj], names: set[str], need: Need) -> str:
    told = [
        f"policy {one.get('policyid')} for its {', '.join(_faults(one, need))}"
        for one in policies
        if _is_for(one, names, need)
    ]
    return f": not {'; not '.join(told)}" if told else ""


def _is(policy: Obj, key: str, value: str, missing: str = "") -> bool:
    return str(policy.get(key, missing)) == value


def _names(policy: Obj, key: str, names: t.Collection[str]) -> bool:
    """Whether one of the names stands there, and is meant as it stands."""
    used = {str(one.get("name")) for one in policy.get(key) or []}
    return policy.get(f"{key}-negate") != "enable" and not used.isdisjoint(names)
