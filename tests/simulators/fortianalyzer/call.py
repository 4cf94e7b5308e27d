# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One JSON-RPC request as the handlers see it, and what they return.

See protocol_fortianalyzer.rst, "Transport and requests".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import no_params
from .switches import Switches

# The daemons that answer in the object form; sys, dvmdb, cli and config trees never do.
V3_TREES = frozenset("fortiview logview eventmgmt ioc ueba incidentmgmt report soar fazsys".split())
Result = dict[str, Any]


@dataclass
class Call:
    """A request body with its url made uniform; `live` is the dialect that its reply will have."""

    body: dict[str, Any]
    method: Any
    url: str
    params: dict[str, Any]
    live: bool
    headers: Mapping[str, str]
    query: Mapping[str, str]

    @property
    def is_v3(self) -> bool:
        return self.url.split("/")[1] in V3_TREES

    @property
    def data(self) -> dict[str, Any]:
        data = self.params.get("data")
        return data if isinstance(data, dict) else {}


@dataclass
class Answer:
    """What a handler gives: a result object in the call's dialect, or none at all; `listed` overrules its shape."""

    result: Result | None
    session: str | None = None
    new_tid: int | None = None
    new_session: str | None = None
    listed: bool | None = None


def peek(body: Any) -> tuple[str | None, str | None, list[Any] | None]:
    """Method, url and params of anything that came in, for the journal and for faults."""
    if not isinstance(body, dict):
        return None, None, None
    method, params = body.get("method"), body.get("params")
    params = params if isinstance(params, list) else None
    url = params[0].get("url") if params and isinstance(params[0], dict) else None
    return (method if isinstance(method, str) else None), (url if isinstance(url, str) else None), params


def speaks_live(body: Any, switches: Switches) -> bool:
    """`auto`: the object form only for requests that carried `jsonrpc: "2.0"`."""
    if switches.dialect == "auto":
        return isinstance(body, dict) and body.get("jsonrpc") == "2.0"
    return switches.dialect == "live"


def read_call(body: dict[str, Any], live: bool, headers: Mapping[str, str], query: Mapping[str, str]) -> Call:
    """Only the first element of `params` counts; the leading slash of the url is optional."""
    _method, url, params = peek(body)
    if not params or not isinstance(params[0], dict) or url is None:
        raise no_params()
    return Call(
        body=body,
        method=body.get("method"),
        url="/" + url.lstrip("/"),
        params=params[0],
        live=live,
        headers=headers,
        query=query,
    )
