# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents: made, changed, listed and counted, all answered at once (protocol_fortianalyzer.rst, "Incidents")."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from . import dialects, filters
from .call import Answer, Call
from .errors import filter_not_supported, invalid_params, no_permission, object_does_not_exist
from .incidents import Incident
from .routes import route
from .state import FortiAnalyzerState
from .submit import whole_number
from .time_ranges import read_window

MOST, DEFAULT = 2000, 50
STATUSES = ("draft", "analysis", "response", "closed", "cancelled")
SEVERITIES = ("high", "medium", "low")
REQUIRED = ("reporter", "endpoint", "category")
CHANGED = ("status", "severity", "description", "category", "endpoint", "lastuser")
FILTER_FIELDS = frozenset(("severity", "status", "category", "endpoint", "reporter"))


def add(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """Unknown parameters are ignored; `name` is one of these to a release that does not know it."""
    adom = _adom(state, found)
    params = call.params
    for name in REQUIRED:
        if not isinstance(params.get(name), str) or not params[name]:
            raise invalid_params(f"{name} is required")
    given = {name: params[name] for name in ("reporter", "epid", "euid", *CHANGED[:-1]) if name in params}
    _check(state, given)
    if state.switches.incident_names and isinstance(params.get("name"), str):
        given["name"] = params["name"]
    if not state.switches.incident_names:
        given["name"] = ""
    one = state.incidents.make(adom, state.device_time(), **_stored(state, given))
    said = {"incid": one.incid} if state.switches.incident_id_place == "result" else {"data": {"incid": one.incid}}
    return Answer({"status": dialects.OK, **said})


def update(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    adom = _adom(state, found)
    one = next((each for each in state.incidents.of(adom) if each.incid == found["incid"]), None)
    if one is None:
        raise object_does_not_exist()
    given = {name: call.params[name] for name in CHANGED if name in call.params}
    _check(state, given)
    one.fields.update(_stored(state, given))
    one.fields["lastupdate"] = int(state.device_time())
    one.fields["lastrevision"] += 1
    return Answer({"status": dialects.OK})


def listing(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    chosen = _matching(state, call, _adom(state, found))
    limit = whole_number(call.params, "limit", DEFAULT, 1, MOST)
    offset = whole_number(call.params, "offset", 0, 0, None)
    most = state.switches.incident_rows_max
    page = chosen[offset : offset + (limit if most is None else min(limit, most))]
    level = call.params.get("detail-level")
    rows = [_at_level(one.row(), level) for one in page]
    if not rows and state.switches.omit_result_when_empty:
        return Answer(None)
    return Answer({"status": dialects.OK, "data": dialects.present(rows, state.switches, call.live)})


def count(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """The shape of this reply is published nowhere."""
    chosen = _matching(state, call, _adom(state, found))
    rows = [{"count": len(chosen)}]
    return Answer({"status": dialects.OK, "data": dialects.present(rows, state.switches, call.live)})


def stats(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    item = call.params.get("stats-item")
    if item not in ("severity", "status", "category"):
        raise invalid_params("stats-item is required" if item is None else f"stats-item '{item}' not supported")
    counted = Counter(str(one.fields[item]) for one in _matching(state, call, _adom(state, found)))
    rows = [{item: name, "count": number} for name, number in sorted(counted.items())]
    return Answer({"status": dialects.OK, "data": dialects.present(rows, state.switches, call.live)})


def _adom(state: FortiAnalyzerState, found: re.Match[str]) -> str:
    if not state.switches.incident_rights:
        raise no_permission()
    return state.scope(found["adom"]).adom


def _check(state: FortiAnalyzerState, given: dict[str, Any]) -> None:
    allowed = {"status": STATUSES, "severity": SEVERITIES, "category": tuple(state.switches.incident_categories)}
    for name, words in allowed.items():
        if name in given and given[name] not in words:
            raise invalid_params(f"'{given[name]}' is not a valid enum value for '{name}'")


def _stored(state: FortiAnalyzerState, given: dict[str, Any]) -> dict[str, Any]:
    most = state.switches.incident_text_max
    text = given.get("description")
    return given if most is None or text is None else {**given, "description": text[:most]}


def _matching(state: FortiAnalyzerState, call: Call, adom: str) -> list[Incident]:
    """The newest first."""
    params = call.params
    chosen = state.incidents.of(adom)[::-1]
    incids = params.get("incids")
    if incids is not None:
        if not isinstance(incids, list):
            raise invalid_params("incids must be a list")
        chosen = [one for one in chosen if one.incid in incids]
    if "time-range" in params:
        window = read_window(params, state.switches, adom, state.device_time(), call.live)
        chosen = [one for one in chosen if window.start <= one.created <= window.end]
    node = filters.parse(params.get("filter") or "")
    if node is None:
        return chosen
    for name in node.fields():
        if name not in FILTER_FIELDS:
            raise filter_not_supported(name)
    test = filters.compile_node(node)
    return [one for one in chosen if test(lambda name, one=one: one.fields[name])]  # type: ignore[misc]


def _at_level(row: dict[str, Any], level: Any) -> dict[str, Any]:
    dropped = ("severity", "status") if level == "extended" else ()
    return {name: value for name, value in row.items() if name not in dropped}


_PLACE = r"/incidentmgmt/adom/(?P<adom>[^/]+)"
ROUTES = (
    route("add", _PLACE + r"/incident", add),
    route("update", _PLACE + r"/incident/(?P<incid>[^/]+)", update),
    route("get", _PLACE + r"/incidents", listing),
    route("get", _PLACE + r"/incidents/count", count),
    route("get", _PLACE + r"/incident/stats", stats),
)
