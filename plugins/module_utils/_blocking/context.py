# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The context of the operations: the FortiGate, the registry, the clock, and the places with their current entries."""

from __future__ import annotations

import time
import typing as t

from .._common.errors import InvalidInput, printable
from .client import FortiGate, Vdom
from .methods.address_group import AddressGroup
from .methods.ban import Ban
from .methods.base import Method, Reading
from .methods.feed_file import FeedFile
from .methods.feed_push import FeedPush
from .options import Lists, Options
from .ownership import known_of
from .planning import List
from .registry.records import Claim, Place
from .registry.store import Registry

# How long a run waits for another run that changes the same place, in seconds.
LOCK_TIMEOUT = 300.0
# States of claims for which no reading has shown yet whether the address is blocked.
UNSETTLED = ("attempted", "left")
NO_CONNECTION = (
    "This host has no connection to a FortiGate. Set ansible_connection and ansible_network_os as described in the "
    "README of the role fortigate_block"
)


class Context(t.NamedTuple):
    """`fortigate` is None for a host without a connection. Such a host can only publish a file."""

    fortigate: t.Optional[FortiGate]
    registry: Registry
    now: t.Callable[[], float] = time.time
    sleep: t.Callable[[float], t.Any] = time.sleep

    @property
    def serial(self) -> str:
        return self.fortigate.serial if self.fortigate else ""

    def vdom(self, name: str) -> Vdom:
        if self.fortigate is None:
            raise InvalidInput(NO_CONNECTION)
        return self.fortigate.vdom(name)


def method_of(name: str, lists: Lists, options: Options, context: Context) -> Method:
    if name == "ban":
        return Ban()
    if name == "feed_push":
        return FeedPush(lists.feed)
    if name == "addrgrp":
        return AddressGroup(lists.group, lists.group6)
    if name == "feed_file":
        return FeedFile(lists.feed_file, options.allow_shrink, context.sleep)
    raise ValueError(f"no such method: {name}")


class Look(t.NamedTuple):
    """A place with its current entries. `vdom` is None for a published file. `standing` has the open claims by
    address."""

    method: Method
    place: Place
    vdom: t.Optional[Vdom]
    listed: List
    standing: dict[str, list[Claim]]

    @property
    def reading(self) -> Reading:
        return self.listed.reading

    @property
    def title(self) -> str:
        """The name of the place in messages."""
        named = f"{self.place.method} {self.place.list}".strip()
        return f"{named} in VDOM {self.place.vdom}" if self.place.vdom else named

    @property
    def unsettled(self) -> list[str]:
        return [address for address, claims in self.standing.items() if any(one.state in UNSETTLED for one in claims)]

    def read(self, enforced: bool) -> Reading:
        return _read(self.method, self.vdom, enforced)

    @property
    def moved(self) -> list[str]:
        """Notices about claims with other serial numbers for the same host name."""
        serials = {one.place.serial for claims in self.standing.values() for one in claims} - {self.place.serial}
        return [
            f"{self.place.host} now has the serial number {self.place.serial}. Blocks of {printable(one, 40)} under the same host name "
            "are treated as blocks of this FortiGate, because a failover also changes the serial number"
            for one in sorted(serials)
        ]


def look(method: Method, vdom_name: str, options: Options, context: Context, enforced: bool) -> Look:
    """Read a place and its claims. Raises FortiGateError if the entries cannot be read, and RegistryError if the
    registry cannot be read."""
    is_file = isinstance(method, FeedFile)
    vdom = None if is_file else context.vdom(vdom_name)
    reading = _read(method, vdom, enforced)
    place = Place(
        serial="" if is_file else context.serial,
        host="" if is_file else options.host,
        vdom="" if is_file else vdom_name,
        method=method.name,
        list=method.list_name,
    )
    standing = context.registry.standing(place)
    known = known_of(place, reading, standing, context.now())
    pardons = context.registry.pardons(place.serial, place.host)
    return Look(
        method=method, place=place, vdom=vdom, listed=List(place.vdom, reading, known, pardons), standing=standing
    )


def _read(method: Method, vdom: t.Optional[Vdom], enforced: bool) -> Reading:
    # A feed file has no VDOM.
    return method.read(t.cast("Vdom", vdom), enforced)


def settle(one: Look, context: Context) -> None:
    """Settle the claims of interrupted runs: an unsettled claim becomes active if its address is blocked now, and ends
    otherwise. The caller must hold the lock, so that no other run writes at the same time."""
    unsettled, active = one.unsettled, one.reading.active
    context.registry.adopt(one.place, [address for address in unsettled if address in active])
    lost: dict[str, list[str]] = {}
    for address in unsettled:
        for claim in one.standing[address] if address not in active else ():
            if claim.state in UNSETTLED:
                lost.setdefault(claim.run_id, []).append(address)
    for run_id, addresses in lost.items():
        context.registry.end(one.place, addresses, "lost", run_id)
