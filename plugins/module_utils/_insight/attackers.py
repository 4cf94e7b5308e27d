# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the attackers behind threats and the affected internal hosts, with one entry for each threat, ADOM and address.

Rows of the view threat-src-dst contain the source and the destination of an attack. Which of them attacked is decided by the rules of a hunt. Rows
without a known attacker are only counted.
"""

from __future__ import annotations

import typing as t

from .._common.sides import DESTINATION, SOURCE
from .._hunting.sightings import ATTACKER, VICTIM, Sighting, masked_of, sightings
from .._query.rows import Row, is_counter
from . import units
from .tables import Table, in_adom, total_of

COUNTRIES = ("country", "srccountry")
# Values that FortiAnalyzer writes for addresses without a country.
NO_COUNTRY = ("", "Reserved", "Unknown", "N/A", "-")

Severities = t.Mapping[tuple[str, str], str]


class Attack(t.NamedTuple):
    """The counters of one address for one threat in one ADOM. `contacted` is True if internal hosts connected to the
    address. `blocked` and `detected` are None if no row contains a number."""

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


class Host(t.NamedTuple):
    """An internal host in the rows of one threat in one ADOM. `connected` is True if the host made the connection, as an
    infected host does. `detected` is None if no row contains a number."""

    threat: str
    adom: str
    address: str
    connected: bool
    detected: t.Optional[float]


class Attackers(t.NamedTuple):
    """`adoms` are the ADOMs that were queried. `gaps` are the reasons why attackers may be missing."""

    attacks: list[Attack]
    adoms: tuple[str, ...]
    gaps: list[str]
    hosts: t.Sequence[Host] = ()

    def behind(self, threat: str, adom: str) -> list[Attack]:
        return [one for one in self.attacks if (one.threat, one.adom) == (threat, adom)]

    def concerned(self, threat: str, adom: str) -> list[Host]:
        """The hosts with detected incidents or without a known counter, the most detected incidents first."""
        found = [one for one in self.hosts if (one.threat, one.adom) == (threat, adom) and one.detected != 0]
        return sorted(found, key=lambda one: (-(one.detected or 0), one.address))


def attackers_of(pairs: t.Sequence[Table], severities: Severities, countries: t.Mapping[str, str]) -> Attackers:
    """A severity in `severities` (by ADOM and threat) takes precedence over the severity of a row. `countries` contains the country of each address, for
    rows without a country."""
    attacking, concerned = _Seen(), _Seen()
    unknown = [row for table in pairs for row in _read(table, attacking, concerned)]
    return Attackers(
        [_attack(place, seen, severities, countries) for place, seen in attacking.items()],
        tuple(dict.fromkeys(table.adom for table in pairs)),
        [*_cut(pairs), *_unknown(unknown, [row for table in pairs for row in table.rows])],
        [_host(place, seen) for place, seen in concerned.items()],
    )


class _Seen(dict[tuple[str, str, str], list[tuple[Row, Sighting]]]):
    """Rows by threat, ADOM and address, each with the data of the address in this row."""

    def add(self, place: tuple[str, str], row: Row, found: t.Iterable[Sighting]) -> None:
        for one in found:
            self.setdefault((*place, one.address), []).append((row, one))


def _read(table: Table, attacking: _Seen, concerned: _Seen) -> t.Iterator[Row]:
    """Adds the rows to `attacking` and `concerned`, and yields the rows without a known attacker."""
    hidden = masked_of(table.result or {})
    for row in table.rows:
        known = [one for one in sightings(row, table.view, table.adom, hidden, table.view) if one.network is not None]
        place = (str(row.get("threat") or "-"), table.adom)
        shown = [one for one in known if one.role == ATTACKER]
        attacking.add(place, row, shown)
        concerned.add(place, row, [one for one in known if one.role == VICTIM])
        if not shown:
            yield row


def countries_in(tables: t.Iterable[Table]) -> dict[str, str]:
    """The country of each source address, if a row contains it."""
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


def _cut(pairs: t.Iterable[Table]) -> t.Iterator[str]:
    for table in pairs:
        if table.truncated:
            yield f"The ranking of attackers{in_adom(table)} may be cut after {units.many(len(table.rows), 'row')}."


def _unknown(unknown: t.Sequence[Row], rows: t.Sequence[Row]) -> list[str]:
    """A sentence with the share of incidents, or of rows, without a known attacker."""
    if not unknown:
        return []
    if all(is_counter(row.get("incidents")) for row in rows):
        part, whole = (sum(row["incidents"] for row in some) for some in (unknown, rows))
        counted, share = f"{units.exact(part)} of {units.many(whole, 'incident')}", units.percent(part, whole)
    else:
        counted, share = (
            f"{units.exact(len(unknown))} of {units.many(len(rows), 'row')}",
            units.percent(len(unknown), len(rows)),
        )
    return [f"FortiAnalyzer does not show which address attacked in {counted} ({share})."]


def _host(place: tuple[str, str, str], seen: t.Sequence[tuple[Row, Sighting]]) -> Host:
    connected = any(one.side == SOURCE and row.get("dstip") for row, one in seen)
    return Host(*place, connected, total_of(row.get("detected") for row, dummy in seen))


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
