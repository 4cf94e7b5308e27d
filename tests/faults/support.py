# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules' own operations against a simulator, over TLS, on a clock that both share: no real second passes."""

from __future__ import annotations

import datetime as dt
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._glue.operations import find, read, submit
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import World

from simulators.fortianalyzer import ManualClock, Simulator

# Tuesday noon in UTC; the day of the documentation's examples lies two days before.
START = dt.datetime(2025, 11, 11, 12, 0, tzinfo=dt.timezone.utc).timestamp()
DAY = {"start": "2025-11-10 00:00:00", "end": "2025-11-10 23:59:59"}

CONNECTION: dict[str, t.Any] = {
    "api_token": None,
    "forticloud_access_token": None,
    "validate_certs": True,
    "request_timeout": 30.0,
    "proxy": None,
}
MANY: dict[str, t.Any] = {"wait_timeout": 300.0, "max_concurrent": 4, "on_error": "fail"}
READING: dict[str, t.Any] = {
    "tasks": None,
    "adom": "root",
    "view": None,
    "tid": None,
    "name": None,
    "wait": True,
    "limit": None,
    "offset": None,
    "on_gone": "fail",
    "delete": False,
    "raw": False,
}
HUNTING: dict[str, t.Any] = {
    "threats": None,
    "view": "top-threats",
    "threats_filter": None,
    "names": None,
    "severities": None,
    "outcome": "any",
    "min_incidents": 0,
    "limit": 50,
    "max_threats": 10000,
    "adoms": ["root"],
    "device": None,
    "filter": None,
    "time_range": {"last": "24h"},
    "timezone": None,
    "ways": ["rows", "threat-src-dst", "source-threat", "logsearch"],
    "max_tasks": 50,
    "max_rows": 5000,
    "max_age": "24h",
}


class Client:
    """Calls faz_fortiview_task (`submit`, `ask`) and faz_fortiview_result (`read`) as a playbook would."""

    def __init__(self, faz: Simulator, clock: ManualClock) -> None:
        self.faz = faz
        self.clock = clock
        self.slept = 0.0
        self.progress: list[str] = []
        self.world = World(clock.now, self._sleep, self._now, self.progress.append)
        self.connection = dict(
            CONNECTION,
            host=faz.host,
            port=faz.port,
            ca_path=faz.ca_path,
            username=faz.username,
            password=faz.password,
        )

    def submit(self, **options: t.Any) -> dict[str, t.Any]:
        asked = {"adom": "root", "time_range": DAY, "queries": None, "wait": False, **MANY, **options}
        return submit({**self.connection, **asked}, self.world)

    def ask(self, **options: t.Any) -> dict[str, t.Any]:
        return self.submit(wait=True, **options)

    def read(self, **options: t.Any) -> dict[str, t.Any]:
        return read({**self.connection, **MANY, **READING, **options}, self.world)

    def find(self, **options: t.Any) -> dict[str, t.Any]:
        asked = {**MANY, **HUNTING, **options}
        return find({**self.connection, **asked}, self.world)

    def _sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.clock.advance(seconds)

    def _now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.clock.now(), dt.timezone.utc)
