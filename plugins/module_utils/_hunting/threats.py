# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The threats of a hunt, and the fields that contain their names (protocol_fortianalyzer.rst, "Rows of
top-threats")."""

from __future__ import annotations

import typing as t

from .._common.errors import InvalidInput
from .._common.validation import CONTROL, path_segment
from .._query.ages import Freshness
from .._query.reader import Part, read_results
from .._query.rows import SEVERITIES

# FortiAnalyzer reports this text instead of a threat name for a blocked connection. Logs cannot be searched for this
# text.
NAMELESS = "blocked-connection"
# The maximum length of a filter, in characters. Further names are sent in another filter.
LONGEST_FILTER = 6000
LONGEST_NAME = 5000


class Threat(t.NamedTuple):
    """A threat. `name` is the name as FortiAnalyzer wrote it, and `kind` is the threat type. `domain` is True if the
    name is a visited domain, and `application` is True if it is an application. Empty `adoms` mean all ADOMs of the
    hunt.

    `kind` and `severity` are empty if they are unknown, or if the rows of this threat differ.
    """

    name: str
    kind: str = ""
    severity: str = ""
    domain: bool = False
    application: bool = False
    adoms: tuple[str, ...] = ()


def threat_parts(values: t.Iterable[object], fresh: t.Optional[Freshness] = None) -> list[Part]:
    """The rows in names, rows of a threat view, results or registered results. Raises InvalidInput, also for results
    that are too old or not complete."""
    parts: list[Part] = []
    for value in values:
        if isinstance(value, str) and value:
            parts.append(Part([{"threat": value}]))
            continue
        if not isinstance(value, t.Mapping):
            raise InvalidInput(f"each entry of threats must be a name, a row or a result, not {type(value).__name__}")
        parts += read_results([value], "threats", advice="").parts
    for part in parts:
        if part.result is not None:
            if part.result.get("complete") is not True:
                raise InvalidInput(
                    f"the result {part.name!r} is not complete, so its threats are not used: run its query again"
                )
            if fresh is not None:
                fresh.check(part.result)
        elif not all(row.get("threat") for row in part.rows):
            raise InvalidInput("each row in threats needs the column threat")
    return parts


def threats_in(parts: t.Iterable[Part]) -> list[Threat]:
    """The threats of these rows, in order and without duplicates. Raises InvalidInput."""
    found: dict[tuple[str, tuple[str, ...]], Threat] = {}
    for part in parts:
        adom = (part.result or {}).get("adom")
        adoms = (path_segment("adom", adom),) if adom else ()
        for row in part.rows:
            if row.get("threat"):
                threat = _threat(row, adoms)
                key = (threat.name, threat.adoms)
                found[key] = _agreed(found[key], threat) if key in found else threat
    return list(found.values())


def _agreed(one: Threat, other: Threat) -> Threat:
    """The threat, with an empty threat type or severity if the two rows differ. A wrong threat type or severity could
    make an address an offender."""
    return one._replace(
        kind=one.kind if one.kind == other.kind else "",
        severity=one.severity if one.severity == other.severity else "",
    )


def _threat(row: t.Mapping[str, t.Any], adoms: tuple[str, ...]) -> Threat:
    severity = str(row.get("severity") or "").lower()
    return Threat(
        name=str(row["threat"]),
        kind=str(row.get("threattype") or "").lower(),
        severity=severity if severity in SEVERITIES else "",
        domain=bool(row.get("obf_url")),
        application=str(row.get("appid") or "0") not in ("", "0"),
        adoms=adoms,
    )


def row_of(row: dict[str, t.Any], threat: t.Optional[Threat]) -> dict[str, t.Any]:
    """The row with the name, threat type and severity of the threat. Values that the row already has are kept."""
    if threat is None:
        return row
    reported = {"threat": threat.name, "threattype": threat.kind, "severity": threat.severity}
    return {**row, **{key: value for key, value in reported.items() if value and not row.get(key)}}


def quoted(value: str) -> t.Optional[str]:
    """The value in quotes for a filter, or None if a filter cannot contain the value."""
    if CONTROL.search(value) or len(value) > LONGEST_NAME:
        return None
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def any_of(field: str, names: t.Iterable[str]) -> list[str]:
    """Filters on this field that together match the names. A name that a filter cannot contain is omitted."""
    filters: list[str] = []
    for name in names:
        value = quoted(name)
        if value is None:
            continue
        clause = f"{field}=={value}"
        if filters and len(filters[-1]) + len(clause) + 4 <= LONGEST_FILTER:
            filters[-1] += f" or {clause}"
        else:
            filters.append(clause)
    return filters


# The log fields in the result of `log_searches`.
LOG_FIELDS = ("attack", "virus", "filename", "hostname", "app")


def log_searches(threat: Threat) -> list[tuple[str, str]]:
    """The log types, each with the field to search for this threat. The most likely log type is first. Empty if logs
    cannot be searched for the threat."""
    if quoted(threat.name) is None or threat.name == NAMELESS or threat.kind == NAMELESS:
        return []
    if threat.domain:
        return [("webfilter", "hostname")]
    if threat.application:
        return [("app-ctrl", "app")]
    if any(word in threat.kind for word in ("malware", "virus")):
        return [("virus", "filename"), ("virus", "virus")]
    attack = ("attack", "attack")
    return [attack] if "ips" in threat.kind else [attack, ("virus", "virus"), ("virus", "filename")]


def is_about(row: dict[str, t.Any], field: str, threat: Threat) -> bool:
    """Whether a log line is about the threat. Case is ignored, because the query also ignores case."""
    return str(row.get(field)).casefold() == threat.name.casefold()


BLOCKED_ACTIONS = frozenset(
    ("blocked", "block", "dropped", "drop", "deny", "denied", "reset", "clear_session", "reset_client", "reset_server")
)


def log_row(row: dict[str, t.Any], threat: Threat) -> dict[str, t.Any]:
    """A log line as a threat row: one incident, blocked or only detected."""
    blocked = str(row.get("action") or "").lower() in BLOCKED_ACTIONS
    return dict(
        row_of(row, threat),
        threat=threat.name,
        threattype=threat.kind or str(row.get("subtype") or ""),
        incidents=1,
        blocked=int(blocked),
        detected=int(not blocked),
    )
