# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a name in a policy holds an address."""

from __future__ import annotations

import ipaddress
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.address_book import (
    Book,
    Held,
    Tables,
    names_in,
    networks_in,
)
from unit.blocking.rules import BOOK, NET, TARGET

from support.random_fortigates import names


@pytest.mark.parametrize(
    ("name", "network", "held"),
    [
        ("all", TARGET, Held.YES), ("none", TARGET, Held.NO), ("SOC", TARGET, Held.YES), ("parent", TARGET, Held.YES),
        ("here", TARGET, Held.YES), ("there", TARGET, Held.NO), ("some", TARGET, Held.YES), ("some", NET, Held.PART),
        ("country", TARGET, Held.UNKNOWN), ("but-some", TARGET, Held.NO), ("but-some", NET, Held.PART),
        ("but-country", TARGET, Held.UNKNOWN), ("loop", TARGET, Held.NO), ("nobody-knows", TARGET, Held.UNKNOWN),
        ("vip-web", TARGET, Held.YES),
    ],
)  # fmt: skip
def test_what_a_name_holds(name: str, network: t.Any, held: Held) -> None:
    assert BOOK.held(name, network) == held


@pytest.mark.parametrize(
    "obj, version, found",
    [
        ({"subnet": "198.51.100.7 255.255.255.0"}, 4, "198.51.100.0/24"),
        ({"subnet": "0.0.0.0 0.0.0.0"}, 4, "0.0.0.0/0"),
        ({"ip6": "2001:db8::7/64"}, 6, "2001:db8::/64"),
        ({"type": "iprange", "start-ip": "2001:db8::8", "end-ip": "2001:db8::b"}, 6, "2001:db8::8/126"),
    ],
)
def test_the_addresses_of_an_object(obj: dict[str, t.Any], version: int, found: str) -> None:
    assert networks_in(obj, version) == [ipaddress.ip_network(found)]


@pytest.mark.parametrize(
    "obj",
    [
        {"type": "fqdn", "fqdn": "example.com", "subnet": "0.0.0.0 0.0.0.0"},
        {"type": "geography", "country": "XX"},
        {"type": "wildcard", "wildcard": "198.51.0.7 255.255.0.255"},
        {"type": "dynamic"},
        {"subnet": "198.51.100.0 255.0.255.0"},
        {"subnet": None},
        {"type": "iprange", "start-ip": "198.51.100.9", "end-ip": "198.51.100.1"},
        {},
    ],
)
def test_an_object_whose_addresses_are_not_known_holds_perhaps(obj: dict[str, t.Any]) -> None:
    assert networks_in(obj, 4) == []
    assert Book({4: "SOC"}, {4: Tables({"odd": obj})}).held("odd", TARGET) == Held.UNKNOWN


def test_the_objects_of_both_ip_versions_are_apart() -> None:
    """One name can be an object of each version, with other addresses."""
    book = Book({4: "SOC", 6: "SOC6"}, {4: Tables({"office": {"subnet": "198.51.100.0 255.255.255.0"}}), 6: Tables()})
    six = ipaddress.ip_network("2001:db8:bad::7")
    assert book.held("office", TARGET) == Held.YES and book.held("office", six) == Held.UNKNOWN
    assert book.held("SOC", six) == Held.UNKNOWN and book.held("SOC6", six) == Held.YES


def test_which_names_lead_to_our_list() -> None:
    assert BOOK.leads("SOC", 4) and BOOK.leads("parent", 4)
    assert not BOOK.leads("here", 4) and not BOOK.leads("loop", 4) and not BOOK.leads("SOC", 6)
    # Where the groups were not read, any name may be a group that contains ours.
    assert Book({4: "SOC"}).leads("here", 4)


@pytest.mark.parametrize(
    "members, network, held",
    [(["here"], TARGET, Held.YES), (["some"], NET, Held.PART), (["there", "country"], TARGET, Held.UNKNOWN), ([], TARGET, Held.NO)],
)  # fmt: skip
def test_what_our_own_group_excludes(members: list[str], network: t.Any, held: Held) -> None:
    ours = {"member": names("here"), "exclude": "enable", "exclude-member": names(*members)}
    tables = BOOK.tables[4]._replace(groups={"SOC": ours})
    book = BOOK._replace(tables={4: tables})
    assert book.excluded(network)[0] == held
    off = BOOK._replace(tables={4: tables._replace(groups={"SOC": {**ours, "exclude": "disable"}})})
    assert off.excluded(network) == (Held.NO, "") and off.held("SOC", TARGET) == Held.YES


def test_a_virtual_ip_of_both_ip_versions() -> None:
    six = ipaddress.ip_network("2001:db8:1::10")
    book = Book({4: "SOC"}, vips={"vip-web": [six, NET]})
    assert book.held("vip-web", TARGET) == book.held("vip-web", six) == Held.YES
    assert book.held("vip-web", ipaddress.ip_network("2001:db8:1::11")) == Held.NO


@pytest.mark.parametrize("value", [None, "all", {"name": "all"}, ["all", None, 7]])
def test_an_attribute_of_another_shape_has_no_names(value: t.Any) -> None:
    assert names_in({"srcaddr": value}, "srcaddr") == []
