# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the places of one FortiGate for an operation. Without a method, these are the places that exist under the
names in the options, and all places with claims in the registry."""

from __future__ import annotations

import typing as t

from .client import FortiGateError
from .context import Context, Look, look, method_of
from .options import Lists, Options

UNREAD = "Some bans, a feed or a group could not be read and may still block addresses"
PER_VDOM = ("ban", "feed_push", "addrgrp")


def looks(options: Options, context: Context) -> tuple[list[Look], list[str]]:
    """The places of the chosen methods. Without a method, all places that are in the registry or exist on the
    FortiGate. Also returns why places could not be read.

    If only one method is chosen, FortiViewError is raised for the first place that cannot be read. Otherwise a missing
    feed or group without a claim is skipped, and FortiViewError is raised if no place can be read.
    """
    if options.method == "feed_file":
        return [look(method_of("feed_file", options.lists, options, context), "", options, context, enforced=False)], []
    if options.method and not options.local_in_method:
        method = method_of(options.method, options.lists, options, context)
        found = [look(method, name, options, context, enforced=False) for name in options.vdoms]
        return found + _left_elsewhere(found, options, context), []
    return _search(options, context)


def _search(options: Options, context: Context) -> tuple[list[Look], list[str]]:
    """The places of several methods, and why places could not be read."""
    # Bans are read first, because the reply has the serial number, by which the registry finds claims.
    search = _Search(options, context)
    for name in options.vdoms:
        search.add("ban", name, options.lists, needed=True)
    kinds = (options.method, options.local_in_method) if options.method else PER_VDOM
    named = [one for one in _named(options, context) if not options.method or one[0] in kinds]
    asked = [(kind, name, options.lists) for kind in kinds for name in options.vdoms]
    for kind, name, lists in dict.fromkeys([*asked, *named]):
        search.add(kind, name, lists, needed=(kind, name, lists) in named)
    if search.errors and not search.found:
        raise search.errors[0]
    return search.found, [str(error) for error in search.errors]


class _Search:
    """Reads one place after the other. If a place cannot be read, the next places are still read."""

    def __init__(self, options: Options, context: Context) -> None:
        self._options = options
        self._context = context
        self._seen: set[tuple[str, str, str]] = set()
        self.found: list[Look] = []
        self.errors: list[FortiGateError] = []

    def add(self, kind: str, vdom: str, lists: Lists, needed: bool) -> None:
        method = method_of(kind, lists, self._options, self._context)
        key = (kind, vdom, method.list_name)
        if key in self._seen:
            return
        self._seen.add(key)
        try:
            self.found.append(look(method, vdom, self._options, self._context, enforced=False))
        except FortiGateError as error:
            if needed or not _is_missing(error):
                self.errors.append(error)


def _left_elsewhere(found: t.Sequence[Look], options: Options, context: Context) -> list[Look]:
    """Further places of the same method in which a failed run may have left entries, for example because the FortiGate
    has written to another VDOM."""
    places = [one.place[2:] for one in found]
    left = [
        asked
        for asked in _named(options, context, "left")
        if asked[0] == options.method and (asked[1], asked[0], _list_of(*asked, options, context)) not in places
    ]
    return [look(method_of(kind, lists, options, context), name, options, context, False) for kind, name, lists in left]


def _list_of(kind: str, _vdom: str, lists: Lists, options: Options, context: Context) -> str:
    return method_of(kind, lists, options, context).list_name


def _is_missing(error: FortiGateError) -> bool:
    """Whether the feed or the group does not exist and therefore blocks nothing."""
    return error.context.get("http_status") == 404 or "there is no group" in error.said


def _named(options: Options, context: Context, state: str = "") -> list[tuple[str, str, Lists]]:
    """Places of this FortiGate with open claims in the registry. With `state`, only places with open claims in this
    state."""
    claims = context.registry.find(serial=context.serial, host=options.host)
    places = {claim.place for claim in claims if state in ("", claim.state)}
    if options.vdom_token:
        # Places in other VDOMs are omitted, because they need other tokens.
        places = {place for place in places if place.vdom in options.vdoms}
    found = []
    for place in sorted(places):
        if place.method == "feed_push":
            lists = options.lists._replace(feed=place.list)
        elif place.method == "addrgrp":
            lists = options.lists._replace(group=place.list)
        elif place.method == "feed_file":
            lists = options.lists._replace(feed_file=place.list)
        else:
            lists = options.lists
        found.append((place.method, place.vdom, lists))
    return found


def every_address(found: t.Iterable[Look]) -> list[str]:
    """The addresses of all our entries in these places."""
    return list(
        dict.fromkeys(address for one in found for address in one.listed.known if address in one.reading.entries)
    )
