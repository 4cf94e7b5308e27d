# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data that the blocking methods read and write, and the interface of a method."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ..._common.addresses import networks_of, overlapping, parse_target
from ..._common.network_index import NetworkIndex
from ..changes import Step as Change
from ..client import Vdom


class Entry(t.NamedTuple):
    """One entry of a place. `text` is its spelling in the place, or the name of its address object. Times are in
    seconds since the epoch.

    `expires_at` is None if the entry is permanent or its end is not known. `engine` names the engine of the FortiGate
    that set a ban (IPS, DoS policy). `run_id` is the run in the mark, which only address objects have. `active` is
    false for an address object that is not in its group. `notes` are problems of the mark.
    """

    address: str
    text: str
    source: str = ""
    engine: str = ""
    created_at: t.Optional[float] = None
    expires_at: t.Optional[float] = None
    run_id: str = ""
    comment: str = ""
    active: bool = True
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, t.Any]:
        return {key: value for key, value in self._asdict().items() if value not in ("", None, ())}


@dataclasses.dataclass(frozen=True)
class Reading:
    """The entries of one place by canonical address. `taken` are names with our prefix that other objects have.
    `others` are members of a group that others created, which also block. `undecided` names the members whose addresses
    are not known. `groups` are the existing address groups by IP version. `problem` is the reason why the FortiGate
    does not apply all entries of a feed."""

    entries: dict[str, Entry]
    taken: frozenset[str] = frozenset()
    others: tuple[Entry, ...] = ()
    undecided: tuple[str, ...] = ()
    groups: t.Mapping[int, t.Mapping[str, t.Any]] = dataclasses.field(default_factory=dict)
    problem: str = ""

    @functools.cached_property
    def active(self) -> dict[str, Entry]:
        return {address: entry for address, entry in self.entries.items() if entry.active}

    @functools.cached_property
    def _wide(self) -> NetworkIndex[tuple[Entry, bool]]:
        """An index of our networks and ranges, and of the entries of others. The flag is true for an entry of
        others."""
        own = ((one, False) for one in self.active.values() if "/" in one.address or "-" in one.address)
        marked = [*own, *((one, True) for one in self.others)]
        return NetworkIndex((network, pair) for pair in marked for network in networks_of(pair[0].address))

    def holding(self, address: str) -> list[Entry]:
        """All entries that block this address, or a part of this network. The entry for exactly this address is the
        first."""
        target = parse_target(address)
        every = (*self.active.values(), *self.others)
        found = [one for one in every if target is not None and overlapping(target, networks_of(one.address))]
        return sorted(found, key=lambda one: one.address != address)

    def around(self, address: str) -> t.Optional[Entry]:
        """A network, a range or an entry of others that blocks this address in addition to its own entry."""
        target = parse_target(address)
        found = (pair for _network, pair in self._wide.meeting(target)) if target is not None else ()
        return next((one for one, is_others in found if is_others or one.address != address), None)


class Wish(t.NamedTuple):
    """One address to write, for `ttl` seconds. `comment` is the comment of its address object."""

    address: str
    ttl: int = 0
    comment: str = ""


class Writes(t.NamedTuple):
    """The changes to one place."""

    add: tuple[Wish, ...] = ()
    extend: tuple[Wish, ...] = ()
    remove: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.add or self.extend or self.remove)


class Method(t.Protocol):
    """One blocking method on a FortiGate."""

    name: str
    # The name of the feed or group, or the path of the file, in messages, the registry and the audit log; "" for bans.
    list_name: str
    # Whether the FortiGate removes entries when their time is over.
    ends_by_itself: bool
    # Whether the method stops only traffic from an address, and not traffic to the address.
    source_only: bool

    def read(self, vdom: Vdom, enforced: bool) -> Reading:
        """Read the entries. `enforced` also requires that the FortiGate applies them. Raises FortiGateError."""

    def change(self, vdom: Vdom, before: Reading, writes: Writes) -> Change:
        """The writes as a change that can be executed, verified and rolled back."""
