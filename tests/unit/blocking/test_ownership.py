# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which entries of a list are ours, and until when."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.base import Entry, Reading
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.ownership import (
    Known,
    ends_soon,
    is_over,
    known_of,
)
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Claim, Place
from unit.blocking.support import ADDRESS, HOST, NOW, SERIAL


def known(
    method: str, claims: t.Sequence[t.Optional[float]] = (), entry: t.Optional[Entry] = None
) -> t.Optional[Known]:
    """What is known of the address with claims that end so many seconds from now, and with this entry on the list."""
    place = Place(serial=SERIAL, host=HOST, vdom="root", method=method, list="x")
    made = [
        Claim(
            place=place,
            address=ADDRESS,
            run_id=str(run),
            user="anna",
            claimed_at=NOW - 60,
            expires_at=None if left is None else NOW + left,
            ttl=3600,
            state="active",
        )
        for run, left in enumerate(claims)
    ]
    reading = Reading({entry.address: entry} if entry else {})
    return known_of(place, reading, {ADDRESS: made} if made else {}, NOW).get(ADDRESS)


def marked(left: t.Optional[float]) -> Entry:
    return Entry(ADDRESS, f"blk-{ADDRESS}", run_id="4711", expires_at=None if left is None else NOW + left)


def test_an_expired_claim_of_a_ban_says_nothing_about_a_later_ban() -> None:
    assert known("ban", [-10], Entry(ADDRESS, ADDRESS)) is None
    # An entry of a list stays there until it is removed.
    assert known("feed_push", [-10], Entry(ADDRESS, ADDRESS)) is not None


def test_an_entry_without_claim_and_mark_belongs_to_others() -> None:
    assert known("feed_push", [], Entry(ADDRESS, ADDRESS)) is None


@pytest.mark.parametrize(
    "claims, mark, ends",
    [
        ([], 100, 100),
        ([50], 100, 100),
        ([500], 100, 500),
        ([100, 500, 300], 50, 500),
        ([], None, None),
        # A claim or a mark without an end, or with one that cannot be read, never expires.
        ([500], None, None),
        ([None, 500], 100, None),
    ],
)
def test_the_latest_end_counts(
    claims: list[t.Optional[float]], mark: t.Optional[float], ends: t.Optional[float]
) -> None:
    found = known("addrgrp", claims, marked(mark))
    assert found is not None and found.expires_at == (None if ends is None else NOW + ends)


def test_the_newest_run_is_the_one_that_is_named() -> None:
    found = known("feed_push", [500, 100], Entry(ADDRESS, ADDRESS))
    assert found is not None and found.newest is not None and found.newest.run_id == "1"
    only_marked = known("addrgrp", [], marked(100))
    assert only_marked is not None and only_marked.newest is None


def test_a_block_is_over_at_its_end_and_a_permanent_one_never() -> None:
    assert is_over(NOW, NOW) and not is_over(NOW + 0.5, NOW) and not is_over(None, NOW)


@pytest.mark.parametrize(
    "left, ttl, soon",
    [(1800, 3600, False), (1799, 3600, True), (86400, 3600, False), (86400, 0, True), (None, 3600, False), (None, 0, False)],
)  # fmt: skip
def test_a_second_run_extends_nothing_of_which_half_is_left(left: t.Optional[float], ttl: int, soon: bool) -> None:
    assert ends_soon(None if left is None else NOW + left, ttl, NOW) == soon
