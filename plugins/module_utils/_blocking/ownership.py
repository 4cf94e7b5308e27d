# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds which run made an entry and when it ends, from the registry and from the mark of address objects."""

from __future__ import annotations

import typing as t

from .methods.base import Entry, Reading
from .registry.records import Claim, Place


class Known(t.NamedTuple):
    """The known data of one of our entries. `expires_at` is in seconds since the epoch, None for permanent."""

    claims: tuple[Claim, ...]
    expires_at: t.Optional[float]

    @property
    def newest(self) -> t.Optional[Claim]:
        return self.claims[-1] if self.claims else None


def known_of(
    place: Place, reading: Reading, standing: t.Mapping[str, t.Sequence[Claim]], now: float
) -> dict[str, Known]:
    """Our entries in this place by address. An entry is ours if the registry has a claim on it, or if its address
    object has a mark."""
    found: dict[str, Known] = {}
    for address, claims in standing.items():
        # A ban ends by itself, so a ban that exists after its end was made by others.
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
        # The entry is permanent, or its comment has an invalid time: it must not expire.
        return known._replace(expires_at=None)
    return known._replace(expires_at=max(known.expires_at, entry.expires_at))


def _latest(claims: t.Sequence[Claim]) -> t.Optional[float]:
    """The end of the longest claim, None for permanent."""
    ends = [one.expires_at for one in claims if one.expires_at is not None]
    return None if len(ends) < len(claims) else max(ends)


def is_over(expires_at: t.Optional[float], now: float) -> bool:
    return expires_at is not None and expires_at <= now


def ends_soon(expires_at: t.Optional[float], ttl: int, now: float) -> bool:
    """Whether a block for `ttl` seconds is extended. It is extended only if less than half of the time is left, so that
    a second run changes nothing."""
    if expires_at is None:
        return False
    return not ttl or expires_at - now < ttl / 2
