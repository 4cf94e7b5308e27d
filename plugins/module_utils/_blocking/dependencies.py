# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a FortiGate depends on, and the people who administer it: its own configuration, as one table.

An address in one of these places is never blocked. The table is read once for each FortiGate and run, and only when something would be
written (protocol_fortigate.rst, "Addresses a FortiGate depends on").
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .._common.errors import printable
from .client import NOT_FOUND, FortiGate, FortiGateError, Object, Vdom

# Between addresses in the texts of a FortiGate: "203.0.113.1 255.255.255.0", "2001:db8::1/64", "https(10.1.1.50)".
_BETWEEN = re.compile(r"[\s,;/\"'()\[\]<>]+")
_WITH_PORT = re.compile(r"([0-9.]+):[0-9]+")
_URL = re.compile(r"https?://(\[[0-9A-Fa-f:]+\]|[^/:\s]+)", re.I)
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+\.?")
# Modes in which something else gives an interface its address.
DYNAMIC = ("dhcp", "pppoe", "delegated")
# Administrators at the console come from no address.
_AT_THE_CONSOLE = ("console", "jsconsole", "newcli")
# HTTP statuses for a table that the token may not read.
FORBIDDEN = (401, 403)


class Source(t.NamedTuple):
    """One table or single object. `columns` are read and searched for addresses; `reason` is filled from the object.

    `kind` is how a value is read: "addresses" anywhere in it, "network" for an address with a mask, "range" for two columns, "url" for the
    host of a URL, "address" for one that holds nothing else.
    """

    path: str
    columns: tuple[str, ...]
    reason: str
    kind: str = "addresses"
    right: str = "system"


# Of the whole FortiGate.
OF_FORTIGATE = (
    Source(
        "cmdb/system/admin",
        tuple(f"trusthost{n}" for n in range(1, 11)),
        "trusted host of administrator {name}",
        "network",
        "admin",
    ),
    Source(
        "cmdb/system/admin",
        tuple(f"ip6-trusthost{n}" for n in range(1, 11)),
        "trusted host of administrator {name}",
        "network",
        "admin",
    ),
    Source("cmdb/system/api-user", ("trusthost",), "trusted host of API user {name}", "network", "admin"),
    Source("cmdb/system/dns", ("primary", "secondary", "ip6-primary", "ip6-secondary"), "DNS server"),
    Source("cmdb/system/ntp", ("ntpserver",), "NTP server"),
    Source("cmdb/system/central-management", ("fmg",), "FortiManager"),
    *(
        Source(f"cmdb/log.fortianalyzer{n}/setting", ("server", "alt-server"), "FortiAnalyzer", right="log")
        for n in ("", "2", "3")
    ),
    *(Source(f"cmdb/log.syslogd{n}/setting", ("server",), "syslog server", right="log") for n in ("", "2", "3", "4")),
    Source("cmdb/endpoint-control/fctems", ("server",), "EMS server {name}"),
)
# Of each VDOM.
OF_VDOM = (
    Source("cmdb/firewall/vip", ("extip",), "virtual IP {name}", "range", "firewall address"),
    Source("cmdb/firewall/vip", ("mappedip",), "server behind virtual IP {name}", "range", "firewall address"),
    Source("cmdb/firewall/vip6", ("extip", "mappedip"), "virtual IP {name}", "range", "firewall address"),
    Source("cmdb/firewall/ippool", ("startip", "endip"), "IP pool {name}", "ends", "firewall address"),
    Source("cmdb/firewall/ippool6", ("startip", "endip"), "IP pool {name}", "ends", "firewall address"),
    Source("cmdb/vpn.ipsec/phase1-interface", ("remote-gw", "remote-gw6"), "remote gateway of {name}", right="VPN"),
    Source("cmdb/vpn.ipsec/phase1", ("remote-gw", "remote-gw6"), "remote gateway of {name}", right="VPN"),
    Source("cmdb/router/bgp", ("neighbor",), "BGP neighbor", "keys:ip", "network router"),
    Source("cmdb/router/static", ("gateway",), "gateway of static route {seq-num}", right="network router"),
    Source("cmdb/system/sdwan", ("members", "health-check"), "SD-WAN gateway or health-check server", "keys:gateway,gateway6,server"),
    Source("cmdb/system/vdom-dns", ("primary", "secondary", "ip6-primary", "ip6-secondary"), "DNS server"),
    Source("cmdb/user/radius", ("server", "secondary-server", "tertiary-server"), "RADIUS server {name}", right="user and device"),
    Source("cmdb/user/ldap", ("server", "secondary-server", "tertiary-server"), "LDAP server {name}", right="user and device"),
    Source("cmdb/user/tacacs+", ("server", "secondary-server", "tertiary-server"), "TACACS+ server {name}", right="user and device"),
    Source("cmdb/user/saml", ("idp-entity-id", "idp-single-sign-on-url", "idp-single-logout-url"), "SAML identity provider {name}", "url", "user and device"),
    Source("cmdb/system/settings", ("manageip", "manageip6"), "management address"),
    Source("monitor/vpn/ssl", ("remote_host",), "connected by SSL VPN: {user_name}", right="VPN"),
    Source("monitor/vpn/ipsec", ("rgwy",), "IPsec peer of {name}", right="VPN"),
)  # fmt: skip

# What topology.py has to know of tables that are read here, so that they are read once.
ALSO = {
    "cmdb/firewall/vip": ("status", "portforward", "extport"),
    "cmdb/router/static": ("status", "dst", "dstaddr", "internet-service", "device", "blackhole", "sdwan-zone"),
    "cmdb/system/settings": ("vdom-type",),
}
INTERFACES = "cmdb/system/interface"


class Dependencies(t.NamedTuple):
    """`addresses` with the reason for each, as an address, a network or `first-last`; `notices` say what is not known and the cure, and
    `unknown` those that `on_unresolved` decides about. `names` are host names with their reason, which nobody has resolved yet."""

    addresses: list[tuple[str, str]]
    names: list[tuple[str, str]]
    unknown: list[str]


def read_dependencies(fortigate: FortiGate, vdoms: t.Sequence[str], vdom_token: bool) -> Dependencies:
    """Interfaces and administrators must be readable; what else cannot be read is told. Raises FortiGateError."""
    found = Dependencies([], [], [])
    # A token of VDOMs may not read the whole FortiGate.
    wholes = [fortigate.vdom(one) for one in vdoms] if vdom_token else [fortigate.whole()]
    for whole in wholes:
        _interfaces(whole, found)
        _administrators(whole, found)
        for source in OF_FORTIGATE:
            _read(whole, source, found)
    for name in vdoms:
        for source in OF_VDOM:
            _read(fortigate.vdom(name), source, found)
    return Dependencies(
        list(dict(reversed(found.addresses)).items())[::-1],
        list(dict(found.names).items()),
        list(dict.fromkeys(found.unknown)),
    )


def _interfaces(vdom: Vdom, found: Dependencies) -> None:
    """Every address in the configuration of an interface: primary, secondary, IPv6, VRRP, tunnel peers."""
    interfaces = table(vdom, INTERFACES)
    if not interfaces:
        raise vdom.doubt("GET", INTERFACES, "no interface, and a FortiGate has at least one")
    configured = [(address, f"interface {_name(one)}") for one in interfaces for address in addresses_in(one)]
    found.addresses.extend(configured)
    dynamic = [one for one in interfaces if one.get("status") != "down" and any(map(_is_unknown, _modes(one)))]
    live = _live(vdom) if dynamic or not configured else {}
    found.addresses.extend((address, f"interface {name}") for name, those in live.items() for address in those)
    for name in (str(one.get("name")) for one in dynamic):
        if not live.get(name):
            found.unknown.append(
                f"interface {printable(name, 40)}: its address is dynamic, and the FortiGate does not show it"
            )
    if not found.addresses:
        found.unknown.append("interfaces: none of them has an address")


def _live(vdom: Vdom) -> dict[str, list[str]]:
    """What PPPoE or DHCP gave, by interface."""
    try:
        results = vdom.read("monitor/system/interface")
    except FortiGateError as error:
        if error.context.get("http_status") in (*FORBIDDEN, NOT_FOUND):
            return {}
        raise
    if isinstance(results, dict):
        results = [{"name": name, **one} for name, one in results.items() if isinstance(one, dict)]
    entries = [one for one in results if isinstance(one, dict)] if isinstance(results, list) else []
    return {
        str(one.get("name")): addresses_in({"ip": one.get("ip"), "ipv6": one.get("ipv6_addresses")}) for one in entries
    }


def _modes(interface: Object) -> list[tuple[object, object]]:
    """Mode and address, of IPv4 and of IPv6."""
    six = interface.get("ipv6")
    six = six if isinstance(six, t.Mapping) else {}
    return [(interface.get("mode"), interface.get("ip")), (six.get("ip6-mode"), six.get("ip6-address"))]


def _is_unknown(mode_and_address: tuple[object, object]) -> bool:
    mode, address = mode_and_address
    return mode in DYNAMIC and not addresses_in(address)


def _administrators(vdom: Vdom, found: Dependencies) -> None:
    """Where the administrators who are logged in come from, this run among them."""
    path = "monitor/system/current-admins"
    for admin in vdom.objects(path):
        addresses = addresses_in(admin)
        name = printable(admin.get("admin"), 60)
        if not addresses and str(admin.get("method", "")).lower() not in _AT_THE_CONSOLE:
            raise vdom.doubt("GET", path, f"administrator {name!r} is logged in from an address that is not shown")
        found.addresses.extend((address, f"administrator {name}") for address in addresses)


def table(vdom: Vdom, path: str) -> t.Optional[list[Object]]:
    """One of these tables with all columns that somebody needs, interfaces with all that there are; None where there is no such table.

    Raises FortiGateError.
    """
    if path == INTERFACES:
        return vdom.once(path)
    columns = [column for one in (*OF_FORTIGATE, *OF_VDOM) if one.path == path for column in one.columns]
    columns = list(dict.fromkeys(("name", "seq-num", *columns, *ALSO.get(path, ()))))
    return vdom.once(path, **({"format": "|".join(columns)} if path.startswith("cmdb/") else {}))


def _read(vdom: Vdom, source: Source, found: Dependencies) -> None:
    try:
        objects = table(vdom, source.path)
    except FortiGateError as error:
        if error.context.get("http_status") not in FORBIDDEN:
            raise
        name = source.path.partition("/")[2]
        found.unknown.append(
            f"{name}: the token may not read it; give its access profile the right to read {source.right!r}"
        )
        return
    for one in objects or []:
        reason = _filled(source.reason, one)
        for address in _addresses_of(source, one):
            found.addresses.append((address, reason))
        found.names.extend((name, reason) for name in _names_of(source, one))


def _filled(reason: str, one: Object) -> str:
    return re.sub(r"\{([^}]*)\}", lambda key: printable(one.get(key[1], "?"), 60), reason)


def _addresses_of(source: Source, one: Object) -> list[str]:
    values = [one.get(column) for column in source.columns]
    if source.kind == "network":
        return [network for value in values for network in _networks(value)]
    if source.kind == "ends":
        return _range(*(str(value or "") for value in values[:2]))
    if source.kind == "range":
        texts = [str(text) for value in values for text in _texts(value)]
        return [each for text in texts for each in _range(*text.partition("-")[::2])]
    return [each for value in _wanted(source, values) for each in addresses_in(value)]


def _wanted(source: Source, values: t.Sequence[object]) -> list[object]:
    """The values that may hold addresses: for a list of objects only some of their keys."""
    if source.kind == "url":
        return [host for value in values for host in _URL.findall(str(value or ""))]
    if not source.kind.startswith("keys:"):
        return list(values)
    keys = source.kind[5:].split(",")
    objects = [one for value in values if isinstance(value, list) for one in value if isinstance(one, t.Mapping)]
    return [one.get(key) for one in objects for key in keys]


def _names_of(source: Source, one: Object) -> list[str]:
    if source.kind in ("network", "ends", "range"):
        return []
    values = _wanted(source, [one.get(column) for column in source.columns])
    texts = [text for value in values for text in _texts(value)]
    return [
        text for text in (text.strip().strip('"') for text in texts) if _NAME.fullmatch(text) and not addresses_in(text)
    ]


def _networks(value: object) -> list[str]:
    """Trusted hosts: "203.0.113.0 255.255.255.0", "2001:db8::/64"; 0.0.0.0 0.0.0.0 and ::/0 mean that there is none."""
    found = []
    for text in _texts(value):
        try:
            network = ipaddress.ip_network("/".join(text.split()), strict=False)
        except ValueError:
            continue
        if network.prefixlen:
            found.append(str(network))
    return found


def _range(first: str, last: str) -> list[str]:
    ends = [_address(end.strip()) for end in (first, last)]
    if not ends[0]:
        return []
    return [ends[0] if not ends[1] or ends[1] == ends[0] else f"{ends[0]}-{ends[1]}"]


def addresses_in(value: object) -> list[str]:
    """All addresses in a structure, in order and once; masks and unspecified ones are none."""
    found: dict[str, None] = {}
    for text in _texts(value):
        for word in _BETWEEN.split(text):
            address = _address(word)
            if address:
                found[address] = None
    return list(found)


def _texts(value: object) -> t.Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, t.Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)


def _address(word: str) -> t.Optional[str]:
    with_port = _WITH_PORT.fullmatch(word)
    try:
        address = ipaddress.ip_address((with_port[1] if with_port else word).partition("%")[0])
    except ValueError:
        return None
    # 255.255.255.0 and the like are masks, and reserved in any case.
    if address.is_unspecified or (address.version == 4 and int(address) >= 0xF0000000):
        return None
    return str(address)


def _name(one: Object) -> str:
    return printable(one.get("name"), 60)
