# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds which of many networks contain a target or are contained in it, without a scan of all networks. A fleet can
have thousands of networks, and a run can have thousands of targets."""

from __future__ import annotations

import bisect
import typing as t

from .addresses import Network

T = t.TypeVar("T")


class NetworkIndex(t.Generic[T]):
    def __init__(self, items: t.Iterable[tuple[Network, T]]) -> None:
        self._items = list(items)
        # `_around` has the positions of networks by IP version, prefix length and first address. `_inside` has all
        # networks of an IP version, sorted by their first address.
        self._around: dict[int, dict[int, dict[int, list[int]]]] = {4: {}, 6: {}}
        self._inside: dict[int, list[tuple[int, int]]] = {4: [], 6: []}
        for place, (network, _item) in enumerate(self._items):
            first = int(network.network_address)
            table = self._around[network.version].setdefault(network.prefixlen, {})
            table.setdefault(first, []).append(place)
            self._inside[network.version].append((first, place))
        for each in self._inside.values():
            each.sort()

    def meeting(self, target: Network) -> list[tuple[Network, T]]:
        """The networks that contain the target or are contained in it, with their items, in the order of `items`."""
        first, last = int(target.network_address), int(target.broadcast_address)
        ordered = self._inside[target.version]
        found = {
            place
            for _first, place in ordered[
                bisect.bisect(ordered, (first, -1)) : bisect.bisect(ordered, (last, len(self._items)))
            ]
        }
        for length, table in self._around[target.version].items():
            if length <= target.prefixlen:
                bits = target.max_prefixlen - length
                found.update(table.get(first >> bits << bits, ()))
        return [self._items[place] for place in sorted(found)]
