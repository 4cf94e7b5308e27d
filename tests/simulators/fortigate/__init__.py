# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A FortiGate that takes bans, feeds and deny policies as real ones are known to do (protocol_fortigate.rst).

with FortiGate(Switches(version="v7.4.8")) as fortigate:
    headers = {"Authorization": f"Bearer {fortigate.token}"}
    requests.get(fortigate.url + "/api/v2/monitor/user/banned", headers=headers, verify=fortigate.ca_path)
"""

from __future__ import annotations

from ..common.clock import Clock, ManualClock, WallClock
from .journal import Entry
from .simulator import FortiGate
from .switches import Switches

__all__ = ["Clock", "Entry", "FortiGate", "ManualClock", "Switches", "WallClock"]
