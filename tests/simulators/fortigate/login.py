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
from .box import Box

AUTHENTICATION = "/api/v2/authentication"


def serve(box: Box, method: str, path: str, headers: Mapping[str, str], body: Any) -> Response | None:
    """The reply of a login endpoint; None for anything else."""
    if path == AUTHENTICATION and box.switches.api_login:
        return _authentication(box, method, headers, body)
    if path == AUTHENTICATION:
        return json_response({"status": "error", "http_status": 404}, 404)
    if path == "/logincheck" and method == "POST":
        return _logincheck(box, body)
    if path == "/logout":
        box.admins.logout(headers)
        return Response(LOGIN_PAGE, media_type="text/html")
    if not path.startswith("/api/"):
        # The web interface; modules up to 2.4.2 begin with a look at /logincheck.
        return Response(LOGIN_PAGE, media_type="text/html")
    return None


def _authentication(box: Box, method: str, headers: Mapping[str, str], body: Any) -> Response:
    if method == "DELETE":
        box.admins.logout(headers)
        return json_response({"status_code": 0, "status_message": "LOGOUT_SUCCESS"})
    if method != "POST":
        return json_response({"status": "error", "http_status": 405}, 405)
    given = body if isinstance(body, dict) else {}
    password = given.get("secretkey", given.get("password"))
    session = box.admins.login(given.get("username"), password, box.now(), with_cookie=False)
    if session is None:
        locked = box.admins.locked(box.now())
        refusal = {"status_code": -4, "status_message": "LOGIN_LOCKED_OUT" if locked else "LOGIN_FAILED"}
        if box.switches.login_refusal == "status200":
            return json_response(refusal)
        return json_response(refusal, 429 if locked else 401)
    reply = {"status_code": 5, "status_message": "LOGIN_SUCCESS"}
    return json_response({**reply, "session_key": session.key} if given.get("request_key") else reply)


def _logincheck(box: Box, body: Any) -> Response:
    """The form of the web interface: 1 and cookies, or 0."""
    form = parse_qs(body if isinstance(body, str) else "")
    given = (form.get("username", [""])[0], form.get("secretkey", [""])[0])
    session = box.admins.login(*given, box.now(), with_cookie=True)
    if session is None:
        return Response("0", media_type="text/plain")
    reply = Response('1document.location="/";\n', media_type="text/plain")
    for name, value in ((f"APSCOOKIE_{box.serial[-4:]}", session.key), ("ccsrftoken", session.csrf)):
        reply.headers.append("set-cookie", f'{name}="{value}"; path=/; secure')
    return reply
