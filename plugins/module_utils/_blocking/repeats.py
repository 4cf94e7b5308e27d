# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the duration of the next block of an address. The option `ttl` may be a list of durations (steps) for the first
and each further block.

The step depends only on the registry and the start of the run, so that all FortiGates of a run use the same step.
"""

from __future__ import annotations

import typing as t

from .context import Context
from .options import Options
from .ownership import is_over
from .planning import ADD, EXTEND, Step, minute
from .registry.records import Repeat
from .targets import Target

KIND = "start of a run"
# Maximum duration of a run, in seconds.
LONGEST_RUN = 21600.0


class Repeats:
    """The steps of the targets of one run, which depend on their earlier blocks."""

    def __init__(self, options: Options, context: Context) -> None:
        self._ladder = options.ladder
        self._run_id = options.run_id
        self._context = context
        self._blocks: dict[str, Repeat] = {}
        self._reasons: dict[str, str] = {}

    def learn(self, targets: t.Iterable[Target]) -> bool:
        """Find the step of each target. Returns whether the steps differ from the last call. Raises RegistryError."""
        if len(self._ladder) == 1:
            return False
        before, self._blocks = self._blocks, self._next([one.address for one in targets])
        return self._blocks != before

    def described(self, target: Target) -> Target:
        """The target with the duration of its step. A duration of the target itself has precedence."""
        block = self._blocks.get(target.address) if target.ttl is None else None
        if block is None:
            return target
        self._reasons[target.address] = reason(block, len(self._ladder))
        return target._replace(ttl=self._ladder[min(block.step, len(self._ladder)) - 1])

    def explained(self, step: Step) -> Step:
        """The step with the reason for the duration of its block."""
        why = self._reasons.get(step.address, "") if step.action in (ADD, EXTEND) else ""
        return step._replace(why="; ".join(filter(None, (step.why, why))))

    def record(self, steps: t.Iterable[Step]) -> None:
        """Record the blocks of these steps in the registry. Raises RegistryError."""
        ends = {one.address: one.expires_at for one in steps}
        found = self._next(list(ends)).values()
        self._context.registry.repeat([one._replace(blocked_until=ends[one.address]) for one in found])

    def _next(self, addresses: t.Sequence[str]) -> dict[str, Repeat]:
        known = self._context.registry.repeats(addresses)
        steps, begun = len(self._ladder), self._begun()
        return {one: next_block(one, known.get(one), steps, self._run_id, begun) for one in addresses}

    def _begun(self) -> float:
        """The time at which the first FortiGate of this run was read. A block that ends after this time does not lead
        to a further step in this run."""
        now, registry = self._context.now(), self._context.registry
        if len(self._ladder) == 1:
            return now
        kept = registry.answer(KIND, self._run_id, LONGEST_RUN)
        if isinstance(kept, float):
            return kept
        registry.keep_answer(KIND, self._run_id, float(now))
        return float(now)


def next_block(address: str, known: t.Optional[Repeat], steps: int, run_id: str, begun: float) -> Repeat:
    """The record of this address for its next block. It has the end of the previous block."""
    if known is None:
        return Repeat(address=address, step=1, blocked_until=None, blocked_before=None, run_id=run_id)
    if known.run_id == run_id or not is_over(known.blocked_until, begun):
        return known._replace(run_id=run_id)
    # A run with fewer steps does not reset a higher step.
    step = max(known.step, min(known.step + 1, steps))
    return Repeat(
        address=address, step=step, blocked_until=known.blocked_until, blocked_before=known.blocked_until, run_id=run_id
    )


def reason(block: Repeat, steps: int) -> str:
    """The reason for the duration of a block, empty for the first block."""
    if steps == 1 or block.blocked_before is None:
        return ""
    return f"the previous block ended at {minute(block.blocked_before)}, so the duration is step {min(block.step, steps)} of {steps}"
