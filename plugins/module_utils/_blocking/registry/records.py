# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records of the registry, as plain tuples, and its error."""

from __future__ import annotations

import typing as t

from ..._common.errors import FortiViewError

# attempted: the run is about to write it. active: it was verified on the FortiGate. unverified: it was written and not verified. left: a rollback or
# a removal did not finish, and the address may still be blocked.
STATES = ("attempted", "active", "unverified", "left")
# refused: a missing block that the guardrails refuse now.
OUTCOMES = ("removed", "expired", "rolled_back", "lost", "refused", "superseded")


class RegistryError(FortiViewError):
    """The registry could not be opened, locked, read or written."""

    kind = "registry"


class Place(t.NamedTuple):
    """A place where addresses are blocked: the bans, a feed or a group of one VDOM. A published feed file has no serial, host and VDOM."""

    serial: str
    host: str  # name in the inventory
    vdom: str
    method: str  # ban, feed_push, feed_file, addrgrp
    list: str  # name of the feed or group, path of the file, "" for bans

    def __str__(self) -> str:
        named = f"{self.method} {self.list}".rstrip()
        where = f"{named}, VDOM {self.vdom}" if self.vdom else named
        return f"{where} on {self.host or self.serial}" if self.host or self.serial else where


class Claim(t.NamedTuple):
    """The claim of one run that this address is blocked in this place."""

    place: Place
    address: str  # canonical text
    run_id: str
    user: str
    claimed_at: float  # seconds since the epoch, UTC
    expires_at: t.Optional[float]  # None is permanent
    ttl: int  # requested seconds, 0 is permanent
    reasons: tuple[str, ...] = ()
    threats: tuple[str, ...] = ()
    state: str = "attempted"
    ticket: str = ""
    approver: str = ""


class Ended(t.NamedTuple):
    """An ended claim."""

    claim: Claim
    outcome: str
    ended_at: float


class Pardon(t.NamedTuple):
    """A person has unblocked this address. Hunts do not block it before `until`."""

    serial: str
    host: str
    address: str
    user: str
    run_id: str
    given_at: float
    until: float


class Repeat(t.NamedTuple):
    """How often an address was blocked: `step` is 1 for the first block. A time is None for a permanent
    block, and if there was no block."""

    address: str
    step: int
    blocked_until: t.Optional[float]  # on any FortiGate
    blocked_before: t.Optional[float]  # the end of the block before that one
    run_id: str


class Remembered(t.NamedTuple):
    """An address that a FortiGate depends on, from the last reading of its configuration."""

    serial: str
    host: str
    address: str
    reason: str
    seen_at: float
