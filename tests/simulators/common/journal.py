# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What went over the wire, for assertions."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from starlette.requests import Request

RequestT = TypeVar("RequestT", bound="HttpEntry")


@dataclass(kw_only=True)
class HttpEntry:
    """One HTTP request and its reply; headers keep their secrets, so that leaks can be looked for."""

    time: float
    http_method: str
    path: str
    query: str
    headers: dict[str, str]
    client: tuple[str, int]
    body: Any
    status: int = 0
    fault: str | None = None
    reply_text: bytes | None = field(default=None, repr=False)

    @classmethod
    def of(cls: type[RequestT], request: Request, time: float, body: Any, **more: Any) -> RequestT:
        client = (request.client.host, request.client.port) if request.client else ("", 0)
        return cls(
            time=time, http_method=request.method, path=request.url.path, query=request.url.query,
            headers=dict(request.headers), client=client, body=body, **more,
        )  # fmt: skip

    @property
    def title(self) -> str:
        return f"{self.http_method} {self.path}"

    @property
    def reply(self) -> Any:
        """The reply's JSON; text where it was none; None where the connection was cut."""
        return None if self.reply_text is None else parsed(self.reply_text)

    def as_dict(self) -> dict[str, Any]:
        shown = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "reply_text"}
        return {**shown, "reply": self.reply}


def parsed(raw: bytes) -> Any:
    """JSON by content, whatever its type is said to be; text where it is none."""
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode("utf-8", "replace")
