# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One event log from which all views are derived, so that they agree.

See protocol_fortianalyzer.rst, "Requirements for a simulator".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .catalogue import LEVELS, WEIGHTS


@dataclass(slots=True)
class Event:
    """One weighted log line; `itime` is when the FortiAnalyzer received it, which may be much later than `time`."""

    time: int
    itime: int
    adom: str
    devid: str
    devname: str
    vd: str
    log: str
    srcip: str = ""
    srcname: str = ""
    srcmac: str = ""
    srcintf: str = "lan"
    srccountry: str = "Reserved"
    dstip: str = ""
    dstname: str = ""
    dstintf: str = "wan1"
    dstcountry: str = "United States"
    direction: str = "outgoing"
    user: str = ""
    epid: int = 0
    devtype: str = ""
    osname: str = ""
    policyid: int = 1
    policy: str = "lan-to-internet"
    blocked: bool = False
    sessions: int = 1
    traffic_in: int = 0
    traffic_out: int = 0
    app: str = ""
    appcat: str = ""
    risk: int = 0
    cloud: bool = False
    domain: str = ""
    catdesc: str = ""
    threat: str = ""
    threattype: str = ""
    kind: str = ""
    level: int = 0
    incidents: int = 0
    cve: str = ""
    appid: int = 0
    virus: str = ""
    subtype: str = ""

    @property
    def bandwidth(self) -> int:
        return self.traffic_in + self.traffic_out

    @property
    def incident_block(self) -> int:
        return self.incidents if self.blocked else 0

    @property
    def incident_pass(self) -> int:
        return 0 if self.blocked else self.incidents

    @property
    def threatweight(self) -> int:
        return self.incidents * WEIGHTS[self.level]

    @property
    def threat_block(self) -> int:
        return self.threatweight if self.blocked else 0

    @property
    def threat_pass(self) -> int:
        return 0 if self.blocked else self.threatweight

    @property
    def session_block(self) -> int:
        return self.sessions if self.blocked else 0

    @property
    def session_pass(self) -> int:
        return 0 if self.blocked else self.sessions

    @property
    def level_s(self) -> str:
        return LEVELS[self.level]

    @property
    def obf_url(self) -> str:
        """Set exactly where the threat is a browsed domain."""
        return self.threat.replace(".", "[dot]") if self.threat and self.log == "webfilter" else ""

    @property
    def infection(self) -> bool:
        """Whether the inside source of this event counts as compromised."""
        return bool(self.threat) and self.direction == "outgoing" and (self.kind != "ips" or bool(self.obf_url))


class EventLog:
    """Events by ADOM, made on first use and sorted by time; iterating gives all of them."""

    def __init__(self, adoms: tuple[str, ...], make: Callable[[str], list[Event]]) -> None:
        self.adoms = adoms
        self._make = make
        self._by_adom: dict[str, list[Event]] = {}

    def of(self, adom: str) -> list[Event]:
        if adom not in self._by_adom:
            self._by_adom[adom] = sorted(self._make(adom), key=lambda event: event.time)
        return self._by_adom[adom]

    def between(self, adom: str, start: float, end: float, now: float) -> list[Event]:
        """What the FortiAnalyzer knows at `now` about a window, both ends included."""
        return [event for event in self.of(adom) if start <= event.time <= end and event.itime <= now]

    def __iter__(self) -> Iterator[Event]:
        for adom in self.adoms:
            yield from self.of(adom)

    def __len__(self) -> int:
        return sum(len(self.of(adom)) for adom in self.adoms)
