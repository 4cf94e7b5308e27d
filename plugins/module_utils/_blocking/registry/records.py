# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records of the registry as plain tuples, and the error of the registry."""

from __future__ import annotations

import typing as t

from ..._common.errors import FortiViewError, printable

# States of an open claim. attempted: the run is about to write the block. active: the block was read back. unverified:
# the block was written and not read back. left: a rollback or a removal has not finished, and the address may still be
# blocked.
STATES = ("attempted", "active", "unverified", "left")
# Outcomes of an ended claim. refused: the block was missing, and the guardrails refuse to write it again.
OUTCOMES = ("removed", "expired", "rolled_back", "lost", "refused")
# The user of a run without job_user.
UNKNOWN_USER = "unknown"


class RegistryError(FortiViewError):
    """The registry could not be opened, locked, read or written."""

    kind = "registry"


class Place(t.NamedTuple):
    """A place where addresses are blocked: the bans, a feed or a group of one VDOM. A published feed file has no serial
    number, host or VDOM."""

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
    """The record that one run blocks this address in this place."""

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
    """The record that a person has unblocked this address. Hunts do not block the address before `until`."""

    serial: str
    host: str
    address: str
    user: str
    run_id: str
    given_at: float
    until: float

    @property
    def by(self) -> str:
        """The user in a message."""
        return "an unknown user" if self.user == UNKNOWN_USER else printable(self.user, 60)


class Repeat(t.NamedTuple):
    """How often an address was blocked. `step` is 1 for the first block. The end of a block is None if the block is
    permanent, or if there was no such block."""

    address: str
    step: int
    blocked_until: t.Optional[float]  # latest end on any FortiGate
    blocked_before: t.Optional[float]  # end of the previous block
    run_id: str


class Remembered(t.NamedTuple):
    """An address that a FortiGate depends on, from the last reading of its configuration."""

    serial: str
    host: str
    address: str
    reason: str
    seen_at: float
