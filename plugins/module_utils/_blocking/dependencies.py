# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the addresses that a FortiGate depends on, and those of its administrators, in the tables of its configuration.

These addresses are never blocked. They are read once for each FortiGate and run, and only if the run needs them, for
example because something would be written (protocol_fortigate.rst, "Addresses a FortiGate depends on").
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .._common.errors import printable
from .client import NOT_FOUND, FortiGate, FortiGateError, Object, Vdom
from .rights import to_give

# Separators between addresses in texts of a FortiGate, such as "203.0.113.1 255.255.255.0", "2001:db8::1/64" and
# "https(10.1.1.50)".
_BETWEEN = re.compile(r"[\s,;/\"'()\[\]<>]+")
_WITH_PORT = re.compile(r"([0-9.]+):[0-9]+")
_URL = re.compile(r"https?://(\[[0-9A-Fa-f:]+\]|[^/:\s]+)", re.I)
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+\.?")
# Modes in which an interface gets its address from another system.
DYNAMIC = ("dhcp", "pppoe", "delegated")
# Administrators at the console have no source address.
_AT_THE_CONSOLE = ("console", "jsconsole", "newcli")
# HTTP statuses for a table that the token may not read.
FORBIDDEN = (401, 403)
INDISPENSABLE = "The run writes nothing unless it can read the interfaces and administrators of the FortiGate."
OF_VDOMS = "If the token is limited to some VDOMs, set fortigate_block_vdom_token to true."


class Source(t.NamedTuple):
    """A table or a single object. `columns` are searched for addresses. The placeholders in `reason` are filled with
    values of the object.

    `kind` is the format of the values: "addresses" for addresses anywhere in a value, "network" for an address with a
    mask, "range" for `first-last` in one text, "ends" for a range in two columns, and "url" for a URL with a host. If
    `keys` is set, a column is a list of objects, and only these keys are searched.
    """

    path: str
    columns: tuple[str, ...]
    reason: str
    kind: str = "addresses"
    keys: tuple[str, ...] = ()


INTERFACE, VIP = "interface", "virtual IP"
_SERVERS = ("server", "secondary-server", "tertiary-server")
_DNS = ("primary", "secondary", "alt-primary", "alt-secondary", "ip6-primary", "ip6-secondary")
_TRUSTED = tuple(f"{family}trusthost{number}" for family in ("", "ip6-") for number in range(1, 11))
# Tables of the whole FortiGate.
OF_FORTIGATE = (
    Source("cmdb/system/admin", _TRUSTED, "trusted host of administrator {name}", "network"),
    Source("cmdb/system/api-user", ("trusthost",), "trusted host of API user {name}", "network"),
    Source("cmdb/system/dns", _DNS, "DNS server"),
    Source("cmdb/system/ntp", ("ntpserver",), "NTP server", keys=("server",)),
    Source("cmdb/system/central-management", ("fmg",), "FortiManager"),
    *(Source(f"cmdb/log.fortianalyzer{n}/setting", ("server", "alt-server"), "FortiAnalyzer") for n in ("", "2", "3")),
    *(Source(f"cmdb/log.syslogd{n}/setting", ("server",), "syslog server") for n in ("", "2", "3", "4")),
    Source("cmdb/endpoint-control/fctems", ("server",), "EMS server {name}"),
)
# Tables of each VDOM.
OF_VDOM = (
    Source("cmdb/firewall/vip", ("extip",), f"{VIP} {{name}}", "range"),
    Source("cmdb/firewall/vip", ("mappedip",), f"server behind {VIP} {{name}}", "range"),
    Source("cmdb/firewall/vip6", ("extip",), f"{VIP} {{name}}", "range"),
    Source("cmdb/firewall/vip6", ("mappedip",), f"server behind {VIP} {{name}}", "range"),
    Source("cmdb/firewall/ippool", ("startip", "endip"), "IP pool {name}", "ends"),
    Source("cmdb/firewall/ippool6", ("startip", "endip"), "IP pool {name}", "ends"),
    Source("cmdb/vpn.ipsec/phase1-interface", ("remote-gw", "remote-gw6", "remotegw-ddns"), "remote gateway of {name}"),
    Source("cmdb/vpn.ipsec/phase1", ("remote-gw", "remote-gw6", "remotegw-ddns"), "remote gateway of {name}"),
    Source("cmdb/router/bgp", ("neighbor",), "BGP neighbor", keys=("ip",)),
    Source(path="cmdb/router/bgp", columns=("neighbor-range",), reason="range of BGP neighbors", kind="network", keys=("prefix",)),
    Source(path="cmdb/router/bgp", columns=("neighbor-range6",), reason="range of BGP neighbors", kind="network", keys=("prefix6",)),
    Source("cmdb/router/static", ("gateway",), "gateway of static route {seq-num}"),
    Source("cmdb/router/static6", ("gateway",), "gateway of static route {seq-num}"),
    Source("cmdb/system/sdwan", ("members",), "SD-WAN gateway", keys=("gateway", "gateway6")),
    Source("cmdb/system/sdwan", ("health-check",), "SD-WAN health-check server", keys=("server",)),
    Source("cmdb/system/vdom-dns", _DNS, "DNS server"),
    Source("cmdb/user/radius", _SERVERS, "RADIUS server {name}"),
    Source("cmdb/user/ldap", _SERVERS, "LDAP server {name}"),
    Source("cmdb/user/tacacs+", _SERVERS, "TACACS+ server {name}"),
    Source("cmdb/user/saml", ("idp-entity-id", "idp-single-sign-on-url", "idp-single-logout-url"), "SAML identity provider {name}", "url"),
    Source("cmdb/system/settings", ("manageip", "manageip6"), "management address"),
    Source("monitor/vpn/ssl", ("remote_host",), "connected by SSL VPN: {user_name}"),
    Source("monitor/vpn/ipsec", ("rgwy",), "IPsec peer of {name}"),
)  # fmt: skip
# The columns of an interface that are read. Passwords of PPPoE and keys are not read. The last two columns are for
# topology.py.
OF_INTERFACE = (
    "name", "vdom", "mode", "status", "ip", "remote-ip", "management-ip", "secondaryip", "ipv6", "vrrp", "dhcp-relay-ip", "ipunnumbered",
    "role", "defaultgw",
)  # fmt: skip
NOT_ADDRESSES = ("name", "vdom", "role", "defaultgw")

# Further columns for topology.py and managed.py, so that each table is read only once.
ALSO = {
    "cmdb/system/central-management": ("type",),
    "cmdb/firewall/vip": ("status", "portforward", "extport"),
    "cmdb/firewall/vip6": ("status", "portforward", "extport"),
    "cmdb/router/static": ("status", "dst", "dstaddr", "internet-service", "device", "blackhole", "sdwan-zone"),
    "cmdb/router/static6": ("status", "dst", "dstaddr", "device", "blackhole", "sdwan-zone"),
    "cmdb/system/settings": ("vdom-type",),
}
INTERFACES, SETTINGS, VDOMS = "cmdb/system/interface", "cmdb/system/settings", "cmdb/system/vdom"


class Dependencies(t.NamedTuple):
    """`addresses` has the reason for each address, network or range (`first-last`). `names` has the reason for each
    host name that is not resolved yet. `unknown` has messages about the unknown parts, some with the next step."""

    addresses: dict[str, str]
    names: dict[str, str]
    unknown: dict[str, None]

    def add(self, reason: str, addresses: t.Iterable[str], names: t.Iterable[str] = ()) -> None:
        """Add addresses and names. An address or a name that is already known keeps its reason."""
        for address in addresses:
            self.addresses.setdefault(address, reason)
        for name in names:
            self.names.setdefault(name, reason)


def read_dependencies(fortigate: FortiGate, vdoms: t.Sequence[str], vdom_token: bool) -> dict[str, Dependencies]:
    """The dependencies by VDOM. The key "" is for the whole FortiGate. Interfaces and administrators must be readable.
    Other tables that cannot be read are reported as unknown.

    Unless `vdom_token` is set, the other VDOMs are also read, because their traffic may pass through a VDOM of this
    run. Raises FortiGateError."""
    found = {name: Dependencies({}, {}, {}) for name in vdoms if vdom_token}
    found = found or {"": Dependencies({}, {}, {})}
    for name, whole in found.items():
        # A token of VDOMs may have no permission to read the configuration of the whole FortiGate.
        vdom = fortigate.vdom(name) if name else fortigate.whole()
        try:
            _interfaces(vdom, whole)
            _administrators(vdom, whole)
        except FortiGateError as error:
            if error.context.get("http_status") in FORBIDDEN:
                error.next_step = f"{INDISPENSABLE} {error.next_step} {OF_VDOMS}"
            raise
        _read_all(vdom, OF_FORTIGATE, whole, vdom_token)
    others = [] if vdom_token else _other_vdoms(fortigate, vdoms, found[""])
    for path in () if vdom_token else dict.fromkeys(one.path for one in OF_VDOM):
        fortigate.read_ahead([*vdoms, *others], path, **_columns(path))
    for name in [*vdoms, *others]:
        _read_all(fortigate.vdom(name), OF_VDOM, found.setdefault(name, Dependencies({}, {}, {})), False)
    return found


def _other_vdoms(fortigate: FortiGate, vdoms: t.Sequence[str], whole: Dependencies) -> list[str]:
    try:
        found = fortigate.whole().once(VDOMS, format="name") or []
    except FortiGateError as error:
        whole.unknown[_unread(VDOMS, error, False)] = None
        return []
    return [str(one["name"]) for one in found if one.get("name") and one["name"] not in vdoms]


def _interfaces(vdom: Vdom, found: Dependencies) -> None:
    """Add the addresses of all interfaces: primary, secondary, IPv6, VRRP and dynamic ones, and those of tunnel
    peers."""
    interfaces = table(vdom, INTERFACES)
    if not interfaces:
        raise vdom.doubt("GET", INTERFACES, "the reply has no interfaces, although a FortiGate has at least one")
    for one in interfaces:
        found.add(
            f"{INTERFACE} {_name(one)}",
            addresses_in({key: value for key, value in one.items() if key not in NOT_ADDRESSES}),
        )
    configured = set(found.addresses)
    dynamic = _dynamic(interfaces)
    live = _live(vdom) if dynamic or not configured else {}
    for name, those in live.items():
        found.add(f"{INTERFACE} {printable(name, 60)}", those)
    for one, versions in dynamic:
        # A configured address, such as a secondary address, is not the dynamic address.
        given = map(ipaddress.ip_address, set(live.get(str(one.get("name")), ())) - configured)
        if versions - {address.version for address in given if not address.is_link_local}:
            said = f"{INTERFACE} {_name(one)} has a dynamic address that the FortiGate does not show"
            found.unknown[said] = None
    if not found.addresses:
        found.unknown["no interface has an address"] = None


def _dynamic(interfaces: t.Iterable[Object]) -> list[tuple[Object, set[int]]]:
    """Interfaces that are not down and have addresses outside of the configuration, with the IP versions of these
    addresses."""
    found = [(one, _unknown_versions(one)) for one in interfaces if one.get("status") != "down"]
    return [(one, versions) for one, versions in found if versions]


def _live(vdom: Vdom) -> dict[str, list[str]]:
    """The current addresses by interface, also those from PPPoE and DHCP. Empty if the token may not read them."""
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


def _unknown_versions(interface: Object) -> set[int]:
    """The IP versions in which this interface gets its address from another system, so that the configuration does not
    show it."""
    six = interface.get("ipv6")
    six = six if isinstance(six, t.Mapping) else {}
    found = {4: (interface.get("mode"), interface.get("ip")), 6: (six.get("ip6-mode"), six.get("ip6-address"))}
    return {version for version, (mode, address) in found.items() if mode in DYNAMIC and not addresses_in(address)}


def _administrators(vdom: Vdom, found: Dependencies) -> None:
    """Add the addresses of administrators who are logged in, including the address of this run."""
    path = "monitor/system/current-admins"
    for admin in vdom.objects(path):
        addresses = addresses_in(admin)
        name = printable(admin.get("admin"), 60)
        if not addresses and str(admin.get("method", "")).lower() not in _AT_THE_CONSOLE:
            raise vdom.doubt(
                "GET", path, f"administrator {name!r} is logged in from an address that the FortiGate does not show"
            )
        found.add(f"administrator {name}", addresses)


def table(vdom: Vdom, path: str) -> t.Optional[list[Object]]:
    """Read a table with all columns that any module needs, once in a run. None if the table does not exist.

    The secrets in these tables are in columns that are not read. Raises FortiGateError.
    """
    return vdom.once(path, **_columns(path))


def _columns(path: str) -> dict[str, str]:
    """The query for the needed columns of a table. Paths under monitor/ have no such query."""
    columns = [column for one in (*OF_FORTIGATE, *OF_VDOM) if one.path == path for column in one.columns]
    columns = list(dict.fromkeys(("name", "seq-num", *columns, *ALSO.get(path, ()))))
    columns = list(OF_INTERFACE) if path == INTERFACES else columns
    return {"format": "|".join(columns)} if path.startswith("cmdb/") else {}


def api_sessions(vdom: Vdom) -> list[tuple[str, str]]:
    """The addresses of current API sessions, including the session of this run, with the reason. Raises
    FortiGateError."""
    admins = [
        one for one in vdom.objects("monitor/system/current-admins") if "api" in str(one.get("method", "")).lower()
    ]
    return [
        (address, f"API session of {printable(one.get('admin'), 60)}")
        for one in admins
        for address in addresses_in(one)
    ]


def _read_all(vdom: Vdom, sources: t.Sequence[Source], found: Dependencies, shared: bool) -> None:
    """Read each table once and add its addresses. `shared` means that the token belongs to a VDOM, and that these
    tables belong to the whole FortiGate."""
    for path in dict.fromkeys(one.path for one in sources):
        several = [one for one in sources if one.path == path]
        try:
            objects = table(vdom, path) or []
        except FortiGateError as error:
            found.unknown[_unread(path, error, shared)] = None
            continue
        for source in several:
            for one in objects:
                found.add(_filled(source.reason, one), _addresses_of(source, one), _names_of(source, one))


def _unread(path: str, error: FortiGateError, shared: bool) -> str:
    """Why a table was not read, with the next step if there is one. An error without an HTTP status is not about the
    table, so it is raised."""
    status = error.context.get("http_status")
    name = path.partition("/")[2]
    if status in FORBIDDEN and shared:
        return f"{name} belongs to the whole FortiGate, and a token of a VDOM may not read it"
    if status in FORBIDDEN:
        return f"the token may not read {name}: {to_give(path)}"
    if status is None:
        raise error
    return f"{name} could not be read ({error.said})"


def _filled(reason: str, one: Object) -> str:
    return re.sub(r"\{([^}]*)\}", lambda key: printable(one.get(key[1], "?"), 60), reason)


def _addresses_of(source: Source, one: Object) -> list[str]:
    values = _wanted(source, one)
    if source.kind == "network":
        return [network for value in values for network in _networks(value)]
    if source.kind == "ends":
        return _range(*(str(value or "") for value in values[:2]))
    if source.kind == "range":
        texts = [str(text) for value in values for text in _texts(value)]
        return [each for text in texts for each in _range(*text.partition("-")[::2])]
    return [each for value in values for each in addresses_in(value)]


def _wanted(source: Source, one: Object) -> list[object]:
    """The values that may contain addresses. If `keys` is set, only these keys of a list of objects are searched."""
    values = [one.get(column) for column in source.columns]
    if source.kind == "url":
        return [host for value in values for host in _URL.findall(str(value or ""))]
    if not source.keys:
        return values
    objects = [each for value in values if isinstance(value, list) for each in value if isinstance(each, t.Mapping)]
    return [each.get(key) for each in objects for key in source.keys]


def _names_of(source: Source, one: Object) -> list[str]:
    if source.kind in ("network", "ends", "range"):
        return []
    words = [word for value in _wanted(source, one) for text in _texts(value) for word in _BETWEEN.split(text)]
    return [word for word in words if _NAME.fullmatch(word) and not addresses_in(word)]


def _networks(value: object) -> list[str]:
    """Networks in texts such as "203.0.113.0 255.255.255.0" and "2001:db8::/64". 0.0.0.0 0.0.0.0 and ::/0 mean that no
    trusted host is set, so they are skipped."""
    found = []
    for text in _texts(value):
        try:
            network = ipaddress.ip_network("/".join(text.split()), strict=False)
        except ValueError:
            continue
        if network.prefixlen and not network.network_address.is_unspecified:
            found.append(str(network))
    return found


def _range(first: str, last: str) -> list[str]:
    """The range between two addresses in any order, or a single address or network."""
    ends = [_address(end.strip()) for end in (first, last)]
    if not ends[0]:
        return _networks(first)
    if not ends[1] or ends[1] == ends[0]:
        return [ends[0]]
    return ["-".join(sorted((ends[0], ends[1]), key=lambda end: int(ipaddress.ip_address(end))))]


def addresses_in(value: object) -> list[str]:
    """Each address in a structure once, in order. Masks and unspecified addresses are skipped."""
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
    # Values from 240.0.0.0 on, such as 255.255.255.0, are masks or reserved addresses.
    if address.is_unspecified or (address.version == 4 and int(address) >= 0xF0000000):
        return None
    return str(address)


def _name(one: Object) -> str:
    return printable(one.get("name"), 60)
