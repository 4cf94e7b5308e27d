# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interfaces, objects and policies of one VDOM, for tests of what decides about a packet."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._blocking import topology
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.address_book import Book, Tables
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.packets import Need

from support.random_fortigates import names

Obj = dict[str, t.Any]
SOURCES = Need(4, "source")
TARGET, NET = ipaddress.ip_network("198.51.100.7"), ipaddress.ip_network("198.51.100.0/24")
ROUTING = topology.routing_of(
    {
        "interfaces": [
            {"name": "wan1", "vdom": "root", "ip": "203.0.113.1 255.255.255.0", "role": "wan"},
            {"name": "wan2", "vdom": "root", "ip": "192.0.2.1 255.255.255.0"},
            {"name": "lan", "vdom": "root", "ip": "10.1.1.1 255.255.255.0", "ipv6": {"ip6-address": "2001:db8:10::1/64"}},
            {"name": "tunnel6", "vdom": "root", "ip": "0.0.0.0 0.0.0.0"},
            {"name": "off", "vdom": "root", "ip": "10.9.9.1 255.255.255.0", "status": "down", "role": "wan"},
            {"name": "other", "vdom": "guest", "ip": "10.2.1.1 255.255.255.0", "role": "wan"},
        ],
        "vdoms": {
            "root": {
                "type": "traffic",
                "routes": [{"dst": "0.0.0.0 0.0.0.0", "device": "", "sdwan-zone": [{"name": "uplinks"}]}],
                "routes6": [{"dst": "::/0", "device": "tunnel6"}],
                "sdwan": [{"members": [{"interface": "wan2", "zone": "uplinks"}]}],
                "zones": [{"name": "office", "interface": [{"interface-name": "lan"}]}],
                "vips": [
                    {"name": "vip-web", "extip": "203.0.113.10", "portforward": "enable", "extport": "8443"},
                    {"name": "vip-web", "extip": "2001:db8:1::10"},
                ],
            }
        },
    },
    "root",
)  # fmt: skip


def rule(policyid: int, action: str, source: str, **more: t.Any) -> Obj:
    return {
        "policyid": policyid, "name": f"rule-{policyid}", "action": action, "schedule": "always", "status": "enable",
        "match-vip": "enable", "srcintf": names("any"), "dstintf": names("any"), "service": names("ALL"),
        "srcaddr": names(source), "dstaddr": names("all"), **more,
    }  # fmt: skip


DENY, ALL = rule(9001, "deny", "SOC"), rule(1, "accept", "all")
ADDRESSES = {
    "here": {"subnet": "198.51.100.0 255.255.255.0"},
    "there": {"type": "ipmask", "subnet": "192.0.2.0 255.255.255.0"},
    "some": {"type": "iprange", "start-ip": "198.51.100.1", "end-ip": "198.51.100.9"},
    "country": {"type": "geography", "country": "XX"},
}
GROUPS = {
    "SOC": {"member": names("blk-placeholder")},
    "parent": {"member": names("there", "SOC")},
    "but-some": {"member": names("here"), "exclude": "enable", "exclude-member": names("some")},
    "but-country": {"member": names("here"), "exclude": "enable", "exclude-member": names("country")},
    "loop": {"member": names("loop", "there")},
}
BOOK = Book({4: "SOC", 6: "SOC6"}, {4: Tables(ADDRESSES, GROUPS)}, {"vip-web": [NET]}, complete=True)
