# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describes the provenance of a table: the exact query, the time range and its zone, the completeness, and the warnings."""

from __future__ import annotations

import typing as t

from . import units
from .page_zone import PageZone
from .tables import is_truncated

Result = t.Mapping[str, t.Any]


def behind(result: Result, zone: PageZone) -> dict[str, t.Any]:
    """Returns `facts`, each with a term and a text, and `warnings`."""
    asked = result.get("query")
    query: dict[str, t.Any] = asked if isinstance(asked, dict) else {}
    pairs = [
        ("View", result.get("view")),
        ("ADOM", result.get("adom")),
        ("Devices", ", ".join(devices(result.get("device")))),
        ("Filter", query.get("filter") or ("none" if query else None)),
        ("Ranked by", _sorting(query)),
        ("Time range", time_range(result.get("time_range"))),
        ("Reply time", zone(result.get("replied_at"))),
        ("Rows", _counted(result, query)),
        ("Complete", _completeness(result)),
        ("Task", result.get("tid")),
    ]
    return {
        "facts": [{"term": term, "text": str(value)} for term, value in pairs if value not in (None, "")],
        "warnings": [str(warning) for warning in result.get("warnings") or []],
    }


def time_range(asked: object, zone_known: bool = False) -> str:
    """The time range as text. With `zone_known`, the text has no time zone, because the page already shows the time zone."""
    if not isinstance(asked, dict) or not asked.get("start"):
        return "not known"
    zone = asked.get("timezone")
    at = f", time zone {zone}" if zone else ", in the time zone of FortiAnalyzer"
    if zone_known or "T" in str(asked["start"]):
        at = ""
    return f"{asked['start']} to {asked.get('end')}{at}"


def devices(selection: object) -> list[str]:
    """The names or serial numbers in the `device` of a result."""
    entries = selection if isinstance(selection, (list, tuple)) else ()
    return [" ".join(map(str, one.values())) if isinstance(one, dict) else str(one) for one in entries]


def _sorting(query: t.Mapping[str, t.Any]) -> t.Optional[str]:
    entries = [one for one in query.get("sort_by") or [] if isinstance(one, dict)]
    return ", ".join(f"{one.get('field')}, {one.get('order', 'desc')}ending" for one in entries) or None


def _counted(result: Result, query: t.Mapping[str, t.Any]) -> str:
    said = f"{units.exact(len(result['rows']))} returned"
    if query.get("limit") not in (None, "all"):
        said += f" of at most {units.exact(query['limit'])} that were requested"
    if query.get("offset"):
        said += f", after the first {units.exact(query['offset'])}"
    if isinstance(result.get("total"), int):
        said += f"; FortiAnalyzer counts {units.exact(result['total'])} in all"
    return said


def _completeness(result: Result) -> str:
    if result.get("complete") is False:
        return "no, rows are missing"
    if result.get("complete") is not True:
        return "not known, because these are rows without their result"
    return "yes, but there may be more rows below the last row" if is_truncated(result) else "yes"
