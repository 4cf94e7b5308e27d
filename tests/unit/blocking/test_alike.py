# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses that are judged as one, because no policy can tell them apart."""

from __future__ import annotations

import ipaddress
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.address_book import Book, Tables
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.alike import Alike
from unit.blocking.rules import BOOK, ROUTING

SIX = BOOK._replace(tables={6: Tables({"six": {"ip6": "2001:db8:bad::/48"}})})


def same(one: str, other: str, book: Book = BOOK, routing: t.Any = ROUTING) -> bool:
    alike = Alike(book, routing)
    return alike.key(ipaddress.ip_network(one)) == alike.key(ipaddress.ip_network(other))


@pytest.mark.parametrize(
    "one, other",
    [("8.8.8.8", "9.9.9.9"), ("198.51.100.10", "198.51.100.200"), ("198.51.100.1", "198.51.100.1")],
)
def test_hosts_in_the_same_networks(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    "one, other",
    [
        # In the range of an object, and outside of it.
        ("198.51.100.9", "198.51.100.10"),
        # In the network of an interface, and of no interface.
        ("203.0.113.77", "203.0.114.77"),
        # A private address may be behind an internal router.
        ("172.16.9.9", "9.9.9.9"),
        ("8.8.8.8", "2001:db8:bad::7"),
    ],
)
def test_hosts_that_a_policy_can_tell_apart(one: str, other: str) -> None:
    assert not same(one, other)


def test_ipv6() -> None:
    assert same("2001:db8:bad::7", "2001:db8:bad:ffff::1", SIX)
    assert not same("2001:db8:bad::7", "2001:db8:bae::7", SIX)


def test_a_network_is_like_no_other() -> None:
    assert not same("198.18.1.0/24", "198.18.2.0/24") and not same("198.18.1.0/24", "198.18.1.0")
    assert same("198.18.1.0/24", "198.18.1.0/24")


def test_without_interfaces_their_networks_do_not_count() -> None:
    assert same("203.0.113.77", "203.0.114.77", routing=None)
