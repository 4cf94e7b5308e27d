# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Block targets on one FortiGate: judge, read, plan, write, verify, record, roll back.

In a dry run everything but the writes happens, and the plan is the result.
"""

from __future__ import annotations

import typing as t

from .._common.errors import FortiViewError, InvalidInput
from . import attacked, audit, sessions
from .changes import Failed, RolledBack, failure, roll_back, write_and_verify
from .changes import Step as Change
from .client import FortiGateError, WrongVdom
from .guardrails import Judgement, Reasoned, Rules, judge
from .in_force import InForce
from .internet_services import InternetServices
from .methods.feed_file import FeedFile
from .options import Options
from .planning import (
    ADD,
    EXTEND,
    Limits,
    Step,
    early_ends,
    plan_present,
    verdicts,
    writes_of,
)
from .protection import UNKNOWN, Protection, protection
from .recorder import Recorder
from .registry.records import Claim, Place, RegistryError
from .shared_infrastructure import shared_networks
from .world import LOCK_TIMEOUT, Look, World, look, method_of, settle

# What a step is called in the result and in the audit log when it went well.
DONE = {ADD: "blocked", EXTEND: "extended"}
NOT_STATED = "fortigate_block_never_extra is not set: a run that writes is refused without it"
UNVERIFIED = "written, not verified"
PUBLISHED = "published"
Data = dict[str, t.Any]


def block(options: Options, world: World, dry_run: bool) -> Data:
    """Raises FortiViewError. One that ends a run after a write says in its context what was rolled back, and has the `outcome`."""
    return _Run(options, world, dry_run).result()


class _Run:
    def __init__(self, options: Options, world: World, dry_run: bool) -> None:
        self._options = options
        self._world = world
        self._dry_run = dry_run
        self._method = method_of(options.method_or_default, options.lists, options, world)
        self._is_file = isinstance(self._method, FeedFile)
        self._in_force = InForce(self._method, options, world, dry_run)
        self._looks: list[Look] = []
        self._steps: list[Step] = []
        self._judged = Judgement([], [], [], "")
        self._protection: t.Optional[Protection] = None
        self._services = InternetServices(options, world)
        self._recorder = Recorder(options, world.now)
        self._notices: list[str] = []
        self._sessions_open: list[str] = []
        self._words: dict[str, str] = {}

    def result(self) -> Data:
        self._judge()
        self._plan()
        if self._judged.verdict:
            self._record_refusals()
            raise self._stopped(f"Nothing was blocked: {self._judged.verdict}")
        self._check_in_force()
        if self._has_work and not self._plans_only:
            with self._world.registry.lock([one.place for one in self._looks], LOCK_TIMEOUT, self._options.run_id):
                # What another run did before the lock was ours is a part of the plan.
                self._plan()
                for one in self._looks:
                    settle(one, self._world)
                self._check_limits()
                self._write()
        else:
            self._check_limits()
        if not (self._has_work and self._options.plan):
            self._record_refusals()
        return self._data()

    @property
    def _plans_only(self) -> bool:
        return self._dry_run or self._options.plan

    @property
    def _has_work(self) -> bool:
        return self._writes or any(one.unsettled for one in self._looks)

    @property
    def _writes(self) -> bool:
        return any(one.action in DONE for one in self._steps)

    def _judge(self) -> None:
        options = self._options
        protected = self._protection.protected if self._protection else ()
        rules = Rules(
            options.never,
            protected,
            (*shared_networks(), *self._services.shared) if options.shared_infrastructure else (),
            options.allow_shared,
            options.allow_private,
            options.allow_networks,
            options.max_per_run,
            options.ttl,
            options.on_protected,
            self._method.source_only,
        )
        judged = judge(options.targets, rules)
        self._judged = judged._replace(accepted=[self._services.described(one) for one in judged.accepted])

    def _plan(self) -> None:
        """Read the lists and plan; where something would be written, first learn what must not be."""
        names = [""] if self._is_file else self._options.vdoms
        self._looks = [look(self._method, name, self._options, self._world, enforced=True) for name in names]
        self._plan_steps()
        # Also where something is refused: it is shown with every reason.
        if self._protection is None and (self._writes or self._judged.refused):
            self._protection = protection(self._options, self._world, wait=not self._plans_only)
            self._judge()
            self._plan_steps()
        if self._services.learn(self._steps):
            self._judge()
            self._plan_steps()

    def _plan_steps(self) -> None:
        now, accepted = self._world.now(), self._judged.accepted
        self._steps = [
            self._explained(step)
            for one in self._looks
            for step in plan_present(self._method, one.listed, accepted, self._options.ttl, now)
        ]

    def _explained(self, step: Step) -> Step:
        return attacked.explained(self._services.explained(step), self._own)

    @property
    def _own(self) -> tuple[Reasoned, ...]:
        """Where this FortiGate answers itself, for a method that does not stop what goes there."""
        return self._protection.own if self._protection and self._method.source_only else ()

    def _check_in_force(self) -> None:
        """An address on a list that no policy uses is not blocked."""
        why = self._in_force.check(self._looks, self._judged.accepted, self._writes)
        if why:
            raise self._stopped(f"Nothing was blocked: {why}")

    def _check_limits(self) -> None:
        limits = Limits(self._options.max_active, self._options.allow_fmg_drift)
        steps = {one.listed.vdom: [step for step in self._steps if step.vdom == one.listed.vdom] for one in self._looks}
        found = [why for one in self._looks for why in verdicts(one.listed, steps[one.listed.vdom], limits)]
        if self._is_file and self._protection and self._writes and not self._plans_only:
            # A file reaches every FortiGate of the run.
            unknown = [one for one in self._protection.notices if one.startswith(UNKNOWN)]
            found += [
                f"{one}. Run the entry point plan on all of them first, or the playbook with --check" for one in unknown
            ]
        if found:
            raise self._stopped(f"Nothing was changed: {'; '.join(found)}")

    def _write(self) -> None:
        if not self._writes:
            return
        audit.check_writable(self._options.audit_log)
        self._world.registry.attempt([self._claim(one, step) for one in self._looks for step in self._changing(one)])
        done: list[tuple[Look, Change]] = []
        try:
            for one in self._looks:
                writes = writes_of(self._method, self._changing(one), self._options.run_id)
                if writes:
                    change = self._method.change(t.cast("t.Any", one.vdom), one.reading, writes)
                    done.append((one, change))
                    self._carry_out(one, change)
            self._prove()
        except Failed as failed:
            raise self._rolled_back(failed, done) from None
        try:
            self._confirm()
        except RegistryError as error:
            self._after()
            error.within(
                doing="recording blocks, of which each is in force; the next run of any job on this FortiGate takes them into the registry"
            )
            raise self._with_outcome(error) from None
        self._after()

    def _prove(self) -> None:
        """Raises Failed. Without verification nothing is claimed."""
        for one in self._looks if self._options.verify else []:
            changing = self._changing(one)
            proven = {(step.vdom, step.address): step for step in self._in_force.prove(one, changing)}
            self._steps = [proven.get((step.vdom, step.address), step) for step in self._steps]

    def _carry_out(self, one: Look, change: Change) -> None:
        """Raises Failed."""
        if not self._options.verify:
            try:
                change.write()
            except FortiGateError as error:
                raise Failed(error, [], None, "") from None
            return
        read, verification = self._reader(one, enforced=True), self._options.verification
        _state, warning = write_and_verify(change, read, verification, self._world.sleep)
        if warning:
            self._notices.append(f"{warning} The change is in force all the same, as was read back.")

    def _reader(self, one: Look, enforced: bool = False) -> t.Callable[[], t.Any]:
        """A list that has to be applied, where it is to block; a roll back reads it as it is."""
        return lambda: one.read(enforced)

    def _changing(self, one: Look) -> list[Step]:
        return [step for step in self._steps if step.vdom == one.listed.vdom and step.action in DONE]

    def _claim(self, one: Look, step: Step) -> Claim:
        target, options = step.target, self._options
        return Claim(
            one.place,
            step.address,
            options.run_id,
            options.user,
            self._world.now(),
            step.expires_at,
            step.ttl,
            target.reasons,
            target.threats,
        )

    def _confirm(self) -> None:
        state = "active" if self._options.verify else "unverified"
        for one in self._looks:
            addresses = [step.address for step in self._changing(one)]
            if addresses:
                self._world.registry.confirm(one.place, self._options.run_id, addresses, state)
                self._world.registry.forget_pardons(one.place.serial, one.place.host, addresses)

    def _after(self) -> None:
        """What follows a block that is in force: sessions are closed, the file is looked for on the FortiGate, and all is recorded."""
        options, word = self._options, {}
        if not options.verify:
            word = dict.fromkeys(DONE, UNVERIFIED)
        elif self._is_file and not self._is_fetched():
            word = dict.fromkeys(DONE, PUBLISHED)
        self._words = {**DONE, **word}
        if options.close_sessions and self._method.name in ("feed_push", "addrgrp"):
            for one in self._looks:
                added = [step.target for step in self._changing(one) if step.action == ADD]
                still_open, warnings = sessions.close_sessions(t.cast("t.Any", one.vdom), added)
                self._sessions_open += [each for each in still_open if each not in self._sessions_open]
                self._notices += warnings
        self._record()

    def _is_fetched(self) -> bool:
        """Whether this FortiGate enforces the file already; it fetches it at its own pace."""
        if self._world.fortigate is None or not isinstance(self._method, FeedFile):
            return False
        added = [step.address for step in self._steps if step.action in DONE]
        try:
            vdoms = [self._world.vdom(name) for name in self._options.vdoms]
            return all(self._method.applied(vdom, self._options.lists.feed, added) for vdom in vdoms)
        except FortiGateError:
            return False

    def _rolled_back(self, failed: Failed, done: t.Sequence[tuple[Look, Change]]) -> FortiViewError:
        """Undo all that this run has written, in every VDOM, and say what became of it."""
        options, registry = self._options, self._world.registry
        backs = {}
        for one, change in reversed(done):
            written = failed.perhaps_written or change is not done[-1][1]
            backs[one.place] = roll_back(change, self._reader(one), options.verification, self._world.sleep, written)
        elsewhere = self._elsewhere(failed)
        for one in self._looks:
            back = backs.get(one.place, RolledBack([], []))
            steps = self._changing(one)
            stays = {*back.left, *back.lasting}
            gone = [step.address for step in steps if step.address not in stays]
            registry.end(one.place, gone, "rolled_back", options.run_id)
            # An earlier claim of this run, which the attempt has replaced.
            extended = [step.address for step in steps if step.action == EXTEND and step.address in gone]
            registry.attempt(
                [
                    claim
                    for address in extended
                    for claim in one.standing.get(address, ())
                    if claim.run_id == options.run_id
                ]
            )
            registry.confirm(one.place, options.run_id, sorted(stays), "left")
        changed = [(one.place, step) for one in self._looks for step in self._changing(one)]
        self._recorder.failure(changed, backs)
        left = list(dict.fromkeys(address for back in backs.values() for address in back.left))
        lasting = list(dict.fromkeys(address for back in backs.values() for address in back.lasting))
        # What was found in another VDOM is there for certain.
        whole = RolledBack(
            left + [one for one in elsewhere if one not in left],
            lasting,
            all(one.readable for one in backs.values()),
            bool(elsewhere) or all(one.confirmed for one in backs.values()),
        )
        vdoms = [one.vdom for one, back in backs.items() if not back.wholly]
        error = failure(failed, whole, vdoms=vdoms + sorted(set(elsewhere.values())))
        if elsewhere:
            error.within(elsewhere=elsewhere)
        return self._with_outcome(error)

    def _elsewhere(self, failed: Failed) -> dict[str, str]:
        """Addresses that a write has put into another VDOM than the one that was asked, by address its name."""
        if not isinstance(failed.error, WrongVdom):
            return {}
        name = failed.error.vdom
        added = [step for step in self._steps if step.action == ADD]
        known = next((one for one in self._looks if one.place.vdom == name), None)
        before = known.reading.active if known else {}
        try:
            now = look(self._method, name, self._options, self._world, enforced=False)
        except (FortiViewError, ValueError):
            return {}
        found = [one for one in added if one.address in now.reading.active and one.address not in before]
        if found:
            self._world.registry.attempt([self._claim(now, step) for step in found])
            self._world.registry.confirm(now.place, self._options.run_id, [one.address for one in found], "left")
        return {one.address: name for one in found}

    def _word(self, step: Step) -> str:
        """What became of a step, empty where nothing was written."""
        word = self._words.get(step.action, "")
        return self._in_force.word(step) or word if word in DONE.values() else word

    def _record(self) -> None:
        pairs = [(one.place, step) for one in self._looks for step in self._steps if step.vdom == one.listed.vdom]
        self._recorder.steps((place, step, self._word(step) or _plain(step.action)) for place, step in pairs)

    def _record_refusals(self) -> None:
        if self._dry_run or not self._judged.refused:
            return
        names = [""] if self._is_file else self._options.vdoms
        listed = (self._method.name, self._method.list_name)
        places = [Place(self._world.serial, self._options.host, name, *listed) for name in names]
        self._recorder.refusals([one.place for one in self._looks] or places, self._judged.refused)

    def _stopped(self, why: str) -> FortiViewError:
        return self._with_outcome(InvalidInput(why).within(host=self._options.host or None))

    def _with_outcome(self, error: FortiViewError) -> FortiViewError:
        error.outcome = self._data()
        return error

    def _data(self) -> Data:
        notices = [] if self._options.stated else [NOT_STATED]
        notices += self._judged.notices
        notices += self._protection.notices if self._protection else []
        notices += [*self._services.notices, *self._services.notices_of(self._steps)]
        notices += attacked.notices(self._steps, self._own)
        notices += [notice for one in self._looks for notice in one.moved]
        notices += self._in_force.notices
        notices += early_ends(self._method, self._steps, self._world.now())
        return {
            "changed": self._writes,
            # Whether a run that is not only a plan has something to do, be it with claims of runs that were cut off.
            "pending": self._has_work,
            "host": self._options.host,
            "serial": self._world.serial,
            "run_id": self._options.run_id,
            "method": self._method.name,
            "dry_run": self._dry_run,
            "plan": self._options.plan,
            "steps": [{**one.as_dict(), "result": self._word(one)} for one in self._steps],
            "refused": [one.as_dict() for one in self._judged.refused],
            "notices": list(dict.fromkeys(notices + self._notices + self._recorder.notices)),
            "sessions_open": self._sessions_open,
            "audit": self._recorder.lines,
        }


def _plain(action: str) -> str:
    return {"keep": "unchanged"}.get(action, action)
