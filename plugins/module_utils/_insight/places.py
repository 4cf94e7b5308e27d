# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes three tables: ADOMs side by side, countries of attackers, and FortiGates."""

from __future__ import annotations

import typing as t

from .._query.rows import Row
from . import units
from .counts import before_of, change_text, counts_of
from .grids import Cell, Column, grid, number, share_bar, text
from .tables import Table
from .trend import Period

Section = dict[str, t.Any]


def adoms_of(threats: t.Sequence[Table], periods: t.Sequence[Period]) -> list[Row]:
    """One row for each ADOM. The ADOM with the most critical threats that got through is first."""
    found = []
    for table in threats:
        counts, before = counts_of(table.rows), before_of([table], periods, table.adom)
        found.append(
            {
                "adom": table.adom or "-",
                "incidents": counts.incidents,
                "blocked": counts.blocked,
                "detected": counts.detected,
                "blocked_share": None if counts.share is None else round(counts.share, 1),
                "critical_not_blocked": counts.critical,
                "incidents_before": before.counts.incidents if before else None,
                "change": change_text(counts.incidents, before.counts.incidents, before) if before else "",
            }
        )
    return sorted(found, key=lambda row: (-row["critical_not_blocked"], -(row["detected"] or 0), row["adom"]))


def adoms_section(rows: t.Sequence[Row]) -> Section:
    columns = [
        text("adom", "ADOM", "name"),
        number("incidents"),
        Column("Blocked", "number", _share),
        number("detected"),
        number("critical_not_blocked", "Critical threats that got through"),
        *(
            [Column("Change", "number", lambda row: Cell(row["change"] or "-"))]
            if any(row["change"] for row in rows)
            else []
        ),
        share_bar(rows, "incidents"),
    ]
    made = grid(columns, rows, len(rows), len(rows), ranked=False)
    made.update(id="adoms-compared", title="ADOMs side by side", file="adoms.csv", behind=None)
    return made


def countries_of(attackers: t.Sequence[Row]) -> list[Row]:
    """Incidents and addresses by country, the most incidents first. Empty if no country is known."""
    if not any(one["country"] for one in attackers):
        return []
    found: dict[str, dict[str, t.Any]] = {}
    for one in attackers:
        name = one["country"] or "not known"
        row = found.setdefault(name, {"country": name, "addresses": 0, "incidents": 0, "detected": 0})
        row["addresses"] += 1
        row["incidents"] += one["incidents"]
        row["detected"] += one["detected"] or 0
    return sorted(found.values(), key=lambda row: (-row["incidents"], row["country"]))


def countries_section(rows: t.Sequence[Row], top: int, most: int) -> Section:
    columns = [
        text("country", kind="name"),
        share_bar(rows, "incidents"),
        number("incidents"),
        number("detected"),
        number("addresses"),
    ]
    made = grid(columns, rows, top, most, ranked=False)
    made.update(id="countries", title="Countries of attacking addresses", file="countries.csv", behind=None)
    return made


def fortigates_of(tables: t.Iterable[Table]) -> list[Row]:
    """Incidents by the devices that logged them. The incidents of a row with several devices cannot be divided, so these devices have a row
    together."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for table in tables:
        for row in table.rows:
            devices = tuple(sorted(map(str, row.get("devices") or ())))
            if devices:
                found.setdefault(devices, []).append(row)
    rows = []
    for devices, logged in found.items():
        counts = counts_of(logged)
        rows.append(
            {
                "devices": list(devices),
                "incidents": counts.incidents,
                "blocked": counts.blocked,
                "detected": counts.detected,
            }
        )
    return sorted(rows, key=lambda row: (-(row["incidents"] or 0), row["devices"]))


def fortigates_section(rows: t.Sequence[Row], top: int, most: int) -> Section:
    columns = [
        text("devices", "FortiGate", "name"),
        share_bar(rows, "incidents"),
        number("incidents"),
        number("blocked"),
        number("detected"),
    ]
    made = grid(columns, rows, top, most, ranked=False)
    made.update(id="fortigates", title="FortiGates", file="fortigates.csv", behind=None)
    return made


def _share(row: Row) -> Cell:
    if row["blocked"] is None or row["detected"] is None:
        return Cell("-")
    return Cell(units.percent(row["blocked"], row["blocked"] + row["detected"]))
