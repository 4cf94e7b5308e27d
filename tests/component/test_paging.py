# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rankings longer than one reply, in both methods of paging (protocol_fortianalyzer.rst, "Paging")."""

from __future__ import annotations

import pytest

from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer


@pytest.mark.parametrize("limit, expected, tasks", [(1000, 1000, 1), (1001, 1001, 2), (2500, 2500, 3), (9999, 3210, 4)])
def test_pages_by_submit_offset(client: Client, faz: FortiAnalyzer, limit: int, expected: int, tasks: int) -> None:
    faz.switches.synthetic_rows = {"top-sources": 3210}
    result = client.ask(view="top-sources", limit=limit)["result"]
    assert result["returned"] == expected
    assert len({row["srcip"] for row in result["rows"]}) == expected
    assert [params.get("offset", 0) for params in faz.submits] == [1000 * page for page in range(tasks)]
    assert max(params["limit"] for params in faz.submits) <= 1000
    assert faz.live_tasks == []
    if limit > 1000:
        assert result["total"] == 3210


def test_an_offset_of_the_user(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    whole = client.ask(view="top-threats", limit=20)["result"]["rows"]
    part = client.ask(view="top-threats", limit=5, offset=3)["result"]["rows"]
    assert part == whole[3:8]


def test_pages_by_the_documented_fetch(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({"dialect": "documented", "fetch_paging": True, "synthetic_rows": {"top-sources": 450}})
    result = client.ask(view="top-sources", limit=300)["result"]
    assert result["returned"] == 300
    assert len({row["srcip"] for row in result["rows"]}) == 300
    assert len(faz.submits) == 1
    assert "in parts" in result["warnings"][0]


@pytest.mark.parametrize("paging", [True, False])
@pytest.mark.parametrize("limit, offset", [(5, 0), (5, 3), (100, 2), (5, 100)])
def test_a_part_of_a_task(
    client: Client, faz: FortiAnalyzer, dialect: str, paging: bool, limit: int, offset: int
) -> None:
    faz.switches.fetch_paging = paging and dialect == "documented"
    tickets = client.submit(view="top-threats", limit=20)["tasks"]
    whole = client.read(tasks=tickets)["result"]["rows"]
    part = client.read(tasks=tickets, limit=limit, offset=offset)["result"]["rows"]
    assert part == whole[offset : offset + limit]


def test_a_long_ticket_is_read_to_its_end(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.synthetic_rows = {"top-sources": 2400}
    tickets = client.submit(view="top-sources", limit=2000)["tasks"]
    result = client.read(tasks=tickets)["result"]
    assert result["returned"] == 2000
    assert result["tid"] == tickets[0]["tid"]


def test_a_ranking_that_moves_between_pages_repeats_no_row(client: Client, faz: FortiAnalyzer) -> None:
    faz.switches.update({"late_logs": True, "synthetic_rows": {"top-sources": 2500}})
    rows = client.ask(view="top-sources", limit=2500)["result"]["rows"]
    addresses = [row["srcip"] for row in rows]
    assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize("rows", [0, 1000, 3210])
def test_all_rows(client: Client, faz: FortiAnalyzer, rows: int) -> None:
    faz.switches.synthetic_rows = {"top-sources": rows}
    result = client.ask(view="top-sources", limit="all")["result"]
    assert (result["returned"], result["complete"], result["query"]["limit"]) == (rows, True, "all")
    tickets = client.submit(view="top-sources", limit="all")["tasks"]
    assert client.read(tasks=tickets, limit="all")["result"]["returned"] == rows
    assert client.read(tasks=tickets, offset=7)["result"]["returned"] == max(0, rows - 7)


@pytest.mark.parametrize("own", [10, 50, 100, 1000])
def test_without_a_limit_the_default_of_the_appliance_is_read_on(
    client: Client, faz: FortiAnalyzer, dialect: str, own: int
) -> None:
    rows = 2 * own + 3
    faz.switches.update({"synthetic_rows": {"top-threats": rows}, "default_limits": {"*": own}})
    result = client.ask(view="ioc")["result"]
    assert all("limit" not in params for params in faz.submits)
    assert (result["returned"], result["total"], result["complete"]) == (rows, rows, True)


@pytest.mark.parametrize("total_form", [None, "returned"])
@pytest.mark.parametrize("shared", [1, 8])
def test_twenty_thousand_rows_that_share_addresses(
    client: Client, faz: FortiAnalyzer, dialect: str, shared: int, total_form: str | None
) -> None:
    faz.switches.update(
        {"synthetic_rows": {"top-sources": 20000}, "synthetic_shared": shared, "total_form": total_form}
    )
    result = client.ask(view="top-sources", limit=30000, wait_timeout=3600.0)["results"][0]
    assert (result["returned"], result["complete"]) == (20000, True)
    assert len({row["srcip"] for row in result["rows"]}) == 20000 // shared
    assert result["total"] == 20000


@pytest.mark.parametrize("fetch_paging", [True, False])
@pytest.mark.parametrize("total_form", ["all", "returned"])
def test_a_documented_fetch_that_returns_its_default_is_no_whole_answer(
    client: Client, faz: FortiAnalyzer, fetch_paging: bool, total_form: str
) -> None:
    faz.switches.update(
        {
            "dialect": "documented",
            "fetch_paging": fetch_paging,
            "fetch_page_default": 100,
            "total_form": total_form,
            "synthetic_rows": {"top-sources": 730},
        }
    )
    result = client.ask(view="top-sources", limit=1000)["result"]
    assert (result["returned"], result["complete"]) == (730, True)


@pytest.mark.parametrize("grouping", ["user", "endpoint", "device", "interface"])
def test_rows_of_one_address_are_all_there(client: Client, faz: FortiAnalyzer, dialect: str, grouping: str) -> None:
    faz.switches.update({"source_grouping": [grouping], "limit_max": 7})
    whole = client.ask(view="top-sources", limit=5000)["result"]
    faz.switches.limit_max = 1000
    assert whole["complete"]
    assert whole["returned"] == client.ask(view="top-sources", limit=1000)["result"]["returned"]
