# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a connection lives: the FortiGate gives up one that was idle, or that has carried enough requests."""

from __future__ import annotations

import asyncio

from starlette.background import BackgroundTask
from starlette.responses import Response

from ..common.connections import Use
from .journal import Entry
from .state import FortiGateState


def is_gone(state: FortiGateState, entry: Entry) -> bool:
    """The client believes that the connection is open; the FortiGate, or a device in between, has forgotten it."""
    switches = state.switches
    use = state.connections.use(entry.client)
    if use is None or switches.keep_alive_end != "reset":
        return False
    idle = switches.keep_alive_seconds is not None and state.now() - use.last > switches.keep_alive_seconds
    return use.requests > 0 and (idle or _enough(state, use))


def answered(state: FortiGateState, entry: Entry, response: Response) -> Response:
    """Count the request, and close the connection in good order where that is how it ends."""
    use = state.connections.use(entry.client)
    if use is None:
        return response
    use.requests += 1
    use.last = state.now()
    switches = state.switches
    if switches.keep_alive_end == "closed" and _enough(state, use):
        response.background = BackgroundTask(state.connections.close, entry.client)
    elif switches.keep_alive_end == "closed" and switches.keep_alive_seconds is not None:
        asyncio.get_running_loop().call_later(
            switches.keep_alive_seconds, _close_if_idle, state, entry, use, use.requests
        )
    return response


def _close_if_idle(state: FortiGateState, entry: Entry, use: Use, requests: int) -> None:
    if state.connections.use(entry.client) is use and use.requests == requests:
        state.connections.close(entry.client)


def _enough(state: FortiGateState, use: Use) -> bool:
    most = state.switches.keep_alive_requests
    return most is not None and use.requests >= most
