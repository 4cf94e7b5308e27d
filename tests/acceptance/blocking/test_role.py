# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only a play shows: variables that are missing, tokens and connections of the official plugin, and one FortiGate of several that fails."""

from __future__ import annotations

import json
import typing as t

import pytest

from acceptance.blocking.faults import message
from acceptance.blocking.fleet import Fleet, Run
from simulators.fortigate import FortiGate
from support.blocking import PREPARED, on_list

FEW = ["198.51.100.7", "203.0.113.77", "2001:db8:bad::7"]
SERVER, TOKENS = "203.0.113.10", "tokens"
# Something in each VDOM.
INSIDE = {"root": SERVER, "guest": "10.2.1.20"}


def accept(box: FortiGate, policyid: int, vdom: str, **where: str) -> None:
    where = {"srcaddr": "all", "dstaddr": "all", "service": "ALL", **where}
    given = {"policyid": policyid, "action": "accept", "schedule": "always"}
    box.configure("firewall/policy", [{**given, **{key: [{"name": name}] for key, name in where.items()}}], vdom)


class Story(t.NamedTuple):
    block: Run
    unblock: Run


@pytest.fixture(scope="module")
def story(fleet: Fleet) -> Story:
    for name in ("no-statement", "empty-statement", "idle-reset", "idle-closed"):
        fleet.box(name, PREPARED, method="ban", targets=FEW)
    fleet.forget("no-statement", "never_extra")
    fleet.connect("empty-statement", fortigate_block_never_extra=" ")
    # These close a connection that was idle between the plan and the write.
    fleet.boxes["idle-reset"].switches.update({"keep_alive_requests": 1})
    fleet.boxes["idle-closed"].switches.update({"keep_alive_requests": 1, "keep_alive_end": "closed"})
    fails = fleet.box("fails", PREPARED, method="feed_push", targets=FEW)
    fails.fault("forbidden", method="POST", path="external-resource/dynamic", times=2)
    tokens = fleet.box(TOKENS, {**PREPARED, "vdoms": list(INSIDE)}, method="ban", targets=FEW, on_unresolved="skip")
    # Else nothing comes into this VDOM, whatever is blocked.
    accept(tokens, 2, "guest", srcintf="guest-wan", dstintf="guest-lan")
    fleet.connect(
        TOKENS,
        fortigate_token="",
        fortigate_block_vdoms=list(INSIDE),
        fortigate_block_vdom_tokens=tokens.vdom_tokens,
    )
    twin = fleet.box("twin-root", PREPARED, targets=FEW)
    fleet.alias("twin-guest", "twin-root", vdoms=["guest"], vdom_token=True)
    fleet.connect("twin-guest", fortigate_token=twin.vdom_tokens["guest"])
    block = fleet.play("-vvvv")
    # Without a method, as a person does it who does not remember.
    fleet.forget("idle-reset", "method")
    return Story(block, fleet.play("-vvvv", only=f"idle-reset,{TOKENS}", entry="unblock", targets=FEW[:1]))


@pytest.mark.parametrize("name", ["no-statement", "empty-statement"])
def test_without_a_stated_exclusion_list_nothing_is_sent(fleet: Fleet, story: Story, name: str) -> None:
    outcome = story.block.outcomes[name]
    assert outcome.failed and "fortigate_block_never_extra" in message(outcome.said)
    assert "Nothing was sent" in message(outcome.said)
    assert list(fleet.boxes[name].journal) == []


@pytest.mark.parametrize("name", ["idle-reset", "idle-closed"])
def test_a_connection_that_the_fortigate_closes(fleet: Fleet, story: Story, name: str) -> None:
    assert not story.block.outcomes[name].failed, message(story.block.outcomes[name].said)
    blocked = [line["address"] for line in fleet.lines(name) if line["result"] == "blocked"]
    assert sorted(blocked) == sorted(FEW)
    assert on_list(fleet.boxes[name], "ban") == set(FEW[1:] if name == "idle-reset" else FEW)


def test_one_of_several_fails_and_the_others_are_reported(fleet: Fleet, story: Story) -> None:
    outcome = story.block.outcomes["fails"]
    assert outcome.failed and "was rolled back" in message(outcome.said)
    assert on_list(fleet.boxes["fails"], "feed_push") == set()
    assert {line["result"] for line in fleet.lines("fails")} == {"rolled_back"}
    well = {name for name, one in story.block.outcomes.items() if not one.failed}
    assert well == {"idle-reset", "idle-closed", TOKENS}


def test_a_person_unblocks_one_address(fleet: Fleet, story: Story) -> None:
    outcome = story.unblock.outcomes["idle-reset"]
    assert not outcome.failed and outcome.changed == 1, message(outcome.said)
    assert fleet.boxes["idle-reset"].passes(FEW[0], SERVER)
    assert not fleet.boxes["idle-reset"].passes(FEW[1], SERVER)
    assert "removed" in story.unblock.output


def test_each_vdom_is_asked_with_its_own_token(fleet: Fleet, story: Story) -> None:
    assert not story.block.outcomes[TOKENS].failed, message(story.block.outcomes[TOKENS].said)
    assert not story.unblock.outcomes[TOKENS].failed, message(story.unblock.outcomes[TOKENS].said)
    box = fleet.boxes[TOKENS]
    for vdom, inside in INSIDE.items():
        assert box.passes(FEW[0], inside, vdom=vdom) and not box.passes(FEW[1], inside, vdom=vdom)
        calls = [entry for entry in box.journal if entry.vdom == vdom and "system/status" not in entry.path]
        assert calls and {entry.admin for entry in calls} == {f"ansible-{vdom}"}
    assert not any("scope=global" in entry.query for entry in box.journal)


def test_two_hosts_that_share_a_connection_are_refused(fleet: Fleet, story: Story) -> None:
    for name, other in (("twin-root", "twin-guest"), ("twin-guest", "twin-root")):
        outcome = story.block.outcomes[name]
        assert outcome.failed and f"{name} and {other}" in outcome.said
        assert "fortigate_block_vdom_tokens" in outcome.said
    box = fleet.boxes["twin-root"]
    assert box.writes == [] and [entry for entry in box.journal if entry.path.startswith("/api/v2/cmdb")] == []


def test_no_secret_is_printed_or_written(fleet: Fleet, story: Story) -> None:
    told = story.block.output + story.unblock.output + fleet.audit.read_text()
    tokens = [token for box in fleet.boxes.values() for token in box.vdom_tokens.values()]
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in told
    assert [one for one in (*fleet.secrets(), *tokens) if one in told] == []
    assert json.loads(fleet.audit.read_text().splitlines()[0])
