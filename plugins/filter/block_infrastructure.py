# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.block_infrastructure; documented in block_infrastructure.yml."""

from __future__ import annotations

import ipaddress
import pathlib
import re
import socket
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._blocking import infrastructure
from ansible_collections.secops.fortiview.plugins.module_utils._common.addresses import parse_never, text_of
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import entries
from ansible_collections.secops.fortiview.plugins.plugin_utils._filters import Function, filter_plugin

# Linux tells all addresses of the machine here, without a command that an execution environment may lack.
TRIE = pathlib.Path("/proc/net/fib_trie")
SIX = pathlib.Path("/proc/net/if_inet6")
# What the resolver says of a name that has no address.
NOBODY = {socket.EAI_NONAME, socket.EAI_NODATA} if hasattr(socket, "EAI_NODATA") else {socket.EAI_NONAME}
# "203.0.113.010" and "203.0.113" are other addresses to a resolver than to a reader.
_NUMERIC = re.compile(r"[0-9.]+|0[xX][0-9A-Fa-f]+")
_LOCAL = re.compile(r"\|-- ([0-9.]+)\n\s+/32 host LOCAL")
Entry = dict[str, str]


@filter_plugin
def block_infrastructure(
    inventory: t.Iterable[t.Sequence[t.Any]] = (),
    names: t.Any = (),
    interfaces: t.Sequence[t.Mapping[str, t.Any]] = (),
    admins: t.Sequence[t.Mapping[str, t.Any]] = (),
    on_unresolved: str = "fail",
) -> t.Any:
    found = _gathered(inventory, entries("names", names, blanks=True), interfaces, admins)
    unknown = ", ".join(f"{one['name']} ({one['why']})" for one in found["unresolved"] if one["needed"])
    if unknown and on_unresolved != "skip":
        raise InvalidInput(
            f"these have no address that is told, so that they cannot be protected: {unknown}; give their addresses, or skip them"
        )
    return found


def _gathered(
    inventory: t.Iterable[t.Sequence[t.Any]],
    names: t.Sequence[str],
    interfaces: t.Sequence[t.Mapping[str, t.Any]],
    admins: t.Sequence[t.Mapping[str, t.Any]],
) -> dict[str, t.Any]:
    known = {str(host): [str(one) for one in addresses if one] for host, *addresses in inventory}
    hosts = [(name, f"inventory host {host}") for host, addresses in known.items() for name in addresses or [host]]
    given = [(str(one), "given as infrastructure") for one in names if one]
    # A host without an address of its own, and without a domain, may be a mere name, such as a bag of variables.
    optional = {host for host, addresses in known.items() if not addresses and "." not in host}
    optional -= {name for name, _why in given}
    found = _own([name for name, _why in hosts])
    unresolved = []
    for name, why in dict([*hosts, *given]).items():
        addresses = _resolved(name)
        found += [{"address": address, "why": why} for address in addresses]
        if not addresses:
            unresolved.append({"name": name, "why": why, "needed": name not in optional})
    for reply in interfaces:
        of_box = infrastructure.results_in(reply, 0, "the interfaces")
        found += infrastructure.of_interfaces(of_box)
        unresolved += [
            {"name": f"interface {name}", "why": "its address is dynamic", "needed": True}
            for name in infrastructure.unknown_interfaces(of_box)
        ]
    for reply in admins:
        found += infrastructure.of_admins(infrastructure.results_in(reply, 0, "the administrators who are logged in"))
    replies = [*interfaces, *admins]
    return {
        "protected": list({one["address"]: one for one in found}.values()),
        "unresolved": unresolved,
        "serial": next((told for told in (infrastructure.told_by(one, "serial") for one in replies) if told), ""),
    }


def _own(peers: t.Iterable[str]) -> list[Entry]:
    """Addresses of this machine; where the system does not list them, at least those that its own name and the peers tell."""
    found = set(_known(socket.gethostname()))
    if TRIE.exists():
        found.update(_LOCAL.findall(TRIE.read_text()))
    if SIX.exists():
        found.update(
            str(ipaddress.IPv6Address(int(line[:32], 16))) for line in SIX.read_text().splitlines() if line.strip()
        )
    for address in {one for peer in peers for one in _known(peer)}:
        found.add(_towards(address))
    return [{"address": one, "why": "this controller"} for one in sorted(found - {""})]


def _towards(address: str) -> str:
    """The address with which this machine speaks to another one; nothing is sent."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 443))
            return str(probe.getsockname()[0]).partition("%")[0]
    except OSError:
        return ""


def _known(name: str) -> list[str]:
    """What of a name's addresses can be told; whoever needs them all asks `_resolved`."""
    try:
        return _resolved(name)
    except InvalidInput:
        return []


def _resolved(name: str) -> list[str]:
    """All addresses of a name; an address is its own, and nothing where nobody knows the name.

    Raises InvalidInput where the resolver does not answer, and for what resolvers take for an address that was not written.
    """
    bare = name.strip("[]")
    if _NUMERIC.fullmatch(bare):
        return [text_of(network) for network in parse_never([bare])]
    try:
        told = socket.getaddrinfo(bare, None, proto=socket.IPPROTO_TCP)
    except socket.gaierror as exc:
        if exc.errno in NOBODY:
            return []
        raise InvalidInput(
            f"{bare!r} cannot be looked up now: {exc.strerror}; it must be known to be protected"
        ) from exc
    except (OSError, UnicodeError):
        return []
    return sorted({str(one[4][0]).partition("%")[0] for one in told})


class FilterModule:
    def filters(self) -> dict[str, Function]:
        return {"block_infrastructure": block_infrastructure}
