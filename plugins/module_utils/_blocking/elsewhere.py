# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds what still blocks an address after an unblock: a ban, another feed or group, or a policy of another owner.

See protocol_fortigate.rst, "Policy lookup and counters".
"""

from __future__ import annotations

import typing as t

from .._common.errors import printable
from . import lookup, packets, policies
from .address_book import names_in
from .client import FortiGateError
from .context import Context, Look
from .methods.base import Entry
from .options import Options
from .packets import Need, Obj, title
from .registry.records import Place
from .searching import UNREAD, looks
from .targets import Target
from .topology import Routing, routing_of, topology

# The maximum number of addresses for which the policy lookup is queried, because an unblock of hundreds of addresses
# would take minutes otherwise.
MOST_ASKED = 20
# A VDOM, and a target that has no entry in this VDOM.
Where = tuple[str, str]


class Elsewhere:
    """The state of one run on one FortiGate. An unreadable table does not stop the run: it is reported in `notices`.
    `problems` are messages about entries and policies that still block."""

    def __init__(self, options: Options, context: Context, dry_run: bool) -> None:
        self._options = options
        self._context = context
        # A dry run removes nothing, so it does not wait until a removal takes effect.
        self._retries = 0 if dry_run else options.verification.retries
        # The policies and interfaces of each VDOM, None if they cannot be read.
        self._vdoms: dict[str, t.Optional[tuple[dict[str, Obj], Routing]]] = {}
        # For each queried VDOM, whether the policy lookup has returned a policy.
        self._named: dict[str, bool] = {}
        self.notices: list[str] = []
        self.problems: list[str] = []

    def blocks(self, left: t.Mapping[Where, Target], looked: t.Collection[Place]) -> dict[Where, str]:
        """The entry or policy that still blocks each of these addresses. `looked` are the places that have already been
        read."""
        found = self._on_other_lists(left, looked) if left and self._options.method else {}
        rest = {where: target for where, target in left.items() if where not in found}
        for (vdom, address), target in list(rest.items())[:MOST_ASKED]:
            policy = self._denying(vdom, target)
            if policy is not None:
                found[vdom, address] = f"{title(policy)} denies it"
                self.problems.append(f"{address} is still blocked in VDOM {vdom}: {title(policy)} denies it")
        self.notices += [
            f"The policy lookup of VDOM {vdom} returned no policy for the addresses, so only bans, feeds and groups were checked"
            for vdom, named in self._named.items()
            if not named
        ]
        if len(rest) > MOST_ASKED:
            self.notices.append(
                f"The policy lookup was queried for only {MOST_ASKED} of {len(rest)} addresses, so a policy may still "
                f"deny the other addresses. Unblock at most {MOST_ASKED} addresses in one run"
            )
        return found

    def _on_other_lists(self, left: t.Collection[Where], looked: t.Collection[Place]) -> dict[Where, str]:
        """The entries of other places that block these addresses. The caller uses this only for a run with a method,
        because such a run has read only the places of this method."""
        try:
            others, unread = looks(self._options._replace(method="", local_in_method=""), self._context)
        except FortiGateError as error:
            others, unread = [], [str(error)]
        self.notices += [f"{UNREAD}: {why}" for why in unread]
        found = {}
        for one in others:
            for vdom, address in left if one.place not in looked else ():
                entry = _blocking(one, address) if one.place.vdom == vdom else None
                if entry is None:
                    continue
                found[vdom, address] = f"it is blocked by {one.title}"
                # An address with an open claim is reported by the caller, from the registry.
                if address not in one.standing:
                    by = f"banned by {entry.engine}" if entry.engine else f"entry {printable(entry.text, 60)} blocks it"
                    self.problems.append(f"{address} is still blocked by {one.title}: {by}")
        return found

    def _denying(self, vdom: str, target: Target) -> t.Optional[Obj]:
        """The policy that denies packets because of this address. The lookup is repeated, because the kernel may apply
        a removal with a delay."""
        policy = self._denied_by(vdom, target)
        for _attempt in range(self._retries):
            if policy is None:
                break
            self._context.sleep(self._options.verification.delay)
            policy = self._denied_by(vdom, target)
        return policy

    def _denied_by(self, vdom: str, target: Target) -> t.Optional[Obj]:
        if vdom not in self._vdoms:
            self._vdoms[vdom] = self._read(vdom)
        known = self._vdoms[vdom]
        if known is None or target.network is None:
            return None
        by_number, routing = known
        for need in policies.needs_of(target):
            answers = lookup.ask(self._context.vdom(vdom), lookup.probe_packets(routing, need, target.network))
            found = [by_number[number] for number in answers if number in by_number]
            self._named[vdom] = bool(found) or self._named.get(vdom, False)
            denying = [one for one in found if packets.denies(one) and _is_about_addresses(one, need)]
            if denying:
                return denying[0]
        return None

    def _read(self, vdom: str) -> t.Optional[tuple[dict[str, Obj], Routing]]:
        try:
            facts = topology(self._options._replace(vdoms=(vdom,)), self._context, True, True)
            order = policies.read_policies(self._context.vdom(vdom))
        except FortiGateError as error:
            self.notices.append(f"It is not known whether a policy of VDOM {vdom} still denies the addresses: {error}")
            return None
        return None if facts is None else ({str(one.get("policyid")): one for one in order}, routing_of(facts, vdom))


def _is_about_addresses(policy: Obj, need: Need) -> bool:
    """Whether the policy names specific addresses. A policy that denies all remaining traffic does not deny because of
    this address."""
    return "all" not in names_in(policy, need.ours)


def _blocking(one: Look, address: str) -> t.Optional[Entry]:
    """The entry of the place that blocks the address."""
    entry = one.reading.entries.get(address)
    return entry if entry is not None and entry.active else one.reading.around(address)
