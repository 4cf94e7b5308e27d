# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Queries the FortiGate's policy lookup for a packet of a blocked address (protocol_fortigate.rst, "Policy lookup and
counters").

Only a reply that names a policy counts. Fortinet does not document whether the lookup evaluates feeds.
"""

from __future__ import annotations

import typing as t

from .._common.addresses import Network, is_host
from .._common.sides import SOURCE
from . import packets
from .client import FortiGateError, Vdom
from .packets import Need, Obj, Pair, Verdict
from .topology import Routing

PATH = "monitor/firewall/policy-lookup"
# Maximum number of interfaces that are looked up for a verdict. For further interfaces, the order of the policies is
# the proof.
MOST_INTERFACES = 4
# Maximum number of lookups for an undecided verdict. If more lookups are needed, the block is not proven.
MOST_PACKETS = 12
PORT = 443
# The meanings of a lookup result for the block.
PROVEN, SILENT, BLIND, CONTRADICTED = "proven", "silent", "blind", "contradicted"


class ProbePacket(t.NamedTuple):
    """The TCP packet of a lookup. No such packet is sent."""

    interface: str
    source: str
    dest: str
    port: int = PORT


class Outcome(t.NamedTuple):
    """`policy` is the policy that denies, or the policy that accepts despite the block."""

    kind: str
    policy: t.Optional[Obj] = None


def probe_packets(routing: t.Optional[Routing], need: Need, network: Network) -> list[ProbePacket]:
    """Packets from the address to an internal address and to a published server, through each interface behind which
    the address may be. If the address is a destination, packets from each internal interface to the address."""
    if routing is None:
        return []
    inside, host = routing.inside(need.version), _host(network)
    if need.side != SOURCE:
        return [ProbePacket(one.name, address, host) for one, address in inside[:MOST_INTERFACES]]
    targets = [(inside[0][1], PORT)] if inside else []
    vip = next((one for one in routing.vips if any(net.version == need.version for net in one.networks)), None)
    if vip is not None:
        targets.append((str(vip.networks[0].network_address), vip.port))
    near = routing.towards(network)[:MOST_INTERFACES]
    return [ProbePacket(one.name, host, dest, port) for one in near for dest, port in targets]


def unasked(routing: t.Optional[Routing], need: Need, network: Network) -> list[str]:
    """The further interfaces through which such packets may enter. No lookup is sent for these interfaces."""
    if routing is None:
        return []
    near = routing.towards(network) if need.side == SOURCE else [one for one, _address in routing.inside(need.version)]
    return [one.name for one in near[MOST_INTERFACES:]]


def probe_packets_about(verdict: Verdict, routing: t.Optional[Routing]) -> t.Optional[list[ProbePacket]]:
    """Packets that the doubtful policies would accept if they match the address. None if packets cannot show this for
    each doubtful policy, or if too many packets are needed."""
    if routing is None or verdict.why or not is_host(verdict.network):
        return None
    found: list[ProbePacket] = []
    for doubt in verdict.doubts:
        pairs = packets.taken_by(doubt, packets.pairs_of(routing, verdict.need, verdict.network), routing)
        asked = [one for one in (_packet(pair, verdict) for pair in pairs) if one is not None]
        if not asked or len(asked) < len(pairs) or not packets.decides(doubt, verdict.need):
            return None
        found += asked
    found = list(dict.fromkeys(found))
    return found if len(found) <= MOST_PACKETS else None


def _packet(pair: Pair, verdict: Verdict) -> t.Optional[ProbePacket]:
    come, go = pair
    if come is None or go is None:
        return None
    source = verdict.need.side == SOURCE
    host, other = _host(verdict.network), (go if source else come).behind(verdict.need.version)
    if not other:
        return None
    return ProbePacket(come.name, host, other) if source else ProbePacket(come.name, other, host)


def _host(network: Network) -> str:
    return str(network.network_address if is_host(network) else network.network_address + 1)


def ask(vdom: Vdom, asked: t.Iterable[ProbePacket]) -> list[t.Optional[str]]:
    """The number of the policy that each lookup names, None if it names no policy. After a refused lookup, no further
    lookup is sent."""
    answers: list[t.Optional[str]] = []
    for one in asked:
        try:
            found = vdom.read(
                PATH,
                srcintf=one.interface,
                protocol="tcp",
                sourceip=one.source,
                dest=one.dest,
                destport=str(one.port),
                ipv6="true" if ":" in one.dest else "false",
            )
        except FortiGateError:
            return [*answers, None]
        hit = found.get("policy_id") if isinstance(found, dict) and found.get("success") is True else None
        answers.append(str(hit) if hit else None)
    return answers


def weigh(
    answers: t.Sequence[t.Optional[str]], policies: t.Sequence[Obj], verdict: Verdict, sees_lists: bool
) -> Outcome:
    """The worst outcome of these lookups. `sees_lists` means that a lookup always evaluates the entries of the
    method."""
    numbers = [str(one.get("policyid")) for one in policies]
    ours = numbers.index(str(verdict.policy.get("policyid"))) if verdict.policy is not None else len(numbers)
    found = [_weighed(one, policies, numbers, ours, sees_lists) for one in answers]
    for kind in (CONTRADICTED, BLIND, SILENT):
        worst = next((one for one in found if one.kind == kind), None)
        if worst is not None:
            return worst
    return found[0] if found else Outcome(SILENT)


def _weighed(
    answer: t.Optional[str], policies: t.Sequence[Obj], numbers: t.Sequence[str], ours: int, sees_lists: bool
) -> Outcome:
    if answer not in numbers:
        # The lookup named no policy, or a policy that was created after the policies were read.
        return Outcome(SILENT)
    place = numbers.index(answer)
    policy = policies[place]
    if packets.denies(policy):
        return Outcome(PROVEN, policy)
    return Outcome(CONTRADICTED if place < ours or sees_lists else BLIND, policy)
