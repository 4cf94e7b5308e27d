# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of the blocks of a ticket: over only where every FortiGate says so, and never calmer than what was answered."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.clock_text import time_text
from ansible_collections.secops.fortiview.plugins.module_utils._insight.closing import end_of, stopped_in
from ansible_collections.secops.fortiview.plugins.module_utils._insight.response import response_of

NOW = 1_800_000_000.0
HOUR = 3600
ADDRESS, OTHER = "198.51.100.7", "198.51.100.8"
TICKET = "CHG7"
Data = dict[str, t.Any]


def past(address: str = ADDRESS, outcome: str = "expired", ago: float = HOUR, **more: t.Any) -> Data:
    return {
        "address": address, "vdom": "root", "method": "ban", "list": "", "run_id": "7", "threats": [],
        "blocked_at": time_text(NOW - 3 * HOUR), "expires": time_text(NOW - 2 * HOUR),
        "ended_at": None if outcome == "" else time_text(NOW - ago), "outcome": outcome, **more,
    }  # fmt: skip


def end(results: Data, expected: t.Sequence[str] = (), **more: t.Any) -> Data:
    return end_of(results, ["root"], expected, TICKET, NOW, **more)


def test_over_when_each_has_ended_and_no_fortigate_has_it() -> None:
    found = end({"a": {"blocks": [], "history": [past(), past(OTHER)]}})
    assert found["state"] == "over" and found["addresses"] == [ADDRESS, OTHER]
    assert (found["start"], found["end"]) == (time_text(NOW - 3 * HOUR), time_text(NOW - 2 * HOUR))
    assert [one["view"] for one in found["queries"]] == ["source-threat", "destination-threat"]
    assert found["queries"][0]["time_range"] == {"start": found["start"], "end": found["end"]}


@pytest.mark.parametrize(
    ("results", "state"),
    [
        ({"a": {"blocks": [], "history": [past(), past(OTHER, "")]}}, "open"),
        ({"a": {"blocks": [{"address": ADDRESS, "ticket": TICKET}], "history": [past()]}}, "open"),
        ({"a": {"blocks": [], "history": []}}, "none"),
        ({"a": {"blocks": [], "history": [past(outcome="rolled_back")]}}, "none"),
        ({"a": {"blocks": [], "history": [past()], "failed": True}}, "not known"),
        ({"a": {"blocks": []}}, "not known"),
        ({}, "not known"),
    ],
)
def test_what_is_not_over(results: Data, state: str) -> None:
    found = end(results, ["a"])
    assert found["state"] == state and found["queries"] == []


@pytest.mark.parametrize(
    ("host", "serial", "state"), [("b", "S2", "not known"), ("renamed", "S1", "over"), ("a", "S0", "over")]
)
def test_a_block_on_a_fortigate_that_the_run_leaves_out_stands(host: str, serial: str, state: str) -> None:
    """As with --limit. A FortiGate that was read is known by its serial number or its name."""
    other = {"address": OTHER, "host": host, "serial": serial}
    found = end({"a": {"serial": "S1", "blocks": [], "history": [past()], "elsewhere": [other]}}, ["a"])
    assert (found["state"], found["unread"]) == (state, ["b"] if state == "not known" else [])


@pytest.mark.parametrize("gone", ["b", "S2"])
def test_blocks_on_a_fortigate_that_does_not_exist_any_more_have_ended(gone: str) -> None:
    other = {"address": OTHER, "host": "b", "serial": "S2"}
    results = {"a": {"serial": "S1", "blocks": [], "history": [past()], "elsewhere": [other]}}
    assert end(results, ["a"], gone=[gone])["state"] == "over"
    assert end(results, ["a"], gone=["c"])["state"] == "not known"
    # A FortiGate of the run is read, whatever is said of it.
    assert end({**results, "b": {"failed": True}}, ["a", "b"], gone=[gone])["unread"] == ["b"]


@pytest.mark.parametrize("address", [ADDRESS, "2001:db8::", "2001:db8::7", "198.51.100.0/24"])
@pytest.mark.parametrize("threats", [["Mirai"], [], ["- 198.51.100.9: x"]])
def test_an_address_that_the_incident_names_holds_it_open_under_any_ticket(address: str, threats: list[str]) -> None:
    step = {"address": address, "action": "keep", "vdom": "root", "threats": threats, "expires": time_text(NOW)}
    run = {"steps": [step], "refused": [], "notices": [], "changed": False, "run_id": "7", "dry_run": False}
    text = response_of({"a": run}, [], ["root"], [], "Attackers", NOW)["incidents"][0]["note"]
    blocks = [{"address": address, "ticket": "CHG8"}, {"address": "198.51.100.9", "ticket": ""}]
    results = {"a": {"blocks": blocks, "history": [past(OTHER)]}}
    assert end(results)["state"] == "over"
    found = end(results, texts=[f"Attackers\n\n{text}"])
    assert (found["state"], found["still"]) == ("open", [address]) and found["queries"] == []
    assert end({"a": {"blocks": [], "history": [past(OTHER)]}}, texts=[text])["state"] == "over"


def answers(*rows: Data, **more: t.Any) -> Data:
    views = [
        {"view": "source-threat", "adom": "root", "complete": True, "rows": list(rows), **more},
        {"view": "destination-threat", "adom": "root", "complete": True, "rows": []},
    ]
    return {"results": views, "failed_queries": []}


OVER = {"a": {"blocks": [], "history": [past(), past(OTHER)]}}


def test_what_was_stopped() -> None:
    counted = stopped_in(
        end(OVER), answers({"srcip": OTHER, "incidents": 5, "incident_block": "4", "incident_pass": "1"})
    )
    assert "FortiView counted 4 blocked and 1 detected incidents" in counted["note"]
    assert counted["rows"] == [
        {"address": OTHER, "blocked": 4, "detected": 1},
        {"address": ADDRESS, "blocked": 0, "detected": 0},
    ]


@pytest.mark.parametrize(
    "asked",
    [
        answers({"srcip": ADDRESS, "incidents": 5}),
        answers(masked_fields=["srcip"]),
        answers(complete=False),
        answers(warnings=["The newest log of ADOM root was written at x."]),
        {"results": [], "failed_queries": [{"name": "x", "adom": "root", "view": "source-threat", "msg": "busy"}]},
    ],
)
def test_what_was_not_answered_is_never_nothing(asked: Data) -> None:
    counted = stopped_in(end(OVER), asked)
    assert (
        counted["gaps"] and "Not counted: " in counted["note"] and f"- {ADDRESS}: at least 0 blocked" in counted["note"]
    )
    assert "FortiView counted" not in counted["note"]


def test_only_a_block_that_was_in_force_counts_and_ends_at_the_latest_with_its_time() -> None:
    rows = [
        past(),
        past(OTHER, "refused"),
        past("198.51.100.9", blocked_at=time_text(NOW - 5 * HOUR), ago=4 * HOUR, expires=None),
    ]
    found = end({"a": {"blocks": [], "history": rows}})
    assert found["addresses"] == [ADDRESS, "198.51.100.9"]
    assert (found["start"], found["end"]) == (time_text(NOW - 5 * HOUR), time_text(NOW - 2 * HOUR))


def test_networks_are_not_searched_for_by_an_address() -> None:
    rows = [past("203.0.113.0/24"), past("2001:db8::7")]
    found = end({"a": {"blocks": [], "history": rows}})
    assert found["addresses"] == ["203.0.113.0/24", "2001:db8::7"]
    assert all("2001:db8::7" in one["filter"] and "203.0.113.0" not in one["filter"] for one in found["queries"])


def test_a_block_of_no_length_is_looked_at_for_a_minute() -> None:
    moment = time_text(NOW - HOUR)
    found = end({"a": {"blocks": [], "history": [past(blocked_at=moment, expires=None)]}})
    assert found["queries"][0]["time_range"] == {"start": moment, "end": time_text(NOW - HOUR + 60)}


def test_long_lists_are_cut_in_the_note_and_whole_in_the_rows() -> None:
    many = [past(f"198.51.100.{number}") for number in range(1, 41)]
    found = stopped_in(end({"a": {"blocks": [], "history": many}}), answers())
    assert len(found["rows"]) == 40 and found["note"].count("\n- 198") == 25
    assert found["note"].endswith("and 15 more addresses")
    assert stopped_in(end({"a": {"blocks": [], "history": many[:26]}}), answers())["note"].endswith(
        "and 1 more address"
    )
