# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A published file is "blocked" where a FortiGate has fetched it and a deny policy uses it, which packets show, and "published" elsewhere."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError

from acceptance.blocking.faults import message
from acceptance.blocking.fleet import Fleet, Run
from simulators.fortigate import FortiGate, ManualClock
from support.blocking import PREPARED, Data, Line, operate

FEW = ["198.51.100.7", "203.0.113.77"]
SERVER = "203.0.113.10"
REFRESH = "external-resource/refresh"
GOOD = ("one", "two")
# Why the others do not block, as the notice says.
BAD = {
    "pushed": "is a push feed, for which the FortiGate fetches no file",
    "idle": "no policy denies the addresses in soc-block",
    "read-only": "403",
    "late": "404",
    "full": "accepted_count",
}


def fetches(box: FortiGate, file: Path) -> None:
    """Its feed has the file as its source."""
    feed = {"name": "soc-block", "update-method": "feed", "resource": file.as_uri()}
    box.configure("system/external-resource", [feed])


def passing(box: FortiGate) -> list[str]:
    return [one for one in FEW if box.passes(one, SERVER)]


def sent(box: FortiGate, part: str) -> int:
    return sum(part in entry.path for entry in box.journal)


class Story(t.NamedTuple):
    fleet: Fleet
    file: Path
    first: Run
    again: Run
    # How many requests with "refresh" each FortiGate had before the second run, and after it.
    refreshed: dict[str, tuple[int, int]]


@pytest.fixture(scope="module")
def story(fleet: Fleet) -> Story:
    file = fleet.directory / "feed.txt"
    for name in (*GOOD, *BAD):
        fetches(fleet.box(name, PREPARED, method="feed_file", feed_file=str(file), targets=FEW), file)
    fleet.boxes["pushed"].configure("system/external-resource", [{"name": "soc-block", "update-method": "push"}])
    idle = [{"policyid": number, "status": "disable"} for number in (9001, 9002)]
    fleet.boxes["idle"].configure("firewall/policy", idle)
    fleet.boxes["read-only"].fault("forbidden", method="POST", path=REFRESH, times=99)
    fleet.boxes["late"].fault("not_found", method="POST", path=REFRESH, times=99)
    fleet.boxes["full"].switches.update({"feed_cap": 0})
    first = fleet.play("-v")
    before = {name: sent(fleet.boxes[name], REFRESH) for name in fleet.boxes}
    again = fleet.play("-v")
    after = {name: sent(fleet.boxes[name], REFRESH) for name in fleet.boxes}
    return Story(
        fleet=fleet,
        file=file,
        first=first,
        again=again,
        refreshed={name: (before[name], after[name]) for name in before},
    )


def results(story: Story, name: str) -> set[str]:
    return {line["result"] for line in story.fleet.lines(name) if line["result"] != "unchanged"}


@pytest.mark.parametrize("name", GOOD)
def test_it_is_blocked_where_the_file_was_fetched(story: Story, name: str) -> None:
    """Also on the second FortiGate, for which the first one had written the file already."""
    assert not story.first.outcomes[name].failed, message(story.first.outcomes[name].said)
    assert results(story, name) == {"blocked"}
    assert passing(story.fleet.boxes[name]) == []


@pytest.mark.parametrize("name", BAD)
def test_it_is_published_where_it_is_not_in_force(story: Story, name: str) -> None:
    assert not story.first.outcomes[name].failed
    assert results(story, name) == {"published"}
    assert passing(story.fleet.boxes[name])
    assert BAD[name] in " ".join(story.first.output.split()), name


def test_a_second_run_asks_only_those_that_lack_it(story: Story) -> None:
    assert {name: one.changed for name, one in story.again.outcomes.items()} == dict.fromkeys(story.again.outcomes, 0)
    for name in GOOD:
        assert story.refreshed[name][0] == story.refreshed[name][1] == 1, name
    assert story.refreshed["late"][1] > story.refreshed["late"][0]


def test_what_is_unblocked_passes_again(story: Story) -> None:
    """The second FortiGate finds the file as the first one has left it."""
    run = story.fleet.play(entry="unblock", only="one:two", targets=FEW[:1])
    assert FEW[0] not in story.file.read_text()
    for name in GOOD:
        assert not run.outcomes[name].failed, message(run.outcomes[name].said)
        assert passing(story.fleet.boxes[name]) == FEW[:1]


@pytest.fixture
def run(tmp_path: Path) -> t.Iterator[t.Callable[..., Data]]:
    """On one FortiGate that has fetched the file and does not fetch it again."""
    clock, file = ManualClock(1_800_000_000.0), tmp_path / "feed.txt"
    with FortiGate(clock=clock) as box:
        box.switches.update(PREPARED)
        fetches(box, file)
        given = {
            "method": "feed_file",
            "feed_file": str(file),
            "registry": str(tmp_path / "blocks.sqlite"),
            "targets": FEW,
        }

        def once(**more: t.Any) -> Data:
            return operate(Line.of(box), None, clock.now, clock.advance, **{**given, "allow_shrink": True, **more})

        assert {step["result"] for step in once()["steps"]} == {"blocked"}
        box.fault("forbidden", method="POST", path=REFRESH, times=99)
        yield once
        assert file.read_text() == "" and not box.passes(FEW[0], SERVER)
        assert box.check() == []


def test_a_person_learns_that_an_address_is_still_blocked(run: t.Callable[..., Data]) -> None:
    with pytest.raises(FortiViewError, match="no longer in the file, but still blocked by feed soc-block"):
        run(state="absent")
    # Also where the file has lost them before.
    with pytest.raises(FortiViewError, match="still blocked by feed soc-block"):
        run(state="absent")


def test_what_is_over_may_last_until_the_next_fetch(run: t.Callable[..., Data]) -> None:
    found = run(state="expired", expired_by="2999-01-01T00:00:00Z")
    assert "still blocked by feed soc-block" in " ".join(found["notices"])
