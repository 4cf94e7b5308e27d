# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the VDOMs of a FortiGate and their interfaces, and finds the interfaces through which traffic of an address
can pass."""

from __future__ import annotations

import ipaddress
import typing as t

from .._common.addresses import Network, is_ours, networks_of
from .._common.errors import printable
from .._common.naming import listed, noun_for
from . import dependencies
from .client import FortiGate, FortiGateError, Object, Vdom
from .context import Context
from .options import Options
from .rights import to_give

KIND = "topology"
# Maximum ages of stored data, in seconds. A run that writes accepts only data from another step of the run. A run that
# writes nothing does not read the tables and accepts older data.
FRESH, KNOWN = 900.0, 86400.0
ZONES, SETTINGS = "cmdb/system/zone", dependencies.SETTINGS
VIPS, VIPS6, SDWAN = "cmdb/firewall/vip", "cmdb/firewall/vip6", "cmdb/system/sdwan"
ROUTES, ROUTES6 = "cmdb/router/static", "cmdb/router/static6"
OF_INTERFACE = ("name", "vdom", "ip", "role", "status", "mode", "defaultgw", "secondaryip", "ipv6")
OF_VIP = ("name", "extip", "status", "portforward", "extport")
NO_TRAFFIC = "admin"
ANYWHERE = ("0.0.0.0 0.0.0.0", "0.0.0.0/0", "::/0")
SDWAN_ZONE = "virtual-wan-link"

# The tables with only the relevant columns. The registry keeps them between the steps of a run.
Facts = dict[str, t.Any]
AddressInterface = t.Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]


class Interface(t.NamedTuple):
    """`names` are the names that policies use for the interface: its own name and the names of its zones. `outside` are
    the IP versions for which the interface leads to the Internet."""

    name: str
    names: tuple[str, ...]
    outside: frozenset[int]
    addresses: tuple[AddressInterface, ...]

    def behind(self, version: int) -> str:
        """An address in a network of this interface, other than the address of the interface. Empty if there is no
        suitable network."""
        for one in self.addresses:
            # Networks of one or two addresses are not suitable, because they may have no second host.
            if one.version == version and one.network.num_addresses > 2:
                hosts = (one.network.network_address + 1, one.network.network_address + 2)
                return str(next(host for host in hosts if host != one.ip))
        return ""


class Vip(t.NamedTuple):
    """A virtual IP. `networks` are its outer addresses. `port` is its first forwarded port, or 443."""

    name: str
    networks: tuple[Network, ...]
    port: int


class Routing(t.NamedTuple):
    """The interfaces and virtual IPs of one VDOM. `names` are all names of interfaces and zones that policies can use.
    They include the names of interfaces that are down, which `interfaces` omits."""

    interfaces: tuple[Interface, ...]
    names: frozenset[str]
    vips: tuple[Vip, ...]

    @property
    def published(self) -> dict[str, tuple[Network, ...]]:
        """The outer addresses of virtual IPs by name. A name can have addresses of both IP versions."""
        found: dict[str, tuple[Network, ...]] = {}
        for one in self.vips:
            found[one.name] = (*found.get(one.name, ()), *one.networks)
        return found

    def outside(self, version: int) -> tuple[Interface, ...]:
        """The interfaces that lead to the Internet. All interfaces if no such interface is known, for example because a
        routing protocol sets the default route."""
        return tuple(one for one in self.interfaces if version in one.outside) or self.interfaces

    def towards(self, network: Network) -> tuple[Interface, ...]:
        """The interfaces behind which the address may be."""
        connected = tuple(
            one for one in self.interfaces if any(network.overlaps(net) for net in _networks(one, network))
        )
        if (
            connected
            and not any(network.version in one.outside for one in connected)
            and _is_inside(network, connected)
        ):
            return connected
        if not connected and is_ours(network):
            # The address may be behind an internal router, whose networks are in none of these tables.
            return self.interfaces
        outside = self.outside(network.version)
        return tuple(one for one in self.interfaces if one in connected or one in outside)

    def inside(self, version: int) -> list[tuple[Interface, str]]:
        """The internal interfaces, each with an address behind it. If none is internal, all interfaces with such an
        address."""
        outside = self.outside(version)
        found = [(one, address) for one in self.interfaces for address in [one.behind(version)] if address]
        return [pair for pair in found if pair[0] not in outside] or found


def topology(options: Options, context: Context, lists: bool, writes: bool) -> t.Optional[Facts]:
    """The topology. Only a run that writes reads it, unless another step of the run has read it. Other runs get the
    last known data, or None. `lists` means that the method uses a feed or a group, for which interfaces matter. Raises
    FortiGateError."""
    if context.fortigate is None:
        return None
    key = "/".join((context.fortigate.serial or options.host, "lists" if lists else "bans", *options.vdoms))
    kept = context.registry.answer(KIND, key, FRESH if writes else KNOWN)
    if isinstance(kept, dict) or not writes:
        return kept if isinstance(kept, dict) else None
    facts = read_topology(context.fortigate, options.vdoms, options.vdom_token, lists)
    context.registry.keep_answer(KIND, key, facts)
    return facts


def read_topology(fortigate: FortiGate, vdoms: t.Sequence[str], vdom_token: bool, lists: bool) -> Facts:
    """Read the topology. Requests that dependencies.py also needs are sent once. `unread` in the result names the
    tables that the token may not read. Raises FortiGateError."""
    unread: list[str] = []
    facts: Facts = {"interfaces": [], "vdoms": {}, "others": {}, "cfg-save": "", "unread": unread}
    for name in vdoms:
        facts["vdoms"][name] = {"type": _type(_permitted(fortigate.vdom(name), SETTINGS, unread))}
        if lists:
            facts["vdoms"][name].update(_of_vdom(fortigate.vdom(name), unread))
    for whole in ([fortigate.vdom(one) for one in vdoms] if vdom_token else [fortigate.whole()]) if lists else []:
        facts["interfaces"] += [
            _trimmed(one, OF_INTERFACE) for one in _permitted(whole, dependencies.INTERFACES, unread)
        ]
    # A token of some VDOMs can read neither the other VDOMs nor the configuration of the whole FortiGate.
    if not vdom_token:
        for one in _permitted(fortigate.whole(), "cmdb/system/global", unread, "cfg-save") if lists else []:
            facts["cfg-save"] = str(one.get("cfg-save") or "")
        for one in _permitted(fortigate.whole(), dependencies.VDOMS, unread, "name"):
            name = str(one.get("name"))
            if name not in vdoms:
                facts["others"][name] = _type(_permitted(fortigate.vdom(name), SETTINGS, unread))
    return facts


def _of_vdom(vdom: Vdom, unread: list[str]) -> Facts:
    return {
        "routes": _permitted(vdom, ROUTES, unread),
        "routes6": _permitted(vdom, ROUTES6, unread),
        "sdwan": _permitted(vdom, SDWAN, unread),
        "vips": [_trimmed(one, OF_VIP) for path in (VIPS, VIPS6) for one in _permitted(vdom, path, unread)],
        "zones": _permitted(vdom, ZONES, unread, "name|interface"),
    }


def _permitted(vdom: Vdom, path: str, unread: list[str], columns: str = "") -> list[Object]:
    """The objects of a table, empty if there is no such table. A table that the token may not read is added to
    `unread`."""
    try:
        found = vdom.once(path, format=columns) if columns else dependencies.table(vdom, path)
    except FortiGateError as error:
        if error.context.get("http_status") not in dependencies.FORBIDDEN:
            raise
        unread.append(f"{path.partition('/')[2]} of VDOM {vdom.name} ({to_give(path)})")
        return []
    return found or []


def _trimmed(one: Object, columns: t.Iterable[str]) -> Object:
    return {key: one[key] for key in columns if key in one}


def _type(settings: t.Sequence[Object]) -> str:
    return str(settings[0].get("vdom-type") or "") if settings else ""


def refusal(facts: Facts) -> str:
    """Why blocks in some VDOMs of this run would have no effect, empty if all VDOMs carry traffic."""
    idle = [name for name, one in facts["vdoms"].items() if one["type"] == NO_TRAFFIC]
    if not idle:
        return ""
    others = [name for name, kind in facts["others"].items() if kind != NO_TRAFFIC]
    instead = f". Set fortigate_block_vdoms to VDOMs with traffic: {_listed(others)}" if others else ""
    return f"Blocks in {_vdoms(idle)} have no effect, because a VDOM of type {NO_TRAFFIC} carries no traffic{instead}"


def notices(facts: Facts, configured: bool) -> t.Iterator[str]:
    """Notices about other VDOMs, an unsaved configuration and unread tables. `configured` means that the entries of the
    method are a part of the configuration."""
    left_out = [name for name, kind in facts["others"].items() if kind != NO_TRAFFIC]
    if left_out:
        yield f"Nothing is blocked in {_vdoms(left_out)}. Add all VDOMs that carry traffic to fortigate_block_vdoms"
    saved = facts["cfg-save"]
    if configured and saved not in ("", "automatic"):
        yield (
            f"cfg-save of the FortiGate is {printable(saved, 20)}: the change is lost at a reboot or after cfg-revert-timeout, unless an "
            "administrator saves the configuration"
        )
    if facts["unread"]:
        yield f"The effect of a block may depend on tables that the token may not read: {'; '.join(facts['unread'])}"


def routing_of(facts: Facts, vdom: str) -> Routing:
    tables = facts["vdoms"][vdom]
    zones = _zones(tables["zones"], tables["sdwan"])
    own = [one for one in facts["interfaces"] if one.get("vdom", vdom) == vdom]
    defaults, defaults6 = _defaults(tables["routes"]), _defaults(tables["routes6"])
    found = [
        _interface(one, zones.get(str(one.get("name")), ()), defaults, defaults6)
        for one in own
        if one.get("status") != "down"
    ]
    names = (
        {str(one.get("name")) for one in own}.union(*zones.values()) if zones else {str(one.get("name")) for one in own}
    )
    vips = tuple(_vip(one) for one in tables["vips"] if one.get("status") != "disable")
    return Routing(tuple(found), frozenset(names), vips)


def _zones(zones: t.Iterable[Object], sdwan: t.Iterable[Object]) -> dict[str, tuple[str, ...]]:
    """The zones of each interface, because policies name a zone instead of its interfaces."""
    found: dict[str, tuple[str, ...]] = {}
    pairs = [(one.get("interface-name"), zone.get("name")) for zone in zones for one in zone.get("interface") or []]
    pairs += [
        (one.get("interface"), one.get("zone") or SDWAN_ZONE) for each in sdwan for one in each.get("members") or []
    ]
    for interface, zone in pairs:
        found[str(interface)] = (*found.get(str(interface), ()), str(zone))
    return found


def _defaults(routes: t.Iterable[Object]) -> set[str]:
    """Interfaces and zones with a default route."""
    found: set[str] = set()
    for one in routes:
        narrowed = one.get("dstaddr") or one.get("internet-service") or one.get("blackhole") == "enable"
        if one.get("status") != "disable" and not narrowed and one.get("dst") in ANYWHERE:
            zones = one.get("sdwan-zone") or []
            found.update(str(zone.get("name")) for zone in zones if isinstance(zone, dict))
            found.add(str(one.get("device")))
    return found - {""}


def _interface(one: Object, zones: tuple[str, ...], defaults: set[str], defaults6: set[str]) -> Interface:
    names = (str(one.get("name")), *zones)
    given = one.get("mode") in dependencies.DYNAMIC and one.get("defaultgw", "enable") == "enable"
    # An interface that leads to the Internet for IPv4 may also carry IPv6, even without an IPv6 route in a table.
    both = one.get("role") == "wan" or given or not defaults.isdisjoint(names)
    outside = frozenset((4, 6) if both else () if defaults6.isdisjoint(names) else (6,))
    six = one.get("ipv6")
    texts = [one.get("ip"), six.get("ip6-address") if isinstance(six, dict) else None]
    texts += [each.get("ip") for each in one.get("secondaryip") or [] if isinstance(each, dict)]
    return Interface(names[0], names, outside, tuple(found for found in map(_address, texts) if found is not None))


def _address(text: object) -> t.Optional[AddressInterface]:
    try:
        found = ipaddress.ip_interface("/".join(str(text or "").split()))
    except ValueError:
        return None
    return None if found.ip.is_unspecified else found


def _vip(one: Object) -> Vip:
    port = str(one.get("extport") or "").partition("-")[0] if one.get("portforward") == "enable" else ""
    networks = networks_of(str(one.get("extip") or ""))
    return Vip(str(one.get("name")), tuple(networks), int(port) if port.isdecimal() else 443)


def _networks(one: Interface, network: Network) -> list[t.Any]:
    return [each.network for each in one.addresses if each.version == network.version]


def _is_inside(network: t.Any, connected: t.Iterable[Interface]) -> bool:
    return any(network.subnet_of(net) for one in connected for net in _networks(one, network))


def _vdoms(names: t.Sequence[str]) -> str:
    return f"{noun_for(len(names), 'VDOM')} {_listed(names)}"


def _listed(names: t.Iterable[str]) -> str:
    return listed([printable(name, 40) for name in names])
