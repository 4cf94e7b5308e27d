# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A FortiAnalyzer that answers JSON-RPC as real ones were seen to do (protocol_fortianalyzer.rst).

with FortiAnalyzer(Switches(dialect="documented")) as faz:
    requests.post(faz.url, json={...}, verify=faz.ca_path)
"""

from __future__ import annotations

from ..common.clock import Clock, ManualClock, WallClock
from .journal import Entry
from .simulator import FortiAnalyzer
from .switches import Switches

__all__ = ["Clock", "Entry", "FortiAnalyzer", "ManualClock", "Switches", "WallClock"]
