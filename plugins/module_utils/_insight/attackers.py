# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is behind the threats: one attack for each threat, ADOM and attacking address.

Rows of threat-src-dst have both addresses of an attack. Which of them attacked is decided as in a hunt; a row that does not show it is counted, and no
address is taken from it.
"""

from __future__ import annotations

import typing as t

from .._common.sides import DESTINATION
from .._hunting.sightings import ATTACKER, Sighting, masked_of, sightings
from .._query.rows import Row
from . import units
from .tables import Table, total_of

COUNTRIES = ("country", "srccountry")
# What FortiAnalyzer writes for addresses of no country.
NO_COUNTRY = ("", "Reserved", "Unknown", "N/A", "-")

Severities = t.Mapping[tuple[str, str], str]


class Attack(t.NamedTuple):
    """What one address did by one threat in one ADOM. `contacted` says that hosts of ours connected to it. `detected`
    is None if no row has a number."""

    threat: str
    severity: str
    adom: str
    address: str
    country: str
    devices: tuple[str, ...]
    contacted: bool
    incidents: float
    blocked: t.Optional[float]
    detected: t.Optional[float]


class Attackers(t.NamedTuple):
    """`adoms` are those that were asked; `gaps` say why there may be more attackers."""

    attacks: list[Attack]
    adoms: tuple[str, ...]
    gaps: list[str]

    def behind(self, threat: str, adom: str) -> list[Attack]:
        return [one for one in self.attacks if (one.threat, one.adom) == (threat, adom)]


def attackers_of(pairs: t.Sequence[Table], severities: Severities, countries: t.Mapping[str, str]) -> Attackers:
    """`severities` by ADOM and threat, because rows of pairs have no severity as text; `countries` by address."""
    found: dict[tuple[str, str, str], list[tuple[Row, Sighting]]] = {}
    gaps = []
    for table in pairs:
        hidden = masked_of(table.result or {})
        unknown = 0
        for row in table.rows:
            attacking = [one for one in sightings(row, table.view, table.adom, hidden, table.view) if _attacks(one)]
            unknown += not attacking
            for one in attacking:
                found.setdefault((str(row.get("threat") or "-"), table.adom, one.address), []).append((row, one))
        gaps += list(_gaps(table, unknown))
    attacks = [_attack(place, seen, severities, countries) for place, seen in found.items()]
    return Attackers(attacks, tuple(dict.fromkeys(table.adom for table in pairs)), gaps)


def countries_in(tables: t.Iterable[Table]) -> dict[str, str]:
    """The country of each source address, where rows have it."""
    found: dict[str, str] = {}
    for table in tables:
        for row in table.rows:
            country = _country(row)
            if country and isinstance(row.get("srcip"), str):
                found.setdefault(row["srcip"], country)
    return found


def _country(row: Row) -> str:
    reported = (str(row.get(column) or "") for column in COUNTRIES)
    return next((one for one in reported if one not in NO_COUNTRY), "")


def _attacks(one: Sighting) -> bool:
    return one.role == ATTACKER and one.network is not None


def _gaps(table: Table, unknown: int) -> t.Iterator[str]:
    where = f" in {table.adom}" if table.adom else ""
    if table.truncated:
        yield f"The ranking of attackers{where} is cut after {units.many(len(table.rows), 'row')}."
    if unknown:
        rows, do = units.many(len(table.rows), "row"), "does" if unknown == 1 else "do"
        yield f"{unknown} of {rows}{where} {do} not show which address attacked."


def _attack(
    place: tuple[str, str, str],
    seen: t.Sequence[tuple[Row, Sighting]],
    severities: Severities,
    countries: t.Mapping[str, str],
) -> Attack:
    threat, adom, address = place
    rows = [row for row, dummy in seen]
    sources = [row for row, one in seen if row.get("srcip") == one.address]
    country = next(filter(None, map(_country, sources)), countries.get(address, ""))
    devices = sorted({device for dummy, one in seen for device in one.devices})
    severity = severities.get((adom, threat)) or next((str(row["severity"]) for row in rows if row.get("severity")), "")
    blocked, detected = (total_of(row.get(name) for row in rows) for name in ("blocked", "detected"))
    contacted = any(one.side == DESTINATION for dummy, one in seen)
    incidents = total_of(row.get("incidents") for row in rows) or 0
    return Attack(
        threat=threat,
        severity=severity,
        adom=adom,
        address=address,
        country=country,
        devices=tuple(devices),
        contacted=contacted,
        incidents=incidents,
        blocked=blocked,
        detected=detected,
    )
