# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the FortiGate does with a call that it lets in."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Union

from . import cmdb, monitor
from .call import Answer, Call
from .errors import malformed, not_found
from .state import FortiGateState


def dispatch(state: FortiGateState, call: Call) -> Union[Answer, Awaitable[Answer]]:
    # Text that is no JSON is a broken body; an empty one and "null" are none.
    if isinstance(call.body, str) and call.body.strip():
        raise malformed("the body is no JSON")
    state.settle()
    if call.tree == "cmdb":
        if call.method != "GET":
            state.config.before_write(state.now())
        return cmdb.serve(state, call)
    if call.tree == "monitor":
        return monitor.serve(state, call)
    raise not_found(f"no tree {call.tree}")
