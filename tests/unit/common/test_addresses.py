# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which text is an address, and which address may be blocked."""

from __future__ import annotations

import ipaddress
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.addresses import (
    address_order,
    canonical_entry,
    networks_of,
    objections,
    parse_never,
    parse_target,
    refusal,
    text_of,
)
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from hypothesis import given
from hypothesis import strategies as st


def target(text: str) -> t.Any:
    found = parse_target(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("198.51.100.0/24", "198.51.100.0/24"),
        ("198.51.100.7/32", "198.51.100.7"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.0/120", "198.51.100.0/24"),
    ],
)
def test_an_address_has_one_spelling(text: str, shown: str) -> None:
    assert text_of(target(text)) == shown


@pytest.mark.parametrize(
    "value",
    [
        None, 3325256711, b"198.51.100.7", "", " 198.51.100.7", "198.51.100.7\n", "198.51.100", "198.51.100.07",
        "198.51.100.7/24", "198.51.100.0/255.255.255.0", "198.51.100.256", "fe80::1%eth0", "example.com", "0x7f.1",
        "::ffff:0:0/95", "198.51.100.1-198.51.100.9", "\u0661\u0669\u0668.51.100.7",
    ],
)  # fmt: skip
def test_what_may_mean_something_else_is_no_target(value: object) -> None:
    assert parse_target(value) is None


@given(st.ip_addresses())
def test_every_address_is_read_as_itself(address: t.Any) -> None:
    expected = getattr(address, "ipv4_mapped", None) or address
    assert target(str(address)) == ipaddress.ip_network(expected)


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0", "127.0.0.1", "169.254.169.254", "192.0.0.8", "224.0.0.5", "255.255.255.255", "::", "::1", "fe80::1",
        "ff02::1", "64:ff9b::c633:6407", "2002:c633:6407::1", "2001::1", "::c633:6407", "0.0.0.0/0", "::/0", "4000::1",
    ],
)  # fmt: skip
def test_special_addresses_are_refused_whatever_is_allowed(text: str) -> None:
    assert refusal(target(text), [], allow_private=True)


@pytest.mark.parametrize("text", ["10.0.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd00::1"])
def test_private_addresses_need_leave(text: str) -> None:
    assert "private" in str(refusal(target(text), [], allow_private=False))
    assert refusal(target(text), [], allow_private=True) is None


def test_the_exclusion_list_counts_in_both_directions() -> None:
    never = parse_never(["198.51.100.0/24", "2001:db8::5"])
    for text in ("198.51.100.7", "198.51.0.0/16", "2001:db8::/64"):
        assert "exclusion list" in str(refusal(target(text), never, allow_private=True))
    assert refusal(target("203.0.113.1"), never, allow_private=False) is None


def test_an_entry_of_the_exclusion_list_with_host_bits_protects_its_network() -> None:
    assert [str(one) for one in parse_never([" 172.20.1.4/16 ", "::ffff:198.51.100.7"])] == [
        "172.20.0.0/16",
        "198.51.100.7/32",
    ]
    assert parse_never(None) == []


@pytest.mark.parametrize("entry", ["partner.example.com", "", "198.51.100.07", "198.51.100.0/33", "::/80", None])
def test_an_entry_of_the_exclusion_list_that_protects_nothing_is_an_error(entry: object) -> None:
    with pytest.raises(InvalidInput, match="exclusion list entry"):
        parse_never(["198.51.100.1", entry])


def test_every_objection_is_given() -> None:
    assert objections(target("10.0.0.0/8"), [], allow_private=False, allow_networks=True) == [
        "a network wider than /24",
        "private address",
    ]
    assert objections(target("203.0.113.0/24"), [], allow_private=False, allow_networks=False) == [
        "a network, and networks are not allowed here"
    ]
    assert objections(target("2001:db8:1::/64"), [], allow_private=False, allow_networks=True) == []


def test_ranges_of_a_feed_become_networks() -> None:
    assert [str(one) for one in networks_of("198.51.100.1 - 198.51.100.4")] == [
        "198.51.100.1/32",
        "198.51.100.2/31",
        "198.51.100.4/32",
    ]
    for text in ("198.51.100.9-198.51.100.1", "198.51.100.1-2001:db8::1", "a-b", "1-2-3", "", "-"):
        assert networks_of(text) == []


def test_entries_of_a_list_are_compared_in_one_spelling() -> None:
    assert canonical_entry(" 172.200.1.4/16 ") == "172.200.0.0/16"
    assert canonical_entry("2001:DB8::0001") == "2001:db8::1"
    assert canonical_entry(" not an address ") == "not an address"


def test_addresses_are_sorted_by_number_and_text_comes_last() -> None:
    expected = ["9.9.9.9", "10.0.0.0/8", "198.51.100.2", "198.51.100.10", "2001:db8::1", "example.com"]
    assert sorted(reversed(expected), key=address_order) == expected
