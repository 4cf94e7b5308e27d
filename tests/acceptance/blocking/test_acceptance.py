# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a firewall engineer asks of the role before it runs unattended.

The tests use several FortiGates behind one address, five forks, and a user name on the command line. FortiGates that
misbehave are in test_faults.py."""

from __future__ import annotations

import itertools
import os
import typing as t

import pytest

from acceptance.blocking.fleet import CALLER, Fleet, Run
from support.blocking import Line
from support.blocking import listed as listed_now

METHODS = ("ban", "feed_push", "addrgrp")
# Four and six, as many as the role takes in one run of this test.
MANY = [f"198.51.100.{number}" for number in range(1, 99)] + ["2001:db8:bad::7", "2001:db8:bad::8"]
FEW = ["198.51.100.7", "203.0.113.77", "2001:db8:bad::7"]
HOSTILE = (
    "{{ lookup('pipe', 'touch PWNED') }} '; touch PWNED # \"$(touch PWNED)\" `id`\n\u202e\u2028 <b>\U0001f4a5"
    + "A" * 4096
)
FAZ, HOST = "198.51.100.201", "198.51.100.203"
TTL = 7200
# What the guardrails refuse by what only the play knows: its variables, and its inventory.
PROTECTED = {"198.51.100.250": "exclusion list", FAZ: "infrastructure", HOST: "inventory host"}


class Story(t.NamedTuple):
    """The runs, one after the other, and how many requests of each box came before each."""

    runs: dict[str, Run]
    marks: dict[str, dict[str, int]]


@pytest.fixture(scope="module")
def story(fleet: Fleet) -> Story:
    """A dry run, the real one, a second one and a list."""
    prepared = {"with_feed": True, "with_group": True, "with_policies": True}
    usual: dict[str, t.Any] = {"ttl": TTL, "infra": [FAZ], "never_extra": ["198.51.100.250"]}
    # As what comes from an appliance: an inventory of its own could hold templates.
    hostile = {"__ansible_unsafe": HOSTILE}
    reasons = {"reasons": [hostile], "threats": [hostile]}
    for method in METHODS:
        many = MANY if method == "ban" else FEW
        fleet.box(
            method,
            {**prepared, "vdoms": ["root", "guest"]},
            method=method,
            vdoms=["root", "guest"] if method == "ban" else ["root"],
            targets=[{"ip": ip, **reasons} for ip in many],
            max_per_run=len(many),
            **usual,
        )
    fleet.box("protected", prepared, method="ban", targets=[*FEW, *PROTECTED], **usual)
    fleet.box("full", prepared, targets=FEW, max_per_run=2, **usual)
    fleet.stranger("inventory-host", HOST)

    runs: dict[str, Run] = {}
    marks: dict[str, dict[str, int]] = {}

    def run(name: str, *arguments: str, **options: t.Any) -> None:
        marks[name] = {box: len(fleet.boxes[box].journal) for box in fleet.boxes}
        runs[name] = fleet.play(*arguments, **options)

    run("check", "--check", "-vvvv", only="ban,protected")
    run("real", "-vvvv")
    run("again", only="ban")
    run("listed", "-vvvv", only="ban", entry="list")
    marks["end"] = {box: len(fleet.boxes[box].journal) for box in fleet.boxes}
    return Story(runs, marks)


def sent(fleet: Fleet, story: Story, name: str, box: str) -> list[t.Any]:
    """Requests to a box during one run, but for the login's."""
    following = list(itertools.dropwhile(lambda one: one != name, story.marks))[1]
    entries = list(fleet.boxes[box].journal)[story.marks[name][box] : story.marks[following][box]]
    return [entry for entry in entries if entry.path.startswith("/api/") and "authentication" not in entry.path]


def test_a_dry_run_plans_and_only_reads(fleet: Fleet, story: Story) -> None:
    assert {entry.http_method for entry in sent(fleet, story, "check", "ban")} == {"GET"}
    outcome = story.runs["check"].outcomes["ban"]
    assert not outcome.failed and outcome.changed == 1


@pytest.mark.parametrize("method", METHODS)
def test_it_blocks(fleet: Fleet, story: Story, method: str) -> None:
    assert not story.runs["real"].outcomes[method].failed
    lines = [line for line in fleet.lines(method) if line["result"] == "blocked"]
    wanted = MANY if method == "ban" else FEW
    vdoms = ["root", "guest"] if method == "ban" else ["root"]
    assert {(line["vdom"], line["address"]) for line in lines} == {(vdom, ip) for vdom in vdoms for ip in wanted}


def test_a_hundred_addresses_are_one_write_for_each_vdom(fleet: Fleet, story: Story) -> None:
    writes = [entry for entry in sent(fleet, story, "real", "ban") if entry.http_method != "GET"]
    assert len(writes) == 2
    assert all("add_users" in entry.path for entry in writes)
    bodies = [set(entry.body["ip_addresses"]) for entry in writes]
    assert bodies == [set(MANY), set(MANY)]


def test_the_second_run_changes_nothing(fleet: Fleet, story: Story) -> None:
    assert {entry.http_method for entry in sent(fleet, story, "again", "ban")} == {"GET"}
    outcome = story.runs["again"].outcomes["ban"]
    assert not outcome.failed and outcome.changed == 0
    assert {line["result"] for line in fleet.lines("ban")} == {"blocked"}
    # Others than those that are played on are left alone.
    assert sent(fleet, story, "again", "feed_push") == []


@pytest.mark.parametrize("run", ["check", "real"])
def test_nothing_is_written_where_one_target_is_protected(fleet: Fleet, story: Story, run: str) -> None:
    assert story.runs[run].outcomes["protected"].failed
    assert {entry.http_method for entry in sent(fleet, story, run, "protected")} == {"GET"}


def test_what_the_play_knows_protects(fleet: Fleet, story: Story) -> None:
    refused = {
        line["address"]: ", ".join(line["refusals"]) for line in fleet.lines("protected") if line["result"] == "refused"
    }
    assert set(refused) == set(PROTECTED)
    assert all(PROTECTED[address] in why for address, why in refused.items())


def test_over_a_limit_nothing_is_written(fleet: Fleet, story: Story) -> None:
    outcome = story.runs["real"].outcomes["full"]
    assert outcome.failed and "max_per_run permits 2" in outcome.said
    assert fleet.boxes["full"].writes == []


def test_boxes_behind_one_address_stay_separate(fleet: Fleet, story: Story) -> None:
    """Five forks at once: each box got its own method's writes and nobody else's."""
    assert {entry.path.split("?")[0].rpartition("/")[2] for entry in fleet.boxes["ban"].writes} == {"add_users"}
    assert fleet.boxes["feed_push"].bans() == fleet.boxes["addrgrp"].bans() == []
    assert sorted(fleet.boxes["feed_push"].feed("soc-block")) == sorted(FEW)
    assert fleet.boxes["addrgrp"].feed("soc-block") == []


def test_hostile_names_arrive_unchanged_and_unevaluated(fleet: Fleet, story: Story) -> None:
    for method in METHODS:
        told = {(*line["reasons"], *line["threats"]) for line in fleet.lines(method)}
        assert told == {(HOSTILE, HOSTILE)}
    assert not list(fleet.directory.rglob("PWNED"))
    comments = [one["comment"] for one in fleet.boxes["addrgrp"].objects("firewall/address") if one.get("comment")]
    assert comments and all(len(comment) <= 255 and comment.isascii() and comment.isprintable() for comment in comments)


def test_bans_are_listed_with_their_run_until_they_end(fleet: Fleet, story: Story) -> None:
    listed = story.runs["listed"].output
    assert all(f'"address": "{ip}"' in listed for ip in MANY)
    fleet.clock.advance(TTL + 1)
    registry = str(fleet.directory / "blocks.sqlite")
    assert listed_now(Line.of(fleet.boxes["ban"]), now=fleet.clock.now, registry=registry) == []
    assert fleet.boxes["ban"].bans() == []


def test_the_audit_file_names_who_ran_it(fleet: Fleet, story: Story) -> None:
    assert {line["job_user"] for line in fleet.lines("ban")} == {CALLER}


def test_no_secret_is_printed_or_written(fleet: Fleet, story: Story) -> None:
    printed = "".join(run.output for run in story.runs.values()) + fleet.audit.read_text()
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in printed
    for secret in fleet.secrets():
        assert secret not in printed
    assert os.access(fleet.audit, os.R_OK)
