# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is done about each target, whose a block is, and what the audit file says."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import ledger, objects, plans
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput

NOW, LATER, MUCH_LATER = "2026-03-01T12:00:00Z", "2026-03-01T12:30:00Z", "2026-03-01T12:31:00Z"
PLACE = {"serial": "FG1", "host": "fgt-hq", "list": "soc-block"}
JOB = {"time": NOW, "run_id": "42", "serial": "FG1", "host": "fgt-hq", "method": "feed_push", "list": "soc-block"}
HOSTILE = "{{ 1 }} '; reboot #\n\u2028\u202e\u0000\"" + "A" * 4096


def target(ip: str, **more: t.Any) -> dict[str, t.Any]:
    return {"ip": ip, "reason": "", "evidence": "", "ttl": 3600, **more}


def feed(entries: list[str], **more: t.Any) -> dict[str, t.Any]:
    return {"item": "root", "entries": entries, "add": [], "remove": [], **more}


def planned(
    method: str, readings: list[t.Any], targets: list[t.Any], lines: str = "", **job: t.Any
) -> dict[str, t.Any]:
    asked = plans.Job(method, job.pop("now", NOW), **job)
    return plans.plan(asked, targets, plans.read(asked, readings), ledger.read_lines(lines)[0], PLACE)


def actions(plan: dict[str, t.Any]) -> dict[str, str]:
    return {step["ip"]: step["action"] for step in plan["steps"]}


def written(plan: dict[str, t.Any], **job: t.Any) -> str:
    return ledger.lines_of(ledger.records(plan["steps"], {**JOB, **job}, {}, {}))


def test_bans_follow_the_modules_own_plan() -> None:
    banned = [
        {"address": "198.51.100.2", "source": "Administrative", "created": 1, "expires": 100},
        {"address": "198.51.100.3", "source": "Administrative", "created": 1, "expires": 9000},
        {"address": "198.51.100.4", "source": "IPS", "created": 1, "expires": 9000},
    ]
    reading = {"item": ["root", {}], "banned": banned, "prolong": ["198.51.100.2"]}
    plan = planned("ban", [reading], [target(f"198.51.100.{number}") for number in (1, 2, 3, 4)])
    assert list(actions(plan).values()) == ["add", "extend", "keep", "foreign"]
    assert [(call["vdom"], call["ttl"], call["addresses"], call["added"]) for call in plan["calls"]] == [
        ("root", 3600, ["198.51.100.1", "198.51.100.2"], ["198.51.100.1"])
    ]


def test_one_write_for_each_vdom_and_ttl() -> None:
    readings = [{"item": [vdom, {}], "banned": []} for vdom in ("root", "guest")]
    targets = [target("198.51.100.1"), target("198.51.100.2", ttl=600), target("198.51.100.3")]
    assert [(call["vdom"], call["ttl"]) for call in planned("ban", readings, targets)["calls"]] == [
        ("root", 3600),
        ("root", 600),
        ("guest", 3600),
        ("guest", 600),
    ]
    assert len(planned("feed_push", [feed([])], targets)["calls"]) == 1


def test_what_a_dry_module_says_about_a_feed_is_turned_back_into_what_is_there() -> None:
    plan = planned(
        "feed_push", [feed(["198.51.100.1", "198.51.100.2"], add=["198.51.100.2"])], [target("198.51.100.2")]
    )
    assert actions(plan) == {"198.51.100.2": "add"}
    plan = planned("feed_push", [feed([], remove=["198.51.100.1"])], [target("198.51.100.1")], lifting=True, force=True)
    assert actions(plan) == {"198.51.100.1": "remove"}


def test_a_feed_entry_is_prolonged_in_the_ledger_below_half_of_its_time() -> None:
    first = planned("feed_push", [feed([])], [target("198.51.100.1")])
    lines = written(first)
    there = [feed(["198.51.100.1"])]
    assert actions(planned("feed_push", there, [target("198.51.100.1")], lines, now=LATER)) == {"198.51.100.1": "keep"}
    again = planned("feed_push", there, [target("198.51.100.1")], lines, now=MUCH_LATER)
    assert actions(again) == {"198.51.100.1": "extend"} and again["calls"] == [] and again["changed"]
    lines += written(again, time=MUCH_LATER)
    assert not planned("feed_push", there, [target("198.51.100.1")], lines, now=MUCH_LATER)["changed"]


def test_only_what_is_ours_is_lifted() -> None:
    lines = written(planned("feed_push", [feed([])], [target("198.51.100.1")]))
    there = [feed(["198.51.100.1", "198.51.100.2"])]
    wanted = [target(f"198.51.100.{number}") for number in (1, 2, 3)]
    plan = planned("feed_push", there, wanted, lines, lifting=True)
    assert actions(plan) == {"198.51.100.1": "remove", "198.51.100.3": "absent"}
    assert [one["ip"] for one in plan["refused"]] == ["198.51.100.2"] and "198.51.100.2" in plan["verdict"]
    forced = planned("feed_push", there, wanted, lines, lifting=True, force=True)
    assert actions(forced)["198.51.100.2"] == "remove" and forced["verdict"] == ""


@pytest.mark.parametrize("asked", ["198.51.100.7", "198.51.100.0/30"])
@pytest.mark.parametrize("around", ["198.51.100.0/24", "198.51.100.0-198.51.100.9", "198.51.100.0 - 198.51.100.20"])
def test_what_a_network_or_range_blocks_is_not_called_absent(asked: str, around: str) -> None:
    """Feeds hold ranges too, which somebody else has put there."""
    plan = planned("feed_push", [feed([around])], [target(asked)], lifting=True)
    assert plan["steps"] == [] and around.split()[0] in plan["verdict"]
    elsewhere = planned("feed_push", [feed([around])], [target("203.0.113.7"), target("2001:db8::7")], lifting=True)
    assert set(actions(elsewhere).values()) == {"absent"}


@pytest.mark.parametrize("odd", ["198.51.100.9-198.51.100.0", "198.51.100.0-", "198.51.100.0-2001:db8::1", "a-b", "-"])
def test_an_entry_that_is_no_range_is_around_nobody(odd: str) -> None:
    assert actions(planned("feed_push", [feed([odd])], [target("198.51.100.7")], lifting=True)) == {
        "198.51.100.7": "absent"
    }


def test_a_ban_of_the_box_is_not_lifted_by_force() -> None:
    reading = {"item": "root", "banned": [{"address": "198.51.100.4", "source": "IPS", "created": 1, "expires": 9}]}
    assert actions(planned("ban", [reading], [target("198.51.100.4")], lifting=True, force=True)) == {
        "198.51.100.4": "foreign"
    }


@pytest.mark.parametrize(
    "other",
    [{"serial": "FG2", "host": "fgt-branch"}, {"vdom": "guest"}, {"method": "ban"}, {"list": "other"}],
    ids=lambda other: next(iter(other)),
)
def test_a_line_belongs_to_one_list_on_one_box(other: dict[str, str]) -> None:
    record = {
        **PLACE,
        "vdom": "root",
        "method": "feed_push",
        "ip": "198.51.100.1",
        "result": "blocked",
        "expires": LATER,
    }
    place = {**PLACE, "vdom": "root", "method": "feed_push"}
    assert "198.51.100.1" in ledger.ours([record], place, NOW)
    assert ledger.ours([{**record, **other}], place, NOW) == {}


@pytest.mark.parametrize(
    "made, serials", [({"serial": "FG2"}, ["FG2"]), ({"host": "fgt-old"}, [])], ids=["failover", "renamed"]
)
def test_a_box_that_failed_over_or_was_renamed_is_the_same(made: dict[str, str], serials: list[str]) -> None:
    """Its lines have the serial number of the other unit, or the name that it had."""
    lines = written(planned("feed_push", [feed([])], [target("198.51.100.1")]), **made)
    there = [feed(["198.51.100.1", "198.51.100.2"])]
    for asked, over in (([target("198.51.100.1")], ""), ([], "2026-03-01T14:00:00Z")):
        plan = planned("feed_push", there, asked, lines, lifting=True, expired_by=over)
        assert actions(plan) == {"198.51.100.1": "remove"} and plan["verdict"] == ""
        assert [serial for serial in serials if serial not in " ".join(plan["notices"])] == []
        assert bool(plan["notices"]) == bool(serials)
    forged = planned("feed_push", there, [target("198.51.100.2")], lines, lifting=True)
    assert forged["steps"] == [] and "198.51.100.2" in forged["verdict"]


def test_comments_of_the_other_unit_of_a_cluster_are_ours_too() -> None:
    four = [{"name": "blk-198.51.100.1", "subnet": "198.51.100.1/32", "comment": f"run=42 exp={NOW}"}]
    told = {"serial": "FG2", "host": "fgt-hq", "run_id": "42", "ip": "203.0.113.1", "result": "unchanged"}
    options: dict[str, t.Any] = {"lifting": True, "expired_by": LATER, **GROUPS}
    for line, count in ((told, 1), ({**told, "host": "fgt-branch"}, 0)):
        plan = planned("addrgrp", [group(["blk-198.51.100.1"], four)], [], ledger.lines_of([line]), **options)
        assert len(plan["steps"]) == count


@pytest.mark.parametrize("result", ["removed", "expired", "rolled_back", "absent"])
def test_a_later_line_ends_it(result: str) -> None:
    place = {**PLACE, "vdom": "root", "method": "feed_push"}
    record = {**place, "ip": "198.51.100.1", "expires": LATER}
    assert ledger.ours([{**record, "result": "blocked"}, {**record, "result": result}], place, NOW) == {}
    assert ledger.ours([{**record, "result": "blocked"}, {**record, "result": "failed"}], place, NOW) != {}


def test_a_ban_after_ours_has_ended_is_somebody_elses() -> None:
    place = {"serial": "FG1", "list": "", "vdom": "root", "method": "ban"}
    record = {**place, "ip": "198.51.100.1", "result": "blocked", "expires": LATER}
    assert ledger.ours([record], place, NOW) and not ledger.ours([record], place, MUCH_LATER)


def test_what_is_over_is_taken_off() -> None:
    lines = written(planned("feed_push", [feed([])], [target("198.51.100.1"), target("198.51.100.2", ttl=7200)]))
    lines += written(planned("feed_push", [feed([])], [target("198.51.100.3", ttl=0)]))
    there = [feed([f"198.51.100.{number}" for number in (1, 2, 3, 4)])]
    plan = planned("feed_push", there, [], lines, lifting=True, expired_by="2026-03-01T13:00:00Z")
    assert actions(plan) == {"198.51.100.1": "remove"}


def test_hostile_texts_are_one_ascii_line_that_says_the_same() -> None:
    text = written(planned("feed_push", [feed([])], [target("198.51.100.1", reason=HOSTILE, evidence=HOSTILE)]))
    assert text.isascii() and len(text.split()) and text.strip().count("\n") == 0
    assert json.loads(text)["reason"] == HOSTILE == ledger.read_lines(text)[0][0]["evidence"]


def test_lines_that_are_none_are_counted() -> None:
    assert ledger.read_lines('{"ip": "198.51.100.1", "result": "blocked"}\n{"ip": "198.5\n\n[]\n')[1] == 2


def test_too_many_on_a_list() -> None:
    there = [feed([f"198.51.100.{number}" for number in range(1, 10)])]
    assert (
        "at most 10"
        in planned("feed_push", there, [target("203.0.113.1"), target("203.0.113.2")], allowed=10)["verdict"]
    )
    assert planned("feed_push", there, [target("203.0.113.1")], allowed=10)["verdict"] == ""
    # A list that is too long already does not keep anybody from asking again.
    assert planned("feed_push", there, [target("198.51.100.1")], allowed=5)["verdict"] == ""


def test_a_file_never_loses_too_much() -> None:
    content = "198.51.100.2\n198.51.100.10\n2001:db8::1\n"
    wanted = [target("198.51.100.2"), target("198.51.100.10")]
    options: dict[str, t.Any] = {"lifting": True, "force": True}
    assert "more than half" in planned("feed_file", [{"content": content}], wanted, **options)["verdict"]
    assert (
        "empty" in planned("feed_file", [{"content": content}], [*wanted, target("2001:db8::1")], **options)["verdict"]
    )
    assert planned("feed_file", [{"content": content}], wanted[:1], **options)["verdict"] == ""
    assert planned("feed_file", [{"content": content}], wanted, allow_shrink=True, **options)["verdict"] == ""
    with pytest.raises(InvalidInput, match="line 2"):
        planned("feed_file", [{"content": "198.51.100.2\n<html>\n"}], wanted)


def group(members: list[str], four: list[dict[str, str]], fmg: str = "") -> dict[str, t.Any]:
    tables = [
        [{"name": "SOC-BLOCK", "member": [{"name": name} for name in ["blk-placeholder", *members]]}],
        [{"name": "SOC-BLOCK6", "member": [{"name": "blk-placeholder"}]}],
        [{"name": "blk-placeholder", "subnet": "192.0.2.255 255.255.255.255"}, *four],
        [],
        [{"type": "fortimanager" if fmg else "none", "fmg": fmg}],
    ]
    return {"item": "root", "meta": [{"status": "success", "http_status": 200, "results": table} for table in tables]}


GROUPS: dict[str, t.Any] = {"group": "SOC-BLOCK", "group6": "SOC-BLOCK6", "run_id": "42"}


def test_objects_are_made_joined_and_prolonged() -> None:
    four = [
        {"name": "blk-198.51.100.1", "subnet": "198.51.100.1 255.255.255.255", "comment": f"run=1 exp={LATER} x"},
        {"name": "blk-198.51.100.2", "subnet": "198.51.100.2/32", "comment": "run=1 exp=2026-03-01T12:45:00Z"},
        {"name": "blk-198.51.100.3", "subnet": "198.51.100.3/32", "comment": "run=1 exp=2026-03-01T12:29:59Z"},
    ]
    reading = group(["blk-198.51.100.2", "blk-198.51.100.3"], four)
    targets = [target(ip) for ip in ("198.51.100.1", "198.51.100.2", "198.51.100.3", "2001:db8::7")]
    plan = planned("addrgrp", [reading], targets, **GROUPS)
    assert list(actions(plan).values()) == ["add", "keep", "extend", "add"]
    call = plan["calls"][0]
    assert call["members"] == [{"name": "blk-198.51.100.1"}] and call["members6"] == [{"name": "blk-2001_db8__7"}]
    assert call["steps"][0]["comment"] == "run=42 exp=2026-03-01T13:00:00Z"


def test_an_object_with_another_address_than_its_name_is_an_error() -> None:
    four = [{"name": "blk-198.51.100.1", "subnet": "0.0.0.0 0.0.0.0", "comment": ""}]
    with pytest.raises(InvalidInput, match="another address"):
        planned("addrgrp", [group(["blk-198.51.100.1"], four)], [target("198.51.100.1")], **GROUPS)


def test_comments_tell_what_is_over_but_only_of_runs_that_are_known() -> None:
    four = [
        {"name": f"blk-198.51.100.{number}", "subnet": f"198.51.100.{number}/32", "comment": f"run={run} exp={NOW}"}
        for number, run in ((1, "42"), (2, "7"))
    ]
    reading = group([one["name"] for one in four], four)
    lines = ledger.lines_of([{"serial": "FG1", "run_id": "42", "ip": "203.0.113.1", "result": "unchanged"}])
    options: dict[str, t.Any] = {"lifting": True, "expired_by": LATER, **GROUPS}
    assert actions(planned("addrgrp", [reading], [], lines, **options)) == {"198.51.100.1": "remove"}
    assert len(planned("addrgrp", [reading], [], lines, force=True, **options)["steps"]) == 2


def test_one_comment_that_tells_no_time_does_not_keep_the_others() -> None:
    four = [
        {"name": f"blk-198.51.100.{number}", "subnet": f"198.51.100.{number}/32", "comment": f"run=42 exp={end}"}
        for number, end in ((1, "tomorrow"), (2, NOW))
    ]
    reading = group([one["name"] for one in four], four)
    lines = ledger.lines_of([{"serial": "FG1", "run_id": "42", "ip": "203.0.113.1", "result": "unchanged"}])
    plan = planned("addrgrp", [reading], [], lines, lifting=True, expired_by=LATER, **GROUPS)
    assert actions(plan) == {"198.51.100.2": "remove"}
    assert "blk-198.51.100.1" in plan["notices"][0] and "tomorrow" in plan["notices"][0]
    # Asked for again, it gets a time that can be read.
    again = planned("addrgrp", [reading], [target("198.51.100.1")], lines, **GROUPS)
    assert actions(again) == {"198.51.100.1": "extend"}


def test_a_managed_box_is_not_changed_unless_allowed() -> None:
    wanted = [target("198.51.100.1")]
    assert "FortiManager" in planned("addrgrp", [group([], [], "192.0.2.9")], wanted, **GROUPS)["verdict"]
    assert planned("addrgrp", [group([], [], "192.0.2.9")], wanted, allow_fmg_drift=True, **GROUPS)["verdict"] == ""


@pytest.mark.parametrize(
    "reply",
    [
        {"item": "root", "msg": "no route"},
        {"item": "root", "meta": []},
        {"item": "root", "meta": [{"http_status": 200}]},
        {"item": "root", "meta": [{"status": "error", "http_status": 403, "results": []}] * 5},
        {"item": "root", "meta": [{"status": "success", "http_status": 200}] * 5},
        {"item": "root", "meta": [{"status": "success", "results": [None]}] * 5},
    ],
    ids=str,
)
def test_what_could_not_be_read_is_no_empty_group(reply: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidInput, match="could not be read"):
        planned("addrgrp", [reply], [target("198.51.100.1")], **GROUPS)


@pytest.mark.parametrize("method", ["ban", "feed_push"])
def test_what_could_not_be_read_is_no_empty_list(method: str) -> None:
    with pytest.raises(InvalidInput, match="could not be read"):
        planned(method, [{"item": "root", "msg": "failed"}], [target("198.51.100.1")])


def test_a_comment_is_plain_and_begins_with_run_and_expiry() -> None:
    comment = objects.comment_of("42", LATER, HOSTILE + " run=1 exp=2000-01-01T00:00:00Z")
    assert len(comment) == 255 and comment.isascii() and comment.isprintable() and not set(comment) & set("<>()#'\"\\`")
    assert objects.read_comment(comment) == {"run_id": "42", "expires": LATER}
    assert objects.read_comment(objects.comment_of("42", None, "x")) == {"run_id": "42", "expires": None}
    assert objects.read_comment(f"made by hand run=42 exp={LATER}") is None


def test_names_of_objects() -> None:
    assert objects.name_of("2001:db8::7") == "blk-2001_db8__7"
    assert objects.name_of("198.51.100.0/24") == "blk-198.51.100.0-24"
