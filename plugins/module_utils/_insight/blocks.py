# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads from the audit log of fortigate_block which addresses are blocked, were refused or have another state, and why."""

from __future__ import annotations

import json
import typing as t

from .._common.clock_text import parse_time
from .._common.errors import InvalidInput
from . import units

# Together with the FortiGate, these keys of a line identify the place of a block.
PLACE = ("vdom", "method", "list")

# The states in the order of the report. For each state, the results of a line that lead to it.
STATES: dict[str, tuple[str, ...]] = {
    "blocked": ("blocked", "extended", "unchanged", "published", "written, not verified", "left"),
    "failed": ("failed",),
    "ended": (),  # for a ban with a result of "blocked" that has expired
    "undone": ("rolled_back",),
    "refused": ("refused",),
    "unblocked": ("removed", "expired"),
    "untouched": ("banned by the FortiGate", "pardoned", "not seen", "absent", "refuse", "blocked elsewhere"),
}

Address = dict[str, t.Any]


def in_state(blocked: t.Optional[t.Mapping[str, t.Any]], state: str) -> list[t.Mapping[str, t.Any]]:
    """The addresses in this state, from the result of `blocks`."""
    return [one for one in (blocked or {}).get("addresses", ()) if one["state"] == state]


def on_fortigates(names: t.Iterable[str]) -> str:
    """The phrase with the number of different FortiGates. Empty for no FortiGate."""
    fortigates = set(names)
    return f" on {units.many(len(fortigates), 'FortiGate')}" if fortigates else ""


def blocks(audit: object, since: t.Optional[str] = None, now: t.Optional[str] = None) -> t.Optional[dict[str, t.Any]]:
    """The addresses with the latest states of their blocks, sorted by state. None without an audit log.

    An address has an entry for each state of its blocks. `audit` is the text of the audit log, or its records. Blocks
    whose latest line is before `since` are ignored. Bans that end at or before `now` have expired. Raises InvalidInput.
    """
    if audit in (None, "", []):
        return None
    records, unreadable = _records(audit)
    first = _moment(since) if since else None
    last: dict[tuple[str, ...], dict[str, t.Any]] = {}
    fortigates = _FortiGates()
    for record in records:
        place = (record["address"], fortigates.of(record), *(str(record.get(key)) for key in PLACE))
        if record["result"] == "unchanged" and place in last:
            # An unchanged block still expires at the time in its earlier line.
            record = {**record, "expires": record.get("expires") or last[place].get("expires")}
        last[place] = record
    found: dict[tuple[str, str], Address] = {}
    # The latest line determines the result and the time of an address.
    for record in sorted(last.values(), key=lambda one: parse_time(one["time"])):
        if first is not None and parse_time(record["time"]) < first:
            continue
        state = _state(record, _moment(now) if now else None)
        address = found.setdefault(
            (record["address"], state),
            {
                "address": record["address"],
                "state": state,
                "places": [],
                "fortigates": [],
                "serials": [],
                "methods": [],
            },
        )
        _add(address, record)
    addresses = sorted(found.values(), key=lambda one: (list(STATES).index(one["state"]), one["time"], one["address"]))
    return {
        "addresses": addresses,
        "totals": {state: sum(1 for one in addresses if one["state"] == state) for state in STATES},
        "unreadable": unreadable,
    }


def block_times(audit: object) -> list[tuple[float, str]]:
    """The time and address of each new block. Lines about unchanged or extended blocks do not count."""
    if audit in (None, "", []):
        return []
    records, dummy = _records(audit)
    return [(parse_time(one["time"]), one["address"]) for one in records if one["result"] in ("blocked", "published")]


class _FortiGates:
    """Assigns the lines of the audit log to FortiGates. Lines with the same serial number or the same name are about one FortiGate, because a renamed
    FortiGate keeps its serial number, and a cluster keeps its name after a failover. Lines about a published file belong to no FortiGate."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}

    def of(self, record: t.Mapping[str, t.Any]) -> str:
        names = [(key, str(record[key])) for key in ("serial", "host") if record.get(key)]
        found = next(
            (self._known[name] for name in names if name in self._known), str(len(self._known)) if names else ""
        )
        for name in names:
            self._known.setdefault(name, found)
        return found


def _records(audit: object) -> tuple[list[dict[str, t.Any]], int]:
    if isinstance(audit, str):
        records, unreadable = _lines(audit)
    elif isinstance(audit, (list, tuple)):
        records, unreadable = list(audit), 0
    else:
        raise InvalidInput("audit must be the text of the audit log of fortigate_block, or its records")
    known = [one for one in records if _is_known(one)]
    return known, unreadable + len(records) - len(known)


def _is_known(record: object) -> bool:
    if not isinstance(record, dict) or not isinstance(record.get("address"), str) or not record.get("result"):
        return False
    try:
        for time in (record.get("time"), record.get("expires")):
            if time is not None:
                parse_time(time)
    except ValueError:
        return False
    return record.get("time") is not None


def _lines(text: str) -> tuple[list[t.Any], int]:
    found, unreadable = [], 0
    for line in filter(str.strip, text.splitlines()):
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError):
            unreadable += 1
    return found, unreadable


def _moment(text: str) -> float:
    try:
        return parse_time(text)
    except ValueError:
        raise InvalidInput(
            f"audit_since and now must be times such as 2026-03-01T14:30:00Z, not {text[:40]!r}"
        ) from None


def _state(record: t.Mapping[str, t.Any], now: t.Optional[float]) -> str:
    state = next((state for state, results in STATES.items() if record["result"] in results), "untouched")
    # Only bans expire without a line in the audit log. Entries of threat feeds and address groups remain until they are removed.
    ends = record.get("expires") if record.get("method", "ban") == "ban" else None
    return "ended" if state == "blocked" and now and ends and parse_time(ends) <= now else state


def _why(record: t.Mapping[str, t.Any]) -> str:
    why = record.get("refusals") if record["result"] == "refused" else record.get("reasons")
    return "; ".join(str(one) for one in why or ())


def _add(address: Address, record: t.Mapping[str, t.Any]) -> None:
    fortigate = str(record.get("host") or record.get("serial") or "")
    # A published file does not belong to a FortiGate.
    place = f"{fortigate}/{record.get('vdom') or 'root'}" if fortigate else str(record.get("list") or "?")
    address["places"] = sorted({*address["places"], place})
    address["fortigates"] = sorted({*address["fortigates"], *filter(None, [fortigate])})
    # `serials` omits a FortiGate on which the block was not verified.
    serial = record.get("serial") if record["result"] != "written, not verified" else ""
    for key, value in (("serials", serial), ("methods", record.get("method"))):
        address[key] = sorted({*address[key], *filter(None, [str(value or "")])})
    address["result"] = str(record["result"])
    address["time"] = str(record.get("time") or "")
    # `until` is the earliest time at which a block in this state expires.
    ends = list(filter(None, [record.get("expires"), address.get("until")]))
    address["until"] = min(ends, key=parse_time) if ends else None
    address["why"] = _why(record) or address.get("why", "")
    address["evidence"] = ", ".join(str(one) for one in record.get("threats") or ()) or address.get("evidence", "")
