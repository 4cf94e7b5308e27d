# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request: its pages, the formats of a run, and the URL of its task."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._query.formats import RequestFormats
from ansible_collections.secops.fortiview.plugins.module_utils._query.queries import EVERY_ROW, Scope, parse_queries
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import (
    Page,
    Request,
    log_request,
    page_after,
    request_of,
    submit_params,
    task_url,
)
from ansible_collections.secops.fortiview.plugins.module_utils._query.time_ranges import Window
from ansible_collections.secops.fortiview.plugins.module_utils._query.views import view_of
from hypothesis import given
from hypothesis import strategies as st

WINDOW = Window("2026-03-01 10:00:00", "2026-03-01 11:00:00", "Europe/Berlin")


def made(**options: t.Any) -> Request:
    asked = {"view": "top-threats", "time_range": {"last": "1h"}, **options}
    return request_of(parse_queries(asked)[0], WINDOW)


@pytest.mark.parametrize(
    "limit, offset, read, kept, page",
    [
        (50, 0, 0, 0, Page(50, 0)),
        (50, 7, 0, 0, Page(50, 7)),
        (2500, 0, 0, 0, Page(1000, 0, True)),
        (2500, 0, 2000, 2000, Page(500, 2000, True)),
        # Rows that came twice are asked for again.
        (2500, 0, 2000, 1990, Page(510, 2000, True)),
        (EVERY_ROW, 0, 3000, 3000, Page(1000, 3000, True)),
        (None, 5, 100, 100, Page(None, 105)),
    ],
)
def test_the_page_after_the_rows_that_were_read(
    limit: t.Optional[int], offset: int, read: int, kept: int, page: Page
) -> None:
    asked = made()._replace(limit=limit, offset=offset)
    assert page_after(asked, read, kept) == page


@given(st.integers(1, 10**6), st.integers(0, 1000), st.integers(0, 10**5), st.integers(1, 1000))
def test_a_page_has_a_row_and_no_more_than_a_task_may_have(limit: int, offset: int, read: int, most: int) -> None:
    asked = made()._replace(limit=limit, offset=offset)
    page = page_after(asked, read, min(read, limit - 1), most)
    assert page.limit is not None and 1 <= page.limit <= most
    assert page.offset == offset + read


def test_learned_formats_are_sent_and_the_request_stays_as_it_is() -> None:
    formats = RequestFormats()
    formats.learn_from("top-threats", "filter", "threat")
    formats.learn_from("top-threats", "column", "severity")
    asked = made(filter='threat="threat"', sort_by=[{"field": "severity", "order": "desc"}])
    sent = submit_params(asked, Page(50, 0), formats)
    assert sent["filter"] == 'threat_s="threat"'
    assert sent["sort-by"] == [{"field": "threatlevel", "order": "desc"}]
    assert asked.params is not None
    assert asked.params["filter"] == 'threat="threat"' and asked.params["sort-by"][0]["field"] == "severity"


def test_a_first_page_of_all_rows_names_neither_offset_nor_count() -> None:
    sent = submit_params(made(), Page(None, 0), RequestFormats())
    assert not {"limit", "offset", "count-total"} & set(sent)
    assert submit_params(made(), Page(10, 5, True), RequestFormats())["count-total"] is True


def test_a_log_search_is_not_counted_and_names_all_fortigates() -> None:
    asked = log_request(parse_queries({"view": "top-threats", "time_range": {"last": "1h"}})[0], WINDOW, "attack")
    sent = submit_params(asked, Page(10, 0, True), RequestFormats())
    assert (sent["logtype"], sent["device"], sent["timezone"]) == (
        "attack",
        [{"devid": "All_FortiGate"}],
        "Europe/Berlin",
    )
    assert "count-total" not in sent and "sort-by" not in sent
    assert task_url(asked, 7, RequestFormats()) == "/logview/adom/root/logsearch/7"


def test_the_url_of_a_task() -> None:
    formats = RequestFormats()
    assert task_url(made(), 7, formats) == "/fortiview/adom/root/top-threats/run/7"
    formats.learn_from("top-threats", "path", "")
    assert task_url(made(), 7, formats) == "/fortiview/adom/root/top-threats/7"
    scoped = made()._replace(scope=Scope("FGT1", "root"), view=view_of("top-threats"))
    assert task_url(scoped, 7, formats) == "/fortiview/dev/FGT1/vdom/root/top-threats/7"


@pytest.mark.parametrize(
    "time_range, days",
    [
        ({"start": "2026-03-01 00:00:00", "end": "2026-03-04 12:00:00"}, 3.5),
        ({"start": "2026-03-01T00:00:00Z", "end": "2026-03-02T00:00:00+00:00"}, 1.0),
        ({"start": "2026-03-01T00:00:00Z", "end": "2026-03-02 00:00:00"}, 0.0),
        ({"start": "yesterday"}, 0.0),
        (None, 0.0),
    ],
)
def test_how_long_the_time_range_is(time_range: t.Optional[dict[str, t.Any]], days: float) -> None:
    assert made()._replace(time_range=time_range).days == days
