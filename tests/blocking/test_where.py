# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Offenders are blocked on the FortiGates that have logged them, and everywhere where that is not known."""

from __future__ import annotations

import json
import re
import time
import typing as t
from pathlib import Path

import pytest

from blocking.faults import message
from blocking.fleet import Fleet, Run
from simulators.fortigate import ManualClock
from support.blocking import PREPARED

NAMES = ("hq", "branch", "lab")
PUBLISHED = "203.0.113.10"
PEERS, STATUS, LIST = "system/ha-peer", "system/status", "user/banned"
CLUSTER = "FGHA000123456789_CID"
# The last part of the address, the devices that have logged it, and the FortiGates that block it.
OFFENDERS: dict[int, tuple[list[str], tuple[str, ...]]] = {
    1: (["FGT-branch"], ("branch",)),
    2: (["FGT-hq-b[root]"], ("hq",)),
    3: (["lab-fw"], ("lab",)),
    4: (["FGT-hq", "lab"], ("hq", "lab")),
    5: ([CLUSTER], ("branch",)),
    6: (["FGT-elsewhere"], NAMES),
    7: ([], NAMES),
    8: (["FGT-branch", "FGT-elsewhere"], NAMES),
}
SEEN = {"where": "seen", "method": "ban"}


def offenders(network: str = "198.51.100") -> list[dict[str, t.Any]]:
    return [
        {"address": f"{network}.{number}", "role": "attacker", "reasons": ["9 incidents"], "devices": devices}
        for number, (devices, _where) in OFFENDERS.items()
    ]


def where(fleet: Fleet, network: str = "198.51.100") -> dict[int, tuple[str, ...]]:
    """By packets, where each offender is blocked."""
    return {
        number: tuple(name for name in NAMES if not fleet.boxes[name].passes(f"{network}.{number}", PUBLISHED))
        for number in OFFENDERS
    }


WANTED = {number: places for number, (_devices, places) in OFFENDERS.items()}


def steps(run: Run) -> dict[tuple[str, str], dict[str, t.Any]]:
    """By FortiGate and address, what the last task with steps has returned."""
    found = {}
    for name, text in re.findall(r"^(?:ok|changed): \[(\S+)\] => (\{.*\})$", run.output, re.M):
        found.update({(name, one["address"]): one for one in json.loads(text).get("steps", [])})
    assert found, run.output
    return found


def sent(fleet: Fleet, name: str, path: str) -> int:
    return sum(path in entry.path for entry in fleet.boxes[name].journal)


def ended_well(run: Run) -> None:
    assert {name: message(one.said) for name, one in run.outcomes.items() if one.failed} == {}


@pytest.fixture
def fleet(tmp_path: Path) -> t.Iterator[Fleet]:
    """A cluster, a FortiGate that FortiAnalyzer knows by the id of a cluster, and one by its host name."""
    with Fleet(tmp_path, ManualClock(time.time())) as found:
        pair = {"ha_members": [{"serial_no": "FGT-hq-b", "hostname": "hq-b"}]}
        found.box("hq", {**PREPARED, **pair})
        found.box("branch", PREPARED, known_as=[CLUSTER])
        found.box("lab", PREPARED).configure("system/global", {"hostname": "Lab-FW"})
        yield found
        assert {name: problems for name, box in found.boxes.items() if (problems := box.check())} == {}


def test_each_offender_is_blocked_where_it_was_logged(fleet: Fleet) -> None:
    check = fleet.play("-v", "--check", targets=offenders(), **SEEN)
    ended_well(check)
    assert where(fleet) == dict.fromkeys(OFFENDERS, ()) and not any(box.writes for box in fleet.boxes.values())

    run = fleet.play("-v", targets=offenders(), **SEEN)
    ended_well(run)
    assert where(fleet) == WANTED
    # What the plan said.
    planned = {place: (one["action"], one["why"]) for place, one in steps(check).items()}
    assert {place: (one["action"], one["why"]) for place, one in steps(run).items()} == planned
    for name in NAMES:
        assert planned[name, "198.51.100.1"] == (
            ("add", "") if name == "branch" else ("not seen", "logged only by branch")
        )
        assert planned[name, "198.51.100.4"] == (
            ("not seen", "logged only by hq and lab") if name == "branch" else ("add", "")
        )
        for number in (6, 8):
            action, why = planned[name, f"198.51.100.{number}"]
            assert action == "add" and "FGT-elsewhere has logged it, which is no FortiGate" in why
        assert "no device is named" in planned[name, "198.51.100.7"][1]
    # Who they are was asked once, and a cluster says its host name beside its members. The connection plugin asks for the status too.
    assert [sent(fleet, name, PEERS) for name in NAMES] == [1, 1, 1]
    assert sent(fleet, "branch", STATUS) == sent(fleet, "lab", STATUS) == sent(fleet, "hq", STATUS) + 1

    before = {name: len(fleet.boxes[name].journal) for name in NAMES}
    again = fleet.play("-v", targets=offenders(), **SEEN)
    ended_well(again)
    assert not any(one.changed for one in again.outcomes.values()) and where(fleet) == WANTED
    for name, number in before.items():
        asked = [entry.path.partition("?")[0] for entry in list(fleet.boxes[name].journal)[number:]]
        # One request, and what the connection plugin sends.
        assert [path for path in asked if path.startswith("/api/") and STATUS not in path] == [
            f"/api/v2/monitor/{LIST}"
        ], name


def test_after_a_failover_the_members_are_the_same_fortigate(fleet: Fleet) -> None:
    ended_well(fleet.play(targets=offenders(), **SEEN))
    fleet.boxes["hq"].ha_failover()
    lost = where(fleet)
    assert lost[2] == () and lost[1] == ("branch",)
    ended_well(fleet.play(targets=offenders(), **SEEN))
    assert where(fleet) == WANTED
    assert sent(fleet, "hq", PEERS) == 2


@pytest.mark.parametrize("play", [{"strategy": "free"}, {"serial": 1}], ids=["free", "serial"])
def test_whatever_the_order_nothing_known_is_missed(fleet: Fleet, play: dict[str, t.Any]) -> None:
    run = fleet.play("-v", play=play, targets=offenders(), **SEEN)
    ended_well(run)
    found = where(fleet)
    # A batch that was not read yet is unknown, and unknown is everywhere.
    late = {1: ("hq", "branch"), 2: ("hq",), 3: NAMES, 4: NAMES, 5: ("hq", "branch"), 6: NAMES, 7: NAMES, 8: NAMES}
    assert found == (WANTED if "strategy" in play else late)


def test_a_part_of_the_fortigates_leaves_nothing_to_the_others(fleet: Fleet) -> None:
    run = fleet.play("-v", targets=offenders(), only="hq", **SEEN)
    ended_well(run)
    assert all("hq" in places for places in where(fleet).values())
    assert "FGT-branch has logged it" in steps(run)["hq", "198.51.100.1"]["why"]


def test_what_is_blocked_already_stays_and_is_not_extended(fleet: Fleet) -> None:
    ended_well(fleet.play(targets=offenders(), method="ban", ttl="10m"))
    assert set(where(fleet).values()) == {NAMES}
    assert not any(sent(fleet, name, PEERS) for name in NAMES)
    run = fleet.play("-v", targets=offenders(), ttl="1h", **SEEN)
    ended_well(run)
    assert set(where(fleet).values()) == {NAMES}
    actions = {name: steps(run)[name, "198.51.100.1"]["action"] for name in NAMES}
    assert actions == {"hq": "keep", "branch": "extend", "lab": "keep"}
    assert steps(run)["hq", "198.51.100.1"]["why"] == "logged only by branch, and not extended here"


def test_a_list_that_no_policy_uses_fails_only_where_something_is_blocked(fleet: Fleet) -> None:
    fleet.box("idle", {"with_feed": True})
    run = fleet.play(targets=offenders()[:1], where="seen", method="feed_push")
    ended_well(run)
    assert where(fleet)[1] == ("branch",) and fleet.boxes["idle"].writes == []


@pytest.mark.parametrize("switches, said", [({"denied": [PEERS]}, "HTTP 403"), ({"missing": [PEERS]}, "")])
def test_members_that_are_not_shown(fleet: Fleet, switches: dict[str, t.Any], said: str) -> None:
    fleet.boxes["hq"].switches.update(switches)
    run = fleet.play("-v", targets=offenders(), **SEEN)
    ended_well(run)
    found = where(fleet)
    assert found == {**WANTED, 2: NAMES}
    assert ("does not show its HA members" in run.output) is bool(said) and said in run.output


def test_a_file_is_on_every_fortigate(fleet: Fleet) -> None:
    run = fleet.play(targets=offenders(), where="seen", method="feed_file", feed_file=str(fleet.directory / "feed.txt"))
    assert all(
        one.failed and "every FortiGate fetches the same file" in message(one.said) for one in run.outcomes.values()
    )
    assert not (fleet.directory / "feed.txt").exists()
