# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts alerts of FortiAnalyzer's event handlers, which arrive by webhook, into events in the format of the watch
(protocol_fortianalyzer.rst, "Alerts")."""

from __future__ import annotations

import datetime
import typing as t

from .._common.errors import FortiViewError, InvalidInput
from .._common.validation import path_segment
from .._query.rows import Row, canonical
from .findings import NEW, identifier_of, inert

VIEW = "alerts"
UNKNOWN = "unknown"
# The keys around the alerts of a body. Live systems use `data`, and the documentation has `alerts` in `data`. A reply of eventmgmt adds `result`.
ENVELOPES = ("result", "data", "alerts")
MITIGATED = ("mitigated", "contained")
THREAT_GROUPS = ("attack", "virus", "filename", "hostname", "qname", "app", "threat")


def events_of(event: t.Mapping[str, t.Any], adom: str) -> list[dict[str, t.Any]]:
    """The events from the body of one webhook. A body without alerts becomes one event of the kind `unknown`."""
    event = _without_headers(event)
    try:
        alerts = _alerts(event.get("payload"))
        place = {"meta": event["meta"]} if isinstance(event.get("meta"), dict) else {}
        events = [{**_event(alert, adom), **place} for alert in alerts] or [{**event, "kind": UNKNOWN}]
        return [inert(one) for one in events]
    except (FortiViewError, RecursionError):  # RecursionError: the body is nested too deeply
        return [{"kind": UNKNOWN, "payload": None}]


def _without_headers(event: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The event without the HTTP headers, which may contain the credentials of the sender."""
    meta = event.get("meta")
    if not isinstance(meta, dict):
        return dict(event)
    return {**event, "meta": {key: value for key, value in meta.items() if str(key).lower() != "headers"}}


def _alerts(body: object, depth: int = 0) -> list[dict[str, t.Any]]:
    """The alerts of a body. The entries of a list are used only if all of them are alerts."""
    if isinstance(body, dict):
        if _is_alert(body):
            return [body]
        inner = next((body[key] for key in ENVELOPES if key in body), None)
        return _alerts(inner, depth + 1) if depth < len(ENVELOPES) else []
    if isinstance(body, list) and all(isinstance(entry, dict) and _is_alert(entry) for entry in body):
        return body
    return []


def _is_alert(body: t.Mapping[str, t.Any]) -> bool:
    return isinstance(body.get("alertid"), (str, int)) and ("subject" in body or "triggername" in body)


def _event(alert: dict[str, t.Any], adom: str) -> dict[str, t.Any]:
    place = _adom(alert) or adom
    key = str(alert["alertid"])
    return {
        "kind": NEW,
        "id": identifier_of(VIEW, place, key),
        "host": "",
        "name": VIEW,
        "view": VIEW,
        "adom": place,
        "key": key,
        "row": _row(alert),
        "masked_fields": [],
        "time_range": _time_range(alert),
        "previous": {},
        "adoms": [place],
        "adom_count": 1,
    }


def _adom(alert: t.Mapping[str, t.Any]) -> t.Optional[str]:
    """The ADOM of the alert. None for an invalid name, because the name becomes a part of request paths."""
    given = alert.get("adom")
    try:
        return path_segment("adom", given) if isinstance(given, str) else None
    except InvalidInput:
        return None


def _row(alert: dict[str, t.Any]) -> Row:
    """The fields of the alert. Absent fields of a row about a threat are added."""
    row = canonical(alert)
    details = alert.get("event_details")
    details = details if isinstance(details, dict) else {}
    threat = _threat(alert)
    found = {
        "threat": threat,
        "threattype": alert.get("eventtype"),
        "srcip": details.get("src_ip") or alert.get("epip"),
        "dstip": details.get("dst_ip") or alert.get("dstepip"),
    }
    for field, value in found.items():
        if isinstance(value, str) and value:
            row.setdefault(field, value)
    incidents, status = canonical({"counts": alert.get("eventcount")})["counts"], str(alert.get("eventstatus") or "")
    if isinstance(incidents, int) and status:
        mitigated = status.lower() in MITIGATED
        row.setdefault("incidents", incidents)
        row.setdefault("blocked", incidents if mitigated else 0)
        row.setdefault("detected", 0 if mitigated else incidents)
    if isinstance(alert.get("devid"), str):
        row.setdefault("devices", [alert["devid"]])
    return row


def _threat(alert: t.Mapping[str, t.Any]) -> t.Optional[str]:
    """The threat by which the handler grouped its events, from `field:value`. None if no group is a threat."""
    for key in ("groupby1", "groupby2"):
        field, colon, value = str(alert.get(key) or "").partition(":")
        if colon and field in THREAT_GROUPS:
            return value
    return None


def _time_range(alert: t.Mapping[str, t.Any]) -> t.Optional[dict[str, t.Optional[str]]]:
    """The range from the first to the last time in the alert, as RFC 3339 in UTC. None if the alert has no time."""
    times = [_moment(alert.get(key)) for key in ("firstlogtime", "lastlogtime", "alerttime")]
    reported = sorted(moment for moment in times if moment is not None)
    if not reported:
        return None
    # The end is one second later, because a range without length would be refused.
    ends = (reported[0], reported[-1] + datetime.timedelta(seconds=1))
    start, end = (moment.isoformat(timespec="seconds") for moment in ends)
    return {"start": start, "end": end, "timezone": None}


def _moment(value: object) -> t.Optional[datetime.datetime]:
    try:
        return datetime.datetime.fromtimestamp(int(str(value)), datetime.timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None
