# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the policies of a VDOM in their order, and the objects in them on which a verdict depends.

See protocol_fortigate.rst, "Deny policies".
"""

from __future__ import annotations

import typing as t

from .._common.errors import printable
from .._common.sides import BOTH, DESTINATION, SOURCE
from . import packets
from .address_book import Book, Obj, Tables, names_in
from .alike import Alike
from .client import FortiGateError, Vdom
from .dependencies import FORBIDDEN
from .packets import NARROWING, Need, Verdict
from .rights import to_give
from .targets import Target
from .topology import Routing

# The tables of local-in policies, which protect only the FortiGate itself.
LOCAL_IN = ("cmdb/firewall/local-in-policy", "cmdb/firewall/local-in-policy6")
COLUMNS = "|".join(
    (
        *("policyid", "name", "status", "action", "schedule", "match-vip", "service", "service-negate", "srcintf", "dstintf"),
        *(
            f"{side}addr{version}{negated}"
            for side in ("src", "dst")
            for version in ("", "6")
            for negated in ("", "-negate")
        ),
        *NARROWING,
    )
)  # fmt: skip
LOCAL_IN_COLUMNS = "|".join(
    (
        *("policyid", "status", "action", "schedule", "intf", "service", "srcaddr", "dstaddr", "ha-mgmt-intf-only"),
        *("srcaddr-negate", "dstaddr-negate", "service-negate"),
        *NARROWING,
    )
)
# First release with feeds in local-in policies.
LOCAL_IN_FEEDS = (7, 2, 4)
ADDRESSES = "name|type|subnet|ip6|start-ip|end-ip"
GROUPS = "name|member|exclude|exclude-member"


class Judged(t.NamedTuple):
    """The verdicts on each target, by address. A target that is blocked on both sides has a verdict for each side."""

    verdicts: dict[str, list[Verdict]]
    notices: list[str]


def needs_of(target: Target) -> list[Need]:
    side = target.side or SOURCE
    return [Need(6 if ":" in target.address else 4, one) for one in (SOURCE, DESTINATION) if side in (one, BOTH)]


def read_policies(vdom: Vdom) -> list[Obj]:
    """The policies in the order in which the FortiGate evaluates them. Raises FortiGateError."""
    return list(vdom.objects("cmdb/firewall/policy", format=COLUMNS))


def judged(
    vdom: Vdom,
    policies: t.Sequence[Obj],
    book: Book,
    routing: t.Optional[Routing],
    targets: t.Sequence[Target],
    reads: bool,
) -> Judged:
    """The verdicts on these targets. With `reads`, the address objects of the VDOM are read if a verdict without them
    is neither "denied" nor "accepted". Raises FortiGateError."""
    found = _all(policies, book, routing, targets)
    unread: list[str] = []
    if reads and any(one.kind not in (packets.DENIED, packets.ACCEPTED) for each in found.values() for one in each):
        versions = sorted({need.version for target in targets for need in needs_of(target)})
        found = _all(policies, read_book(vdom, book, versions, unread), routing, targets)
    return Judged(found, without_right(vdom, unread))


def _all(
    policies: t.Sequence[Obj], book: Book, routing: t.Optional[Routing], targets: t.Iterable[Target]
) -> dict[str, list[Verdict]]:
    alike = Alike(book, routing)
    judged: dict[tuple[Need, t.Hashable], Verdict] = {}
    found: dict[str, list[Verdict]] = {}
    for target in targets:
        network = target.network
        if network is None:
            continue
        kind = alike.key(network)
        for need in needs_of(target):
            if (need, kind) not in judged:
                judged[need, kind] = packets.judge(policies, book, routing, need, network)
            found.setdefault(target.address, []).append(judged[need, kind]._replace(network=network))
    return found


def without_right(vdom: Vdom, unread: t.Iterable[str]) -> list[str]:
    """Notices about tables that the token may not read."""
    return [
        f"The token may not read {one.partition('/')[2]} in VDOM {vdom.name}, so its content is not known: {to_give(one)}"
        for one in unread
    ]


def read_book(vdom: Vdom, book: Book, versions: t.Iterable[int], unread: list[str]) -> Book:
    """Read the address objects and groups that policies can name. Tables that the token may not read are added to
    `unread`. Raises FortiGateError."""
    tables = {}
    for version in versions:
        six = "6" if version == 6 else ""
        addresses = _named(vdom, f"cmdb/firewall/address{six}", ADDRESSES, unread)
        groups = _named(vdom, f"cmdb/firewall/addrgrp{six}", GROUPS, unread)
        tables[version] = Tables(addresses, groups)
    return book._replace(tables=tables, complete=not unread)


def _named(vdom: Vdom, path: str, columns: str, unread: list[str]) -> dict[str, Obj]:
    try:
        found = vdom.found(path, format=columns)
    except FortiGateError as error:
        if error.context.get("http_status") not in FORBIDDEN:
            raise
        unread.append(path)
        return {}
    return {str(one.get("name")): one for one in found or []}


def idle(vdom: Vdom, policies: t.Sequence[Obj], names: t.Collection[str], needs: t.Collection[Need]) -> str:
    """The message that no deny policy uses the feed or group, with the faults of policies that name the feed or group.
    Raises FortiGateError."""
    found = [f"{need}{_reported_faults(policies, names, need)}" for need in needs]
    local_in = [one for path in LOCAL_IN for one in vdom.found(path, format="policyid|srcaddr|srcaddr-negate") or []]
    if any(not set(names_in(one, "srcaddr")).isdisjoint(names) for one in local_in):
        found.append("a local-in policy protects only the FortiGate itself")
    return f"no policy denies the addresses in {', '.join(sorted(names))} in VDOM {vdom.name} ({'; '.join(found)})"


def _reported_faults(policies: t.Sequence[Obj], names: t.Collection[str], need: Need) -> str:
    reported = []
    for one in policies:
        if packets.denies(one) and not set(names_in(one, need.ours)).isdisjoint(names):
            faults = packets.faults(one, need)
            faults += [need.ours] if one.get(f"{need.ours}-negate") == "enable" else []
            reported.append(
                f"policy {printable(one.get('policyid'), 12)} lets traffic pass because of its {', '.join(faults)}"
                if faults
                else ""
            )
    return f": {'; '.join(filter(None, reported))}" if any(reported) else ""
