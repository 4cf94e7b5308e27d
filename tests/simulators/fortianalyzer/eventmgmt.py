# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts, their number, and the logs behind them, all answered at once (protocol_fortianalyzer.rst, "Alerts")."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

from . import dialects, filters
from .alerts import FILTER_FIELDS, Alert, AlertMark, alert_row, known_alerts, reader
from .call import Answer, Call
from .errors import filter_not_supported, invalid_params
from .logs import log_rows
from .logs.kinds import written_by
from .routes import route
from .state import FortiAnalyzerState
from .submit import whole_number
from .time_ranges import read_window, zone_of

MOST = 2000


def alerts(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    matching = _matching(state, call, found["adom"])
    return _listed(
        state,
        call,
        [alert_row(alert, state.switches.alert_acknowledged_word) for alert in _page(call, matching)],
        len(matching),
        "alerts",
    )


def count(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """One figure, or one for each severity, handler or kind; the shape of this reply is published nowhere."""
    matching = _matching(state, call, found["adom"])
    group = call.params.get("group-by")
    names = {
        "severity": lambda a: a.event.level_s.lower(),
        "trigger": lambda a: a.handler,
        "eventtype": lambda a: a.kind,
    }
    if group is None:
        rows: list[dict[str, Any]] = [{"count": len(matching)}]
    elif group in names:
        rows = [{group: name, "count": number} for name, number in Counter(map(names[group], matching)).items()]
    else:
        raise invalid_params(f"group-by '{group}' not supported")
    return Answer({"status": dialects.OK, "data": dialects.present(rows, state.switches, call.live)})


def alertlogs(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """The raw logs of some alerts."""
    wanted = call.params.get("alertid")
    if not isinstance(wanted, list):
        raise invalid_params("alertid is required")
    adom = _adom(state, call, found["adom"])
    chosen = [alert for alert in _marked(state, adom) if alert.alertid in set(wanted)]
    if call.params.get("time-order", "desc") == "asc":
        chosen.reverse()
    zone = zone_of(call.params.get("timezone"), state.switches, adom)
    rows = [row for alert in chosen for row in log_rows(written_by(alert.event), [alert.event], zone)]
    return _listed(state, call, _page(call, rows), len(rows), "logs")


def acknowledge(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    return _mark(state, call, found["adom"], acknowledged=found["word"] == "ack")


def comment(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    text = call.params.get("comment")
    if not isinstance(text, str):
        raise invalid_params("comment is required")
    return _mark(state, call, found["adom"], comment=text)


def _mark(state: FortiAnalyzerState, call: Call, name: str, **changes: Any) -> Answer:
    """Ids of no alert are ignored."""
    adom = _adom(state, call, name)
    wanted, by = call.params.get("alertid"), call.params.get("update-by")
    if not isinstance(wanted, list) or not wanted:
        raise invalid_params("alertid is required")
    if not isinstance(by, str) or not by:
        raise invalid_params("update-by is required")
    for alert in _marked(state, adom):
        if alert.alertid in wanted:
            state.alert_marks[alert.alertid] = replace(alert.mark, by=by, **changes)
    return Answer({"status": dialects.OK})


def _marked(state: FortiAnalyzerState, adom: str) -> list[Alert]:
    found = known_alerts(state.events, adom, state.now())
    return [replace(alert, mark=state.alert_marks.get(alert.alertid, AlertMark())) for alert in found]


def _adom(state: FortiAnalyzerState, call: Call, name: str) -> str:
    return state.scope(name).adom


def _matching(state: FortiAnalyzerState, call: Call, name: str) -> list[Alert]:
    adom = _adom(state, call, name)
    chosen = _marked(state, adom)
    if "time-range" in call.params:
        window = read_window(call.params, state.switches, adom, state.device_time(), call.live)
        chosen = [alert for alert in chosen if window.start <= alert.event.time <= window.end]
    text = call.params.get("filter") or ""
    if not isinstance(text, str):
        raise invalid_params("filter must be a string")
    node = filters.parse(text)
    if node is None:
        return chosen
    for field in node.fields():
        if field not in FILTER_FIELDS:
            raise filter_not_supported(field)
    test = filters.compile_node(node)
    return [alert for alert in chosen if test(reader(alert))]


def _page(call: Call, items: list[Any]) -> list[Any]:
    limit = whole_number(call.params, "limit", 1000, 1, MOST)
    offset = whole_number(call.params, "offset", 0, 0, None)
    return items[offset : offset + limit]


def _listed(state: FortiAnalyzerState, call: Call, rows: list[dict[str, Any]], total: int, key: str) -> Answer:
    if not rows and state.switches.omit_result_when_empty:
        return Answer(None)
    shown = dialects.present(rows, state.switches, call.live)
    if call.live:
        return Answer({"status": dialects.OK, "data": shown})
    return Answer({"data": {key: shown, "total": total}, "status": dialects.OK})


_PLACE = r"/eventmgmt/adom/(?P<adom>[^/]+)"
ROUTES = (
    route("get", _PLACE + r"/alerts", alerts),
    route("get", _PLACE + r"/alerts/count", count),
    route("get", _PLACE + r"/alertlogs", alertlogs),
    route("update", _PLACE + r"/alerts/(?P<word>ack|unack)", acknowledge),
    route("update", _PLACE + r"/alerts/comment", comment),
)
