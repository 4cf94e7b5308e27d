# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One API request as the handlers see it, and what they return (protocol_fortigate.rst, "HTTP requests", "Replies")."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from starlette.requests import Request

from ..common.faults import Fault

API = "/api/v2/"


@dataclass
class Call:
    """`parts` are the decoded steps below the tree; an encoded slash stays inside its step."""

    method: str
    tree: str
    parts: tuple[str, ...]
    query: dict[str, list[str]]
    body: Any
    vdom: str = "root"
    in_global: bool = False
    fault: Fault | None = None
    admin: str = ""

    @property
    def path(self) -> str:
        return "/".join(self.parts)

    def first(self, name: str) -> str | None:
        return next(iter(self.query.get(name, [])), None)

    @property
    def members(self) -> dict[str, Any]:
        return self.body if isinstance(self.body, dict) else {}

    def lost_on_the_way(self) -> int:
        """How many of the last items a planned fault makes disappear."""
        if self.fault is None or self.fault.kind != "partial":
            return 0
        return int(self.fault.details.get("missing", 1))


@dataclass
class Answer:
    """What a handler gives; `changed` only where configuration was written."""

    results: Any = None
    has_results: bool = True
    changed: bool | None = None
    key: Any = None
    more: dict[str, Any] = field(default_factory=dict)


def done(**more: Any) -> Answer:
    """Success without results."""
    return Answer(has_results=False, more=more)


def read_call(request: Request, body: Any) -> Call | None:
    """None for whatever is not below /api/v2; a trailing slash makes no difference."""
    raw = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.decode("latin-1").split("?")[0]
    return make_call(request.method, path[len(API) :], request.url.query, body) if path.startswith(API) else None


def make_call(method: str, path: str, query_text: str, body: Any) -> Call:
    tree, *parts = path.rstrip("/").split("/")
    query = parse_qs(query_text, keep_blank_values=True)
    call = Call(method=method, tree=tree, parts=tuple(unquote(part) for part in parts), query=query, body=body)
    call.in_global = call.first("scope") == "global"
    call.vdom = call.first("vdom") or "root"
    return call
