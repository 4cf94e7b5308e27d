# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides whether an entry stops the traffic from an address. An entry of a feed or group stops nothing, unless a deny
policy uses this feed or group."""

from __future__ import annotations

import typing as t

from .client import FortiGateError
from .context import Context, Look
from .in_force import UNPROVEN, InForce
from .options import Lists, Options
from .targets import Target

A_FILE = "FortiGates fetch the file, and it is not known which FortiGates have already fetched it"


class Stops(t.NamedTuple):
    """Whether an entry stops traffic. `yes` is None if this is not known. `why` is the reason if the entry does not
    stop traffic, or if this is not known."""

    yes: t.Optional[bool]
    why: str = ""


def stops(one: Look, target: Target, options: Options, context: Context) -> Stops:
    """Whether the entries of this place stop the traffic from the target. Raises RegistryError."""
    if one.vdom is None:
        return Stops(None, A_FILE)
    if one.reading.problem:
        return Stops(None, f"the FortiGate does not apply all entries of feed {one.place.list}: {one.reading.problem}")
    here = options._replace(vdoms=(one.place.vdom,), lists=_lists(one, options.lists), require_policy=True)
    judge = InForce(one.method, here, context, dry_run=True)
    try:
        why = judge.check([one], [target], writes=True)
    except FortiGateError as error:
        return Stops(None, str(error))
    if why:
        return Stops(False, why)
    if judge.proof_of(one.place.vdom, target.address) == UNPROVEN:
        return Stops(None, "; ".join(judge.notices))
    return Stops(True)


def _lists(one: Look, lists: Lists) -> Lists:
    key = {"feed_push": "feed", "addrgrp": "group"}.get(one.place.method)
    return lists._replace(**{key: one.place.list}) if key else lists
