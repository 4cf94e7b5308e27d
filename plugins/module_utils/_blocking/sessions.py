# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sessions that blocked addresses have open. Policies look at new sessions: the others go on until they are closed."""

from __future__ import annotations

import typing as t

from .._common.addresses import parse_target
from .._common.sides import BOTH, DESTINATION, SOURCE
from .client import NOT_FOUND, FortiGateError, Vdom
from .targets import Target

SIDES = {SOURCE: ("saddr",), DESTINATION: ("daddr",), BOTH: ("saddr", "daddr")}


def close_sessions(vdom: Vdom, targets: t.Iterable[Target]) -> tuple[list[str], list[str]]:
    """Addresses whose sessions may go on, and why: the block stands in any case.

    One call closes the sessions of one address on one side, for there is no other. Releases before 7.0.2 cannot do it.
    """
    still_open: dict[str, None] = {}
    warnings: dict[str, None] = {}
    for target in targets:
        network = parse_target(target.address)
        if network is None or network.prefixlen != network.max_prefixlen:
            still_open[target.address] = None
            continue
        path = f"monitor/firewall/session{'6' if network.version == 6 else ''}/close-multiple"
        # Of one whose side is not known, the sessions of both are closed.
        for side in SIDES.get(target.side, SIDES[BOTH]):
            try:
                vdom.write("POST", path, {side: target.address})
            except FortiGateError as error:
                still_open[target.address] = None
                if error.context.get("http_status") != NOT_FOUND:
                    warnings[f"The sessions of {target.address} may be open: {error}"] = None
    return list(still_open), list(warnings)
