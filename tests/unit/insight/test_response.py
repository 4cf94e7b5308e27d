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
    assert "Failed: b: it has no result" in found["incidents"][0]["note"]
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
    assert found["outside"] == found["unread"]


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
    text = note({"a": result(step(address, "keep", "", threats=threats, reasons=[]))})
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


def test_filters_refuse_what_are_no_results() -> None:
    for wrong in (lambda: filters.block_response([1]), lambda: filters.block_end("x", TICKET)):
        with pytest.raises(AnsibleFilterError, match="dictionary"):
            wrong()
