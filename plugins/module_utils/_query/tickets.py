# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tickets are plain data that identify a submitted task. A fact, a file or `set_stats` can pass a ticket to another
job.

A ticket is user input, so it is validated like any other input.
"""

from __future__ import annotations

import re
import typing as t

from .._common.errors import InvalidInput
from .._common.naming import agree
from .._common.validation import count, known_keys, path_segment, plain_text
from .._protocol.constants import API_VERSION, PAGE_LIMIT
from .devices import parse_device
from .queries import Scope, limit_of, limit_text, result_name, sort_of
from .request import PAGING, Request
from .views import view_of

KEYS = ("name", "adom", "view", "tid", "submitted_at", "time_range", "request", "limit")
REQUEST_KEYS = ("url", "apiver", "case-sensitive", "device", "filter", "sort-by", "time-range", "timezone", *PAGING)
SCOPED_URL = re.compile(r"/fortiview/dev/([^/]+)/vdom/([^/]+)/[^/]+/run")


class Ticket(t.NamedTuple):
    """A task on FortiAnalyzer. `submitted_at` is RFC 3339 in UTC. `sent` contains the parameters of the submit. Both
    are None if only the task id is known."""

    request: Request
    tid: int
    submitted_at: t.Optional[str] = None
    sent: t.Optional[dict[str, t.Any]] = None

    @property
    def as_dict(self) -> dict[str, t.Any]:
        return {
            "name": self.request.name,
            "adom": self.request.adom,
            "view": self.request.view_name,
            "tid": self.tid,
            "submitted_at": self.submitted_at,
            "time_range": self.request.time_range,
            "request": self.sent,
            "limit": limit_text(self.request.limit),
        }


def parse_ticket(value: object) -> Ticket:
    """Parse a ticket, or a dictionary `{adom, view, tid}`. `task_id` is an alias of `tid`. Raises InvalidInput."""
    given = _given(value)
    view_name = path_segment("view", given["view"])
    sent = None if given.get("request") is None else _request(given["request"])
    time_range = given.get("time_range")
    request = Request(
        name=result_name(given.get("name"), view_name),
        adom=path_segment("adom", given.get("adom") or "root"),
        view_name=view_name,
        view=view_of(view_name),
        time_range=None if time_range is None else known_keys("time_range", time_range, ("start", "end", "timezone")),
    )
    if sent is not None:
        request = _asked(request, sent, sent.get("limit") if given.get("limit") is None else limit_of(given["limit"]))
    submitted_at = given.get("submitted_at")
    return Ticket(
        request,
        count("tid", given["tid"], 1),
        None if submitted_at is None else plain_text("submitted_at", submitted_at),
        sent,
    )


def _given(value: object) -> dict[str, t.Any]:
    """The values of a ticket, which must contain view and tid."""
    if isinstance(value, dict) and "tid" not in value and isinstance(value.get("tasks"), list):
        raise InvalidInput('tasks contains a whole result: give only its tickets, as in tasks: "{{ submitted.tasks }}"')
    given = dict(known_keys("a task", value, (*KEYS, "task_id")))
    task_id = given.pop("task_id", None)
    if task_id is not None:
        if given.get("tid") is not None:
            raise InvalidInput("a task has both tid and task_id, which are the same option: set only one of them")
        given["tid"] = task_id
    absent = {"view": not given.get("view"), "tid": given.get("tid") in (None, "")}
    missing = [key for key, is_absent in absent.items() if is_absent]
    if missing:
        raise InvalidInput(f"a task requires view and tid, but {' and '.join(missing)} {agree(len(missing))} missing")
    return given


def _asked(request: Request, sent: dict[str, t.Any], limit: t.Optional[int]) -> Request:
    """The request with the values of the sent parameters. These values must match the ticket."""
    # The limit of the first page may be lower if FortiAnalyzer accepts only fewer rows. The request then contains
    # count-total.
    most = min(PAGE_LIMIT, limit or 0)
    fits = sent.get("limit") == most or (0 < sent.get("limit", 0) < most and sent.get("count-total"))
    if limit is not None and not fits:
        raise InvalidInput(
            "request.limit of a task does not match the limit of the task: use the ticket as the module returned it"
        )
    asked = request._replace(
        scope=_scope(str(sent.get("url"))),
        params={key: value for key, value in sent.items() if key not in PAGING},
        limit=limit,
        offset=sent.get("offset", 0),
    )
    if sent.get("url") != f"{asked.base_url}/run":
        raise InvalidInput(
            "the request of a task is for another view or ADOM than the task: use the ticket as the module returned it"
        )
    times = {key: (request.time_range or {}).get(key, sent["time-range"][key]) for key in ("start", "end")}
    if times != sent["time-range"]:
        raise InvalidInput(
            "the request of a task has another time range than the task: use the ticket as the module returned it"
        )
    return asked


def _scope(url: str) -> t.Optional[Scope]:
    found = SCOPED_URL.fullmatch(url)
    return Scope(path_segment("serial", found[1]), path_segment("vdom", found[2])) if found else None


def _request(value: object) -> dict[str, t.Any]:
    request = dict(known_keys("the request of a task", value, REQUEST_KEYS))
    for key in ("filter", "timezone"):
        if key in request:
            request[key] = plain_text(key, _text(key, request[key]))
    if request.get("apiver", API_VERSION) != API_VERSION:
        raise InvalidInput(f"apiver in the request of a task must be {API_VERSION}")
    window = known_keys("time-range", request.get("time-range"), ("start", "end"))
    for key in ("start", "end"):
        plain_text(key, _text(key, window.get(key)))
    for key in ("limit", "offset"):
        if key in request:
            request[key] = count(key, request[key], 0)
    for key in ("device", "sort-by"):
        entries = request.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise InvalidInput(f"{key} in the request of a task must be a list of dictionaries")
    request["device"] = [parse_device(entry) for entry in request.get("device", [])]
    for entry in request.get("sort-by", []):
        sort_of([entry])
    return request


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{key} in the request of a task must be text")
    return value
