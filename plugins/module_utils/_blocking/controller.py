# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds addresses that are never blocked: those of this machine, of the hosts in the inventory and of the user's
infrastructure."""

from __future__ import annotations

import ipaddress
import pathlib
import re
import socket
import typing as t

from .._common.addresses import parse_never, text_of
from .._common.errors import InvalidInput

# Linux lists all addresses of the machine in these files. A command for this may be missing in an execution
# environment.
TRIE = pathlib.Path("/proc/net/fib_trie")
SIX = pathlib.Path("/proc/net/if_inet6")
# The errors of the resolver for a name without an address.
NO_SUCH_NAME = {socket.EAI_NONAME, socket.EAI_NODATA} if hasattr(socket, "EAI_NODATA") else {socket.EAI_NONAME}
# Numeric text is not resolved, because a resolver reads "203.0.113.010" and "203.0.113" differently from people.
_NUMERIC = re.compile(r"[0-9.]+|0[xX][0-9A-Fa-f]+")
_LOCAL = re.compile(r"\|-- ([0-9.]+)\n\s+/32 host LOCAL")

Named = tuple[str, str]


class Found(t.NamedTuple):
    """`addresses` are the addresses with their reasons. `unresolved` are names that must have an address and have none.
    `unnamed` are hosts that have no address and need none."""

    addresses: list[Named]
    unresolved: list[str]
    unnamed: list[str]


def gather(inventory: t.Mapping[str, t.Sequence[str]], names: t.Sequence[str]) -> Found:
    """Find the addresses. `inventory` has the addresses from the variables of each host. `names` are the names and
    addresses of the user's infrastructure. Raises InvalidInput."""
    hosts = [(name, f"inventory host {host}") for host, given in inventory.items() for name in given or [host]]
    given = [(name, "given as infrastructure") for name in names]
    # A host without an address in its variables and without a domain in its name may exist only for its variables.
    optional = {host for host, addresses in inventory.items() if not addresses and "." not in host} - set(names)
    found = [(address, "this controller") for address in own_addresses([name for name, _reason in hosts])]
    unresolved: list[str] = []
    unnamed: list[str] = []
    for name, reason in dict([*hosts, *given]).items():
        addresses = resolved(name)
        found += [(address, reason) for address in addresses]
        if not addresses:
            (unnamed if name in optional else unresolved).append(name)
    return Found(found, [f"{name} ({dict([*hosts, *given])[name]})" for name in unresolved], unnamed)


def resolved(name: str) -> list[str]:
    """All addresses of a name, or the address itself. Empty if the name does not exist.

    Raises InvalidInput if the resolver does not answer, and for text that resolvers read as a different address.
    """
    bare = name.strip("[]")
    if _NUMERIC.fullmatch(bare):
        return [text_of(network) for network in parse_never([bare])]
    try:
        found = socket.getaddrinfo(bare, None, proto=socket.IPPROTO_TCP)
    except socket.gaierror as exc:
        if exc.errno in NO_SUCH_NAME:
            return []
        raise InvalidInput(
            f"{bare!r} cannot be resolved at present ({exc.strerror}), so its address cannot be protected. Check "
            "DNS, or replace the name with its address"
        ) from exc
    except (OSError, UnicodeError):
        return []
    return sorted({str(one[4][0]).partition("%")[0] for one in found})


def own_addresses(peers: t.Iterable[str] = ()) -> list[str]:
    """The addresses of this machine: those of its host name, those that the system lists, and those from which it
    connects to its peers."""
    found = set(_known(socket.gethostname()))
    if TRIE.exists():
        found.update(_LOCAL.findall(TRIE.read_text()))
    if SIX.exists():
        found.update(
            str(ipaddress.IPv6Address(int(line[:32], 16))) for line in SIX.read_text().splitlines() if line.strip()
        )
    for address in {one for peer in peers for one in _known(peer)}:
        found.add(_towards(address))
    return sorted(found - {""})


def _towards(address: str) -> str:
    """The address from which this machine connects to another address, empty if it cannot connect. No packet is
    sent."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 443))
            return str(probe.getsockname()[0]).partition("%")[0]
    except OSError:
        return ""


def _known(name: str) -> list[str]:
    try:
        return resolved(name)
    except InvalidInput:
        return []
