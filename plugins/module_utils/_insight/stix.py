# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes objects of STIX 2.1 from attackers, as plain dictionaries.

The id of an object is derived from the name of the producer and from the subject of the object, so a repeated export
makes new versions of the same objects. A bundle can be passed to others, so it contains no victims, no serial numbers
and no names of ADOMs.
"""

from __future__ import annotations

import typing as t
import uuid
from datetime import datetime, timedelta, timezone

from .._common.addresses import address_order, objections, parse_target, text_of
from .._common.durations import parse_duration
from .._common.errors import InvalidInput
from .._common.naming import agree
from .._common.validation import plain_text, texts
from .._hunting.policy import LISTS, Offender, Policy, judge, sighted_in
from .._hunting.sightings import COUNTERS, VICTIM
from .._query.ages import moment, written
from .._query.fortianalyzer_clock import zone_of
from .._query.reader import read_results
from .visible import harmless, shortened

# The namespace of this collection. STIX reserves another namespace for cyber-observable objects.
NAMESPACE = uuid.UUID("5b0a4f0e-3c5e-4a55-9e0c-7d2f5c1b8a63")
# All versions of an object have the same creation time, because the time of the first export is not stored.
CREATED = datetime(2020, 1, 1, tzinfo=timezone.utc)
NEVER = "never"
NAME = "FortiView offenders"
# The largest count of a STIX sighting that the standard allows.
MOST_COUNT = 999_999_999
# The longest text that MISP keeps with a STIX sighting.
LONGEST = 255
# The maximum number of reasons in an error, and of threats in a description.
MOST_REASONS, MOST_THREATS = 3, 5
Object = dict[str, t.Any]
Span = tuple[t.Optional[datetime], t.Optional[datetime]]


class Export(t.NamedTuple):
    """`until` is None for an indicator that stays valid. `seen` is the start and the end of the window of all STIX sightings. Both can be None."""

    identity: str
    now: datetime
    valid_from: datetime
    until: t.Optional[datetime]
    seen: Span = (None, None)
    name: str = NAME
    marking: t.Optional[str] = None


def export_of(value: object, options: t.Mapping[str, t.Any], now: datetime, marking: t.Optional[str] = None) -> Export:
    """Reads the options of the filter. The defaults of `valid_from`, `first_seen` and `last_seen` come from the results
    in `value`. Raises InvalidInput."""
    answered, window = _reported_by(value)
    since = _time("valid_from", options.get("valid_from")) or answered or now
    seen = (_time("first_seen", options.get("first_seen")), _time("last_seen", options.get("last_seen")))
    seen = (seen[0] or window[0], seen[1] or window[1])
    if seen[0] and seen[1] and seen[0] > seen[1]:
        raise InvalidInput(f"last_seen ({written(seen[1])}) must not be before first_seen ({written(seen[0])})")
    return Export(
        identity=_name(
            "identity", options.get("identity"), "set it to the name of the organization that publishes the bundle"
        ),
        now=now,
        valid_from=since,
        until=_until(options.get("valid_until"), since),
        seen=seen,
        name=_name("name", options.get("name") or NAME, "set it to the name of the grouping"),
        marking=marking,
    )


def _name(option: str, value: object, meaning: str) -> str:
    found = plain_text(option, "" if value is None else value).strip()
    if not found:
        raise InvalidInput(f"{option} is missing: {meaning}")
    return found


def _time(option: str, value: object) -> t.Optional[datetime]:
    if value in (None, ""):
        return None
    found = moment(value)
    if found is None:
        raise InvalidInput(
            f"{option} must be a time with its time zone, such as 2026-03-01T10:00:00Z, not {str(value)[:40]!r}"
        )
    return found


def _until(value: object, since: datetime) -> t.Optional[datetime]:
    if str(value).strip().lower() == NEVER:
        return None
    found = moment(value)
    if found is None:
        found = since + timedelta(seconds=parse_duration("valid_until", "7d" if value in (None, "") else value))
    if found <= since:
        raise InvalidInput(f"valid_until ({written(found)}) must be after valid_from ({written(since)})")
    return found


def _reported_by(value: object) -> tuple[t.Optional[datetime], Span]:
    """The earliest reply time of the results, and the window that all results cover together. A value is None if a
    result does not contain it."""
    if _is_text(value):
        return None, (None, None)
    results = [part.result for part in read_results(value, "to_stix", True, LISTS).parts]
    if not results or None in results:
        return None, (None, None)
    reported = [one for one in results if one is not None]
    spans = [_span(one.get("time_range")) for one in reported]
    return (
        _of_all(min, [moment(one.get("replied_at")) for one in reported]),
        (_of_all(min, [start for start, dummy in spans]), _of_all(max, [end for dummy, end in spans])),
    )


def _of_all(
    pick: t.Callable[[t.Iterable[datetime]], datetime], moments: t.Sequence[t.Optional[datetime]]
) -> t.Optional[datetime]:
    """The earliest or latest time. None if one of the times is not known."""
    known = [one for one in moments if one is not None]
    return pick(known) if len(known) == len(moments) else None


def _span(asked: object) -> Span:
    if not isinstance(asked, t.Mapping):
        return None, None
    zone = zone_of(asked.get("timezone"))

    def instant(text: object) -> t.Optional[datetime]:
        found = moment(text)
        if found is not None or zone is None:
            return found
        try:
            return datetime.fromisoformat(str(text)).replace(tzinfo=zone).astimezone(timezone.utc)
        except ValueError:
            return None

    return instant(asked.get("start")), instant(asked.get("end"))


def _is_text(value: object) -> bool:
    """Whether the input consists of addresses without further data."""
    return isinstance(value, str) or (
        isinstance(value, (list, tuple)) and bool(value) and all(isinstance(one, str) for one in value)
    )


def attackers_in(value: object, partial: bool = False, allow_private: bool = False) -> list[Offender]:
    """Attackers sorted by address. Attackers from a list of addresses have no further data. Raises InvalidInput.

    Each address in a list must be suitable for an indicator. From results, addresses that are not attackers are
    omitted, as in the filter offenders. Results without attackers are an error, unless all their addresses are victims.
    """
    if _is_text(value):
        return [{"address": address} for address in _addresses(value, allow_private)]
    sighted = sighted_in(value, partial=partial, what="to_stix")
    judged = judge(sighted.sightings, Policy(allow_private=allow_private))
    refused = [one for one in judged["refused"] if one.get("role") != VICTIM]
    if refused and not judged["offenders"]:
        why = [f"{harmless(str(one['address']))}: {', '.join(one['reasons'])}" for one in refused[:MOST_REASONS]]
        raise InvalidInput(
            f"{agree(len(judged['refused']), 'this address is not', 'none of these addresses is')} an offender. {'; '.join(why)}."
            " Select offenders with the filter secops.fortiview.offenders, or give a list of addresses."
        )
    return sorted(judged["offenders"], key=lambda one: address_order(one["address"]))


def _addresses(value: object, allow_private: bool) -> list[str]:
    found = set()
    for text in texts("addresses", value, blanks=True):
        target = parse_target(text)
        why = ["not an address"] if target is None else objections(target, (), allow_private, False)
        if target is None or why:
            raise InvalidInput(
                f"{harmless(text)[:60]!r} cannot be an indicator: {', '.join(why)}. Remove it from the addresses."
            )
        found.add(text_of(target))
    return sorted(found, key=address_order)


def objects_of(attackers: t.Sequence[Offender], export: Export) -> list[Object]:
    """The identity, an indicator for each attacker, and a grouping. An attacker with threats, a severity or counters also has a STIX sighting and a note."""
    owner = _Owner(export)
    found = []
    for attacker in attackers:
        indicator = owner.indicator(attacker)
        found.append(indicator)
        if _is_sighted(attacker):
            found += [owner.sighting(attacker, indicator["id"]), owner.note(attacker, indicator["id"])]
    return [owner.identity, *found, *([owner.grouping([one["id"] for one in found])] if found else [])]


def _is_sighted(attacker: Offender) -> bool:
    return bool(attacker.get("threats") or attacker.get("severity") or any(one in attacker for one in COUNTERS))


class _Owner:
    """Makes the objects of one producer."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._window = [written(one) if one else "" for one in export.seen]
        own = _id("identity", NAMESPACE, export.identity)
        self._space = uuid.UUID(own.partition("--")[2])
        # The content of the identity never changes, so the identity has only one version.
        self.identity = {
            **_common("identity", own, CREATED),
            "created_by_ref": own,
            "name": harmless(export.identity),
            "identity_class": "organization",
        }

    def indicator(self, attacker: Offender) -> Object:
        address, until = attacker["address"], self._export.until
        kind = "ipv6-addr" if ":" in address else "ipv4-addr"
        return {
            **self._versioned("indicator", address),
            "name": address,
            "description": _described(attacker) or "Address of an attacker",
            "indicator_types": ["malicious-activity"],
            "pattern": f"[{kind}:value = '{address}']",
            "pattern_type": "stix",
            "valid_from": written(self._export.valid_from),
            **({"valid_until": written(until)} if until else {}),
        }

    def sighting(self, attacker: Offender, indicator: str) -> Object:
        """A STIX sighting for one window, so that exports of two days make two STIX sightings. MISP shows the
        description, and refuses a STIX sighting without where_sighted_refs."""
        first, last = self._window
        incidents = attacker.get("incidents")
        counted = isinstance(incidents, int) and 0 <= incidents <= MOST_COUNT
        return {
            **self._versioned("sighting", f"{attacker['address']} {first} {last}"),
            "description": _described(attacker),
            **({"first_seen": first} if first else {}),
            **({"last_seen": last} if last else {}),
            **({"count": incidents} if counted else {}),
            "sighting_of_ref": indicator,
            "where_sighted_refs": [self.identity["id"]],
            "summary": True,
        }

    def note(self, attacker: Offender, indicator: str) -> Object:
        """A note with the latest counters. An extension is not used, because importers drop unknown extensions, and some TAXII servers fail on a
        collection with an extension definition. The note is about one object, because MISP otherwise does not keep the id of the note."""
        first, last = self._window
        reported = [
            ("first_seen", first),
            ("last_seen", last),
            *((key, attacker.get(key)) for key in ("severity", *COUNTERS)),
        ]
        lines = [f"{key}: {value}" for key, value in reported if value not in (None, "")]
        lines += [f"threat: {harmless(str(threat))}" for threat in attacker.get("threats") or []]
        return {
            **self._versioned("note", attacker["address"]),
            "abstract": f"FortiView counters of {attacker['address']}",
            "content": "\n".join(lines),
            "object_refs": [indicator],
        }

    def grouping(self, refs: t.Sequence[str]) -> Object:
        return {
            **self._versioned("grouping", self._export.name),
            "name": harmless(self._export.name),
            "context": "suspicious-activity",
            "object_refs": list(refs),
        }

    def _versioned(self, kind: str, about: str) -> Object:
        marked = {"object_marking_refs": [self._export.marking]} if self._export.marking else {}
        common = _common(kind, _id(kind, self._space, about), self._export.now)
        return {**common, "created_by_ref": self.identity["id"], **marked}


def _described(attacker: Offender) -> str:
    threats = [harmless(str(threat)) for threat in attacker.get("threats") or []]
    more = [f"and {len(threats) - MOST_THREATS} more"] if len(threats) > MOST_THREATS else []
    named = ["threats: " + ", ".join([*threats[:MOST_THREATS], *more])] if threats else []
    return shortened("; ".join([*filter(None, [", ".join(attacker.get("reasons") or [])]), *named]), LONGEST)


def _common(kind: str, own: str, modified: datetime) -> Object:
    stamp = modified.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"type": kind, "spec_version": "2.1", "id": own, "created": written(CREATED), "modified": stamp}


def _id(kind: str, space: uuid.UUID, about: str) -> str:
    # Objects of different types must not have the same UUID.
    return f"{kind}--{uuid.uuid5(space, f'{kind}:{about}')}"


def bundle_id(export: Export) -> str:
    return _id("bundle", NAMESPACE, f"{export.identity}\n{export.name}")
