# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scripted appliance: every reply is the test's own, on a clock that the client shares."""

from __future__ import annotations

import datetime as dt
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError
from ansible_collections.secops.fortiview.plugins.module_utils._glue.operations import find, submit
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import Reply, decode
from ansible_collections.secops.fortiview.plugins.module_utils._query.queries import OPTIONS, parse_queries
from ansible_collections.secops.fortiview.plugins.module_utils._query.tickets import parse_ticket
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import (
    Context,
    Limits,
    Reading,
    ask_all,
    read_all,
)

from component.support import HUNTING, MANY
from simulators.fortianalyzer import ManualClock

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.timezone.utc).timestamp()
LIMITS = Limits()
OK = {"code": 0, "message": "OK"}
Params = dict[str, t.Any]


class Scripted:
    """A Caller whose `fetch` answers polls; submits get tids 1, 2, 3…"""

    host = "faz"
    left_open = ""
    verified = True

    def __init__(self, fetch: t.Callable[[Params, int], t.Any], seconds: float = 0.01) -> None:
        self.fetch = fetch
        self.seconds = seconds
        self.clock = ManualClock(START)
        self.submits: list[Params] = []
        self.polls: list[Params] = []
        self.deleted: list[str] = []
        # What is asked beside the query, and what is answered to that.
        self.aside_urls: list[str] = []
        self.log_times: t.Any = {}

    def call(self, method: str, params: t.Mapping[str, t.Any], give_up_at: t.Optional[float] = None) -> Reply:
        self.clock.advance(self.seconds)
        if params["url"] == "/sys/status":
            return decode({"result": [{"status": OK, "data": {"TZ": "UTC"}}]})
        if method == "add":
            self.submits.append(dict(params))
            return decode(self.submitted(dict(params)))
        self.polls.append(dict(params))
        return decode(self.fetch(dict(params), len(self.polls)))

    def submitted(self, params: Params) -> t.Any:
        return {"jsonrpc": "2.0", "result": {"tid": len(self.submits)}}

    def __enter__(self) -> Scripted:
        return self

    def __exit__(self, *dummy: object) -> None:
        pass

    def aside(self, method: str, params: t.Mapping[str, t.Any]) -> Reply:
        self.aside_urls.append(params["url"])
        return decode({"result": {"status": OK, "data": self.log_times}})

    def tidy(self, method: str, params: t.Mapping[str, t.Any]) -> None:
        self.deleted.append(params["url"])

    @property
    def context(self) -> Context:
        return Context(self.clock.now, self.clock.advance, self.now)

    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.clock.now(), dt.timezone.utc)

    def ask(self, limits: Limits = LIMITS, **options: t.Any) -> t.Any:
        """One outcome; errors are raised. One device, so that no second all-devices word is tried."""
        asked = {"view": "top-threats", "time_range": {"last": "1h"}, "device": ["FG100FTK20000001"], **options}
        outcomes = ask_all(self, parse_queries(asked), limits, self.context)
        if isinstance(outcomes[0], FortiViewError):
            raise outcomes[0]
        return outcomes[0]

    def task(self, **options: t.Any) -> dict[str, t.Any]:
        """What faz_fortiview_task returns."""
        params = {
            **dict.fromkeys(OPTIONS),
            "queries": None,
            "wait": True,
            **MANY,
            "time_range": {"last": "1h"},
            **options,
        }
        return submit(params, self.context._replace(shared=self))  # type: ignore[arg-type]

    def find(self, **options: t.Any) -> dict[str, t.Any]:
        """What faz_threat_sources_info returns."""
        return find({**HUNTING, **options}, self.context._replace(shared=self))  # type: ignore[arg-type]

    def read(self, ticket: Params, **reading: t.Any) -> t.Any:
        outcomes = read_all(self, [parse_ticket(ticket)], Reading(**reading), Limits(), self.context)
        if isinstance(outcomes[0], FortiViewError):
            raise outcomes[0]
        return outcomes[0]


def live(**result: t.Any) -> Params:
    return {"jsonrpc": "2.0", "id": 1, "result": {"status": OK, **result}}


def documented(**data: t.Any) -> Params:
    return {"id": 1, "result": [{"status": OK, "data": data}]}


def threats(count: int, start: int = 0) -> list[Params]:
    return [{"threat": f"T{number}", "incidents": "1"} for number in range(start, start + count)]
