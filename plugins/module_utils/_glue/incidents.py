# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation of faz_incident: create, change or close an incident, and mark its alerts."""

from __future__ import annotations

import typing as t

from .._common.durations import parse_duration
from .._common.errors import FortiViewError, InvalidInput
from .._common.validation import path_segment, plain_text, texts
from .._query.incidents import (
    CLOSED,
    SEVERITIES,
    Incident,
    Wanted,
    category_of,
    changes_of,
    incident_name,
    lines,
    new_incident,
)
from .._tasks.fortiview import Context
from .._tasks.incidents import Incidents
from .access import access_of

Params = t.Mapping[str, t.Any]
Data = dict[str, t.Any]

# Alerts are marked only if the incident changes. If the marking fails, the next run finds the incident unchanged and
# does not mark the alerts.
NOT_MARKED = (
    "The incident was written, so another run does not mark these alerts: mark them in the GUI of FortiAnalyzer."
)


def keep_incident(params: Params, context: Context) -> Data:
    """Create, change or close the incident, and mark its alerts. Nothing is written in check mode. Raises
    FortiViewError."""
    wanted = wanted_of(params)
    alerts = texts("alerts", params["alerts"])
    comment = plain_text("alert_comment", params["alert_comment"] or "")
    access = access_of(params, context)
    with access.connection as connection:
        incidents = Incidents(connection, wanted, context.sleep, context.now().timestamp())
        try:
            before = incidents.find()
            after = _kept(incidents, before, wanted, context.check)
            changed = after != before
            marked = alerts if changed and after is not None else []
            if marked and not context.check:
                _mark(incidents, marked, params["acknowledge_alerts"], comment)
        except FortiViewError as error:
            error.within(host=access.host)
            raise
    return {
        "changed": changed,
        "incident": None if after is None else after.as_dict(),
        "alerts": marked,
        "diff": _diff(wanted, before, after),
        "warnings": [*incidents.warnings, *access.warnings],
    }


def _mark(incidents: Incidents, alerts: t.Sequence[str], acknowledge: bool, comment: str) -> None:
    try:
        incidents.mark_alerts(alerts, acknowledge, comment)
    except FortiViewError as error:
        error.next_step = " ".join(text for text in (error.next_step, NOT_MARKED) if text)
        raise


def wanted_of(params: Params) -> Wanted:
    """The wanted incident from the options. Raises InvalidInput."""
    closed = params["state"] == CLOSED
    if closed and params["status"]:
        raise InvalidInput("status requires state=present: remove status to close an incident")
    window = parse_duration("window", params["window"])
    if window <= 0:
        raise InvalidInput("window must be above 0 seconds")
    given = {name: params[name] or None for name in ("status", "severity", "endpoint")}
    return Wanted(
        adom=path_segment("adom", params["adom"]),
        name=incident_name(params["name"]),
        closed=closed,
        status=given["status"],
        severity=SEVERITIES[given["severity"]] if given["severity"] else None,
        category=category_of(params["category"] or None),
        endpoint=plain_text("endpoint", given["endpoint"]).strip() if given["endpoint"] else None,
        description=None if params["description"] is None else lines(params["description"]),
        note=lines(params["note"]),
        update=params["update"],
        window=float(window),
        reporter=plain_text("reporter", params["reporter"]),
    )


def _kept(incidents: Incidents, before: t.Optional[Incident], wanted: Wanted, check: bool) -> t.Optional[Incident]:
    """The incident after the changes. In check mode, the incident that the changes would produce."""
    if before is None:
        if wanted.closed:
            return None
        made = new_incident(wanted)
        return made if check else incidents.create(made)
    changes = changes_of(before, wanted)
    if not changes:
        return before
    return before._replace(**t.cast("Data", changes)) if check else incidents.change(before, changes)


def _diff(wanted: Wanted, before: t.Optional[Incident], after: t.Optional[Incident]) -> Data:
    title = f"incident {wanted.name} of ADOM {wanted.adom}"
    shown = [
        {} if one is None else {key: value for key, value in one.as_dict().items() if key != "created"}
        for one in (before, after)
    ]
    return {"before_header": title, "after_header": title, "before": shown[0], "after": shown[1]}
