# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests to a FortiAnalyzer: /jsonrpc and the cloud login.

See protocol_fortianalyzer.rst, "Transport and requests".
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..common import odd_text, wire
from ..common.faults import Fault
from ..common.journal import parsed
from . import dialects, http_faults
from .call import Answer, Call, peek, read_call, speaks_live
from .dispatch import dispatch
from .errors import INVALID_PARAMS, HttpError, RpcError, StatusError, invalid_data, invalid_request
from .journal import Entry, Journal
from .state import CLOUD_LOGIN, FortiAnalyzerState
from .switches import Switches


@dataclass
class Outcome:
    """A reply before it is sent, and what its loss would orphan."""

    status: int
    body: Any
    answer: Answer | None = None


async def serve(request: Request, state: FortiAnalyzerState) -> Response:
    """Journal the request, apply a fault if one is due, else let the FortiAnalyzer answer."""
    body = parsed(await request.body())
    method, url, params = peek(body)
    entry = Entry.of(request, state.now(), body, method=method, url=url, params=params)
    state.journal.append(entry)
    if state.switches.latency:
        await asyncio.sleep(state.switches.latency)
    if state.is_overrun():
        return wire.sent(entry, Response("<html><body>Too Many Requests</body></html>", 429, media_type="text/html"))
    fault = state.faults.take(entry.method, entry.url or entry.path)
    if fault is not None:
        entry.fault = fault.kind
        instead = await http_faults.before(fault, entry, state, body)
        if instead is not None:
            return instead
    outcome = _process(request, state, body)
    if fault is not None and fault.kind == "slow" and await request.is_disconnected():
        # The client has gone meanwhile.
        _forgive(outcome, state)
    return _reply(outcome, entry, state, fault)


def _process(request: Request, state: FortiAnalyzerState, body: Any) -> Outcome:
    path = request.url.path
    if path == CLOUD_LOGIN and request.method == "POST":
        return _cloud_login(state, body)
    if path != "/jsonrpc":
        return Outcome(404, "Not Found")
    if request.method != "POST":
        return Outcome(405, "Method Not Allowed")
    return _rpc(request, state, body)


def _rpc(request: Request, state: FortiAnalyzerState, body: Any) -> Outcome:
    switches = state.switches
    live = speaks_live(body, switches)
    url = peek(body)[1]
    call: Call | None = None
    try:
        if not isinstance(body, dict):
            raise invalid_request()
        call = read_call(body, live, request.headers, request.query_params)
        answer = dispatch(state, call)
        return Outcome(200, dialects.body_of(call, answer, switches), answer)
    except HttpError as error:
        return Outcome(error.status, error.body or "<html><body>Refused</body></html>")
    except (RpcError, StatusError) as refusal:
        said = invalid_data() if _is_vague(refusal, switches) else refusal
        # A request that cannot be understood is refused by the JSON-RPC layer itself, in its own form.
        is_v3 = call.is_v3 if call is not None else True
        return Outcome(200, dialects.error_body(body, live, is_v3, url, said, switches))


def _is_vague(refusal: RpcError | StatusError, switches: Switches) -> bool:
    """Some releases refuse every parameter by one sentence, which names none."""
    is_parameter = isinstance(refusal, RpcError) and refusal.code == INVALID_PARAMS
    return is_parameter and switches.parameter_refusal == "invalid-data"


def _cloud_login(state: FortiAnalyzerState, body: Any) -> Outcome:
    """FortiAnalyzer Cloud: an OAuth token for a session; everything after that is as ever."""
    token = body.get("access_token") if isinstance(body, dict) else None
    if token != state.cloud_token:
        return Outcome(
            401, {"error": "invalid_token", "error_description": "The access token is invalid or has expired"}
        )
    session = state.sessions.create(state.now(), cloud=True)
    answer = Answer(None, new_session=session.sid)
    return Outcome(200, {"session": session.sid}, answer)


def _reply(outcome: Outcome, entry: Entry, state: FortiAnalyzerState, fault: Fault | None) -> Response:
    is_text = isinstance(outcome.body, str)
    encoded = outcome.body.encode() if is_text else odd_text.encoded(outcome.body)
    lost = wire.after(fault, entry, state.connections, encoded) if fault is not None else None
    if lost is not None:
        _forgive(outcome, state)
        return lost
    entry.status = outcome.status
    entry.reply_text, entry.rows_left_out = Journal.text_to_keep(
        encoded, outcome.body, state.switches.journal_reply_bytes
    )
    media_type = "text/html" if is_text else "application/json"
    return Response(encoded, outcome.status, media_type=media_type)


def _forgive(outcome: Outcome, state: FortiAnalyzerState) -> None:
    """Nobody can log out a session or delete a task whose reply was lost."""
    if outcome.answer is not None and outcome.answer.new_tid is not None:
        state.tasks.forgive(outcome.answer.new_tid)
    if outcome.answer is not None and outcome.answer.new_session is not None:
        state.sessions.forgive(outcome.answer.new_session)
