# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request that went over the wire, for assertions (protocol_fortianalyzer.rst, "Requirements for a simulator")."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..common.journal import HttpEntry


@dataclass(kw_only=True)
class Entry(HttpEntry):
    """One HTTP request with the JSON-RPC call that it carried, and its reply."""

    method: str | None
    url: str | None
    params: list[Any] | None
    rows_left_out: int = 0

    @property
    def title(self) -> str:
        return f"{super().title} {self.method or ''} {self.url or ''}".strip()


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
