# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration tables that this FortiGate has (protocol_fortigate.rst, "Configuration tables")."""

from __future__ import annotations

from collections.abc import Mapping

from . import infrastructure
from .table import SWITCH, Table

ADDRESSES4 = ("firewall/address", "firewall/addrgrp", "system/external-resource")
ADDRESSES6 = ("firewall/address6", "firewall/addrgrp6", "system/external-resource")
SERVICES = ("firewall.service/custom",)
INTERFACE_MODES = ("static", "dhcp", "pppoe")
SCHEDULES = ("firewall.schedule/recurring",)
_RANGES = ("start-ip", "end-ip", "fqdn", "country", "macaddr", "tagging")


def _group(path: str, members: tuple[str, ...]) -> Table:
    return Table(
        path,
        defaults={"type": "default", "category": "default", "member": [], "comment": "", "color": 0,
                  "exclude": "disable", "exclude-member": []},
        children={"member": "name", "exclude-member": "name"}, choices={"exclude": SWITCH},
        references={"member": members, "exclude-member": members}, required=("member",),
        lengths={"name": 79, "comment": 255}, uuid=True,
        more=("tagging", "fabric-object", "allow-routing"),
    )  # fmt: skip


_POLICY_LISTS = ("srcintf", "dstintf", "srcaddr", "dstaddr", "srcaddr6", "dstaddr6", "service")


def _local_in(path: str, addresses: tuple[str, ...]) -> Table:
    return Table(
        path, key="policyid", numbered=True, uuid=True,
        defaults={
            "intf": [], "srcaddr": [], "dstaddr": [], "service": [], "schedule": "", "action": "deny",
            "status": "enable", "comments": "", "srcaddr-negate": "disable", "dstaddr-negate": "disable",
            "service-negate": "disable",
        },
        children={name: "name" for name in ("intf", "srcaddr", "dstaddr", "service")},
        references={
            "intf": ("system/interface",), "srcaddr": addresses, "dstaddr": addresses,
            "service": SERVICES, "schedule": SCHEDULES,
        },
        choices={"action": ("accept", "deny"), "status": SWITCH}, lengths={"comments": 1023},
        required=("intf", "srcaddr", "dstaddr", "schedule"), more=("virtual-patch", "ha-mgmt-intf-only", "logtraffic"),
    )  # fmt: skip


ALL = (
    Table(
        "firewall/address", uuid=True, lengths={"name": 79, "comment": 255},
        defaults={"type": "ipmask", "subnet": "0.0.0.0 0.0.0.0", "comment": "", "color": 0, "associated-interface": ""},
        choices={"type": ("ipmask", "iprange", "fqdn", "geography", "wildcard", "dynamic", "interface-subnet", "mac")},
        more=(*_RANGES, "wildcard", "interface", "sub-type", "cache-ttl", "allow-routing", "fabric-object"),
    ),
    Table(
        "firewall/address6", uuid=True, lengths={"name": 79, "comment": 255},
        defaults={"type": "ipprefix", "ip6": "::/0", "comment": "", "color": 0},
        choices={"type": ("ipprefix", "iprange", "fqdn", "geography", "dynamic", "template", "mac")},
        more=(*_RANGES, "cache-ttl", "fabric-object"),
    ),
    _group("firewall/addrgrp", ("firewall/address", "firewall/addrgrp")),
    _group("firewall/addrgrp6", ("firewall/address6", "firewall/addrgrp6")),
    Table(
        "firewall/policy", key="policyid", numbered=True, uuid=True, lengths={"name": 35, "comments": 1023},
        defaults={
            "name": "", "status": "enable", **{name: [] for name in _POLICY_LISTS}, "action": "deny", "schedule": "",
            "logtraffic": "utm", "nat": "disable", "srcaddr-negate": "disable", "dstaddr-negate": "disable",
            "service-negate": "disable", "comments": "",
        },
        children={name: "name" for name in _POLICY_LISTS},
        references={
            "srcintf": ("system/interface",), "dstintf": ("system/interface",),
            "srcaddr": ADDRESSES4, "dstaddr": (*ADDRESSES4, "firewall/vip"),
            "srcaddr6": ADDRESSES6, "dstaddr6": (*ADDRESSES6, "firewall/vip6"), "service": SERVICES, "schedule": SCHEDULES,
        },
        choices={"action": ("accept", "deny", "ipsec"), "status": SWITCH, "match-vip": SWITCH,
                 "logtraffic": ("all", "utm", "disable")},
        required=("srcintf", "dstintf", "schedule", "service"),
        more=("users", "groups", "global-label", "label", "ippool", "poolname", "utm-status", "inspection-mode",
              "ssl-ssh-profile", "ips-sensor", "av-profile", "application-list", "webfilter-profile",
              "logtraffic-start", "send-deny-packet", "internet-service", "internet-service-src", "geoip-match",
              "schedule-timeout", "match-vip-only", "capture-packet", "vlan-filter"),
    ),
    _local_in("firewall/local-in-policy", ADDRESSES4),
    _local_in("firewall/local-in-policy6", ADDRESSES6),
    Table(
        "firewall/vip", uuid=True, lengths={"name": 79, "comment": 255},
        defaults={"type": "static-nat", "extip": "", "extintf": "any", "mappedip": [], "portforward": "disable",
                  "protocol": "tcp", "extport": "0-65535", "mappedport": "0-65535", "status": "enable", "comment": ""},
        children={"mappedip": "range"}, required=("extip", "mappedip"),
        more=("id", "nat-source-vip", "arp-reply", "service", "src-filter", "extaddr", "server-type", "realservers"),
    ),
    Table("firewall/global", key=None, shared=True, defaults={"banned-ip-persistency": "disabled"},
          choices={"banned-ip-persistency": ("disabled", "permanent-only", "all")}),
    Table("firewall.service/custom", defaults={"protocol": "TCP/UDP/SCTP", "tcp-portrange": "", "udp-portrange": ""}),
    Table("firewall.schedule/recurring", defaults={"day": "", "start": "00:00", "end": "00:00"}, more=("color",)),
    Table(
        "system/external-resource", uuid=True, lengths={"name": 35, "comments": 255}, secrets=("password",),
        defaults={"status": "enable", "type": "category", "update-method": "feed", "category": 0, "username": "",
                  "password": "", "comments": "", "resource": "", "refresh-rate": 5,
                  "server-identity-check": "none", "interface": ""},
        choices={
            "status": SWITCH, "type": ("category", "domain", "malware", "address", "mac-address", "data", "url",
                                       "generic-address"),
            "update-method": ("feed", "push"), "server-identity-check": ("none", "basic", "full"),
        },
        more=("user-agent", "source-ip", "client-cert", "client-cert-auth", "namespace", "interface-select-method"),
    ),
    Table("system/interface", shared=True, defaults={"vdom": "root", "ip": "0.0.0.0 0.0.0.0", "allowaccess": "",
                                                     "status": "up", "type": "physical", "secondaryip": [],
                                                     "mode": "static", "alias": ""},
          children={"secondaryip": "id"}, references={"vdom": ("system/vdom",)}, choices={"mode": INTERFACE_MODES},
          more=("role", "description", "ipv6", "secondary-IP", "interface", "vlanid", "member", "mtu",
                "defaultgw", "distance", "snmp-index", "device-identification")),
    Table("system/api-user", shared=True, secrets=("api-key",), children={"vdom": "name", "trusthost": "id"},
          defaults={"comments": "", "api-key": "", "accprofile": "", "vdom": [], "trusthost": []},
          references={"vdom": ("system/vdom",)}),
    Table("system/vdom", shared=True, defaults={"short-name": ""}, more=("flag", "vcluster-id")),
    Table("system/global", key=None, shared=True, defaults={"hostname": "", "vdom-mode": "multi-vdom",
                                                            "admin-sport": 443, "timezone": "UTC",
                                                            "cfg-save": "automatic", "cfg-revert-timeout": 600},
          choices={"cfg-save": ("automatic", "manual", "revert"),
                   "vdom-mode": ("no-vdom", "split-vdom", "multi-vdom")},
          more=("alias", "admintimeout", "admin-port", "admin-ssh-port", "daily-restart")),
    Table("system/central-management", key=None, shared=True,
          defaults={"mode": "normal", "type": "none", "fmg": "", "serial-number": ""},
          more=("fmg-source-ip", "fmg-source-ip6", "allow-push-configuration", "server-list", "vdom"),
          choices={"type": ("fortimanager", "fortiguard", "none")}),
)  # fmt: skip
TABLES: Mapping[str, Table] = {table.path: table for table in (*ALL, *infrastructure.ALL)}
