# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides whether all blocks of a ticket have ended, and adds up the incidents of the blocked addresses from the
first block to the last end.

A block has ended if the registry contains the time of its end and no FortiGate has the block. The state is not known if
a FortiGate could not be read.
"""

from __future__ import annotations

import typing as t

from .._blocking.summary import in_brief
from .._common.addresses import address_order, is_host, parse_target, text_of
from .._common.clock_text import parse_time, time_text
from .._hunting.threats import any_of
from .._query.reader import Part, read_results
from .._query.rows import canonical, is_counter
from . import units
from .effect import MOST_ROWS, VIEWS, unproven

OPEN, OVER, NONE, UNKNOWN = "open", "over", "none", "not known"
# Outcomes of blocks that were never in force.
NEVER_IN_FORCE = ("rolled_back", "refused")
MOST_ADDRESSES = 25
SHORTEST = 60

Data = dict[str, t.Any]
Results = t.Mapping[str, t.Any]


def end_of(
    results: Results,
    adoms: t.Sequence[str],
    expected: t.Sequence[str],
    ticket: str,
    now: float,
    texts: t.Sequence[str] = (),
    gone: t.Sequence[str] = (),
) -> Data:
    """Returns the state of the blocks, the addresses that are still blocked, and the queries for their incidents.

    `results` are the results of fortigate_block_info for this ticket, by host name. `texts` are the texts of incidents.
    An address in these texts is still blocked also if its block has another ticket. `gone` are the names or serial numbers
    of FortiGates that no longer exist.
    """
    unread = sorted(host for host in {*results, *expected} if not _is_read(results.get(host)))
    rows = _history(results, unread)
    outside = sorted({*_outside(results, unread, gone)})
    unread = sorted({*unread, *outside})
    blocked = [row for row in rows if row.get("outcome") not in NEVER_IN_FORCE]
    still = {str(row["address"]) for row in rows if row.get("ended_at") is None}
    named = {address for text in texts for address in _named(text)}
    still |= {*_held(results, unread, ticket, named)}
    addresses = sorted({str(row["address"]) for row in blocked}, key=address_order)
    state = _state(unread, still, addresses)
    start, end = _span(blocked, now)
    queries = [] if state != OVER or start is None else _queries(addresses, adoms, start, max(end, start + SHORTEST))
    return {
        "state": state,
        "unread": unread,
        "outside": outside,
        "still": sorted(still, key=address_order),
        "addresses": addresses,
        "start": None if start is None else time_text(start),
        "end": time_text(end),
        "queries": queries,
    }


def _history(results: Results, unread: t.Collection[str]) -> list[Data]:
    return [row for host in sorted(results) if host not in unread for row in results[host]["history"]]


def _held(results: Results, unread: t.Collection[str], ticket: str, named: t.Collection[str]) -> t.Iterator[str]:
    """Addresses that are still blocked under this ticket, and addresses in `named` that are blocked under any ticket."""
    for host, result in results.items():
        for row in () if host in unread else result.get("blocks") or ():
            if row.get("ticket") == ticket or str(row["address"]) in named:
                yield str(row["address"])


def _state(unread: t.Collection[str], still: t.Collection[str], addresses: t.Collection[str]) -> str:
    if unread:
        return UNKNOWN
    if still:
        return OPEN
    return OVER if addresses else NONE


def _named(text: str) -> t.Iterator[str]:
    """The addresses after the dash of the lines that response.py writes to an incident."""
    for line in text.splitlines():
        dash, _space, rest = line.partition(" ")
        word = rest.partition(" ")[0]
        # A colon can follow the address, and can also be the last character of an IPv6 address. Both variants are tried.
        for one in (word, word.removesuffix(":")) if dash == "-" else ():
            network = parse_target(one)
            if network is not None:
                yield text_of(network)


def _outside(results: Results, unread: t.Collection[str], gone: t.Collection[str]) -> t.Iterator[str]:
    """FortiGates with open blocks in the registry that this run did not read, for example because of --limit. FortiGates
    in `gone` are omitted."""
    read = {host: one for host, one in results.items() if host not in unread}
    serials = {str(one.get("serial") or "") for one in read.values()} - {""}
    for one in read.values():
        for other in one.get("elsewhere") or ():
            known = other["host"] in read or other["serial"] in serials
            if not known and not {other["host"], other["serial"]} & {*gone}:
                yield str(other["host"] or other["serial"])


def _is_read(result: object) -> bool:
    return isinstance(result, t.Mapping) and "history" in result and not result.get("failed")


def _span(blocked: t.Sequence[Data], now: float) -> tuple[t.Optional[float], float]:
    """The time of the first block, and the end of the last block, at most the current time."""
    start = min((parse_time(row["blocked_at"]) for row in blocked), default=None)
    return start, min(now, max((_end(row, now) for row in blocked), default=now))


def _end(row: t.Mapping[str, t.Any], now: float) -> float:
    """The time at which the block expires, or its end if that is earlier. The current time if neither is known."""
    times = [parse_time(row[name]) for name in ("expires", "ended_at") if row.get(name)]
    return min(times, default=now)


def _queries(addresses: t.Sequence[str], adoms: t.Sequence[str], start: float, end: float) -> list[Data]:
    hosts = [one for one in addresses if (network := parse_target(one)) is not None and is_host(network)]
    span = {"start": time_text(start), "end": time_text(end)}
    return [
        {
            "view": view,
            "adom": adom,
            "filter": text,
            "limit": MOST_ROWS,
            "time_range": span,
        }
        for adom in adoms
        for view, field in VIEWS.items()
        for text in any_of(field, hosts)
    ]


def stopped_in(end: Data, answers: object) -> Data:
    """`end` with the note for the incident and the rows of a notification. Raises InvalidInput if `answers` are not results."""
    handed = read_results(answers, "block_end", partial=True)
    gaps = [str(gap) for gap in handed.gaps]
    counts: dict[str, dict[str, int]] = {address: {"blocked": 0, "detected": 0} for address in end["addresses"]}
    for part in handed.parts:
        gaps += _count(part, counts)
    rows = [{"address": address, **counts[address]} for address in end["addresses"]]
    rows.sort(key=lambda row: (-row["blocked"], -row["detected"], address_order(row["address"])))
    return {**end, "rows": rows, "gaps": list(dict.fromkeys(gaps)), "note": "\n".join(_note(end, rows, gaps))}


def _count(part: Part, counts: dict[str, dict[str, int]]) -> t.Iterator[str]:
    """Adds the counters of a result to `counts`, and yields a sentence for each gap."""
    result = part.result or {}
    view = str(result.get("view"))
    field = VIEWS.get(view, "")
    if field in result.get("masked_fields", ()):
        yield f"The administrator's profile masks {field} in ADOM {part.adom}"
    if len(part.rows) >= MOST_ROWS or result.get("complete") is False:
        yield f"{view} in ADOM {part.adom} may have more rows"
    yield from unproven(result)
    for row in map(canonical, part.rows):
        network = parse_target(row.get(field))
        found = counts.get(text_of(network)) if network is not None else None
        for name in ("blocked", "detected") if found is not None else ():
            value = row.get(name)
            if is_counter(value):
                t.cast("dict[str, int]", found)[name] += int(t.cast("float", value))
            else:
                yield f"FortiView does not report the number of {name} incidents in ADOM {part.adom}"


def _note(end: Data, rows: t.Sequence[Data], gaps: t.Sequence[str]) -> t.Iterator[str]:
    yield f"All blocks have ended: {units.many(len(rows), 'address')}, blocked between {end['start']} and {end['end']}."
    if not gaps:
        blocked, detected = (sum(row[name] for row in rows) for name in ("blocked", "detected"))
        yield f"FortiView counted {blocked} blocked and {detected} detected incidents of these addresses in this time range."
    for row in rows[:MOST_ADDRESSES]:
        least = "at least " if gaps else ""
        yield f"- {row['address']}: {least}{row['blocked']} blocked, {least}{row['detected']} detected"
    if len(rows) > MOST_ADDRESSES:
        yield f"- and {units.many(len(rows) - MOST_ADDRESSES, 'more address')}"
    if gaps:
        yield f"Not counted: {in_brief(list(dict.fromkeys(gaps)))}"
