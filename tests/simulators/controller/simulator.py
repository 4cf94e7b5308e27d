# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python interface: one controller as a context manager, which records what is asked of it."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..common.connections import Connections
from ..common.journal import parsed
from ..common.server import Server
from .api import VERSION, answer
from .errors import Refused
from .store import Object, Store

PREFIX = "/api/v2/"
PRODUCT = {"X-API-Product-Name": "AWX", "X-API-Product-Version": VERSION}


@dataclass(frozen=True)
class Request:
    """One request; `body` as it came, with its secrets."""

    method: str
    path: str
    body: Any
    status: int


class Controller(Server):
    """An automation controller on 127.0.0.1 that starts empty."""

    def __init__(self, directory: Path | None = None) -> None:
        self.username, self.password = "admin", secrets.token_urlsafe(16)
        self.requests: list[Request] = []
        self._tokens: dict[str, str] = {}
        self.store = Store()
        methods = ["GET", "POST", "PATCH", "DELETE"]
        app = Starlette(routes=[Route("/{path:path}", self._serve, methods=methods)])
        super().__init__(app, Connections(), "Controller simulator", directory=directory)

    @property
    def url(self) -> str:
        return f"https://{self.host}:{self.port}"

    @property
    def open_tokens(self) -> int:
        return len(self._tokens)

    @property
    def writes(self) -> list[Request]:
        """What was written, without logins and logouts."""
        return [one for one in self.requests if one.method != "GET" and not one.path.startswith(f"{PREFIX}tokens/")]

    @property
    def jobs(self) -> list[Object]:
        """What was launched, in order."""
        return sorted([*self.store.all("jobs"), *self.store.all("workflow_jobs")], key=lambda job: int(job["id"]))

    def finish(self, job: Object, status: str = "successful") -> None:
        self.store.get(f"{job['type']}s", job["id"])["status"] = status

    def issue_token(self) -> str:
        """A token as somebody makes it on the page of his account."""
        token = secrets.token_urlsafe(16)
        self._tokens[f"own-{len(self._tokens)}"] = token
        return token

    def named(self, resource: str, name: str) -> Object:
        """The object of that name; of nodes, of that identifier."""
        field = "identifier" if resource == "workflow_job_template_nodes" else "name"
        return next(item for item in self.store.all(resource) if item[field] == name)

    def linked(self, resource: str, name: str, association: str) -> list[str]:
        """Names, or identifiers, of what is associated with it."""
        items = self.store.linked(resource, self.named(resource, name)["id"], association)
        return [item.get("identifier") or item["name"] for item in items]

    async def _serve(self, request: HttpRequest) -> Response:
        body = parsed(await request.body())
        try:
            status, found = self._answer(request, body)
        except Refused as refused:
            status, found = refused.status, refused.body
        self.requests.append(Request(request.method, request.url.path, body, status))
        return Response(status_code=204, headers=PRODUCT) if status == 204 else JSONResponse(found, status, PRODUCT)

    def _answer(self, request: HttpRequest, body: Any) -> tuple[int, Any]:
        path = request.url.path
        if not path.startswith(PREFIX):
            raise Refused(404, {"detail": "Not found."})
        parts = path.removeprefix(PREFIX).strip("/").split("/")
        if parts[0] == "tokens":
            return self._token(request.method, parts[1:], request.headers)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self._tokens.values():
            raise Refused(401, {"detail": "Authentication credentials were not provided."})
        return answer(self.store, request.method, parts, dict(request.query_params), body)

    def _token(self, method: str, rest: list[str], headers: Mapping[str, str]) -> tuple[int, Any]:
        wanted = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        if headers.get("authorization") != f"Basic {wanted}":
            raise Refused(401, {"detail": "Invalid username/password."})
        if method == "DELETE":
            self._tokens.pop(rest[0])
            return 204, None
        number = str(len(self.requests) + 1)
        self._tokens[number] = secrets.token_urlsafe(16)
        return 201, {"id": number, "token": self._tokens[number]}
