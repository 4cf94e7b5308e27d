# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""However a play is run, by `strategy: free`, in batches, with one fork or on a part of the hosts: the same is blocked, and the same is protected."""

from __future__ import annotations

import time
import typing as t
from pathlib import Path

import pytest

from acceptance.blocking.faults import message
from acceptance.blocking.fleet import Fleet, Run
from simulators.fortigate import ManualClock
from support.blocking import PREPARED, on_list

NAMES = ("one", "two")
FEW = ["198.51.100.7", "203.0.113.77", "2001:db8:bad::7"]
FREE = {"strategy": "free"}


@pytest.fixture
def boxes(tmp_path: Path) -> t.Iterator[Fleet]:
    """Two FortiGates of which nothing is known yet."""
    with Fleet(tmp_path, ManualClock(time.time())) as fleet:
        for name in NAMES:
            fleet.box(name, PREPARED, targets=FEW, feed_file=str(tmp_path / "feed.txt"))
        yield fleet


def ended_well(run: Run) -> None:
    assert {name: message(one.said) for name, one in run.outcomes.items() if one.failed} == {}
    assert set(run.outcomes) == set(NAMES)


@pytest.mark.parametrize("play, forks", [(FREE, "5"), ({}, "1")], ids=["free", "one fork"])
def test_a_file(boxes: Fleet, play: dict[str, t.Any], forks: str) -> None:
    """It is published once, and no FortiGate says that it has fetched it."""
    file = boxes.directory / "feed.txt"
    ended_well(boxes.play("-f", forks, play=play, method="feed_file"))
    assert set(file.read_text().split()) == set(FEW)
    results = {(line["address"], line["result"]) for name in NAMES for line in boxes.lines(name)}
    assert {result for _address, result in results if result != "unchanged"} == {"published"}


def test_bans_by_the_strategy_free_protect_what_each_depends_on(boxes: Fleet) -> None:
    """The address of one FortiGate is blocked on none, although none has been read before the play."""
    boxes.boxes["two"].configure("router/static", [{"seq-num": 9, "gateway": "192.0.2.77", "device": "wan1"}])
    run = boxes.play(play=FREE, method="ban", targets=[*FEW, "192.0.2.77"], on_protected="skip")
    ended_well(run)
    for name in NAMES:
        assert on_list(boxes.boxes[name], "ban") == set(FEW), name


def test_in_batches_of_one(boxes: Fleet) -> None:
    """A file that all of them fetch is not published where what one of them depends on is not known yet."""
    run = boxes.play(play={"serial": 1}, method="feed_file")
    assert run.outcomes["one"].failed and not (boxes.directory / "feed.txt").exists()
    assert "two" in message(run.outcomes["one"].said) and "entry point plan" in message(run.outcomes["one"].said)
    # As the message says.
    boxes.play("--check", method="feed_file")
    ended_well(boxes.play(play={"serial": 1}, method="feed_file"))
    assert set((boxes.directory / "feed.txt").read_text().split()) == set(FEW)


def test_on_a_part_of_the_hosts(boxes: Fleet) -> None:
    run = boxes.play(method="ban", only="two")
    assert set(run.outcomes) == {"two"} and not run.outcomes["two"].failed
    assert [name for name in NAMES if boxes.boxes[name].writes] == ["two"]
