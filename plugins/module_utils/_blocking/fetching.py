# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks whether a FortiGate has fetched a published file, and whether a deny policy uses the feed of this file
(protocol_fortigate.rst, "Threat feeds").

The FortiGate fetches the file at intervals of minutes. This module makes the FortiGate fetch the file now, and reads
the feed until its entries match the file.
"""

from __future__ import annotations

import functools
import typing as t

from .._common.naming import agree, listed
from .changes import Failed
from .client import NOT_FOUND, FortiGateError, Vdom
from .context import Context, look
from .in_force import InForce
from .methods.base import Reading
from .methods.feed_push import FeedPush
from .options import Options
from .places import unfit_feed
from .planning import Step
from .targets import Target

REFRESH = "monitor/system/external-resource/refresh"
NOT_YET = "the FortiGate has not fetched the file yet, and fetches it at the next refresh of the feed"
Done = t.Callable[[Reading], bool]


class Fetched(t.NamedTuple):
    """`blocked` has, by address, the steps with proof whose addresses the FortiGate denies in all VDOMs. `fresh` are
    those of these addresses that were not in the feed of a VDOM before. `notices` say why the other addresses are not
    blocked."""

    blocked: dict[str, Step]
    fresh: frozenset[str]
    notices: list[str]


def holds(options: Options, context: Context, addresses: t.Collection[str]) -> bool:
    """Whether all of the addresses are in the feed of every VDOM. False if a feed cannot be read. Sends at most one
    request for each VDOM."""
    return all(_has(_read(context.vdom(name), options)[0], addresses) for name in options.vdoms)


def fetch(options: Options, context: Context, steps: t.Sequence[Step]) -> Fetched:
    """Make the FortiGate fetch the file if an address of these steps is missing in the feed, and check which addresses
    are blocked."""
    found = {step.address: step for step in steps}
    fresh: set[str] = set()
    notices: list[str] = []
    for name in options.vdoms:
        before, _why = _read(context.vdom(name), options)
        reading, why = _until(context, name, options, before, functools.partial(_has, addresses=list(found)))
        there = {one for one in found if reading is not None and one in reading.entries}
        if why:
            missing = [one for one in found if one not in there] or ["The file"]
            notices.append(
                f"{listed(missing)} {agree(len(missing))} published, but not yet in force in VDOM {name}: {why}"
            )
        fresh |= {one for one in there if before is None or one not in before.entries}
        found = _denied({one: step for one, step in found.items() if one in there}, name, options, context, notices)
    return Fetched(found, frozenset(fresh & set(found)), notices)


def still_there(options: Options, context: Context, addresses: t.Collection[str]) -> list[str]:
    """Why addresses that are no longer in the file are, or may be, still blocked. The result has one message for each
    VDOM in which this is so."""
    left = []
    for name in options.vdoms:
        before, _why = _read(context.vdom(name), options)
        reading, why = _until(context, name, options, before, functools.partial(_has_none, addresses=addresses))
        there = [one for one in addresses if reading is not None and one in reading.entries]
        if reading is None:
            left.append(
                f"It is not known whether feed {options.lists.feed} in VDOM {name} still blocks {listed(list(addresses))}: {why}"
            )
        elif there:
            left.append(
                f"{listed(there)} {agree(len(there))} no longer in the file, but still blocked "
                f"by feed {options.lists.feed} in VDOM {name}: {why}"
            )
    return left


def _read(vdom: Vdom, options: Options) -> tuple[t.Optional[Reading], str]:
    """The entries of the feed, and why the entries could not be read. The entries are empty if the feed does not exist,
    and None if they are not known or if the FortiGate does not apply them."""
    try:
        return FeedPush(options.lists.feed, fetched=True).read(vdom, enforced=True), ""
    except FortiGateError as error:
        missing = error.context.get("http_status") == NOT_FOUND
        return (Reading({}) if missing else None), str(error)


def _has(reading: t.Optional[Reading], addresses: t.Collection[str]) -> bool:
    return reading is not None and all(one in reading.entries for one in addresses)


def _has_none(reading: Reading, addresses: t.Collection[str]) -> bool:
    return not any(one in reading.entries for one in addresses)


def _until(
    context: Context, name: str, options: Options, reading: t.Optional[Reading], done: Done
) -> tuple[t.Optional[Reading], str]:
    """Make the FortiGate fetch the file, unless the feed is already `done`. Returns the last reading, and why it is not
    `done`, empty if it is."""
    if reading is not None and done(reading):
        return reading, ""
    vdom, verification = context.vdom(name), options.verification
    try:
        refused = unfit_feed(vdom, FeedPush(options.lists.feed, fetched=True), [])
        if not refused:
            vdom.write("POST", REFRESH, {"mkey": options.lists.feed})
    except FortiGateError as error:
        refused = str(error)
    unread = ""
    # If the FortiGate does not fetch the file now, the feed is read once, without waiting.
    for attempt in range(1 if refused else verification.retries + 1):
        if attempt:
            context.sleep(verification.delay)
        reading, unread = _read(vdom, options)
        if reading is not None and done(reading):
            return reading, ""
    return reading, refused or unread or NOT_YET


def _denied(
    steps: dict[str, Step], name: str, options: Options, context: Context, notices: list[str]
) -> dict[str, Step]:
    """The steps whose addresses a policy denies. An entry of the feed is blocked only if a deny policy uses the
    feed."""
    if not steps:
        return {}
    method = FeedPush(options.lists.feed, fetched=True)
    judge = InForce(method, options._replace(vdoms=(name,), require_policy=True), context, dry_run=False)
    targets: list[Target] = [step.target for step in steps.values()]
    proven: list[Step] = []
    try:
        one = look(method, name, options, context, enforced=False)
        why = judge.check([one], targets, writes=True)
        if not why:
            proven = judge.prove(one, [step._replace(vdom=name) for step in steps.values()])
    except FortiGateError as error:
        why = str(error)
    except Failed as failed:
        why = failed.said
    if why:
        notices.append(
            f"The FortiGate has fetched the file, but it is not proven that VDOM {name} blocks the addresses: {why}"
        )
    notices += judge.notices
    return {step.address: step._replace(vdom="") for step in proven if not judge.word(step)}
