# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Determines whether an address is blocked, on which FortiGates, and with which effect. The sources are the audit log and the measured effect of blocks."""

from __future__ import annotations

import typing as t

from .._common.addresses import parse_target
from . import units
from .blocks import STATES
from .effect import NOTHING, STOPPED, THROUGH

# NOT_READ: the report has neither an audit log nor an effect. NOT_KNOWN: the effect contains the address, but no FortiGate that blocks it.
# NO_BLOCK: the audit log and the effect contain no block of the address.
NOT_READ, NOT_KNOWN, NO_BLOCK = "not known: no audit log was read", "not known", "not blocked by us"
NOT_IN_PART = "no block in the lines read"
# The texts of a cell for states without a block.
WORDS = {
    "ended": "block expired",
    "undone": "rolled back",
    "refused": "refused",
    "unblocked": "unblocked",
    "untouched": "not changed",
}

Line = t.Mapping[str, t.Any]
Data = t.Optional[Line]


class BlockState(t.NamedTuple):
    """`text` and `since` are shown to people. `settled` is True only if the address needs no decision. `held` is
    True if the address is blocked in at least one place. `refused` is True if it is blocked in no place, and a guardrail
    refused to block it."""

    text: str
    since: str
    settled: bool
    held: bool = False
    refused: bool = False


class BlockStates:
    """The states of addresses. A block of a network is also a block of each address in it."""

    def __init__(self, blocked: Data, effect: Data, whole: bool = True) -> None:
        """`whole` is False if earlier lines of the audit log are ignored."""
        self.known = blocked is not None or effect is not None
        self._none = NO_BLOCK if whole and not (blocked and blocked.get("unreadable")) else NOT_IN_PART
        self._blocked = _by_address(blocked["addresses"] if blocked else ())
        self._effect = _by_address(effect["rows"] if effect else ())

    def of(self, address: str, devices: t.Sequence[str] = (), contacted: bool = False) -> BlockState:
        """`devices` are the FortiGates that logged the address. `contacted` is True if internal hosts connected to it. A
        ban does not stop such connections."""
        if not self.known:
            return BlockState(text=NOT_READ, since="", settled=False)
        audit, effect = self._blocked.about(address), self._effect.about(address)
        on, failed = (_names(audit, state) for state in ("blocked", "failed"))
        on = on or tuple(dict.fromkeys(name for one in effect for name in one["fortigates"]))
        without = _without_block(devices, audit, contacted)
        proven, through = _is_proven(effect, contacted), any(one["state"] == THROUGH for one in effect)
        pieces = [f"blocked on {', '.join(on)}"] if on else self._not_blocked(audit, effect)
        pieces += _shortfalls(failed, without if on and not proven else [], through)
        covered = bool(on) and bool(devices) and not without and not through
        return BlockState(
            text="; ".join(pieces),
            since=_since(effect),
            settled=not failed and (proven or covered),
            held=bool(on),
            refused=_is_refused(audit, on),
        )

    def _not_blocked(self, audit: t.Sequence[Line], effect: t.Sequence[Line]) -> list[str]:
        states = {one["state"] for one in audit}
        if states:
            return [_word(state, audit) for state in STATES if state in states and state in WORDS]
        return [NOT_KNOWN if effect else self._none]


class _Entries(t.NamedTuple):
    """Entries of single addresses by address, and entries of networks."""

    hosts: dict[str, list[t.Mapping[str, t.Any]]]
    networks: list[tuple[t.Any, t.Mapping[str, t.Any]]]

    def about(self, address: str) -> list[t.Mapping[str, t.Any]]:
        wanted = parse_target(address)
        wide = [
            one
            for network, one in self.networks
            if wanted is not None and network.version == wanted.version and wanted.subnet_of(network)  # type: ignore[arg-type]
        ]
        return [*self.hosts.get(address, ()), *wide]


def _by_address(entries: t.Iterable[t.Mapping[str, t.Any]]) -> _Entries:
    found = _Entries({}, [])
    for one in entries:
        network = parse_target(one["address"])
        if network is not None and network.prefixlen < network.max_prefixlen:
            found.networks.append((network, one))
        else:
            found.hosts.setdefault(str(one["address"]), []).append(one)
    return found


def _names(audit: t.Iterable[t.Mapping[str, t.Any]], state: str) -> tuple[str, ...]:
    names = (name for one in audit if one["state"] == state for name in one["fortigates"] or one["places"])
    return tuple(dict.fromkeys(names))


def _without_block(devices: t.Iterable[str], audit: t.Iterable[t.Mapping[str, t.Any]], contacted: bool) -> list[str]:
    held = {name for one in audit if _stops(one, contacted) for name in one["serials"]}
    return [device for device in devices if device not in held]


def _shortfalls(failed: t.Sequence[str], without: t.Sequence[str], through: bool) -> t.Iterator[str]:
    """Yields texts about failed blocks, FortiGates without the block, and traffic that gets through."""
    if failed:
        yield f"failed on {', '.join(failed)}"
    if without:
        yield f"not on {', '.join(without)}"
    if through:
        yield "gets through"


def _is_refused(audit: t.Iterable[t.Mapping[str, t.Any]], on: t.Sequence[str]) -> bool:
    return not on and any(one["state"] == "refused" for one in audit)


def _is_proven(effect: t.Sequence[t.Mapping[str, t.Any]], contacted: bool) -> bool:
    """Whether FortiView shows that the address is stopped, or has no incidents. For an address with bans only, FortiView was queried
    for sources only. This proves nothing about a contacted address."""
    asked = not contacted or any(one["methods"] != ["ban"] for one in effect)
    return asked and bool(effect) and {one["state"] for one in effect} <= {STOPPED, NOTHING}


def _stops(one: t.Mapping[str, t.Any], contacted: bool) -> bool:
    return one["state"] == "blocked" and not (contacted and one["methods"] == ["ban"])


def _word(state: str, audit: t.Sequence[t.Mapping[str, t.Any]]) -> str:
    why = (
        next((one["why"] for one in audit if one["state"] == state and one.get("why")), "")
        if state == "refused"
        else ""
    )
    return f"{WORDS[state]}: {why}" if why else WORDS[state]


def _since(effect: t.Sequence[t.Mapping[str, t.Any]]) -> str:
    """The blocked and detected incidents in the time range of the effect, as text."""
    said = []
    for key, word in (("blocked", "stopped"), ("detected", "got through")):
        known = [one[key] for one in effect if one[key] is not None]
        if known:
            said.append(f"{units.exact(sum(known))} {word}")
    return ", ".join(said)
