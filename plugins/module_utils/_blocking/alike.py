# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds addresses that all policies treat alike. This module sends no requests.

A comparison of thousands of addresses with hundreds of policies takes minutes. Most addresses are in no network that a
policy names, so one comparison is enough for all of these addresses.
"""

from __future__ import annotations

import typing as t

from .._common.addresses import Network, is_host, is_ours
from .._common.network_index import NetworkIndex
from .address_book import Book, networks_in
from .topology import Routing


class Alike:
    """Gives each address a key. Policies treat hosts with the same key alike, because these hosts are in the same
    networks of objects, virtual IPs and interfaces."""

    def __init__(self, book: Book, routing: t.Optional[Routing]) -> None:
        objects = ((one, version) for version, tables in book.tables.items() for one in tables.addresses.values())
        found = {network for one, version in objects for network in networks_in(one, version)}
        found.update(network for networks in book.vips.values() for network in networks)
        if routing is not None:
            found.update(one.network for interface in routing.interfaces for one in interface.addresses)
        self._index = NetworkIndex((network, None) for network in found)

    def key(self, network: Network) -> t.Hashable:
        if not is_host(network):
            # An object can contain a part of a network, so each network is compared separately.
            return network
        return network.version, is_ours(network), tuple(one for one, _none in self._index.meeting(network))
