# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the event log: the same for the same anchor, 30 days back and a little ahead.

See protocol_fortianalyzer.rst, "Requirements for a simulator".
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from .catalogue import APPLICATIONS, LETTERS, POLICIES, THREATS, Threat
from .events import Event, EventLog
from .inventory import (
    ODD_DEVICES,
    TERMINAL_SERVER,
    Device,
    Host,
    adoms,
    attackers,
    clients,
    devices,
    firewall_itself,
    servers,
)

Item = TypeVar("Item")

HOUR = 3600
DAY = 24 * HOUR
AHEAD = 6 * HOUR
HISTORY = 30 * DAY
MASTERS = (*tuple(f"192.0.2.{number}" for number in (66, 77, 131, 201)), "2001:db8:c2::66")
BAD_SITES = tuple(f"203.0.113.{number}" for number in (200, 210, 220, 230))


def make_log(anchor: int, extra_adoms: int = 0, ha_pair: bool = False, lag: float = 0.0) -> EventLog:
    """The log of the whole FortiAnalyzer relative to `anchor`. The clock of the logs lags by `lag` seconds: what comes in now has a
    time that long ago."""
    firewalls = devices(extra_adoms, ha_pair)
    usual = tuple(device for device in firewalls if device not in ODD_DEVICES)

    def events(adom: str) -> list[Event]:
        found = _Generator(adom, anchor, usual).events()
        for device in ODD_DEVICES if adom == "Data_Center" else ():
            found += _Generator(adom, anchor, (device,)).some_events()
        return [replace(event, time=event.time - int(lag)) for event in found] if lag else found

    return EventLog(adoms(extra_adoms), events)


class _Generator:
    """Events of one ADOM."""

    def __init__(self, adom: str, anchor: int, firewalls: tuple[Device, ...]) -> None:
        self._adom = adom
        self._anchor = anchor
        self._devices = [device for device in firewalls if device.adom == adom]
        odd = "".join(device.serial for device in self._devices if device in ODD_DEVICES)
        self._random = random.Random(zlib.crc32(f"fortiview {adom}{odd}".encode()))
        self._clients = clients(adom)
        self._servers = servers(adom)

    def events(self) -> list[Event]:
        if not self._devices:
            return []
        found = [event for threat in self._threats() for event in self._incidents(threat)]
        found += self._traffic(each=90 if self._adom in LETTERS else 12)
        found += self._administration()
        if self._adom == "root":
            found += self._edges()
            found += self._shared_address()
        return found

    def some_events(self) -> list[Event]:
        """What one more device adds: a few incidents of each threat, and traffic."""
        found = [event for threat in self._threats() for event in self._incidents(replace(threat, events=4))]
        return found + list(self._traffic(each=4))

    def _threats(self) -> list[Threat]:
        letter = LETTERS.get(self._adom)
        if letter is not None:
            return [threat for threat in THREATS if letter in threat.adoms]
        # Fleet ADOMs: the widespread threats and two or three of their own, in smaller numbers.
        common = [replace(threat, events=12) for threat in THREATS if threat.adoms == "RBD"]
        own = self._random.sample([threat for threat in THREATS if len(threat.adoms) == 2 and threat.events], 3)
        return common + [replace(threat, events=8) for threat in own]

    def _moment(self, span: str = "always") -> int:
        """Denser in the last 48 hours; a little lies ahead, so that time may advance."""
        pick = self._random.random
        uniform = self._random.uniform
        if span == "new":
            return self._anchor + int(uniform(-20 * HOUR, AHEAD))
        if span == "gone":
            return self._anchor + int(uniform(-25 * DAY, -3 * DAY))
        if pick() < 0.06:
            return self._anchor + int(uniform(1, AHEAD))
        if pick() < (0.8 if span == "rising" else 0.5):
            return self._anchor - int(uniform(0, DAY if span == "rising" else 2 * DAY))
        return self._anchor - int(uniform(2 * DAY, HISTORY))

    def _stamp(self, log: str, moment: int) -> Event:
        """A bare event on one of the firewalls; three in a hundred arrive late."""
        device = self._random.choice(self._devices)
        late = self._random.randint(300, 5400) if self._random.random() < 0.03 else self._random.randint(0, 2)
        vdom = self._random.choice(device.vdoms)
        return Event(
            time=moment,
            itime=moment + late,
            adom=self._adom,
            devid=device.serial,
            devname=device.name,
            vd=vdom,
            log=log,
        )

    def _incidents(self, threat: Threat) -> Iterator[Event]:
        outside = self._random.sample(attackers(), min(3 + threat.events // 12, 14))
        inside = self._random.sample(self._clients, min(1 + threat.events // 12, 6))
        for _number in range(threat.events):
            event = self._stamp(threat.log, self._moment(threat.span))
            self._describe(event, threat)
            if threat.direction == "in":
                self._from_outside(event, *self._skewed(outside))
            else:
                self._from_inside(event, self._skewed(inside), threat)
            yield event

    def _describe(self, event: Event, threat: Threat) -> None:
        event.threat, event.threattype, event.kind = threat.name, threat.threattype, threat.kind
        event.level, event.cve, event.appid = threat.level, threat.cve, threat.appid
        event.virus, event.catdesc = threat.virus, threat.catdesc
        event.blocked = threat.action == "block" or (threat.action == "mixed" and self._random.random() < 0.7)
        event.incidents = self._random.choice((1, 1, 1, 2, 3, 5, 8, 20))
        event.sessions = event.incidents
        event.traffic_out = event.incidents * self._random.randint(300, 4000)
        event.traffic_in = 0 if event.blocked else event.incidents * self._random.randint(500, 60000)

    def _from_outside(self, event: Event, address: str, country: str) -> None:
        victim = self._random.choice(self._servers)
        event.srcip, event.srccountry, event.srcintf, event.dstintf = address, country, "wan1", "dmz"
        event.dstip, event.dstname, event.dstcountry, event.direction = victim.ip, victim.name, "Reserved", "incoming"
        event.policyid = 0 if event.threat == "blocked-connection" else 2
        event.policy = POLICIES[event.policyid]
        event.app, event.appcat = "HTTP.BROWSER", "Web.Client"

    def _from_inside(self, event: Event, client: Host, threat: Threat) -> None:
        if threat.name == "Botnet.CnC.Generic" and self._random.random() < 0.15:
            client = firewall_itself(self._adom)
        self._client(event, client)
        event.dstip = self._random.choice(MASTERS if threat.direction == "out" else BAD_SITES)
        event.dstcountry = self._random.choice(("Russian Federation", "China", "Netherlands"))
        event.domain = threat.name if threat.log == "webfilter" else ""
        event.app, event.appcat = (threat.name, threat.threattype) if threat.appid else ("HTTPS.BROWSER", "Web.Client")
        if threat.hosts == "dst-name":
            event.dstip = event.domain = self._random.choice(("cnc.zeus.example.net", "panel.zeus.example.org"))
        elif threat.hosts == "src-name":
            event.srcip = client.name

    def _client(self, event: Event, host: Host) -> None:
        event.srcip, event.srcname, event.srcmac = host.ip, host.name, host.mac
        event.user, event.epid, event.devtype, event.osname = host.user, host.epid, host.devtype, host.osname
        if event.vd == "guest":
            event.policyid, event.policy, event.srcintf = 3, POLICIES[3], "guest"

    def _traffic(self, each: int) -> Iterator[Event]:
        hosts = self._clients + self._servers
        shares = [application.share for application in APPLICATIONS]
        for rank, host in enumerate(hosts):
            # A few hosts move most of the bytes, as everywhere.
            weight = 1 + 40 // (1 + rank)
            for application in self._random.choices(APPLICATIONS, shares, k=each):
                event = self._stamp("traffic", self._moment())
                self._client(event, host)
                event.dstip = f"203.0.113.{100 + APPLICATIONS.index(application)}"
                event.dstname = event.domain = application.domain
                event.app, event.appcat, event.risk = application.name, application.category, application.risk
                event.cloud, event.catdesc = application.cloud, application.catdesc
                event.sessions = self._random.randint(1, 12) * weight
                event.traffic_out = int(self._random.lognormvariate(9, 1.5)) * event.sessions
                event.traffic_in = int(self._random.lognormvariate(11, 1.5)) * event.sessions
                yield event

    def _administration(self) -> Iterator[Event]:
        guessers = self._random.sample(attackers(), 6)
        for index in range(60 if self._adom in LETTERS else 6):
            event = self._stamp("event", self._moment())
            event.subtype = ("login-failed", "login", "vpn", "system")[index % 4]
            event.srcip, event.srccountry = self._skewed(guessers)
            event.user = self._random.choice(("admin", "root", "netops", "fortinet"))
            event.policyid, event.policy, event.sessions = 4, POLICIES[4], 0
            event.incidents = self._random.randint(1, 9)
            event.blocked = event.subtype == "login-failed"
            yield event

    def _edges(self) -> Iterator[Event]:
        """One event exactly on every hour of two days: window edges that are off by one second show."""
        for hours in range(-2, 49):
            device = self._devices[hours % 2]
            event = self._stamp("attack", self._anchor - hours * HOUR)
            event.itime = event.time
            event.devid, event.devname, event.vd = device.serial, device.name, "root"
            event.threat, event.threattype, event.kind, event.level = "TCP.Split.Handshake", "ips", "ips", 1
            event.incidents = event.sessions = 1
            self._from_outside(event, "198.51.100.250", "Germany")
            yield event

    def _shared_address(self) -> Iterator[Event]:
        """A terminal server: one address and endpoint, several users, each with traffic on both firewalls."""
        for number in range(48):
            server = replace(TERMINAL_SERVER, user=f"shift{number % 3 + 1}")
            event = self._stamp("traffic", self._anchor - number * HOUR - 600)
            self._client(event, server)
            application = APPLICATIONS[number % len(APPLICATIONS)]
            event.dstip = f"203.0.113.{100 + APPLICATIONS.index(application)}"
            event.dstname = event.domain = application.domain
            event.app, event.appcat, event.risk = application.name, application.category, application.risk
            event.cloud, event.catdesc = application.cloud, application.catdesc
            event.sessions, event.traffic_out, event.traffic_in = 20 + number, 40_000 * (number + 1), 900_000
            yield event

    def _skewed(self, items: list[Item]) -> Item:
        """The first ones are picked most often, so that rankings mean something."""
        return items[min(int(self._random.expovariate(1.0) * len(items) / 3), len(items) - 1)]
