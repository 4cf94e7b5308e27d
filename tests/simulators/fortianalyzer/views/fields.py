# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What filter fields mean: values of events, or counters of finished rows.

See protocol_fortianalyzer.rst, "Filters", "Views".
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from ..events import Event

COUNTERS = frozenset(
    "incidents incident_block incident_pass sessions session_block session_pass threatweight threat_block threat_pass"
    " bandwidth bytes traffic_in traffic_out event_num tdscore threat_num cs_count cs_score bl_count browsetime"
    " blocked detected sources destinations".split()
)

Reader = Callable[[Event], Any]

_LIVE: dict[str, Reader] = {
    **dict.fromkeys(("threat", "threat_s", "threat_agg", "threatname", "tdthreatname"), attrgetter("threat")),
    **dict.fromkeys(("threattype_s", "threattype_agg", "tdthreattype"), attrgetter("threattype")),
    **dict.fromkeys(("threatlevel_s", "threatlevel_agg"), attrgetter("level_s")),
    **dict.fromkeys(("app_group", "agg_app", "app"), attrgetter("app")),
    **dict.fromkeys(("f_user", "user"), attrgetter("user")),
    **dict.fromkeys(("catdesc", "webcat", "agg_webcat", "tdwfcate"), attrgetter("catdesc")),
    **dict.fromkeys(("policyid", "agg_policyid"), attrgetter("policyid")),
    **dict.fromkeys(("dev_src", "epname"), attrgetter("srcname")),
    "srcip": attrgetter("srcip"),
    "dstip": attrgetter("dstip"),
    "remip": attrgetter("srcip"),
    "srcmac": attrgetter("srcmac"),
    "srcintf": attrgetter("srcintf"),
    "dstintf": attrgetter("dstintf"),
    "srcintfrole": lambda event: "wan" if event.srcintf == "wan1" else "lan",
    "dstintfrole": lambda event: "wan" if event.dstintf == "wan1" else "lan",
    "dstcountry": attrgetter("dstcountry"),
    "srccountry": attrgetter("srccountry"),
    "policytype": lambda event: "policy",
    "devtype": attrgetter("devtype"),
    "osname": attrgetter("osname"),
    "epid": attrgetter("epid"),
    "domain": attrgetter("domain"),
    "devid": attrgetter("devid"),
    "devname": attrgetter("devname"),
    "vd": attrgetter("vd"),
    "subtype": attrgetter("subtype"),
    "action": lambda event: "blocked" if event.blocked else "detected",
    "logtype": lambda event: "1" if event.log == "anomaly" else "10",
}
# The documentation filters by these names; the schema and live devices refuse them.
_DOCUMENTED: dict[str, Reader] = {
    "severity": lambda event: event.level_s.lower(),
    "threattype": attrgetter("kind"),
    "policyname": attrgetter("policy"),
    "appcat": attrgetter("appcat"),
    "hostname": attrgetter("srcname"),
    "country": attrgetter("srccountry"),
}
DOCUMENTED_FIELDS = frozenset(_DOCUMENTED) | {"bytes", "incidents", "sessions", "threat"}


def reader(name: str) -> Reader:
    """How to read a field from an event; fields without data are empty, so that nothing equals them."""
    return _LIVE.get(name) or _DOCUMENTED.get(name) or (lambda event: "")


def row_reader(row: dict[str, Any]) -> Callable[[str], Any]:
    """How to read a field from a finished row, where only that is left."""
    aliases = {"threat_s": "threat", "threat_agg": "threat", "threatlevel_s": "level_s", "threattype_s": "threattype"}
    return lambda name: row.get(name, row.get(aliases.get(name, ""), ""))
