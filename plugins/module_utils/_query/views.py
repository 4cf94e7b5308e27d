# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalogue of FortiView views, with defaults and the columns that identify a row (protocol_fortianalyzer.rst,
"Views").

A view that is not listed here also works. Its default limit is 100, and it has no default sort.
"""

from __future__ import annotations

import typing as t

from .._common.validation import path_segment


class View(t.NamedTuple):
    """One view. `wire` is the name in the URL. `limit` and `sort` are defaults. A default of None is not sent.

    `identity` contains the columns that identify a row for reports and the event source. Across the pages of a ranking,
    two rows are equal only if all columns except counters agree.
    """

    wire: str
    rows_key: t.Optional[str] = None
    limit: t.Optional[int] = 100
    sort: t.Optional[str] = None
    order: str = "desc"
    identity: tuple[str, ...] = ()


def _views(*views: View) -> dict[str, View]:
    return {view.wire: view for view in views}


THREAT = ("threat", "threattype")
CATALOGUE = _views(
    View("top-threats", "threats", 50, "incidents", identity=THREAT),
    View("threat-src-dst", "threats", 100, "incidents", identity=("threat", "srcip", "dstip", "devid")),
    View("source-threat", "sources", 100, "threatweight", identity=("srcip",)),
    View("destination-threat", "destinations", 100, "threatweight", identity=("dstip",)),
    View("threat-website", "threats", 100, "incidents", identity=THREAT),
    View(wire="threat-line", rows_key="timeseries", limit=100, sort="time", order="asc"),
    View(wire="src-dst-threat-line", rows_key="timeseries", limit=100, sort="time", order="asc"),
    View("top-sources", "sources", 10, "sessions", identity=("srcip",)),
    View("top-destinations", "destinations", 100, "sessions", identity=("dstip",)),
    View("top-applications", "applications", 100, "bandwidth", identity=("app_group", "app")),
    View("top-cloud-applications", "applications", 100, "sessions", identity=("app_group", "app")),
    View("top-websites", "websites", 100, "bandwidth", identity=("catdesc", "catid", "domain")),
    View("website-domain", "websites", 100, "bandwidth", identity=("domain",)),
    View("source-website", "sources", 100, "bandwidth", identity=("srcip",)),
    View("top-countries", "countries", 100, "bandwidth", identity=("dstcountry",)),
    View("policy-hits", None, 100, "counts", identity=("agg_policyid", "policytype", "devid", "vd")),
    View("failed-authentication-attempts", None, 100, "total_num"),
    View("admin-logins", None, 100, "login_num", identity=("f_user",)),
    View("threat-detect-summary", None, 100, "threat_num", identity=("srcip", "epid")),
    View("threat-detect-drilldown-blacklist", "events", 100, "event_num"),
    View("threat-detect-drilldown-crowdsrcing", "events", 100, "event_num"),
    View("threat-rescan-drilldown-blacklist", "events", 100, "event_num"),
    View("sdwan-dev-stats", "timeseries", 100),
    View("sdwan-intf-bandwidth-line", "timeseries", 100),
    View("sdwan-summary-user-view", "users", 100),
    View("sdwan-summary-app-view", "applications", 100),
)
# The documented IOC analysis is top-threats without `limit` and `sort-by` (protocol_fortianalyzer.rst, "Compromised hosts").
ALIASES = {"ioc": View("top-threats", "threats", None, None, identity=THREAT)}


def view_of(name: object) -> View:
    """The view of this name. Raises InvalidInput if the name is not valid in a path."""
    word = path_segment("view", name)
    return ALIASES.get(word) or CATALOGUE.get(word) or View(word)
