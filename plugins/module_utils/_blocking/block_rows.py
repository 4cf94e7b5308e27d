# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the rows of a table from the results of many FortiGates: one row for each blocked address, and for each address
that was searched for. This module sends no requests."""

from __future__ import annotations

import typing as t

from .._common.addresses import address_order, parse_target, text_of
from .summary import Data, Results, earliest, in_brief, place_of

YES, NO, PARTLY, UNKNOWN = "yes", "no", "partly", "not known"
PERMANENT, NOT_SAID = "permanent", "unknown"


class _At(t.NamedTuple):
    """An entry, and the host name of its FortiGate."""

    host: str
    block: t.Mapping[str, t.Any]

    @property
    def place(self) -> str:
        return place_of(self.host, str(self.block["vdom"]))

    @property
    def stops(self) -> str:
        """Whether the entry stops the traffic of the requested address: yes, no, partly or not known."""
        if self.block.get("stops") is None:
            return UNKNOWN
        return (YES if self.block.get("whole") else PARTLY) if self.block["stops"] else NO


def block_rows(
    results: Results,
    addresses: t.Sequence[str] = (),
    expected: t.Sequence[str] = (),
    short: bool = False,
    gaps: t.Optional[t.Mapping[str, t.Any]] = None,
) -> list[Data]:
    """`results` are the results of fortigate_block_info by host name. `addresses` are the addresses that were searched
    for. Each of these addresses has a row that shows whether it is blocked. `expected` are hosts that must have a
    result. `short` converts lists to text, for a table. `gaps` are messages by host name. Each message becomes a row,
    for a file that has no other place for messages.
    """
    found = _by_address(results, addresses)
    places = {place: read for host in sorted({*results, *expected}) for place, read in _places(host, results.get(host))}
    counted_too = any(isinstance(one, t.Mapping) and "policies" in one for one in results.values())
    rows = []
    for address in sorted(found, key=address_order):
        asked = _asked(found[address], places) if addresses else {}
        hits = _hits(found[address], results) if counted_too else {}
        rows.append({"address": address, **asked, **_row(found[address]), **hits})
    rows += [{"address": "", "gap": f"{host}: {message}"} for host, message in (gaps or {}).items()]
    return [_short(row) for row in rows] if short else rows


def _by_address(results: Results, addresses: t.Iterable[str]) -> dict[str, list[_At]]:
    """The entries by the address that was searched for, or by their own address if no address was searched for.
    `addresses` are included even without an entry."""
    found: dict[str, list[_At]] = {_canonical(one): [] for one in addresses}
    for host, result in sorted(results.items()):
        for block in result.get("blocks") or () if isinstance(result, t.Mapping) else ():
            found.setdefault(str(block.get("asked") or block["address"]), []).append(_At(host, block))
    return found


def _canonical(address: str) -> str:
    network = parse_target(address)
    return address if network is None else text_of(network)


def _places(host: str, result: object) -> list[tuple[str, bool]]:
    """The name of each VDOM in the result of a FortiGate, and whether all entries of the FortiGate were read. Without a
    VDOM in the result, the name of the FortiGate."""
    found = result if isinstance(result, t.Mapping) else {}
    read = "blocks" in found and not found.get("failed")
    vdoms = [str(one["vdom"]) for one in found.get("lists") or ()] or [""]
    return [(place_of(host, vdom), read) for vdom in vdoms]


def _row(entries: t.Sequence[_At]) -> Data:
    blocks = [one.block for one in entries]
    return {
        "methods": _each(str(one["method"]) for one in blocks),
        "fortigates": _each(one.place for one in entries),
        "since": min((str(one["blocked_at"]) for one in blocks if one.get("blocked_at")), default=None),
        "until": _until(blocks),
        "ours": _ours(blocks),
        "runs": _each(str(one["run_id"]) for one in blocks),
        "users": _each(str(one.get("job_user") or "") for one in blocks),
        "tickets": _each(str(one.get("ticket") or "") for one in blocks),
        "approvers": _each(str(one.get("approver") or "") for one in blocks),
        "why": _each(str(why) for one in blocks for why in _why(one)),
    }


def _ours(blocks: t.Sequence[t.Mapping[str, t.Any]]) -> str:
    """Whether all, none or some of the entries are ours. Empty if there is no entry."""
    found = {YES if one["ours"] else NO for one in blocks}
    return PARTLY if len(found) > 1 else next(iter(found), "")


def policies_of(result: object, block: t.Mapping[str, t.Any]) -> list[t.Mapping[str, t.Any]]:
    """The deny policies of a FortiGate that use the feed or group of a block."""
    wanted = {"method": block["method"], "list": block["list"]}
    policies = (result.get("policies") or ()) if isinstance(result, t.Mapping) else ()
    return [one for one in policies if one["vdom"] == block["vdom"] and wanted in [dict(each) for each in one["lists"]]]


def _hits(entries: t.Sequence[_At], results: Results) -> Data:
    """The hits and the last hit of the deny policies that use the feeds and groups with the address. The hits are None
    if a counter is not known, or if there is no such policy, as for a ban."""
    found = {
        (one.host, policy["vdom"], policy["policyid"]): policy
        for one in entries
        for policy in policies_of(results.get(one.host), one.block)
    }
    hits = [policy["hits"] for policy in found.values()]
    last = [str(policy["last_hit"]) for policy in found.values() if policy["last_hit"]]
    return {
        "list_hits": None if None in hits or not hits else sum(hits),
        "list_last_hit": max(last, default=None),
    }


def _why(block: t.Mapping[str, t.Any]) -> t.Sequence[t.Any]:
    """The reasons of a block, or its threats if it has no reasons. For an entry of others without reasons and threats,
    the source that the FortiGate reports, such as IPS."""
    found: t.Sequence[t.Any] = block["reasons"] or block["threats"]
    return found or ([] if block["ours"] else [block["source"]])


def _asked(entries: t.Sequence[_At], places: t.Mapping[str, bool]) -> Data:
    """Whether an address is blocked, by which entries, and on which FortiGates it is not blocked. `places` has, by the
    name of a place, whether all of its entries were read."""
    states = {
        place: _state([one.stops for one in entries if one.place == place], read) for place, read in places.items()
    }
    return {
        "blocked": _overall(set(states.values())),
        "entries": _each(str(one.block["address"]) for one in entries),
        "not_on": [place for place, state in states.items() if state == NO],
        "unknown_on": [place for place, state in states.items() if state == UNKNOWN],
        "notes": _each(f"{one.place}: {one.block['stops_why']}" for one in entries if one.block.get("stops_why")),
    }


def _state(stops: t.Collection[str], read: bool) -> str:
    """The state in one VDOM: the state of the entry that stops most of the traffic. If not all entries were read, an
    unread entry may stop more, so only a complete block is known."""
    most = next((each for each in (YES, PARTLY, UNKNOWN) if each in stops), NO)
    return most if read or most == YES else UNKNOWN


def _overall(states: t.Collection[str]) -> str:
    """The state on all FortiGates together."""
    if len(states) == 1:
        return next(iter(states))
    if YES in states or PARTLY in states:
        return PARTLY
    return UNKNOWN


def _until(blocks: t.Sequence[t.Mapping[str, t.Any]]) -> str:
    """The earliest time at which one of these blocks expires. For an entry of others in a feed or group, this time is
    not known."""
    ends = {str(one["expires"] or (PERMANENT if one["ours"] or one["method"] == "ban" else NOT_SAID)) for one in blocks}
    dated = ends - {PERMANENT, NOT_SAID}
    if dated:
        return earliest([*dated, *(ends - dated)])
    return NOT_SAID if NOT_SAID in ends else PERMANENT if ends else ""


def _each(texts: t.Iterable[str]) -> list[str]:
    return list(dict.fromkeys(one for one in texts if one))


def _short(row: Data) -> Data:
    # Notes and reasons are complete. Other lists show only their first items and a number.
    whole = ("notes", "why")
    return {
        key: ("; " if key == "notes" else ", ").join(value)
        if key in whole
        else in_brief(value)
        if isinstance(value, list)
        else value
        for key, value in row.items()
    }
