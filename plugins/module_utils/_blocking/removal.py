# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unblocks targets on one FortiGate, and removes expired blocks.

Every entry that can be removed is removed, even if others cannot be removed. If an entry still blocks a target
afterwards, the run fails with an error that names the entry.
"""

from __future__ import annotations

import typing as t

from .._common.addresses import address_order
from .._common.clock_text import time_text
from .._common.errors import FortiViewError, InvalidInput, printable
from .._common.naming import agree, counted, listed
from . import audit, fetching
from .changes import Failed, write_and_verify
from .client import FortiGateError
from .context import LOCK_TIMEOUT, Context, Look, settle
from .elsewhere import Elsewhere
from .methods.base import Entry
from .methods.marks import name_of
from .operation import Data
from .options import Options
from .ownership import is_over
from .planning import ABSENT, ELSEWHERE, ENGINE, REFUSE, REMOVE, Step, writes_of
from .registry.records import Pardon, Place
from .searching import UNREAD, every_address, looks
from .targets import Target

UNKNOWN = (
    "neither the registry nor a mark on the FortiGate shows that a run has blocked it: set fortigate_block_force "
    "to remove it"
)


class StillBlocked(FortiViewError):
    """Some entries were not removed or could not be checked. The message names them."""

    kind = "still_blocked"


def unblock(options: Options, context: Context, dry_run: bool) -> Data:
    """Unblock the targets, or remove all our blocks. Raises FortiViewError at the end if a target is still blocked."""
    if bool(options.everything) == bool(options.targets):
        raise InvalidInput(
            "Set either targets to the addresses to unblock, or everything=true to remove all our blocks"
        )
    for target in options.targets:
        if target.network is None:
            raise InvalidInput(f"{target.said[:60]!r} is not an address. Nothing was sent. Remove it from the targets")
    return Removal(options=options, context=context, dry_run=dry_run, planner=_unblocked, word="removed").result()


def expire(options: Options, context: Context, dry_run: bool) -> Data:
    """Remove expired blocks. Raises FortiViewError, also if the registry has never had a claim on a place with entries."""
    # A file may lose most of its lines, because only blocks that have expired according to the registry are removed.
    return Removal(
        options=options._replace(allow_shrink=True), context=context, dry_run=dry_run, planner=over, word="expired"
    ).result()


Planner = t.Callable[[Look, Options, float], list[Step]]


class Removal:
    """Removes the entries that the planner selects. `looks` are the places that were read, and `problems` are the
    reasons why the run fails."""

    def __init__(self, options: Options, context: Context, dry_run: bool, planner: Planner, word: str) -> None:
        self._options = options
        self._context = context
        self._dry_run = dry_run
        self._planner = planner
        self._word = word
        self.looks: list[Look] = []
        self._steps: list[tuple[Look, Step]] = []
        self._notices: list[str] = []
        self.problems: list[str] = []
        self._lines: list[audit.Line] = []
        # Addresses whose entries could not be removed, by place.
        self._missing: dict[Place, set[str]] = {}
        self._removed = 0

    def result(self) -> Data:
        data = self.run()
        if self.problems and not self._dry_run:
            error = StillBlocked("; ".join(self.problems), host=self._options.host or None)
            error.outcome = data
            raise error
        return data

    def run(self) -> Data:
        self._plan()
        if self.has_work and not self._dry_run:
            places = [one.place for one in self.looks]
            with self._context.registry.lock(places, LOCK_TIMEOUT, self._options.run_id):
                self._plan()
                audit.check_writable(self._options.audit_log)
                for one in self.looks:
                    settle(one, self._context)
                    self._remove(one)
                self._look_elsewhere()
                self._record()
                audit.append(self._options.audit_log, self._lines)
            self._follow_file()
        elif self._dry_run:
            self._look_elsewhere()
        self._refuse()
        return self._data()

    @property
    def has_work(self) -> bool:
        """Whether the run changes the FortiGate or the registry. An unblock changes the registry even for addresses
        that are not blocked."""
        if self._planner is _unblocked:
            return bool(self.looks)
        now = self.now
        return bool(self._steps) or any(one.unsettled or _ended(one, now) for one in self.looks)

    @property
    def now(self) -> float:
        return self._options.expired_by or self._context.now()

    def _follow_file(self) -> None:
        """Report addresses that are no longer in the file and are still blocked, because the FortiGate has not fetched
        the file again."""
        gone = [
            step.address
            for one, step in self._steps
            if one.method.name == "feed_file" and step.action in (REMOVE, ABSENT)
        ]
        if gone and self._context.fortigate is not None and self._options.verify:
            left = fetching.still_there(self._options, self._context, gone)
            # An expired block may remain until the next fetch. A block that a person removes must not remain.
            (self.problems if self._planner is _unblocked else self._notices).extend(left)

    def _plan(self) -> None:
        self.looks, unread = looks(self._options, self._context)
        now = self.now
        self._steps = []
        self._notices, self.problems = [], [f"{UNREAD}: {why}" for why in unread]
        for one in self.looks:
            self._notices += one.moved
            self._steps += [(one, step) for step in self._planner(one, self._options, now)]
            if self._planner is not _unblocked or self._options.everything:
                self._look_at_strangers(one)

    def _look_at_strangers(self, one: Look) -> None:
        """Report entries with neither a claim in the registry nor a mark, and marks with an invalid time."""
        if one.method.ends_by_itself and self._planner is over:
            return
        unknown = [
            address
            for address, entry in one.reading.active.items()
            if address not in one.listed.known and not entry.engine
        ]
        timeless = [
            note for entry in one.reading.entries.values() for note in (f"{entry.text} {why}" for why in entry.notes)
        ]
        self._notices += timeless
        if not unknown:
            return
        be, was = agree(len(unknown)), agree(len(unknown), "was", "were")
        said = f"{counted(len(unknown), 'entry')} of {one.title} {be} not in the registry, and {was} not removed: {listed(unknown)}"
        if one.listed.known or self._context.registry.knows(one.place):
            self._notices.append(said)
        else:
            cure = "Check that fortigate_block_registry is the registry of the runs that blocked these addresses"
            self.problems.append(f"{said}. {cure}")

    def _remove(self, one: Look) -> None:
        steps = [step for place, step in self._steps if place is one and step.action == REMOVE]
        writes = writes_of(one.method, steps, self._options.run_id)
        missing: list[str] = []
        self._forgive(one)
        if writes:
            registry, addresses = self._context.registry, [step.address for step in steps]
            registry.doubt(one.place, addresses)
            change = one.method.change(t.cast("t.Any", one.vdom), one.reading, writes)
            try:
                write_and_verify(
                    change, lambda: one.read(enforced=False), self._options.verification, self._context.sleep
                )
            except Failed as failed:
                missing = failed.missing or addresses
                registry.adopt(one.place, missing)
                why = failed.error.said if failed.missing else failed.said
                said = f"{listed(missing)} could not be removed from {one.title}: {why}"
                self.problems.append(f"{said}. {failed.error.next_step}".rstrip(". "))
        kept = set(missing)
        gone = [step for step in steps if step.address not in kept]
        self._removed += len(gone)
        self._settle_registry(one, gone)
        self._note_objects(one, gone)
        self._missing[one.place] = kept

    def _settle_registry(self, one: Look, gone: t.Sequence[Step]) -> None:
        registry, now = self._context.registry, self._context.now()
        registry.end(one.place, [step.address for step in gone], self._word)
        absent = {step.address for place, step in self._steps if place is one and step.action == ABSENT}
        if self._options.everything:
            absent |= set(one.standing)
        lost = [address for address in absent if address in one.standing and address not in one.reading.entries]
        registry.end(one.place, lost, "lost")
        registry.end(one.place, _ended(one, now), "expired")

    def _forgive(self, one: Look) -> None:
        """Forget the earlier blocks of all unblocked addresses, so that the next block of an address counts as its
        first. With the option `pardon`, also record until when hunts must not block the addresses."""
        if self._word != "removed":
            return
        place, options, now = one.place, self._options, self._context.now()
        until = now + options.pardon
        addresses = [step.address for where, step in self._steps if where is one and step.action in (REMOVE, ABSENT)]
        self._context.registry.forget_repeats(addresses)
        if options.pardon:
            given = (options.user, options.run_id, now, until)
            self._context.registry.pardon([Pardon(place.serial, place.host, address, *given) for address in addresses])

    def _note_objects(self, one: Look, gone: t.Sequence[Step]) -> None:
        """Report address objects that are kept outside of the group because they are still in use."""
        if one.method.name != "addrgrp" or not gone:
            return
        try:
            now = one.read(enforced=False).entries
        except FortiGateError:
            return
        kept = [name_of(step.address) for step in gone if step.address in now]
        if kept:
            self._notices.append(
                f"Address objects that are still in use were removed from the group but not deleted: {listed(kept)}"
            )

    def _look_elsewhere(self) -> None:
        """Search other places and policies for targets that no entry blocks any more. A target that is blocked there is
        not reported as absent."""
        if self._planner is not _unblocked or self._options.everything or self._context.fortigate is None:
            return
        elsewhere = Elsewhere(self._options, self._context, self._dry_run)
        found = elsewhere.blocks(self._off_all_lists(), [one.place for one in self.looks])
        self._notices += elsewhere.notices
        self.problems += elsewhere.problems
        self._steps = [(one, _elsewhere(step, found.get((step.vdom, step.address), ""))) for one, step in self._steps]

    def _off_all_lists(self) -> dict[tuple[str, str], Target]:
        """The targets that no entry in the places of their VDOM blocks any more, by VDOM and address."""
        clear = (ABSENT,) if self._dry_run else (ABSENT, REMOVE)
        found: dict[tuple[str, str], Target] = {}
        on_list = set()
        for one, step in self._steps:
            place = (step.vdom, step.address)
            found[place] = step.target
            stays = step.address in self._missing.get(one.place, ())
            if step.action not in clear or stays or one.reading.around(step.address) is not None or not step.vdom:
                on_list.add(place)
        return {place: target for place, target in found.items() if place not in on_list}

    def _record(self) -> None:
        words = {REMOVE: self._word}
        for one, step in self._steps:
            missing = self._missing.get(one.place, ())
            word = "failed" if step.address in missing else words.get(step.action, step.action)
            self._lines.append(audit.line_of(self._options, one.place, self._context.now(), step, word))

    def _refuse(self) -> None:
        """Report entries that still block a target, and entries that may still block it."""
        for one, step in self._steps:
            if step.action in (REFUSE, ENGINE):
                self.problems.append(f"{step.address} is still blocked by {one.title}: {step.why}")
            elif step.action == REMOVE and self._planner is _unblocked:
                around = one.reading.around(step.address)
                if around is not None:
                    self.problems.append(f"{step.address} is still blocked by {one.title}: {_blocks_it(around)}")
        if self._planner is _unblocked:
            self._name_other_lists()
            undecided = {name: one.title for one in self.looks for name in one.reading.undecided}
            self._notices += [
                f"The member {printable(name, 60)} of {where} may still block the targets, because the addresses of this member are not known"
                for name, where in undecided.items()
            ]

    def _name_other_lists(self) -> None:
        """Report places that were not read and that block a target according to the registry."""
        looked = {one.place for one in self.looks}
        wanted = [target.address for target in self._options.targets]
        for claim in self._context.registry.find(wanted, self._context.serial, self._options.host) if wanted else ():
            if claim.place._replace(serial=self._context.serial, host=self._options.host) in looked:
                continue
            said = f"{claim.address} is still blocked by {claim.place}, according to the registry"
            # This token cannot unblock the address in another VDOM. Only a run with the token of that VDOM can.
            others = self._options.vdom_token and claim.place.vdom not in self._options.vdoms
            if others:
                self._notices.append(f"{said}. To unblock it, run the job with the token of this VDOM")
            else:
                cure = "Check fortigate_block_vdoms, and the name of the feed or group"
                self.problems.append(f"{said}, but this run did not read this place. {cure}")

    def _data(self) -> Data:
        return {
            "changed": bool(self._removed)
            if not self._dry_run
            else any(step.action == REMOVE for _one, step in self._steps),
            "host": self._options.host,
            "serial": self._context.serial,
            "run_id": self._options.run_id,
            "method": self._options.method,
            "dry_run": self._dry_run,
            "steps": [
                {**step.as_dict(), "method": one.place.method, "result": self._word if step.action == REMOVE else ""}
                for one, step in self._steps
            ],
            "refused": [],
            "notices": list(dict.fromkeys(self._notices + (self.problems if self._dry_run else []))),
            "sessions_open": [],
            "audit": self._lines,
        }


def _unblocked(one: Look, options: Options, now: float) -> list[Step]:
    if options.everything:
        targets = [
            Target(address, ticket=options.ticket, approver=options.approver) for address in every_address([one])
        ]
    else:
        targets = list({target.address: target for target in options.targets}.values())
    return [_step(one, target, options) for target in sorted(targets, key=lambda each: address_order(each.address))]


def _step(one: Look, target: Target, options: Options) -> Step:
    address = target.address
    entry = one.reading.entries.get(address)
    step = Step(ABSENT, address, one.place.vdom, target, before=entry)
    # An address object that is not in its group blocks nothing.
    if entry is None or not (entry.active or address in one.listed.known):
        wide = one.reading.around(address)
        if wide is None:
            return step
        return step._replace(action=REFUSE, why=f"{_blocks_it(wide)}: change this entry to unblock the address")
    if entry.engine and not options.force:
        return step._replace(
            action=ENGINE, why=f"banned by {entry.engine} {_until(entry)}: set fortigate_block_force to remove it"
        )
    if address in one.listed.known or options.force:
        return step._replace(action=REMOVE)
    return step._replace(action=REFUSE, why=UNKNOWN)


def _blocks_it(entry: Entry) -> str:
    return f"entry {printable(entry.text, 60)} blocks it"


def _elsewhere(step: Step, why: str) -> Step:
    return step._replace(action=ELSEWHERE, why=why) if why and step.action == ABSENT else step


def _until(entry: Entry) -> str:
    return (
        "permanently" if entry.expires_at is None else f"until {time_text(entry.expires_at)} (clock of the FortiGate)"
    )


def _ended(one: Look, now: float) -> list[str]:
    """Addresses whose claims have all expired, and for which no entry of ours exists any more."""
    return [
        address
        for address, claims in one.standing.items()
        # A ban that exists after the end of the claims was set by others.
        if all(is_over(claim.expires_at, now) for claim in claims)
        and (one.method.ends_by_itself or address not in one.reading.entries)
    ]


def over(one: Look, options: Options, now: float) -> list[Step]:
    """The steps that remove our expired entries. Empty for bans, which end by themselves."""
    if one.method.ends_by_itself:
        return []
    ours = [
        address
        for address, known in one.listed.known.items()
        if is_over(known.expires_at, now) and address in one.reading.entries
    ]
    found = []
    for address in sorted(ours, key=address_order):
        known = one.listed.known[address]
        newest = known.newest
        target = Target(address)
        if newest is not None:
            target = target._replace(
                reasons=newest.reasons, threats=newest.threats, ticket=newest.ticket, approver=newest.approver
            )
        before = one.reading.entries[address]
        found.append(Step(REMOVE, address, one.place.vdom, target, expires_at=known.expires_at, before=before))
    return found
