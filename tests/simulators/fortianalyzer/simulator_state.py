# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the web application, the control plane and the Python interface share."""

from __future__ import annotations

from typing import Any

from . import checks
from .box import Box
from .connections import Connections
from .faults import Fault
from .switches import Switches


class State:
    """One appliance with its connections, and the switches to which a reset returns."""

    def __init__(self, box: Box, given: Switches) -> None:
        self.box = box
        self.given = given
        self.connections = Connections()

    def fault(
        self,
        kind: str,
        method: str | None = None,
        url: str | None = None,
        times: int = 1,
        after: int = 0,
        **details: Any,
    ) -> Fault:
        return self.box.faults.add(kind, method, url, times, after, details)

    def check(self) -> list[str]:
        return checks.problems(self.box)

    def reset(self) -> None:
        self.box.switches.restore(self.given)
        self.box.reset()
        self.connections.reset()
