# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts that the event handlers made of the events (protocol_fortianalyzer.rst, "Alerts")."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from .events import Event, EventLog

_KINDS = {"attack": "ips", "anomaly": "ips", "virus": "virus", "webfilter": "webfilter"}
_GROUPS = {"ips": "attack", "virus": "filename", "webfilter": "hostname"}
_HANDLERS = {
    "ips": "Default-Malicious-Code-Detection-By-Threat",
    "virus": "Default-Malicious-File-Detection-By-Endpoint",
    "webfilter": "Default-Risky-Destination-Detection-By-Threat",
}


@dataclass(frozen=True)
class AlertMark:
    """What administrators have done with an alert."""

    acknowledged: bool = False
    comment: str = ""
    by: str = ""


@dataclass(frozen=True)
class Alert:
    """One alert for each weighted event, so that alerts of a window add up as the views do."""

    number: int
    event: Event
    mark: AlertMark = AlertMark()

    @property
    def alertid(self) -> str:
        return f"{_utc(self.event.time):%Y%m%d}{1000000000 + self.number}"

    @property
    def kind(self) -> str:
        return _KINDS[self.event.log]

    @property
    def handler(self) -> str:
        botnet = self.event.kind == "botnet" or self.event.threat.startswith("Botnet")
        return "Default-Botnet-Communication-Detection-By-Endpoint" if botnet else _HANDLERS[self.kind]

    @property
    def source(self) -> str:
        """`epname` holds an address where nobody knows the name."""
        return self.event.srcname or self.event.srcip

    @property
    def status(self) -> str:
        return "mitigated" if self.event.blocked else "unhandled"


def handled(event: Event) -> bool:
    """No handler looks at what is not serious, nor at mere connections and applications."""
    return bool(event.threat) and event.level >= 3 and event.log in _KINDS


def known_alerts(log: EventLog, adom: str, now: float) -> list[Alert]:
    """All alerts of an ADOM so far, newest first."""
    found = [Alert(number, event) for number, event in enumerate(log.of(adom)) if handled(event) and event.itime <= now]
    return found[::-1]


_FIELDS: dict[str, Callable[[Alert], Any]] = {
    "event_value": attrgetter("event.threat"),
    "severity": attrgetter("event.level_s"),
    "count": attrgetter("event.incidents"),
    "comment": attrgetter("mark.comment"),
    "flags": lambda alert: "",
    "ackflag": lambda alert: "yes" if alert.mark.acknowledged else "no",
    "assigned": lambda alert: "no",
    "eventtype": attrgetter("kind"),
    "eventstatus": attrgetter("status"),
    **dict.fromkeys(("trigger_name", "triggername"), attrgetter("handler")),
}
FILTER_FIELDS = frozenset(_FIELDS)


def reader(alert: Alert) -> Callable[[str], Any]:
    return lambda name: _FIELDS[name](alert) if name in _FIELDS else ""


def alert_row(alert: Alert, acknowledged: str = "yes") -> dict[str, Any]:
    """`acknowledged` is the word of the build for an alert that is."""
    event = alert.event
    details = {"src_ip": event.srcip, "dst_ip": event.dstip, "devid": event.devid}
    if event.domain:
        details.update({"host_name": event.domain, "http_url": f"https://{event.domain}/"})
    target = {"name": "domain", "value": event.domain} if event.domain else {"name": "dstip", "value": event.dstip}
    return {
        "alertid": alert.alertid,
        "subject": f"{event.level_s} severity {alert.kind} event: {event.threat}",
        "severity": event.level_s.lower(),
        "eventtype": alert.kind,
        "eventstatus": alert.status,
        "triggername": alert.handler,
        "alerttime": event.time,
        "firstlogtime": event.time,
        "lastlogtime": event.time,
        "eventcount": event.incidents,
        "epid": event.epid,
        "epip": event.srcip,
        "epname": alert.source,
        "euid": 1000 + event.epid if event.epid else 0,
        "dstepip": event.dstip,
        "dstepname": event.dstname or event.dstip,
        "devid": event.devid,
        "devname": event.devname,
        "vdom": event.vd,
        "groupby1": f"{_GROUPS[alert.kind]}:{event.threat}",
        "groupby2": f"endpoint:{alert.source}",
        "extrainfo": f"{event.incidents} logs",
        "ackflag": acknowledged if alert.mark.acknowledged else "no",
        "comment": alert.mark.comment,
        "event_details": details,
        "target": [target],
    }


def _utc(seconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
