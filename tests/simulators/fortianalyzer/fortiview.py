# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Submit, fetch and delete FortiView tasks of ADOMs and of single firewalls.

See protocol_fortianalyzer.rst, "Submit", "Task life cycle".
"""

from __future__ import annotations

import re

from . import dialects
from .call import Answer, Call
from .rankings import EventRanking, Ranking, Row
from .routes import route
from .state import FortiAnalyzerState
from .submit import Query, Scope, read_query, usable_view
from .synthetic import SyntheticRanking
from .tasks import Task

# One firewall can be asked for nothing but the drill-downs.
_PLACE = r"/fortiview/(?:adom/(?P<adom>[^/]+)|dev/(?P<serial>[^/]+)/vdom/(?P<vdom>[^/]+)(?=/[^/]*-drilldown-))/(?P<view>[^/]+)"


def submit(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """Start a task. A drill-down on one firewall returns its rows at once.

    See protocol_fortianalyzer.rst, "Compromised hosts".
    """
    scope = _scope(state, found)
    query = read_query(call, scope, found["view"], state.devices, state.switches, state.device_time())
    task = state.tasks.create(query, _ranking(state, query), state.now())
    rows: list[Row] | None = None
    if scope.serial and state.switches.drilldown_rows_on_submit:
        rows = _page(task, task.ranking, call)
        task.read_to_end = True
    return Answer(dialects.launched(call, task, rows, state.switches), session=_echo(call), new_tid=task.tid)


def fetch(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """Progress, or the rows; what a read does to the task differs from build to build."""
    task = _find(state, call, found)
    now, switches = state.now(), state.switches
    percentage = task.percentage(now)
    if percentage < 100:
        if now - task.submitted_at < switches.early_fetch_reaps:
            task.exists = False
        rows = _page(task, task.rows(percentage), call)
        return Answer(dialects.progress(call, task, percentage, rows, switches))
    if task.outcome == "error":
        task.told_failed = True
        return Answer(dialects.failed(call, task, switches))
    rows = [] if task.empty else _page(task, task.ranking, call)
    task.read_to_end = True
    if switches.single_use:
        task.exists = False
    if not rows and switches.omit_result_when_empty:
        return Answer(None)
    if switches.fetch_paging and not call.live:
        start = _whole(call.data.get("offset"), 0)
        rows = rows[start : start + _whole(call.data.get("limit"), switches.fetch_page_default)]
    return Answer(dialects.finished(call, task, rows, switches))


def delete(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    scope, view = _served_place(state, call, found)
    state.tasks.delete(int(found["tid"]), (scope, view))
    return Answer(dialects.acknowledged(call))


def _scope(state: FortiAnalyzerState, found: re.Match[str]) -> Scope:
    return state.scope(found["adom"] or "", found["serial"] or "", found["vdom"] or "")


def _served_place(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> tuple[Scope, str]:
    """`/run/{tid}` or the short path, whichever this build serves."""
    served = state.switches.fetch_paths or ("run" if call.live else "both")
    if served not in ("both", "run" if found["run"] else "short"):
        raise state.unknown_path(call.url)
    return _scope(state, found), usable_view(found["view"], state.switches).name


def _find(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Task:
    scope, view = _served_place(state, call, found)
    return state.tasks.find(int(found["tid"]), (scope, view), state.now())


def _ranking(state: FortiAnalyzerState, query: Query) -> Ranking:
    count = state.switches.synthetic_rows.get(query.view.name)
    if count is not None:
        return SyntheticRanking(query, count, state.switches.synthetic_shared, state.switches.source_grouping)
    window = query.window
    if query.view.name.startswith("threat-detect") and not state.switches.ioc_licensed:
        return EventRanking(query, [])
    # A cache that is filled every so many seconds has not seen what came since.
    interval = state.switches.fortiview_cache
    known = state.now() - (state.now() % interval if interval else 0)
    events = state.events.between(query.scope.adom, window.start, window.end, known)
    return EventRanking(query, events, state.switches.source_grouping)


def _page(task: Task, ranking: Ranking, call: Call) -> list[Row]:
    return ranking.page(task.query.offset, task.query.limit, call.live)


def _echo(call: Call) -> str | None:
    """The documented submit reply repeats the session."""
    sid = call.body.get("session")
    return sid if not call.live and isinstance(sid, str) else None


def _whole(value: object, default: int) -> int:
    return value if isinstance(value, int) and value >= 0 else default


ROUTES = (
    route("add", _PLACE + r"/run", submit),
    route("get", _PLACE + r"(?P<run>/run)?/(?P<tid>\d{1,18})", fetch),
    route("delete", _PLACE + r"(?P<run>/run)?/(?P<tid>\d{1,18})", delete),
)
