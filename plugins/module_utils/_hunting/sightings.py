# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the addresses of a row, and finds the role of each (protocol_fortianalyzer.rst, "Attacker and victim").

The functions are pure. A row that does not show the attacker results in a refusal with the reason, never in a guessed
address.
"""

from __future__ import annotations

import re
import typing as t

from .._common.addresses import Network, is_ours, parse_target, text_of
from .._common.sides import DESTINATION, SOURCE
from .._protocol.reply import MASKABLE
from .._query.rows import is_counter

ATTACKER, VICTIM = "attacker", "victim"
# The side of an address in a row: it connected, or it was contacted.
COUNTERS = ("incidents", "blocked", "detected", "sessions", "bytes", "bandwidth")
# Classes of threats whose attacker is the contacted address. Attacks by signature come from their source. For a connection that a policy denied, the
# attacker is not known.
CONTACTED = ("botnet", "virus", "malware", "malicious websites", "phishing", "spam urls")
CALLED = ("botnet", "malicious websites", "phishing", "spam urls")
# Signatures of botnets have the threat type of an attack, so only their name identifies them.
BOTNET_NAME = re.compile(r"(?:^|[.:_ -])botnet(?:$|[.:_ -])", re.I)
# Rows of these rankings are about a source and have no threat.
SOURCE_VIEWS = ("top-sources", "failed-authentication-attempts", "rows")
# Spellings of one column. A mask that names one of them hides all of them.
SPELLINGS = frozenset(("srcip", "src_ip", "epip", "source", "sources"))
NO_ROLE = "FortiAnalyzer does not report whether it attacked or was attacked"
# A ranking of sources lists every host. An address without a threat becomes an offender only by a policy that selects much traffic.
NO_THREAT = "FortiAnalyzer reports no threat for it"
THREATENING = ("incidents", "threatweight", "total_num")

Row = t.Mapping[str, t.Any]


class Place(t.NamedTuple):
    """The origin of a row. `result` separates results of one view and ADOM, which may count the same events."""

    view: str
    adom: str
    result: int = 0


class Sighting(t.NamedTuple):
    """One address in one row. `network` is None if the column has no address; then `problem` has the reason.

    `without_number` counts the rows in which a counter is text, which a sum omits.
    """

    address: str
    network: t.Optional[Network]
    role: t.Optional[str]
    threats: tuple[str, ...]
    severity: t.Optional[str]
    counters: dict[str, float]
    devices: tuple[str, ...]
    place: Place
    method: str
    problem: t.Optional[str] = None
    side: t.Optional[str] = None
    without_number: t.Mapping[str, int] = {}
    victims: tuple[str, ...] = ()


def sightings(
    row: Row, view: str, adom: str, masked: t.Collection[str], method: str, result: int = 0
) -> list[Sighting]:
    """All addresses of a row in canonical form (see rows.canonical). `masked` are columns with pseudonyms; a row can
    name further ones. `result` is its result's number, see Place."""
    place = Place(view, adom, result)
    hidden = {*masked, *masked_of(row)}
    if hidden & SPELLINGS:
        hidden |= SPELLINGS
    found = _with_victims([_sighting(row, *side, place, hidden, method) for side in _sides(row, place.view, hidden)])
    if isinstance(row.get("sources"), list):
        for source in row["sources"]:
            role = _lone_source(row, parse_target(source), place.view)
            found.append(_sighting(dict(row, source=source), "source", *_role(role), place, hidden, method))
    return found


def _with_victims(found: list[Sighting]) -> list[Sighting]:
    """Each attacker with the victims in the same row."""
    victims = tuple(one.address for one in found if one.role == VICTIM and one.network is not None)
    return [one._replace(victims=victims) if one.role == ATTACKER else one for one in found]


def masked_of(reported: Row) -> tuple[str, ...]:
    """The masked columns that a result or row names. An unreadable value masks all columns that may hold an address."""
    masked = reported.get("masked_fields") or ()
    if isinstance(masked, (list, tuple)) and all(isinstance(column, str) for column in masked):
        return tuple(masked)
    return MASKABLE


def _sides(row: Row, view: str, hidden: t.Collection[str]) -> list[tuple[str, t.Optional[str], t.Optional[str]]]:
    """Each column with its role, or with the reason for the missing role. Masked values are ignored when the role is determined."""
    source = next((column for column in ("srcip", "src_ip", "epip") if row.get(column) not in (None, "")), None)
    target = "dstip" if row.get("dstip") not in (None, "") else None
    if source and target:
        known = [None if column in hidden else parse_target(row[column]) for column in (source, target)]
        roles = _roles(row, known[0], known[1])
        return [(source, *_role(roles[0])), (target, *_role(roles[1]))]
    if source:
        found = VICTIM if source == "epip" else _lone_source(row, parse_target(row[source]), view)
        if found == ATTACKER and not _threatens(row):
            return [(source, found, NO_THREAT)]
        return [(source, *_role(found))]
    if target:
        return [(target, *_role(_lone_target(row, parse_target(row[target]))))]
    return []


def _lone_source(row: Row, source: t.Optional[Network], view: str) -> t.Optional[str]:
    """An internal host in the row of a threat is its victim, and so is a host that contacted or fetched something
    malicious."""
    detected = view.startswith("threat-detect") or any(key in row for key in ("verdict", "threatname", "tdthreatname"))
    if detected:
        return VICTIM
    if not row.get("threat"):
        return ATTACKER if view in SOURCE_VIEWS else None
    if is_contacted(row) or (source is not None and is_ours(source)):
        return VICTIM
    return ATTACKER


def _threatens(row: Row) -> bool:
    counters = (row.get(key) for key in THREATENING)
    return bool(row.get("threat")) or any(is_counter(value) and t.cast(float, value) > 0 for value in counters)


def _lone_target(row: Row, target: t.Optional[Network]) -> t.Optional[str]:
    """Without a source, a target is an attacker only if the class of the threat means that it was contacted."""
    if target is not None and is_ours(target):
        return VICTIM
    kind = str(row.get("threattype") or "").lower()
    return ATTACKER if row.get("threat") and any(word in kind for word in CALLED) else None


def _role(found: t.Optional[str]) -> tuple[t.Optional[str], t.Optional[str]]:
    return found, None if found else NO_ROLE


def _roles(
    row: Row, source: t.Optional[Network], target: t.Optional[Network]
) -> tuple[t.Optional[str], t.Optional[str]]:
    """Roles of source and target. If an internal client fetched or contacted something (virus, web, botnet), the other side is the attacker. An
    attack by signature comes from its source. A host that fetched something malicious from an internal server has no role.
    """
    if source is None or target is None or not row.get("threat"):
        return None, None
    direction = str(row.get("direction") or "").lower()
    contacted = is_contacted(row)
    if is_ours(source):
        # The target of an outgoing attack or infected file may be innocent.
        bad = contacted and not is_ours(target) and not (direction == "outgoing" and _is_file(row))
        if is_ours(target) and not contacted:
            return ATTACKER, VICTIM
        return VICTIM, ATTACKER if bad else None
    if not contacted and (is_ours(target) or direction == "incoming"):
        return ATTACKER, VICTIM
    return None, None


def is_contacted(row: Row) -> bool:
    """Decides by the class. It uses the name only of a signature, because the owner of a domain chooses its name."""
    kind = str(row.get("threattype") or "").lower()
    if any(word in kind for word in CONTACTED):
        return True
    signature = kind in ("", "ips", "attack") and not row.get("obf_url")
    return signature and bool(BOTNET_NAME.search(str(row.get("threat") or "")))


def _is_file(row: Row) -> bool:
    return any(word in str(row.get("threattype") or "").lower() for word in ("virus", "malware"))


def _sighting(
    row: Row,
    column: str,
    role: t.Optional[str],
    problem: t.Optional[str],
    place: Place,
    masked: t.Collection[str],
    method: str,
) -> Sighting:
    text = row[column]
    network = parse_target(text)
    if column in masked or (column == "source" and masked):
        network, problem = None, f"{column} is masked by the administrator's profile"
    elif network is None:
        problem = f"{column} does not contain an address"
    devices = row.get("devices")
    if not isinstance(devices, list):
        devices = [row[key] for key in ("devid", "devname") if row.get(key)][:1]
    threat = row.get("threat")
    return Sighting(
        address=text_of(network) if network is not None else str(text),
        network=network,
        role=role,
        threats=(str(threat),) if threat not in (None, "") else (),
        severity=row.get("severity") if isinstance(row.get("severity"), str) else None,
        counters=counters_of(row),
        devices=tuple(sorted({str(device) for device in devices})),
        place=place,
        method=method,
        problem=problem,
        side=DESTINATION if column == "dstip" else SOURCE,
        without_number=texts_of(row),
    )


def counters_of(row: Row) -> dict[str, float]:
    return {counter: row[counter] for counter in COUNTERS if is_counter(row.get(counter))}


def texts_of(row: Row) -> dict[str, int]:
    """The counters that are text in this row, each counted once."""
    return {counter: 1 for counter in COUNTERS if row.get(counter) not in (None, "") and not is_counter(row[counter])}
