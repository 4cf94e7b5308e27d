# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The built-in list of addresses that many innocent users share."""

from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.shared_infrastructure import (
    SHARED,
    shared_networks,
)
from ansible_collections.secops.fortiview.plugins.module_utils._common.addresses import overlapping, parse_never


def owners(address: str) -> set[str]:
    target = ipaddress.ip_network(address)
    return {name for network, name in shared_networks() if overlapping(target, [network]) is not None}


@pytest.mark.parametrize(
    "address, owner",
    [
        ("8.8.4.4", "Google Public DNS"),
        ("2001:4860:4860::8844", "Google Public DNS"),
        ("1.1.1.1", "Cloudflare DNS"),
        ("2606:4700:4700::1111", "Cloudflare"),
        ("2620:fe::9", "Quad9 DNS"),
        ("208.91.112.53", "FortiGuard DNS"),
        ("193.0.14.129", "a DNS root server"),
        ("2001:7fd::1", "a DNS root server"),
        ("132.163.97.1", "a NIST time server"),
        ("151.101.1.69", "Fastly"),
        ("140.82.121.3", "GitHub"),
    ],
)
def test_well_known_servers_are_on_it(address: str, owner: str) -> None:
    assert owner in owners(address)


@pytest.mark.parametrize("address", ["8.8.8.9", "198.51.100.7", "2001:4860:4860::8889", "104.32.0.1", "4.2.2.7"])
def test_their_neighbours_are_not(address: str) -> None:
    assert owners(address) == set()


def test_a_network_around_a_resolver_meets_it() -> None:
    assert owners("8.8.8.0/24") == {"Google Public DNS"}


def test_shared_infrastructure_is_a_list_of_public_networks() -> None:
    assert all(network.is_global for name, texts in SHARED.items() for network in parse_never(texts))
