# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of each log type, named as FortiGates name them (protocol_fortianalyzer.rst, "Log search")."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from ..catalogue import WEIGHTS
from ..events import Event
from .lines import Line, digest

Field = Callable[[Line], Any]
Fields = dict[str, Field]

# Fields that differ between the lines of one event.
LINE_FIELDS = frozenset("srcport sessionid loguid incidentserialno sentbyte rcvdbyte".split())
SEVERITIES = {1: "low", 2: "medium", 3: "high", 4: "critical"}
_RISKS = {1: "low", 2: "medium", 3: "elevated", 4: "high", 5: "critical"}
# Protocol and port of what does not go over HTTPS.
_SERVICES = {"DNS": (17, 53, "DNS"), "SSH": (6, 22, "SSH"), "SMB": (6, 445, "SMB"), "udp_flood": (17, 53, "DNS")}


def of_event(name: str) -> Field:
    value = attrgetter(name)
    return lambda line: value(line.event)


def fixed(value: Any) -> Field:
    return lambda line: value


def either(if_blocked: str, if_not: str) -> Field:
    return lambda line: if_blocked if line.event.blocked else if_not


def _service(event: Event) -> tuple[int, int, str]:
    return _SERVICES.get(event.threat) or _SERVICES.get(event.app) or (6, 443, "HTTPS")


def _role(interface: str) -> str:
    return {"wan1": "wan", "dmz": "dmz"}.get(interface, "lan")


def _severity(line: Line) -> str:
    return SEVERITIES.get(line.event.level, "info")


def _score(line: Line) -> Any:
    """The threat weight of a log; ordinary logs have none."""
    return WEIGHTS[line.event.level] or ""


def _score_level(line: Line) -> str:
    return SEVERITIES.get(line.event.level, "")


COMMON: Fields = {
    "date": lambda line: line.moment.strftime("%Y-%m-%d"),
    "time": lambda line: line.moment.strftime("%H:%M:%S"),
    "itime": of_event("itime"),
    "devid": of_event("devid"),
    "devname": of_event("devname"),
    "vd": of_event("vd"),
    "loguid": lambda line: f"{line.event.itime}{line.seed:010d}",
    "level": either("warning", "notice"),
    "srcip": of_event("srcip"),
    "srcname": of_event("srcname"),
    "srcmac": of_event("srcmac"),
    "srccountry": of_event("srccountry"),
    "srcintf": of_event("srcintf"),
    "user": of_event("user"),
    "epid": lambda line: line.event.epid or "",
    "euid": lambda line: 1000 + line.event.epid if line.event.epid else "",
    "policyid": of_event("policyid"),
}
SESSION: Fields = {
    **COMMON,
    "srcport": lambda line: 1024 + line.seed % 64000,
    "srcintfrole": lambda line: _role(line.event.srcintf),
    "dstip": of_event("dstip"),
    "dstname": of_event("dstname"),
    "dstport": lambda line: _service(line.event)[1],
    "dstcountry": of_event("dstcountry"),
    "dstintf": of_event("dstintf"),
    "dstintfrole": lambda line: _role(line.event.dstintf),
    "proto": lambda line: _service(line.event)[0],
    "service": lambda line: _service(line.event)[2],
    "sessionid": lambda line: 100000 + line.seed % 900000,
    "crscore": _score,
    "crlevel": _score_level,
}
UTM: Fields = {**SESSION, "type": fixed("utm")}


def _attack_kind(line: Line) -> str:
    """Only what came from the botnet database is `botnet`; signatures that merely have such a name are not."""
    if line.event.log == "anomaly":
        return "anomaly"
    return "botnet" if line.event.kind == "botnet" else "signature"


ATTACK: Fields = {
    **UTM,
    "subtype": lambda line: "anomaly" if line.event.log == "anomaly" else "ips",
    "eventtype": _attack_kind,
    "logid": lambda line: {"anomaly": "0720018432", "botnet": "0422016400"}.get(_attack_kind(line), "0419016384"),
    "severity": _severity,
    "attack": of_event("threat"),
    "attackid": lambda line: digest(line.event.threat) % 300000000,
    "action": lambda line: (
        ("clear_session" if line.event.log == "anomaly" else "dropped") if line.event.blocked else "detected"
    ),
    "direction": of_event("direction"),
    "hostname": of_event("domain"),
    "cve": of_event("cve"),
    "incidentserialno": lambda line: 10000000 + line.seed % 90000000,
    "msg": lambda line: f"{_attack_kind(line)}: {line.event.threat}",
}


def _file_name(line: Line) -> str:
    """FortiView names malware by its file or by its virus: whichever it is, only that search finds it."""
    event = line.event
    return event.threat if event.threat != event.virus else f"setup-{digest(event.srcip) % 100:02d}.exe"


_VIRUS_EVENTS = {"Trojan.Emotet": "outbreak-prevention", "invoice_2026~1.doc": "malware-list"}


def _virus_event(line: Line) -> str:
    return _VIRUS_EVENTS.get(line.event.threat, "infected")


VIRUS: Fields = {
    **UTM,
    "subtype": fixed("virus"),
    "eventtype": _virus_event,
    "logid": either("0211008192", "0211008193"),
    "action": either("blocked", "monitored"),
    # The file comes in although its session goes out: here the client is srcip whatever the direction says.
    "direction": fixed("incoming"),
    "filename": _file_name,
    "virus": of_event("virus"),
    "virusid": lambda line: digest(line.event.virus) % 10000000,
    "dtype": lambda line: "Virus" if _virus_event(line) == "infected" else "File Hash",
    "filehash": lambda line: f"{digest(line.event.threat):08x}{digest(line.event.virus):08x}" * 4,
    "url": lambda line: f"http://download.example.net/{digest(_file_name(line)):08x}",
    "msg": either("File is infected.", "File is infected, and monitored."),
}
WEBFILTER: Fields = {
    **UTM,
    "subtype": fixed("webfilter"),
    "eventtype": either("ftgd_blk", "ftgd_allow"),
    "logid": either("0316013056", "0317013312"),
    "action": either("blocked", "passthrough"),
    "direction": of_event("direction"),
    "hostname": of_event("domain"),
    "url": lambda line: f"https://{line.event.domain}/",
    "cat": lambda line: 10 + sum(line.event.catdesc.encode()) % 80,
    "catdesc": of_event("catdesc"),
    "msg": either("URL belongs to a denied category in policy", "URL belongs to an allowed category in policy"),
}
APP_CTRL: Fields = {
    **UTM,
    "subtype": fixed("app-ctrl"),
    "eventtype": fixed("signature"),
    "logid": either("1059028705", "1059028704"),
    "action": either("block", "pass"),
    "direction": of_event("direction"),
    "app": of_event("app"),
    "appid": lambda line: line.event.appid or digest(line.event.app) % 50000,
    "appcat": of_event("appcat"),
    "apprisk": lambda line: _RISKS.get(max(line.event.risk, line.event.level), "low"),
    "applist": fixed("default"),
    "hostname": of_event("domain"),
    "msg": lambda line: f"{line.event.appcat}: {line.event.app}",
}
# Traffic logs have no direction: interfaces and their roles are all that there is.
TRAFFIC: Fields = {
    **SESSION,
    "type": fixed("traffic"),
    "subtype": fixed("forward"),
    "logid": fixed("0000000013"),
    "action": either("deny", "close"),
    "policyname": of_event("policy"),
    "app": of_event("app"),
    "appcat": of_event("appcat"),
    "sentbyte": lambda line: line.share(line.event.traffic_out),
    "rcvdbyte": lambda line: line.share(line.event.traffic_in),
    "duration": lambda line: 1 + line.seed % 300,
    "devtype": of_event("devtype"),
    "osname": of_event("osname"),
}
_ACTIONS = {"login-failed": "ssl-login-fail", "login": "login", "vpn": "tunnel-up", "system": "perf-stats"}
EVENT: Fields = {
    **COMMON,
    "type": fixed("event"),
    "subtype": lambda line: {"login": "system", "system": "system"}.get(line.event.subtype, "vpn"),
    "logid": lambda line: f"01{digest(line.event.subtype) % 100000000:08d}",
    "action": lambda line: _ACTIONS.get(line.event.subtype, ""),
    "status": either("failed", "success"),
    "remip": of_event("srcip"),
    "logdesc": lambda line: f"{line.event.subtype} {line.event.user}",
}
ALL_FIELDS = frozenset().union(ATTACK, VIRUS, WEBFILTER, APP_CTRL, TRAFFIC, EVENT)
# What a row keeps even where it is empty; real rows leave out what a log does not have.
KEPT = frozenset("srcip dstip policyid action".split())
