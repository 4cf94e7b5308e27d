# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Views that rank sources, destinations, applications, sites, countries and policies.

See protocol_fortianalyzer.rst, "Views".
"""

from __future__ import annotations

from typing import Any

from ..events import Event
from .columns import (
    BYTES,
    FORTIGATE,
    SESSIONS,
    USER,
    WEIGHTS,
    Columns,
    Group,
    bits_per_second,
    constant,
    distinct,
    first,
    highest,
    joined,
    key,
    lines,
    named,
    total,
)
from .view import View, by, by_time

# Only fields that a real FortiAnalyzer takes. Those that it was seen to refuse are left out on purpose.
SOURCE_FILTERS = frozenset(
    "app_group browsetime catdesc crlevel d_flags dev_src devtype domain dstcountry dstintf dstip dstmac dvid epid f_user"
    " incident_block incidents policyid policytype srcintf srcintfrole srcip srcmac session_block sessions threat_block"
    " threatweight timescale".split()
)
SITE_FILTERS = frozenset("domain catdesc srcip dstip policyid policytype f_user dvid dstcountry timescale".split())
APPLICATION_FILTERS = frozenset(
    "app_group avatar d_flags dstcountry dstip dvid f_user policyid policytype srcip srcintf dstintf timescale".split()
)
POLICY_FILTERS = frozenset("policyid poluuid policytype srcintf dstintf logtime dvid".split())

RISKS = {0: "", 1: "Low", 2: "Medium", 3: "Elevated", 4: "High", 5: "Critical"}


def is_traffic(event: Event) -> bool:
    return event.sessions > 0


def _risk(group: Group) -> str:
    return RISKS[max(event.risk for event in group.events)]


SOURCE_ROW: Columns = {
    "srcip": key(0),
    "srcip_hostname": named("srcname", "srcip"),
    "avatar": first("user"),
    "dev_src_agg": joined("srcname"),
    "mac_devtype_agg": joined("srcmac"),
    "srcintf": first("srcintf"),
    **USER,
    **SESSIONS,
    **BYTES,
    **WEIGHTS,
    **FORTIGATE,
}
DOCUMENTED_SOURCE: Columns = {
    "srcip": key(0),
    "hostname": first("srcname"),
    "sessions": total("sessions"),
    "bytes": total("bandwidth"),
    "bandwidth": bits_per_second,
    "country": first("srccountry"),
}
DESTINATION_ROW: Columns = {
    "dstip": key(0),
    "dstip_hostname": named("dstname", "dstip"),
    "agg_app": joined("app"),
    "dstintf": first("dstintf"),
    "dstmac": constant(""),
    **SESSIONS,
    **BYTES,
    **FORTIGATE,
}
APPLICATION_ROW: Columns = {
    "app_group": key(0),
    "appcat": first("appcat"),
    "d_risk": highest("risk"),
    "risk": _risk,
    "num_users": distinct("user"),
    **SESSIONS,
    **BYTES,
    **FORTIGATE,
}
DOCUMENTED_APPLICATION: Columns = {
    "app": key(0),
    "appcat": first("appcat"),
    "risk": _risk,
    "sessions": total("sessions"),
    "bytes": total("bandwidth"),
    "bandwidth": bits_per_second,
}
CLOUD_ROW: Columns = {
    "app_group": key(0),
    "appcat": first("appcat"),
    "d_risk": highest("risk"),
    "num_users": distinct("user"),
    "sessions": total("sessions"),
    # Always zero on live devices, however much went up and down.
    **dict.fromkeys(("upload", "download", "total_size"), constant(0)),
    **FORTIGATE,
}
SITE_ROW: Columns = {**SESSIONS, **BYTES, **WEIGHTS, "browsetime": lambda group: 45 * len(group.events), **FORTIGATE}
COUNTRY_ROW: Columns = {"dstcountry": key(0), **SESSIONS, **BYTES, **WEIGHTS, **FORTIGATE}
COUNTS: Columns = {
    "counts": total("sessions"),
    "count_pass": total("session_pass"),
    "count_block": total("session_block"),
}
POLICY_ROW: Columns = {
    "agg_policyid": key(0),
    "policy": first("policy"),
    "policytype": constant("policy"),
    **COUNTS,
    **BYTES,
    "devid": first("devid"),
    "vd": first("vd"),
    "srcintf": first("srcintf"),
    "dstintf": first("dstintf"),
    "time_stamp": highest("time"),
    "device_info": lambda group: {"dev_name": group.events[0].devname, "ha_dev": "0"},
}
POLICY_LINE_ROW: Columns = {"time": key(0), **COUNTS, **BYTES}
LINE_ROW: Columns = {"time": key(0), **BYTES, "sessions": total("sessions")}
WAN_ROW: Columns = {"interface": key(0), **BYTES, "sessions": total("sessions"), "logs": lines()}


def _view(name: str, group: Any, columns: Columns, filters: frozenset[str], **more: Any) -> View:
    return View(name, is_traffic, group, columns, filters, **more)


def _category(group: Group) -> int:
    return 10 + sum(group.events[0].catdesc.encode()) % 80


def _sites(event: Event) -> bool:
    return bool(event.domain)


def _cloud(event: Event) -> bool:
    return event.cloud


VIEWS = (
    _view(
        "top-sources", by("srcip"), SOURCE_ROW, SOURCE_FILTERS,
        documented_key="sources", documented=DOCUMENTED_SOURCE, unsortable=frozenset(("srcip_hostname",)),
    ),
    _view(
        "top-destinations", by("dstip"), DESTINATION_ROW, SOURCE_FILTERS,
        documented_key="destinations", unsortable=frozenset(("dstip_hostname",)),
    ),
    _view(
        "top-applications", by("app"), APPLICATION_ROW, APPLICATION_FILTERS,
        documented_key="applications", documented=DOCUMENTED_APPLICATION,
    ),
    View(
        "top-cloud-applications", _cloud, by("app"), CLOUD_ROW,
        frozenset("agg_files app_group dstip srcip d_flags dvid".split()), documented_key="applications",
    ),
    View(
        "top-websites", _sites, by("catdesc"), {"catdesc": key(0), "catid": _category, **SITE_ROW}, SITE_FILTERS,
        documented_key="websites",
    ),
    View(
        "website-domain", _sites, by("domain"), {"domain": key(0), "agg_webcat": joined("catdesc"), **SITE_ROW},
        SITE_FILTERS, documented_key="websites",
    ),
    View("source-website", _sites, by("srcip"), SOURCE_ROW, SOURCE_FILTERS, documented_key="sources",
         unsortable=frozenset(("srcip_hostname",))),
    _view("top-countries", by("dstcountry"), COUNTRY_ROW, SOURCE_FILTERS, documented_key="countries"),
    # The number of a policy is one of its VDOM, so each VDOM has a row for it.
    _view("policy-hits", by("policyid", "devid", "vd"), POLICY_ROW, POLICY_FILTERS, unsortable=frozenset(("device_info",))),
    _view("policy-line", by_time, POLICY_LINE_ROW, POLICY_FILTERS, documented_key="timeseries"),
    View(
        "top-browsing-users", lambda event: bool(event.domain and event.user), by("user"), {"f_user": key(0), **SITE_ROW},
        SITE_FILTERS, documented_key="users",
    ),
    _view("sdwan-intf-bandwidth-line", by_time, LINE_ROW, SITE_FILTERS, documented_key="timeseries"),
    _view("sdwan-intf-mos-line", by_time, LINE_ROW, SITE_FILTERS | {"moscodec"}, documented_key="timeseries"),
    *(
        _view(f"sdwan-{what}-line", by_time, LINE_ROW, SITE_FILTERS, documented_key="timeseries")
        for what in ("latency", "jitter", "packetloss")
    ),
    _view("sdwan-dev-stats", by("devid"), {"devid": key(0), "devname": first("devname"), **BYTES, **SESSIONS}, SITE_FILTERS),
    _view("sdwan-summary-user-view", by("user"), {"f_user": key(0), **BYTES, **SESSIONS}, SITE_FILTERS, documented_key="users"),
    *(
        _view(name, by("app"), APPLICATION_ROW, APPLICATION_FILTERS, documented_key="applications")
        for name in ("sdwan-summary-app-view", "sdwan-app-view")
    ),
    _view("sdwan-rules-view", by("policyid"), {"rule_id": key(0), **BYTES, **SESSIONS}, SITE_FILTERS),
    _view("sdwan-link-view", by("dstintf"), WAN_ROW, SITE_FILTERS),
)  # fmt: skip
