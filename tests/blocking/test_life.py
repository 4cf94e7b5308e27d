# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of blocks by the role, on many FortiGates in one play: the guardrails, a registry that is lost, and every end that is not green."""

from __future__ import annotations

import json
import typing as t

import pytest

from blocking.faults import message
from blocking.fleet import Fleet, Run
from simulators.fortigate.client import Client
from support.blocking import PREPARED, on_list

FEW = ["198.51.100.7", "203.0.113.77", "2001:db8:bad::7"]
OWN_ADDRESS = "203.0.113.1"
RESOLVERS = ["8.8.8.8", "1.1.1.1", "9.9.9.9", "2001:4860:4860::8888", "2606:4700:4700::1111", "198.41.0.4"]
HUNTED = [{"address": one, "role": "attacker", "threats": ["Scan"], "reasons": ["3 incidents"]} for one in FEW]
LATER = "2100-01-01T00:00:00Z"
LOST = ("lost-feed_push", "lost-addrgrp", "lost-ban")


class Story(t.NamedTuple):
    runs: dict[str, Run]
    changed: dict[str, dict[str, int]]


def boxes(fleet: Fleet) -> None:
    for name in ("feed_push", "addrgrp", "ban"):
        fleet.box(f"lost-{name}", PREPARED, method=name, targets=FEW)
        fleet.box(f"pardoned-{name}", PREPARED, method=name, targets=HUNTED)
    fleet.box("ahead", {"clock_skew": 7200.0}, method="ban", targets=FEW)
    fleet.box("behind", {"clock_skew": -7200.0}, method="ban", targets=FEW)
    fleet.box("spoofed", PREPARED, method="ban", targets=[*FEW, OWN_ADDRESS], on_protected="skip")
    good = [f"203.0.114.{number}" for number in range(1, 16)]
    fleet.box("twenty", PREPARED, targets=[*good, *(f"10.0.0.{n}" for n in range(1, 6))], on_protected="skip")
    fleet.box("nineteen", PREPARED, targets=[*good[:-1], *(f"10.0.0.{n}" for n in range(1, 6))], on_protected="skip")
    fleet.box("resolvers", PREPARED, targets=RESOLVERS)
    fleet.box("allowed", PREPARED, targets=RESOLVERS[:1], allow_shared=["8.8.8.0/24"])
    fleet.box("no-statement", PREPARED, targets=FEW)
    fleet.box("empty-statement", PREPARED, targets=FEW)
    fleet.box("silent-limit", {**PREPARED, "feed_cap": 2}, method="feed_push", targets=FEW)
    fleet.box(
        "host-bits",
        PREPARED,
        method="feed_push",
        targets=["172.200.0.0/16", "198.51.100.0/24"][1:],
        allow_networks=True,
    )
    fleet.box("fails", PREPARED, method="feed_push", targets=FEW)
    fleet.box("refused", {**PREPARED, "read_only": True}, method="feed_push", targets=FEW)
    for name in ("reset", "closed"):
        fleet.box(f"idle-{name}", PREPARED, method="ban", targets=FEW)


@pytest.fixture(scope="module")
def story(fleet: Fleet) -> Story:
    boxes(fleet)
    variables = fleet._variables
    del variables["no-statement"]["fortigate_block_never_extra"]
    variables["empty-statement"]["fortigate_block_never_extra"] = " "
    fleet.boxes["fails"].fault("forbidden", method="POST", path="external-resource/dynamic", times=2)
    with Client(fleet.boxes["host-bits"]) as client:
        client.push("add", ["198.51.100.9/24"])
    runs: dict[str, Run] = {}
    writes: dict[str, dict[str, int]] = {}

    def run(name: str, *arguments: str, **options: t.Any) -> None:
        before = {box: len(fleet.boxes[box].writes) for box in fleet.boxes}
        runs[name] = fleet.play(*arguments, **options)
        writes[name] = {box: len(fleet.boxes[box].writes) - before[box] for box in fleet.boxes}

    # Their FortiGate closes a connection that was idle between the plan and the write.
    fleet.boxes["idle-reset"].switches.update({"keep_alive_requests": 1})
    fleet.boxes["idle-closed"].switches.update({"keep_alive_requests": 1, "keep_alive_end": "closed"})
    run("block")
    run("again")
    pardoned, lost = "pardoned-*", ":".join(LOST)
    run("unblock", only=f"{pardoned}:host-bits", entry="unblock", targets=[*FEW[:1], "198.51.100.20"])
    run("hunt", only=pardoned)
    run("person", only=pardoned, targets=FEW[:1])
    empty = str(fleet.directory / "empty.sqlite")
    run("lost-expire", only=lost, entry="expire", registry=empty)
    run("lost-unblock", only=lost, entry="unblock", everything=True, targets=[], registry=empty)
    run("lost-later", only="lost-feed_push:lost-addrgrp", entry="expire", registry=empty, expired_by=LATER)
    run("later", only="lost-feed_push", entry="expire", expired_by=LATER)
    run("clear", only="lost-ban:ahead:behind", entry="unblock", everything=True, targets=[])
    return Story(runs, writes)


def said(story: Story, run: str, box: str) -> str:
    return message(story.runs[run].outcomes[box].said)


@pytest.mark.parametrize("method", ["feed_push", "addrgrp", "ban"])
def test_with_an_empty_registry_nothing_ends_green_with_nothing_done(fleet: Fleet, story: Story, method: str) -> None:
    box = f"lost-{method}"
    if method == "feed_push":
        # Of a feed nobody knows what is over.
        assert story.runs["lost-expire"].outcomes[box].failed
        assert "3 entries of feed_push soc-block in VDOM root are not in the registry" in said(
            story, "lost-expire", box
        )
        assert "fortigate_block_registry" in said(story, "lost-expire", box)
    else:
        # Bans end by themselves, and objects say in their comment when they are over, which is not now.
        assert not story.runs["lost-expire"].outcomes[box].failed
    if method != "addrgrp":
        assert story.runs["lost-unblock"].outcomes[box].failed
        assert "3 entries of" in said(story, "lost-unblock", box) and "registry" in said(story, "lost-unblock", box)
        assert story.changed["lost-unblock"][box] == 0


def test_objects_expire_by_their_comment_without_any_registry(fleet: Fleet, story: Story) -> None:
    """They were also removed by `everything`, for their mark says that they are ours."""
    assert not story.runs["lost-unblock"].outcomes["lost-addrgrp"].failed
    assert on_list(fleet.boxes["lost-addrgrp"], "addrgrp") == set()


def test_with_the_right_registry_a_feed_expires(fleet: Fleet, story: Story) -> None:
    assert story.runs["lost-later"].outcomes["lost-feed_push"].failed
    assert not story.runs["later"].outcomes["lost-feed_push"].failed, said(story, "later", "lost-feed_push")
    assert on_list(fleet.boxes["lost-feed_push"], "feed_push") == set()


@pytest.mark.parametrize("box", ["ahead", "behind"])
def test_clocks_two_hours_apart(fleet: Fleet, story: Story, box: str) -> None:
    assert not story.runs["block"].outcomes[box].failed
    outcome = story.runs["again"].outcomes[box]
    assert (outcome.failed, outcome.changed, story.changed["again"][box]) == (False, 0, 0)
    assert not story.runs["clear"].outcomes[box].failed and fleet.boxes[box].bans() == []


@pytest.mark.parametrize("method", ["feed_push", "addrgrp", "ban"])
def test_a_hunt_does_not_block_again_what_a_person_unblocked(fleet: Fleet, story: Story, method: str) -> None:
    box = f"pardoned-{method}"
    assert not story.runs["unblock"].outcomes[box].failed, said(story, "unblock", box)
    hunt = story.runs["hunt"].outcomes[box]
    assert (hunt.failed, hunt.changed, story.changed["hunt"][box]) == (False, 0, 0)
    # A person's plain address is blocked, and the pardon has ended.
    assert story.runs["person"].outcomes[box].changed == 1
    assert on_list(fleet.boxes[box], method) == set(FEW)


def test_the_pardon_is_said(fleet: Fleet, story: Story) -> None:
    output = fleet.play("-v", only="pardoned-ban", targets=HUNTED, entry="unblock").output
    assert "removed" in output
    output = fleet.play("-v", only="pardoned-ban").output
    assert "soc unblocked it on " in output and "a hunt blocks it again after" in output


def test_one_spoofed_address_stops_nothing(fleet: Fleet, story: Story) -> None:
    assert not story.runs["block"].outcomes["spoofed"].failed, said(story, "block", "spoofed")
    assert on_list(fleet.boxes["spoofed"], "ban") == set(FEW)
    (line,) = [
        line for line in fleet.lines("spoofed") if line["address"] == OWN_ADDRESS and line["result"] == "refused"
    ][:1]
    assert "interface" in " ".join(line["refusals"])


def test_a_longer_list_of_which_a_fifth_is_refused_is_stopped(fleet: Fleet, story: Story) -> None:
    assert story.runs["block"].outcomes["twenty"].failed
    assert "5 of 20 targets are refused, more than 20 %" in said(story, "block", "twenty")
    assert fleet.boxes["twenty"].writes == []
    assert not story.runs["block"].outcomes["nineteen"].failed
    assert len(fleet.boxes["nineteen"].bans()) == 14


def test_public_resolvers_are_refused(fleet: Fleet, story: Story) -> None:
    assert story.runs["block"].outcomes["resolvers"].failed and fleet.boxes["resolvers"].writes == []
    refused = {line["address"]: " ".join(line["refusals"]) for line in fleet.lines("resolvers")}
    assert set(refused) == set(RESOLVERS) and all("shared infrastructure" in why for why in refused.values())
    assert [one["ip_address"] for one in fleet.boxes["allowed"].bans()] == RESOLVERS[:1]


@pytest.mark.parametrize("box", ["no-statement", "empty-statement"])
def test_without_a_stated_exclusion_list_nothing_is_sent(fleet: Fleet, story: Story, box: str) -> None:
    assert story.runs["block"].outcomes[box].failed
    assert "fortigate_block_never_extra" in said(story, "block", box) and "Nothing was sent" in said(
        story, "block", box
    )
    assert list(fleet.boxes[box].journal) == []


def test_a_feed_that_is_cut_off_in_silence_enforces_nothing(fleet: Fleet, story: Story) -> None:
    assert story.runs["block"].outcomes["silent-limit"].failed
    assert "accepted_count 2 of 3" in said(story, "block", "silent-limit")
    assert fleet.boxes["silent-limit"].feed("soc-block") == []


def test_an_entry_with_host_bits_is_its_network(fleet: Fleet, story: Story) -> None:
    assert not story.runs["block"].outcomes["host-bits"].failed
    assert story.changed["block"]["host-bits"] == 0
    assert story.runs["unblock"].outcomes["host-bits"].failed
    assert "198.51.100.9/24 covers it" in said(story, "unblock", "host-bits")


def test_one_of_several_fails_and_the_others_are_reported(fleet: Fleet, story: Story) -> None:
    for box in ("fails", "refused"):
        assert story.runs["block"].outcomes[box].failed
        assert {line["result"] for line in fleet.lines(box) if line["action"] == "add"} >= {"rolled_back"}
    for box in ("lost-feed_push", "pardoned-ban", "ahead"):
        assert {line["result"] for line in fleet.lines(box) if line.get("action") == "add"} >= {"blocked"}
    # The fault is over: the next run blocks.
    assert not story.runs["again"].outcomes["fails"].failed
    assert on_list(fleet.boxes["fails"], "feed_push") == set(FEW)


@pytest.mark.parametrize("box", ["idle-reset", "idle-closed"])
def test_a_connection_that_the_fortigate_closes(fleet: Fleet, story: Story, box: str) -> None:
    assert not story.runs["block"].outcomes[box].failed, said(story, "block", box)
    assert on_list(fleet.boxes[box], "ban") == set(FEW)


def test_no_message_says_two_things(story: Story) -> None:
    found = [one.said for run in story.runs.values() for one in run.outcomes.values()]
    assert [text for text in found if "was rolled back" in text and "could NOT be rolled back" in text] == []


def test_no_secret_is_printed(fleet: Fleet, story: Story) -> None:
    printed = "".join(run.output for run in story.runs.values())
    assert [one for one in fleet.secrets() if one in printed] == []
    assert json.loads(fleet.audit.read_text().splitlines()[0])
