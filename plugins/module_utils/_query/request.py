# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the parameters of `add …/run` from a query and a time range (protocol_fortianalyzer.rst, "Submit")."""

from __future__ import annotations

import datetime
import typing as t

from .._protocol.constants import API_VERSION, PAGE_LIMIT
from .devices import ALL_FORTIGATES, Device, asks_all
from .formats import RequestFormats
from .log_clock import Span
from .queries import Query, Scope, base_url
from .time_ranges import Window
from .views import View

PAGING = ("limit", "offset", "count-total")


class Request(t.NamedTuple):
    """A query with its parameters, from options or from a ticket.

    `params` contains the parameters without paging. It is None if only a task id is known. Such a task cannot be
    submitted again. `limit` is the total number of rows (None means FortiAnalyzer's default), and `offset` is the first
    row. `logs` is True for a log search, which has another URL. With `counted`, FortiAnalyzer counts all rows even if
    the ranking has only one page. `span` is set for a relative time range.
    """

    name: str
    adom: str
    view_name: str
    view: View
    scope: t.Optional[Scope] = None
    params: t.Optional[dict[str, t.Any]] = None
    limit: t.Optional[int] = None
    offset: int = 0
    time_range: t.Optional[dict[str, t.Any]] = None
    warnings: tuple[str, ...] = ()
    logs: bool = False
    counted: bool = False
    span: t.Optional[Span] = None

    @property
    def base_url(self) -> str:
        return f"/logview/adom/{self.adom}/logsearch" if self.logs else base_url(self.view.wire, self.adom, self.scope)

    @property
    def device(self) -> list[Device]:
        return list((self.params or {}).get("device") or [])

    @property
    def days(self) -> float:
        """The length of the time range in days. 0 if the length is not known."""
        ends = [str((self.time_range or {}).get(key)).replace("Z", "+00:00") for key in ("start", "end")]
        try:
            start, end = map(datetime.datetime.fromisoformat, ends)
            return (end - start) / datetime.timedelta(days=1)
        except (ValueError, TypeError):
            return 0.0


class Page(t.NamedTuple):
    """The part of a ranking in one submit. `limit` is not sent if it is None. With `counted`, FortiAnalyzer counts all
    rows."""

    limit: t.Optional[int]
    offset: int
    counted: bool = False


def request_of(query: Query, window: Window) -> Request:
    params: dict[str, t.Any] = {
        "url": f"{query.base_url}/run",
        "apiver": API_VERSION,
        "case-sensitive": query.case_sensitive,
        "device": [dict(entry) for entry in query.device],
        "filter": query.filter,
        "time-range": {"start": window.start, "end": window.end},
    }
    if query.sort:
        params["sort-by"] = [{"field": query.sort[0], "order": query.sort[1]}]
    timezone = query.timezone or window.timezone
    if timezone:
        params["timezone"] = timezone
    return Request(
        name=query.name,
        adom=query.adom,
        view_name=query.view_name,
        view=query.view,
        scope=query.scope,
        params=params,
        limit=query.limit,
        offset=query.offset,
        time_range={"start": window.start, "end": window.end, "timezone": timezone},
        warnings=window.warnings,
        span=window.span,
    )


def page_after(request: Request, rows_read: int, rows_kept: int = 0, page_limit: int = PAGE_LIMIT) -> Page:
    """The page after the rows that were read. Its limit is the number of remaining rows, but at most the page limit."""
    offset = request.offset + rows_read
    if request.limit is None:
        return Page(None, offset, request.counted)
    left = request.limit - min(rows_read, rows_kept)
    return Page(min(page_limit, left), offset, request.counted or request.limit > page_limit)


def submit_params(request: Request, page: Page, formats: RequestFormats) -> dict[str, t.Any]:
    """The parameters of a submit, in the current request formats of this run."""
    params = dict(request.params or {})
    if params.get("filter"):
        params["filter"] = formats.filter_text(request.view.wire, params["filter"])
    if params.get("sort-by"):
        params["sort-by"] = [
            dict(entry, field=formats.column(request.view.wire, entry["field"])) for entry in params["sort-by"]
        ]
    if page.limit is not None:
        params["limit"] = page.limit
    if page.offset:
        params["offset"] = page.offset
    if page.counted and not request.logs:
        params["count-total"] = True
    return params


def log_request(query: Query, window: Window, logtype: str) -> Request:
    """The same query for the logs of one type. A log search needs a device, and has another keyword for all devices."""
    request = request_of(query, window)
    device = request.device
    params = {
        "url": f"/logview/adom/{query.adom}/logsearch",
        "apiver": API_VERSION,
        "logtype": logtype,
        "device": [dict(ALL_FORTIGATES)] if asks_all(device) else device,
        "filter": query.filter,
        "time-range": request.params["time-range"] if request.params else {},
        "time-order": "desc",
        "case-sensitive": query.case_sensitive,
    }
    if request.params and "timezone" in request.params:
        params["timezone"] = request.params["timezone"]
    return request._replace(params=params, logs=True)


def task_url(request: Request, tid: int, formats: RequestFormats) -> str:
    """The path to poll and delete a task. The short path has no `/run` (protocol_fortianalyzer.rst, "Task life cycle")."""
    short = request.logs or formats.short_path
    return f"{request.base_url}/{tid}" if short else f"{request.base_url}/run/{tid}"
