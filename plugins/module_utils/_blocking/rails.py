# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guardrails: which of the wanted targets may be blocked.

Pure: what has to be read from devices is handed in as `protected`. Nothing is dropped in silence: a target is accepted or
refused with its reasons, and a run that must not go on has a verdict.
"""

from __future__ import annotations

import typing as t

from .._common.addresses import PRIVATE, Network, objections, overlapping, parse_never, parse_target, text_of
from .._common.errors import InvalidInput
from .._common.sides import BOTH, DESTINATION, SOURCE
from .._common.validation import count, entries, flag, texts

# Seconds of a block.
SHORTEST_LIFE, LONGEST_LIFE = 60, 604800
# More refusals than this share mean that whoever made the list did not know what it holds.
TOLERATED_PERCENT = 20
ON_PROTECTED = ("fail", "skip")
UNSUITED = (
    "it was contacted, and a ban stops only what a source sends; feed_push, feed_file and addrgrp stop what goes to it"
)
HALF_SUITED = (
    "{} was also contacted, and a ban stops only what it sends; feed_push, feed_file and addrgrp stop what goes to it"
)

_PRIVATE = set(parse_never(PRIVATE))


class Rails(t.NamedTuple):
    """`protected` are networks with the reason for each. `lifting` removes blocks, which protected addresses need as well.
    `source_only` is a way of blocking that lets pass what goes to an address."""

    never: tuple[Network, ...] = ()
    protected: tuple[tuple[Network, str], ...] = ()
    allow_private: bool = False
    allow_networks: bool = False
    allow_permanent: bool = False
    max_per_run: int = 50
    ttl: int = 3600
    on_protected: str = "fail"
    lifting: bool = False
    source_only: bool = False


class Target(t.NamedTuple):
    """One wish. `said` is the address as it came; seconds of life are None where the wish does not say. One without a side is
    taken for a source."""

    said: object
    reason: str = ""
    evidence: str = ""
    ttl: t.Optional[int] = None
    objection: t.Optional[str] = None
    side: str = ""


def parse_rails(options: t.Mapping[str, t.Any]) -> Rails:
    """Read the options of the filter. Raises InvalidInput."""
    on_protected = str(options.get("on_protected", "fail"))
    if on_protected not in ON_PROTECTED:
        raise InvalidInput(f"on_protected must be one of {', '.join(ON_PROTECTED)}, not {on_protected!r}")
    allow_private = flag("allow_private", options.get("allow_private"))
    allow_permanent = flag("allow_permanent", options.get("allow_permanent"))
    never, extra = (parse_never(texts(name, options.get(name), blanks=True)) for name in ("never", "never_extra"))
    return Rails(
        # The private ranges stand in the default never-list; allow_private is what takes them out of it again, but never out of
        # what the customer has added.
        (*(network for network in never if not (allow_private and network in _PRIVATE)), *extra),
        tuple(_protected(entries("protected", options.get("protected")))),
        allow_private,
        flag("allow_networks", options.get("allow_networks")),
        allow_permanent,
        count("max_per_run", options.get("max_per_run", 50), 1),
        _ttl(options.get("ttl", 3600), allow_permanent),
        on_protected,
        flag("lifting", options.get("lifting")),
        flag("source_only", options.get("source_only")),
    )


def _ttl(value: object, allow_permanent: bool) -> int:
    seconds = count("ttl", value, 0)
    if seconds == 0 and not allow_permanent:
        raise InvalidInput("ttl 0 blocks for ever, which needs allow_permanent")
    if seconds != 0 and not SHORTEST_LIFE <= seconds <= LONGEST_LIFE:
        raise InvalidInput(f"ttl must be between {SHORTEST_LIFE} and {LONGEST_LIFE} seconds, not {seconds}")
    return seconds


def _protected(entries: t.Iterable[object]) -> t.Iterator[tuple[Network, str]]:
    for entry in entries:
        told = entry if isinstance(entry, t.Mapping) else {"address": entry}
        for network in parse_never([told.get("address")]):
            yield network, str(told.get("why") or "infrastructure")


def plan(wanted: object, rails: Rails) -> dict[str, t.Any]:
    """`accepted` and `refused`, `calls` (addresses by ttl), `never` for whoever judges again, `notices` and the `verdict`.

    The verdict is empty where the run may go on, else it says why not. Raises InvalidInput for what cannot be a list of targets.
    """
    accepted: dict[Network, dict[str, t.Any]] = {}
    refused: dict[str, dict[str, t.Any]] = {}
    for target in targets_in(wanted, rails):
        network = parse_target(target.said)
        reasons = _objections(target, network, rails)
        if reasons or network is None:
            said = text_of(network) if network is not None else str(target.said)
            entry = refused.setdefault(said, _entry(said, target, None))
            entry["reasons"] = sorted({*entry.get("reasons", []), *reasons})
        else:
            entry = _entry(text_of(network), target, rails.ttl)
            accepted[network] = _merged(accepted[network], entry) if network in accepted else entry
    # Named twice, once in a way that is refused: the refusal counts.
    kept = [accepted[network] for network in sorted(accepted, key=_order) if text_of(network) not in refused]
    turned_down = [refused[said] for said in sorted(refused)]
    unsuited = [one for one in kept if rails.source_only and one.get("side") == DESTINATION]
    ordered = [one for one in kept if one not in unsuited]
    return {
        "accepted": ordered,
        "refused": turned_down + [_unsuited(one) for one in unsuited],
        "calls": _calls(ordered),
        "never": sorted(
            {text_of(network) for network in rails.never} | {text_of(one) for one, _why in rails.protected}
        ),
        "notices": [HALF_SUITED.format(one["ip"]) for one in ordered if rails.source_only and one.get("side") == BOTH],
        "verdict": "; ".join(_verdicts(ordered, turned_down, unsuited, rails)),
    }


def targets_in(wanted: object, rails: Rails) -> list[Target]:
    """Addresses, {ip, reason, evidence, ttl, side}, offenders, the whole answer of the filter offenders, or text with addresses."""
    if isinstance(wanted, t.Mapping):
        wanted = wanted.get("offenders", [wanted])
    if isinstance(wanted, str):
        wanted = entries("targets", wanted, blanks=True)
    if not isinstance(wanted, (list, tuple)):
        raise InvalidInput("targets must be a list of addresses, of {ip, reason, evidence, ttl, side}, or of offenders")
    return [_target(one, rails) for one in wanted]


def _target(one: object, rails: Rails) -> Target:
    if not isinstance(one, t.Mapping):
        return Target(one)
    said = one.get("ip", one.get("address"))
    objection = None
    if one.get("refused") and not rails.lifting:
        objection = "it was refused before"
    elif "ip" in one and "address" in one and parse_target(one["ip"]) != parse_target(one["address"]):
        objection = "ip and address are not the same"
    elif one.get("role") == "victim" and not rails.lifting:
        # The victims of an attack stand in the same list as its sources.
        objection = "it is a victim, not an offender; name its address alone to block it all the same"
    ttl = one.get("ttl")
    return Target(
        said,
        _text(one.get("reason")) or _text(one.get("reasons")),
        _text(one.get("evidence")) or _text(one.get("threats")),
        None if ttl is None or ttl == "" else _ttl(ttl, rails.allow_permanent),
        objection,
        "" if rails.lifting else _side(one.get("side")),
    )


def _side(value: object) -> str:
    if value in (None, ""):
        return ""
    if value not in (SOURCE, DESTINATION, BOTH):
        raise InvalidInput(f"side must be {SOURCE}, {DESTINATION} or {BOTH}, not {str(value)[:40]!r}")
    return str(value)


def _text(value: object) -> str:
    """As it came, only in one piece: whoever displays or stores it cleans it for that place."""
    if value is None:
        return ""
    return ", ".join(str(one) for one in value) if isinstance(value, (list, tuple)) else str(value)


def _objections(target: Target, network: t.Optional[Network], rails: Rails) -> list[str]:
    """Why this is not blocked: it is no address; otherwise every reason that applies."""
    if network is None:
        return ["no address: host names, ranges, zones, leading zeros and networks with host bits are not taken"]
    reasons = [target.objection] if target.objection else []
    if rails.lifting:
        return reasons
    reasons += objections(network, rails.never, rails.allow_private, rails.allow_networks)
    for protected, said in rails.protected:
        if overlapping(network, [protected]) is not None:
            reasons.append(f"protected: {said} ({text_of(protected)})")
    return reasons


def _entry(ip: str, target: Target, default_ttl: t.Optional[int]) -> dict[str, t.Any]:
    entry: dict[str, t.Any] = {"ip": ip, "reason": target.reason, "evidence": target.evidence}
    if default_ttl is not None:
        entry["ttl"] = default_ttl if target.ttl is None else target.ttl
        if target.side:
            entry["side"] = target.side
    return entry


def _unsuited(entry: dict[str, t.Any]) -> dict[str, t.Any]:
    """As a refusal. It has nothing to do with who is protected, and its source is no worse for it."""
    return {"ip": entry["ip"], "reason": entry["reason"], "evidence": entry["evidence"], "reasons": [UNSUITED]}


def _merged(one: dict[str, t.Any], other: dict[str, t.Any]) -> dict[str, t.Any]:
    """The same address twice: the longer life, and what both of them say."""
    texts = {
        key: one[key] if other[key] in ("", one[key]) else f"{one[key]}; {other[key]}" if one[key] else other[key]
        for key in ("reason", "evidence")
    }
    ttl = 0 if 0 in (one["ttl"], other["ttl"]) else max(one["ttl"], other["ttl"])
    merged = {"ip": one["ip"], **texts, "ttl": ttl}
    sides = {entry.get("side", "") for entry in (one, other)}
    if len(sides) == 1 and "" not in sides:
        merged["side"] = sides.pop()
    elif sides & {DESTINATION, BOTH}:
        merged["side"] = BOTH
    return merged


def _order(network: Network) -> tuple[int, int, int]:
    return (network.version, int(network.network_address), network.prefixlen)


def _calls(accepted: t.Iterable[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """One for each ttl, which usually is one."""
    by_ttl: dict[int, list[str]] = {}
    for entry in accepted:
        by_ttl.setdefault(entry["ttl"], []).append(entry["ip"])
    return [{"ttl": ttl, "addresses": by_ttl[ttl]} for ttl in sorted(by_ttl)]


def _verdicts(
    accepted: t.Sequence[t.Any], refused: t.Sequence[dict[str, t.Any]], unsuited: t.Sequence[t.Any], rails: Rails
) -> t.Iterator[str]:
    before, after = len(accepted) + len(refused) + len(unsuited), len(accepted)
    if max(before, after) > rails.max_per_run:
        yield f"{before} targets, {after} of them after filtering, and at most {rails.max_per_run} are taken in one run"
    # A usual hunt finds sources and destinations. Where this way of blocking stops none of them, nobody must think that it did.
    if unsuited and not accepted:
        yield f"{', '.join(one['ip'] for one in unsuited[:10])}: {UNSUITED}"
    if 100 * len(refused) > TOLERATED_PERCENT * (before - len(unsuited)):
        yield f"{len(refused)} of {before} targets are refused, more than {TOLERATED_PERCENT} %: their source is wrong"
    if refused and rails.on_protected == "fail":
        shown = [f"{entry['ip'][:60]!r} ({', '.join(entry['reasons'])})" for entry in refused[:10]]
        more = f" and {len(refused) - 10} more" if len(refused) > 10 else ""
        yield f"refused: {', '.join(shown)}{more}"
