# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bans of one VDOM: one write for any number of addresses (protocol_fortigate.rst, "Bans")."""

from __future__ import annotations

import re
import typing as t

from .._common.addresses import parse_target, text_of
from .._common.errors import printable
from .changes import Step, Verification, carry_out
from .client import REFUSED, Api, FortiGateError
from .plans import OUR_SOURCE

LIST = "user/banned"
CHUNK = 500
# A ban is prolonged when less than this share of the asked time is left, so that a second run changes nothing.
PROLONG_BELOW = 0.5
# A ban without an end may have any of these as `expires` (protocol_fortigate.rst, "Not known").
FOREVER = (None, 0, "0", "", "indefinite")
# How far `expires` of a new ban may be from what was asked, in seconds.
TOLERANCE = 60


class Ban(t.NamedTuple):
    """Times in seconds since the epoch by the box's clock; `created` None is unknown, `expires` None is for ever."""

    address: str
    source: str
    created: t.Optional[float]
    expires: t.Optional[float]

    def spans(self, expiry: int) -> bool:
        """Whether it was made for just this time, in seconds, 0 for ever."""
        if expiry == 0 or self.expires is None:
            return expiry == 0 and self.expires is None
        return self.created is not None and abs(self.expires - self.created - expiry) <= min(TOLERANCE, expiry / 10)


class Plan(t.NamedTuple):
    add: list[str]
    prolong: list[str]
    remove: list[str]
    unchanged: list[str]
    foreign: list[str]


def read_bans(api: Api) -> dict[str, Ban]:
    """Bans in force, by canonical address. Raises FortiGateError."""
    found = api.read(LIST)
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise api.doubt("GET", LIST, "the list of bans is no list of objects", REFUSED)
    bans: dict[str, Ban] = {}
    for ban in (_ban(api, entry) for entry in found):
        # Of two bans of one address the box's own counts: it is not ours to lift.
        if ban.address not in bans or bans[ban.address].source == OUR_SOURCE:
            bans[ban.address] = ban
    return bans


def _ban(api: Api, entry: dict[str, t.Any]) -> Ban:
    network = parse_target(entry.get("ip_address"))
    return Ban(
        text_of(network) if network is not None else str(entry.get("ip_address")),
        str(entry.get("source")),
        _seconds(entry.get("created")),
        None if entry.get("expires") in FOREVER else _expires(api, entry["expires"]),
    )


def _expires(api: Api, value: object) -> float:
    seconds = _seconds(value)
    if seconds is None:
        raise api.doubt("GET", LIST, f"a ban expires at {printable(value)!r}, which is no time", REFUSED)
    return seconds


def _seconds(value: object) -> t.Optional[float]:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}(\.[0-9]+)?", value):
        return float(value)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0 else None


def plan_present(bans: t.Mapping[str, Ban], wanted: t.Sequence[str], expiry: int, now: float) -> Plan:
    """`expiry` in seconds, 0 for ever; `now` by our clock, which only decides about prolonging."""
    plan = Plan([], [], [], [], [])
    for address in wanted:
        ban = bans.get(address)
        if ban is None:
            plan.add.append(address)
        elif ban.source != OUR_SOURCE:
            plan.foreign.append(address)
        elif _lasts(ban, expiry, now):
            plan.unchanged.append(address)
        else:
            plan.prolong.append(address)
    return plan


def _lasts(ban: Ban, expiry: int, now: float) -> bool:
    """Whether it is left as it is. Where both clocks disagree nobody knows how much is left, so only a ban is made anew that
    this cannot shorten: one that was made for no longer than is asked now."""
    if ban.expires is None:
        return True
    if expiry == 0:
        return False
    if ban.created is None or ban.expires - ban.created > expiry + TOLERANCE:
        return True
    if ban.expires - ban.created < expiry - TOLERANCE:
        return False
    left = ban.expires - now
    return PROLONG_BELOW * expiry <= left <= ban.expires - ban.created + TOLERANCE


def ending_early(bans: t.Mapping[str, Ban], plan: Plan, expiry: int, now: float) -> list[str]:
    """Warnings about bans that are left as they are, and by our clock end before the asked time."""
    left = [address for address in plan.foreign + plan.unchanged if address in bans]
    return [
        f"{ban.address} is banned {_by_whom(ban)} until {ban.expires:.0f} s since the epoch, which is before the asked time."
        for ban in map(bans.__getitem__, left)
        if ban.expires is not None and (expiry == 0 or ban.expires < now + PROLONG_BELOW * expiry)
    ]


def _by_whom(ban: Ban) -> str:
    return (
        "for longer than was asked now, and not prolonged,"
        if ban.source == OUR_SOURCE
        else f"by the box itself ({ban.source})"
    )


def plan_absent(bans: t.Mapping[str, Ban], wanted: t.Sequence[str]) -> Plan:
    plan = Plan([], [], [], [], [])
    for address in wanted:
        ban = bans.get(address)
        where = plan.unchanged if ban is None else plan.remove if ban.source == OUR_SOURCE else plan.foreign
        where.append(address)
    return plan


def apply(
    api: Api,
    before: t.Mapping[str, Ban],
    plan: Plan,
    expiry: int,
    verification: Verification,
    sleep: t.Callable[[float], t.Any],
) -> tuple[dict[str, Ban], t.Optional[str]]:
    """Carry the plan out. Returns the bans afterwards and a warning, see carry_out. Raises FortiGateError."""
    banned, cleared = plan.add + plan.prolong, plan.remove

    def write() -> None:
        for part in _chunks(banned):
            api.write("user/banned/add_users", {"ip_addresses": part, "expiry": expiry})
        for part in _chunks(cleared):
            api.write("user/banned/clear_users", {"ip_addresses": part})

    def left(bans: t.Mapping[str, Ban]) -> list[str]:
        """Bans that were not there before, and are an administrator's: this run's, or another job's."""
        return [address for address in plan.add if address in bans and bans[address].source == OUR_SOURCE]

    def undo() -> None:
        # A ban that was there before is better kept longer than lost. Another job's has another span, the box's another source;
        # one of ours that the reading does not show may be there all the same.
        seen = read_bans(api)
        theirs = {one.address for one in seen.values() if one.source != OUR_SOURCE or not one.spans(expiry)}
        for part in _chunks([address for address in plan.add if address not in theirs]):
            try:
                api.write("user/banned/clear_users", {"ip_addresses": part})
            except FortiGateError:
                continue  # the other parts are to be tried all the same, and what is left is read back

    def lacking(bans: dict[str, Ban]) -> list[str]:
        short = [address for address in banned if not _holds(bans.get(address), before.get(address), expiry)]
        return short + [address for address in cleared if address in bans and bans[address].source == OUR_SOURCE]

    path = "user/banned/add_users" if banned else "user/banned/clear_users"
    unheeded = api.doubt("POST", path, "the box answered success")
    step = Step(write, undo, lacking, left, unheeded, plan.add, lambda seen: _moved(plan.prolong, before, seen))
    return carry_out(step, lambda: read_bans(api), verification, sleep)


def _holds(ban: t.Optional[Ban], before: t.Optional[Ban], expiry: int) -> bool:
    """Whether the ban is in force for the asked time, by the box's own clock. A prolonged one must end later than before,
    and may keep its first date of creation."""
    if ban is None or ban.source != OUR_SOURCE:
        return False
    if before is None or ban.expires is None or before.expires is None:
        return ban.spans(expiry)
    return ban.expires > before.expires and (ban.created is None or ban.expires - ban.created >= expiry - TOLERANCE)


def _moved(
    prolonged: t.Sequence[str], before: t.Mapping[str, Ban], after: t.Optional[t.Mapping[str, Ban]]
) -> list[str]:
    """Bans that have got another end, perhaps: the time that they had before cannot be given back."""
    return [one for one in prolonged if after is None or (one in after and after[one].expires != before[one].expires)]


def _chunks(addresses: t.Sequence[str]) -> t.Iterator[list[str]]:
    for start in range(0, len(addresses), CHUNK):
        yield list(addresses[start : start + CHUNK])
