# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rolls back a run whose writes or verification failed. All VDOMs are rolled back, and the outcome is reported."""

from __future__ import annotations

import typing as t

from .._common.errors import FortiViewError
from .changes import Failed, RolledBack, failure, roll_back
from .changes import Step as Change
from .client import FortiGateError, WrongVdom
from .context import Context, Look, look
from .options import Options
from .planning import ADD, EXTEND, Step
from .registry.records import Claim, Place


class Written(t.NamedTuple):
    """One place with its planned steps. `change` is None if the writes to this place were not started."""

    one: Look
    steps: list[Step]
    change: t.Optional[Change] = None


def claim_of(one: Look, step: Step, options: Options, now: float) -> Claim:
    target = step.target
    return Claim(
        place=one.place,
        address=step.address,
        run_id=options.run_id,
        user=options.user,
        claimed_at=now,
        expires_at=step.expires_at,
        ttl=step.ttl,
        reasons=target.reasons,
        threats=target.threats,
        ticket=target.ticket,
        approver=target.approver,
    )


def undo(
    failed: Failed, written: t.Sequence[Written], options: Options, context: Context
) -> tuple[FortiGateError, dict[Place, RolledBack]]:
    """Undo the writes. Returns the error of the run, and the outcome of the rollback by place."""
    begun = [one for one in written if one.change is not None]
    backs: dict[Place, RolledBack] = {}
    for each in reversed(begun):
        perhaps = failed.perhaps_written or each is not begun[-1]
        backs[each.one.place] = _back(each, perhaps, options, context)
    for each in written:
        _settle(each, backs.get(each.one.place, RolledBack([], [])), options, context)
    # Claims on addresses in an unexpected VDOM are written last. If this run also writes to that VDOM, `_settle` would
    # end these claims.
    elsewhere = _elsewhere(failed, written, options, context)
    vdoms = [place.vdom for place, back in backs.items() if not back.wholly]
    error = failure(failed, _together(backs.values(), elsewhere), vdoms=vdoms + sorted(set(elsewhere.values())))
    if elsewhere:
        error.within(elsewhere=elsewhere)
    return error, backs


def _together(backs: t.Collection[RolledBack], elsewhere: t.Collection[str]) -> RolledBack:
    """The outcome for all places. An address that was found in another VDOM counts as left."""
    left = [address for back in backs for address in back.left]
    return RolledBack(
        left=list(dict.fromkeys([*left, *elsewhere])),
        lasting=list(dict.fromkeys(address for back in backs for address in back.lasting)),
        readable=all(back.readable for back in backs),
        confirmed=bool(elsewhere) or all(back.confirmed for back in backs),
    )


def _back(each: Written, perhaps_written: bool, options: Options, context: Context) -> RolledBack:
    change, verification = t.cast("Change", each.change), options.verification
    return roll_back(change, lambda: each.one.read(enforced=False), verification, context.sleep, perhaps_written)


def _settle(each: Written, back: RolledBack, options: Options, context: Context) -> None:
    """Update the registry. The claims of this run end, except for entries that were not removed or restored."""
    registry, one = context.registry, each.one
    stays = {*back.left, *back.lasting}
    gone = [step for step in each.steps if step.address not in stays]
    registry.end(one.place, [step.address for step in gone], "rolled_back", options.run_id)
    extended = [step.address for step in gone if step.action == EXTEND]
    # The failed extension has replaced earlier claims of this run, so the earlier claims are written again.
    earlier = [claim for address in extended for claim in one.standing.get(address, ())]
    registry.attempt([claim for claim in earlier if claim.run_id == options.run_id])
    registry.confirm(one.place, options.run_id, sorted(stays), "left")


def _elsewhere(failed: Failed, written: t.Sequence[Written], options: Options, context: Context) -> dict[str, str]:
    """Addresses that a write has added to another VDOM than the requested one, with the name of that VDOM."""
    if not isinstance(failed.error, WrongVdom):
        return {}
    name = failed.error.vdom
    added = [step for each in written for step in each.steps if step.action == ADD]
    known = next((each.one for each in written if each.one.place.vdom == name), None)
    before = known.reading.active if known else {}
    try:
        now = look(written[0].one.method, name, options, context, enforced=False)
    except (FortiViewError, ValueError):
        return {}
    found = [step for step in added if step.address in now.reading.active and step.address not in before]
    if found:
        _record_left(now, found, options, context)
    return {step.address: name for step in found}


def _record_left(one: Look, steps: t.Sequence[Step], options: Options, context: Context) -> None:
    """Add claims on these addresses in a place where this run has no claims, so that a later run can unblock them."""
    context.registry.attempt([claim_of(one, step, options, context.now()) for step in steps])
    context.registry.confirm(one.place, options.run_id, [step.address for step in steps], "left")
