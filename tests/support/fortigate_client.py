# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plain client for tests, which knows nothing of the collection's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import requests

from simulators.fortigate import FortiGate


class Client:
    """Sends what the official modules send: JSON with the content type of a form.

    See protocol_fortigate.rst, "HTTP requests".
    """

    def __init__(self, fortigate: FortiGate, token: str | None = "") -> None:
        self.fortigate = fortigate
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.verify = fortigate.ca_path
        if token is not None:
            self.http.headers["Authorization"] = f"Bearer {token or fortigate.token}"

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """A path without leading slash lies below /api/v2/."""
        url = self.fortigate.url + (path if path.startswith("/") else f"/api/v2/{path}")
        data = None if body is None else body if isinstance(body, str) else json.dumps(body)
        headers = {"Content-Type": "application/x-www-form-urlencoded", **more.pop("headers", {})}
        more.setdefault("timeout", 10)
        return self.http.request(method, url, data=data, headers=headers, allow_redirects=False, **more)

    def get(self, path: str) -> Any:
        return self.send("GET", path).json()

    def results(self, path: str) -> Any:
        return self.get(path)["results"]

    def post(self, path: str, body: Any = None) -> requests.Response:
        return self.send("POST", path, body)

    def put(self, path: str, body: Any = None) -> requests.Response:
        return self.send("PUT", path, body)

    def delete(self, path: str) -> requests.Response:
        return self.send("DELETE", path, "null")

    def ban(self, *addresses: str, expiry: Any = 3600, vdom: str = "root") -> requests.Response:
        body = {"ip_addresses": list(addresses), "expiry": expiry}
        return self.post(f"monitor/user/banned/add_users?vdom={vdom}", body)

    def unban(self, *addresses: str, vdom: str = "root") -> requests.Response:
        return self.post(f"monitor/user/banned/clear_users?vdom={vdom}", {"ip_addresses": list(addresses)})

    def banned(self, vdom: str = "root") -> list[str]:
        return [ban["ip_address"] for ban in self.results(f"monitor/user/banned?vdom={vdom}")]

    def push(self, command: str, entries: Sequence[Any], name: str = "soc-block", where: str = "vdom=root") -> Any:
        body = {"commands": [{"name": name, "command": command, "entries": list(entries)}]}
        return self.post(f"monitor/system/external-resource/dynamic?{where}", body).json()

    def entries(self, name: str = "soc-block", where: str = "vdom=root") -> Any:
        return self.results(f"monitor/system/external-resource/entry-list?{where}&mkey={name}")
