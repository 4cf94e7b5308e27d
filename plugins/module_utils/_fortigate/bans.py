# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The quarantine list of one VDOM: one write for any number of addresses (blocking contract sections 5 and 10.5)."""

from __future__ import annotations

import typing as t

from .._offenders.addresses import parse_target, text_of
from .api import Api, FortiGateError
from .changes import Step, Verification, carry_out

# Bans that an administrator or this module made; all others belong to the box's own engines and are left alone.
OURS = "Administrative"
CHUNK = 500
# A ban is prolonged when less than this share of the asked time is left, so that a second run changes nothing.
PROLONG_BELOW = 0.5
# How far `expires` of a new ban may be from what was asked, in seconds.
TOLERANCE = 60


class Ban(t.NamedTuple):
    """Times in seconds since the epoch by the box's clock; `expires` None is for ever."""

    address: str
    source: str
    created: float
    expires: t.Optional[float]


class Plan(t.NamedTuple):
    add: list[str]
    prolong: list[str]
    remove: list[str]
    unchanged: list[str]
    foreign: list[str]


def read_bans(api: Api) -> dict[str, Ban]:
    """Bans in force, by canonical address. Raises FortiGateError."""
    found = api.read("user/banned")
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise FortiGateError("The list of bans is no list of objects", doing="reading the bans")
    bans = [_ban(entry) for entry in found]
    return {ban.address: ban for ban in bans}


def _ban(entry: dict[str, t.Any]) -> Ban:
    network = parse_target(entry.get("ip_address"))
    expires = entry.get("expires")
    return Ban(
        text_of(network) if network is not None else str(entry.get("ip_address")),
        str(entry.get("source")),
        _seconds(entry.get("created")) or 0.0,
        _seconds(expires) or None,
    )


def _seconds(value: object) -> t.Optional[float]:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def plan_present(bans: t.Mapping[str, Ban], wanted: t.Sequence[str], expiry: int, now: float) -> Plan:
    """`expiry` in seconds, 0 for ever; `now` by our clock, which only decides about prolonging."""
    plan = Plan([], [], [], [], [])
    for address in wanted:
        ban = bans.get(address)
        if ban is None:
            plan.add.append(address)
        elif ban.source != OURS:
            plan.foreign.append(address)
        elif _lasts(ban, expiry, now):
            plan.unchanged.append(address)
        else:
            plan.prolong.append(address)
    return plan


def _lasts(ban: Ban, expiry: int, now: float) -> bool:
    if ban.expires is None:
        return True
    if expiry == 0 or ban.expires - ban.created < expiry - TOLERANCE:
        return False
    return ban.expires - now >= PROLONG_BELOW * expiry


def plan_absent(bans: t.Mapping[str, Ban], wanted: t.Sequence[str]) -> Plan:
    plan = Plan([], [], [], [], [])
    for address in wanted:
        ban = bans.get(address)
        where = plan.unchanged if ban is None else plan.remove if ban.source == OURS else plan.foreign
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

    def undo() -> None:
        # Only what this run added: a ban that was there before is better kept longer than lost.
        for part in _chunks(plan.add):
            api.write("user/banned/clear_users", {"ip_addresses": part})

    def lacking(bans: dict[str, Ban]) -> list[str]:
        short = [address for address in banned if not _holds(bans.get(address), before.get(address), expiry)]
        return short + [address for address in cleared if address in bans and bans[address].source == OURS]

    def undone(bans: dict[str, Ban]) -> list[str]:
        return [address for address in plan.add if address in bans]

    return carry_out(Step(write, undo), lambda: read_bans(api), lacking, undone, verification, sleep)


def _holds(ban: t.Optional[Ban], before: t.Optional[Ban], expiry: int) -> bool:
    """Whether the ban is in force for the asked time, by the box's own clock."""
    if ban is None or ban.source != OURS:
        return False
    if ban.expires is None or expiry == 0:
        return ban.expires is None
    if ban.expires - ban.created >= expiry - TOLERANCE:
        return True
    # A prolonged ban may keep its first date of creation.
    return before is not None and before.expires is not None and ban.expires > before.expires


def _chunks(addresses: t.Sequence[str]) -> t.Iterator[list[str]]:
    for start in range(0, len(addresses), CHUNK):
        yield list(addresses[start : start + CHUNK])
