# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Blocks addresses with address objects in a group that a policy denies (protocol_fortigate.rst, "Address groups").

Objects are created first, and then added to the group one by one. Writing the whole group would remove members that
another job has added meanwhile.
"""

from __future__ import annotations

import contextlib
import ipaddress
import typing as t

from ..._common.addresses import canonical_entry, networks_of, parse_target, text_of
from ..._common.errors import printable
from ..changes import Step as Change
from ..client import NOT_FOUND, FortiGateError, Vdom
from .base import Entry, Reading, Wish, Writes
from .marks import PLACEHOLDER, PREFIX, name_of, read_comment

# Error numbers of FortiOS for an object that already exists, and for an object that is in use.
DUPLICATE, IN_USE = -5, -23
RELEASED = "No longer in a group of blocks; kept because it is still in use"
# Columns with the addresses of objects that others created. Only the addresses of subnets and ranges are evaluated.
COLUMNS = "name|type|subnet|start-ip|end-ip|ip6"


class Family(t.NamedTuple):
    """The group of one IP version, its tables, and the attribute and the type of its address objects."""

    group: str
    groups: str
    objects: str
    attribute: str
    kind: str

    def body(self, wish: Wish) -> dict[str, str]:
        network = parse_target(wish.address)
        body = {"name": name_of(wish.address), "type": self.kind, self.attribute: str(network)}
        return {**body, "comment": wish.comment}


class AddressGroup:
    """See `base.Method`. `list_name` is the name of the IPv4 group."""

    name = "addrgrp"
    ends_by_itself = False
    source_only = False

    def __init__(self, group: str, group6: str) -> None:
        self.list_name = group
        self._families = {
            4: Family(
                group=group,
                groups="cmdb/firewall/addrgrp",
                objects="cmdb/firewall/address",
                attribute="subnet",
                kind="ipmask",
            ),
            6: Family(
                group=group6,
                groups="cmdb/firewall/addrgrp6",
                objects="cmdb/firewall/address6",
                attribute="ip6",
                kind="ipprefix",
            ),
        }

    def family(self, address: str) -> Family:
        return self._families[6 if ":" in address else 4]

    @property
    def names(self) -> dict[int, str]:
        """The names of the groups by IP version."""
        return {version: family.group for version, family in self._families.items()}

    def read(self, vdom: Vdom, enforced: bool = False) -> Reading:
        """Read both groups. One group may be missing, because a run without IPv6 addresses needs no IPv6 group.

        Raises FortiGateError, also if no group exists, or if a member with one of our names has a different address.
        """
        found: dict[str, Entry] = {}
        taken: set[str] = set()
        others: list[Entry] = []
        undecided: list[str] = []
        groups: dict[int, t.Mapping[str, t.Any]] = {}
        for version, family in self._families.items():
            group = self._group(vdom, family)
            if group is None:
                continue
            groups[version] = group
            members = {str(one.get("name")) for one in group.get("member") or [] if isinstance(one, dict)}
            columns = f"name|type|{family.attribute}|comment"
            for one in vdom.objects(family.objects, filter=f"name=@{PREFIX}", format=columns):
                self._sort(vdom, family, one, members, found, taken)
            if not enforced:
                ours = {name_of(address) for address in found}
                theirs = sorted(members - ours - {PLACEHOLDER})
                known = _others(vdom, family, theirs) if theirs else []
                others += known
                undecided += sorted(set(theirs) - {one.text for one in known})
        if not groups:
            said = f"there is no group {self.list_name}"
            cure = (
                "Create the group with the entry point bootstrap of the role or with the module fortigate_block_policy."
            )
            raise vdom.doubt("GET", self._families[4].groups, said, cure)
        return Reading(
            entries=found, taken=frozenset(taken), others=tuple(others), undecided=tuple(undecided), groups=groups
        )

    def _group(self, vdom: Vdom, family: Family) -> t.Optional[t.Mapping[str, t.Any]]:
        columns = "name|member|exclude|exclude-member"
        found = vdom.found(family.groups, filter=f"name=={family.group}", format=columns)
        return next((one for one in found or [] if one.get("name") == family.group), None)

    def _sort(
        self,
        vdom: Vdom,
        family: Family,
        one: t.Mapping[str, t.Any],
        members: set[str],
        found: dict[str, Entry],
        taken: set[str],
    ) -> None:
        name = str(one.get("name"))
        if not name.startswith(PREFIX) or name == PLACEHOLDER:
            return
        address = _address(one.get(family.attribute))
        if address is None or name_of(address) != name:
            if address is not None and name in members and _names_an_address(name):
                said = (
                    f"the object {printable(name, 79)} in the group {family.group} does not have the address that is "
                    "in its name"
                )
                raise vdom.doubt("GET", family.objects, said, "Rename the object or remove it from the group.")
            taken.add(name)
            return
        comment = str(one.get("comment") or "")
        mark = read_comment(comment)
        found[address] = Entry(
            address, name, run_id=mark.run_id, expires_at=mark.expires_at, comment=comment, active=name in members,
            notes=mark.notes,
        )  # fmt: skip

    def change(self, vdom: Vdom, before: Reading, writes: Writes) -> Change:
        made = _Made(self, vdom, before, writes)
        unverified = vdom.doubt("POST", "cmdb/firewall/addrgrp", "the FortiGate reported success")
        added = [wish.address for wish in writes.add]
        return Change(
            write=made.write,
            undo=made.undo,
            missing_in=made.missing_in,
            left=made.left,
            unverified=unverified,
            adds=added,
            lasting=lambda _now: [],
        )


class _Made:
    def __init__(self, method: AddressGroup, vdom: Vdom, before: Reading, writes: Writes) -> None:
        self._method = method
        self._vdom = vdom
        self._before = before.entries
        self._writes = writes
        self._in_use: set[str] = set()

    def write(self) -> None:
        for wish in (*self._writes.add, *self._writes.extend):
            self._make(wish)
        for wish in self._writes.add:
            self._append(wish.address)
        for address in self._writes.remove:
            self._remove(address)

    def _make(self, wish: Wish) -> None:
        family, there = self._method.family(wish.address), self._before.get(wish.address)
        if there is None:
            try:
                self._vdom.write("POST", family.objects, family.body(wish))
            except FortiGateError as error:
                # Another job has created the object meanwhile. The verification shows whether the object is correct.
                if error.code != DUPLICATE:
                    raise
        elif there.comment != wish.comment:
            self._vdom.write("PUT", f"{family.objects}/{there.text}", family.body(wish))

    def _append(self, address: str) -> None:
        family = self._method.family(address)
        try:
            self._vdom.write("POST", f"{family.groups}/{family.group}/member", {"name": name_of(address)})
        except FortiGateError as error:
            if error.code != DUPLICATE:
                raise

    def _remove(self, address: str, keep_object: bool = False) -> None:
        family, name = self._method.family(address), name_of(address)
        paths = [f"{family.groups}/{family.group}/member/{name}"]
        if not keep_object:
            paths.append(f"{family.objects}/{name}")
        for path in paths:
            try:
                self._vdom.write("DELETE", path)
            except FortiGateError as error:
                if error.code == IN_USE:
                    self._in_use.add(address)
                    self._release(family, address)
                elif error.context.get("http_status") != NOT_FOUND:
                    raise

    def _release(self, family: Family, address: str) -> None:
        """Remove our mark from an object that is kept because it is still in use."""
        body = family.body(Wish(address, comment=RELEASED))
        with contextlib.suppress(FortiGateError):  # a later run tries again to remove the object
            self._vdom.write("PUT", f"{family.objects}/{name_of(address)}", body)

    def undo(self) -> None:
        problem: t.Optional[FortiGateError] = None
        try:
            now = self._method.read(self._vdom).entries
        except FortiGateError:
            now = {}  # the created objects are removed nevertheless
        for wish in self._writes.add:
            if self._is_others(now.get(wish.address), wish):
                continue
            try:
                self._remove(wish.address, keep_object=wish.address in self._before)
            except FortiGateError as error:
                problem = error  # the other objects are still removed
        for wish in self._writes.extend:
            there = self._before[wish.address]
            self._make_again(wish, there)
        if problem is not None:
            raise problem

    def _make_again(self, wish: Wish, there: Entry) -> None:
        """Restore the comment that an object had before the extension."""
        family = self._method.family(wish.address)
        body = family.body(wish._replace(comment=there.comment))
        self._vdom.write("PUT", f"{family.objects}/{there.text}", body)

    def missing_in(self, reading: Reading) -> list[str]:
        now = reading.entries
        short = [one.address for one in self._writes.add if one.address not in reading.active]
        short += [one.address for one in self._writes.extend if not self._extended(now.get(one.address), one)]
        return short + [one for one in self._writes.remove if self._still_there(now.get(one))]

    def _extended(self, there: t.Optional[Entry], wish: Wish) -> bool:
        return there is not None and there.active and there.comment == wish.comment

    def _still_there(self, there: t.Optional[Entry]) -> bool:
        """Whether the removal failed. An object that is still in use may remain outside of the group."""
        return there is not None and (there.active or there.address not in self._in_use)

    def _is_others(self, there: t.Optional[Entry], wish: Wish) -> bool:
        """Whether others have created the object meanwhile. The object then has another mark or no mark."""
        return there is not None and there.run_id != read_comment(wish.comment).run_id

    def left(self, reading: Reading) -> list[str]:
        ours = [one for one in self._writes.add if not self._is_others(reading.entries.get(one.address), one)]
        new = [one.address for one in ours if one.address in reading.active]
        made = [one.address for one in ours if one.address not in self._before]
        return new + [one for one in made if one in reading.entries and one not in new and one not in self._in_use]


def _others(vdom: Vdom, family: Family, names: t.Sequence[str]) -> list[Entry]:
    """The members with these names, which others created, if the addresses of their objects are known."""
    found = vdom.objects(family.objects, filter=f"name=={','.join(names)}", format=COLUMNS)
    entries = []
    for one in found:
        ends = [str(one.get(key) or "") for key in ("start-ip", "end-ip")]
        text = (
            "-".join(ends)
            if one.get("type") == "iprange"
            else canonical_entry("/".join(str(one.get(family.attribute) or "").split()))
        )
        if networks_of(text) and str(one.get("name")) in names and one.get("type") in ("iprange", family.kind, None):
            entries.append(Entry(text, str(one.get("name"))))
    return entries


def _names_an_address(name: str) -> bool:
    """Whether the name has the format of our names. Others can create objects with the same prefix."""
    text = name[len(PREFIX) :].replace("_", ":")
    address, dash, length = text.rpartition("-")
    return parse_target(f"{address}/{length}" if dash else text) is not None


def _address(text: object) -> t.Optional[str]:
    """The address in "203.0.113.7 255.255.255.255" or "2001:db8::7/128"."""
    try:
        network = ipaddress.ip_network("/".join(str(text).split()), strict=False)
    except ValueError:
        return None
    parsed = parse_target(str(network))
    return text_of(parsed) if parsed is not None else None
