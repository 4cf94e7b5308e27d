# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What went over the wire, for assertions (contract section 11, request journal)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass
class Entry:
    """One HTTP request and its reply; headers keep their secrets, so that leaks can be looked for."""

    time: float
    http_method: str
    path: str
    query: str
    headers: dict[str, str]
    client: tuple[str, int]
    method: str | None
    url: str | None
    params: list[Any] | None
    body: Any
    status: int = 0
    fault: str | None = None
    reply_text: bytes | None = None
    rows_left_out: int = 0

    @property
    def reply(self) -> Any:
        """The reply's JSON; text where it was none; None where the connection was cut."""
        if self.reply_text is None:
            return None
        try:
            return json.loads(self.reply_text)
        except ValueError:
            return self.reply_text.decode("utf-8", "replace")

    def as_dict(self) -> dict[str, Any]:
        names = ("time", "http_method", "path", "query", "headers", "client", "method", "url", "params", "body")
        shown = {name: getattr(self, name) for name in (*names, "status", "fault", "rows_left_out")}
        return {**shown, "reply": self.reply}


class Journal(list[Entry]):
    """The entries in order of arrival."""

    def params_of(self, method: str, prefix: str) -> list[dict[str, Any]]:
        """First parameter objects of all calls of one method below one url."""
        found = []
        for entry in list(self):
            if entry.method == method and entry.params and (entry.url or "").lstrip("/").startswith(prefix):
                found.append(entry.params[0])
        return found

    @staticmethod
    def text_to_keep(encoded: bytes, body: Any, most: int) -> tuple[bytes, int]:
        """Replies of benchmarks would fill the memory: over the limit, the rows are left out."""
        if len(encoded) <= most or not isinstance(body, dict):
            return encoded, 0
        left_out = 0

        def without_rows(value: Any) -> Any:
            nonlocal left_out
            if isinstance(value, dict):
                return {key: without_rows(item) for key, item in value.items()}
            if isinstance(value, list) and len(value) > 10:
                left_out += len(value)
                return []
            return [without_rows(item) for item in value] if isinstance(value, list) else value

        return json.dumps(without_rows(body)).encode(), left_out
