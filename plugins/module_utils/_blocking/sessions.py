# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Closes the open sessions of blocked addresses, because policies apply only to new sessions."""

from __future__ import annotations

import typing as t

from .._common.addresses import is_host
from .._common.naming import listed
from .._common.sides import BOTH, DESTINATION, SOURCE
from .client import FortiGateError, Vdom
from .targets import Target

SIDES = {SOURCE: ("saddr",), DESTINATION: ("daddr",), BOTH: ("saddr", "daddr")}
# Maximum number of addresses whose sessions one run closes in a VDOM, and maximum number of consecutive failed
# requests.
MOST, MOST_FAILURES = 200, 3
TOO_MANY = (
    f"one run closes the sessions of at most {MOST} addresses in a VDOM. Block in smaller runs, or close the sessions "
    "on the FortiGate"
)
NETWORK = "a FortiGate can close only the sessions of single addresses"


def close_sessions(vdom: Vdom, targets: t.Sequence[Target]) -> tuple[list[str], list[str]]:
    """Close the sessions of the targets. Returns the addresses whose sessions may still be open, and messages with the
    reasons. The block is in force in any case.

    With one request, the API closes the sessions of one source address or of one destination address. Releases before
    7.0.2 do not have this request.
    """
    hosts = [one for one in targets if one.network is not None and is_host(one.network)]
    # Hunted addresses come first: they were seen in traffic, so they are more likely to have open sessions.
    hosts.sort(key=lambda one: not one.hunted)
    reasons = {one.address: NETWORK for one in targets}
    reasons.update((one.address, TOO_MANY) for one in hosts)
    failures: dict[bool, list[str]] = {False: [], True: []}
    for target in hosts[:MOST]:
        reasons[target.address] = _close(vdom, target, failures[":" in target.address])
    by_reason: dict[str, list[str]] = {}
    for address, why in reasons.items():
        if why:
            by_reason.setdefault(why, []).append(address)
    still_open = [address for address, why in reasons.items() if why]
    return still_open, [f"The sessions of {listed(those)} may still be open: {why}" for why, those in by_reason.items()]


def _close(vdom: Vdom, target: Target, failed: list[str]) -> str:
    """Close the sessions of a target. Returns why they may be open, empty if they are closed. `failed` has the
    consecutive failures of this IP version. After MOST_FAILURES failures, no request is sent."""
    path = f"monitor/firewall/session{'6' if ':' in target.address else ''}/close-multiple"
    why = ""
    # If the side is not known, the sessions from and to the address are closed.
    for side in SIDES.get(target.side, SIDES[BOTH]):
        if len(failed) >= MOST_FAILURES:
            return failed[-1]
        try:
            vdom.write("POST", path, {side: target.address})
            failed.clear()
        except FortiGateError as error:
            why = str(error)
            failed.append(why)
    return why
