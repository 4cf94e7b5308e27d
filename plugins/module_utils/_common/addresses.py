# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides from an address alone whether it may be blocked. Special, reserved and excluded addresses are always refused.
Private addresses and networks are refused unless an option allows them.

`parse_target` reads every target that comes from a device or a playbook.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .errors import InvalidInput

Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
Address = t.Union[ipaddress.IPv4Address, ipaddress.IPv6Address]

# No option allows targets in these networks, because their addresses do not identify single hosts on the internet.
SPECIAL = {
    "0.0.0.0/8": "unspecified",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local",
    "192.0.0.0/24": "IETF-reserved",
    "192.88.99.0/24": "6to4 relay",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved or broadcast",
    "::/96": "unspecified, loopback or IPv4-compatible",
    "64:ff9b::/96": "translated IPv4",
    "64:ff9b:1::/48": "translated IPv4",
    "2001::/32": "tunnelled IPv4",
    "2002::/16": "tunnelled IPv4",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}
# Targets in these networks are refused unless private addresses are allowed.
PRIVATE = {
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "private (carrier-grade NAT)",
    "172.16.0.0/12": "private",
    "192.168.0.0/16": "private",
    "fc00::/7": "private",
}
# The prefix length of the widest network that can be a target, by IP version.
WIDEST = {4: 24, 6: 64}
MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
# The range of IPv6 addresses that is assigned to hosts on the internet so far.
GLOBAL = ipaddress.IPv6Network("2000::/3")
_SPECIAL = {ipaddress.ip_network(text): word for text, word in SPECIAL.items()}
_PRIVATE = {ipaddress.ip_network(text): word for text, word in PRIVATE.items()}
_TEXT = re.compile(r"[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?")
_LEADING_ZERO = re.compile(r"(^|\.)0[0-9]")


def parse_target(value: object) -> t.Optional[Network]:
    """A host (as /32 or /128) or a network from its text. None for any other value.

    Host names, numbers, zones, leading zeros (which some programs read as octal) and networks with host bits are
    refused. An IPv4-mapped IPv6 address becomes its IPv4 address.
    """
    if not isinstance(value, str) or not _TEXT.fullmatch(value):
        return None
    address = value.partition("/")[0]
    if "." in address and _LEADING_ZERO.search(address.rpartition(":")[2]):
        return None
    try:
        network = ipaddress.ip_network(value)
    except ValueError:
        return None
    return _unmapped(network)


def _unmapped(network: Network) -> t.Optional[Network]:
    if not isinstance(network, ipaddress.IPv6Network) or not network.overlaps(MAPPED):
        return network
    mapped = network.network_address.ipv4_mapped
    if mapped is None or network.prefixlen < MAPPED.prefixlen:
        return network if network.prefixlen == 0 else None
    return ipaddress.ip_network((mapped, network.prefixlen - MAPPED.prefixlen))


def networks_of(text: str) -> list[Network]:
    """The networks of a feed entry, which may be a range such as 198.51.100.1-198.51.100.9. Empty if the entry is not
    an address, a network or a range."""
    ends = [parse_target(end.strip()) for end in text.split("-")]
    known = [end for end in ends if end is not None]
    if len(known) != len(ends) or len(ends) > 2:
        return []
    if len(known) == 1:
        return known
    try:
        return list(ipaddress.summarize_address_range(known[0].network_address, known[1].network_address))  # type: ignore[type-var]
    except (TypeError, ValueError):
        return []


def canonical_entry(text: str) -> str:
    """An entry of a threat feed or an address group in canonical spelling. A FortiGate reads an entry with host bits,
    such as 172.200.1.4/16, as the whole network 172.200.0.0/16."""
    try:
        network = parse_target(str(ipaddress.ip_network(text.strip(), strict=False)))
    except ValueError:
        network = None
    return text.strip() if network is None else text_of(network)


def address_order(text: str) -> tuple[int, int, int, str]:
    """A sort key. IPv4 comes before IPv6, and addresses of one version are in numerical order. Other text comes last."""
    network = parse_target(text)
    if network is None:
        return (9, 0, 0, text)
    return (network.version, int(network.network_address), network.prefixlen, "")


def is_host(network: Network) -> bool:
    return network.prefixlen == network.max_prefixlen


def text_of(network: Network) -> str:
    """The canonical spelling: the address of a host, or a network in CIDR notation."""
    return str(network.network_address) if is_host(network) else str(network)


def parse_never(entries: t.Optional[t.Iterable[object]]) -> list[Network]:
    """The networks of the user's exclusion list. An entry that cannot be read is an error, because without the entry
    an address would not be protected.

    An entry with host bits becomes the network that contains the address. Raises InvalidInput.
    """
    networks = []
    for entry in entries or []:
        text = str(entry).strip()
        if "." in text and _LEADING_ZERO.search(text.partition("/")[0].rpartition(":")[2]):
            raise InvalidInput(
                f"the exclusion list entry {text!r} has leading zeros, which are ambiguous: remove the zeros"
            )
        try:
            network = _unmapped(ipaddress.ip_network(text, strict=False))
        except ValueError as exc:
            raise InvalidInput(f"the exclusion list entry {text!r} must be an address or a network: {exc}") from exc
        if network is None:
            raise InvalidInput(
                f"the exclusion list entry {text!r} covers more than the IPv4-mapped addresses: write the IPv4 "
                "network instead"
            )
        networks.append(network)
    return networks


def overlapping(target: Network, networks: t.Iterable[Network]) -> t.Optional[Network]:
    """The first of the networks that contains the target or is contained in it. None if no network does."""
    for network in networks:
        if network.version == target.version and network.overlaps(target):  # type: ignore[arg-type]
            return network
    return None


def refusal(target: Network, never: t.Sequence[Network], allow_private: bool) -> t.Optional[str]:
    """The reason why this target must not be blocked. None if there is no reason."""
    special = overlapping(target, _SPECIAL)
    if special is not None:
        return f"{_SPECIAL[special]} address"
    if target.version == 6 and not (target.subnet_of(GLOBAL) or is_ours(target)):  # type: ignore[arg-type]
        return "reserved address"
    protected = overlapping(target, never)
    if protected is not None:
        return f"on the exclusion list ({text_of(protected)})"
    private = overlapping(target, _PRIVATE)
    if private is not None and not allow_private:
        return f"{_PRIVATE[private]} address"
    return None


def objections(target: Network, never: t.Sequence[Network], allow_private: bool, allow_networks: bool) -> list[str]:
    """All reasons against a block of the target that follow from its address alone."""
    reasons = []
    if not is_host(target):
        if not allow_networks:
            reasons.append("a network, and networks are not allowed here")
        elif target.prefixlen < WIDEST[target.version]:
            reasons.append(f"a network wider than /{WIDEST[target.version]}")
    why = refusal(target, never, allow_private)
    return [*reasons, why] if why else reasons


def is_ours(target: Network) -> bool:
    """Whether the target overlaps with a private range. Such a target is behind the firewall."""
    return overlapping(target, _PRIVATE) is not None
