# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state that every device has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from .clock import Clock
from .connections import Connections
from .faults import FaultQueue
from .journal import HttpEntry
from .switches import Switchboard

SwitchesT = TypeVar("SwitchesT", bound=Switchboard)
JournalT = TypeVar("JournalT", bound=Sequence[HttpEntry])


class State(Generic[SwitchesT, JournalT]):
    """Switches, planned faults, journal, connections and time. A device adds what it knows, and empties that in `reset`."""

    journal: JournalT

    def __init__(self, switches: SwitchesT, clock: Clock, faults: frozenset[str]) -> None:
        self.switches = switches
        self.given = switches.copy()
        self.clock = clock
        self.faults = FaultQueue(faults)
        self.connections = Connections()

    def reset(self) -> None:
        """As new; the switches return to those given."""
        self.switches.restore(self.given)
        self.faults.clear()
        self.connections.reset()

    def now(self) -> float:
        return self.clock.now()

    def device_time(self) -> float:
        """The time by the clock of the device, which may be wrong."""
        return self.now() + self.switches.clock_skew
