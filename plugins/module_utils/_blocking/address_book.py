# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides whether an object that a policy names contains an address. The object can be a group with nested groups and
excluded members (protocol_fortigate.rst, "Address groups").

This module sends no requests.
"""

from __future__ import annotations

import enum
import ipaddress
import typing as t

from .._common.addresses import Network, networks_of

Obj = t.Mapping[str, t.Any]


class Held(enum.IntEnum):
    """How much of an address or network an object contains. For several objects, the highest value counts."""

    NO = 0
    PART = 1
    UNKNOWN = 2
    YES = 3


class Tables(t.NamedTuple):
    """The address objects and the address groups of one IP version that were read, by name."""

    addresses: t.Mapping[str, Obj] = {}
    groups: t.Mapping[str, Obj] = {}


class Book(t.NamedTuple):
    """`ours` has the name of the feed or group with the targets for each IP version. `tables` has the objects and
    groups that were read, by IP version. `vips` has the outer addresses of virtual IPs by name. `complete` means that
    all objects and groups of these IP versions were read."""

    ours: t.Mapping[int, str]
    tables: t.Mapping[int, Tables] = {}
    vips: t.Mapping[str, t.Sequence[Network]] = {}
    complete: bool = False

    def held(self, name: str, network: Network, path: tuple[str, ...] = ()) -> Held:
        """How much of the network the object with this name contains. Our feed or group contains every target, except
        the addresses of its excluded members."""
        if name in path or name == "none":
            # A group that contains itself adds no address, and the object "none" contains no address.
            return Held.NO
        if name == "all":
            return Held.YES
        tables = self.tables.get(network.version, Tables())
        if name in tables.groups:
            return self._in_group(name, tables.groups[name], network, (*path, name))
        if name == self.ours.get(network.version):
            return Held.YES
        if name in tables.addresses:
            found = networks_in(tables.addresses[name], network.version)
            return overlap(network, found) if found else Held.UNKNOWN
        if name in self.vips:
            return overlap(network, self.vips[name])
        return Held.UNKNOWN

    def _in_group(self, name: str, group: Obj, network: Network, path: tuple[str, ...]) -> Held:
        found = Held.YES
        if name != self.ours.get(network.version):
            found = max((self.held(one, network, path) for one in names_in(group, "member")), default=Held.NO)
        out = max((self.held(one, network, path) for one in excluded_by(group)), default=Held.NO)
        if out == Held.YES or found == Held.NO:
            return Held.NO
        return found if out == Held.NO else out

    def leads(self, name: str, version: int, path: tuple[str, ...] = ()) -> bool:
        """Whether this is the name of our feed or group, or of a group that contains our group. If the tables are not
        complete, a name that is not a known group counts as such a group."""
        if name == self.ours.get(version):
            return True
        group = self.tables.get(version, Tables()).groups.get(name)
        if group is None or name in path:
            return not self.complete and name not in path
        return any(self.leads(one, version, (*path, name)) for one in names_in(group, "member"))

    def excluded(self, network: Network) -> tuple[Held, str]:
        """How much of the network an excluded member of our group contains at most, and the name of this member."""
        group = self.tables.get(network.version, Tables()).groups.get(self.ours.get(network.version, ""), {})
        found = [(self.held(one, network), one) for one in excluded_by(group)]
        return max(found, key=lambda pair: pair[0], default=(Held.NO, ""))


def names_in(obj: Obj, attribute: str) -> list[str]:
    items = obj.get(attribute)
    return [str(one.get("name")) for one in items if isinstance(one, t.Mapping)] if isinstance(items, list) else []


def excluded_by(group: Obj) -> list[str]:
    return names_in(group, "exclude-member") if group.get("exclude") == "enable" else []


def overlap(network: Network, others: t.Sequence[t.Any]) -> Held:
    same = [one for one in others if one.version == network.version]
    if any(network.subnet_of(one) for one in same):  # type: ignore[arg-type]
        return Held.YES
    return Held.PART if any(network.overlaps(one) for one in same) else Held.NO


def networks_in(obj: Obj, version: int) -> list[Network]:
    """The networks in an address object of this IP version. Empty if the object contains no address, as an object for a
    country or a host name."""
    kind = obj.get("type", "ipmask" if version == 4 else "ipprefix")
    if kind == "iprange":
        return networks_of(f"{obj.get('start-ip')}-{obj.get('end-ip')}")
    if kind not in ("ipmask", "ipprefix"):
        return []
    text = obj.get("subnet" if kind == "ipmask" else "ip6")
    try:
        return [ipaddress.ip_network("/".join(str(text).split()), strict=False)]
    except ValueError:
        return []
