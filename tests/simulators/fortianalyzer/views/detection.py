# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compromised hosts and their drill-downs (protocol_fortianalyzer.rst, "Compromised hosts")."""

from __future__ import annotations

import datetime
from typing import Any

from ..events import Event
from .columns import FORTIGATE, Columns, Group, constant, distinct, first, highest, joined, key, lines, total
from .view import View, by

SUMMARY_FILTERS = frozenset(
    "srcip epid epname f_user verdict cs_count cs_score bl_count threat_num devid devname rescan ack_note ack_time itime"
    " last_bl osname".split()
)
DRILLDOWN_FILTERS = frozenset(
    "action devid dstip epid f_user srcip tdinfoid tdpattern tdthreatname tdthreattype tdtype tdwfcate threatname"
    " threattype webcat event_num tdscore".split()
)


def is_infection(event: Event) -> bool:
    return event.infection


def _verdict(group: Group) -> int:
    return 2 if any(event.kind in ("botnet", "virus") for event in group.events) else 1


def _verdict_name(group: Group) -> str:
    return "Infected" if _verdict(group) == 2 else "Highly Suspicious"


def _utc(seconds: int) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def _last_seen(group: Group) -> str:
    return _utc(max(event.time for event in group.events))


def _blacklisted(event: Event) -> bool:
    return event.kind != "ips"


def _suspicious(event: Event) -> bool:
    return event.kind == "ips"


SUMMARY_ROW: Columns = {
    "srcip": key(0),
    "srcmac": first("srcmac"),
    "epid": first("epid"),
    "epname": first("srcname"),
    "euid": lambda group: 1000 + group.events[0].epid,
    "f_user": joined("user"),
    "fctuid": constant(""),
    "verdict": _verdict,
    "verdict_s": _verdict_name,
    "threat_num": distinct("threat"),
    "cs_count": lines(_suspicious),
    "cs_score": lambda group: min(100, 5 * sum(map(_suspicious, group.events))),
    "bl_count": lines(_blacklisted),
    "last_detected_time": highest("time"),
    "last_detected_time_s": _last_seen,
    "logtype_mask": constant(31),
    "rescan": constant(0),
    "ack_note": constant(""),
    "ack_time": constant(0),
    **FORTIGATE,
    "vd": first("vd"),
}
CROWD_ROW: Columns = {
    "action": lambda group: "blocked" if group.events[0].blocked else "detected",
    "event_num": total("incidents"),
    "srcip": key(0),
    "tdpattern": first("dstip"),
    "tdscore": lambda group: min(100, 10 * len(group.events)),
    "tdthreatname": key(1),
    "tdthreattype": first("kind"),
    "tdtype": constant("infected-ip"),
    "threatname": key(1),
    "threattype": first("threattype"),
    "webcat": first("catdesc"),
    **FORTIGATE,
    "vd": first("vd"),
}
EVENT_ROW: Columns = {
    "event_num": total("incidents"),
    "srcip": key(0),
    "dstip": key(2),
    "threat": key(1),
    "severity": lambda group: group.events[0].level_s.lower(),
    "action": lambda group: "blocked" if group.events[0].blocked else "detected",
    "timestamp": _last_seen,
    "srcintf": first("srcintf"),
    "dstintf": first("dstintf"),
}
VULNERABILITY_ROW: Columns = {"vulnerability": key(0), "level_s": first("level_s"), "hosts": distinct("srcip")}
ENDPOINT_ROW: Columns = {
    "epid": key(0),
    "epname": first("srcname"),
    "epip": first("srcip"),
    "f_user": joined("user"),
    "osname": first("osname"),
    "incidents": total("incidents"),
    "threat": first("threat"),
    "threatlevel": highest("level"),
    "level": first("level_s"),
}


def _drilldown(name: str) -> View:
    group = by("srcip", "threat", "dstip")
    return View(name, is_infection, group, EVENT_ROW, DRILLDOWN_FILTERS, documented_key="events")


def _endpoints(name: str, where: Any) -> View:
    return View(name, where, by("epid"), ENDPOINT_ROW, frozenset("threat_s srcip dstip f_user epid".split()))


def vulnerabilities(name: str) -> View:
    """Any of the `top-fct-vulnerabilities-*` views."""
    filters = frozenset("threat_s srcip dstip f_user".split())
    return View(name, lambda event: bool(event.cve), by("cve"), VULNERABILITY_ROW, filters)


VIEWS = (
    View("threat-detect-summary", is_infection, by("srcip"), SUMMARY_ROW, SUMMARY_FILTERS),
    View("threat-detect-drilldown-crowdsrcing", is_infection, by("srcip", "threat"), CROWD_ROW, DRILLDOWN_FILTERS),
    *(
        _drilldown(name)
        for name in (
            "threat-detect-drilldown-blacklist",
            "threat-rescan-drilldown-blacklist",
            "ioc-ep-drilldown-bl-cs",
            "noc-ep-drilldown-bl-cs",
        )
    ),
    _endpoints("endpoints", lambda event: event.epid > 2),
    _endpoints("endpoints-virus", lambda event: event.epid > 2 and event.log == "virus"),
)
