# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads targets in all formats that playbooks, surveys and hunts use."""

from __future__ import annotations

import typing as t

from .._common.addresses import Network, parse_target, text_of
from .._common.durations import duration_text, parse_duration
from .._common.errors import InvalidInput, printable
from .._common.sides import BOTH, DESTINATION, SOURCE
from .._common.validation import entries, texts

# Maximum number of characters of a ticket and of the name of an approver.
LONGEST_NOTE = 100
# The shortest and the longest block, in seconds.
SHORTEST_LIFETIME, LONGEST_LIFETIME = 60, 604800
# Maximum number of victims of an offender in a result.
MOST_SHOWN = 10
FORM = (
    "targets must be a list of addresses, of dictionaries with address, reasons, threats, ttl, side, ticket and approver, "
    "or of offenders"
)


class Target(t.NamedTuple):
    """One target. `said` is the address in the input. `network` is the parsed address or network, None if `said` is not
    an address.

    `ttl` is the requested duration in seconds, None if it was not given. `side` is empty if it was not given. `hunted`
    is true for an offender from a query, and false for an address from a person. `objection` is a reason not to block
    the target that does not depend on its address. `victims` are addresses that the offender attacked. `ticket` and
    `approver` name the ticket and the person that permit the block. `devices` are the devices that have logged the
    target, empty if they are not known.
    """

    said: str
    network: t.Optional[Network] = None
    reasons: tuple[str, ...] = ()
    threats: tuple[str, ...] = ()
    ttl: t.Optional[int] = None
    side: str = ""
    hunted: bool = False
    objection: str = ""
    victims: tuple[str, ...] = ()
    ticket: str = ""
    approver: str = ""
    devices: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return self.said if self.network is None else text_of(self.network)

    def as_dict(self) -> dict[str, t.Any]:
        side = {"side": self.side} if self.side else {}
        victims = {"victims": list(self.victims[:MOST_SHOWN])} if self.victims else {}
        devices = {"devices": list(self.devices)} if self.devices else {}
        return {
            "address": self.address,
            "reasons": list(self.reasons),
            "threats": list(self.threats),
            **side,
            **victims,
            **devices,
            "ticket": self.ticket,
            "approver": self.approver,
        }


def parse_ttl(value: object, allow_permanent: bool) -> int:
    """The duration of a block in seconds; 0 is permanent. Raises InvalidInput."""
    seconds = parse_duration("ttl", value)
    if seconds == 0 and not allow_permanent:
        raise InvalidInput("ttl 0 blocks permanently, which needs allow_permanent=true")
    if seconds != 0 and not SHORTEST_LIFETIME <= seconds <= LONGEST_LIFETIME:
        raise InvalidInput(f"ttl must be between {SHORTEST_LIFETIME} and {LONGEST_LIFETIME} seconds, not {seconds}")
    return seconds


def parse_ladder(value: object, allow_permanent: bool) -> tuple[int, ...]:
    """The durations of the first and each further block of an address. The value is one duration or a list of
    durations, also as text. Raises InvalidInput."""
    steps = tuple(parse_ttl(one, allow_permanent) for one in texts("ttl", value))
    if not steps:
        raise InvalidInput("ttl must contain at least one duration, such as 4h")
    for one, following in zip(steps, steps[1:]):
        if following and (not one or following < one):
            said = f"{duration_text(following)} follows {duration_text(one) if one else 'permanent'}"
            raise InvalidInput(f"each step of ttl must be at least as long as the step before it, but {said}")
    return steps


def parse_note(option: str, value: object) -> str:
    """A ticket or the name of an approver in one line, empty if none was given. Raises InvalidInput."""
    if value is None:
        return ""
    text = " ".join(printable(value).split())
    if isinstance(value, bool) or not isinstance(value, (str, int)) or len(text) > LONGEST_NOTE:
        raise InvalidInput(f"{option} must be text of at most {LONGEST_NOTE} characters, not {printable(value, 40)!r}")
    return text


def parse_targets(wanted: object, allow_permanent: bool = False) -> list[Target]:
    """Read the targets from addresses, {address, reasons, threats, ttl, side, ticket, approver}, offenders, the whole
    result of the filter offenders, or text with addresses.

    `ip`, `reason` and `evidence` are aliases of `address`, `reasons` and `threats`. Raises InvalidInput for a value
    that cannot be a list of targets.
    """
    if isinstance(wanted, t.Mapping):
        wanted = wanted.get("offenders", [wanted])
    if isinstance(wanted, str):
        wanted = entries("targets", wanted, blanks=True)
    if not isinstance(wanted, (list, tuple)):
        raise InvalidInput(FORM)
    return [_target(one, allow_permanent) for one in wanted]


def _target(one: object, allow_permanent: bool) -> Target:
    if not isinstance(one, t.Mapping):
        return Target(str(one), parse_target(one))
    said, ttl = one.get("address", one.get("ip")), one.get("ttl")
    objection = ""
    if one.get("refused"):
        objection = "it was already refused"
    elif "ip" in one and "address" in one and parse_target(one["ip"]) != parse_target(one["address"]):
        objection = "its fields ip and address differ"
    elif one.get("role") == "victim":
        # The result of a hunt can list the victims of an attack together with its sources.
        objection = "it is a victim, not an offender: to block it nevertheless, give only its address"
    return Target(
        said=str(said),
        network=parse_target(said),
        reasons=_texts(one, "reasons", "reason"),
        threats=_texts(one, "threats", "evidence"),
        ttl=None if ttl is None or ttl == "" else parse_ttl(ttl, allow_permanent),
        side=_side(one.get("side")),
        hunted="role" in one,
        objection=objection,
        victims=tuple(text for text in _texts(one, "victims") if parse_target(text) is not None),
        ticket=parse_note("ticket", one.get("ticket")),
        approver=parse_note("approver", one.get("approver")),
        devices=_texts(one, "devices"),
    )


def _side(value: object) -> str:
    if value in (None, ""):
        return ""
    if value not in (SOURCE, DESTINATION, BOTH):
        raise InvalidInput(f"side must be {SOURCE}, {DESTINATION} or {BOTH}, not {str(value)[:40]!r}")
    return str(value)


def _texts(one: t.Mapping[str, t.Any], *keys: str) -> tuple[str, ...]:
    value = next((one[key] for key in keys if one.get(key)), ())
    found = value if isinstance(value, (list, tuple)) else [value]
    return tuple(str(text) for text in found if text not in (None, ""))


def merged(one: Target, other: Target, ttl: int) -> Target:
    """Merge two targets with the same address. The result has the longer duration and the details of both targets.
    `ttl` is the duration of a target without its own duration."""
    times = [ttl if each.ttl is None else each.ttl for each in (one, other)]
    sides = {one.side, other.side}
    side = one.side if len(sides) == 1 else BOTH if sides & {DESTINATION, BOTH} else ""
    return one._replace(
        reasons=tuple(dict.fromkeys((*one.reasons, *other.reasons))),
        threats=tuple(dict.fromkeys((*one.threats, *other.threats))),
        ttl=0 if 0 in times else max(times),
        side=side,
        # A target from a person has precedence over a target from a hunt.
        hunted=one.hunted and other.hunted,
        objection=one.objection or other.objection,
        victims=tuple(dict.fromkeys((*one.victims, *other.victims))),
        ticket=_both(one.ticket, other.ticket),
        approver=_both(one.approver, other.approver),
        # If the devices of one target are not known, the devices of the merged target are not known either.
        devices=tuple(dict.fromkeys((*one.devices, *other.devices))) if one.devices and other.devices else (),
    )


def _both(one: str, other: str) -> str:
    return ", ".join(dict.fromkeys(filter(None, (one, other))))
