# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a part of the monitor tree registers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Union

from .call import Answer, Call
from .state import FortiGateState

GET, POST = "GET", "POST"
Handler = Callable[[FortiGateState, Call], Union[Answer, Awaitable[Answer]]]


@dataclass(frozen=True)
class Route:
    """One method on one path; most belong to a VDOM, some to the whole FortiGate, feeds to either."""

    method: str
    path: str
    handler: Handler
    scopes: tuple[str, ...] = ("vdom",)


def route(method: str, path: str, handler: Handler, *scopes: str) -> Route:
    return Route(method, path, handler, scopes or ("vdom",))
