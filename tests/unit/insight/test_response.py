# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs of blocking did becomes the text of an incident, and the end of their blocks its last note."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.module_utils._common.clock_text import time_text
from ansible_collections.secops.fortiview.plugins.module_utils._insight.response import MOST_ADDRESSES, response_of
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters import block_response as filters

NOW = 1_800_000_000.0
HOUR = 3600
ADDRESS, OTHER = "198.51.100.7", "198.51.100.8"
UNTIL = time_text(NOW + HOUR)
TICKET = "CHG7"
Data = dict[str, t.Any]


def step(address: str = ADDRESS, action: str = "add", result: str = "blocked", **more: t.Any) -> Data:
    return {
        "address": address, "action": action, "result": result, "vdom": "root", "expires": UNTIL, "why": "",
        "threats": ["Mirai"], "reasons": ["3 incidents"], **more,
    }  # fmt: skip


def result(*steps: Data, changed: bool = True, **more: t.Any) -> Data:
    return {
        "steps": list(steps),
        "refused": [],
        "notices": [],
        "changed": changed,
        "run_id": "7",
        "dry_run": False,
        **more,
    }


def response(results: Data, offenders: t.Sequence[t.Any] = (), expected: t.Sequence[str] = ()) -> Data:
    return response_of(results, offenders, ["root"], expected, "Attackers", NOW)


def note(results: Data, **more: t.Any) -> str:
    (one,) = response(results, **more)["incidents"]
    return str(one["note"])


def test_what_is_blocked_where() -> None:
    found = note({"a": result(step()), "b": result(step(action="keep", result=""), changed=False)})
    assert f"- {ADDRESS} (Mirai): blocked on a until {UNTIL}; blocked already on b until {UNTIL}" in found
    assert found.startswith(f"{time_text(NOW)}, run 7: 1 address blocked, 2 FortiGates.")


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (result(step(result="published")), "published on a until"),
        (result(step(result="written, not in force")), "written, not in force on a"),
        (
            result(step(action="banned by the FortiGate", result="", expires=None)),
            "banned by the FortiGate itself on a",
        ),
        (result(step(result=""), dry_run=True), "to be blocked on a until"),
        (result(step(result=""), failed=True, msg="no route"), "not blocked on a"),
        (result(step(result=""), plan=True, pending=True), "not blocked on a"),
    ],
)
def test_no_more_is_said_than_is_known(one: Data, said: str) -> None:
    found = note({"a": one})
    assert said in found and f"{ADDRESS} (Mirai): blocked on" not in found
    assert ("Failed: a: " in found) == ("not blocked" in said)


def test_a_notification_names_the_incidents_and_why_there_is_none() -> None:
    kept = [
        {"item": {"adom": "root"}, "incident": {"incid": "IN7"}},
        {"item": {"adom": "Branch"}, "failed": True, "msg": "no rights\non it"},
        {"item": {"adom": "Data"}, "skipped": True},
    ]
    found = response_of({"a": result(step())}, [], ["root"], [], "Attackers", NOW, kept)["notification"]
    assert {"name": "Incident", "value": "IN7 in ADOM root"} in found["facts"] and found["level"] == "critical"
    (none,) = [fact for fact in found["facts"] if fact["name"].startswith("No incident")]
    assert none["name"] == "No incident in ADOM Branch" and "no rights" in none["value"] and "\n" not in none["value"]


@pytest.mark.parametrize("why", [{"failed": True, "msg": "no route"}, {"plan": True, "pending": True}])
def test_a_block_that_could_not_be_extended_still_stands(why: Data) -> None:
    found = response({"a": result(step(action="extend", result=""), changed=False, **why)})
    (one,) = found["incidents"]
    assert "not blocked on a" not in one["note"] and "1 address blocked" in one["note"]
    assert "blocked already, not extended on a" in one["note"] and UNTIL not in one["note"]


def test_what_a_failed_run_may_have_left_is_not_called_unblocked() -> None:
    failed = result(
        step(result=""), step(OTHER, result=""), failed=True, msg="may still be there", error={"left": [ADDRESS]}
    )
    found = note({"a": failed})
    assert f"- {ADDRESS} (Mirai): perhaps blocked on a" in found and f"- {OTHER} (Mirai): not blocked on a" in found


def test_nothing_blocked_and_nothing_failed_is_no_incident() -> None:
    left = result(step(action="pardoned", result="", why="anna unblocked it"), changed=False)
    assert response({"a": left})["incidents"] == [] and response({})["incidents"] == []


def test_a_fortigate_without_a_result_is_named() -> None:
    found = response({"a": result(step())}, expected=["a", "b"])
    assert "Failed: b: the run has no result" in found["incidents"][0]["note"]
    assert found["notification"]["level"] == "critical" and "1 FortiGate failed" in found["notification"]["title"]


def test_one_incident_for_each_adom_with_the_worst_severity_and_the_host_that_was_attacked_most() -> None:
    offenders = [
        {"address": ADDRESS, "adoms": ["root", "dc"], "severity": "high", "victims": ["10.0.0.1", "10.0.0.2"]},
        {"address": OTHER, "adoms": ["dc"], "severity": "critical", "victims": ["10.0.0.2"]},
    ]
    found = response({"a": result(step(), step(OTHER))}, offenders)["incidents"]
    assert [(one["adom"], one["severity"], one["endpoint"]) for one in found] == [
        ("dc", "critical", "10.0.0.2"),
        ("root", "high", "10.0.0.1"),
    ]
    assert OTHER not in found[1]["note"]
    (alone,) = response({"a": result(step())}, [ADDRESS])["incidents"]
    assert (alone["adom"], alone["severity"], alone["endpoint"]) == ("root", "medium", ADDRESS)


def test_a_run_that_changed_nothing_leaves_an_incident() -> None:
    kept = response({"a": result(step(action="keep", result=""), changed=False)})
    assert not kept["changed"] and kept["incidents"][0]["mode"] == "never"
    assert response({"a": result(step())})["incidents"][0]["mode"] == "note"


def test_a_run_that_failed_before_it_had_an_id_names_none() -> None:
    failed = response({"a": {"failed": True, "msg": "not known: fortigate_block_tll"}})
    assert failed["failed"] and failed["notification"]["key"] == ""
    assert "Run" not in [fact["name"] for fact in failed["notification"]["facts"]]
    assert not response({"a": result(step())})["failed"]


def test_hostile_names_are_one_line_each() -> None:
    threats = ["a\nFailed: b: \x1b[2J" + "x" * 200, *(f"t{number}" for number in range(9))]
    found = note({"a": result(step(threats=threats))})
    assert len(found.splitlines()) == 2 and "\x1b" not in found and "and 7 more" in found and "x" * 61 not in found


def test_many_are_counted() -> None:
    many = [step(f"198.51.100.{number}") for number in range(1, 41)]
    refused = [{"address": f"10.0.0.{number}", "refusals": ["private address"]} for number in range(20)]
    found = note({"a": {**result(*many), "refused": refused}})
    assert found.count("\n- 198") == MOST_ADDRESSES and "and 15 more addresses" in found
    one_more = note({"a": {**result(*many[: MOST_ADDRESSES + 1]), "refused": refused[:11]}})
    assert "and 1 more address\n" in one_more and one_more.endswith("Refused: 1 more address")
    assert "Refused: 10 more addresses" in found and "Refused: 10.0.0.1: private address" in found
    assert len(found) < 5000


def test_filters_refuse_what_are_no_results() -> None:
    for wrong in (lambda: filters.block_response([1]), lambda: filters.block_end("x", TICKET)):
        with pytest.raises(AnsibleFilterError, match="dictionary"):
            wrong()
