# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adopts entries on request. Adopted entries are added to the registry, and nothing is written to the FortiGate."""

from __future__ import annotations

import typing as t

from .._common.addresses import address_order
from .._common.errors import FortiViewError, InvalidInput
from . import audit
from .context import LOCK_TIMEOUT, Context, Look
from .methods.base import Entry
from .operation import Data
from .options import Options
from .planning import ABSENT, ADOPT, ENGINE, KEEP, Step
from .rolling_back import claim_of
from .searching import looks
from .targets import Target


class NotAdopted(FortiViewError):
    """The entries of some places could not be read, so none of these entries was adopted."""

    kind = "not_adopted"


def adopt(options: Options, context: Context, dry_run: bool) -> Data:
    """Adopt the targets for `ttl` seconds. With `everything`, adopt all entries that are neither ours nor bans by an
    engine of the FortiGate. A ban, and an address object with a mark, keep the time at which they expire.

    Raises FortiViewError.
    """
    if bool(options.everything) == bool(options.targets):
        raise InvalidInput(
            "Set either targets to the addresses to adopt, or everything=true to adopt all entries that are not in the registry"
        )
    found, unread = looks(options, context)
    pairs = _planned(found, options, context)
    if not dry_run and _adopts(pairs):
        with context.registry.lock([one.place for one in found], LOCK_TIMEOUT, options.run_id):
            found, unread = looks(options, context)
            pairs = _planned(found, options, context)
            audit.check_writable(options.audit_log)
            claims = [claim_of(one, step, options, context.now()) for one, step in pairs if step.action == ADOPT]
            context.registry.attempt([claim._replace(state="active") for claim in claims])
    data = _outcome(found, pairs, options, context, dry_run)
    if not dry_run:
        audit.append(options.audit_log, data["audit"])
    if unread:
        error = NotAdopted("; ".join(unread), host=options.host or None)
        error.outcome = data
        raise error
    return data


def _outcome(
    found: t.Iterable[Look], pairs: t.Sequence[tuple[Look, Step]], options: Options, context: Context, dry_run: bool
) -> Data:
    return {
        "changed": _adopts(pairs),
        "host": options.host,
        "serial": context.serial,
        "run_id": options.run_id,
        "method": options.method,
        "dry_run": dry_run,
        "steps": [
            {**step.as_dict(), "method": one.place.method, "result": "" if dry_run else _word(step)}
            for one, step in pairs
        ],
        "refused": [],
        "notices": [notice for one in found for notice in one.moved],
        "sessions_open": [],
        "audit": [audit.line_of(options, one.place, context.now(), step, _word(step)) for one, step in pairs],
    }


def _adopts(pairs: t.Iterable[tuple[Look, Step]]) -> bool:
    return any(step.action == ADOPT for _one, step in pairs)


def _planned(found: t.Iterable[Look], options: Options, context: Context) -> list[tuple[Look, Step]]:
    now = context.now()
    return [(one, step) for one in found for step in _steps(one, options, now)]


def _steps(one: Look, options: Options, now: float) -> list[Step]:
    active = one.reading.active
    if options.everything:
        unknown = [address for address, entry in active.items() if address not in one.listed.known and not entry.engine]
        targets = [
            Target(address, ticket=options.ticket, approver=options.approver)
            for address in sorted(unknown, key=address_order)
        ]
        return [_step(one, target, active[target.address], options, now) for target in targets]
    return [_step(one, target, active.get(target.address), options, now) for target in options.targets]


def _step(one: Look, target: Target, entry: t.Optional[Entry], options: Options, now: float) -> Step:
    step = Step(ABSENT, target.address, one.place.vdom, target, before=entry)
    if entry is None:
        return step
    if entry.engine:
        return step._replace(
            action=ENGINE, expires_at=entry.expires_at, why=f"banned by {entry.engine}, and this ban is not changed"
        )
    known = one.listed.known.get(target.address)
    if known is not None and known.claims:
        return step._replace(action=KEEP, expires_at=known.expires_at, why="already in the registry")
    ttl = options.ttl if target.ttl is None else target.ttl
    ends = now + ttl if ttl else None
    if one.method.ends_by_itself or entry.run_id:
        ends = entry.expires_at
    return step._replace(action=ADOPT, ttl=0 if ends is None else max(round(ends - now), 0), expires_at=ends)


def _word(step: Step) -> str:
    return "adopted" if step.action == ADOPT else step.action
