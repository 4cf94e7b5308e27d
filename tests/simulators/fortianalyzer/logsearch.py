# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Submit, fetch, count and delete log searches (protocol_fortianalyzer.rst, "Log search")."""

from __future__ import annotations

import re
from typing import Any

from . import dialects, filters
from .call import Answer, Call
from .devices import Selection, select
from .errors import (
    device_not_found,
    filter_not_supported,
    invalid_params,
    invalid_tid,
    logtype_not_supported,
)
from .logs import ALL_FIELDS, LogRanking, find_log_type
from .rankings import Row
from .routes import route
from .state import FortiAnalyzerState
from .submit import Query, Scope, whole_number
from .tasks import Task
from .time_ranges import read_window, zone_of
from .views import View

# To the task table a log search is one more query, whose view is the raw log.
VIEW = View("logsearch", bool, lambda event, window: (), {}, ALL_FIELDS, documented_key="logs", raw=True)
DOCUMENTED_CAP = 10000


def submit(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """Start a search; it ends when it has found as many lines as asked for, or has seen everything."""
    scope = state.scope(found["adom"])
    params = _params(call)
    query = _read(state, call, params, scope)
    log_type = find_log_type(params["logtype"])
    assert log_type is not None
    window = query.window
    events = state.events.between(scope.adom, window.start, window.end, state.now())
    zone = zone_of(params.get("timezone"), state.switches, scope.adom)
    ranking = LogRanking(
        log_type,
        [event for event in events if query.devices.accepts(event)],
        query.filter,
        query.case_sensitive,
        query.descending,
        zone,
    )
    task = state.tasks.create(query, ranking, state.now())
    result = {"tid": task.tid} if call.live else {"data": {"tid": task.tid}, "status": dialects.OK}
    return Answer(result, new_tid=task.tid)


def fetch(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """Progress, or a page of what was found; the first complete page is the last that a real device gives."""
    task = _find(state, found)
    params, switches, now = _params(call), state.switches, state.now()
    limit = whole_number(params, "limit", 50 if call.live else 100, 0, switches.logsearch_fetch_max)
    offset = whole_number(params, "offset", 0, 0, None)
    percentage = task.percentage(now)
    if percentage < 100:
        if now - task.submitted_at < switches.early_fetch_reaps:
            task.exists = False
        return Answer(_progress(state, call, task, percentage, _page(task, offset, limit, percentage)))
    if task.outcome == "error":
        task.told_failed = True
        return Answer(dialects.failed(call, task, switches))
    rows = [] if task.empty else _page(task, offset, limit)
    if limit:
        # Asking for no lines is how some clients poll: that is not yet reading.
        task.read_to_end = task.read_to_end or task.empty or offset + limit >= _available(task)
        # The documented way of paging reads one task many times, which live devices do not allow.
        if switches.logsearch_single_use and call.live:
            task.exists = False
    if limit and not rows and switches.omit_result_when_empty:
        return Answer(None)
    return Answer(_finished(state, call, task, rows))


def count(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """How far a search has come; releases from 8.0 on refuse this."""
    if not state.switches.logsearch_count:
        raise state.unknown_path(call.url)
    task = _find(state, found)
    ranking = task.ranking
    assert isinstance(ranking, LogRanking)
    percentage = task.percentage(state.now())
    data = {
        "progress-percent": percentage,
        "scanned-logs": ranking.scanned * percentage // 100,
        "total-logs": ranking.scanned,
        "matched-logs": len(ranking) * percentage // 100,
        "elapsed-time-ms": int((state.now() - task.submitted_at) * 1000),
        "estimated-remain-sec": 0 if percentage >= 100 else 1,
    }
    return Answer({**data, "status": dialects.OK} if call.live else {"data": data, "status": dialects.OK})


def delete(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """Live devices do not mind what they no longer have; the documentation refuses it."""
    scope = state.scope(found["adom"])
    tid = int(found["tid"])
    known = any(task.tid == tid for task in state.tasks.live(state.now()))
    state.tasks.delete(tid, (scope, VIEW.name))
    if not call.live:
        if not known:
            raise invalid_tid(tid)
        return Answer(dialects.acknowledged(call))
    if state.switches.logsearch_delete_form == "word":
        return Answer({"status": "cancelled", "task-id": tid})
    return Answer(dialects.acknowledged(call))


def _params(call: Call) -> dict[str, Any]:
    """The documentation puts the parameters into `data`, where live devices do not look."""
    return call.params if call.live else {**call.params, **call.data}


def _read(state: FortiAnalyzerState, call: Call, params: dict[str, Any], scope: Scope) -> Query:
    """Validate in the order of a FortiAnalyzer: version, log type, numbers, order, filter, time, devices."""
    switches = state.switches
    if "logtype" not in params:
        raise invalid_params("logtype is required")
    if find_log_type(params["logtype"]) is None:
        raise logtype_not_supported(params["logtype"])
    most = switches.limit_max if call.live else DOCUMENTED_CAP
    limit = whole_number(params, "limit", 100 if call.live else most, 1, most)
    order = params.get("time-order", "desc")
    if order not in ("asc", "desc"):
        raise invalid_params(f"time-order: '{order}' not supported")
    text = params.get("filter") or ""
    node = _filter(text)
    return Query(
        scope=scope,
        view=VIEW,
        devices=_devices(state, call, params, scope),
        filter=node,
        filter_text=text,
        case_sensitive=bool(params.get("case-sensitive", False)),
        limit=limit,
        offset=whole_number(params, "offset", 0, 0, None),
        sort_field=None,
        descending=order == "desc",
        window=read_window(params, switches, scope.adom, state.device_time(), call.live),
        count_total=True,
        live=call.live,
    )


def _filter(text: Any) -> filters.Node | None:
    if not isinstance(text, str):
        raise invalid_params("filter must be a string")
    node = filters.parse(text)
    for name in node.fields() if node is not None else ():
        # Dotted names, as the log view shows them, are let through and match nothing.
        if name not in ALL_FIELDS and "." not in name:
            raise filter_not_supported(name)
    return node


def _devices(state: FortiAnalyzerState, call: Call, params: dict[str, Any], scope: Scope) -> Selection:
    """Without a device live devices find nothing; the documented searches do without and find everything."""
    given = params.get("device")
    if given is None and not call.live:
        return Selection(everything=True)
    local = [device for device in state.devices if device.adom == scope.adom]
    chosen = select(given or [], local, state.switches.logsearch_all_words)
    unknown = bool(given) and not chosen.everything and not chosen.pairs
    if unknown and state.switches.logsearch_unknown_device_refused:
        raise device_not_found()
    return chosen


def _find(state: FortiAnalyzerState, found: re.Match[str]) -> Task:
    scope = state.scope(found["adom"])
    return state.tasks.find(int(found["tid"]), (scope, VIEW.name), state.now())


def _available(task: Task) -> int:
    """How many lines the search gives: those asked for, from its offset on."""
    return max(0, min(task.query.limit, len(task.ranking) - task.query.offset))


def _page(task: Task, offset: int, limit: int, percentage: int = 100) -> list[Row]:
    """Before the end: what was found so far, which is true but not all."""
    there = _available(task) * percentage // 100
    return task.ranking.page(task.query.offset + offset, max(0, min(limit, there - offset)), task.query.live)


def _percentage(state: FortiAnalyzerState, value: int) -> dict[str, Any]:
    """Here a missing percentage means "not finished": builds that leave it out do so only before the end."""
    shown = dialects.shown_percentage(value, state.switches)
    return shown if shown or value < 100 else {"percentage": value}


def _progress(state: FortiAnalyzerState, call: Call, task: Task, percentage: int, rows: list[Row]) -> dict[str, Any]:
    share = _percentage(state, percentage)
    if not call.live:
        return {"data": {"tid": task.tid, "status": "running", **share}, "status": dialects.OK}
    shown = dialects.present(rows, state.switches, live=True)
    return {"tid": task.tid, **share, "status": dialects.OK, "return-lines": len(shown), "data": shown}


def _finished(state: FortiAnalyzerState, call: Call, task: Task, rows: list[Row]) -> dict[str, Any]:
    """The total of a full page is a floor: the search stopped looking when the page was full."""
    query, switches = task.query, state.switches
    shown = dialects.present(rows, switches, call.live)
    total = min(len(task.ranking), query.offset + query.limit)
    masked = {"masked-fields": list(switches.masked_fields)} if switches.masked_fields else {}
    if not call.live:
        data = {"tid": task.tid, "status": switches.done_word, **_percentage(state, 100), "total_lines": total}
        return {"data": {**data, "logs": shown, **masked}, "status": dialects.OK}
    reply = {"tid": task.tid, **_percentage(state, 100), "status": dialects.OK, "return-lines": len(shown)}
    return {**reply, "total-count": total, **masked, "data": shown}


_PLACE = r"/logview/adom/(?P<adom>[^/]+)/logsearch"
ROUTES = (
    route("add", _PLACE, submit),
    route("get", _PLACE + r"/count/(?P<tid>\d{1,18})", count),
    route("get", _PLACE + r"/(?P<tid>\d{1,18})", fetch),
    route("delete", _PLACE + r"/(?P<tid>\d{1,18})", delete),
)
