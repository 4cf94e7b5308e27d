# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The details behind the verdict, by name: the worst threats, the busiest attacker, hosts to check, and the last time."""

from __future__ import annotations

import typing as t

from .._query.rows import RANKED_SEVERITIES
from . import units
from .attackers import Attack, Attackers
from .block_state import BlockStates
from .page_zone import PageZone
from .timeline import Timeline, last_through
from .visible import shortened

MOST = 3
# Signs of a name, so that one name does not fill the banner.
LONGEST = 60

Entries = t.Sequence[t.Mapping[str, t.Any]]


class Known(t.NamedTuple):
    """What highlights are made of. `whole` is False if the timeline may be without something that the report is about."""

    attention: Entries
    attackers: Attackers
    states: BlockStates
    timeline: t.Optional[Timeline]
    whole: bool


def highlights(known: Known, zone: PageZone) -> list[dict[str, str]]:
    """A term and a text each; what nothing is known of is left out."""
    pairs = [
        ("Worst threats", worst_threats(known.attention)),
        ("Busiest attacker", busiest(known)),
        ("Hosts to check", connected_hosts(known.attention)),
        (
            "Last got through",
            last_through(known.timeline, zone, known.whole) if known.attention and known.timeline else "",
        ),
    ]
    return [{"term": term, "text": text} for term, text in pairs if text]


def worst_threats(attention: Entries) -> str:
    """The most severe, then those with most incidents that got through, over all ADOMs."""
    by_name: dict[str, list[t.Mapping[str, t.Any]]] = {}
    for one in attention:
        by_name.setdefault(one["threat"], []).append(one)
    order = list(RANKED_SEVERITIES)
    ranked = sorted(by_name.items(), key=lambda one: (_severity(one[1]), -_through(one[1]), one[0]))
    said = [
        f"{_name(name)} ({order[_severity(found)]}, {units.many(_through(found), 'incident')}{_where(found)})"
        for name, found in ranked[:MOST]
    ]
    return _listed(said, len(ranked)) if said else ""


def busiest(known: Known) -> str:
    """The address by which most incidents of critical and high threats got through, without a threat whose counter is not known."""
    wanted = {(one["threat"], one["adom"]) for one in known.attention}
    sums: dict[str, dict[str, float]] = {}
    about: dict[str, list[Attack]] = {}
    for one in known.attackers.attacks:
        if (one.threat, one.adom) in wanted and one.detected:
            adoms = sums.setdefault(one.address, {})
            adoms[one.adom] = adoms.get(one.adom, 0) + one.detected
            about.setdefault(one.address, []).append(one)
    if not sums:
        return ""
    address = min(sums, key=lambda one: (-sum(sums[one].values()), one))
    entries = [{"adom": adom, "detected": count} for adom, count in sums[address].items()]
    attacks = about[address]
    devices = sorted({device for one in attacks for device in one.devices})
    state = known.states.of(address, devices, any(one.contacted for one in attacks)).text
    country = next((f", {_name(one.country)}" for one in attacks if one.country), "")
    return (
        f"{address} ({units.exact(sum(sums[address].values()))} of these incidents{_where(entries)}{country}; {state})"
    )


def connected_hosts(attention: Entries) -> str:
    """Hosts that made the connection themselves, which an attack from outside does not need."""
    entries = [one for one in attention if one["connected"]]
    hosts = list(dict.fromkeys(address for one in entries for address in one["connected"]))
    if not hosts:
        return ""
    threats = list(dict.fromkeys(_name(one["threat"]) for one in entries))
    return (
        f"{_listed(hosts[:MOST], len(hosts))} made the connection, as an infected host does:"
        f" {_listed(threats[:MOST], len(threats))}"
    )


def _severity(entries: Entries) -> int:
    return min(list(RANKED_SEVERITIES).index(one["severity"]) for one in entries)


def _through(entries: Entries) -> float:
    return sum(one["detected"] for one in entries)


def _where(entries: Entries) -> str:
    """The ADOM with most of it, and the other one or how many others there are."""
    found = [one for one in sorted(entries, key=lambda one: (-one["detected"], one["adom"])) if one["adom"]]
    if not found:
        return ""
    if len(found) == 2:
        return f" in {_name(found[0]['adom'])} and {_name(found[1]['adom'])}"
    more = f" and {units.many(len(found) - 1, 'more ADOM')}" if len(found) > 1 else ""
    return f" in {_name(found[0]['adom'])}{more}"


def _name(text: str) -> str:
    return shortened(text, LONGEST)


def _listed(said: t.Sequence[str], count: int) -> str:
    more = count - len(said)
    parts = [*said, f"{units.exact(more)} more"] if more else list(said)
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
