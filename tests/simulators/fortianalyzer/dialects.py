# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two formats of every reply (protocol_fortianalyzer.rst, "Reply dialects")."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..common import odd_text
from . import masking
from .call import Answer, Call, Result
from .errors import RpcError, StatusError
from .rankings import Row
from .switches import Switches
from .tasks import Task

OK = {"code": 0, "message": "OK"}
SUCCEEDED = {"code": 0, "message": "succeeded"}


def body_of(call: Call, answer: Answer, switches: Switches) -> dict[str, Any]:
    """The whole reply; the object form announces itself by `jsonrpc`, system urls always have a list."""
    as_object = call.live and call.is_v3 if answer.listed is None else not answer.listed
    reply = envelope(call.body, as_object, switches)
    if answer.result is not None:
        reply["result"] = answer.result if as_object else [_with_url(call, answer.result)]
    if answer.session is not None:
        reply["session"] = answer.session
    return reply


def error_body(
    body: Any, live: bool, is_v3: bool, url: str | None, error: Exception, switches: Switches
) -> dict[str, Any]:
    """The reply to a refused request."""
    as_object = live and is_v3
    if isinstance(error, StatusError):
        status = {"code": error.code, "message": error.message}
        shape = switches.permission_error_shape if error.permission and is_v3 else None
        shape = shape or ("object" if as_object else "list")
        reply = envelope(body, as_object, switches)
        if shape == "error":
            return {**reply, "error": status}
        return {**reply, "result": {"status": status} if shape == "object" else _listed(status, None if is_v3 else url)}
    assert isinstance(error, RpcError)
    if as_object:
        return {**envelope(body, True, switches), "error": {"code": error.code, "message": error.message}}
    status = {"code": error.documented_code, "message": error.documented_message}
    return {**envelope(body, False, switches), "result": _listed(status, None if is_v3 else url)}


def launched(call: Call, task: Task, rows: list[Row] | None, switches: Switches) -> Result:
    """Reply to a submit. Drill-downs carry their rows at once (protocol_fortianalyzer.rst, "Compromised hosts")."""
    if not call.live:
        data: dict[str, Any] = {"tid": task.tid}
        if rows is not None:
            data[task.query.view.documented_key] = present(rows, switches, live=False)
        return {"data": data, "status": OK}
    if rows is None:
        return {"tid": task.tid}
    shown = present(rows, switches, live=True)
    return {"tid": task.tid, "percentage": 100, "status": SUCCEEDED, "return-lines": len(shown), "data": shown}


def progress(call: Call, task: Task, percentage: int, rows: list[Row], switches: Switches) -> Result:
    """Reply before 100 %: live devices show partial rows, documented ones none."""
    share = shown_percentage(percentage, switches)
    if not call.live:
        return {"data": {"tid": task.tid, "status": "running", **share}, "status": OK}
    if not share:
        # Builds that omit the percentage cannot show partial rows: nobody could tell them from the final ones.
        return {"status": SUCCEEDED}
    shown = present(rows, switches, live=True)
    reply = {**share, "status": SUCCEEDED, "data": shown, "return-lines": len(shown)}
    if task.query.count_total:
        reply["total-count-all"] = len(task.rows(percentage))
    return reply


def finished(call: Call, task: Task, rows: list[Row], switches: Switches) -> Result:
    """Reply at 100 %."""
    query = task.query
    shown = present(rows, switches, call.live)
    share = shown_percentage(100, switches) if switches.final_percentage else {}
    if not call.live:
        total = len(task.ranking) if switches.total_form == "all" else len(shown)
        data = {"tid": task.tid, "status": switches.done_word, **share, "total": total}
        data[query.view.documented_key] = shown
        if switches.masked_fields:
            data["masked-fields"] = list(switches.masked_fields)
        return {"data": data, "status": OK}
    reply: Result = {**share, "status": SUCCEEDED, "return-lines": len(shown)}
    if query.count_total:
        reply["total-count-all"] = len(task.ranking)
    start = 0 if query.window.whole else int(query.window.start)
    reply.update({"db_start_time": start, "max-value": {}, "masked-fields": list(switches.masked_fields)})
    if switches.result_extras:
        zone = switches.adom_zones.get(query.scope.adom, switches.time_zone)
        reply.update(
            {"tid": task.tid, "timezone": zone, "data-time-range": {"start": start, "end": int(task.submitted_at)}}
        )
    reply["data"] = shown
    return reply


def failed(call: Call, task: Task, switches: Switches) -> Result:
    """Reply for a task that ended badly."""
    if call.live:
        return {"tid": task.tid, "status": {"code": -1, "message": "Internal error: query failed"}}
    return {"data": {"tid": task.tid, "status": "error", **shown_percentage(100, switches)}, "status": OK}


def acknowledged(call: Call) -> Result:
    return {"status": OK}


def present(rows: Iterable[Row], switches: Switches, live: bool) -> list[Row]:
    """Rows as they go over the wire: masked where the profile says so, strings where the dialect says so."""
    rows = _spelled(_marked(masking.masked(rows, switches), switches), switches)
    form = switches.row_values or ("strings" if live else "native")
    if form == "native":
        return list(rows)
    text = _scientific if form == "scientific" else str
    return [
        {name: value if isinstance(value, (str, dict, list)) else text(value) for name, value in row.items()}
        for row in rows
    ]


def _marked(rows: Iterable[Row], switches: Switches) -> list[Row]:
    """In the first row, the columns that are to have odd text have it in their middle."""
    found = list(rows)
    for column, kind in switches.odd_text.items():
        if found and isinstance(found[0].get(column), str):
            found[0] = {**found[0], column: odd_text.marked(found[0][column], kind)}
    return found


def _spelled(rows: Iterable[Row], switches: Switches) -> list[Row]:
    """By column, what the first rows have in the place of their number, such as 4.5e+10 or 12.5 MB."""
    spelled = [dict(row) for row in rows]
    for column, texts in switches.spelled_figures.items():
        for row, text in zip(spelled, texts):
            if column in row:
                row[column] = text
    return spelled


def _scientific(value: Any) -> str:
    """Large figures as a database prints floating point: 4.5e+10."""
    if not isinstance(value, int) or value < 10**7:
        return str(value)
    figures, exponent = f"{value:.15e}".split("e")
    return f"{figures.rstrip('0').rstrip('.')}e{exponent}"


def envelope(body: Any, as_object: bool, switches: Switches) -> dict[str, Any]:
    """The members around a result; the schema calls the id a string, whatever was sent."""
    reply: dict[str, Any] = {"jsonrpc": "2.0"} if as_object else {}
    if isinstance(body, dict) and "id" in body and switches.id_form != "missing":
        reply["id"] = str(body["id"]) if switches.id_form == "string" else body["id"]
    return reply


def _with_url(call: Call, result: Result) -> Result:
    """Documented fetches are the one list form that does not name its url."""
    return result if call.is_v3 and call.method == "get" else {**result, "url": call.params["url"]}


def _listed(status: dict[str, Any], url: str | None) -> list[dict[str, Any]]:
    return [{"status": status, "url": url}] if url is not None else [{"status": status}]


def shown_percentage(value: int, switches: Switches) -> dict[str, Any]:
    forms: dict[str, Any] = {"int": value, "string": str(value), "float": float(value), "percent": f"{value}%"}
    form = switches.percentage_form
    return {"percentage": forms[form]} if form in forms else {}
