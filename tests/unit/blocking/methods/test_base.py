# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which entries of a list block an address."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.feed_push import reading_of
from unit.blocking.support import ADDRESS


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
