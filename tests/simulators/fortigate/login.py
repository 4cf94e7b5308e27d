# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The login endpoints (protocol_fortigate.rst, "Login")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import Response

from ..common.wire import LOGIN_PAGE, json_response
from .state import FortiGateState

AUTHENTICATION = "/api/v2/authentication"


def serve(state: FortiGateState, method: str, path: str, headers: Mapping[str, str], body: Any) -> Response | None:
    """The reply of a login endpoint; None for anything else."""
    if path == AUTHENTICATION and state.switches.api_login:
        return _authentication(state, method, headers, body)
    if path == AUTHENTICATION:
        return json_response({"status": "error", "http_status": 404}, 404)
    if path == "/logincheck" and method == "POST":
        return _logincheck(state, body)
    if path == "/logout":
        state.admins.logout(headers)
        return Response(LOGIN_PAGE, media_type="text/html")
    if not path.startswith("/api/"):
        # The web interface; modules up to 2.4.2 begin with a look at /logincheck.
        return Response(LOGIN_PAGE, media_type="text/html")
    return None


def _authentication(state: FortiGateState, method: str, headers: Mapping[str, str], body: Any) -> Response:
    if method == "DELETE":
        state.admins.logout(headers)
        return json_response({"status_code": 0, "status_message": "LOGOUT_SUCCESS"})
    if method != "POST":
        return json_response({"status": "error", "http_status": 405}, 405)
    given = body if isinstance(body, dict) else {}
    password = given.get("secretkey", given.get("password"))
    session = state.admins.login(given.get("username"), password, state.now(), with_cookie=False)
    if session is None:
        locked = state.admins.locked(state.now())
        refusal = {"status_code": -4, "status_message": "LOGIN_LOCKED_OUT" if locked else "LOGIN_FAILED"}
        if state.switches.login_refusal == "status200":
            return json_response(refusal)
        return json_response(refusal, 429 if locked else 401)
    reply = {"status_code": 5, "status_message": "LOGIN_SUCCESS"}
    return json_response({**reply, "session_key": session.key} if given.get("request_key") else reply)


def _logincheck(state: FortiGateState, body: Any) -> Response:
    """The form of the web interface: 1 and cookies, or 0."""
    form = parse_qs(body if isinstance(body, str) else "")
    given = (form.get("username", [""])[0], form.get("secretkey", [""])[0])
    session = state.admins.login(*given, state.now(), with_cookie=True)
    if session is None:
        return Response("0", media_type="text/plain")
    reply = Response('1document.location="/";\n', media_type="text/plain")
    for name, value in ((f"APSCOOKIE_{state.serial[-4:]}", session.key), ("ccsrftoken", session.csrf)):
        reply.headers.append("set-cookie", f'{name}="{value}"; path=/; secure')
    return reply
