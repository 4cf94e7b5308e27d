# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lays out the sections about threats that need attention and about attackers."""

from __future__ import annotations

import typing as t

from .._query.rows import Row, severity_rank
from . import units
from .attackers import Attack, Attackers
from .block_state import NO_BLOCK, NOT_IN_PART, NOT_READ, BlockStates
from .counts import SEVERE
from .grids import Cell, Column, grid, has, number, text, words
from .tables import total_of, worst

# Maximum number of addresses in a cell.
MOST_NAMED = 2
# Maximum number of rows on the page. The CSV file has all of them.
MOST_ENTRIES = 100
DECIDE = (
    "Decide about each attacker that is not blocked: block it, or accept it and put it on the exclusion list. If the attacker is not known, set the"
    " signature to block, and look at the logs of our hosts."
)
HOSTS = (
    "Our hosts are the addresses on our side of these incidents. An arrow (\u2192) means that the host made the connection itself: check this host"
    " for an infection."
)
NO_BLOCK_MEANS = '"Not blocked by us" means that the audit log contains no block of the address. Other rules of a FortiGate can still stop it.'
NOT_IN_PART_MEANS = '"No block in the lines read" means that lines of the audit log were left out. These lines can contain a block of the address.'
NOT_READ_MEANS = "This report was created without an audit log, so it is not known which addresses are blocked."

Section = dict[str, t.Any]


def attention_section(entries: t.Sequence[Row], attackers: Attackers, doubtful: bool, top: int) -> Section:
    columns = [
        text("severity", kind="severity"),
        text("threat", "Threat", "name"),
        *([text("techniques", "ATT&CK")] if has_any(entries, "techniques") else []),
        text("adom", "ADOM"),
        number("detected", "Got through"),
        Column("Attackers", "list", lambda row: _some(row["attackers"]) if row["attackers"] else Cell("not known")),
        *([text("countries", "Country")] if has_any(entries, "countries") else []),
        *([Column("Our hosts", "list", _hosts)] if has_any(entries, "hosts") else []),
        text("block", "Block"),
        *([text("since", "Since the block")] if has(entries, "since") else []),
        Column("FortiGates", "list", lambda row: _some(row["devices"], 1)),
    ]
    made = grid(columns, entries, top, max(top, MOST_ENTRIES), ranked=False)
    made.update(
        id="attention-entries",
        title="Critical and high threats that got through",
        file="attention.csv",
        behind=None,
        about=f"{_threats(entries)} in {units.many(len(entries), 'row')}, one row for each threat and ADOM",
    )
    made["empty"] = (
        "No row shows a critical or high threat that got through, but the data is incomplete."
        if doubtful
        else "No critical or high threat got through."
    )
    return {"grid": made, "notes": _attention_notes(entries, attackers) if entries else []}


def attackers_seen(attackers: Attackers, states: BlockStates) -> list[Row]:
    """One row for each address. Addresses with the most critical and high incidents that got through come first, then the worst severities."""
    found: dict[str, list[Attack]] = {}
    for one in attackers.attacks:
        found.setdefault(one.address, []).append(one)
    rows = [_attacker(address, attacks, states) for address, attacks in found.items()]
    rows.sort(key=lambda row: (-row["severe"], severity_rank(row["severity"]), -row["incidents"], row["address"]))
    return rows


def attacker_section(rows: t.Sequence[Row], attackers: Attackers, top: int, most: int) -> Section:
    columns = [
        text("address", "Address", "name"),
        *([text("country")] if has(rows, "country") else []),
        *([text("severity", kind="severity")] if has(rows, "severity") else []),
        number("detected", "Got through"),
        number("incidents"),
        Column("Threats", "text", lambda row: _some(row["threats"], 1)),
        text("block", "Block"),
        text("adoms", "ADOMs"),
        *([text("since", "Since the block")] if has(rows, "since") else []),
    ]
    made = grid(columns, rows, top, most, ranked=False)
    made.update(id="attacker-entries", title="Attacking addresses", file="attackers.csv", behind=None)
    severe = sum(row["severe"] > 0 for row in rows)
    if severe:
        made["about"] = (
            f"{units.many(len(rows), 'address')}, and {units.exact(severe)} of these got through with a critical or high threat"
        )
    made["empty"] = "No row shows an attacking address."
    return {"grid": made, "notes": attackers.gaps}


def has_any(rows: t.Iterable[Row], column: str) -> bool:
    return any(row[column] for row in rows)


def _attacker(address: str, attacks: t.Sequence[Attack], states: BlockStates) -> Row:
    devices = sorted({device for one in attacks for device in one.devices})
    state = states.of(address, devices, any(one.contacted for one in attacks))
    return {
        "address": address,
        "country": next((one.country for one in attacks if one.country), ""),
        "severity": worst(one.severity for one in attacks),
        "threats": list(dict.fromkeys(one.threat for one in sorted(attacks, key=_urgency))),
        "adoms": sorted({one.adom for one in attacks}),
        "devices": devices,
        "incidents": sum(one.incidents for one in attacks),
        "blocked": total_of(one.blocked for one in attacks),
        "detected": total_of(one.detected for one in attacks),
        "severe": sum(one.detected or 0 for one in attacks if one.severity in SEVERE),
        "block": state.text,
        "since": state.since,
    }


def _urgency(one: Attack) -> tuple[t.Any, ...]:
    """The sort key of a threat. Threats that got through come first, in the order of their severity."""
    through = one.detected or 0
    return (not through, severity_rank(one.severity), -through, one.threat)


def _threats(entries: t.Sequence[Row]) -> str:
    return units.many(len({one["threat"] for one in entries}), "threat")


def _hosts(row: Row) -> Cell:
    return _some([f"\u2192\u00a0{one}" if one in row["connected"] else one for one in row["hosts"]])


def _attention_notes(entries: t.Sequence[Row], attackers: Attackers) -> list[str]:
    blocks = " ".join(one["block"] for one in entries)
    notes = [DECIDE, *([HOSTS] if has_any(entries, "hosts") else [])]
    notes += [
        means
        for said, means in ((NO_BLOCK, NO_BLOCK_MEANS), (NOT_IN_PART, NOT_IN_PART_MEANS), (NOT_READ, NOT_READ_MEANS))
        if said in blocks
    ]
    return notes + _attacker_notes(entries, attackers)


def _attacker_notes(entries: t.Sequence[Row], attackers: Attackers) -> list[str]:
    missing = sorted({one["adom"] for one in entries} - {*attackers.adoms})
    if not missing:
        return []
    return [f"FortiAnalyzer was not queried for the addresses behind the threats in {', '.join(missing)}."]


def _some(names: t.Sequence[str], most: int = MOST_NAMED) -> Cell:
    """The first names and the number of further names. All names are shown on hover."""
    if len(names) <= most:
        return words(list(names) or None)
    shown = words(list(names[:most])).text
    return Cell(f"{shown}, {units.exact(len(names) - most)} more", words(list(names)).text)
