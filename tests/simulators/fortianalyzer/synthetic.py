# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up rows in any number, for tests of paging and memory: made per page, never all at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from . import filters
from .rankings import SCALED, Row
from .submit import Query
from .views import row_reader

_STRIDE = 7919
_TEXTS = {
    "fortigate": "FG100FTK20000001",
    "devid": "FG100FTK20000001",
    "devvds": "FG100FTK20000001[root]",
    "threattype": "ips",
    "logtype_str": "traffic",
    "level_s": "High",
    "severity": "high",
    "srcintf": "wan1",
    "dstintf": "dmz",
    "country": "Reserved",
}
_NUMBERS = {"threatlevel": 3, "logtype": 10, "appid": 0, "epid": 0, "epeuid": 0}
# Columns that tell the rows of one address apart, by what the release groups by; the documented row has only a name.
_TOLD_BY = {
    "user": ("f_user",),
    "endpoint": ("epid", "epeuid"),
    "device": ("fortigate", "devid"),
    "interface": ("srcintf",),
}


class SyntheticRanking:
    """`count` rows whose counters fall with their rank, so that any page follows from its offset."""

    def __init__(self, query: Query, count: int, shared: int = 1, grouping: Sequence[str] = ()) -> None:
        self._query = query
        self._count = count
        # Rows of one address lie far apart, so that they come on different pages.
        self._addresses = max(1, math.ceil(count / max(1, shared)))
        self._sharers = {"hostname"}.union(*(_TOLD_BY[word] for word in grouping or ("user",))) if shared > 1 else set()
        self._filtered = query.filter is not None

    def __len__(self) -> int:
        return sum(1 for _rank in self._ranks(True)) if self._filtered else self._count

    def page(self, offset: int, limit: int, live: bool) -> list[Row]:
        if self._filtered:
            return [self._row(rank, live) for rank in islice(self._ranks(live), offset, offset + limit)]
        places = range(offset, min(offset + limit, self._count))
        return [self._row(self._rank(place), live) for place in places]

    def _rank(self, place: int) -> int:
        if self._query.sort_field is None:
            # Insertion order is no ranking: stride through the ranks.
            stride = _STRIDE if math.gcd(_STRIDE, self._count) == 1 else 1
            return place * stride % self._count
        return place if self._query.descending else self._count - 1 - place

    def _ranks(self, live: bool) -> Iterator[int]:
        assert self._query.filter is not None
        test = filters.compile_node(self._query.filter, self._query.case_sensitive)
        for place in range(self._count):
            rank = self._rank(place)
            if test(row_reader(self._row(rank, live))):
                yield rank

    def _row(self, rank: int, live: bool) -> Row:
        view = self._query.view
        columns = view.columns if live or view.documented is None else view.documented
        return {name: self._value(name, rank) for name in columns}

    def _value(self, name: str, rank: int) -> Any:
        if name in self._sharers:
            return _sharer(name, rank // self._addresses)
        weight = self._count - rank
        if name in SCALED:
            if name in ("incident_pass", "session_pass", "threat_pass", "detected", "count_pass"):
                return 0
            return weight * 1000 if name in ("bandwidth", "bytes", "traffic_in", "traffic_out") else weight
        if name in _TEXTS:
            return _TEXTS[name]
        if name in _NUMBERS:
            return _NUMBERS[name]
        if name in ("srcip", "src_ip", "dstip", "epip"):
            # Sources of threats are public, other sources are clients.
            first = 10 if view_is_inside(self._query.view.name) or name == "dstip" else 45
            number = rank % self._addresses
            return f"{first}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        if name == "time":
            window = self._query.window
            return (0 if window.whole else int(window.start) // 60 * 60) + 60 * (weight - 1)
        if name in ("threat", "threatname"):
            return f"Synthetic.Threat.{rank:06d}"
        return f"{name}-{rank:06d}" if name == next(iter(self._query.view.columns)) else ""


def _sharer(name: str, number: int) -> Any:
    """What a column says of one of those that share an address."""
    if name in ("epid", "epeuid"):
        return 1000 + number
    words = {"fortigate": "FG100FTK2{:07d}", "devid": "FG100FTK2{:07d}", "srcintf": "port{:d}", "hostname": "pc-{:d}"}
    return words.get(name, "user-{:d}").format(number)


def view_is_inside(name: str) -> bool:
    return name in ("top-sources", "threat-detect-summary", "source-website")
