# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Would this packet pass? The effect of bans, feeds, groups and policies (protocol_fortigate.rst, "Deny policies")."""

from __future__ import annotations

import ipaddress

from . import factory
from .addresses import Ip, within
from .box import Box
from .matching import Matcher, Vip
from .tables import Obj


def passes(box: Box, src: str, dst: str, dport: int, vdom: str, to_box: bool) -> bool:
    """A new TCP connection; what is sent to an address of the box itself meets the local-in policies only."""
    box.config.known_vdom(vdom)
    matcher = Matcher(box, vdom)
    source, target = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    if to_box or any(target == own for _name, own, _net in matcher.own_interfaces()):
        return _to_box(box, matcher, source, target, dport, vdom)
    return _through(box, matcher, source, target, dport, vdom)


def _through(box: Box, matcher: Matcher, source: Ip, target: Ip, dport: int, vdom: str) -> bool:
    """The first policy that fits decides; a ban stops what an ACCEPT policy would let pass."""
    vip = next((item for item in matcher.vips() if item.outside == target and item.port in (0, dport)), None)
    inside = vip.inside if vip is not None else target
    came_by, goes_by = _interface(box, matcher, source, vdom), _interface(box, matcher, inside, vdom)
    for policy in box.config.objects("firewall/policy", vdom).values():
        fits = (
            _in_force(policy)
            and matcher.interface(came_by, policy["srcintf"])
            and matcher.interface(goes_by, policy["dstintf"])
            and matcher.address(source, policy, "srcaddr")
            and _is_target(matcher, policy, target, vip)
            and matcher.service(dport, policy)
        )
        if fits:
            banned = str(source) in box.bans.live(vdom, box.appliance_time())
            return policy["action"] == "accept" and not banned
    return False


def _is_target(matcher: Matcher, policy: Obj, target: Ip, vip: Vip | None) -> bool:
    """Published servers are met by their VIP's name; by address only where match-vip is set on a deny policy."""
    if vip is None:
        return matcher.address(target, policy, "dstaddr")
    if any(item["name"] == vip.name for item in policy["dstaddr"]):
        return True
    if policy["action"] != "deny" or policy.get("match-vip") != "enable":
        return False
    return matcher.address(target, policy, "dstaddr") or matcher.address(vip.inside, policy, "dstaddr")


def _to_box(box: Box, matcher: Matcher, source: Ip, target: Ip, dport: int, vdom: str) -> bool:
    """Bans do not protect the box itself; where no local-in policy fits, it answers."""
    table = "firewall/local-in-policy6" if source.version == 6 else "firewall/local-in-policy"
    came_by = _interface(box, matcher, source, vdom)
    for policy in box.config.objects(table, vdom).values():
        fits = (
            _in_force(policy)
            and matcher.interface(came_by, policy["intf"])
            and matcher.address(source, policy, "srcaddr")
            and matcher.address(target, policy, "dstaddr")
            and matcher.service(dport, policy)
        )
        if fits:
            return bool(policy["action"] == "accept")
    return True


def _in_force(policy: Obj) -> bool:
    return bool(policy["status"] == "enable" and policy["schedule"] != "none")


def _interface(box: Box, matcher: Matcher, address: Ip, vdom: str) -> str:
    """The connected network, else the way out."""
    connected = [name for name, _own, network in matcher.own_interfaces() if within(address, network)]
    return connected[0] if connected else factory.outside(box.switches.vdoms, vdom)
