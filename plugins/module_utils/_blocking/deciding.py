# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides what a run does with its targets on one FortiGate. This module applies the guardrails, reads the current
entries and plans the steps. It writes nothing to the FortiGate."""

from __future__ import annotations

import typing as t

from . import attacked
from .chosen_methods import ChosenMethods
from .context import Context, Look, look
from .guardrails import Judgement, Reasoned, Rules, judge
from .in_force import InForce
from .internet_services import InternetServices
from .managed import is_managed
from .methods.base import Method
from .methods.feed_file import FeedFile
from .options import Options
from .planning import ADD, EXTEND, Limits, Step, early_ends, plan_present, verdicts
from .protection import UNKNOWN, Protection, known_own, protection
from .repeats import Repeats
from .seen import Seen
from .shared_infrastructure import shared_networks
from .targets import Target

WRITES = (ADD, EXTEND)


class Decision:
    """`judge` sets `judged`, and `plan` sets `looks` and `steps`. `plan` can be repeated, because another run may have
    changed the entries. Both methods raise FortiViewError."""

    def __init__(self, options: Options, context: Context, dry_run: bool) -> None:
        self._options = options
        self._context = context
        self._plans_only = dry_run or options.plan
        self.methods = ChosenMethods(options, context)
        self.is_file = isinstance(self.methods.usual, FeedFile)
        self.in_force = {one.name: InForce(one, options, context, dry_run) for one in self.methods.all}
        self.looks: list[Look] = []
        self.steps: list[Step] = []
        self.judged = Judgement([], [], [], "")
        self.repeats = Repeats(options, context)
        self._protection: t.Optional[Protection] = None
        self._services = InternetServices(options, context)
        self._seen = Seen(options, context)
        self._left_out: dict[str, str] = {}

    @property
    def writes(self) -> bool:
        return any(one.action in WRITES for one in self.steps)

    @property
    def has_work(self) -> bool:
        return self.writes or any(one.unsettled for one in self.looks)

    def steps_of(self, one: Look) -> list[Step]:
        return [step for step in self.steps if step.vdom == one.listed.vdom and step.method == one.method.name]

    def changing(self, one: Look) -> list[Step]:
        return [step for step in self.steps_of(one) if step.action in WRITES]

    def judge(self) -> None:
        options = self._options
        protected = self._protection.protected if self._protection else ()
        if self.methods.matter:
            self.methods.choose(self._answering())
        rules = Rules(
            never=options.never,
            protected=protected,
            shared=(*shared_networks(), *self._services.shared) if options.shared_infrastructure else (),
            allow_shared=options.allow_shared,
            allow_private=options.allow_private,
            allow_networks=options.allow_networks,
            max_per_run=options.max_per_run,
            ttl=options.ttl,
            on_protected=options.on_protected,
            source_only=self.methods.usual.source_only,
            on_lists=self.methods.attackers,
        )
        judged = judge(options.targets, rules)
        timed = map(self.repeats.described, judged.accepted)
        self.judged = judged._replace(accepted=[self._services.described(one) for one in timed])

    def plan(self) -> None:
        """Read the current entries and plan the steps. If something would be written or a target is refused, the
        protected addresses are read, and the steps are planned again."""
        self.looks = []
        self._look()
        self._seen.learn()
        if self.repeats.learn(self.judged.accepted):
            self.judge()
        self._plan_steps()
        # If a target is already refused, the protected addresses are also read, because every reason is shown.
        if self._protection is None and (self.writes or self.judged.refused):
            self._protect()
            self._seen.learn(wait=not self._plans_only)
            self.judge()
            self._look()
            self._plan_steps()
        if self._services.learn(self.steps):
            self.judge()
            self._plan_steps()

    def _answering(self) -> t.Sequence[Reasoned]:
        """The addresses at which this FortiGate itself answers. If the registry has no such addresses, the dependencies
        are read from the FortiGate."""
        if self._protection is None:
            known = known_own(self._options, self._context)
            if known:
                return known
            self._protect()
        return self._protection.own if self._protection else ()

    def _protect(self) -> None:
        self._protection = protection(self._options, self._context, wait=not self._plans_only)

    def _look(self) -> None:
        """Read the places that this plan has not read yet. Whether the plan needs the places for attackers of the
        FortiGate may be known only after the first reading."""
        names = [""] if self.is_file else self._options.vdoms
        found: list[Look] = []
        for method in self.methods.used:
            there = [one for one in self.looks if one.method is method]
            found += there or [look(method, name, self._options, self._context, enforced=True) for name in names]
        self.looks = found

    def _plan_steps(self) -> None:
        now = self._context.now()
        self._left_out = self._seen.left_out(self.judged.accepted)
        self.steps = [
            self._explained(step)
            for one in self.looks
            for step in plan_present(
                one.method, one.listed, self._targets_of(one.method), self._options.ttl, now, self._left_out
            )
        ]

    def _targets_of(self, method: Method) -> list[Target]:
        return self.methods.targets_of(method, self.judged.accepted)

    def _explained(self, step: Step) -> Step:
        step = self._services.explained(self.repeats.explained(self._seen.explained(step)))
        return attacked.explained(step, self._own)

    @property
    def _own(self) -> tuple[Reasoned, ...]:
        """The addresses at which this FortiGate itself answers, for notes about its attackers. Empty if the usual
        method is not a ban."""
        return self._protection.own if self._protection and self.methods.usual.source_only else ()

    def why_not_in_force(self) -> str:
        """Why nothing may be written, empty if writing is permitted. An address in a feed or group is blocked only if a
        deny policy uses the feed or group."""
        found = []
        for method in self.methods.used:
            looks, in_force = [one for one in self.looks if one.method is method], self.in_force[method.name]
            writes = any(one.action in WRITES and one.method == method.name for one in self.steps)
            wanted = [one for one in self._targets_of(method) if one.address not in self._left_out]
            found.append(in_force.check(looks, wanted, writes, method is self.methods.local_in))
        return "; ".join(dict.fromkeys(filter(None, found)))

    def why_over_limits(self) -> str:
        """Why this plan must not be executed, empty if it may be executed."""
        options = self._options
        found = [
            why
            for one in self.looks
            for why in verdicts(
                one.listed, self.steps_of(one), Limits(options.most_active(one.method.name), self._drifts(one))
            )
        ]
        if self.is_file and self._protection and self.writes and not self._plans_only:
            # Every FortiGate fetches the file, so the dependencies of all FortiGates must be known.
            unknown = [one for one in self._protection.notices if one.startswith(UNKNOWN)]
            found += [
                f"{one}. Run the entry point plan on all FortiGates first, or run the playbook with --check"
                for one in unknown
            ]
        return "; ".join(found)

    def _drifts(self, one: Look) -> bool:
        """Whether a FortiManager would revert the changes, although this is not permitted. Of all methods, only addrgrp
        changes the configuration. The FortiManager setting is read only if there is something to write."""
        asks = one.method.name == "addrgrp" and not self._options.allow_fmg_drift and bool(self.changing(one))
        return asks and is_managed(self._options, self._context)

    @property
    def notices(self) -> list[str]:
        found = [*self.judged.notices, *(self._protection.notices if self._protection else [])]
        found += [*self._services.notices, *self._services.notices_of(self.steps)]
        found += attacked.notices(self.steps, self._own)
        found += [notice for one in self.looks for notice in one.moved]
        found += [notice for one in self.in_force.values() for notice in one.notices]
        found += self._seen.notices
        return found + early_ends((one for one in self.steps if one.address not in self._left_out), self._context.now())
