# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Would this packet pass? The effect of bans, feeds, groups and policies (protocol_fortigate.rst, "Deny policies")."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from . import topology
from .addresses import Ip
from .box import Box
from .matching import Matcher, Vip
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
    box: Box,
    src: str,
    dst: str,
    dport: int,
    vdom: str | None = None,
    to_box: bool = False,
    interface: str | None = None,
) -> bool:
    """A new TCP connection; what is sent to an address of the box itself meets the local-in policies only.

    Without an interface, by any of those by which the source may come: a block that leaves one of them open is none.
    """
    box.settle()
    vdom = box.config.known_vdom(vdom or topology.traffic_vdom(box))
    source, target = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    ways = topology.ways_from(box, vdom, source)
    if interface is not None:
        ways = [topology.known_interface(box, vdom, interface)]
    packets = [Packet(source, target, dport, way) for way in ways]
    if to_box or target in topology.own_addresses(box, vdom):
        return any(_to_box(box, packet, vdom) for packet in packets)
    verdicts = [through(box, packet, vdom) for packet in packets]
    verdict = next((found for found in verdicts if found.passes), verdicts[0])
    if not verdict.banned:
        box.counters.count(vdom, verdict.policy or 0, box.appliance_time())
    return verdict.passes


def reaches_api(box: Box) -> bool:
    """Does the API user get to the FortiGate? Against a local-in policy that denies him, trusted hosts do not help."""
    if not box.switches.api_user_from:
        return True
    source, vdom = box.switches.api_user_from, box.switches.vdoms[0]
    own = [str(ip) for ip in topology.own_addresses(box, vdom) if (ip.version == 6) == (":" in source)]
    return any(passes(box, source, ip, 443, vdom, to_box=True) for ip in own)


def through(box: Box, packet: Packet, vdom: str, feeds: bool = True) -> Verdict:
    """The first policy that fits decides; a ban stops what an ACCEPT policy would let pass."""
    if topology.carries_none(box, vdom):
        return Verdict(False)
    matcher = Matcher(box, vdom, feeds)
    vip = matcher.vip(packet.dst, packet.port)
    goes_by = topology.way_to(box, vdom, vip.inside if vip is not None else packet.dst)
    for number, policy in box.config.objects("firewall/policy", vdom).items():
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
            banned = accepted and str(packet.src) in box.bans.live(vdom, box.appliance_time())
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


def _to_box(box: Box, packet: Packet, vdom: str) -> bool:
    """Bans do not protect the box itself; where no local-in policy fits, it answers."""
    table = "firewall/local-in-policy6" if packet.src.version == 6 else "firewall/local-in-policy"
    matcher = Matcher(box, vdom)
    for policy in box.config.objects(table, vdom).values():
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
