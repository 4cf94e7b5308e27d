# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Events of a simulated FortiAnalyzer that a test chooses."""

from __future__ import annotations

import time

from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortianalyzer.events import Event


def silence(faz: FortiAnalyzer) -> None:
    """No event but those of the test."""
    for adom in ("root", "Branch_Office", "Data_Center"):
        faz.events.of(adom).clear()


def attack(faz: FortiAnalyzer, name: str, address: str, adom: str = "root", ago: int = 5, incidents: int = 3) -> None:
    """A critical attack that was not blocked, `ago` seconds ago."""
    moment = int(time.time()) - ago
    device = next(device for device in faz.devices if device.adom == adom)
    faz.events.of(adom).append(
        Event(
            time=moment,
            itime=moment,
            adom=adom,
            devid=device.serial,
            devname=device.name,
            vd="root",
            log="attack",
            srcip=address,
            srccountry="China",
            srcintf="wan1",
            dstip="10.1.100.10",
            dstintf="dmz",
            dstcountry="Reserved",
            direction="incoming",
            policyid=2,
            threat=name,
            threattype="ips",
            kind="ips",
            level=4,
            incidents=incidents,
            sessions=3,
        )
    )
