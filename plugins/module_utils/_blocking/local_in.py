# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides whether a local-in policy denies traffic to the FortiGate itself by a feed or group (protocol_fortigate.rst, "Deny
policies").

Local-in policies are evaluated like other policies, with one difference: traffic that none of them matches reaches the
FortiGate.
"""

from __future__ import annotations

import re
import typing as t

from .._common.errors import printable
from .._common.sides import SOURCE
from . import packets
from .address_book import Book
from .client import Vdom
from .packets import Need, Obj, Verdict
from .policies import LOCAL_IN, LOCAL_IN_COLUMNS, LOCAL_IN_FEEDS
from .targets import Target
from .topology import Routing

ALL, ANY = [{"name": "all"}], [{"name": "any"}]
# Represents the default: the FortiGate accepts a packet that no local-in policy matches.
AT_THE_END: Obj = {
    "policyid": "none", "action": "accept", "schedule": "always", "service": [{"name": "ALL"}], "srcintf": ANY, "dstintf": ANY,
    **{f"{side}addr{six}": ALL for side in ("src", "dst") for six in ("", "6")},
}  # fmt: skip
CURE = "Create such a policy with the entry point bootstrap"


def read(vdom: Vdom, version: int) -> list[Obj]:
    """The local-in policies of one IP version in their order, in the format of other policies. Raises
    FortiGateError."""
    found = vdom.found(LOCAL_IN[version == 6], format=LOCAL_IN_COLUMNS) or []
    # A policy for the management interface of a cluster matches no other traffic.
    return [_as_policy(one, version) for one in found if one.get("ha-mgmt-intf-only") != "enable"]


def _as_policy(one: Obj, version: int) -> Obj:
    six = "6" if version == 6 else ""
    interface = one.get("intf")
    named = {
        f"{side}addr{six}{more}": one.get(f"{side}addr{more}") for side in ("src", "dst") for more in ("", "-negate")
    }
    return {
        **{key: value for key, value in one.items() if "addr" not in key},
        **{key: value for key, value in named.items() if value is not None},
        # Before release 7.4.2, this attribute is the name of one interface.
        "srcintf": [{"name": interface}] if isinstance(interface, str) else interface,
        "dstintf": ANY,
        "service": one.get("service") or [{"name": "ALL"}],
    }


def too_old(vdom: Vdom) -> str:
    """Why local-in policies of this release cannot use a feed, empty if they can or if the release is not
    known."""
    release = tuple(int(number) for number in re.findall(r"\d+", vdom.fortigate.version)[:3])
    if not release or release >= LOCAL_IN_FEEDS:
        return ""
    return (
        f"feeds in local-in policies need FortiOS {'.'.join(map(str, LOCAL_IN_FEEDS))} or later, but the FortiGate runs "
        f"{printable(vdom.fortigate.version, 40)}: set fortigate_block_local_in_method to addrgrp"
    )


def judged(order: t.Mapping[int, t.Sequence[Obj]], book: Book, routing: t.Optional[Routing], target: Target) -> Verdict:
    """The verdict of the local-in policies on a target. `order` are the policies of each IP version, in the format of
    `read`."""
    version = 6 if ":" in target.address else 4
    need = Need(version, SOURCE)
    return packets.judge([*order[version], AT_THE_END], book, routing, need, t.cast("t.Any", target.network))


def why_open(vdom: str, verdict: Verdict, book: Book) -> str:
    """Why the FortiGate still answers the target, empty if it does not or if that is not known."""
    if verdict.kind in (packets.DENIED, packets.UNDECIDED):
        return ""
    kind = f"local-in policy{' for IPv6' if verdict.need.version == 6 else ''}"
    name = book.ours[verdict.need.version]
    if verdict.why:
        return verdict.why
    if verdict.kind == packets.IDLE:
        return f"no {kind} of VDOM {vdom} denies the addresses in {name}. {CURE}"
    if verdict.policy is not None and verdict.policy is not AT_THE_END:
        number = printable(verdict.policy.get("policyid"), 12)
        return f"{kind} {number} of VDOM {vdom} accepts the traffic before a policy denies the addresses in {name}"
    left = dict.fromkeys(one.name for one, _other in verdict.pairs if one is not None)
    return (
        f"the {kind} of VDOM {vdom} that denies the addresses in {name} does not deny traffic that enters through "
        f"{', '.join(list(left)[:10])}"
    )
