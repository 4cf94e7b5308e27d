# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Blocks targets on one FortiGate. A run decides what to block, writes the blocks, verifies them and records them.

Failed changes are rolled back. A dry run returns the plan, and writes neither to the FortiGate nor to the audit log.
"""

from __future__ import annotations

import contextlib
import typing as t

from .._common.errors import FortiViewError, InvalidInput
from . import audit, fetching, sessions
from .changes import Failed, write_and_verify
from .changes import Step as Change
from .client import FortiGateError, Vdom
from .context import LOCK_TIMEOUT, Context, Look, settle
from .deciding import Decision
from .in_force import LISTS
from .options import Options
from .planning import ADD, EXTEND, KEEP, Step, writes_of
from .protection import FRESH
from .recorder import Recorder
from .registry.records import Place, RegistryError
from .rolling_back import Written, claim_of, undo
from .targets import Target

# Results of successful steps by action, unless a more precise result is known. The audit log has the same results.
DONE = {ADD: "blocked", EXTEND: "extended"}
NOT_STATED = "fortigate_block_never_extra is not set. Set this variable, because a run that writes requires it"
UNVERIFIED = "written, not verified"
PUBLISHED = "published"
SERIAL = "serial"
Data = dict[str, t.Any]


def block(options: Options, context: Context, dry_run: bool) -> Data:
    """Block the targets. Raises FortiViewError. If a check stops the run or a change fails, the error has the
    `outcome`. The context of a failed change shows whether the changes were rolled back."""
    return _Run(options, context, dry_run).result()


class _Run:
    def __init__(self, options: Options, context: Context, dry_run: bool) -> None:
        self._options = options
        self._context = context
        self._dry_run = dry_run
        self._decision = Decision(options, context, dry_run)
        self._recorder = Recorder(options, context.now)
        self._notices: list[str] = []
        self._sessions_open: dict[str, None] = {}
        self._words: dict[str, str] = {}
        # The last check of the feed. None if the method is not a file, or if the feed was not checked.
        self._fetched: t.Optional[fetching.Fetched] = None
        self._is_behind = False

    def result(self) -> Data:
        self._decision.judge()
        places = [] if self._plans_only else self._presumed()
        with self._lock(places):
            self._decision.plan()
            self._check()
            if places and places == [one.place for one in self._decision.looks]:
                self._settle_and_write()
                return self._ended()
        if self._decision.has_work and not self._plans_only:
            with self._lock([one.place for one in self._decision.looks]):
                # The plan is made again, because another run may have changed the entries before this lock.
                self._decision.plan()
                self._settle_and_write()
        else:
            self._check_limits()
        return self._ended()

    def _lock(self, places: t.Sequence[Place]) -> t.ContextManager[None]:
        registry = self._context.registry
        return registry.lock(places, LOCK_TIMEOUT, self._options.run_id) if places else contextlib.nullcontext()

    def _presumed(self) -> list[Place]:
        """The places of this run, if an earlier step of the role has stored the serial number of the FortiGate. The
        places can then be locked before their entries are read. Empty for a file."""
        serial = self._context.registry.answer(SERIAL, self._options.host, FRESH)
        if not isinstance(serial, str) or self._decision.is_file:
            return []
        return self._decision.methods.places(serial, self._options.vdoms)

    def _check(self) -> None:
        """Raise InvalidInput if the guardrails stop the run, or if the new entries would not be in force."""
        if self._decision.judged.verdict:
            self._record_refusals()
            raise self._stopped(f"Nothing was blocked: {self._decision.judged.verdict}")
        why = self._decision.why_not_in_force()
        if why:
            raise self._stopped(f"Nothing was blocked: {why}")

    def _check_limits(self) -> None:
        why = self._decision.why_over_limits()
        if why:
            raise self._stopped(f"Nothing was changed: {why}")

    def _settle_and_write(self) -> None:
        """Settle the claims of interrupted runs and write the blocks. The caller must hold the lock."""
        for one in self._decision.looks:
            settle(one, self._context)
        self._check_limits()
        self._write()

    def _ended(self) -> Data:
        self._follow_file()
        if self._options.plan and self._decision.has_work:
            self._context.registry.keep_answer(SERIAL, self._options.host, self._context.serial)
        else:
            self._record_refusals()
        return self._data()

    def _follow_file(self) -> None:
        """Check the feed if this run does not change the file. The FortiGate may not have fetched the current file
        yet."""
        if not self._is_fetched_here or self._decision.writes or self._dry_run:
            return
        kept = [step.address for step in self._decision.steps if step.action == KEEP]
        if self._options.plan:
            self._is_behind = bool(kept) and not fetching.holds(self._options, self._context, kept)
        elif kept:
            self._fetch()
            if self._fetched and (self._fetched.fresh or self._fetched.notices):
                self._record()

    @property
    def _is_fetched_here(self) -> bool:
        return self._decision.is_file and self._context.fortigate is not None and self._options.verify

    def _fetch(self) -> None:
        """Make the FortiGate fetch the file, and close the sessions of addresses that are new in the feed."""
        there = [step for step in self._decision.steps if step.action in (*DONE, KEEP)]
        self._fetched = fetching.fetch(self._options, self._context, there)
        self._notices += self._fetched.notices
        self._decision.steps = [self._fetched.blocked.get(step.address, step) for step in self._decision.steps]
        fresh = [step.target for step in self._decision.steps if step.address in self._fetched.fresh]
        for name in self._options.vdoms if fresh else []:
            self._close_sessions(self._context.vdom(name), fresh)

    @property
    def _plans_only(self) -> bool:
        return self._dry_run or self._options.plan

    def _write(self) -> None:
        if not self._decision.writes:
            return
        audit.check_writable(self._options.audit_log)
        changing = [(one, step) for one in self._decision.looks for step in self._decision.changing(one)]
        now = self._context.now()
        self._context.registry.attempt([claim_of(one, step, self._options, now) for one, step in changing])
        done: dict[Place, Change] = {}
        try:
            for one in self._decision.looks:
                writes = writes_of(one.method, self._decision.changing(one), self._options.run_id)
                if writes:
                    change = one.method.change(t.cast("t.Any", one.vdom), one.reading, writes)
                    done[one.place] = change
                    self._carry_out(one, change)
            self._prove()
        except Failed as failed:
            raise self._rolled_back(failed, done) from None
        try:
            self._confirm()
        except RegistryError as error:
            self._after()
            error.within(
                doing="recording blocks that are in force (the next run of any job on this FortiGate adds them to "
                "the registry)"
            )
            raise self._with_outcome(error) from None
        self._after()

    def _prove(self) -> None:
        """Add the proof of the block to the written steps. Without verification, nothing is proven. Raises Failed."""
        for one in self._decision.looks if self._options.verify else []:
            changing = self._decision.changing(one)
            proven = {
                (step.vdom, step.address): step
                for step in self._decision.in_force[one.method.name].prove(one, changing)
            }
            self._decision.steps = [proven.get((step.vdom, step.address), step) for step in self._decision.steps]

    def _carry_out(self, one: Look, change: Change) -> None:
        """Write the change to one place, and verify it if the options require verification. Raises Failed."""
        if not self._options.verify:
            try:
                change.write()
            except FortiGateError as error:
                raise Failed(error, [], None, "") from None
            return
        verification = self._options.verification
        _state, warning = write_and_verify(change, lambda: one.read(enforced=True), verification, self._context.sleep)
        if warning:
            self._notices.append(f"{warning} The change was read back, so it is in force nevertheless.")

    def _confirm(self) -> None:
        state = "active" if self._options.verify else "unverified"
        for one in self._decision.looks:
            addresses = [step.address for step in self._decision.changing(one)]
            if addresses:
                self._context.registry.confirm(one.place, self._options.run_id, addresses, state)
                pardoned = [address for address in addresses if address in one.listed.pardons]
                self._context.registry.forget_pardons(one.place.serial, one.place.host, pardoned)
        self._decision.repeats.record(step for one in self._decision.looks for step in self._decision.changing(one))

    def _after(self) -> None:
        """Finish a run after its writes: make the FortiGate fetch the file, close the sessions of new blocks, and
        record the steps."""
        word = dict.fromkeys(
            DONE, UNVERIFIED if not self._options.verify else PUBLISHED if self._decision.is_file else ""
        )
        self._words = {action: word[action] or done for action, done in DONE.items()}
        if self._is_fetched_here:
            self._fetch()
        for one in self._decision.looks:
            if one.method.name in LISTS:
                added = [step.target for step in self._decision.changing(one) if step.action == ADD]
                self._close_sessions(t.cast("t.Any", one.vdom), added)
        self._record()

    def _close_sessions(self, vdom: Vdom, targets: t.Sequence[Target]) -> None:
        if self._options.close_sessions:
            still_open, warnings = sessions.close_sessions(vdom, targets)
            self._sessions_open.update(dict.fromkeys(still_open))
            self._notices += warnings

    def _rolled_back(self, failed: Failed, done: t.Mapping[Place, Change]) -> FortiViewError:
        """Undo all writes of this run in all VDOMs. Returns the error, which has the `outcome`."""
        written = [Written(one, self._decision.changing(one), done.get(one.place)) for one in self._decision.looks]
        error, backs = undo(failed, written, self._options, self._context)
        self._recorder.failure([(each.one.place, step) for each in written for step in each.steps], backs)
        return self._with_outcome(error)

    def _word(self, step: Step) -> str:
        """The result of a step, empty for a step that changed nothing."""
        if self._fetched is not None and step.action in (*DONE, KEEP):
            return self._proof_of_file(self._fetched, step)
        word = self._words.get(step.action, "")
        return self._decision.in_force[step.method].word(step) or word if word in DONE.values() else word

    def _proof_of_file(self, fetched: fetching.Fetched, step: Step) -> str:
        if step.address not in fetched.blocked:
            return PUBLISHED
        if step.action == KEEP:
            return DONE[ADD] if step.address in fetched.fresh else ""
        return DONE[step.action]

    def _record(self) -> None:
        pairs = [(one.place, step) for one in self._decision.looks for step in self._decision.steps_of(one)]
        self._recorder.steps((place, step, self._word(step) or _plain(step.action)) for place, step in pairs)

    def _record_refusals(self) -> None:
        if self._dry_run or not self._decision.judged.refused:
            return
        places = self._decision.methods.places(
            self._context.serial, [""] if self._decision.is_file else self._options.vdoms
        )
        usual = [one.place for one in self._decision.looks if one.method is self._decision.methods.usual]
        self._recorder.refusals(usual or places, self._decision.judged.refused)

    def _stopped(self, why: str) -> FortiViewError:
        return self._with_outcome(InvalidInput(why).within(host=self._options.host or None))

    def _with_outcome(self, error: FortiViewError) -> FortiViewError:
        error.outcome = self._data()
        return error

    def _data(self) -> Data:
        notices = [] if self._options.stated else [NOT_STATED]
        notices += self._decision.notices
        return {
            "changed": self._decision.writes or bool(self._fetched and self._fetched.fresh),
            # Whether a run that writes would have work to do, for example blocks to write or claims to settle.
            "pending": self._decision.has_work or self._is_behind,
            "host": self._options.host,
            "serial": self._context.serial,
            "run_id": self._options.run_id,
            "method": self._decision.methods.usual.name,
            "dry_run": self._dry_run,
            "plan": self._options.plan,
            "steps": [
                {**one.as_dict(), "method": one.method, "result": self._word(one)} for one in self._decision.steps
            ],
            "refused": [one.as_dict() for one in self._decision.judged.refused],
            "notices": list(dict.fromkeys(notices + self._notices + self._recorder.notices)),
            "sessions_open": list(self._sessions_open),
            "audit": self._recorder.lines,
        }


def _plain(action: str) -> str:
    return {"keep": "unchanged"}.get(action, action)
