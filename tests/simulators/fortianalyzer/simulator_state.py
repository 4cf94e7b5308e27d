# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the web application, the control plane and the Python interface share."""

from __future__ import annotations

from typing import Any

from ..common.faults import Fault
from ..common.state import State
from . import checks
from .box import Box


class FortiAnalyzerState(State[Box]):
    """One FortiAnalyzer; its faults are planned by JSON-RPC method and url."""

    def fault(
        self,
        kind: str,
        method: str | None = None,
        url: str | None = None,
        times: int = 1,
        after: int = 0,
        **details: Any,
    ) -> Fault:
        return self.plan(kind, method, url, times, after, details)

    def plan_from(self, fault: dict[str, Any]) -> Fault:
        return self.fault(**fault)

    def check(self) -> list[str]:
        return checks.problems(self.box)

    def describe(self) -> dict[str, Any]:
        now = self.box.now()
        tasks = [
            {
                "tid": task.tid,
                "adom": task.query.scope.adom,
                "view": task.query.view.name,
                "percentage": task.percentage(now),
            }
            for task in self.box.tasks.live(now)
        ]
        return {"open_sessions": self.box.sessions.open(now), "live_tasks": tasks}
