# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists the details of the verdict, the most urgent first: hosts to check, addresses that need a decision, the worst threats, and the last
time at which an incident got through.
"""

from __future__ import annotations

import typing as t

from . import units
from .attackers import Attack, Attackers
from .block_state import BlockStates
from .page_zone import PageZone
from .tables import worst
from .timeline import Timeline, last_through
from .visible import shortened

MOST = 3
# Maximum number of characters of a name, so that one name does not fill the banner.
LONGEST = 60

Entries = t.Sequence[t.Mapping[str, t.Any]]


class Known(t.NamedTuple):
    """The data for highlights. `whole` is False if the timeline may not include all incidents of the report. `undecided` are the addresses that need a
    decision."""

    attention: Entries
    attackers: Attackers
    states: BlockStates
    timeline: t.Optional[Timeline]
    whole: bool
    undecided: t.Sequence[str]


def highlights(known: Known, zone: PageZone) -> list[dict[str, str]]:
    """Dictionaries with `term` and `text`. Terms without a text are omitted."""
    pairs = [
        ("Check first", connected_hosts(known.attention)),
        ("Block or accept", to_decide(known)),
        ("Worst threats", worst_threats(known.attention)),
        (
            "Last got through",
            last_through(known.timeline, zone, known.whole) if known.attention and known.timeline else "",
        ),
    ]
    return [{"term": term, "text": text} for term, text in pairs if text]


def worst_threats(attention: Entries) -> str:
    """The first threats in the order of `attention`, each with its incidents that got through in all ADOMs."""
    by_name: dict[str, list[t.Mapping[str, t.Any]]] = {}
    for one in attention:
        by_name.setdefault(one["threat"], []).append(one)
    said = [
        f"{_name(name)} ({worst(one['severity'] for one in found)}, {units.many(_through(found), 'incident')}{_where(found)})"
        for name, found in list(by_name.items())[:MOST]
    ]
    return units.series(said, len(by_name)) if said else ""


def to_decide(known: Known) -> str:
    """The number of addresses that need a decision, and the address with the most critical and high incidents that got through."""
    if not known.undecided:
        return ""
    wanted = {(one["threat"], one["adom"]) for one in known.attention}
    attacks: dict[str, list[Attack]] = {address: [] for address in known.undecided}
    for one in known.attackers.attacks:
        if (one.threat, one.adom) in wanted and one.address in attacks:
            attacks[one.address].append(one)
    address = min(attacks, key=lambda one: (-_counted(attacks[one]), one))
    first = f"{address}{_about(address, attacks[address], known.states)}"
    return first if len(attacks) == 1 else f"{units.many(len(attacks), 'address')}, first {first}"


def _counted(attacks: t.Iterable[Attack]) -> float:
    return sum(one.detected or 0 for one in attacks)


def _about(address: str, attacks: t.Sequence[Attack], states: BlockStates) -> str:
    """The incidents of an attacker and their ADOMs, its country, and the state of its block."""
    devices = sorted({device for one in attacks for device in one.devices})
    state = states.of(address, devices, any(one.contacted for one in attacks)).text
    if not _counted(attacks):
        return f" ({state})"
    entries = [{"adom": one.adom, "detected": one.detected} for one in attacks if one.detected]
    country = next((f", {_name(one.country)}" for one in attacks if one.country), "")
    return f" ({units.exact(_counted(attacks))} of these incidents{_where(entries)}{country}; {state})"


def connected_hosts(attention: Entries) -> str:
    """A text about internal hosts that made the connection, with their ADOMs and threats. Hosts that were attacked from outside are not included."""
    entries = [one for one in attention if one["connected"]]
    hosts = list(dict.fromkeys(address for one in entries for address in one["connected"]))
    if not hosts:
        return ""
    threats = list(dict.fromkeys(_name(one["threat"]) for one in entries))
    count, rest = (f"{units.many(len(hosts), 'host')}: ", ", all in attention.csv") if len(hosts) > MOST else ("", "")
    named = f"{count}{units.series(hosts[:MOST], len(hosts))}{_where(entries)}{rest}"
    made = f"{'They' if len(hosts) > 1 else 'It'} made the connection, which can indicate an infection"
    return f"{named}. {made}: {units.series(threats[:MOST], len(threats))}"


def _through(entries: Entries) -> float:
    return sum(one["detected"] for one in entries)


def _where(entries: Entries) -> str:
    """The ADOM with the most incidents, and either the other ADOM or the number of other ADOMs."""
    sums: dict[str, float] = {}
    for one in entries:
        sums[one["adom"]] = sums.get(one["adom"], 0) + one["detected"]
    found = [_name(adom) for adom in sorted(filter(None, sums), key=lambda adom: (-sums[adom], adom))]
    if not found:
        return ""
    if len(found) == 2:
        return f" in {found[0]} and {found[1]}"
    more = f" and {units.many(len(found) - 1, 'more ADOM')}" if len(found) > 1 else ""
    return f" in {found[0]}{more}"


def _name(text: str) -> str:
    return shortened(text, LONGEST)
