# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The audit log of blocks: the latest state of each address, from lines of which some may be broken."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._insight.blocks import block_times, blocks

Record = dict[str, t.Any]


def record(address: str, result: str, time: str = "2026-03-01T10:00:00Z", host: str = "hq", **more: t.Any) -> Record:
    return {"address": address, "result": result, "time": time, "host": host, **more}


AUDIT = [
    record("198.51.100.1", "blocked", expires="2026-03-01T11:00:00Z"),
    record("198.51.100.1", "unchanged", "2026-03-01T10:30:00Z", reasons=["critical"]),
    record("198.51.100.2", "blocked"),
    record("198.51.100.2", "expired", "2026-03-01T12:00:00Z"),
    record("10.0.0.1", "refused", refusals=["private", "ours"]),
    record("198.51.100.3", "rolled_back"),
    record("198.51.100.4", "absent", "2026-02-01T10:00:00Z"),
]


def lines_of(records: t.Sequence[Record]) -> str:
    return "".join(f"{json.dumps(record)}\n" for record in records)


def found(audit: object, **more: t.Any) -> dict[str, t.Any]:
    made = blocks(audit, **more)
    assert made is not None
    return made


def states(audit: object, **more: t.Any) -> dict[str, tuple[str, t.Optional[str]]]:
    return {one["address"]: (one["state"], one["until"]) for one in found(audit, **more)["addresses"]}


@pytest.mark.parametrize("audit", [None, "", []])
def test_no_log_is_not_an_empty_log(audit: object) -> None:
    assert blocks(audit) is None and block_times(audit) == []


@pytest.mark.parametrize("audit", [5, {"address": "198.51.100.1"}, b"{}"])
def test_what_is_no_log_is_refused(audit: object) -> None:
    with pytest.raises(InvalidInput, match="audit"):
        blocks(audit)


def test_the_latest_state_of_each_address_and_why() -> None:
    made = found(lines_of(AUDIT) + "no json\n\n")
    assert {one["address"]: (one["state"], one["why"]) for one in made["addresses"]} == {
        "198.51.100.1": ("blocked", "critical"),
        "198.51.100.2": ("unblocked", ""),
        "10.0.0.1": ("refused", "private; ours"),
        "198.51.100.3": ("undone", ""),
        "198.51.100.4": ("untouched", ""),
    }
    assert made["unreadable"] == 1 and sum(made["totals"].values()) == 5


def test_lines_before_the_first_one_that_counts_are_still_known() -> None:
    assert "198.51.100.4" not in states(AUDIT, since="2026-03-01T00:00:00Z")
    assert "198.51.100.3" in states(AUDIT, since="2026-03-01T10:00:00Z")
    # The end of the block is in the line before.
    assert states(AUDIT, since="2026-03-01T10:20:00Z")["198.51.100.1"] == ("blocked", "2026-03-01T11:00:00Z")
    with pytest.raises(InvalidInput, match="audit_since and now must be times"):
        blocks(AUDIT, since="yesterday")


def test_a_ban_ends_by_itself_and_an_entry_of_a_list_does_not() -> None:
    assert states(AUDIT, now="2026-03-01T10:59:59Z")["198.51.100.1"] == ("blocked", "2026-03-01T11:00:00Z")
    assert states(AUDIT, now="2026-03-01T11:00:00Z")["198.51.100.1"] == ("ended", "2026-03-01T11:00:00Z")
    entry = [{**one, "method": "feed_push"} for one in AUDIT[:2]]
    assert states(entry, now="2027-01-01T00:00:00Z")["198.51.100.1"] == ("blocked", "2026-03-01T11:00:00Z")


@pytest.mark.parametrize("order", [1, -1])
def test_an_address_is_blocked_until_its_first_ban_ends(order: int) -> None:
    audit = [
        record("198.51.100.1", "blocked", host="a", expires="2026-03-01T12:00:00Z"),
        record("198.51.100.1", "blocked", host="b", expires="2026-03-01T11:00:00Z"),
        record("198.51.100.1", "blocked", host="c"),
    ]
    assert states(audit[::order]) == {"198.51.100.1": ("blocked", "2026-03-01T11:00:00Z")}


def test_a_log_may_begin_after_the_block_and_a_later_block_has_an_end_of_its_own() -> None:
    assert states(AUDIT[1:2]) == {"198.51.100.1": ("blocked", None)}
    again = record("198.51.100.1", "blocked", "2026-03-01T12:00:00Z")
    assert states([*AUDIT[:2], again], now="2026-03-02T00:00:00Z") == {"198.51.100.1": ("blocked", None)}


def test_a_result_that_is_not_known_is_no_block() -> None:
    assert states([record("198.51.100.1", "teleported")]) == {"198.51.100.1": ("untouched", None)}


@pytest.mark.parametrize(
    "broken",
    [
        {"time": None},
        {"time": "yesterday"},
        {"time": 5},
        {"expires": "soon"},
        {"expires": []},
        {"address": 7},
        {"result": ""},
    ],
)
def test_a_line_that_cannot_be_read_is_counted_and_spoils_nothing(broken: Record) -> None:
    records = [{**AUDIT[0], "address": "198.51.100.9", **broken}, *AUDIT]
    for audit in (records, lines_of(records)):
        made = found(audit, since="2026-01-01T00:00:00Z", now="2027-01-01T00:00:00Z")
        assert made["unreadable"] == 1 and "198.51.100.9" not in [one["address"] for one in made["addresses"]]


@pytest.mark.parametrize(
    ("host", "serial", "why"),
    [("hq", "S9", "a cluster after a failover"), ("renamed", "S1", "another name in the inventory")],
)
def test_a_fortigate_is_known_by_its_serial_number_or_its_name(host: str, serial: str, why: str) -> None:
    later = record("198.51.100.1", "removed", host=host, serial=serial)
    assert states([record("198.51.100.1", "blocked", serial="S1"), later])["198.51.100.1"][0] == "unblocked", why


def test_lists_and_vdoms_are_states_of_their_own() -> None:
    audit = [
        record("198.51.100.1", "blocked", method="ban", vdom="a"),
        record("198.51.100.1", "blocked", method="ban", vdom="b"),
        record("198.51.100.1", "removed", method="ban", vdom="b"),
        record("198.51.100.1", "blocked", method="feed_push", list="x", vdom="a", serial="S1"),
    ]
    by_state = {one["state"]: one for one in found(audit)["addresses"]}
    assert by_state["blocked"]["places"] == ["hq/a"] and by_state["blocked"]["methods"] == ["ban", "feed_push"]
    assert by_state["unblocked"]["places"] == ["hq/b"]


def test_a_block_that_was_not_verified_covers_no_serial_number() -> None:
    (one,) = found([record("198.51.100.1", "written, not verified", serial="S1")])["addresses"]
    assert (one["state"], one["serials"], one["fortigates"]) == ("blocked", [], ["hq"])


def test_keeping_a_block_is_no_new_block() -> None:
    again = record("198.51.100.1", "extended", "2026-03-02T10:00:00Z")
    assert block_times([*AUDIT, again]) == [(1772359200.0, "198.51.100.1"), (1772359200.0, "198.51.100.2")]


def test_the_result_and_the_time_are_those_of_the_latest_line() -> None:
    audit = [
        record("198.51.100.1", "blocked", "2026-03-01T10:00:00Z", vdom="a"),
        record("198.51.100.1", "blocked", "2026-03-01T10:05:00Z", vdom="b"),
        record("198.51.100.1", "extended", "2026-03-01T11:00:00Z", vdom="a"),
    ]
    (one,) = found(audit)["addresses"]
    assert (one["result"], one["time"]) == ("extended", "2026-03-01T11:00:00Z")
