# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of a run: what many queries share, and how tickets are read in part."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    ApiError,
    AuthenticationError,
    FortiViewError,
    TaskGone,
    Throttled,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.reply import Reply, decode
from ansible_collections.secops.fortiview.plugins.module_utils._query.formats import RequestFormats
from ansible_collections.secops.fortiview.plugins.module_utils._query.queries import parse_queries
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import Page
from ansible_collections.secops.fortiview.plugins.module_utils._query.results import Result
from ansible_collections.secops.fortiview.plugins.module_utils._query.tickets import Ticket
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import (
    Context,
    Limits,
    Reading,
    ask_all,
    read_all,
    submit_all,
    window_for,
)
from unit.tasks.support import NOW, OK, Caller, given, live, request, sources

STATUS = decode({"result": [{"status": OK, "data": {"TZ": "Europe/Berlin"}}]})


class Whole(Caller):
    """A FortiAnalyzer with a system status."""

    def __init__(self, *replies: t.Union[Reply, Exception], status: t.Sequence[t.Any] = (STATUS,)) -> None:
        super().__init__(*replies)
        self.status = list(status)
        self.slept: list[float] = []

    def call(self, method: str, params: t.Mapping[str, t.Any], give_up_at: t.Optional[float] = None) -> Reply:
        if params["url"] != "/sys/status":
            return super().call(method, params, give_up_at)
        found = self.status.pop(0) if len(self.status) > 1 else self.status[0]
        return t.cast(Reply, given(found))

    @property
    def context(self) -> Context:
        return Context(lambda: self.time, self._sleep, lambda: NOW)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def queries(*views: str, **options: t.Any) -> t.Any:
    return parse_queries({"time_range": {"last": "1h"}, "queries": [{"view": view} for view in views], **options})


def test_the_window_is_in_the_zone_of_fortianalyzer() -> None:
    caller = Whole()
    window = window_for(caller, caller.context)(queries("top-sources")[0], RequestFormats())
    assert (window.start, window.end) == ("2026-03-02 09:00:00", "2026-03-02 10:00:00")
    assert window.span is not None and window.span.end == NOW


def test_a_fixed_range_has_no_span() -> None:
    caller = Whole()
    fixed = queries("top-sources", time_range={"start": "2026-03-01 00:00:00", "end": "2026-03-01 12:00:00"})[0]
    assert window_for(caller, caller.context)(fixed, RequestFormats()).span is None


def test_a_busy_fortianalyzer_is_asked_for_its_zone_three_times() -> None:
    caller = Whole(status=[Throttled("busy"), Throttled("busy", retry_after=90.0), STATUS])
    window_for(caller, caller.context)
    assert caller.slept == [1.0, 30.0]
    caller = Whole(status=[Throttled("busy")])
    with pytest.raises(Throttled):
        window_for(caller, caller.context)


@pytest.mark.parametrize("error, fatal", [(ApiError("No right", -11), False), (AuthenticationError("no"), True)])
def test_without_the_right_to_read_the_status_times_are_in_utc(error: FortiViewError, fatal: bool) -> None:
    caller = Whole(status=[error])
    if fatal:
        with pytest.raises(AuthenticationError):
            window_for(caller, caller.context)
        return
    window = window_for(caller, caller.context)(queries("top-sources")[0], RequestFormats())
    assert window.end == "2026-03-02T09:00:00+00:00"


def test_an_error_of_the_status_names_what_was_done() -> None:
    caller = Whole(status=[TransportError("refused")])
    with pytest.raises(TransportError, match="time zone"):
        window_for(caller, caller.context)


def test_queries_share_what_one_of_them_has_learned() -> None:
    caller = Whole(live(sources(2)))
    refused = ApiError("Invalid url", -3, "path")
    caller.replies = [refused, live(sources(2))]
    outcomes = ask_all(caller, queries("top-sources", "top-sources"), Limits(max_concurrent=1), caller.context)
    assert [isinstance(outcome, Result) for outcome in outcomes] == [True, True]
    assert [params["url"].count("/run/") for params in caller.polls] == [1, 0, 0]


def test_submit_all_returns_tickets() -> None:
    caller = Whole()
    outcomes = submit_all(caller, queries("top-sources", "top-threats"), Limits(), caller.context)
    assert [outcome.tid for outcome in outcomes if isinstance(outcome, Ticket)] == [1, 2]


@pytest.mark.parametrize(
    "paging, expected", [(None, range(8)), (Page(3, 2), range(2, 5)), (Page(None, 6), range(6, 8))]
)
def test_a_part_of_a_task(paging: t.Optional[Page], expected: range) -> None:
    caller = Whole(live(sources(8)))
    if paging is not None and paging.limit is not None:
        caller.replies = [live(sources(paging.offset + paging.limit))]
    (outcome,) = read_all(caller, [Ticket(request(), 12)], Reading(paging=paging), Limits(), caller.context)
    assert isinstance(outcome, Result)
    assert [row["srcip"] for row in outcome.rows] == [f"10.0.0.{number}" for number in expected]


def test_a_ticket_is_submitted_again_as_it_was() -> None:
    """Its times are not resolved again, so the zone of FortiAnalyzer is not read."""
    caller = Whole(TaskGone("Invalid task ID", -3), live(sources(1)), status=[AssertionError("not needed")])
    held = Ticket(request(), 12)
    (outcome,) = read_all(caller, [held], Reading(resubmit=True), Limits(), caller.context)
    assert isinstance(outcome, Result)
    assert caller.submits == [{**(held.request.params or {}), "limit": 50}]
