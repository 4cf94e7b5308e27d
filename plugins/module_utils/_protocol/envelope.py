# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds JSON-RPC requests (protocol_fortianalyzer.rst, "Transport and requests"). API keys are not part of a request,
because they are sent in a header."""

from __future__ import annotations

import typing as t

from .constants import API_VERSION, JSONRPC_VERSION, LOGIN_URL, LOGOUT_URL


def envelope(
    number: int, method: str, params: t.Mapping[str, t.Any], session: t.Optional[str] = None
) -> dict[str, t.Any]:
    """One request. The member `session` is omitted if there is no session, because FortiAnalyzer refuses a session
    together with an API key."""
    request: dict[str, t.Any] = {
        "id": number,
        "jsonrpc": JSONRPC_VERSION,
        "method": method,
        "params": [dict(params)],
    }
    if session is not None:
        request["session"] = session
    return request


def login_params(username: str, password: str) -> dict[str, t.Any]:
    return {"url": LOGIN_URL, "data": {"user": username, "passwd": password}}


def logout_params() -> dict[str, t.Any]:
    return {"url": LOGOUT_URL}


def fetch_params(url: str, paging: t.Optional[t.Mapping[str, int]] = None) -> dict[str, t.Any]:
    """The parameters of a poll or a read, which are the same call. `paging` is the documented `data: {limit, offset}`,
    which has no effect on live FortiAnalyzers."""
    params: dict[str, t.Any] = {"url": url, "apiver": API_VERSION}
    if paging is not None:
        params["data"] = dict(paging)
    return params


def log_fetch_params(url: str, limit: int) -> dict[str, t.Any]:
    """The parameters to read a log search. This request has `limit` at the top level, with a default of 50
    (protocol_fortianalyzer.rst, "Log search")."""
    return {"url": url, "apiver": API_VERSION, "limit": limit, "offset": 0}


def delete_params(url: str) -> dict[str, t.Any]:
    return {"url": url, "apiver": API_VERSION}
