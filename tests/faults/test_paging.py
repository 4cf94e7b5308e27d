# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rankings longer than one reply, in both ways of paging (contract section 4; contradictions 2 and 8)."""

from __future__ import annotations

import pytest

from faults.support import Client
from simulators.fortianalyzer import Simulator


@pytest.mark.parametrize("limit, expected, tasks", [(1000, 1000, 1), (1001, 1001, 2), (2500, 2500, 3), (9999, 3210, 4)])
def test_pages_by_submit_offset(client: Client, faz: Simulator, limit: int, expected: int, tasks: int) -> None:
    faz.switches.synthetic_rows = {"top-sources": 3210}
    result = client.ask(view="top-sources", limit=limit)["result"]
    assert result["returned"] == expected
    assert len({row["srcip"] for row in result["rows"]}) == expected
    assert [params.get("offset", 0) for params in faz.submits] == [1000 * page for page in range(tasks)]
    assert max(params["limit"] for params in faz.submits) <= 1000
    assert faz.live_tasks == []
    if limit > 1000:
        assert result["total"] == 3210


def test_an_offset_of_the_user(client: Client, faz: Simulator, dialect: str) -> None:
    whole = client.ask(view="top-threats", limit=20)["result"]["rows"]
    part = client.ask(view="top-threats", limit=5, offset=3)["result"]["rows"]
    assert part == whole[3:8]


def test_pages_by_the_documented_fetch(client: Client, faz: Simulator) -> None:
    faz.switches.update({"dialect": "documented", "fetch_paging": True, "synthetic_rows": {"top-sources": 450}})
    result = client.ask(view="top-sources", limit=300)["result"]
    assert result["returned"] == 300
    assert len({row["srcip"] for row in result["rows"]}) == 300
    assert len(faz.submits) == 1
    assert "in parts" in result["warnings"][0]


@pytest.mark.parametrize("paging", [True, False])
@pytest.mark.parametrize("limit, offset", [(5, 0), (5, 3), (100, 2), (5, 100)])
def test_a_part_of_a_task(client: Client, faz: Simulator, dialect: str, paging: bool, limit: int, offset: int) -> None:
    faz.switches.fetch_paging = paging and dialect == "documented"
    tickets = client.submit(view="top-threats", limit=20)["tasks"]
    whole = client.read(tasks=tickets)["result"]["rows"]
    part = client.read(tasks=tickets, limit=limit, offset=offset)["result"]["rows"]
    assert part == whole[offset : offset + limit]


def test_a_long_ticket_is_read_to_its_end(client: Client, faz: Simulator) -> None:
    faz.switches.synthetic_rows = {"top-sources": 2400}
    tickets = client.submit(view="top-sources", limit=2000)["tasks"]
    result = client.read(tasks=tickets)["result"]
    assert result["returned"] == 2000
    assert result["tid"] == tickets[0]["tid"]


def test_a_ranking_that_moves_between_pages_repeats_no_row(client: Client, faz: Simulator) -> None:
    faz.switches.update({"late_logs": True, "synthetic_rows": {"top-sources": 2500}})
    rows = client.ask(view="top-sources", limit=2500)["result"]["rows"]
    addresses = [row["srcip"] for row in rows]
    assert len(set(addresses)) == len(addresses)


def test_no_limit_is_left_to_the_appliance_and_its_cap_is_told(client: Client, faz: Simulator) -> None:
    faz.switches.synthetic_rows = {"top-threats": 1700}
    result = client.ask(view="ioc")["result"]
    assert "limit" not in faz.submits[0]
    assert result["returned"] == 1000
    assert "1000" in result["warnings"][0]
