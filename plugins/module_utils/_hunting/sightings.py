# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the addresses of a row, and determines the role of each address (protocol_fortianalyzer.rst, "Attacker and
victim").

The functions do no I/O. The attacker is never guessed: if a row does not show the attacker, the address is refused with
the reason.
"""

from __future__ import annotations

import re
import typing as t

from .._common.addresses import Network, is_ours, parse_target, text_of
from .._common.sides import DESTINATION, SOURCE
from .._protocol.reply import MASKABLE
from .._query.rows import is_counter

ATTACKER, VICTIM = "attacker", "victim"
# The counters of a row that are added up for each address.
COUNTERS = ("incidents", "blocked", "detected", "sessions", "bytes", "bandwidth")
# Threat types whose attacker is the contacted address. The attacker of an attack by signature is the source. For a
# connection that a policy denied, the attacker is not known.
CONTACTED = ("botnet", "virus", "malware", "malicious websites", "phishing", "spam urls")
CALLED = ("botnet", "malicious websites", "phishing", "spam urls")
# Signatures of botnets have the threat type of an attack, so only the name of the signature identifies a botnet.
BOTNET_NAME = re.compile(r"(?:^|[.:_ -])botnet(?:$|[.:_ -])", re.I)
# Rows of these views are about a source, even if they name no threat.
SOURCE_VIEWS = ("top-sources", "failed-authentication-attempts", "rows")
# Spellings of the column of the source. If one spelling is masked, all spellings are masked.
SPELLINGS = frozenset(("srcip", "src_ip", "epip", "source", "sources"))
NO_ROLE = "FortiAnalyzer does not report whether it attacked or was attacked"
# A ranking of sources lists every host. An address without a threat becomes an offender only if the policy has a
# threshold for traffic.
NO_THREAT = "FortiAnalyzer reports no threat for it"
THREATENING = ("incidents", "threatweight", "total_num")

Row = t.Mapping[str, t.Any]


class Place(t.NamedTuple):
    """The origin of a row. `result` is the number of the result. It separates results of the same view and ADOM,
    because they may count the same events."""

    view: str
    adom: str
    result: int = 0


class Sighting(t.NamedTuple):
    """One address in one row. `network` is None if the column has no usable address. `problem` is the reason why the
    address is refused, or None.

    `without_number` contains, for each counter, the number of rows that have text instead of a number. Sums omit these
    rows.
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
    """All addresses of a row. The row must be in canonical form (see rows.canonical). `masked` contains the columns
    with pseudonyms. The row can name further masked columns. `result` is the number of the result (see Place)."""
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
    """Add the victims in a row to the attackers in the same row."""
    victims = tuple(one.address for one in found if one.role == VICTIM and one.network is not None)
    return [one._replace(victims=victims) if one.role == ATTACKER else one for one in found]


def masked_of(reported: Row) -> tuple[str, ...]:
    """The masked columns that a result or row names. If the value is unreadable, all columns that may contain an
    address count as masked."""
    masked = reported.get("masked_fields") or ()
    if isinstance(masked, (list, tuple)) and all(isinstance(column, str) for column in masked):
        return tuple(masked)
    return MASKABLE


def _sides(row: Row, view: str, hidden: t.Collection[str]) -> list[tuple[str, t.Optional[str], t.Optional[str]]]:
    """Each column that contains an address, the role of the address, and the reason to refuse the address. The role or
    the reason may be None. Masked values are ignored when the role is determined."""
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
    """The role of a source in a row without a destination. Victims are compromised hosts, internal hosts in a row with
    a threat, and hosts that contacted or fetched something malicious. Other hosts in a row with a threat are
    attackers."""
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
    """The role of a destination in a row without a source. An internal destination is a victim. Another destination is
    an attacker only if the threat type means that a host contacted it."""
    if target is not None and is_ours(target):
        return VICTIM
    kind = str(row.get("threattype") or "").lower()
    return ATTACKER if row.get("threat") and any(word in kind for word in CALLED) else None


def _role(found: t.Optional[str]) -> tuple[t.Optional[str], t.Optional[str]]:
    return found, None if found else NO_ROLE


def _roles(
    row: Row, source: t.Optional[Network], target: t.Optional[Network]
) -> tuple[t.Optional[str], t.Optional[str]]:
    """The roles of source and destination. If an internal client contacted or fetched something malicious from an
    external server, the server is the attacker. In an attack by signature on an internal host, the source is the
    attacker. An external host that fetched something malicious from an internal server has no role.
    """
    if source is None or target is None or not row.get("threat"):
        return None, None
    direction = str(row.get("direction") or "").lower()
    contacted = is_contacted(row)
    if is_ours(source):
        # The destination of an outgoing attack or of an outgoing infected file may be innocent.
        bad = contacted and not is_ours(target) and not (direction == "outgoing" and _is_file(row))
        if is_ours(target) and not contacted:
            return ATTACKER, VICTIM
        return VICTIM, ATTACKER if bad else None
    if not contacted and (is_ours(target) or direction == "incoming"):
        return ATTACKER, VICTIM
    return None, None


def is_contacted(row: Row) -> bool:
    """Whether the threat type means that the attacker was contacted. The name of the threat is used only for
    signatures, because the owner of a domain chooses the name of the domain."""
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
    """The counters of this row that contain text instead of a number. The value of each counter is 1, because it is one
    row."""
    return {counter: 1 for counter in COUNTERS if row.get(counter) not in (None, "") and not is_counter(row[counter])}
