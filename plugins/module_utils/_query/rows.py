# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds canonical rows, with counters as numbers and all original fields (protocol_fortianalyzer.rst, "Views")."""

from __future__ import annotations

import hashlib
import json
import math
import re
import sys
import typing as t

from .._common.errors import ProtocolError
from .._common.octets import without_surrogates

COUNTERS = frozenset(
    (
        "sessions",
        "session_pass",
        "session_block",
        "incidents",
        "incident_pass",
        "incident_block",
        "threatweight",
        "threat_pass",
        "threat_block",
        "bandwidth",
        "traffic_in",
        "traffic_out",
        "bytes",
        "blocked",
        "detected",
        "sources",
        "destinations",
        "counts",
        "count_pass",
        "count_block",
        "total_num",
        "num_users",
        "browsetime",
        "login_num",
        "login_fail_num",
        "duration",
        "total_change",
        "event_num",
        "threat_num",
        "cs_count",
        "cs_score",
        "bl_count",
    )
)
# `threatlevel` and `time` are not counters, because they identify rows and do not increase while logs arrive.
NUMBERS = COUNTERS | {"threatlevel", "time"}
# The order is from the highest severity to the lowest.
RANKED_SEVERITIES = ("critical", "high", "medium", "low", "info")
SEVERITIES = frozenset(RANKED_SEVERITIES)
# Canonical fields and their source fields. The first source field with a value is used.
CANONICAL = {
    "blocked": ("blocked", "incident_block"),
    "detected": ("detected", "incident_pass"),
    "bytes": ("bytes", "bandwidth"),
}

NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?")
# A float represents every whole number below this limit exactly.
LARGEST_EXACT = 2**53
DEEPEST = 20

Row = dict[str, t.Any]


def counter(value: object) -> object:
    """The number in a string of ASCII digits, also with an exponent. For any other value, the result of `plain`."""
    if not isinstance(value, str) or len(value) > 30:
        return plain(value)
    if re.fullmatch(r"-?[0-9]+", value):
        return int(value)
    if not NUMBER.fullmatch(value):
        return plain(value)
    number = float(value)
    if not math.isfinite(number):
        return plain(value)
    # Some releases write a whole number with an exponent, such as 4.5e+10.
    exact = "e" in value.lower() and number.is_integer() and abs(number) < LARGEST_EXACT
    return int(number) if exact else number


def severity_rank(severity: object) -> int:
    """The rank of a severity. The highest severity has rank 0, and an unknown severity has the last rank."""
    return RANKED_SEVERITIES.index(severity) if severity in RANKED_SEVERITIES else len(RANKED_SEVERITIES)


def is_counter(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def plain(value: t.Any, depth: int = 0) -> t.Any:
    """The value without lone surrogates, so that every JSON writer accepts the value. Raises ProtocolError if the value
    is nested too deeply."""
    if depth > DEEPEST:
        raise ProtocolError(f"The reply is nested deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        return {plain(key, depth + 1): plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner, depth + 1) for inner in value]
    if isinstance(value, str):
        return value if value.isascii() else without_surrogates(value)
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def canonical(row: t.Mapping[str, t.Any]) -> Row:
    """One row with its counters as numbers. `severity`, `blocked`, `detected`, `bytes`, `hostname` and `devices` are
    added if they are known. A missing counter is not added."""
    shaped: Row = {}
    for key, value in row.items():
        value = counter(value) if key in NUMBERS else plain(value)
        # A long ranking has few distinct values. One shared copy of each value reduces the memory for the rows.
        shaped[_shared(plain(key))] = _shared(value)
    for field, origins in CANONICAL.items():
        reported = [name for name in origins if shaped.get(name) not in (None, "")]
        # Text that is not a number is kept, so that a sum can report that it omits this row.
        origin = next((name for name in reported if is_counter(shaped[name])), reported[0] if reported else None)
        if origin is not None:
            shaped.setdefault(field, shaped[origin])
    severity = _severity(shaped)
    if severity:
        shaped["severity"] = severity
    hostname = _hostname(shaped)
    if hostname:
        shaped.setdefault("hostname", hostname)
    if isinstance(shaped.get("fortigate"), str):
        shaped.setdefault("devices", [serial.strip() for serial in shaped["fortigate"].split(",") if serial.strip()])
    return shaped


def _shared(value: t.Any) -> t.Any:
    # Subclasses of str are kept, because some releases of Ansible use them to mark text that must not be templated.
    return sys.intern(value) if value.__class__ is str and len(value) < 64 else value


def _severity(row: Row) -> t.Optional[str]:
    """The severity from text fields. Level numbers are not used, because two documented tables of these numbers
    contradict each other."""
    for key in ("severity", "level_s", "threatlevel_s"):
        word = str(row.get(key) or "").strip().lower()
        if word in SEVERITIES:
            return word
    return None


def _hostname(row: Row) -> t.Optional[str]:
    for name, address in (("srcip_hostname", "srcip"), ("dstip_hostname", "dstip"), ("dev_src", "srcip")):
        found = row.get(name)
        # With name resolution, FortiAnalyzer returns the address itself as the name of an address without a name.
        if isinstance(found, str) and found and found != row.get(address):
            return found
    return None


def identity_of(row: Row, whole: bool = False) -> bytes:
    """A digest that identifies this row. Counters are excluded unless `whole` is set, because counters increase while
    logs arrive. All other columns are included, because rows may share an address and differ in user, endpoint, device
    or interface."""
    own = row if whole else {key: value for key, value in row.items() if key not in COUNTERS}
    text = json.dumps(own, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
