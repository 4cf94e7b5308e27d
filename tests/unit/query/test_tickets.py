# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tickets come back from files and other jobs: they survive the trip, and forged ones are refused."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._query.formats import RequestFormats
from ansible_collections.secops.fortiview.plugins.module_utils._query.queries import parse_queries
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import (
    page_after,
    request_of,
    submit_params,
)
from ansible_collections.secops.fortiview.plugins.module_utils._query.tickets import Ticket, parse_ticket
from ansible_collections.secops.fortiview.plugins.module_utils._query.time_ranges import Window


def ticket(**options: t.Any) -> Ticket:
    asked = dict({"view": "top-threats", "time_range": {"last": "1h"}}, **options)
    request = request_of(parse_queries(asked)[0], Window("2026-03-01 10:00:00", "2026-03-01 11:00:00", "UTC"))
    params = submit_params(request, page_after(request, 0), RequestFormats())
    return Ticket(request, 12460, "2026-03-01T11:00:00Z", params)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"view": "ioc", "name": "mine"},
        {"limit": 2500, "offset": 10},
        {"limit": "all"},
        {"view": "threat-detect-drilldown-blacklist", "device_scope": {"serial": "FG1", "vdom": "root"}},
    ],
)
def test_a_ticket_survives_json(options: dict[str, t.Any]) -> None:
    before = ticket(**options)
    after = parse_ticket(json.loads(json.dumps(before.as_dict)))
    assert after.as_dict == before.as_dict
    assert after.request.base_url == before.request.base_url
    page = page_after(after.request, 0)
    assert submit_params(after.request, page, RequestFormats()) == before.sent


def test_a_bare_task_id_is_a_ticket_that_cannot_be_asked_again() -> None:
    bare = parse_ticket({"adom": "root", "view": "top-sources", "tid": "12450"})
    assert (bare.tid, bare.request.params, bare.request.name) == (12450, None, "top_sources")


@pytest.mark.parametrize(
    "change",
    [
        {"tid": "7; drop"},
        {"tid": 0},
        {"tid": None},
        {"limit": 2500},
        {"view": "../x"},
        {"adom": "a/b"},
        {"adom": "Other"},
        {"view": "top-sources"},
        {"unknown": 1},
        {"request": {"url": "/sys/login/user"}},
        {"request": {"url": "/fortiview/dev/../vdom/x/top-threats/run"}},
        {"request": {"url": "/fortiview/adom/root/top-threats/run", "session": "x"}},
        {"request": {"url": "/fortiview/adom/root/top-threats/run", "limit": "many"}},
        {"request": {"url": "/fortiview/adom/root/top-threats/run", "filter": "a\nb"}},
        {"request": {"url": "/fortiview/adom/root/top-threats/run", "device": "x"}},
        {"request": {"url": "/fortiview/adom/root/top-threats/run", "sort-by": [{}]}},
        {"request": "x"},
        {"request": {"url": "/fortiview/adom/root/top-threats/run", "time-range": "now"}},
        {"time_range": {"start": "2020-01-01 00:00:00", "end": "2020-01-02 00:00:00"}},
        {"time_range": "x"},
        {"name": "{{ x }}"},
    ],
)
def test_forged_tickets_are_refused(change: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidInput):
        parse_ticket(dict(ticket().as_dict, **change))


@pytest.mark.parametrize("view", [False, 0, "", None, [], {}])
def test_a_view_that_is_empty_is_missing(view: t.Any) -> None:
    with pytest.raises(InvalidInput, match="a task requires view and tid, but view is missing"):
        parse_ticket({"view": view, "tid": 5})


@pytest.mark.parametrize("value", [None, "12460", 12460, ["x"]])
def test_what_is_no_dict_is_refused(value: t.Any) -> None:
    with pytest.raises(InvalidInput):
        parse_ticket(value)


@pytest.mark.parametrize(
    "change",
    [
        {"sort-by": [{"field": {"a": 1}}]},
        {"sort-by": [{"field": "incidents", "order": "up"}]},
        {"device": [{"devid": {"$ne": 1}}]},
        {"filter": ["x"]},
        {"apiver": 2},
        {"time-range": {"start": ["x"], "end": "y"}},
    ],
)
def test_forged_requests_are_refused(change: dict[str, t.Any]) -> None:
    forged = ticket().as_dict
    forged["request"] = {**forged["request"], **change}
    with pytest.raises(InvalidInput):
        parse_ticket(forged)


def test_the_id_of_a_task_has_two_names() -> None:
    assert parse_ticket({"view": "top-threats", "task_id": 7}).tid == 7
    with pytest.raises(InvalidInput, match="tid and task_id"):
        parse_ticket({"view": "top-threats", "task_id": 7, "tid": 7})
    with pytest.raises(InvalidInput, match=r"submitted\.tasks"):
        parse_ticket({"tasks": [], "results": []})
