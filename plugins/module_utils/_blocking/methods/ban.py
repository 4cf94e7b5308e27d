# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Blocks addresses with bans in one VDOM. One request can ban many addresses (protocol_fortigate.rst, "Bans")."""

from __future__ import annotations

import re
import typing as t

from ..._common.addresses import parse_target, text_of
from ..._common.errors import printable
from ..changes import Step as Change
from ..client import REFUSED, FortiGateError, Vdom
from .base import Entry, Reading, Wish, Writes

LIST = "monitor/user/banned"
ADD, CLEAR = f"{LIST}/add_users", f"{LIST}/clear_users"
CHUNK = 500
# Values of `expires` for a ban without an end (protocol_fortigate.rst, "Not known").
FOREVER = (None, 0, "0", "", "indefinite")
# How much the duration of a new ban may differ from the requested duration, in seconds.
TOLERANCE = 60
# Engines of the FortiGate that ban by themselves. Every other source of a ban counts as an administrator, because the
# name of this source depends on the release.
ENGINES = frozenset(
    ("ips", "av", "antivirus", "dos", "anomaly", "app", "application", "waf", "dlp", "virus", "quarantine")
)


class Ban:
    """See `base.Method`."""

    name = "ban"
    list_name = ""
    ends_by_itself = True
    source_only = True

    def read(self, vdom: Vdom, enforced: bool = False) -> Reading:
        """The bans in force. Raises FortiGateError."""
        found: dict[str, Entry] = {}
        for entry in (_entry(vdom, one) for one in vdom.objects(LIST)):
            # If an address has two bans, the ban of an engine counts, because it must not be removed.
            if entry.address not in found or not found[entry.address].engine:
                found[entry.address] = entry
        return Reading(found)

    def change(self, vdom: Vdom, before: Reading, writes: Writes) -> Change:
        made = _Made(vdom, before, writes)
        unverified = vdom.doubt("POST", ADD if made.banned else CLEAR, "the FortiGate reported success")
        added = [wish.address for wish in writes.add]
        return Change(
            write=made.write,
            undo=made.undo,
            missing_in=made.missing_in,
            left=made.left,
            unverified=unverified,
            adds=added,
            lasting=made.extended,
        )


class _Made:
    """The writes to one VDOM, and their effect in later readings."""

    def __init__(self, vdom: Vdom, before: Reading, writes: Writes) -> None:
        self._vdom = vdom
        self._before = before.entries
        self._writes = writes
        self.banned = (*writes.add, *writes.extend)

    def write(self) -> None:
        for ttl in sorted({wish.ttl for wish in self.banned}):
            for part in _chunks([wish.address for wish in self.banned if wish.ttl == ttl]):
                self._vdom.write("POST", ADD, {"ip_addresses": part, "expiry": ttl})
        for part in _chunks(self._writes.remove):
            self._vdom.write("POST", CLEAR, {"ip_addresses": part})

    def undo(self) -> None:
        # Extended bans are not removed, because the earlier bans would be lost. New bans are removed even if this
        # reading does not show them. A ban with another duration or from an engine is not ours and remains.
        seen = Ban().read(self._vdom).entries
        theirs = {wish.address for wish in self._writes.add if not _is_ours(seen.get(wish.address), wish)}
        for part in _chunks([wish.address for wish in self._writes.add if wish.address not in theirs]):
            try:
                self._vdom.write("POST", CLEAR, {"ip_addresses": part})
            except FortiGateError:
                continue  # the other parts are still sent, and all bans are read back

    def missing_in(self, reading: Reading) -> list[str]:
        now = reading.entries
        short = [wish.address for wish in self.banned if not self._in_force(now.get(wish.address), wish)]
        return short + [one for one in self._writes.remove if one in now and not self._is_others(now[one])]

    def _is_others(self, ban: Entry) -> bool:
        """Whether an engine has set this ban after our removal of the earlier ban."""
        before = self._before.get(ban.address)
        return bool(ban.engine) and not (before and before.engine)

    def left(self, reading: Reading) -> list[str]:
        """Bans of added addresses that exist now. Only bans from engines are omitted, because every other ban may be
        ours."""
        now = reading.entries
        return [wish.address for wish in self._writes.add if wish.address in now and not now[wish.address].engine]

    def extended(self, reading: t.Optional[Reading]) -> list[str]:
        """Extended bans whose end has changed, or all of them without a reading. Their earlier end cannot be
        restored."""
        if reading is None:
            return [wish.address for wish in self._writes.extend]
        now, before = reading.entries, self._before
        moved = (one.address for one in self._writes.extend if one.address in now)
        return [one for one in moved if now[one].expires_at != before[one].expires_at]

    def _in_force(self, ban: t.Optional[Entry], wish: Wish) -> bool:
        """Whether the ban is in force for the requested duration, by the clock of the FortiGate. An extended ban must
        end later than before. It may keep its first creation time."""
        if ban is None or ban.engine:
            return False
        before = self._before.get(wish.address)
        if before is None or ban.expires_at is None or before.expires_at is None:
            return spans(ban, wish.ttl)
        lasts = ban.created_at is None or ban.expires_at - ban.created_at >= wish.ttl - TOLERANCE
        return ban.expires_at > before.expires_at and lasts


def spans(ban: Entry, ttl: int) -> bool:
    """Whether the duration of the ban is `ttl` seconds, 0 for permanent."""
    if ttl == 0 or ban.expires_at is None:
        return ttl == 0 and ban.expires_at is None
    return ban.created_at is not None and abs(ban.expires_at - ban.created_at - ttl) <= min(TOLERANCE, ttl / 10)


def is_short(ban: Entry, ttl: int, now: float) -> bool:
    """Whether the ban is set again for `ttl` seconds.

    A ban with a longer or unknown duration is not set again, because this could shorten the ban. The durations can be
    compared even if the clocks differ.
    """
    if ban.expires_at is None:
        return False
    if ttl == 0:
        return True
    if ban.created_at is None or ban.expires_at - ban.created_at > ttl + TOLERANCE:
        return False
    if ban.expires_at - ban.created_at < ttl - TOLERANCE:
        return True
    # A ban is also set again if its remaining time is negative or longer than its duration, because the clocks then
    # differ too much to know when the ban ends.
    return not ttl / 2 <= ban.expires_at - now <= ban.expires_at - ban.created_at + TOLERANCE


def _is_ours(ban: t.Optional[Entry], wish: Wish) -> bool:
    return ban is None or (not ban.engine and spans(ban, wish.ttl))


def _entry(vdom: Vdom, found: t.Mapping[str, t.Any]) -> Entry:
    network = parse_target(found.get("ip_address"))
    text = printable(found.get("ip_address"), 60)
    source = printable(found.get("source"), 40)
    return Entry(
        address=text_of(network) if network is not None else text,
        text=text,
        source=source,
        engine=source if re.split(r"[^a-z]+", source.lower())[0] in ENGINES else "",
        created_at=_seconds(found.get("created")),
        expires_at=None if found.get("expires") in FOREVER else _expires(vdom, found["expires"]),
    )


def _expires(vdom: Vdom, value: object) -> float:
    seconds = _seconds(value)
    if seconds is None:
        raise vdom.doubt("GET", LIST, f"a ban expires at {printable(value, 40)!r}, which is not a valid time", REFUSED)
    return seconds


def _seconds(value: object) -> t.Optional[float]:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}(\.[0-9]+)?", value):
        return float(value)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0 else None


def _chunks(addresses: t.Sequence[str]) -> t.Iterator[list[str]]:
    for start in range(0, len(addresses), CHUNK):
        yield list(addresses[start : start + CHUNK])
