# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Views that rank threats, and name the addresses behind them (protocol_fortianalyzer.rst, "Views")."""

from __future__ import annotations

from typing import Any

from ..catalogue import LEVELS
from ..events import Event
from .columns import (
    BYTES,
    FORTIGATE,
    INCIDENTS,
    LEVEL,
    USER,
    WEIGHTS,
    Columns,
    Group,
    distinct,
    first,
    highest,
    joined,
    key,
    total,
    vdoms,
)
from .view import View, by, by_time

THREAT_FILTERS = frozenset(
    "app_group dstcountry dstintfrole dstip dstowner dstuuid dvid f_user logtype policyid policytype srcintfrole srcip"
    " srcmac srcuuid threat threat_s threatlevel_s threattype_s thwgt_cri thwgt_hig thwgt_med thwgt_low timescale".split()
)
PAIR_FILTERS = frozenset(
    "dev_src devtype dstcountry dstintfrole dstip dvid f_user policyid policytype session_block sessions srcintf"
    " srcintfrole srcip threat_agg threatlevel_agg threattype_agg timescale avatar epeuid".split()
)


def is_threat(event: Event) -> bool:
    return bool(event.threat)


def _level_s(group: Group) -> str:
    return LEVELS[max(event.level for event in group.events)]


def _severity(group: Group) -> str:
    return _level_s(group).lower()


def _logtype_number(group: Group) -> int:
    return 1 if group.events[0].log == "anomaly" else 10


def _logtype_name(group: Group) -> str:
    return "anomaly" if group.events[0].log == "anomaly" else "traffic"


THREAT_NAMES: Columns = {
    "threattype": first("threattype"),
    "logtype": _logtype_number,
    "logtype_str": _logtype_name,
    **LEVEL,
    "level_s": _level_s,
}
THREAT_ROW: Columns = {
    "threat": key(0),
    **THREAT_NAMES,
    **WEIGHTS,
    **INCIDENTS,
    **FORTIGATE,
    "devvds": vdoms,
    "cve_list": joined("cve"),
    "appid": highest("appid"),
    "obf_url": first("obf_url"),
}
DOCUMENTED_THREAT: Columns = {
    "threat": key(0),
    "threattype": first("kind"),
    "severity": _severity,
    "incidents": total("incidents"),
    "sources": distinct("srcip"),
    "destinations": distinct("dstip"),
    "blocked": total("incident_block"),
    "detected": total("incident_pass"),
}
PAIR_ROW: Columns = {
    "threat": key(0),
    "srcip": key(1),
    "dstip": key(2),
    "devid": first("devid"),
    "logtype": _logtype_number,
    **LEVEL,
    **WEIGHTS,
    **INCIDENTS,
    **FORTIGATE,
}
SOURCE_ROW: Columns = {
    "srcip": key(0),
    "dev_src": first("srcname"),
    "devtype": first("devtype"),
    "srcintf": first("srcintf"),
    "avatar": first("user"),
    **USER,
    **INCIDENTS,
    **WEIGHTS,
    **BYTES,
    **FORTIGATE,
}
DESTINATION_ROW: Columns = {"dstip": key(0), **INCIDENTS, **WEIGHTS, **BYTES, **FORTIGATE}
# Live rows have these beside the columns of the schema, which are the ones to sort by.
EXTRAS = frozenset(("devvds", "cve_list", "appid", "obf_url"))
LINE_ROW: Columns = {"time": key(0), **INCIDENTS, **WEIGHTS}


def _view(name: str, group: Any, columns: Columns, filters: frozenset[str], **more: Any) -> View:
    return View(name, is_threat, group, columns, filters, **more)


VIEWS = (
    _view(
        "top-threats", by("threat"), THREAT_ROW, THREAT_FILTERS,
        documented_key="threats", documented=DOCUMENTED_THREAT, unsortable=EXTRAS,
    ),
    _view("threat-src-dst", by("threat", "srcip", "dstip"), PAIR_ROW, THREAT_FILTERS, documented_key="threats"),
    _view("source-threat", by("srcip"), SOURCE_ROW, PAIR_FILTERS, documented_key="sources"),
    _view("destination-threat", by("dstip"), DESTINATION_ROW, PAIR_FILTERS, documented_key="destinations"),
    _view("threat-line", by_time, LINE_ROW, THREAT_FILTERS | PAIR_FILTERS, documented_key="timeseries"),
    _view("src-dst-threat-line", by_time, LINE_ROW, THREAT_FILTERS | PAIR_FILTERS, documented_key="timeseries"),
    View(
        "threat-website", lambda event: event.log == "webfilter", by("threat"), THREAT_ROW, THREAT_FILTERS,
        documented_key="threats", documented=DOCUMENTED_THREAT, unsortable=EXTRAS,
    ),
    _view("soc-threats", by("threat"), THREAT_ROW, THREAT_FILTERS, documented_key="threats"),
    View(
        "top-fct-threats", lambda event: event.log == "virus", by("threat"), THREAT_ROW, THREAT_FILTERS,
        documented_key="threats", documented=DOCUMENTED_THREAT,
    ),
)  # fmt: skip
