# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether policies deny by a list, for the addresses that are to be on it (protocol_fortigate.rst, "Deny policies")."""

from __future__ import annotations

import typing as t

from .._common.sides import BOTH, DESTINATION, SOURCE
from .client import Vdom
from .targets import Target

# Local-in policies protect the FortiGate itself and nothing behind it.
LOCAL_IN = ("cmdb/firewall/local-in-policy", "cmdb/firewall/local-in-policy6")
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


COLUMNS = "|".join(
    (
        *("policyid", "status", "action", "schedule", "match-vip", "service", "service-negate", "srcintf", "dstintf"),
        *(
            f"{side}addr{version}{negated}"
            for side in ("src", "dst")
            for version in ("", "6")
            for negated in ("", "-negate")
        ),
        *NARROWING,
    )
)


def needs_of(targets: t.Iterable[Target]) -> list[Need]:
    asked = {
        Need(6 if ":" in target.address else 4, side)
        for target in targets
        for side in (SOURCE, DESTINATION)
        if (target.side or SOURCE) in (side, BOTH)
    }
    return [need for need in ALL if need in asked]


def read_policies(vdom: Vdom) -> list[Obj]:
    """In the order in which the FortiGate asks them. Raises FortiGateError."""
    return list(vdom.objects("cmdb/firewall/policy", format=COLUMNS))


def idle(vdom: Vdom, policies: t.Sequence[Obj], names: t.Collection[str], targets: t.Iterable[Target]) -> str:
    """Why some of the targets would pass although they are on the list, empty where a policy denies each. Raises FortiGateError."""
    lists = set(names)
    lacking = [need for need in needs_of(targets) if _first(policies, lists, need) is None]
    if not lacking:
        return ""
    found = [f"{need}{_faults_told(policies, lists, need)}" for need in lacking]
    local_in = [one for path in LOCAL_IN for one in vdom.found(path, format="policyid|srcaddr|srcaddr-negate") or []]
    if any(_names(one, "srcaddr", lists) for one in local_in):
        found.append("a local-in policy protects only the FortiGate itself")
    return f"no policy denies by {', '.join(sorted(lists))} in VDOM {vdom.name} ({'; '.join(found)})"


def overtaken(
    vdom: Vdom, policies: t.Sequence[Obj], names: t.Collection[str], targets: t.Iterable[Target]
) -> list[str]:
    """Policies that accept from or to anywhere, above the one that denies by the list."""
    lists = set(names)
    found: dict[str, None] = {}
    for need in needs_of(targets):
        for policy in policies[: _first(policies, lists, need) or 0]:
            if (
                _is(policy, "action", "accept")
                and _is(policy, "status", "enable", "enable")
                and _names(policy, need.ours, {"all"})
            ):
                found[
                    f"In VDOM {vdom.name} policy {policy.get('policyid')} is above the one that denies by the list, and accepts {need} from "
                    "anywhere"
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
