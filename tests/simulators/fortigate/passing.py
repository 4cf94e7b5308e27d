# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Would this packet pass? The effect of bans, feeds, groups and policies (protocol_fortigate.rst, "Deny policies")."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from . import topology
from .addresses import Ip
from .matching import Matcher, Vip
from .state import FortiGateState
from .table import Obj

TCP = 6


@dataclass(frozen=True)
class Packet:
    """The first packet of a connection, and the interface by which it comes in."""

    src: Ip
    dst: Ip
    port: int
    came_by: str
    protocol: int = TCP


@dataclass(frozen=True)
class Verdict:
    """`policy` is the one that was met, None for none of them."""

    passes: bool
    policy: int | None = None
    banned: bool = False


def passes(
    state: FortiGateState,
    src: str,
    dst: str,
    dport: int,
    vdom: str | None = None,
    to_fortigate: bool = False,
    interface: str | None = None,
) -> bool:
    """A new TCP connection; what is sent to an address of the FortiGate itself meets the local-in policies only.

    Without an interface, by any of those by which the source may come: a block that leaves one of them open is none.
    """
    state.settle()
    vdom = state.config.known_vdom(vdom or topology.traffic_vdom(state))
    source, target = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    ways = topology.ways_from(state, vdom, source)
    if interface is not None:
        ways = [topology.known_interface(state, vdom, interface)]
    packets = [Packet(source, target, dport, way) for way in ways]
    if to_fortigate or target in topology.own_addresses(state, vdom):
        return any(_to_fortigate(state, packet, vdom) for packet in packets)
    verdicts = [through(state, packet, vdom) for packet in packets]
    verdict = next((found for found in verdicts if found.passes), verdicts[0])
    if not verdict.banned:
        state.counters.count(vdom, verdict.policy or 0, state.device_time())
    return verdict.passes


def reaches_api(state: FortiGateState) -> bool:
    """Does the API user get to the FortiGate? Against a local-in policy that denies him, trusted hosts do not help."""
    if not state.switches.api_user_from:
        return True
    source, vdom = state.switches.api_user_from, state.switches.vdoms[0]
    own = [str(ip) for ip in topology.own_addresses(state, vdom) if (ip.version == 6) == (":" in source)]
    return any(passes(state, source, ip, 443, vdom, to_fortigate=True) for ip in own)


def through(state: FortiGateState, packet: Packet, vdom: str, feeds: bool = True) -> Verdict:
    """The first policy that fits decides; a ban stops what an ACCEPT policy would let pass."""
    if topology.carries_none(state, vdom):
        return Verdict(False)
    matcher = Matcher(state, vdom, feeds)
    vip = matcher.vip(packet.dst, packet.port)
    goes_by = topology.way_to(state, vdom, vip.inside if vip is not None else packet.dst)
    for number, policy in state.config.objects("firewall/policy", vdom).items():
        fits = (
            _in_force(policy)
            and matcher.interface(packet.came_by, policy["srcintf"])
            and matcher.interface(goes_by, policy["dstintf"])
            and matcher.address(packet.src, policy, "srcaddr")
            and _is_target(matcher, policy, packet.dst, vip)
            and matcher.service(packet.protocol, packet.port, policy)
        )
        if fits:
            accepted = policy["action"] == "accept"
            banned = accepted and str(packet.src) in state.bans.live(vdom, state.device_time())
            return Verdict(accepted and not banned, number, banned)
    return Verdict(False)


def _is_target(matcher: Matcher, policy: Obj, target: Ip, vip: Vip | None) -> bool:
    """Published servers are met by their VIP's name; by address only where match-vip is set on a deny policy."""
    if vip is None:
        return matcher.address(target, policy, "dstaddr")
    if any(item["name"] == vip.name for item in policy["dstaddr6" if target.version == 6 else "dstaddr"]):
        return True
    if policy["action"] != "deny" or policy.get("match-vip") != "enable":
        return False
    return matcher.address(target, policy, "dstaddr") or matcher.address(vip.inside, policy, "dstaddr")


def _to_fortigate(state: FortiGateState, packet: Packet, vdom: str) -> bool:
    """Bans do not protect the FortiGate itself; where no local-in policy fits, it answers."""
    table = "firewall/local-in-policy6" if packet.src.version == 6 else "firewall/local-in-policy"
    matcher = Matcher(state, vdom)
    for policy in state.config.objects(table, vdom).values():
        fits = (
            _in_force(policy)
            and matcher.interface(packet.came_by, policy["intf"])
            and matcher.address(packet.src, policy, "srcaddr")
            and matcher.address(packet.dst, policy, "dstaddr")
            and matcher.service(packet.protocol, packet.port, policy)
        )
        if fits:
            return bool(policy["action"] == "accept")
    return True


def _in_force(policy: Obj) -> bool:
    return bool(policy["status"] == "enable" and policy["schedule"] != "none")
