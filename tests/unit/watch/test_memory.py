# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memory has a bound and takes only what it gave."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._watch.memory import Known, Memory


def test_the_longest_unseen_goes_first() -> None:
    memory = Memory(3)
    for number in range(3):
        memory.put(f"id{number}", Known("q", "", {}, number))
    memory.put("id0", Known("q", "", {}, 9))
    memory.put("id3", Known("q", "", {}, 10))
    assert [memory.get(f"id{number}") is not None for number in range(4)] == [True, False, True, True]
    assert len(memory) == 3


def test_only_rows_of_the_query_are_forgotten() -> None:
    memory = Memory(9)
    memory.put("a", Known("q", "", {}, 1))
    memory.put("b", Known("q", "", {}, 5))
    memory.put("c", Known("other", "", {}, 1))
    memory.forget("q", 5)
    assert [memory.get(name) is not None for name in "abc"] == [False, True, True]


@pytest.mark.parametrize(
    "state",
    [
        [],
        "text",
        {"version": 2, "asked": {}, "known": {}},
        {"version": 1, "known": {}},
        {"version": 1, "asked": {}, "known": {}, "more": 1},
        {"version": 1, "asked": {"q": "yesterday"}, "known": {}},
        {"version": 1, "asked": {"q": float("nan")}, "known": {}},
        {"version": 1, "asked": [], "known": {}},
        {"version": 1, "asked": {}, "known": {"id": ["q", "", {}]}},
        {"version": 1, "asked": {}, "known": {"id": ["q", "", [], 1]}},
        {"version": 1, "asked": {}, "known": {"id": ["q", "", {"incidents": "9"}, 1]}},
    ],
)
def test_damaged_state_is_refused(state: t.Any) -> None:
    with pytest.raises(InvalidInput, match="state"):
        Memory(9).load(state)


def test_a_state_larger_than_the_memory_is_cut() -> None:
    memory = Memory(9)
    for number in range(9):
        memory.put(f"id{number}", Known("q", "", {"incidents": number}, number))
    smaller = Memory(2)
    smaller.load(memory.as_dict())
    assert [smaller.get(f"id{number}") is not None for number in range(9)] == [False] * 7 + [True] * 2


def remembering(asked: float, **incidents: float) -> Memory:
    memory = Memory(9)
    memory.asked = {"q": asked}
    for name, number in incidents.items():
        memory.put(name, Known("q", "high", {"incidents": number}, asked))
    return memory


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (remembering(100, a=1, b=2), False),
        (remembering(160, a=1, b=2), False),
        (remembering(401, a=1, b=2), True),
        (remembering(160, a=1, b=4), True),
        (remembering(160, a=1), True),
        (remembering(160, a=1, b=2, c=1), True),
    ],
    ids=["same", "a poll later", "long after", "worsened", "forgotten", "new"],
)
def test_a_state_is_outdated_where_a_restart_would_differ(later: Memory, expected: bool) -> None:
    saved = remembering(100, a=1, b=2).as_dict()
    assert later.outdates(saved, 300) is expected


def test_a_query_that_was_answered_for_the_first_time_outdates() -> None:
    saved = Memory(9).as_dict()
    assert not Memory(9).outdates(saved, 300)
    assert remembering(100).outdates(saved, 300)
