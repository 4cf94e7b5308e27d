# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests, replies and a caller that a test answers itself, on a manual clock and without a scheduler."""

from __future__ import annotations

import datetime as dt
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import Reply, decode
from ansible_collections.secops.fortiview.plugins.module_utils._query.formats import RequestFormats
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import Request
from ansible_collections.secops.fortiview.plugins.module_utils._query.views import view_of
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.run import Run
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.scheduler import Pause

Rows = list[dict[str, t.Any]]
OK = {"code": 0, "message": "OK"}
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.timezone.utc)
ONE, OTHER = {"devid": "FG100FTK20000001"}, {"devname": "FG100FTK20000001"}


def request(limit: t.Optional[int] = 50, offset: int = 0, **more: t.Any) -> Request:
    params = {"url": "/fortiview/adom/root/top-sources/run", "device": [dict(ONE)]}
    known = {"params": params, **more}
    return Request("sources", "root", "top-sources", view_of("top-sources"), limit=limit, offset=offset, **known)


def sources(end: int, start: int = 0) -> Rows:
    return [{"srcip": f"10.0.{number // 250}.{number % 250}", "sessions": "5"} for number in range(start, end)]


def live(rows: t.Optional[Rows] = None, percentage: t.Optional[float] = 100, **more: t.Any) -> Reply:
    known = {"percentage": percentage, "data": rows}
    return decode(
        {"result": {"status": OK, **{key: value for key, value in known.items() if value is not None}, **more}}
    )


def documented(rows: Rows, total: t.Optional[int] = None, **more: t.Any) -> Reply:
    counted = {} if total is None else {"total": total}
    data = {"status": "done", "percentage": 100, "sources": rows, **counted, **more}
    return decode({"result": [{"status": OK, "data": data}]})


def given(result: t.Any) -> t.Any:
    """The answer that a test has prepared. Raises it if it is an error."""
    if isinstance(result, BaseException):
        fail(result)
    return result


def fail(error: BaseException) -> t.NoReturn:
    raise error


class Caller:
    """Answers each call by the next of `replies`: a Reply, or an error that is raised. A submit without one gets the next task id."""

    def __init__(self, *replies: t.Union[Reply, Exception]) -> None:
        self.replies = list(replies)
        self.submits: list[dict[str, t.Any]] = []
        self.polls: list[dict[str, t.Any]] = []
        self.deleted: list[str] = []
        self.delete_error: t.Optional[FortiViewError] = None
        self.submit_errors: list[Exception] = []
        self.logs: t.Any = {}
        self.asked_aside: list[str] = []
        self.time = 1000.0
        self.progress: list[str] = []
        self.formats = RequestFormats()

    def call(self, method: str, params: t.Mapping[str, t.Any], give_up_at: t.Optional[float] = None) -> Reply:
        if method == "add":
            if self.submit_errors:
                raise self.submit_errors.pop(0)
            self.submits.append(dict(params))
            return decode({"result": {"tid": len(self.submits)}})
        self.polls.append(dict(params))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return given(reply)

    def aside(self, method: str, params: t.Mapping[str, t.Any]) -> Reply:
        self.asked_aside.append(params["url"])
        return decode({"result": {"status": OK, "data": given(self.logs)}})

    def tidy(self, method: str, params: t.Mapping[str, t.Any]) -> None:
        self.deleted.append(params["url"].rsplit("/", 1)[1])
        if self.delete_error is not None:
            raise self.delete_error

    def run(self, wait_timeout: float = 300.0, **more: t.Any) -> Run:
        return Run(
            caller=self,
            clock=lambda: self.time,
            now=lambda: NOW + dt.timedelta(seconds=self.time - 1000.0),
            formats=self.formats,
            progress=self.progress.append,
            wait_timeout=wait_timeout,
            **more,
        )

    def drive(self, steps: t.Generator[Pause, None, t.Any], pauses: int = 1000) -> t.Any:
        """Run a generator to its end and sleep through its pauses. Returns what it returns."""
        try:
            for _number in range(pauses):
                self.time += next(steps).seconds
        except StopIteration as end:
            return end.value
        raise AssertionError("it never ends")
