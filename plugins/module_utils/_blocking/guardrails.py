# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applies the guardrails, which decide which targets may be blocked.

This module sends no requests: `Rules` contains all data from devices. Each target is accepted, or refused with all
reasons. The verdict is the reason why a run must not continue.
"""

from __future__ import annotations

import typing as t

from .._common.addresses import Network, address_order, objections, text_of
from .._common.naming import agree, counted, listed
from .._common.network_index import NetworkIndex
from .._common.sides import BOTH, DESTINATION
from .targets import Target, merged

# If a run has at least SHORTEST_LIST targets and more than TOLERATED_PERCENT % of the suited targets are refused, the
# query that found the targets was probably wrong.
TOLERATED_PERCENT, SHORTEST_LIST = 20, 20
NO_ADDRESS = "not an address: host names, ranges, zones, leading zeros and networks with host bits are not accepted"
UNSUITED = "a ban does not stop traffic to a destination: set fortigate_block_method to feed_push, feed_file or addrgrp"
HALF_SUITED = (
    "{} was also a destination, but a ban stops only the traffic from this address. To stop the traffic in both directions, set "
    "fortigate_block_method to feed_push, feed_file or addrgrp"
)
MOST_NAMED = 10

Reasoned = tuple[Network, str]


class Rules(t.NamedTuple):
    """`never` is the user's exclusion list. `protected` are the addresses that the FortiGates, their administrators and
    this controller need. `shared` are the addresses of shared infrastructure, and `allow_shared` are the exceptions
    from `shared`. `source_only` means that the method does not stop traffic to an address, and `on_lists` are the
    addresses for which a feed or group is used instead. `ttl` is the default duration of a block in seconds."""

    never: tuple[Network, ...] = ()
    protected: tuple[Reasoned, ...] = ()
    shared: tuple[Reasoned, ...] = ()
    allow_shared: tuple[Network, ...] = ()
    allow_private: bool = False
    allow_networks: bool = False
    max_per_run: int = 50
    ttl: int = 3600
    on_protected: str = "fail"
    source_only: bool = False
    on_lists: t.AbstractSet[str] = frozenset()

    def stops_only_from(self, target: Target) -> bool:
        return self.source_only and target.address not in self.on_lists


class Refused(t.NamedTuple):
    """`unsuited` means that the method cannot stop the target. Such a target does not count in the percentage of
    refused targets."""

    target: Target
    why: tuple[str, ...]
    unsuited: bool = False

    def as_dict(self) -> dict[str, t.Any]:
        return {**self.target.as_dict(), "refusals": list(self.why)}


class Judgement(t.NamedTuple):
    """`verdict` is the reason why the run must not continue, empty if it may continue."""

    accepted: list[Target]
    refused: list[Refused]
    notices: list[str]
    verdict: str


class _Lists(t.NamedTuple):
    """The addresses and networks that a target must not overlap."""

    never: NetworkIndex[None]
    protected: NetworkIndex[str]
    shared: NetworkIndex[str]


def judge(targets: t.Iterable[Target], rules: Rules) -> Judgement:
    wanted: dict[str, Target] = {}
    for target in targets:
        known = wanted.get(target.address)
        wanted[target.address] = target if known is None else merged(known, target, rules.ttl)
    lists = _Lists(
        NetworkIndex((network, None) for network in rules.never),
        NetworkIndex(rules.protected),
        NetworkIndex(rules.shared),
    )
    accepted: list[Target] = []
    refused: list[Refused] = []
    for address in sorted(wanted, key=address_order):
        target = wanted[address]
        reasons = _reasons_against(target, rules, lists)
        if reasons:
            refused.append(Refused(target, tuple(reasons)))
        elif rules.stops_only_from(target) and target.side == DESTINATION:
            refused.append(Refused(target, (UNSUITED,), unsuited=True))
        else:
            accepted.append(target)
    both = [target.address for target in accepted if rules.stops_only_from(target) and target.side == BOTH]
    return Judgement(
        accepted,
        refused,
        [HALF_SUITED.format(address) for address in both],
        "; ".join(_verdicts(accepted, refused, rules)),
    )


def _reasons_against(target: Target, rules: Rules, lists: _Lists) -> list[str]:
    """Every reason why this target must not be blocked."""
    network = target.network
    if network is None:
        return [NO_ADDRESS]
    found = [target.objection] if target.objection else []
    never = [one for one, _none in lists.never.meeting(network)]
    found += objections(network, never, rules.allow_private, rules.allow_networks)
    found += _named(network, lists.protected, "protected")
    if not _within(network, rules.allow_shared):
        found += _named(network, lists.shared, "shared infrastructure")
    return list(dict.fromkeys(found))


def _named(target: Network, networks: NetworkIndex[str], kind: str) -> list[str]:
    return [
        f"{kind}: {reason}{'' if network == target else f' ({text_of(network)})'}"
        for network, reason in networks.meeting(target)
    ]


def _within(target: Network, networks: t.Iterable[Network]) -> bool:
    """Whether an exception contains the whole target."""
    return any(one.version == target.version and target.subnet_of(one) for one in networks)  # type: ignore[arg-type]


def _verdicts(accepted: t.Sequence[Target], refused: t.Sequence[Refused], rules: Rules) -> t.Iterator[str]:
    total = len(accepted) + len(refused)
    unsuited = [one.target.address for one in refused if one.unsuited]
    objected = [one for one in refused if not one.unsuited]
    if total > rules.max_per_run:
        yield (
            f"fortigate_block_max_per_run permits {counted(rules.max_per_run, 'target')} in one run, but this run has {total} ({len(accepted)} "
            "after the guardrails): raise this limit, or divide the targets among several runs"
        )
    # Some unsuited targets are normal, because a hunt usually finds sources and destinations. But if no target is
    # accepted, the run must not end as a success.
    if unsuited and not accepted:
        yield f"{', '.join(unsuited[:MOST_NAMED])}: {UNSUITED}"
    if total >= SHORTEST_LIST and 100 * len(objected) > TOLERATED_PERCENT * (total - len(unsuited)):
        yield (
            f"{len(objected)} of {counted(total, 'target')} {agree(len(objected))} refused, which is more than "
            f"{TOLERATED_PERCENT} % of the targets that the method can stop: check the query that found these targets"
        )
    if objected and rules.on_protected == "fail":
        named = [f"{one.target.address[:60]!r} ({', '.join(one.why)})" for one in objected]
        these = agree(len(named), "this target", "these targets")
        yield f"refused: {listed(named, MOST_NAMED)}. Remove {these}, or set fortigate_block_on_protected to skip"
