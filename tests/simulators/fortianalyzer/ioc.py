# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Indicators of compromise: the licence, and rescans of old logs (protocol_fortianalyzer.rst, "Compromised hosts")."""

from __future__ import annotations

import re
from typing import Any

from . import dialects
from .call import Answer, Call
from .errors import invalid_tid, method_not_supported
from .routes import route
from .state import FortiAnalyzerState

DAY = 86400
NIGHTLY = 3


def licence(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """Without a licence the compromised-host views stay empty."""
    licensed = state.switches.ioc_licensed
    expiry = state.anchor + (300 if licensed else -30) * DAY
    data = {"licensed": licensed, "state": "valid" if licensed else "expired", "expiry": expiry}
    return Answer({"status": dialects.OK, "data": data})


def running(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    adom, now = _adom(state, call, found), state.now()
    rows = [
        {
            "tid": rescan.tid,
            "percentage": rescan.percentage(now),
            "status": "running",
            "threats-count": _threats(state, adom, rescan.started_at, now) * rescan.percentage(now) // 100,
        }
        for rescan in state.rescans.running(adom, now)
    ]
    return _answer(state, call, rows)


def history(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """One rescan a night, and those that clients started; each counts the threats of compromised hosts of its day."""
    adom, now = _adom(state, call, found), state.now()
    if not state.switches.ioc_licensed:
        return _answer(state, call, [])
    ends = [state.anchor - number * DAY for number in range(NIGHTLY)]
    rows = [_finished(state, adom, 870001 + number, end, end + 600) for number, end in enumerate(ends) if end <= now]
    for rescan in state.rescans.finished(adom, now):
        end = rescan.started_at + (rescan.seconds or 0)
        rows.append(_finished(state, adom, rescan.tid, rescan.started_at, end))
    return _answer(state, call, rows)


def start(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """One client sends this, no schema has it: only where the switch allows it."""
    if not state.switches.ioc_rescan_startable:
        raise method_not_supported(call.method)
    rescan = state.rescans.start(_adom(state, call, found), state.now())
    return Answer({"tid": rescan.tid} if call.live else {"data": {"tid": rescan.tid}, "status": dialects.OK})


def cancel(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    adom, tid = _adom(state, call, found), int(found["tid"])
    for rescan in state.rescans.running(adom, state.now()):
        if rescan.tid == tid:
            rescan.cancelled = True
            return Answer(dialects.acknowledged(call))
    raise invalid_tid(tid)


def _finished(state: FortiAnalyzerState, adom: str, tid: int, start: float, end: float) -> dict[str, Any]:
    return {
        "tid": tid,
        "status": "done",
        "percentage": 100,
        "start-time": int(start),
        "end-time": int(end),
        "threats-count": _threats(state, adom, start, state.now()),
    }


def _threats(state: FortiAnalyzerState, adom: str, start: float, now: float) -> int:
    """Hosts and threats that `threat-detect-summary` shows for the day before the rescan."""
    events = state.events.between(adom, start - DAY, start, now)
    return len({(event.srcip, event.threat) for event in events if event.infection})


def _adom(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> str:
    return state.scope(found["adom"]).adom


def _answer(state: FortiAnalyzerState, call: Call, rows: list[dict[str, Any]]) -> Answer:
    """With nothing to tell, the reply has no `result` at all."""
    if not rows and not state.switches.ioc_result_when_idle:
        return Answer(None)
    return Answer({"status": dialects.OK, "data": dialects.present(rows, state.switches, call.live)})


_RUN = r"/ioc/adom/(?P<adom>[^/]+)/rescan/run"
ROUTES = (
    route("get", r"/ioc/license/state", licence),
    route("get", _RUN, running),
    route("add", _RUN, start),
    route("delete", _RUN + r"/(?P<tid>\d{1,18})", cancel),
    route("get", r"/ioc/adom/(?P<adom>[^/]+)/rescan/history", history),
)
