# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One row for each address, however many FortiGates there are."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._blocking.summary import summary


def step(address: str, **more: t.Any) -> dict[str, t.Any]:
    return {
        "address": address,
        "action": "add",
        "result": "blocked",
        "vdom": "root",
        "ttl": 14400,
        "reasons": ["scan"],
        **more,
    }


def result(*steps: dict[str, t.Any], **more: t.Any) -> dict[str, t.Any]:
    return {"changed": True, "steps": list(steps), "refused": [], "notices": [], "dry_run": False, **more}


def test_ten_addresses_on_fifty_fortigates_are_ten_rows() -> None:
    steps = [step(f"198.51.100.{number}") for number in range(1, 11)]
    found = summary({f"fgt-{number}": result(*steps, notices=["same"]) for number in range(50)})
    assert len(found.rows) == 10 and found.notices == ["Addresses: 10 blocked", "same"] and found.failed == {}
    assert found.rows[0] == {
        "address": "198.51.100.1", "action": "blocked", "for": "4h", "why": "scan", "fortigates": "fgt-0, fgt-1 and 48 more"
    }  # fmt: skip


def test_what_differs_has_a_row_of_its_own() -> None:
    found = summary(
        {
            "a": result(step("198.51.100.10"), step("198.51.100.9", vdom="guest")),
            "b": result(step("198.51.100.10", action="keep", result="unchanged", ttl=0)),
        }
    )
    assert [(row["address"], row["action"], row["fortigates"]) for row in found.rows] == [
        ("198.51.100.9", "blocked", "a (guest)"),
        ("198.51.100.10", "blocked", "a"),
        ("198.51.100.10", "unchanged", "b"),
    ]


def test_failures_and_missing_results_are_named() -> None:
    found = summary(
        {
            "failed": {"failed": True, "msg": "HTTP 403"},
            "off": {"unreachable": True, "msg": "timed out"},
            "planned": result(step("198.51.100.1"), plan=True, pending=True),
            "good": result(),
        },
        ["failed", "off", "planned", "good", "never"],
    )
    assert set(found.failed) == {"failed", "off", "planned", "never"} and found.failed["failed"] == "HTTP 403"
    assert "another FortiGate" in found.failed["planned"]
    dry = summary({"a": result(step("198.51.100.1"), plan=True, pending=True, dry_run=True)}, ["a"])
    assert dry.failed == {} and dry.dry_run and dry.failure_message() == ""


def test_a_playbook_fails_with_the_number_and_the_messages_of_failed_fortigates() -> None:
    one = summary({"a": {"failed": True, "msg": "HTTP 403"}}).as_dict()
    assert one["failure_message"] == "1 of 1 FortiGate failed: a: HTTP 403."
    asked = summary({"a": {"failed": True, "msg": "Did you mean ttl?"}}).failure_message()
    assert asked == "1 of 1 FortiGate failed: a: Did you mean ttl?"
    several = summary({"a": {"failed": True, "msg": "HTTP 403"}, "b": result()}, ["b", "c"]).as_dict()
    assert several["failures"] == ["a: HTTP 403", "c: the run has no result"] and several["hosts"] == 3
    assert several["failure_message"] == "2 of 3 FortiGates failed: a: HTTP 403 -- c: the run has no result."


def test_many_notices_stay_on_one_screen() -> None:
    found = summary({"a": result(notices=[f"notice {number}" for number in range(100)]), "b": result()})
    assert len(found.notices) == 13 and "88 more" in found.notices[-1] and found.notices[0] == "a: notice 0"


def test_totals_count_addresses_once() -> None:
    one = result(step("198.51.100.1"), step("198.51.100.2", action="keep", result="unchanged"), method="ban")
    refused = [{"address": "8.8.8.8", "refusals": ["shared"], "reasons": []}]
    found = summary({"a": one, "b": {**one, "refused": refused}})
    assert found.notices == ["Method ban. Addresses: 1 blocked, 1 unchanged, 1 refused"]


def test_what_is_blocked_already_is_one_row_whenever_it_ends() -> None:
    def kept(expires: str) -> dict[str, t.Any]:
        return result(step("198.51.100.1", action="keep", result="", expires=expires))

    found = summary({"a": kept("2026-03-01T14:30:02Z"), "b": kept("2026-03-01T14:30:00Z")})
    assert [(row["why"], row["for"]) for row in found.rows] == [
        ("blocked already until 2026-03-01T14:30:00Z or later; scan", "")
    ]


def test_what_is_blocked_on_no_fortigate_is_named_first() -> None:
    """Each leaves it to another one, which has failed, or which a person has told not to block it."""
    left = {"action": "not seen", "result": "", "ttl": 0, "why": "logged only by b"}
    one = result(step("198.51.100.1", **left), step("198.51.100.2", **left), notices=["other"])
    other = result(step("198.51.100.1", action="pardoned", result=""), step("198.51.100.2"))
    found = summary({"a": one, "b": other, "c": one})
    assert found.notices[1] == "Blocked on NO FortiGate of this run: 198.51.100.1 (logged only by b)"
    assert [(row["action"], row["fortigates"]) for row in found.rows if row["address"] == "198.51.100.2"] == [
        ("blocked", "b"),
        ("not seen", "a, c"),
    ]
    assert not any("NO FortiGate" in notice for notice in summary({"b": result(step("198.51.100.2"))}).notices)
