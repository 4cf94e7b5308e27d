# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the critical and high threats that were not always blocked, with their attackers and the states of their blocks."""

from __future__ import annotations

import re
import typing as t

from .._query.rows import Row, severity_rank
from . import units
from .attackers import Attack, Attackers, Host
from .block_state import BlockState, BlockStates
from .counts import SEVERE, got_through
from .tables import Table

TECHNIQUE = re.compile(r"\bT[0-9]{4}(?:\.[0-9]{3})?\b", re.A)
# Columns with techniques of MITRE ATT&CK have one of these texts in their name.
TECHNIQUE_COLUMNS = ("mitre", "technique")

Entry = dict[str, t.Any]


def attention_of(threats: t.Iterable[Table], attackers: Attackers, states: BlockStates) -> list[Entry]:
    """One entry for each threat and ADOM, the worst severity first. `attackers` are the addresses whose incidents got through. `unexplained` is the
    number of detected incidents without a known attacker. `hosts` are the affected internal hosts. `connected` are the `hosts` that made the connection.

    In each severity, threats without a known attacker and threats of connected hosts come first. A sort by incidents alone would hide them at the end.
    """
    found = [
        _entry(row, table.adom, attackers, states)
        for table in threats
        for row in table.rows
        if row.get("severity") in SEVERE and got_through(row)
    ]
    return sorted(
        found,
        key=lambda one: (
            severity_rank(one["severity"]),
            bool(one["attackers"] and not one["connected"]),
            -one["detected"],
            one["threat"],
            one["adom"],
        ),
    )


def techniques_in(row: Row) -> list[str]:
    """The technique IDs in the columns for MITRE ATT&CK. An ID in the name of a threat is ignored."""
    reported = [
        str(value) for column, value in row.items() if any(word in column.lower() for word in TECHNIQUE_COLUMNS)
    ]
    return list(dict.fromkeys(found for one in reported for found in TECHNIQUE.findall(one)))


def _entry(row: Row, adom: str, attackers: Attackers, states: BlockStates) -> Entry:
    threat = str(row.get("threat") or "-")
    behind = _behind(attackers, threat, adom)
    blocks = {one.address: states.of(one.address, one.devices, one.contacted) for one in behind}
    unexplained = _unexplained(row, behind)
    devices = {device for one in behind for device in one.devices} or set(row.get("devices") or ())
    return {
        "threat": threat,
        "severity": row["severity"],
        "adom": adom,
        "incidents": row.get("incidents"),
        "blocked": row.get("blocked"),
        "detected": row["detected"],
        "attackers": [one.address for one in behind],
        **_ours(attackers.concerned(threat, adom)),
        "countries": list(dict.fromkeys(one.country for one in behind if one.country)),
        "devices": sorted(map(str, devices)),
        "techniques": techniques_in(row),
        "unexplained": unexplained,
        "block": _summary(blocks, unexplained),
        "since": "; ".join(f"{address}: {one.since}" for address, one in blocks.items() if one.since),
        "undecided": [address for address, one in blocks.items() if not one.settled],
    }


def _ours(hosts: t.Sequence[Host]) -> dict[str, list[str]]:
    return {
        "hosts": [one.address for one in hosts],
        "connected": [one.address for one in hosts if one.connected],
    }


def _behind(attackers: Attackers, threat: str, adom: str) -> list[Attack]:
    """The attackers whose incidents got through or may have, the most detected incidents first."""
    found = [one for one in attackers.behind(threat, adom) if one.detected is None or one.detected > 0]
    return sorted(found, key=lambda one: (-(one.detected or 0), one.address))


def _unexplained(row: Row, behind: t.Iterable[Attack]) -> int:
    """The detected incidents of the row that no address in `behind` caused."""
    return max(0, row["detected"] - sum(one.detected or 0 for one in behind))


def _summary(blocks: t.Mapping[str, BlockState], unexplained: int) -> str:
    """Each different state, with the number of its addresses, or with the address if there is only one. A state that all addresses share is shown alone."""
    if not blocks:
        return "attacker not known"
    more = "; others not known" if unexplained else ""
    by_text: dict[str, list[str]] = {}
    for address, one in blocks.items():
        by_text.setdefault(one.text, []).append(address)
    if len(by_text) == 1:
        return next(iter(by_text)) + more
    said = sorted(by_text.items(), key=lambda one: (-len(one[1]), one[0]))
    counted = [f"{found[0] if len(found) == 1 else units.exact(len(found))} {text}" for text, found in said]
    return "; ".join(counted) + more
