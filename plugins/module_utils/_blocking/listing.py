# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is blocked on one FortiGate: each entry with what is known of it. Nothing is written anywhere."""

from __future__ import annotations

import typing as t

from .._common.addresses import address_order
from .._common.clock_text import time_text
from .._common.errors import FortiViewError
from .methods.base import Entry
from .operation import Data
from .options import Options
from .ownership import Known
from .searching import looks
from .world import Look, World


class NotRead(FortiViewError):
    """Some lists could not be read, so that more may be blocked than the outcome says."""

    kind = "not_read"


def list_blocks(options: Options, world: World) -> Data:
    """Raises FortiViewError where a list cannot be read."""
    found, unread = looks(options, world)
    rows = [row for one in found for row in _rows(one)]
    if options.targets:
        rows = [row for one in found for row in _covering(one, options)]
    missing = [
        {"address": address, "vdom": one.place.vdom, "method": one.place.method}
        for one in found
        for address in one.listed.known
        if address not in one.reading.active
    ]
    data = {
        "host": options.host,
        "serial": world.serial,
        "blocks": rows,
        "missing": missing,
        "notices": [notice for one in found for notice in one.moved],
    }
    if unread:
        error = NotRead("; ".join(unread), host=options.host or None)
        error.outcome = data
        raise error
    return data


def _rows(one: Look) -> list[Data]:
    active = one.reading.active
    return [_row(one, active[address]) for address in sorted(active, key=address_order)]


def _covering(one: Look, options: Options) -> list[Data]:
    """For each address that was asked for, the entry that blocks it."""
    found = ((target.address, one.reading.covering(target.address)) for target in options.targets)
    return [{**_row(one, entry), "asked": address} for address, entry in found if entry is not None]


def _row(one: Look, entry: Entry) -> Data:
    known = one.listed.known.get(entry.address)
    claim = known.newest if known else None
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
        "blocked_at": time_text(claim.claimed_at) if claim else None,
        "reasons": list(claim.reasons) if claim else [],
        "threats": list(claim.threats) if claim else [],
        "verified": claim is None or claim.state == "active",
    }


def _expires(one: Look, entry: Entry, known: t.Optional[Known]) -> t.Optional[str]:
    """A ban ends when the FortiGate says; an entry of a list when the registry or its mark does."""
    moment = entry.expires_at if one.method.ends_by_itself or known is None else known.expires_at
    return None if moment is None else time_text(moment)
