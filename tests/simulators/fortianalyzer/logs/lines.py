# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One log line of a weighted event (protocol_fortianalyzer.rst, "Log search").

An event stands for as many lines as FortiView counts for it, so that a client that counts lines by address finds
the same figures as the views.
"""

from __future__ import annotations

import datetime
import zlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ..events import Event


@dataclass(frozen=True, slots=True)
class Line:
    """Line number `number` of the `of` lines of an event, in the zone that the asker reads."""

    event: Event
    number: int
    of: int
    zone: ZoneInfo

    @property
    def moment(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self.event.time, self.zone)

    @property
    def seed(self) -> int:
        """The same for the same line whenever it is asked for, else without meaning."""
        event = self.event
        text = f"{event.time} {event.devid} {event.srcip} {event.dstip} {event.threat} {event.app} {self.number}"
        return zlib.crc32(text.encode())

    def share(self, total: int) -> int:
        """This line's part of a figure of the whole event; the parts add up."""
        return total // self.of + (1 if self.number < total % self.of else 0)


def digest(text: str) -> int:
    return zlib.crc32(text.encode())
