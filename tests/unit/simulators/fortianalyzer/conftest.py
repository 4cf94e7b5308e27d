# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator in either dialect, and a plain client that knows nothing of the collection's own."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from simulators.fortianalyzer import FortiAnalyzer, ManualClock, Switches

ANCHOR = 1772366400  # 2026-03-01 12:00 UTC
HOUR = 3600
DAY = 24 * HOUR


class Caller:
    """Sends JSON-RPC bodies over one connection."""

    def __init__(self, faz: FortiAnalyzer, clock: ManualClock) -> None:
        self.faz = faz
        self.clock = clock
        self.http = requests.Session()
        self.http.trust_env = False
        self.session: str | None = None

    def post(self, body: Any, url: str | None = None, **more: Any) -> requests.Response:
        more.setdefault("timeout", 10)
        return self.http.post(url or self.faz.url, json=body, verify=self.faz.ca_path, **more)

    def body(self, method: str, url: str, **params: Any) -> dict[str, Any]:
        body: dict[str, Any] = {"id": 7, "jsonrpc": "2.0", "method": method, "params": [{"url": url, **params}]}
        if self.session is not None:
            body["session"] = self.session
        return body

    def call(self, method: str, url: str, **params: Any) -> Any:
        return self.post(self.body(method, url, **params)).json()

    def login(self, password: str | None = None) -> Any:
        data = {"user": self.faz.username, "passwd": self.faz.password if password is None else password}
        reply = self.post({**self.body("exec", "/sys/login/user", data=data), "session": None}).json()
        self.session = reply.get("session", self.session)
        return reply

    def logout(self) -> Any:
        return self.call("exec", "/sys/logout")

    def last(self, hours: float = 24) -> dict[str, str]:
        return self.window(ANCHOR - hours * HOUR, ANCHOR)

    @classmethod
    def window(cls, start: float, end: float) -> dict[str, str]:
        return {"start": cls.stamp(start), "end": cls.stamp(end)}

    @staticmethod
    def stamp(epoch: float) -> str:
        return datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).isoformat(timespec="seconds")

    @staticmethod
    def sort(field: str, order: str = "desc") -> list[dict[str, str]]:
        return [{"field": field, "order": order}]

    def submit(self, view: str, adom: str = "root", **params: Any) -> Any:
        """A whole and correct submit; keyword arguments replace its parts (None: leave it out)."""
        sent = {
            "apiver": 3,
            "device": [{"devid": "All_Devices"}],
            "time-range": self.last(),
            "limit": 1000,
            "count-total": True,
            **{name.replace("_", "-"): value for name, value in params.items()},
        }
        sent = {name: value for name, value in sent.items() if value is not None}
        return self.call("add", f"/fortiview/adom/{adom}/{view}/run", **sent)

    def tid(self, view: str, adom: str = "root", **params: Any) -> int:
        result = self.submit(view, adom, **params)["result"]
        found = result[0]["data"]["tid"] if isinstance(result, list) else result["tid"]
        assert isinstance(found, int)
        return found

    def fetch(self, view: str, tid: int, adom: str = "root", **params: Any) -> Any:
        return self.call("get", f"/fortiview/adom/{adom}/{view}/run/{tid}", apiver=3, **params)

    def delete(self, view: str, tid: int, adom: str = "root") -> Any:
        return self.call("delete", f"/fortiview/adom/{adom}/{view}/run/{tid}", apiver=3)

    def rows(self, view: str, adom: str = "root", **params: Any) -> list[dict[str, Any]]:
        """Submit and read, in the live dialect."""
        reply = self.fetch(view, self.tid(view, adom, **params), adom)
        found = reply["result"]["data"]
        assert isinstance(found, list)
        return found


@pytest.fixture(scope="session")
def clock() -> ManualClock:
    return ManualClock(ANCHOR)


@pytest.fixture(scope="session")
def shared(clock: ManualClock) -> Iterator[FortiAnalyzer]:
    with FortiAnalyzer(Switches(), clock=clock, anchor=ANCHOR) as faz:
        yield faz


@pytest.fixture
def faz(shared: FortiAnalyzer, clock: ManualClock) -> FortiAnalyzer:
    clock.advance(ANCHOR - clock.now())
    shared.reset()
    return shared


@pytest.fixture
def caller(faz: FortiAnalyzer, clock: ManualClock) -> Iterator[Caller]:
    """Logged in, live dialect."""
    found = Caller(faz, clock)
    found.login()
    yield found
    found.http.close()


@pytest.fixture
def stranger(faz: FortiAnalyzer, clock: ManualClock) -> Iterator[Callable[[], Caller]]:
    """Makes clients that are not logged in."""
    made: list[Caller] = []

    def make() -> Caller:
        made.append(Caller(faz, clock))
        return made[-1]

    yield make
    for item in made:
        item.http.close()
