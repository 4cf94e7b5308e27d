# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides by a policy which addresses become offenders. Each refused address has its reasons.

The functions do no I/O: the same input results in the same lists in the same order.
"""

from __future__ import annotations

import math
import typing as t

from .._common.addresses import Network, address_order, is_host, parse_never, parse_target, refusal, text_of
from .._common.errors import InvalidInput
from .._common.naming import counted
from .._common.sides import BOTH, DESTINATION, SOURCE
from .._common.validation import flag, texts
from .._query.ages import Freshness
from .._query.reader import Gap, Part, read_results
from .._query.rows import RANKED_SEVERITIES, canonical, severity_rank
from .sightings import (
    ATTACKER,
    COUNTERS,
    NO_ROLE,
    NO_THREAT,
    VICTIM,
    Place,
    Sighting,
    counters_of,
    masked_of,
    sightings,
    texts_of,
)

THRESHOLDS = {
    "min_incidents": "incidents",
    "min_sessions": "sessions",
    "min_bandwidth": "bandwidth",
    "min_bytes": "bytes",
}

# The keys under which a task registers addresses or rows.
LISTS = ("results", "offenders")
ELSEWHERE = "it is a victim in other rows, so it may be an internal host"

Offender = dict[str, t.Any]


class Policy(t.NamedTuple):
    """The policy of a user. Empty `severities` accept any severity. An absent counter does not reach a threshold."""

    severities: tuple[str, ...] = ()
    unblocked_only: bool = False
    thresholds: tuple[tuple[str, float], ...] = ()
    never: tuple[Network, ...] = ()
    allow_private: bool = False
    roles: tuple[str, ...] = (ATTACKER,)
    cap: t.Optional[int] = None

    @property
    def by_volume(self) -> bool:
        """Whether the policy has a threshold for traffic. With such a threshold, an address without a threat can also
        become an offender."""
        return any(least > 0 and counter in ("sessions", "bandwidth", "bytes") for counter, least in self.thresholds)


def parse_policy(options: t.Mapping[str, t.Any]) -> Policy:
    """Read the options of the filter `offenders`. Raises InvalidInput."""
    severities = [word.strip().lower() for word in texts("severities", options.get("severities"))]
    for word in severities:
        if word not in RANKED_SEVERITIES:
            raise InvalidInput(f"severities must contain only {', '.join(RANKED_SEVERITIES)}, not {word[:60]!r}")
    roles = texts("roles", options.get("roles")) or [ATTACKER]
    if not set(roles) <= {ATTACKER, VICTIM}:
        raise InvalidInput("roles must be attacker or victim, or a list of both")
    cap = options.get("cap")
    return Policy(
        severities=tuple(severities),
        unblocked_only=flag("unblocked_only", options.get("unblocked_only")),
        thresholds=tuple(
            (counter, _threshold(key, options[key]))
            for key, counter in THRESHOLDS.items()
            if options.get(key) is not None
        ),
        never=tuple(parse_never(texts("never", options.get("never"), blanks=True))),
        allow_private=flag("allow_private", options.get("allow_private")),
        roles=tuple(roles),
        cap=None if cap is None else int(_threshold("cap", cap)),
    )


def _threshold(key: str, value: object) -> float:
    try:
        number = float(str(value))
    except ValueError as exc:
        raise InvalidInput(f"{key} must be a number, not {value!r}") from exc
    if not 0 <= number < float("inf"):
        raise InvalidInput(f"{key} must be a number of at least 0, not {value!r}")
    return number


class Sighted(t.NamedTuple):
    """The addresses in the input, and the queries whose rows are missing."""

    sightings: list[Sighting]
    gaps: list[Gap]


def sighted_in(
    value: object, fresh: t.Optional[Freshness] = None, partial: bool = False, what: str = "offenders"
) -> Sighted:
    """The addresses in results, rows or offenders. With `partial`, queries whose rows are missing are also returned.
    Otherwise they are an error. `what` names the caller.

    Raises InvalidInput for any other value, and for a result that is too old. Rows of a result that is not complete are
    never used, because a partial ranking may contain the wrong addresses.
    """
    handed = read_results(value, what, partial, LISTS)
    found: list[Sighting] = []
    rows = 0
    for number, part in enumerate(handed.parts):
        if part.result is None:
            found += [one for row in part.rows for one in _of_row(row)]
        elif part.result.get("complete") is True:
            if fresh is not None:
                fresh.check(part.result)
            found += _of_result(part, number)
        elif not partial or "complete" not in part.result:
            raise InvalidInput(f"the result {part.name!r} is not complete: run its query again")
        rows += len(part.rows)
    if not found and rows:
        raise InvalidInput(
            "none of these rows has an address: use faz_threat_sources_info to find the addresses behind threats"
        )
    return Sighted(found, handed.gaps)


def _of_row(row: t.Mapping[str, t.Any]) -> list[Sighting]:
    if "address" in row:
        return [_of_offender(row)]
    return sightings(canonical(row), "rows", str(row.get("adom") or ""), (), "rows")


def _of_result(part: Part, number: int) -> list[Sighting]:
    result = part.result or {}
    view, adom, masked = str(result.get("view")), str(result.get("adom")), masked_of(result)
    return [one for row in part.rows for one in sightings(canonical(row), view, adom, masked, view, number)]


def _of_offender(offender: t.Mapping[str, t.Any]) -> Sighting:
    """The address of an offender. The address is parsed again, and a refused offender remains refused."""
    network = parse_target(offender["address"])
    role = offender.get("role")
    problem = None if network is not None else "the field address does not contain an address"
    if offender.get("refused"):
        network, problem = None, "it was already refused: " + ", ".join(_texts(offender.get("reasons")))
    return Sighting(
        address=text_of(network) if network is not None else str(offender["address"]),
        network=network,
        role=role if role in (ATTACKER, VICTIM) else None,
        threats=_texts(offender.get("threats")),
        severity=offender.get("severity"),
        counters=counters_of(offender),
        devices=_texts(offender.get("devices")),
        place=Place("offenders", ", ".join(_texts(offender.get("adoms")))),
        method=str(offender.get("method") or "given"),
        problem=problem or (None if role in (ATTACKER, VICTIM) else NO_ROLE),
        side=offender["side"] if offender.get("side") in (SOURCE, DESTINATION, BOTH) else None,
        without_number={**texts_of(offender), **_counts(offender.get("without_number"))},
        victims=tuple(text_of(one) for one in map(parse_target, _texts(offender.get("victims"))) if one is not None),
    )


def _counts(value: object) -> dict[str, int]:
    reported = value if isinstance(value, t.Mapping) else {}
    return {counter: reported[counter] for counter in COUNTERS if isinstance(reported.get(counter), int)}


def _texts(values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in values) if isinstance(values, (list, tuple)) else ()


def judge(sighted: t.Iterable[Sighting], policy: Policy) -> dict[str, list[Offender]]:
    """Apply the policy. Returns the lists `offenders` and `refused`, each sorted by severity, incidents, sessions and
    address. Every refused address has its reasons."""
    judged: dict[str, list[Offender]] = {"offenders": [], "refused": []}
    merged = list(_merged(sighted))
    victims = {offender["address"] for offender, dummy, dummy_too in merged if offender.get("role") == VICTIM}
    for offender, network, problems in merged:
        considered = [problem for problem in problems if problem != NO_THREAT or not policy.by_volume]
        refusals = considered + _refusals(offender, network, policy)
        if offender.get("role") == ATTACKER and VICTIM not in policy.roles and offender["address"] in victims:
            refusals.append(ELSEWHERE)
        if refusals:
            judged["refused"].append(dict(offender, reasons=refusals, refused=True))
        else:
            judged["offenders"].append(dict(offender, reasons=_reasons(offender)))
    for offenders in judged.values():
        offenders.sort(key=_rank)
    if policy.cap is not None and len(judged["offenders"]) > policy.cap:
        over = judged["offenders"][policy.cap :]
        del judged["offenders"][policy.cap :]
        judged["refused"] += [
            dict(one, reasons=[f"the limit cap={policy.cap} was reached"], refused=True) for one in over
        ]
        judged["refused"].sort(key=_rank)
    return judged


def _merged(sighted: t.Iterable[Sighting]) -> t.Iterator[tuple[Offender, t.Optional[Network], list[str]]]:
    groups: dict[tuple[str, t.Optional[str], bool], list[Sighting]] = {}
    for one in sighted:
        groups.setdefault((one.address, one.role, one.network is None), []).append(one)
    for same in groups.values():
        yield _offender(same), same[0].network, _problems(same)


def _offender(same: t.Sequence[Sighting]) -> Offender:
    """The offender for one address in one role. Unknown values are omitted."""
    first = same[0]
    severities = [one.severity for one in same if one.severity in RANKED_SEVERITIES]
    known: Offender = {
        "address": first.address,
        "version": first.network.version if first.network is not None else None,
        "role": first.role,
        "side": _side(same),
        "severity": min(severities, key=RANKED_SEVERITIES.index, default=None),
        "threats": _united(one.threats for one in same),
        **_counters(same),
        "without_number": _without_number(same),
        "victims": sorted(_united(one.victims for one in same), key=address_order) or None,
        "devices": _united(one.devices for one in same),
        "adoms": [adom for adom in _united(one.place.adom.split(", ") for one in same) if adom],
        "method": ", ".join(_united([one.method] for one in same)),
    }
    return {key: value for key, value in known.items() if value is not None}


def _united(several: t.Iterable[t.Iterable[str]]) -> list[str]:
    return sorted({one for some in several for one in some})


def _without_number(same: t.Sequence[Sighting]) -> t.Optional[dict[str, int]]:
    """For each counter, the number of rows that have text instead of a number. None if there are no such rows."""
    missing = {counter: sum(one.without_number.get(counter, 0) for one in same) for counter in COUNTERS}
    return {counter: rows for counter, rows in missing.items() if rows} or None


def _problems(same: t.Sequence[Sighting]) -> list[str]:
    problems = sorted({one.problem for one in same if one.problem})
    if any(one.problem is None for one in same):
        problems = [problem for problem in problems if problem != NO_THREAT]
    return problems


def _side(same: t.Iterable[Sighting]) -> t.Optional[str]:
    """The side of the connection on which the address was seen, or both sides. A row with an unknown side is
    ignored."""
    sides = {one.side for one in same} - {None}
    return sides.pop() if len(sides) == 1 else BOTH if sides else None


def _counters(same: t.Sequence[Sighting]) -> dict[str, float]:
    """The counters of the rows of one result are added up. Several results of one view and ADOM may count the same
    events, so only their largest sum is used. The sums of different ADOMs are added up. Several views may also count
    the same events, so only the largest sum of a view is used."""
    counters: dict[str, float] = {}
    for counter in COUNTERS:
        by_place: dict[Place, list[float]] = {}
        for one in same:
            if counter in one.counters:
                by_place.setdefault(one.place, []).append(one.counters[counter])
        by_adom: dict[tuple[str, str], float] = {}
        for place, values in by_place.items():
            by_adom[place[:2]] = max(_total(values), by_adom.get(place[:2], 0))
        by_view: dict[str, list[float]] = {}
        for (view, dummy), value in by_adom.items():
            by_view.setdefault(view, []).append(value)
        if by_view:
            counters[counter] = max(_total(values) for values in by_view.values())
    return counters


def _total(values: t.Sequence[float]) -> float:
    """The sum of the values. The sum of fractions does not depend on their order, and the sum of whole numbers is a
    whole number."""
    return sum(values) if all(isinstance(value, int) for value in values) else math.fsum(values)


def _refusals(offender: Offender, network: t.Optional[Network], policy: Policy) -> list[str]:
    if network is None:
        return []
    if not is_host(network):
        return ["a network, not a host"]
    reasons = []
    why = refusal(network, policy.never, policy.allow_private)
    if why:
        reasons.append(why)
    role = offender.get("role")
    if role is not None and role not in policy.roles:
        reasons.append(f"its role is {role}")
    if policy.severities and offender.get("severity") not in policy.severities:
        reasons.append(f"severity {offender.get('severity', 'unknown')} is not selected")
    if policy.unblocked_only and not offender.get("detected"):
        reasons.append(
            f"none of its incidents is known to have got through{_rows_without_number(offender, 'detected')}"
        )
    for counter, least in policy.thresholds:
        if offender.get(counter, -1) < least:
            reported = f"{counter} {offender.get(counter, 'unknown')}"
            reasons.append(f"{reported} is below {least:g}{_rows_without_number(offender, counter)}")
    return reasons


def _rows_without_number(offender: Offender, counter: str) -> str:
    """The note that a sum omits rows that have text instead of a number. Empty if there are no such rows."""
    rows = offender.get("without_number", {}).get(counter)
    return f" (not counted: {counted(rows, 'row')} without a number)" if rows else ""


def _reasons(offender: Offender) -> list[str]:
    """The reasons to block an offender. They are shown to the person who approves the block."""
    reported = []
    if offender.get("severity"):
        reported.append(f"severity {offender['severity']}")
    reported += [
        f"{offender[counter]:g} {counter}{_rows_without_number(offender, counter)}"
        for counter in COUNTERS
        if counter in offender
    ]
    return reported


def _rank(offender: Offender) -> tuple[t.Any, ...]:
    return (
        severity_rank(offender.get("severity")),
        -offender.get("incidents", 0),
        -offender.get("sessions", 0),
        offender.get("version", 9),
        _numeric(offender["address"]),
        offender.get("role", ""),
    )


def _numeric(address: str) -> tuple[int, str]:
    network = parse_target(address)
    return (int(network.network_address), "") if network is not None else (0, address)
