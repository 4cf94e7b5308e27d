# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An address that attacks again is blocked for longer, the same on every FortiGate, and for the first time again after a person has unblocked it."""

from __future__ import annotations

import contextlib
import sqlite3
import typing as t

import pytest

from blocking.faults import message
from blocking.fleet import Fleet, Run
from support.blocking import PREPARED

AGAIN, OWN, PUBLISHED = "198.51.100.7", "203.0.114.77", "203.0.113.10"
TARGETS = [{"address": AGAIN, "reasons": ["12 incidents"]}, {"address": OWN, "ttl": "2h"}]
HOUR, DAY, WEEK = 3600, 86400, 604800
METHODS = {"ban": "ban", "late": "ban", "feed": "feed_push"}
TIMES = {
    "fortiview_claims": ("claimed_at", "expires_at", "ended_at"),
    "fortiview_repeats": ("blocked_until", "blocked_before"),
    "fortiview_pardons": ("given_at", "until"),
    "fortiview_answers": ("kept_at",),
    "fortiview_remembered": ("seen_at",),
}


class Story(t.NamedTuple):
    """The runs, and what each has recorded of the address that attacks again, by FortiGate."""

    runs: dict[str, Run]
    lines: dict[str, dict[str, dict[str, t.Any]]]
    passed: dict[str, list[bool]]


def wait(fleet: Fleet, seconds: float) -> None:
    """Time passes, for the registry and for the FortiGates: the role runs on real time."""
    fleet.clock.advance(seconds)
    with contextlib.closing(sqlite3.connect(fleet.directory / "blocks.sqlite")) as connection, connection:
        for table, columns in TIMES.items():
            connection.execute(f"UPDATE {table} SET {', '.join(f'{one} = {one} - {seconds}' for one in columns)}")


@pytest.fixture(scope="module")
def story(fleet: Fleet) -> Story:
    found = Story({}, {}, {})
    for name, method in METHODS.items():
        fleet.box(name, PREPARED, method=method, targets=TARGETS)

    def run(name: str, *arguments: str, **options: t.Any) -> None:
        before = {box: len(fleet.lines(box)) for box in fleet.boxes}
        found.runs[name] = fleet.play("-v", *arguments, **{"ttl": "1h, 1d, 7d", **options})
        lines = {box: [one for one in fleet.lines(box)[before[box] :] if one["address"] == AGAIN] for box in before}
        found.lines[name] = {box: of_run[-1] for box, of_run in lines.items() if of_run}
        found.passed[name] = [box.passes(AGAIN, PUBLISHED) for box in fleet.boxes.values()]

    run("first", only="ban:feed")
    wait(fleet, HOUR + 1)
    run("expire", only="feed", entry="expire")
    run("check", "--check")
    run("second", only="ban:feed")
    # Another run, on all of them: one FortiGate joins, and another one has lost its bans.
    run("joined")
    fleet.boxes["ban"].reboot()
    run("rebooted")
    wait(fleet, DAY + 1)
    run("expire again", only="feed", entry="expire")
    run("third", ttl=["1h", "1d", "7d"])
    wait(fleet, WEEK + 1)
    run("expire at last", only="feed", entry="expire")
    run("last")
    run("unblock", entry="unblock", targets=[AGAIN])
    run("anew")
    run("permanent", ttl=["1h", 0], targets=["198.51.100.8"])
    return found


def test_no_run_fails_but_the_one_without_permission(story: Story) -> None:
    failed = {
        name: message(one.said) for name, run in story.runs.items() for one in run.outcomes.values() if one.failed
    }
    assert list(failed) == ["permanent"] and "needs allow_permanent" in failed["permanent"]


@pytest.mark.parametrize(
    "run, ttl, step",
    [("first", HOUR, ""), ("second", DAY, "step 2 of 3"), ("joined", DAY, "step 2 of 3"), ("rebooted", DAY, "step 2 of 3"),
     ("third", WEEK, "step 3 of 3"), ("last", WEEK, "step 3 of 3"), ("anew", HOUR, "")],
)  # fmt: skip
def test_each_block_has_its_step_on_every_fortigate(story: Story, run: str, ttl: int, step: str) -> None:
    wanted = {"first": {"ban", "feed"}, "second": {"ban", "feed"}, "joined": {"late"}, "rebooted": {"ban"}}
    blocked = {box: line for box, line in story.lines[run].items() if line["result"] == "blocked"}
    assert set(blocked) == wanted.get(run, set(METHODS))
    assert {line["ttl"] for line in blocked.values()} == {ttl}
    # The same words everywhere, or a plan has a row for each FortiGate.
    (why,) = {line["why"] for line in blocked.values()}
    assert why == "" if not step else why.startswith("blocked before until 20") and why.endswith(step)


def test_what_stands_keeps_its_step(story: Story) -> None:
    for run in ("joined", "rebooted"):
        kept = [line for line in story.lines[run].values() if line["result"] == "unchanged"]
        assert {line["ttl"] for line in kept} <= {DAY}
    assert story.runs["joined"].outcomes["feed"].changed == 0


def test_packets(story: Story) -> None:
    """In the order ban, late, feed."""
    assert story.passed == {
        "first": [False, True, False], "expire": [True, True, True], "check": [True, True, True], "second": [False, True, False],
        "joined": [False] * 3, "rebooted": [False] * 3, "expire again": [True] * 3, "third": [False] * 3, "expire at last": [True] * 3,
        "last": [False] * 3, "unblock": [True] * 3, "anew": [False] * 3, "permanent": [False] * 3,
    }  # fmt: skip


def test_the_plan_says_it_and_writes_nothing(fleet: Fleet, story: Story) -> None:
    said = story.runs["check"].output
    assert said.count("step 2 of 3") >= 3 and f'"ttl": {DAY}' in said and f'"ttl": {HOUR}' not in said
    assert story.lines["check"] == {}


def test_the_time_of_a_target_has_precedence(fleet: Fleet, story: Story) -> None:
    lines = [
        line for box in METHODS for line in fleet.lines(box) if line["address"] == OWN and line["result"] == "blocked"
    ]
    assert len(lines) > 3 and {(line["ttl"], line["why"]) for line in lines} == {(2 * HOUR, "")}
