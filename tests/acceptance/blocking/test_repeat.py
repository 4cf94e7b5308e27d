# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An address that attacks again is blocked for longer, the same on every FortiGate, and for the first time again after a person has unblocked it."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.clock_text import time_text
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError, InvalidInput

from acceptance.blocking.cases import clock_of, fortigates
from simulators.fortigate import FortiGate, ManualClock
from support.blocking import PREPARED, Data, Several, on_list

START = 1_800_000_000.0
AGAIN, OWN, PUBLISHED = "198.51.100.7", "203.0.114.77", "203.0.113.10"
TARGETS = [{"address": AGAIN, "reasons": ["12 incidents"]}, {"address": OWN, "ttl": "2h"}]
HOUR, DAY, WEEK = 3600, 86400, 604800
NAMES = ("ban", "late", "feed")
LADDER = {"ttl": "1h, 1d, 7d", "targets": TARGETS}


class Site(Several):
    """Two FortiGates with bans and one with a feed."""

    @property
    def clock(self) -> ManualClock:
        return clock_of(self.boxes["ban"])

    def one(self, name: str, run_id: str, *arguments: t.Any, **options: t.Any) -> Data:
        method = "feed_push" if name == "feed" else "ban"
        return super().one(name, run_id, *arguments, **{"method": method, **options})

    def steps(self, only: t.Collection[str] = (), **options: t.Any) -> dict[str, tuple[str, int, str]]:
        """What a run does about the address that attacks again: action, time, and the step with its number."""
        run = self.block(only, **{**LADDER, **options})
        found = {name: step for name, one in run.items() for step in one["steps"] if step["address"] == AGAIN}
        # The same words everywhere, or a plan has a row for each FortiGate.
        assert len({one["why"] for one in found.values() if one["action"] == "add"}) <= 1
        return {
            name: (one["action"], one["ttl"], one["why"].rpartition(" so the duration is ")[2])
            for name, one in found.items()
        }

    @property
    def blocked(self) -> set[str]:
        """By packets."""
        return {name for name, box in self.boxes.items() if not box.passes(AGAIN, PUBLISHED)}


@pytest.fixture(scope="module")
def boxes() -> t.Iterator[dict[str, FortiGate]]:
    with fortigates(NAMES, START) as found:
        yield found


@pytest.fixture
def site(boxes: dict[str, FortiGate], tmp_path: Path) -> t.Iterator[Site]:
    for box in boxes.values():
        box.reset()
        box.switches.update(PREPARED)
    yield Site(boxes, str(tmp_path / "blocks.sqlite"))
    assert {name: problems for name, box in boxes.items() if (problems := box.check())} == {}


def all_of(action: str, ttl: int, step: str = "") -> dict[str, tuple[str, int, str]]:
    return dict.fromkeys(NAMES, (action, ttl, step))


def test_each_time_is_longer_on_all_fortigates(site: Site) -> None:
    for _turn, (ttl, step) in enumerate(
        [(HOUR, ""), (DAY, "step 2 of 3"), (WEEK, "step 3 of 3"), (WEEK, "step 3 of 3")]
    ):
        assert site.steps() == all_of("add", ttl, step) and site.blocked == set(NAMES)
        assert site.steps() == all_of("keep", ttl, "")
        site.clock.advance(ttl + 1)
        site.each("reconciled")
        assert site.blocked == set()


def test_the_reason_says_until_when_it_was_blocked(site: Site) -> None:
    site.steps()
    site.clock.advance(HOUR + 1)
    until = time_text(site.clock.now() - 1)[:16]
    (why,) = {step["why"] for one in site.block(["ban"], **LADDER).values() for step in one["steps"][:1]}
    assert why == f"the previous block ended at {until}Z, so the duration is step 2 of 3"


def test_a_plan_says_it_and_takes_no_step(site: Site) -> None:
    site.steps()
    site.clock.advance(HOUR + 1)
    site.each("reconciled")
    for _turn in range(2):
        assert site.steps(check_mode=True) == all_of("add", DAY, "step 2 of 3") and site.blocked == set()
    assert site.steps() == all_of("add", DAY, "step 2 of 3")


def test_a_fortigate_that_joins_or_has_lost_it_takes_the_step_of_the_others(site: Site) -> None:
    site.steps(["ban", "feed"])
    site.clock.advance(HOUR + 1)
    site.each("reconciled")
    site.steps(["ban", "feed"])
    assert site.blocked == {"ban", "feed"}
    site.clock.advance(HOUR)
    found = site.steps()
    assert found["late"] == ("add", DAY, "step 2 of 3") and found["ban"][0] == found["feed"][0] == "keep"
    site.boxes["ban"].reboot()
    assert site.steps()["ban"] == ("add", DAY, "step 2 of 3") and site.blocked == set(NAMES)


def test_a_block_that_is_extended_keeps_its_step(site: Site) -> None:
    site.steps()
    site.clock.advance(HOUR - 60)
    assert site.steps() == all_of("extend", HOUR)
    site.clock.advance(HOUR + 1)
    # On the list of the feed for longer than its time, because nothing has removed it: the time counts, as on the others.
    found = site.steps()
    assert found == {**all_of("add", DAY, "step 2 of 3"), "feed": ("extend", DAY, "step 2 of 3")}


def test_the_time_of_a_target_has_precedence(site: Site) -> None:
    site.steps()
    site.clock.advance(2 * HOUR + 1)
    run = site.block(["ban", "late"], **LADDER)
    own = [step for one in run.values() for step in one["steps"] if step["address"] == OWN]
    assert [(step["action"], step["ttl"], step["why"]) for step in own] == [("add", 2 * HOUR, "")] * 2


@pytest.mark.parametrize("everything", [True, False], ids=["everything", "address"])
def test_an_address_that_a_person_unblocks_begins_again(site: Site, everything: bool) -> None:
    site.steps()
    site.clock.advance(HOUR + 1)
    site.each("reconciled")
    site.steps()
    site.each("absent", **({"everything": True} if everything else {"targets": [AGAIN]}))
    assert site.blocked == set() and site.steps() == all_of("add", HOUR)


def test_it_begins_again_ninety_days_after_its_last_block(site: Site) -> None:
    site.steps()
    site.clock.advance(HOUR + 90 * DAY)
    site.each("reconciled")
    assert site.steps(check_mode=True) == all_of("add", DAY, "step 2 of 3")
    site.clock.advance(1)
    assert site.steps() == all_of("add", HOUR)


def test_a_block_that_was_rolled_back_takes_no_step(site: Site) -> None:
    site.boxes["ban"].fault("device_error", method="POST", path="user/banned/add_users", times=9)
    with pytest.raises(FortiViewError):
        site.one("ban", "failed", **LADDER)
    assert site.blocked == set()
    site.clock.advance(WEEK)
    site.boxes["ban"].reset()
    assert site.steps() == all_of("add", HOUR)


def test_a_permanent_step_needs_permission(site: Site) -> None:
    with pytest.raises(InvalidInput, match="needs allow_permanent"):
        site.steps(ttl=["1h", 0])
    assert site.blocked == set() and not any(box.writes for box in site.boxes.values())
    site.steps(ttl=["1h", 0], allow_permanent=True)
    site.clock.advance(HOUR + 1)
    assert site.steps(["late"], ttl=["1h", 0], allow_permanent=True)["late"] == ("add", 0, "step 2 of 2")
    site.clock.advance(90 * DAY)
    assert AGAIN in on_list(site.boxes["late"], "ban") and "late" in site.blocked
