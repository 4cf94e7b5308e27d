# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the policy that first matches the packets of an address in a feed or group (protocol_fortigate.rst, "Deny
policies").

This module sends no requests. A policy that accepts some of the packets counts as accepting. A policy counts as denying
only for interfaces between which it denies all packets.
"""

from __future__ import annotations

import typing as t

from .._common.addresses import Network
from .._common.errors import printable
from .._common.sides import SOURCE
from .address_book import Book, Held, names_in
from .topology import Interface, Routing

# Attributes that limit a policy to some users or internet services. A reply may omit each of them.
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
# The interfaces through which a packet enters and leaves. Both are None if the interfaces are not known.
Pair = tuple[t.Optional[Interface], t.Optional[Interface]]


class Need(t.NamedTuple):
    """The traffic to deny: its IP version, and whether the address is its source or its destination."""

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


# The kinds of verdicts, from the worst to the best. `idle` means that no deny policy uses the feed or group.
IDLE, ACCEPTED, UNDECIDED, DENIED = "idle", "accepted", "undecided", "denied"


class Verdict(t.NamedTuple):
    """`policy` is the first policy that accepts traffic of the address. If no policy accepts it, `policy` is
    `denied_by`. `denied_by` is the first policy that denies such traffic by the feed or group, at least for some
    interfaces.

    `doubts` are earlier policies that may accept the traffic. `pairs` are the interfaces between which traffic is
    accepted, or is not denied by the feed or group.
    """

    kind: str
    need: Need
    network: Network
    policy: t.Optional[Obj] = None
    denied_by: t.Optional[Obj] = None
    doubts: tuple[Obj, ...] = ()
    pairs: tuple[Pair, ...] = ()
    why: str = ""


def judge(policies: t.Sequence[Obj], book: Book, routing: t.Optional[Routing], need: Need, network: Network) -> Verdict:
    """The verdict on the packets of an address. `routing` is None if the interfaces are not known. A policy that denies
    for some interfaces then counts as denying for all interfaces."""
    # This is one function, because the order of the policies matters: each policy leaves some traffic for the next
    # policy.
    out, excluder = book.excluded(network)
    why = f"{printable(excluder, 79)} is excluded from the group {book.ours[need.version]}" if out != Held.NO else ""
    if out in (Held.YES, Held.PART):
        return Verdict(IDLE, need, network, why=why)
    left, denied_by = pairs_of(routing, need, network), None
    # Pairs of interfaces whose traffic an earlier policy may deny. A later policy does not count as accepting it.
    maybe: list[Pair] = []
    doubts: list[Obj] = []
    for policy in policies:
        if not left:
            break
        if not is_enabled(policy):
            continue
        if denies(policy):
            covered, unsure = _denied(policy, book, routing, need, network, left)
            left = [one for one in left if one not in covered]
            denied_by = denied_by or (policy if covered else None)
            maybe += unsure
            continue
        found = accepts(policy, book, routing, need, network, left)
        taken = tuple(one for one in taken_by(policy, left, routing) if one not in maybe)
        if found in (Held.YES, Held.PART) and taken:
            kind, _rule = _further_down(policies, book, need, network)
            return Verdict(
                kind=kind,
                need=need,
                network=network,
                policy=policy,
                denied_by=denied_by,
                doubts=tuple(doubts),
                pairs=taken,
                why=why,
            )
        if found != Held.NO:
            doubts.append(policy)
    kind = UNDECIDED if doubts else DENIED
    if denied_by is None:
        kind, rule = _further_down(policies, book, need, network)
        if kind == ACCEPTED:
            kind = UNDECIDED if maybe else IDLE
            why = f"{title(rule or {})} denies the addresses in the feed or group, but may not match the interfaces of the address"
    # Traffic that no policy matches does not count as accepted, because the FortiGate denies it by default.
    return Verdict(
        kind=kind,
        need=need,
        network=network,
        policy=denied_by,
        denied_by=denied_by,
        doubts=tuple(doubts),
        pairs=tuple(left),
        why=why,
    )


def _denied(
    policy: Obj, book: Book, routing: t.Optional[Routing], need: Need, network: Network, pairs: t.Iterable[Pair]
) -> tuple[list[Pair], list[Pair]]:
    """The pairs of interfaces for which the policy denies all packets of the address, and the pairs for which it may
    deny the packets."""
    held = Held.NO if faults(policy, need) else _held(policy, need.ours, book, network)
    if held not in (Held.YES, Held.UNKNOWN):
        return [], []
    sure = [one for one in pairs if held == Held.YES and _takes_all(policy, one, routing)]
    return sure, [one for one in taken_by(policy, pairs, routing) if one not in sure]


def _further_down(policies: t.Sequence[Obj], book: Book, need: Need, network: Network) -> tuple[str, t.Optional[Obj]]:
    """The kind of the verdict from all deny policies that use the feed or group, in any position, and the policy that
    matches best. It is used if another policy accepts first, or if no policy certainly denies."""
    rules = (one for one in _deniers(policies, need) if _is_ours(one, need, book))
    found = [(_held(one, need.ours, book, network), one) for one in rules]
    held, rule = max(found, key=lambda pair: pair[0], default=(Held.NO, None))
    return {Held.YES: ACCEPTED, Held.UNKNOWN: UNDECIDED}.get(held, IDLE), rule


def _deniers(policies: t.Iterable[Obj], need: Need) -> list[Obj]:
    return [one for one in policies if is_enabled(one) and denies(one) and not faults(one, need)]


def pairs_of(routing: t.Optional[Routing], need: Need, network: Network) -> list[Pair]:
    if routing is None or not routing.interfaces:
        return [(None, None)]
    near, far = routing.towards(network), routing.interfaces
    come, go = (near, far) if need.side == SOURCE else (far, near)
    return [(one, other) for one in come for other in go]


def open_interfaces(
    policies: t.Sequence[Obj], book: Book, routing: t.Optional[Routing], need: Need, network: Network
) -> list[str]:
    """Interfaces on the side of the address between which and some other interface no deny policy uses the feed or
    group. Whether another policy accepts this traffic does not matter."""
    if routing is None:
        return []
    rules = [one for one in _deniers(policies, need) if _held(one, need.ours, book, network) == Held.YES]
    pairs = [(one, other) for one in routing.interfaces for other in routing.interfaces]
    left = [pair for pair in pairs if not any(_takes_all(one, pair, routing) for one in rules)]
    near = (pair[0] if need.side == SOURCE else pair[1] for pair in left)
    return list(dict.fromkeys(one.name for one in near))


def decides(doubt: Obj, need: Need) -> bool:
    """Whether the lookup of one packet shows if this policy accepts an address. For this, the policy must match every
    address on the other side, every service and every time."""
    wide = "all" in names_in(doubt, need.other) and _is_negated(doubt, need.other) is False
    any_service = "ALL" in names_in(doubt, "service") and doubt.get("service-negate") != "enable"
    return wide and any_service and doubt.get("schedule") == "always" and not narrowed_by(doubt)


def taken_by(policy: Obj, pairs: t.Iterable[Pair], routing: t.Optional[Routing]) -> list[Pair]:
    return [one for one in pairs if _takes(policy, one, routing) != Held.NO]


def is_enabled(policy: Obj) -> bool:
    return str(policy.get("status", "enable")) == "enable"


def denies(policy: Obj) -> bool:
    """Whether the policy denies. If a reply omits the action, the policy denies."""
    return str(policy.get("action", "deny")) == "deny"


def faults(policy: Obj, need: Need) -> list[str]:
    """The attributes because of which a deny policy that uses a feed or group lets some traffic pass. For example, a
    policy with match-vip disabled does not match traffic to virtual IPs."""
    reported = [
        key for key, value in (("status", "enable"), ("schedule", "always")) if str(policy.get(key, value)) != value
    ]
    if need.side == SOURCE and str(policy.get("match-vip", "enable")) != "enable":
        reported.append("match-vip")
    if "ALL" not in names_in(policy, "service") or policy.get("service-negate") == "enable":
        reported.append("service")
    reported += [key for key in ("srcintf", "dstintf") if not policy.get(key)]
    if "all" not in names_in(policy, need.other) or _is_negated(policy, need.other) is not False:
        reported.append(need.other)
    return reported + narrowed_by(policy)


def narrowed_by(policy: Obj) -> list[str]:
    """Attributes that limit a policy to a part of the traffic."""
    return [key for key in NARROWING if policy.get(key) not in (None, "", "disable", [])]


def accepts(
    policy: Obj, book: Book, routing: t.Optional[Routing], need: Need, network: Network, pairs: t.Iterable[Pair]
) -> Held:
    """Whether the policy accepts some packets of the address between these interfaces. UNKNOWN if it may accept
    some."""
    sides = (_held(policy, need.ours, book, network), _other_side(policy, need))
    interfaces = max((_takes(policy, one, routing) for one in pairs), default=Held.NO)
    schedule = str(policy.get("schedule") or "always")
    if Held.NO in (*sides, interfaces) or schedule == "none":
        return Held.NO
    plain = policy.get("action") == "accept" and schedule == "always" and not narrowed_by(policy)
    return Held.UNKNOWN if Held.UNKNOWN in (*sides, interfaces) or not plain else sides[0]


def _held(policy: Obj, attribute: str, book: Book, network: Network) -> Held:
    """How much of the network the attribute matches. An attribute without names matches nothing. If internet services
    replace the attribute, the match is not known."""
    names = names_in(policy, attribute)
    if not names:
        return Held.UNKNOWN if _by_service(policy, attribute) else Held.NO
    found = max(book.held(name, network) for name in names)
    negated = _is_negated(policy, attribute)
    if negated is False:
        return found
    return Held.UNKNOWN if negated is None else {Held.YES: Held.NO, Held.NO: Held.YES}.get(found, found)


def _other_side(policy: Obj, need: Need) -> Held:
    """Whether the other side of the policy can match a packet. Every name except "none" can match a packet."""
    names = set(names_in(policy, need.other))
    if _by_service(policy, need.other):
        return Held.UNKNOWN
    negated = _is_negated(policy, need.other)
    if negated is None or (negated and "all" in names and len(names) > 1):
        # A name besides a negated "all" may be a virtual IP, which matches even if the attribute is negated.
        return Held.UNKNOWN
    return Held.YES if (names != {"all"} if negated else names - {"none"}) and names else Held.NO


def _by_service(policy: Obj, attribute: str) -> bool:
    key = f"internet-service{'6' if attribute.endswith('6') else ''}{'-src' if attribute.startswith('src') else ''}"
    return policy.get(key) not in (None, "", "disable", [])


def _is_negated(policy: Obj, attribute: str) -> t.Optional[bool]:
    """Whether the attribute is negated. None if the settings for IPv4 and IPv6 differ, because the release of FortiOS
    determines which setting applies to IPv6."""
    plain = attribute[:-1] if attribute.endswith("6") else attribute
    found = {
        policy.get(f"{key}-negate", "disable") == "enable" for key in (plain, attribute) if f"{key}-negate" in policy
    }
    return None if len(found) > 1 else True in found


def _is_ours(policy: Obj, need: Need, book: Book) -> bool:
    return any(book.leads(name, need.version) for name in names_in(policy, need.ours))


def _takes_all(policy: Obj, pair: Pair, routing: t.Optional[Routing]) -> bool:
    return routing is None or _takes(policy, pair, routing) == Held.YES


def _takes(policy: Obj, pair: Pair, routing: t.Optional[Routing]) -> Held:
    return min(_means(policy, "srcintf", pair[0], routing), _means(policy, "dstintf", pair[1], routing))


def _means(policy: Obj, attribute: str, interface: t.Optional[Interface], routing: t.Optional[Routing]) -> Held:
    names = names_in(policy, attribute)
    if "any" in names:
        return Held.YES
    if interface is None or routing is None:
        return Held.UNKNOWN if names else Held.NO
    if not set(interface.names).isdisjoint(names):
        return Held.YES
    return Held.NO if routing.names.issuperset(names) else Held.UNKNOWN


def title(policy: Obj) -> str:
    """The number and the name of the policy, for messages."""
    name = printable(policy.get("name") or "", 35)
    return f"policy {printable(policy.get('policyid'), 12)}" + (f" {name!r}" if name else "")
