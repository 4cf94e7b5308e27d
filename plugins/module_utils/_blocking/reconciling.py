# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the blocks of one FortiGate equal to the registry. Expired blocks are removed, and missing blocks are written
again by `operation.block`.

An address object with a mark and without a claim gets a claim. If its block has ended according to the registry, for
example because an old configuration was restored, the object is removed.
"""

from __future__ import annotations

import math
import typing as t

from .._common.addresses import parse_target
from .._common.errors import FortiViewError
from .._common.naming import agree
from .context import UNSETTLED, Context, Look
from .guardrails import Rules, judge
from .methods.base import Entry
from .operation import Data, block
from .options import EVERYWHERE, Options
from .ownership import is_over
from .planning import ABSENT, ADD, ADOPT, KEEP, REMOVE, Step
from .protection import known_to_registry
from .registry.records import UNKNOWN_USER, Claim, Place
from .removal import Removal, over
from .shared_infrastructure import shared_networks
from .targets import SHORTEST_LIFETIME, Target

RESTORE = "restore"
MISSING = "it was missing"
FROM_MARK = "adopted from the comment of its address object"
# Outcomes of blocks that must not exist any more, although a restored configuration can contain them. The outcome
# `lost` is not one of them, because it only means that a block was not found.
ENDED = ("removed", "expired", "rolled_back", "refused")


class NotReconciled(FortiViewError):
    """The blocks differ from the registry or could not all be checked, or a protected address is blocked."""

    kind = "not_reconciled"


def reconcile(options: Options, context: Context, dry_run: bool) -> Data:
    """Make the blocks equal to the registry. A failure in one place does not stop the work in other places. Failures
    are raised at the end as one FortiViewError with the `outcome`."""
    only_plans = dry_run or options.plan
    # A file may lose most of its lines, because only blocks that have expired according to the registry are removed.
    tidying = _Tidying(options._replace(allow_shrink=True), context, only_plans)
    data, problems = tidying.run(), tidying.problems
    problems += _protected(tidying.looks, options, context)
    restored = [
        _restore(wanted, options, context, dry_run, problems) for wanted in _missing(tidying.looks, tidying.now)
    ]
    data = _joined(data, [one for one in restored if one], problems if only_plans else [])
    data["plan"] = options.plan
    data["pending"] = tidying.has_work or bool(problems) or any(one.get("pending") for one in restored)
    if problems and not only_plans:
        error = NotReconciled("; ".join(problems), host=options.host or None)
        error.outcome = data
        raise error
    return data


class _Tidying(Removal):
    """Removes expired blocks and ended blocks that exist again, and adopts blocks that only have a mark. Guardrails are
    not needed, because no address is blocked."""

    def __init__(self, options: Options, context: Context, dry_run: bool) -> None:
        super().__init__(options, context, dry_run, self._unwanted, "expired")

    @property
    def has_work(self) -> bool:
        return super().has_work or any(self._unclaimed(one) for one in self.looks)

    def _unwanted(self, one: Look, options: Options, now: float) -> list[Step]:
        returned = [self._returned(one, entry) for entry in self._unclaimed(one)]
        adopted = [
            Step(
                ADOPT, entry.address, one.place.vdom, Target(entry.address), expires_at=entry.expires_at, why=FROM_MARK
            )
            for entry in self._claimable(one)
        ]
        return over(one, options, now) + [step for step in returned if step] + adopted

    def _returned(self, one: Look, entry: Entry) -> t.Optional[Step]:
        """The step that removes an address object whose block has ended or whose address a person has unblocked. None
        for other address objects."""
        outcome = self._context.registry.outcome(one.place, entry.address, entry.run_id)
        pardon = one.listed.pardons.get(entry.address)
        if outcome not in ENDED and pardon is None:
            return None
        why = (
            f"its block by run {entry.run_id} has ended ({outcome.replace('_', ' ')})"
            if outcome in ENDED
            else f"{pardon.by} unblocked it"
            if pardon
            else ""
        )
        return Step(
            REMOVE,
            entry.address,
            one.place.vdom,
            Target(entry.address),
            before=entry,
            why=f"{why}, but the address object exists again",
        )

    def _unclaimed(self, one: Look) -> list[Entry]:
        """Address objects in the group that have no claim, and whose mark has not expired."""
        now = self._context.now()
        found = one.reading.active.values()
        return [
            entry
            for entry in found
            if entry.run_id and entry.address not in one.standing and not is_over(entry.expires_at, now)
        ]

    def _claimable(self, one: Look) -> list[Entry]:
        return [entry for entry in self._unclaimed(one) if self._returned(one, entry) is None]

    def _settle_registry(self, one: Look, gone: t.Sequence[Step]) -> None:
        super()._settle_registry(one, gone)
        now = self._context.now()
        claims = [
            Claim(
                place=one.place,
                address=entry.address,
                run_id=entry.run_id,
                user=UNKNOWN_USER,
                claimed_at=now,
                expires_at=entry.expires_at,
                ttl=_left(entry.expires_at, now),
                reasons=(FROM_MARK,),
                threats=(),
                state="active",
            )
            for entry in self._claimable(one)
        ]
        self._context.registry.attempt(claims)


class _Missing(t.NamedTuple):
    """Targets that are missing in each of these places. The places are those of one method and name in several
    VDOMs."""

    targets: tuple[Target, ...]
    places: list[Place]


def _missing(looks: t.Iterable[Look], now: float) -> list[_Missing]:
    found: dict[tuple[t.Any, ...], _Missing] = {}
    for one in looks:
        targets = tuple(_target(address, claims, now) for address, claims in sorted(_wanted(one, now).items()))
        if targets:
            key = (one.place.method, one.place.list, targets)
            found.setdefault(key, _Missing(targets, [])).places.append(one.place)
    return list(found.values())


def _wanted(one: Look, now: float) -> dict[str, list[Claim]]:
    """Claims whose block is missing in the place, by address. Claims of interrupted runs do not count, and neither do
    claims that end within SHORTEST_LIFETIME."""
    found = {}
    for address, claims in one.standing.items():
        held = [
            claim
            for claim in claims
            if claim.state not in UNSETTLED and not is_over(claim.expires_at, now + SHORTEST_LIFETIME)
        ]
        if held and address not in one.reading.active:
            found[address] = held
    return found


def _target(address: str, claims: t.Sequence[Claim], now: float) -> Target:
    ends = [claim.expires_at for claim in claims]
    last = None if None in ends else max(end for end in ends if end is not None)
    newest = claims[-1]
    # The target counts as hunted, so that an address that a person has unblocked meanwhile is not blocked again.
    return Target(
        said=address,
        network=parse_target(address),
        reasons=newest.reasons,
        threats=newest.threats,
        ttl=_left(last, now),
        hunted=True,
        ticket=newest.ticket,
        approver=newest.approver,
    )


def _left(expires_at: t.Optional[float], now: float) -> int:
    """The remaining time in seconds, 0 for permanent."""
    return 0 if expires_at is None else math.ceil(expires_at - now)


def _restore(wanted: _Missing, options: Options, context: Context, dry_run: bool, problems: list[str]) -> Data:
    """Block missing targets again. Returns the outcome, which is empty if the run failed before it had an outcome. A
    failure is added to `problems`."""
    place = wanted.places[0]
    names = {"feed_push": "feed", "addrgrp": "group", "feed_file": "feed_file"}
    lists = options.lists._replace(**({names[place.method]: place.list} if place.method in names else {}))
    asked = options._replace(
        method=place.method,
        local_in_method="",
        lists=lists,
        vdoms=tuple(one.vdom for one in wanted.places if one.vdom) or options.vdoms,
        targets=wanted.targets,
        # The targets are blocked in these places, even if the FortiGate has not logged them.
        where=EVERYWHERE,
        # Networks and private addresses are permitted, because the run that blocked them first had this permission.
        allow_networks=place.method != "ban",
        allow_private=True,
        max_per_run=max(len(wanted.targets), options.max_per_run),
        on_protected="skip",
        # The run waits for no other host, because a host without missing blocks does not read its dependencies.
        batch=(),
    )
    try:
        found = block(asked, context, dry_run)
    except FortiViewError as error:
        named = ", ".join(one.address for one in wanted.targets)
        problems.append(
            f"{agree(len(wanted.targets), 'This block is', 'These blocks are')} missing in {', '.join(map(str, wanted.places))} "
            f"and could not be restored: {named}. {error}"
        )
        return error.outcome or {}
    refused = [str(one["address"]) for one in found["refused"]]
    if refused and not (dry_run or options.plan):
        for each in wanted.places:
            context.registry.end(each, refused, "refused")
    return found


def _protected(looks: t.Iterable[Look], options: Options, context: Context) -> t.Iterator[str]:
    """Messages about our blocks that the guardrails would now refuse."""
    rules = Rules(
        options.never,
        known_to_registry(options, context),
        tuple(shared_networks()) if options.shared_infrastructure else (),
        options.allow_shared,
        allow_private=True,
        allow_networks=True,
    )
    for one in looks:
        ours = set(one.listed.known) & set(one.reading.active)
        for refused in judge([Target(address, parse_target(address)) for address in ours], rules).refused:
            why = ", ".join(refused.why)
            yield f"{refused.target.address} is blocked by {one.title}, but must not be blocked ({why}): unblock it"


def _joined(data: Data, restored: t.Sequence[Data], notices: t.Sequence[str]) -> Data:
    steps = _joined_steps(data, restored)
    joined = {
        key: [*data[key], *(each for one in restored for each in one[key])]
        for key in ("refused", "audit", "sessions_open")
    }
    said = [*data["notices"], *notices, *(notice for one in restored for notice in one["notices"])]
    changed = (
        data["changed"] or any(step["action"] == ADOPT for step in steps) or any(one["changed"] for one in restored)
    )
    return {**data, **joined, "steps": steps, "notices": list(dict.fromkeys(said)), "changed": changed}


def _joined_steps(data: Data, restored: t.Sequence[Data]) -> list[Data]:
    """All steps. Steps that adopt a block get their result, and restore steps that change nothing are omitted."""
    steps = [
        {**step, "result": "adopted" if step["action"] == ADOPT and not data["dry_run"] else step["result"]}
        for step in data["steps"]
    ]
    for one in restored:
        steps += [_renamed(step, str(one["method"])) for step in one["steps"] if step["action"] not in (KEEP, ABSENT)]
    return steps


def _renamed(step: Data, method: str) -> Data:
    """The step of a restored block, with the action and the reason of a restore."""
    action = RESTORE if step["action"] == ADD else step["action"]
    return {**step, "action": action, "method": method, "why": "; ".join(filter(None, [MISSING, step["why"]]))}
