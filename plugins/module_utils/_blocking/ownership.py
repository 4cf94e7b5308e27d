# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds which run created an entry and when its block ends, from the registry and the marks of address objects."""

from __future__ import annotations

import typing as t

from .methods.base import Entry, Reading
from .registry.records import Claim, Place


class Known(t.NamedTuple):
    """The claims on one of our blocks, and its end. `expires_at` is in seconds since the epoch, None for permanent."""

    claims: tuple[Claim, ...]
    expires_at: t.Optional[float]

    @property
    def newest(self) -> t.Optional[Claim]:
        return self.claims[-1] if self.claims else None


def known_of(
    place: Place, reading: Reading, standing: t.Mapping[str, t.Sequence[Claim]], now: float
) -> dict[str, Known]:
    """Our blocks in this place by address. A block is ours if the registry has a claim on it, even without an entry in
    the place, or if its address object has a mark."""
    found: dict[str, Known] = {}
    for address, claims in standing.items():
        # A ban ends by itself, so a ban that exists after the end of the claim was set by others.
        alive = [one for one in claims if place.method != "ban" or not is_over(one.expires_at, now)]
        if alive:
            found[address] = Known(tuple(alive), _latest(alive))
    for address, entry in reading.entries.items():
        if entry.run_id:
            found[address] = _with_mark(found.get(address), entry)
    return found


def _with_mark(known: t.Optional[Known], entry: Entry) -> Known:
    if known is None:
        return Known((), entry.expires_at)
    if known.expires_at is None or entry.expires_at is None:
        # The claim or the mark is permanent, or the mark has an invalid time. The block must then not expire.
        return known._replace(expires_at=None)
    return known._replace(expires_at=max(known.expires_at, entry.expires_at))


def _latest(claims: t.Sequence[Claim]) -> t.Optional[float]:
    """The latest end of these claims, None if one of them is permanent."""
    ends = [one.expires_at for one in claims if one.expires_at is not None]
    return None if len(ends) < len(claims) else max(ends)


def is_over(expires_at: t.Optional[float], now: float) -> bool:
    return expires_at is not None and expires_at <= now


def ends_soon(expires_at: t.Optional[float], ttl: int, now: float) -> bool:
    """Whether a block that ends at `expires_at` is extended to `ttl` seconds from now. It is extended if less than half
    of `ttl` is left, so that a second run changes nothing, or if the new block is permanent."""
    if expires_at is None:
        return False
    return not ttl or expires_at - now < ttl / 2
