# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists the blocks on one FortiGate: each entry with its known data. Nothing is written to the FortiGate."""

from __future__ import annotations

import typing as t

from .._common.addresses import Network, address_order, networks_of
from .._common.clock_text import time_text
from .._common.errors import FortiViewError, InvalidInput, printable
from .._common.naming import agree, listed, noun_for
from .address_book import excluded_by
from .context import Context, Look
from .counters import counters
from .effective import stops
from .methods.base import Entry
from .operation import Data
from .options import Options
from .ownership import Known
from .registry.records import Claim, Ended
from .searching import looks
from .targets import Target


class NotRead(FortiViewError):
    """The entries of some places could not be read, so further addresses may be blocked."""

    kind = "not_read"


def list_blocks(options: Options, context: Context, hits: bool = False) -> Data:
    """The blocks on one FortiGate. With `hits`, the result also has the counters of the deny policies that use feeds and
    groups. With a ticket, it has the history of the blocks of this ticket.

    Raises FortiViewError if the entries of a place cannot be read, or if a given address is invalid.
    """
    for target in options.targets:
        if target.network is None:
            raise InvalidInput(f"{target.said[:60]!r} is not an address. Nothing was sent. Remove it from the targets")
    found, unread = looks(options, context)
    found = [_with_file(one, context) for one in found]
    missing = [row for one in found for row in _missing(one, options)]
    notices = [notice for one in found for notice in (*one.moved, *_gaps(one), *_lost(_missing(one, options), one))]
    data = {
        "host": options.host,
        "serial": context.serial,
        "lists": [{"vdom": one.place.vdom, "method": one.place.method, "list": one.place.list} for one in found],
        "blocks": [row for one in found for row in _rows(one, options, context)],
        "missing": missing,
        "notices": list(dict.fromkeys(notices)),
    }
    if hits:
        data["policies"] = counters(found, context)
    if options.ticket:
        data.update(_of_ticket(options, context))
    if unread:
        error = NotRead("; ".join(unread), host=options.host or None)
        error.outcome = data
        raise error
    return data


def _of_ticket(options: Options, context: Context) -> Data:
    """The history of the blocks of a ticket on this FortiGate, and its blocks on other FortiGates, from the registry."""
    claims = context.registry.of_ticket(options.ticket, context.serial, options.host)
    others = context.registry.of_ticket_elsewhere(options.ticket, context.serial, options.host)
    return {
        "history": [_past(claim, ended) for claim, ended in claims],
        "elsewhere": [{"address": one.address, "host": one.place.host, "serial": one.place.serial} for one in others],
    }


def _past(claim: Claim, ended: t.Optional[Ended]) -> Data:
    """The block of an address by one run, from the registry."""
    return {
        "address": claim.address,
        "vdom": claim.place.vdom,
        "method": claim.place.method,
        "list": claim.place.list,
        "run_id": claim.run_id,
        "blocked_at": time_text(claim.claimed_at),
        "expires": None if claim.expires_at is None else time_text(claim.expires_at),
        "ended_at": None if ended is None else time_text(ended.ended_at),
        "outcome": "" if ended is None else ended.outcome,
        "threats": list(claim.threats),
    }


def _with_file(one: Look, context: Context) -> Look:
    """The place, with the claims on published files added. A feed that the FortiGate fetches contains the entries of
    such a file."""
    strange = [address for address in one.reading.active if address not in one.listed.known]
    if one.method.name != "feed_push" or not strange:
        return one
    claims = [claim for claim in context.registry.find(strange) if claim.place.method == "feed_file"]
    known = {claim.address: Known((claim,), claim.expires_at) for claim in claims}
    return one._replace(listed=one.listed._replace(known={**known, **one.listed.known}))


def _gaps(one: Look) -> t.Iterator[str]:
    """Notices about differences between the entries of a place and the addresses that it blocks."""
    if one.reading.problem:
        yield f"The FortiGate does not apply all entries of {one.title}: {one.reading.problem}"
    for name in one.reading.undecided:
        yield f"The member {printable(name, 60)} of {one.title} may block more addresses, because the addresses of this member are not known"
    for group in one.reading.groups.values():
        names = [printable(name, 60) for name in excluded_by(group)]
        if names:
            yield (
                f"The group {printable(group.get('name'), 79)} does not block the addresses of its excluded "
                f"{noun_for(len(names), 'member')}: {', '.join(names)}"
            )


def _missing(one: Look, options: Options) -> list[Data]:
    wanted = {target.address for target in options.targets}
    lost = [address for address in one.listed.known if address not in one.reading.active]
    return [
        {"address": address, "vdom": one.place.vdom, "method": one.place.method}
        for address in lost
        if not wanted or address in wanted
    ]


def _lost(missing: t.Sequence[Data], one: Look) -> t.Iterator[str]:
    if missing:
        named = listed([row["address"] for row in missing])
        these = agree(len(missing), "This address is", "These addresses are")
        yield f"{these} blocked according to the registry, but missing in {one.title}: {named}"


def _rows(one: Look, options: Options, context: Context) -> list[Data]:
    """Rows for the entries that contain the given addresses, or for all entries if no address is given."""
    if options.targets:
        return [row for target in options.targets for row in _holding(one, target, options, context)]
    active = one.reading.active
    return [_row(one, active[address]) for address in sorted(active, key=address_order)]


def _holding(one: Look, target: Target, options: Options, context: Context) -> list[Data]:
    """Rows for the entries that contain a given address or a part of it. Each row shows whether the traffic of the
    address is stopped."""
    entries = one.reading.holding(target.address)
    if not entries:
        return []
    found = stops(one, target, options, context)
    return [
        {
            **_row(one, entry),
            "asked": target.address,
            "whole": _holds_all(entry, t.cast("Network", target.network)),
            "stops": found.yes,
            "stops_why": found.why,
        }
        for entry in entries
    ]


def _holds_all(entry: Entry, network: Network) -> bool:
    same = (one for one in networks_of(entry.address) if one.version == network.version)
    return any(network.subnet_of(one) for one in same)  # type: ignore[arg-type]


def _row(one: Look, entry: Entry) -> Data:
    known = one.listed.known.get(entry.address)
    claim = known.newest if known else None
    # The first claim shows when the block began. Later claims extended the block.
    since = known.claims[0].claimed_at if known and known.claims else entry.created_at
    return {
        "address": entry.address,
        "vdom": one.place.vdom,
        "method": one.place.method,
        "list": one.place.list,
        "ours": known is not None,
        "source": entry.source,
        "expires": _expires(one, entry, known),
        "run_id": claim.run_id if claim else entry.run_id,
        "job_user": claim.user if claim else "",
        "ticket": claim.ticket if claim else "",
        "approver": claim.approver if claim else "",
        "blocked_at": None if since is None else time_text(since),
        "reasons": list(claim.reasons) if claim else [],
        "threats": list(claim.threats) if claim else [],
        "verified": claim is None or claim.state == "active",
    }


def _expires(one: Look, entry: Entry, known: t.Optional[Known]) -> t.Optional[str]:
    """When the entry expires, None if it is permanent or if this is not known. The FortiGate reports this for a ban.
    For our other entries, it is in the registry or in the mark of the entry."""
    moment = entry.expires_at if one.method.ends_by_itself or known is None else known.expires_at
    return None if moment is None else time_text(moment)
