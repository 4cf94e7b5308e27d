# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks whether the FortiGate blocks the entries of feeds and groups. A run checks the policies before the first
write, and proves its blocks after the writes.

A ban is in force if the FortiGate returns it. A feed or group blocks only traffic that a deny policy uses this feed or
group before another policy accepts the traffic.
"""

from __future__ import annotations

import typing as t

from .._common.naming import agree, listed
from . import local_in, lookup, packets, places, policies, topology
from .address_book import Book, Tables
from .changes import Failed
from .client import FortiGateError
from .context import Context, Look
from .methods.base import Method
from .options import Options
from .packets import Obj, Verdict, title
from .planning import Step
from .targets import Target
from .topology import Routing

LOOKUP, ORDER, ENTRY = "lookup", "order", "entry"
LISTS = ("feed_push", "addrgrp")
# The outcomes for a written address whose traffic may pass, and for a written address whose traffic passes.
UNPROVEN, NOT_IN_FORCE = "written, not proven", "written, not in force"
# The maximum number of undecided verdicts for which one run queries the policy lookup. Each of them needs at least one
# request, so a feed with thousands of entries would need thousands of requests.
MOST_LOOKED_UP = 200
ENOUGH = f"one run queries the policy lookup for at most {MOST_LOOKED_UP} such addresses"
CURE = (
    "Move the deny policy above the accepting policy, or exclude the address from the accepting policy. With "
    "fortigate_block_require_policy=false, the run writes the target nevertheless"
)
BOOTSTRAP = (
    "Create such a policy with the entry point bootstrap. With fortigate_block_require_policy=false, the run writes "
    "the target without such a policy"
)


# Addresses with the same values need only one lookup: the denied traffic, its incoming interfaces, and the number of
# the policy that denies.
_Alike = tuple[packets.Need, tuple[str, ...], t.Optional[int]]


class _Place(t.NamedTuple):
    """The policies, the interfaces and the verdicts of one VDOM."""

    policies: t.Sequence[Obj]
    routing: t.Optional[Routing]
    verdicts: dict[str, list[Verdict]]


class InForce:
    """The state of one run on one FortiGate, for one method."""

    def __init__(self, method: Method, options: Options, context: Context, dry_run: bool) -> None:
        self._method = method
        self._options = options
        self._context = context
        # Whether the policy lookup is queried after the write.
        self._asks = options.verify and not options.plan and not dry_run
        self._places: dict[str, _Place] = {}
        self._words: dict[tuple[str, str], str] = {}
        # VDOMs and addresses that the FortiGate itself may still answer.
        self._answered: set[tuple[str, str]] = set()
        self._notices: list[str] = []
        # Addresses without proof, by VDOM and reason, and the number of undecided verdicts that were looked up.
        self._undecided: dict[tuple[str, str], dict[str, None]] = {}
        self._looked_up = 0

    @property
    def notices(self) -> list[str]:
        """All notices, with one notice for each VDOM and each reason why blocks are not proven."""
        found = [
            f"It is not known whether {listed(list(addresses))} {agree(len(addresses))} blocked in VDOM {vdom}: {why}"
            for (vdom, why), addresses in self._undecided.items()
        ]
        return [*self._notices, *found]

    def word(self, step: Step) -> str:
        """The outcome of a step that is not proven or not in force, empty for other steps."""
        return self.proof_of(step.vdom, step.address)

    def proof_of(self, vdom: str, address: str) -> str:
        place = (vdom, address)
        return self._words.get(place, "") or (UNPROVEN if place in self._answered else "")

    def check(
        self, looks: t.Sequence[Look], targets: t.Sequence[Target], writes: bool, attacked_fortigate: bool = False
    ) -> str:
        """Why nothing may be written, empty if writing is permitted. Without `writes`, only the policies are read.

        With `attacked_fortigate`, a local-in policy must also deny the targets, because they attacked the FortiGate
        itself. Raises FortiGateError.
        """
        if not targets:
            return ""
        lists = self._method.name in LISTS
        facts = topology.topology(self._options, self._context, lists, writes) if lists or writes else None
        if facts is not None and writes:
            refused = topology.refusal(facts)
            if refused:
                return refused
            self._notices += topology.notices(facts, lists)
        if not lists:
            return ""
        found: list[str] = []
        for one in looks:
            unfit = places.unfit(one, targets, self._notices) if writes else ""
            found += [unfit] if unfit else self._judge(one, facts, targets, writes)
            found += self._judge_local_in(one, facts, targets, writes) if attacked_fortigate and not unfit else []
        return "; ".join(found)

    def _judge(
        self, one: Look, facts: t.Optional[topology.Facts], targets: t.Sequence[Target], writes: bool
    ) -> list[str]:
        vdom, options = t.cast("t.Any", one.vdom), self._options
        try:
            order = policies.read_policies(vdom)
        except FortiGateError as error:
            if options.require_policy:
                raise
            self._notices.append(f"It is not known whether a deny policy uses the feed or group: {error}")
            self._mark(one, (target.address for target in targets), UNPROVEN)
            return []
        routing = topology.routing_of(facts, vdom.name) if facts is not None else None
        book = self._book(one, routing)
        judged = policies.judged(vdom, order, book, routing, targets, writes)
        self._places[vdom.name] = _Place(order, routing, judged.verdicts)
        self._notices += judged.notices
        if writes:
            self._notices += _left_open(vdom.name, order, book, routing, judged.verdicts)
        found = [*self._idle(one, order, judged.verdicts), *_accepted(vdom.name, judged.verdicts)]
        self._doubtful(one, judged.verdicts, writes)
        if options.require_policy:
            return found
        self._notices += found
        return []

    def _judge_local_in(
        self, one: Look, facts: t.Optional[topology.Facts], targets: t.Sequence[Target], writes: bool
    ) -> list[str]:
        """Why local-in policies do not deny these targets by the feed or group. This is checked even with
        require_policy=false, because without a local-in policy the feed or group does not stop these attackers."""
        vdom = t.cast("t.Any", one.vdom)
        too_old = local_in.too_old(vdom) if self._method.name == "feed_push" else ""
        if too_old:
            return [too_old]
        versions = sorted({6 if ":" in target.address else 4 for target in targets})
        order = {version: local_in.read(vdom, version) for version in versions}
        routing = topology.routing_of(facts, vdom.name) if facts is not None else None
        book, unread = self._book(one, routing), t.cast("list[str]", [])
        found = [local_in.judged(order, book, routing, target) for target in targets]
        if writes and any(verdict.kind == packets.UNDECIDED for verdict in found):
            book = policies.read_book(vdom, book, versions, unread)
            found = [local_in.judged(order, book, routing, target) for target in targets]
        self._notices += policies.without_right(vdom, unread)
        self._doubtful_local_in(
            vdom.name,
            [target.address for target, verdict in zip(targets, found) if verdict.kind == packets.UNDECIDED],
        )
        return list(dict.fromkeys(filter(None, (local_in.why_open(vdom.name, verdict, book) for verdict in found))))

    def _doubtful_local_in(self, vdom: str, addresses: t.Sequence[str]) -> None:
        if addresses:
            self._answered.update((vdom, address) for address in addresses)
            self._notices.append(
                f"It is not known whether a local-in policy of VDOM {vdom} denies traffic from {listed(addresses)} to the "
                "FortiGate itself: another policy may accept the traffic first, or the deny policy may "
                "apply to interfaces that are not known"
            )

    def _book(self, one: Look, routing: t.Optional[Routing]) -> Book:
        lists = self._options.lists
        feed = self._method.name == "feed_push"
        ours = {4: lists.feed, 6: lists.feed} if feed else {4: lists.group, 6: lists.group6}
        groups = {version: Tables({}, {ours[version]: group}) for version, group in one.reading.groups.items()}
        return Book(ours, groups, routing.published if routing is not None else {})

    def _idle(self, one: Look, order: t.Sequence[Obj], verdicts: t.Mapping[str, list[Verdict]]) -> list[str]:
        idle = {address: [each for each in found if each.kind == packets.IDLE] for address, found in verdicts.items()}
        idle = {address: found for address, found in idle.items() if found}
        if not idle:
            return []
        self._mark(one, idle, NOT_IN_FORCE)
        reported = [f"{address}: {each.why}" for address, found in idle.items() for each in found if each.why]
        needs = {each.need: None for found in idle.values() for each in found if not each.why}
        if needs:
            lists = self._options.lists
            names = {lists.feed} if self._method.name == "feed_push" else {lists.group, lists.group6}
            reported.append(f"{policies.idle(t.cast('t.Any', one.vdom), order, names, needs)}. {BOOTSTRAP}")
        return reported

    def _doubtful(self, one: Look, verdicts: t.Mapping[str, list[Verdict]], writes: bool) -> None:
        """Mark addresses that pass or may pass. If the policy lookup is queried after the write, the notices about
        undecided addresses are added only then."""
        for address, found in verdicts.items():
            kinds = [each.kind for each in found]
            if packets.ACCEPTED in kinds:
                self._mark(one, [address], NOT_IN_FORCE)
            elif packets.UNDECIDED in kinds and packets.IDLE not in kinds:
                self._mark(one, [address], UNPROVEN)
                if (not self._asks) if writes else any(each.why for each in found):
                    self._doubt(one.place.vdom, address, found)

    def _doubt(self, vdom: str, address: str, verdicts: t.Iterable[Verdict]) -> None:
        for one in verdicts:
            if one.kind == packets.UNDECIDED:
                self._undecided.setdefault((vdom, _why(one)), {})[address] = None

    def _mark(self, one: Look, addresses: t.Iterable[str], word: str) -> None:
        self._words.update({(one.place.vdom, address): word for address in addresses})

    def prove(self, one: Look, steps: t.Sequence[Step]) -> list[Step]:
        """These steps with their proof. Raises Failed if the FortiGate accepts traffic of a written address and the
        options require a policy."""
        if self._method.name == "ban":
            return [step._replace(proof=ENTRY) for step in steps]
        place = self._places.get(one.place.vdom)
        if place is None:
            return list(steps)
        asked: dict[_Alike, lookup.Outcome] = {}
        return [self._proven(one, place, step, asked) for step in steps]

    def _proven(self, one: Look, place: _Place, step: Step, asked: dict[_Alike, lookup.Outcome]) -> Step:
        outcomes = []
        for verdict in place.verdicts.get(step.address, []):
            if verdict.kind == packets.DENIED:
                # One lookup is enough for all addresses with the same incoming interfaces and the same deny policy.
                probe_packets = lookup.probe_packets(place.routing, verdict.need, verdict.network)
                alike = (verdict.need, tuple(each.interface for each in probe_packets), _number(verdict.policy))
                if alike not in asked:
                    asked[alike] = self._partly(one, place, verdict, self._ask(one, place, verdict, probe_packets))
                outcome = asked[alike]
                if outcome.kind == lookup.BLIND:
                    self._notices.append(_blind(one.place.vdom, outcome, verdict))
            elif verdict.kind == packets.UNDECIDED and self._looked_up >= MOST_LOOKED_UP:
                outcome = lookup.Outcome(lookup.SILENT)
                verdict = verdict._replace(why=f"{_why(verdict)}; {ENOUGH}")
            elif verdict.kind == packets.UNDECIDED:
                self._looked_up += 1
                outcome = self._decided(one, place, verdict)
            else:
                return step
            if outcome.kind == lookup.CONTRADICTED:
                return self._contradicted(one, step, outcome)
            outcomes.append((verdict, outcome))
        return self._with_proof(one, step, outcomes)

    def _with_proof(self, one: Look, step: Step, outcomes: t.Sequence[tuple[Verdict, lookup.Outcome]]) -> Step:
        unproven = [
            verdict
            for verdict, outcome in outcomes
            if outcome.kind != lookup.PROVEN and verdict.kind == packets.UNDECIDED
        ]
        if unproven or not outcomes:
            self._doubt(one.place.vdom, step.address, unproven)
            return step
        self._words.pop((step.vdom, step.address), None)
        verdict, outcome = outcomes[0]
        by_lookup = all(each.kind == lookup.PROVEN for _verdict, each in outcomes)
        policy = outcome.policy if by_lookup else verdict.policy
        return step._replace(proof=LOOKUP if by_lookup else ORDER, policy=_number(policy))

    def _partly(self, one: Look, place: _Place, verdict: Verdict, outcome: lookup.Outcome) -> lookup.Outcome:
        """The outcome, without proof if the lookups cover only some of the interfaces."""
        left = lookup.unasked(place.routing, verdict.need, verdict.network)
        if outcome.kind != lookup.PROVEN or not left:
            return outcome
        self._notices.append(
            f"In VDOM {one.place.vdom}, the policy lookup for {verdict.need} was queried for only "
            f"{lookup.MOST_INTERFACES} interfaces. For traffic that enters through {listed(left)}, the order of "
            "the policies is the proof"
        )
        return lookup.Outcome(lookup.SILENT)

    def _decided(self, one: Look, place: _Place, verdict: Verdict) -> lookup.Outcome:
        """Query the policy lookup about an undecided verdict. Packets that show what every doubtful policy does can
        prove the block. Other packets can only contradict the block."""
        shown = lookup.probe_packets_about(verdict, place.routing)
        asked = shown or lookup.probe_packets(place.routing, verdict.need, verdict.network)
        outcome = self._ask(one, place, verdict, asked)
        return outcome if shown or outcome.kind == lookup.CONTRADICTED else lookup.Outcome(lookup.SILENT)

    def _ask(self, one: Look, place: _Place, verdict: Verdict, asked: t.Sequence[lookup.ProbePacket]) -> lookup.Outcome:
        """Query the policy lookup until it does not contradict the block, or until the retries are used up. The kernel
        may apply a new member of a group with a delay."""
        outcome = lookup.Outcome(lookup.SILENT)
        sees_lists = self._method.name == "addrgrp"
        for attempt in range(self._options.verification.retries + 1):
            if attempt:
                self._context.sleep(self._options.verification.delay)
            answers = lookup.ask(t.cast("t.Any", one.vdom), asked)
            outcome = lookup.weigh(answers, place.policies, verdict, sees_lists)
            if outcome.kind != lookup.CONTRADICTED:
                break
        return outcome

    def _contradicted(self, one: Look, step: Step, outcome: lookup.Outcome) -> Step:
        vdom = t.cast("t.Any", one.vdom)
        said = f"{step.address} was written, but {title(outcome.policy or {})} accepts the traffic first"
        if self._options.require_policy:
            raise Failed(vdom.doubt("GET", lookup.PATH, said, f"{CURE}."), [], None, "")
        self._notices.append(f"In VDOM {vdom.name}, {said}")
        self._mark(one, [step.address], NOT_IN_FORCE)
        return step


def _accepted(vdom: str, verdicts: t.Mapping[str, list[Verdict]]) -> list[str]:
    found: dict[str, list[str]] = {}
    for address, those in verdicts.items():
        for one in those:
            if one.kind == packets.ACCEPTED:
                found.setdefault(_how(one), []).append(address)
    return [
        f"{listed(addresses)} would not be blocked in VDOM {vdom}: {how}. {CURE}" for how, addresses in found.items()
    ]


def _how(one: Verdict) -> str:
    accepting = f"{title(one.policy or {})} accepts the traffic first"
    if one.denied_by is None or None in [end for pair in one.pairs for end in pair]:
        return accepting
    return (
        f"{title(one.denied_by)} does not deny traffic that {_between(one.pairs)}, and "
        f"{title(one.policy or {})} accepts it there"
    )


def _between(pairs: t.Iterable[packets.Pair]) -> str:
    come = listed(list(dict.fromkeys(one.name for one, _other in pairs if one is not None)))
    go = listed(list(dict.fromkeys(other.name for _one, other in pairs if other is not None)))
    return f"enters through {come} and leaves through {go}"


def _left_open(
    vdom: str, order: t.Sequence[Obj], book: Book, routing: t.Optional[Routing], verdicts: t.Mapping[str, list[Verdict]]
) -> t.Iterator[str]:
    needs = {one.need: one for found in verdicts.values() for one in found if one.kind != packets.IDLE}
    for need, one in needs.items():
        names = packets.open_interfaces(order, book, routing, need, one.network)
        if one.denied_by is not None and names:
            these = agree(len(names), "this interface", "these interfaces")
            yield f"In VDOM {vdom}, the policies that deny {need} by the feed or group do not cover {these}: {listed(names)}"


def _why(one: Verdict) -> str:
    doubts = listed([title(each) for each in one.doubts])
    cannot = f"{doubts} may accept the traffic first, because this run cannot evaluate countries, names and services in a policy"
    return one.why or cannot


def _blind(vdom: str, outcome: lookup.Outcome, verdict: Verdict) -> str:
    return (
        f"The policy lookup of VDOM {vdom} returned {title(outcome.policy or {})}, which is below "
        f"{title(verdict.policy or {})}. The lookup seems not to evaluate the feed, so the order of the policies is "
        "the proof"
    )


def _number(policy: t.Optional[Obj]) -> t.Optional[int]:
    text = str((policy or {}).get("policyid"))
    return int(text) if text.isdecimal() else None
