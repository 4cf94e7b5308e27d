# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a part of the FortiAnalyzer registers with the dispatcher."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .call import Answer, Call
from .state import FortiAnalyzerState

Handler = Callable[[FortiAnalyzerState, Call, "re.Match[str]"], Answer]


@dataclass(frozen=True)
class Route:
    """One method on one kind of url."""

    method: str
    pattern: re.Pattern[str]
    handler: Handler
    needs_permission: bool = True


def route(method: str, pattern: str, handler: Handler, needs_permission: bool = True) -> Route:
    return Route(method, re.compile(pattern), handler, needs_permission)
