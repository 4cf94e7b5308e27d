# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration with which a FortiGate starts."""

from __future__ import annotations

from . import features
from .switches import Switches
from .table import Obj

MASK = "255.255.255.0"


def named(*names: str) -> list[Obj]:
    """A list of references as the FortiGate writes it."""
    return [{"name": name, "q_origin_key": name} for name in names]


def _interface(name: str, vdom: str, ip4: str, ip6: str, access: str, role: str, *more: str) -> Obj:
    second = [
        {"id": number, "q_origin_key": number, "ip": f"{ip} {MASK}", "allowaccess": "ping"}
        for number, ip in enumerate(more, 1)
    ]
    return {
        "name": name, "vdom": vdom, "ip": f"{ip4} {MASK}", "allowaccess": access, "role": role, "status": "up",
        "secondary-IP": "enable" if second else "disable", "secondaryip": second,
        "ipv6": {"ip6-mode": "static", "ip6-address": f"{ip6}/64", "ip6-allowaccess": access},
    }  # fmt: skip


def main_vdom(switches: Switches) -> str:
    """The first one that carries traffic."""
    return next((name for name in switches.vdoms if name != switches.admin_vdom), switches.vdoms[0])


def interfaces(switches: Switches) -> list[Obj]:
    """The main VDOM has the customer's network, each further one a small network of its own, the admin VDOM only a port."""
    main = main_vdom(switches)
    found = [
        _interface("wan1", main, "203.0.113.1", "2001:db8:1::1", "ping https ssh", "wan", "203.0.113.2"),
        _interface("lan", main, "10.1.1.1", "2001:db8:10::1", "ping https ssh", "lan"),
        _interface("dmz", main, "172.16.1.1", "2001:db8:20::1", "ping", "dmz"),
    ]
    for number, vdom in enumerate([name for name in switches.vdoms if name != main], 2):
        if vdom == switches.admin_vdom:
            found.append(_interface("mgmt", vdom, "192.0.2.129", "2001:db8:30::1", "ping https ssh", "undefined"))
            continue
        found += [
            _interface(f"{vdom}-wan", vdom, f"192.0.2.{number}", f"2001:db8:{number}::1", "ping", "wan"),
            _interface(f"{vdom}-lan", vdom, f"10.{number}.1.1", f"2001:db8:{number}0::1", "ping https", "lan"),
        ]
    return found


def outside(switches: Switches, vdom: str) -> str:
    """The interface behind which everything lies that is not connected."""
    if vdom == main_vdom(switches):
        return "wan1"
    return "mgmt" if vdom == switches.admin_vdom else f"{vdom}-wan"


def shared(switches: Switches, hostname: str) -> dict[str, list[Obj]]:
    """What there is once per FortiGate."""
    return {
        "system/vdom": [{"name": name, "short-name": name} for name in switches.vdoms],
        "system/interface": interfaces(switches),
        "system/admin": [{"name": "admin", "accprofile": "super_admin", "vdom": named(*switches.vdoms)}],
        "system/api-user": [
            {"name": "ansible", "accprofile": "ansible_rw", "api-key": "ENC XXXX", "vdom": named(*switches.vdoms)},
            {"name": "ansible-ro", "accprofile": "ansible_ro", "api-key": "ENC XXXX", "vdom": named(*switches.vdoms)},
            *({"name": f"ansible-{name}", "accprofile": "ansible_rw", "api-key": "ENC XXXX", "vdom": named(name)}
              for name in switches.vdoms),
        ],
        "system/global": [{"hostname": hostname, "vdom-mode": features.vdom_mode(switches)}],
        "system/central-management": [{}],
        "firewall/global": [{}],
    }  # fmt: skip


def vdom(switches: Switches, name: str) -> dict[str, list[Obj]]:
    """What there is in each VDOM: an ordinary way out, and in the first one a published server."""
    if name == switches.admin_vdom:
        return {"system/settings": [{"vdom-type": "admin"}], **_common()}
    first = name == main_vdom(switches)
    wan, lan = ("wan1", "lan") if first else (f"{name}-wan", f"{name}-lan")
    common = {"action": "accept", "schedule": "always", "logtraffic": "all", "match-vip": "disable"}
    policies = [
        {
            "policyid": 1, "name": "lan-to-internet", "srcintf": named(lan), "dstintf": named(wan),
            "srcaddr": named("all"), "dstaddr": named("all"), "srcaddr6": named("all"), "dstaddr6": named("all"),
            "service": named("ALL"), "nat": "enable", **common,
        }
    ]  # fmt: skip
    found: dict[str, list[Obj]] = {**_common(), "firewall/policy": policies}
    if first:
        found["firewall/vip"] = [
            {
                "name": "vip-web", "extip": "203.0.113.10", "extintf": "wan1", "portforward": "enable",
                "mappedip": [{"range": "172.16.1.10", "q_origin_key": "172.16.1.10"}],
                "extport": "443", "mappedport": "443",
            }
        ]  # fmt: skip
        policies.append(
            {
                "policyid": 2, "name": "internet-to-web", "srcintf": named(wan), "dstintf": named("dmz"),
                "srcaddr": named("all"), "dstaddr": named("vip-web"), "service": named("HTTPS"), **common,
            }
        )  # fmt: skip
    return found


def _common() -> dict[str, list[Obj]]:
    """What every VDOM has from the factory."""
    return {
        "firewall/address": [
            {"name": "all", "subnet": "0.0.0.0 0.0.0.0"},
            {"name": "none", "subnet": "0.0.0.0 255.255.255.255"},
        ],
        "firewall/address6": [{"name": "all", "ip6": "::/0"}, {"name": "none", "ip6": "::/128"}],
        "firewall.service/custom": [
            {"name": "ALL", "protocol": "IP"},
            {"name": "HTTP", "tcp-portrange": "80"},
            {"name": "HTTPS", "tcp-portrange": "443"},
            {"name": "SSH", "tcp-portrange": "22"},
            {"name": "DNS", "tcp-portrange": "53", "udp-portrange": "53"},
        ],
        "firewall.schedule/recurring": [
            {"name": "always", "day": "sunday monday tuesday wednesday thursday friday saturday"},
            {"name": "none", "day": "none"},
        ],
    }
