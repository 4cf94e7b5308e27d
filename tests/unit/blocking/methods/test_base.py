# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which entries of a list block an address."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.base import Entry, Reading, Writes
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.feed_push import reading_of
from unit.blocking.support import ADDRESS, SIX


@pytest.mark.parametrize("wide", ["198.51.100.0/24", "198.51.100.0-198.51.100.9", "198.51.100.4/16"])
def test_a_network_or_range_covers_its_addresses(wide: str) -> None:
    assert [one.text for one in reading_of([wide]).holding(ADDRESS)] == [wide]
    both = [wide, ADDRESS, "198.51.100.99"]
    assert [one.text for one in reading_of(both).holding(ADDRESS)] == [ADDRESS, wide], "its own first"


@pytest.mark.parametrize("odd", ["198.51.100.9-198.51.100.0", "198.51.100.0-", "198.51.100.0-2001:db8::1", "a-b", "-"])
def test_an_entry_that_is_no_range_covers_nothing(odd: str) -> None:
    assert reading_of([odd]).holding(ADDRESS) == []


def test_a_network_that_is_looked_for_finds_the_addresses_in_it() -> None:
    found = reading_of(["198.51.100.7", "203.0.113.7"]).holding("198.51.100.0/24")
    assert [one.address for one in found] == ["198.51.100.7"]


@pytest.mark.parametrize("wide", ["2001:db8:bad::/48", "2001:DB8:BAD::5/64", "2001:db8:bad::1-2001:db8:bad::9"])
def test_ipv6_networks_and_ranges(wide: str) -> None:
    assert [one.text for one in reading_of([wide]).holding(SIX)] == [wide]
    assert reading_of([wide]).holding(ADDRESS) == [], "the other IP version"


def test_an_entry_is_around_an_address_only_beside_its_own() -> None:
    assert reading_of([ADDRESS]).around(ADDRESS) is None
    found = reading_of([ADDRESS, "198.51.100.0/24"]).around(ADDRESS)
    assert found is not None and found.text == "198.51.100.0/24"
    assert reading_of(["198.51.100.0/24"]).around("198.51.100.0/24") is None, "the network itself"


def test_an_entry_of_others_with_the_same_address_blocks_too() -> None:
    """Where ours is removed, the address is still blocked."""
    reading = Reading({ADDRESS: Entry(ADDRESS, f"blk-{ADDRESS}")}, others=(Entry(ADDRESS, "partner"),))
    found = reading.around(ADDRESS)
    assert found is not None and found.text == "partner"
    assert [one.text for one in reading.holding(ADDRESS)] == [f"blk-{ADDRESS}", "partner"]


def test_an_inactive_entry_holds_nothing() -> None:
    wide = Entry("198.51.100.0/24", "blk-198.51.100.0-24", active=False)
    reading = Reading({wide.address: wide})
    assert reading.active == {} and reading.holding(ADDRESS) == [] and reading.around(ADDRESS) is None


def test_text_that_is_no_address_is_held_by_nothing() -> None:
    assert reading_of(["0.0.0.0/0"]).holding("evil.example.com") == [] == reading_of(["x"]).holding("x")
    assert reading_of(["0.0.0.0/0"]).around("evil.example.com") is None


def test_what_is_not_known_of_an_entry_is_not_shown_as_a_value() -> None:
    assert Entry(ADDRESS, ADDRESS, source="IPS", engine="IPS").as_dict() == {
        "address": ADDRESS, "text": ADDRESS, "source": "IPS", "engine": "IPS", "active": True,
    }  # fmt: skip


def test_nothing_to_write() -> None:
    assert not Writes() and Writes(remove=(ADDRESS,))
