# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What blocks have stopped: "nothing" is said only where FortiView and the counters agree, and an incident from before a block is no gap in it."""

from __future__ import annotations

import json
import pathlib
import typing as t

import jsonschema
import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.module_utils._common.clock_text import time_text
from ansible_collections.secops.fortiview.plugins.module_utils._insight.effect import (
    MOST_ROWS,
    SETTLES,
    effect_of,
    effect_queries,
)
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters import block_effect
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.report_files import report_files

ROOT = pathlib.Path(__file__).resolve().parents[3]
TEMPLATES = str(ROOT / "roles" / "threat_report" / "templates")
SCHEMA = json.loads((ROOT / "docs" / "threat_report.schema.json").read_text(encoding="utf-8"))
PLAIN = [{"view": "top-threats", "adom": "root", "complete": True, "rows": [{"threat": "a"}]}]
NOW = 1_800_000_000.0
HOUR, DAY = 3600, 86400
ADDRESS, OTHER = "198.51.100.7", "198.51.100.8"
START = time_text(NOW - DAY)
Data = dict[str, t.Any]


def block(address: str = ADDRESS, ago: float = 2 * DAY, method: str = "feed_push", **more: t.Any) -> Data:
    return {
        "address": address, "vdom": "root", "method": method, "list": "soc-block" if method == "feed_push" else "",
        "ours": True, "expires": None, "run_id": "7", "job_user": "", "reasons": [], "threats": [], "source": "",
        "blocked_at": time_text(NOW - ago), **more,
    }  # fmt: skip


def policy(hits: t.Optional[int] = 0, last: t.Optional[float] = None, **more: t.Any) -> Data:
    return {
        "vdom": "root", "policyid": 9001, "name": "", "lists": [{"method": "feed_push", "list": "soc-block"}],
        "sides": ["source"], "others": [], "logs": True, "hits": hits, "why": "" if hits is not None else "HTTP 403",
        "last_hit": None if last is None else time_text(NOW - last), **more,
    }  # fmt: skip


def fortigate(*blocks: Data, policies: t.Optional[t.Sequence[Data]] = None, **more: t.Any) -> Data:
    return {"serial": "FGT-A", "blocks": list(blocks), "policies": [policy()] if policies is None else policies, **more}


def row(address: str = ADDRESS, blocked: t.Any = 0, detected: t.Any = 0, devices: str = "FGT-A", **more: t.Any) -> Data:
    return {"srcip": address, "incident_block": blocked, "incident_pass": detected, "fortigate": devices, **more}


def asked(*rows: Data, called: t.Sequence[Data] = (), **more: t.Any) -> Data:
    common = {"complete": True, "adom": "root", "warnings": [], "masked_fields": [], **more}
    return {
        "changed": False,
        "failed_queries": [],
        "results": [
            {"name": "a", "view": "source-threat", "rows": list(rows), **common},
            {"name": "b", "view": "destination-threat", "rows": list(called), **common},
        ],
    }


def found(results: Data, answer: t.Any, start: t.Optional[str] = START, expected: t.Sequence[str] = ()) -> Data:
    return effect_of(results, answer, start, expected, NOW)


def one(results: Data, answer: t.Any, **more: t.Any) -> Data:
    (only,) = found(results, answer, **more)["rows"]
    return t.cast("Data", only)


def test_incidents_that_were_blocked() -> None:
    only = one(
        {"a": fortigate(block(), policies=[policy(9, HOUR)])}, asked(row(blocked="5"), row(blocked=2, f_user="x"))
    )
    assert (only["state"], only["blocked"], only["detected"], only["list_hits"]) == ("stopped", 7, 0, 9)
    assert only["list_last_hit"] == time_text(NOW - HOUR)


def test_a_victim_of_its_calls_counts_by_destination() -> None:
    called = {"dstip": ADDRESS, "incident_block": 3, "incident_pass": 0, "fortigate": "FGT-A"}
    assert one({"a": fortigate(block())}, asked(called=[called]))["blocked"] == 3


def test_an_address_that_gets_through_on_a_fortigate_without_the_block() -> None:
    only = one({"a": fortigate(block())}, asked(row(blocked=1, detected=4, devices="FGT-A,FGT-B")))
    assert only["state"] == "gets through" and only["devices_without_block"] == ["FGT-B"]
    assert "FGT-B" in only["notes"][0]
    only = one({"a": fortigate(block())}, asked(row(detected=4)))
    assert only["devices_without_block"] == [] and "FortiGates with the block logged the incidents" in only["notes"][0]


def test_nothing_is_said_where_fortiview_and_the_counters_agree() -> None:
    for policies in ([policy()], [policy(3, 2 * DAY)]):
        assert one({"a": fortigate(block(), policies=policies)}, asked())["state"] == "nothing"
    only = one({"a": fortigate(block(), policies=[])}, asked())
    assert only["state"] == "nothing" and "No deny policy of a uses the threat feed soc-block" in only["notes"]


@pytest.mark.parametrize(
    "result, answer, why",
    [
        (fortigate(block(method="ban")), asked(), "does not count the traffic that a ban stops"),
        (fortigate(block(), policies=[policy(None)]), asked(), "HTTP 403"),
        (fortigate(block(), policies=[policy(None, policyid=None)]), asked(), "the policies of a"),
        (fortigate(block(), policies=[policy(3, HOUR)]), asked(), "logs to one of the queried ADOMs"),
        (fortigate(block(), policies=[policy(3)]), asked(), "logs to one of the queried ADOMs"),
        (fortigate(block(), policies=[policy(3, HOUR, logs=False)]), asked(), "does not log"),
        ({"serial": "x", "blocks": [block()]}, asked(), "were not read"),
        (fortigate(block(method="feed_file", vdom="")), asked(), "fetch the file"),
        (fortigate(block("198.51.100.0/24")), asked(), "networks"),
        (fortigate(block(ago=HOUR)), asked(row(detected=3)), "older than the block"),
        (fortigate(block(ago=HOUR)), asked(row(blocked=3)), "older than the block"),
        (fortigate(block(blocked_at=None)), asked(row(detected=3)), "older than the block"),
        (fortigate(block()), asked(row(blocked="many")), "does not report the number of blocked"),
        (fortigate(block()), asked(masked_fields=["srcip"]), "masks srcip"),
        (fortigate(block()), asked(complete=False), "not complete"),
        (fortigate(block()), asked(warnings=["The newest log of ADOM root is of yesterday"]), "newest log"),
        (fortigate(block()), asked(*[row(f"10.0.{n // 256}.{n % 256}") for n in range(MOST_ROWS)]), "may have more"),
        (fortigate(block()), None, "was not queried"),
        (fortigate(block()), {"skipped": True, "changed": False}, "skipped"),
        (fortigate(block()), {"failed": True, "msg": "login refused", "changed": False}, "login refused"),
        (fortigate(block()), {**asked(), "failed_queries": [{"name": "c", "adom": "b", "view": "v", "msg": "HTTP 500"}]}, "HTTP 500"),
        (fortigate(block()), {**asked(), "results": asked()["results"][:1]}, "destination-threat"),
    ],
)  # fmt: skip
def test_what_was_not_answered_is_not_nothing(result: Data, answer: t.Any, why: str) -> None:
    only = one({"a": result}, answer)
    assert only["state"] == "not known" and why in " ".join(only["notes"])


def test_what_is_proven_holds_although_something_is_missing() -> None:
    half = {**asked(row(detected=1)), "failed_queries": [{"name": "c", "adom": "b", "view": "v", "msg": "HTTP 500"}]}
    only = one({"a": fortigate(block())}, half)
    assert (only["state"], only["detected"], only["blocked"]) == ("gets through", 1, None)


def test_hits_of_the_list_by_another_address_are_logged() -> None:
    """FortiView shows what the list has stopped, so that it would show this address too."""
    results = {"a": fortigate(block(), block(OTHER), policies=[policy(3, HOUR)])}
    states = {row["address"]: row["state"] for row in found(results, asked(row(OTHER, blocked=3)))["rows"]}
    assert states == {OTHER: "stopped", ADDRESS: "nothing"}


def test_a_new_block_without_incidents_has_stopped_nothing() -> None:
    assert one({"a": fortigate(block(ago=HOUR))}, asked())["state"] == "nothing"


def test_an_address_counts_as_blocked_from_its_last_fortigate_on() -> None:
    results = {"a": fortigate(block()), "b": {**fortigate(block(ago=HOUR)), "serial": "FGT-B"}}
    assert one(results, asked(row(detected=3)))["state"] == "not known"


def test_another_spelling_of_an_address() -> None:
    only = one({"a": fortigate(block("2001:db8::7"))}, asked(row("2001:0DB8:0:0::7", blocked=2)))
    assert only["blocked"] == 2


def test_fortigates_that_were_not_read_are_named() -> None:
    made = found({"a": fortigate(block()), "b": {"failed": True}}, asked(), expected=["a", "b", "c"])
    assert made["unread"] == ["b", "c"] and any("c was not read" in note for note in made["notes"])
    assert made["totals"] == {"gets through": 0, "stopped": 0, "nothing": 1, "not known": 0}


def test_entries_of_others_are_counted_and_not_measured() -> None:
    made = found({"a": fortigate(block(), block(OTHER, ours=False))}, asked())
    assert (
        len(made["rows"]) == 1
        and "The blocks of 1 address are not measured, because no run is known to have created them."
        in made["notes"][0]
    )


def test_two_queries_for_an_adom_and_two_hundred_blocks() -> None:
    blocks = [block(f"198.51.{100 + number // 100}.{number % 100}") for number in range(200)]
    plan = effect_queries({"a": fortigate(*blocks), "b": fortigate(*blocks)}, ["root", "branch"], 7 * DAY, NOW)
    assert [(one["adom"], one["view"]) for one in plan["queries"]] == [
        (adom, view) for adom in ("root", "branch") for view in ("source-threat", "destination-threat")
    ]
    assert plan["start"] == time_text(NOW - 2 * DAY + SETTLES)
    assert plan["queries"][0]["filter"].count("srcip==") == 200


def test_bans_stop_nothing_that_goes_to_an_address() -> None:
    plan = effect_queries({"a": fortigate(block(method="ban"))}, ["root"], 7 * DAY, NOW)
    assert [one["view"] for one in plan["queries"]] == ["source-threat"]


@pytest.mark.parametrize(
    "ages, last, start",
    [
        ([DAY], 7 * DAY, DAY - SETTLES),
        ([30 * DAY], 7 * DAY, 7 * DAY),
        # Two blocks for a day are worth more than one for nearly two days.
        ([1.9 * DAY, DAY, HOUR], 7 * DAY, DAY - SETTLES),
        ([30 * DAY, HOUR, HOUR, HOUR], DAY, DAY),
        ([10.0], 7 * DAY, None),
        ([], 7 * DAY, None),
    ],
)
def test_the_range_that_measures_most(ages: list[float], last: int, start: t.Optional[float]) -> None:
    blocks = [block(f"198.51.100.{number}", ago) for number, ago in enumerate(ages)]
    plan = effect_queries({"a": fortigate(*blocks)}, ["root"], last, NOW)
    assert plan["start"] == (None if start is None else time_text(NOW - start))
    assert bool(plan["queries"]) == (start is not None)


@pytest.mark.parametrize(
    "given, why",
    [({"last": "30s"}, "last must be at least 1m, not 30s"), ({"adoms": []}, "adoms must contain at least one")],
)
def test_what_would_ask_nothing_is_refused(given: Data, why: str) -> None:
    """Also where no block is there yet, so that a schedule shows its mistake at once."""
    for results in ({"a": fortigate(block())}, {}):
        with pytest.raises(AnsibleFilterError, match=why):
            block_effect.effect_queries(results, **given)


def test_a_block_of_which_the_beginning_is_not_known_is_asked_for_too() -> None:
    plan = effect_queries({"a": fortigate(block(), block(OTHER, blocked_at=None))}, ["root"], 7 * DAY, NOW)
    assert OTHER in plan["queries"][0]["filter"]


def test_the_report_has_it_as_page_table_and_data() -> None:
    results = {"a": fortigate(block(), block("198.51.100.9", ago=HOUR)), "b": {"failed": True}}
    made = found(results, asked(row(blocked=2), row("198.51.100.9", detected=1)), expected=["a", "b"])
    files = {
        one["name"]: one["text"]
        for one in report_files([], templates=TEMPLATES, title="Effect", effect=made, formats="html,markdown,csv,json")
    }
    data = json.loads(files["report.json"])
    jsonschema.validate(data, SCHEMA)
    assert [one["state"] for one in data["effect"]["rows"]] == ["stopped", "not known"]
    for name in ("report.html", "report.md"):
        assert "Effect of the blocks" in files[name] and "b was not read" in files[name]
    assert files["effect.csv"].count("\r\n") == 3
    plain = json.loads(report_files(PLAIN, templates=TEMPLATES, title="x", formats="json")[0]["text"])
    assert plain["effect"] is None


@pytest.mark.parametrize("wrong", [[1], "x", {"rows": 5}])
def test_what_is_no_effect_is_refused(wrong: t.Any) -> None:
    with pytest.raises(AnsibleFilterError, match="block_effect"):
        report_files([], templates=TEMPLATES, title="x", effect=wrong)
