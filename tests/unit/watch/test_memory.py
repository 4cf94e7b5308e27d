# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memory has a bound and takes only what it gave."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._protocol.errors import InvalidInput
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
