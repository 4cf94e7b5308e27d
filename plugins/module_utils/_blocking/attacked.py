# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds attacks on the FortiGate itself, which a ban does not stop (protocol_fortigate.rst, "Blocking mechanisms").
This module sends no requests.

If `fortigate_block_local_in_method` is set, the attackers are added to a feed or group by which a local-in policy
denies traffic. The other targets are banned.
"""

from __future__ import annotations

import typing as t

from .._common.addresses import overlapping, parse_target, text_of
from .guardrails import Reasoned
from .planning import ADD, BAN, EXTEND, KEEP, Step
from .targets import Target

CURE = (
    "A ban stops only traffic through the FortiGate, not traffic to its login pages and VPN portal. A local-in "
    "policy with a feed or a group stops traffic to the FortiGate itself. Set fortigate_block_local_in_method to "
    "feed_push or addrgrp. Then run the entry point bootstrap with the same fortigate_block_method and "
    "fortigate_block_local_in_method, to create the policies"
)


def own_victims(target: Target, own: t.Sequence[Reasoned]) -> list[str]:
    """The interfaces and virtual IPs of this FortiGate that the target attacked, with the attacked addresses. `own` are
    the addresses at which the FortiGate itself answers, with their interfaces and virtual IPs."""
    victims = [network for network in map(parse_target, target.victims) if network is not None]
    return list(
        dict.fromkeys(
            f"{reason} ({text_of(victim)})"
            for victim in victims
            for network, reason in own
            if overlapping(victim, [network]) is not None
        )
    )


def attackers(targets: t.Iterable[Target], own: t.Sequence[Reasoned]) -> frozenset[str]:
    """The addresses of the targets that attacked the FortiGate itself."""
    return frozenset(one.address for one in targets if own_victims(one, own))


def explained(step: Step, own: t.Sequence[Reasoned]) -> Step:
    """The step, with a note if its target attacked the FortiGate itself."""
    found = own_victims(step.target, own) if step.action in (ADD, EXTEND, KEEP) else []
    if not found:
        return step
    itself = f"it attacked {', '.join(found)} of the FortiGate itself"
    why = (
        f"{itself}, and a ban does not stop this"
        if step.method == BAN
        else f"{step.method} instead of a ban, because {itself}"
    )
    return step._replace(why="; ".join(filter(None, (step.why, why))))


def notices(steps: t.Iterable[Step], own: t.Sequence[Reasoned]) -> list[str]:
    """Notices about bans of addresses that attacked the FortiGate itself."""
    targets = {one.address: one.target for one in steps if one.action in (ADD, EXTEND, KEEP) and one.method == BAN}
    found = {address: own_victims(target, own) for address, target in targets.items()}
    return [
        f"{address} attacked {', '.join(names)} of the FortiGate itself. {CURE}"
        for address, names in found.items()
        if names
    ]
