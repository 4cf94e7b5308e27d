# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the FortiGate does with a call that it lets in."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Union

from . import cmdb, monitor
from .box import Box
from .call import Answer, Call
from .errors import malformed, not_found


def dispatch(box: Box, call: Call) -> Union[Answer, Awaitable[Answer]]:
    # Text that is no JSON is a broken body; an empty one and "null" are none.
    if isinstance(call.body, str) and call.body.strip():
        raise malformed("the body is no JSON")
    box.settle()
    if call.tree == "cmdb":
        if call.method != "GET":
            box.config.before_write(box.now())
        return cmdb.serve(box, call)
    if call.tree == "monitor":
        return monitor.serve(box, call)
    raise not_found(f"no tree {call.tree}")
