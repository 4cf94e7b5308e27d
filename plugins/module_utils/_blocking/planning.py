# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans the steps for each target from the current entries of a place.

This module sends no requests. A second plan after the writes must not change anything.
"""

from __future__ import annotations

import typing as t

from .._common.clock_text import time_text
from .._common.naming import agree
from .methods.ban import Ban, is_short, spans
from .methods.base import Entry, Method, Reading, Wish, Writes
from .methods.marks import comment_of, name_of
from .ownership import Known, ends_soon
from .registry.records import Pardon
from .targets import Target

ADD, EXTEND, KEEP, ENGINE, PARDONED = "add", "extend", "keep", "banned by the FortiGate", "pardoned"
NOT_SEEN = "not seen"
REMOVE, ABSENT, REFUSE, ADOPT = "remove", "absent", "refuse", "adopt"
# The address is not blocked in this place, but another place or a policy blocks it.
ELSEWHERE = "blocked elsewhere"
BAN = Ban.name


class Step(t.NamedTuple):
    """The action for one address in one VDOM. `expires_at` is the end of the block, None if the block is permanent or
    its end is not known. `proof` names how it was proven that the block is in force. `policy` is the number of the
    policy that denies. `method` is the blocking method."""

    action: str
    address: str
    vdom: str
    target: Target
    ttl: int = 0
    expires_at: t.Optional[float] = None
    why: str = ""
    before: t.Optional[Entry] = None
    proof: str = ""
    policy: t.Optional[int] = None
    method: str = ""

    def as_dict(self) -> dict[str, t.Any]:
        return {
            **self.target.as_dict(),
            "address": self.address,
            "vdom": self.vdom,
            "action": self.action,
            "ttl": self.ttl,
            "expires": None if self.expires_at is None else time_text(self.expires_at),
            "why": self.why,
            "proof": self.proof,
            "policy": self.policy,
        }


class List(t.NamedTuple):
    """The current state of one place. `reading` has its entries, `known` our blocks by address, and `pardons` the
    addresses that a person has unblocked and hunts must not block yet."""

    vdom: str
    reading: Reading
    known: dict[str, Known]
    pardons: dict[str, Pardon]


def plan_present(
    method: Method,
    listed: List,
    targets: t.Iterable[Target],
    default_ttl: int,
    now: float,
    left_out: t.Optional[t.Mapping[str, str]] = None,
) -> list[Step]:
    """The steps to block the targets in this place. `left_out` has, by address, the reasons why targets are neither
    blocked nor extended on this FortiGate."""
    why = left_out or {}
    return [_present(method, listed, target, default_ttl, now, why.get(target.address, "")) for target in targets]


def _present(method: Method, listed: List, target: Target, default_ttl: int, now: float, left_out: str) -> Step:
    address, ttl = target.address, default_ttl if target.ttl is None else target.ttl
    entry, known = listed.reading.entries.get(address), listed.known.get(address)
    ends = now + ttl if ttl else None
    step = Step(
        action=ADD,
        address=address,
        vdom=listed.vdom,
        target=target,
        ttl=ttl,
        expires_at=ends,
        before=entry,
        method=method.name,
    )
    if entry is None or not entry.active:
        return _new(step, listed.pardons.get(address), left_out)
    return _standing(step, entry, known, method, now, left_out)


def _new(step: Step, pardon: t.Optional[Pardon], left_out: str) -> Step:
    """The step for an address without an active entry."""
    if left_out:
        return step._replace(action=NOT_SEEN, ttl=0, expires_at=None, why=left_out)
    if pardon is not None and step.target.hunted:
        said = (
            f"{pardon.by} unblocked it at {minute(pardon.given_at)}, so a hunt can block it again only after "
            f"{minute(pardon.until)}, but a person can block it now"
        )
        return step._replace(action=PARDONED, ttl=0, expires_at=None, why=said)
    return step


def _standing(step: Step, entry: Entry, known: t.Optional[Known], method: Method, now: float, left_out: str) -> Step:
    """The step for an address with an active entry."""
    if entry.engine:
        return step._replace(
            action=ENGINE,
            ttl=0,
            expires_at=entry.expires_at,
            why=f"banned by {entry.engine} {_until(entry)}, and this ban is not changed",
        )
    if method.ends_by_itself:
        short = _ban_is_short(entry, known, step.ttl, now)
        stands = known.expires_at if known else entry.expires_at
    else:
        short = known is not None and ends_soon(known.expires_at, step.ttl, now)
        stands = known.expires_at if known else None
    if short and not left_out:
        return step._replace(action=EXTEND)
    why = "" if known else "the existing entry is not in the registry" if not method.ends_by_itself else ""
    why = "; ".join(filter(None, (why, f"{left_out}, so the block is not extended here" if short else "")))
    return step._replace(action=KEEP, expires_at=stands, why=why)


def minute(seconds: float) -> str:
    """A time as text without seconds, because seconds would make equal steps of several FortiGates different."""
    return f"{time_text(seconds)[:16]}Z"


def _ban_is_short(entry: Entry, known: t.Optional[Known], ttl: int, now: float) -> bool:
    """Whether a ban ends too soon. The end of our ban is known from the registry. The end of any other ban is
    measured by the clock of the FortiGate, which may be wrong by hours."""
    if known and known.claims and ttl and entry.created_at is not None and spans(entry, known.claims[-1].ttl):
        return known.claims[-1].ttl <= ttl and ends_soon(known.expires_at, ttl, now)
    return is_short(entry, ttl, now)


def _until(entry: Entry) -> str:
    return (
        "permanently" if entry.expires_at is None else f"until {time_text(entry.expires_at)} (clock of the FortiGate)"
    )


def early_ends(steps: t.Iterable[Step], now: float) -> list[str]:
    """Notices about bans that are not changed and end much earlier than requested."""
    return [
        f"{one.address} is banned {f'by {one.before.engine} ' if one.before.engine else ''}in VDOM {one.vdom} "
        f"{_until(one.before)}, which is before the end of the requested duration: run the playbook again after the ban has expired"
        for one in steps
        if one.method == BAN and one.action in (KEEP, ENGINE) and one.before is not None and _ends_early(one, now)
    ]


def _ends_early(step: Step, now: float) -> bool:
    wanted = step.target.ttl if step.target.ttl is not None else step.ttl
    ends = step.expires_at
    return ends is not None and (not wanted or ends < now + wanted / 2)


def writes_of(method: Method, steps: t.Sequence[Step], run_id: str) -> Writes:
    """The changes to send. Only bans and address objects contain the end of the block. For the other methods, an
    extension is only recorded in the registry."""
    carries_time = method.ends_by_itself or method.name == "addrgrp"
    return Writes(
        tuple(_wish(one, run_id) for one in steps if one.action == ADD),
        tuple(_wish(one, run_id) for one in steps if one.action == EXTEND and carries_time),
        tuple(one.address for one in steps if one.action == REMOVE),
    )


def _wish(step: Step, run_id: str) -> Wish:
    expires = "" if step.expires_at is None else time_text(step.expires_at)
    target = step.target
    evidence = ", ".join(target.threats or target.reasons)
    return Wish(step.address, step.ttl, comment_of(run_id, expires, evidence, target.ticket, target.approver))


class Limits(t.NamedTuple):
    """`drifts` means that a FortiManager would revert the change, and that the options do not permit such changes."""

    max_active: int = 1000
    drifts: bool = False


def verdicts(listed: List, steps: t.Sequence[Step], limits: Limits) -> t.Iterator[str]:
    """The reasons why this plan must not be executed. Entries of others do not count towards `max_active`."""
    where = f"VDOM {listed.vdom}" if listed.vdom else "the file"
    added = [one for one in steps if one.action == ADD]
    ours = sum(1 for address in listed.reading.active if address in listed.known)
    if added and ours + len(added) > limits.max_active:
        yield (
            f"the number of our blocks in {where} would rise from {ours} to {ours + len(added)}, but fortigate_block_max_active "
            f"permits {limits.max_active}: remove blocks, or raise fortigate_block_max_active"
        )
    taken = sorted(name_of(one.address) for one in added if name_of(one.address) in listed.reading.taken)
    if taken:
        have = agree(len(taken), "another object already has the name", "other objects already have the names")
        yield f"{have} {', '.join(taken)} in {where}: rename {agree(len(taken), 'this object', 'these objects')}"
    if added and limits.drifts:
        yield (
            "a FortiManager manages the FortiGate, and its next install would revert the changes: set "
            "fortigate_block_allow_fmg_drift to permit the changes"
        )
