# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long an address is blocked that was blocked before."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import repeats
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.options import parse_options
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.planning import ADD, Step
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Repeat
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_ladder
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from unit.blocking.support import NOW as START
from unit.blocking.support import Simulated, options

NOW = 1_800_000_000.0
ADDRESS = "198.51.100.7"


def row(step: int, left: t.Optional[float], before: t.Optional[float] = None, run_id: str = "1") -> Repeat:
    return Repeat(
        address=ADDRESS,
        step=step,
        blocked_until=None if left is None else NOW + left,
        blocked_before=before,
        run_id=run_id,
    )


@pytest.mark.parametrize(
    "value, wanted",
    [
        ("1h", (3600,)),
        (3600, (3600,)),
        ("90 s", (90,)),
        (["1h", "1d", "7d"], (3600, 86400, 604800)),
        ("1h, 1d, 7d", (3600, 86400, 604800)),
        ('["1h", 86400]', (3600, 86400)),
        ("1h\n1h", (3600, 3600)),
    ],
)
def test_one_duration_or_a_list(value: object, wanted: tuple[int, ...]) -> None:
    assert parse_ladder(value, False) == wanted
    assert parse_options({"run_id": "1", "ttl": value}, targets=False, statement=False).ladder == wanted


@pytest.mark.parametrize(
    "value, said",
    [
        ([], "at least one duration"),
        ("", "at least one duration"),
        ("1h, 8d", "between 60 and 604800"),
        (["1h", "later"], "must be a number of seconds"),
        (["1h", {"a": 1}], "ttl has the entry"),
        ([True], "ttl has the entry"),
        (["1d", "1h"], "each step of ttl must be at least as long as the step before it, but 1h follows 1d"),
        (["1h", 0], "needs allow_permanent"),
    ],
)
def test_what_is_no_ladder_is_refused(value: object, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        parse_ladder(value, False)


def test_permanent_needs_permission_and_is_the_last_step() -> None:
    assert parse_ladder("1h, 0", True) == (3600, 0)
    with pytest.raises(InvalidInput, match="1h follows permanent"):
        parse_ladder("0, 1h", True)


@pytest.mark.parametrize(
    "known, step",
    [
        (None, 1),
        (row(1, -1), 2),
        (row(2, -1), 3),
        (row(3, -1), 3),
        # Blocked elsewhere until later: a FortiGate that joins, or that has lost it, has the same step.
        (row(1, 1), 1),
        (row(2, None), 2),
        # The run has blocked it on another FortiGate, for a shorter time than the run takes.
        (row(2, -1, run_id="now"), 2),
        # Known from a longer ladder.
        (row(5, -1), 5),
    ],
)
def test_the_step_of_the_next_block(known: t.Optional[Repeat], step: int) -> None:
    found = repeats.next_block(ADDRESS, known, 3, "now", NOW)
    assert (found.step, found.run_id) == (step, "now")
    assert repeats.next_block(ADDRESS, found, 3, "now", NOW).step == step


def test_a_run_without_a_ladder_forgets_no_step() -> None:
    assert repeats.next_block(ADDRESS, row(3, -1), 1, "now", NOW).step == 3
    assert repeats.next_block(ADDRESS, row(1, -1), 1, "now", NOW).step == 1


def test_when_it_was_blocked_before_stays_the_same_in_all_of_a_run() -> None:
    first = repeats.next_block(ADDRESS, row(1, -60), 3, "now", NOW)
    assert first.blocked_before == NOW - 60
    written = first._replace(blocked_until=NOW + 86400)
    assert repeats.next_block(ADDRESS, written, 3, "now", NOW) == written
    assert repeats.next_block(ADDRESS, written, 3, "other", NOW).blocked_before == NOW - 60


def test_the_reason() -> None:
    ended = repeats.next_block(ADDRESS, row(1, -60), 3, "now", NOW)
    assert repeats.reason(ended, 3) == "the previous block ended at 2027-01-15T07:59Z, so the duration is step 2 of 3"
    assert repeats.reason(ended._replace(step=7), 3).endswith("step 3 of 3")
    assert repeats.reason(repeats.next_block(ADDRESS, None, 3, "now", NOW), 3) == ""
    assert repeats.reason(ended, 1) == ""


def blocked(fortigate: Simulated, run_id: str, ladder: t.Any = ("1h", "1d", "7d"), ttl: t.Any = None) -> int:
    """A run that blocks the address; for how long."""
    given = options({"address": ADDRESS, "ttl": ttl}, run_id=run_id, ttl=list(ladder), allow_permanent=True)
    found = repeats.Repeats(given, fortigate.context)
    found.learn(given.targets)
    target = found.described(given.targets[0])
    seconds = given.ttl if target.ttl is None else target.ttl
    ends = fortigate.clock.now() + seconds if seconds else None
    found.record([Step(ADD, ADDRESS, "root", target, ttl=seconds, expires_at=ends)])
    return seconds


def test_each_block_after_the_end_of_the_last_one_lasts_longer(fortigate: Simulated) -> None:
    lasted = []
    for run in range(4):
        lasted.append(blocked(fortigate, str(run)))
        fortigate.later(lasted[-1] + 1)
    assert lasted == [3600, 86400, 604800, 604800]


def test_a_block_that_is_still_in_force_takes_no_further_step(fortigate: Simulated) -> None:
    """As on the next FortiGate, or in a job that runs every ten minutes."""
    assert [blocked(fortigate, "1"), blocked(fortigate, "1")] == [3600, 3600]
    fortigate.later(600)
    assert blocked(fortigate, "2") == 3600


def test_a_run_that_lasts_longer_than_the_block_has_one_step(fortigate: Simulated) -> None:
    blocked(fortigate, "before")
    fortigate.later(3000)
    assert blocked(fortigate, "long", ["1m", "1h"]) == 60
    fortigate.later(3000)
    assert blocked(fortigate, "long", ["1m", "1h"]) == 60, "the run began before the end of the block"


def test_a_permanent_block_is_never_over(fortigate: Simulated) -> None:
    assert blocked(fortigate, "1", ["1h", "0"], ttl=0) == 0
    fortigate.later(10**7)
    assert blocked(fortigate, "2", ["1h", "0"]) == 3600
    assert fortigate.registry.repeats([ADDRESS])[ADDRESS].blocked_until is None


def test_a_time_of_the_target_counts_before_the_ladder(fortigate: Simulated) -> None:
    blocked(fortigate, "1")
    fortigate.later(3601)
    assert blocked(fortigate, "2", ttl="10m") == 600


def test_one_duration_reads_nothing_from_the_registry(fortigate: Simulated) -> None:
    given = options(ADDRESS, ttl="1h")
    fortigate.registry.repeat([row(1, -60)._replace(blocked_until=START - 60)])
    found = repeats.Repeats(given, fortigate.context)
    assert not found.learn(given.targets) and found.described(given.targets[0]) == given.targets[0]
