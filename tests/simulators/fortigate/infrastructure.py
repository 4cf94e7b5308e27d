# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables that say what a FortiGate depends on and who administers it (protocol_fortigate.rst, "Configuration tables")."""

from __future__ import annotations

from collections.abc import Mapping

from .table import SWITCH, Table

NO_HOST = "0.0.0.0"
NO_NETWORK = f"{NO_HOST} {NO_HOST}"
_TRUSTED = {
    **{f"trusthost{number}": NO_NETWORK for number in range(1, 11)},
    **{f"ip6-trusthost{number}": "::/0" for number in range(1, 11)},
}
_SERVERS = {"server": "", "secondary-server": "", "tertiary-server": ""}
_DNS = {"primary": NO_HOST, "secondary": NO_HOST, "ip6-primary": "::", "ip6-secondary": "::"}


def _phase1(path: str) -> Table:
    return Table(
        path, secrets=("psksecret",), choices={"type": ("static", "dynamic", "ddns")}, lengths={"comments": 255},
        defaults={"type": "static", "interface": "", "ip-version": "4", "ike-version": "1", "remote-gw": NO_HOST,
                  "remote-gw6": "::", "remotegw-ddns": "", "psksecret": "", "comments": ""},
        more=("peertype", "peerid", "proposal", "net-device", "mode-cfg", "local-gw", "local-gw6", "dpd", "nattraversal"),
    )  # fmt: skip


def _single(path: str, defaults: Mapping[str, object], shared: bool = True, **more: object) -> Table:
    return Table(path, key=None, shared=shared, defaults=defaults, **more)  # type: ignore[arg-type]


def _analyzer(path: str) -> Table:
    return _single(path, {"status": "disable", "server": "", "alt-server": "", "serial": [], "source-ip": "",
                          "upload-option": "5-minute", "reliable": "disable"}, choices={"status": SWITCH},
                   children={"serial": "name"})  # fmt: skip


def _syslog(path: str) -> Table:
    return _single(path, {"status": "disable", "server": "", "mode": "udp", "port": 514, "facility": "local7",
                          "source-ip": "", "format": "default"}, choices={"status": SWITCH})  # fmt: skip


def _login_servers(path: str, secret: str, **defaults: object) -> Table:
    return Table(path, defaults={**_SERVERS, secret: "", **defaults}, secrets=(secret,),
                 more=("secondary-secret", "tertiary-secret", "source-ip", "port", "secure", "accounting-server"),
                 children={"accounting-server": "id"})  # fmt: skip


ALL = (
    Table("system/admin", shared=True, secrets=("password",), children={"vdom": "name"},
          defaults={"accprofile": "", "vdom": [], "password": "", "comments": "", "remote-auth": "disable", **_TRUSTED},
          references={"vdom": ("system/vdom",)}, more=("email-to", "two-factor", "remote-group", "wildcard")),
    Table("system/vdom-property", shared=True, defaults={"description": ""}),
    _single("system/dns", {**_DNS, "primary": "96.45.45.45", "secondary": "96.45.46.46"},
            more=("alt-primary", "alt-secondary", "protocol", "domain", "source-ip", "server-hostname")),
    _single("system/vdom-dns", {"vdom-dns": "disable", **_DNS, "alt-primary": NO_HOST, "alt-secondary": NO_HOST},
            shared=False, choices={"vdom-dns": SWITCH}),
    _single("system/ntp", {"ntpsync": "enable", "type": "fortiguard", "syncinterval": 60, "ntpserver": [],
                           "server-mode": "disable", "interface": [], "source-ip": NO_HOST},
            children={"ntpserver": "id", "interface": "interface-name"},
            choices={"ntpsync": SWITCH, "type": ("fortiguard", "custom")}),
    _single("system/sdwan", {"status": "disable", "members": [], "health-check": [], "zone": [], "service": []},
            shared=False, children={"members": "seq-num", "health-check": "name", "zone": "name", "service": "id"},
            choices={"status": SWITCH}),
    _single("system/settings", {"vdom-type": "traffic", "opmode": "nat", "manageip": "", "manageip6": "::/0",
                                "gateway": NO_HOST, "gateway6": "::", "ngfw-mode": "profile-based",
                                "central-nat": "disable", "status": "enable", "comments": ""},
            shared=False,
            choices={"vdom-type": ("traffic", "lan-extension", "admin"), "opmode": ("nat", "transparent")}),
    _single("router/bgp", {"as": "0", "router-id": NO_HOST, "neighbor": [], "neighbor-group": [], "neighbor-range": [],
                           "neighbor-range6": [], "network": []},
            shared=False, children={"neighbor": "ip", "neighbor-group": "name", "neighbor-range": "id",
                                    "neighbor-range6": "id", "network": "id"}),
    Table("router/static", key="seq-num", numbered=True,
          defaults={"status": "enable", "dst": NO_NETWORK, "gateway": NO_HOST, "device": "", "distance": 10,
                    "blackhole": "disable", "comment": ""},
          more=("priority", "dynamic-gateway", "sdwan-zone", "dstaddr", "internet-service", "vrf")),
    Table("router/static6", key="seq-num", numbered=True,
          defaults={"status": "enable", "dst": "::/0", "gateway": "::", "device": "", "distance": 10,
                    "blackhole": "disable", "comment": ""},
          more=("priority", "devindex", "dynamic-gateway", "sdwan-zone", "dstaddr", "vrf")),
    _phase1("vpn.ipsec/phase1-interface"),
    _phase1("vpn.ipsec/phase1"),
    *(_analyzer(f"log.fortianalyzer{number}/setting") for number in ("", 2, 3)),
    *(_syslog(f"log.syslogd{number}/setting") for number in ("", 2, 3, 4)),
    _login_servers("user/radius", "secret", **{"nas-ip": NO_HOST, "auth-type": "auto"}),
    _login_servers("user/ldap", "password", cnid="cn", dn="", type="simple", username=""),
    _login_servers("user/tacacs+", "key", **{"authen-type": "auto"}),
    Table("user/saml",
          defaults={name: "" for name in ("entity-id", "single-sign-on-url", "single-logout-url", "idp-entity-id",
                                          "idp-single-sign-on-url", "idp-single-logout-url", "idp-cert", "cert")},
          more=("user-name", "group-name", "digest-method")),
    Table("endpoint-control/fctems", key="ems-id", numbered=True, shared=True,
          defaults={"name": "", "server": "", "status": "disable", "https-port": 443, "serial-number": ""},
          more=("fortinetone-cloud-authentication", "source-ip", "capabilities", "dirty-reason")),
    Table("firewall/vip6", uuid=True, lengths={"name": 79, "comment": 255}, required=("extip", "mappedip"),
          defaults={"type": "static-nat", "extip": "", "mappedip": "", "portforward": "disable", "protocol": "tcp",
                    "extport": "0-65535", "mappedport": "0-65535", "status": "enable", "comment": ""}),
    Table("firewall/ippool", lengths={"name": 79, "comments": 255}, required=("startip", "endip"),
          defaults={"type": "overload", "startip": NO_HOST, "endip": NO_HOST, "comments": ""},
          more=("arp-reply", "associated-interface", "source-startip", "source-endip", "permit-any-host")),
    Table("firewall/ippool6", lengths={"name": 79, "comments": 255}, required=("startip", "endip"),
          defaults={"startip": "::", "endip": "::", "comments": ""}, more=("nat46", "add-nat46-route")),
)  # fmt: skip
