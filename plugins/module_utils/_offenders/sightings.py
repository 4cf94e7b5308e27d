# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A row becomes sightings: which address in it did what (contract section 8, "Which side to block").

Pure, and it never guesses: a row that does not say who attacked gives a refusal with the reason, not an address.
"""

from __future__ import annotations

import typing as t

from .addresses import Network, is_ours, parse_target, text_of

ATTACKER, VICTIM = "attacker", "victim"
FIGURES = ("incidents", "blocked", "detected", "sessions", "bytes", "bandwidth")
# Threats where the address that was contacted is the bad one; for attacks by signature it is the one that came.
CONTACTED = ("botnet", "virus", "malware", "malicious websites", "phishing", "spam urls", "blocked-connection")
NO_ROLE = "nothing tells whether it attacked or was attacked"

Row = t.Mapping[str, t.Any]


class Sighting(t.NamedTuple):
    """One address in one row. `network` is None where the column holds no address; then `problem` says what is wrong."""

    address: str
    network: t.Optional[Network]
    role: t.Optional[str]
    threats: tuple[str, ...]
    severity: t.Optional[str]
    figures: dict[str, float]
    devices: tuple[str, ...]
    place: tuple[str, str]
    method: str
    problem: t.Optional[str] = None


def sightings(row: Row, view: str, adom: str, masked: t.Collection[str], method: str) -> list[Sighting]:
    """All addresses of a row in canonical form (see rows.canonical). `masked` are columns that hold pseudonyms."""
    found = [_sighting(row, *side, view, adom, masked, method) for side in _sides(row)]
    if isinstance(row.get("sources"), list):
        found += [
            _sighting(dict(row, source=source), "source", ATTACKER, None, view, adom, masked, method)
            for source in row["sources"]
        ]
    return found


def _sides(row: Row) -> list[tuple[str, t.Optional[str], t.Optional[str]]]:
    """Column, role, and why there is no role."""
    source = next((column for column in ("srcip", "src_ip", "epip") if row.get(column) not in (None, "")), None)
    target = "dstip" if row.get("dstip") not in (None, "") else None
    if source and target:
        roles = _roles(row, parse_target(row[source]), parse_target(row[target]))
        return [(source, *_role(roles[0])), (target, *_role(roles[1]))]
    if source:
        return [(source, *_role(_lone_source(row, parse_target(row[source]))))]
    if target:
        return [(target, *_role(_lone_target(row, parse_target(row[target]))))]
    return []


def _lone_source(row: Row, source: t.Optional[Network]) -> t.Optional[str]:
    """A compromised host is the victim of what it caught; of a ranking without threats the source is the subject."""
    if "verdict" in row:
        return VICTIM
    if not row.get("threat") or (source is not None and not is_ours(source)):
        return ATTACKER
    return VICTIM if _is_contacted(row) else None


def _lone_target(row: Row, target: t.Optional[Network]) -> t.Optional[str]:
    if target is not None and is_ours(target):
        return VICTIM
    return ATTACKER if _is_contacted(row) else None


def _role(found: t.Optional[str]) -> tuple[t.Optional[str], t.Optional[str]]:
    return found, None if found else NO_ROLE


def _roles(
    row: Row, source: t.Optional[Network], target: t.Optional[Network]
) -> tuple[t.Optional[str], t.Optional[str]]:
    """Roles of source and target. What a client of ours fetched or called (virus, web, botnet) makes the other side the
    attacker, whatever direction the log names; an attack by signature comes from its source.
    """
    if source is None or target is None:
        return None, None
    direction = str(row.get("direction") or "").lower()
    if is_ours(source) and not is_ours(target):
        # The target of an attack that goes out may be an innocent one.
        return VICTIM, ATTACKER if _is_contacted(row) else None
    if is_ours(target) or (direction == "incoming" and not _is_contacted(row)):
        return ATTACKER, VICTIM
    return None, None


def _is_contacted(row: Row) -> bool:
    kinds = f"{row.get('threattype') or ''} {row.get('threat') or ''}".lower()
    return any(word in kinds for word in CONTACTED)


def _sighting(
    row: Row,
    column: str,
    role: t.Optional[str],
    problem: t.Optional[str],
    view: str,
    adom: str,
    masked: t.Collection[str],
    method: str,
) -> Sighting:
    text = row[column]
    network = parse_target(text)
    if column in masked or (column == "source" and masked):
        network, problem = None, f"{column} is masked by the administrator's profile"
    elif network is None:
        problem = f"{column} holds no address"
    devices = row.get("devices")
    if not isinstance(devices, list):
        devices = [row[key] for key in ("devid", "devname") if row.get(key)][:1]
    threat = row.get("threat")
    return Sighting(
        text_of(network) if network is not None else str(text),
        network,
        role,
        (str(threat),) if threat not in (None, "") else (),
        row.get("severity") if isinstance(row.get("severity"), str) else None,
        {figure: row[figure] for figure in FIGURES if _is_figure(row.get(figure))},
        tuple(sorted({str(device) for device in devices})),
        (view, adom),
        method,
        problem,
    )


def _is_figure(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
