# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures the effect of blocks from FortiView rows about blocked addresses and from the counters of the policies that deny these addresses.

FortiView counts the incidents of an address in a time range, and not since its block. One range is therefore chosen for all addresses. If an address
was blocked before the range begins, every incident in the range came after the block. If an address was blocked later, incidents prove nothing about
its block. A missing result of a FortiGate or FortiAnalyzer never leads to the state "nothing".
"""

from __future__ import annotations

import typing as t

from .._blocking.block_rows import block_rows, policies_of
from .._common.addresses import address_order, is_host, parse_target, text_of
from .._common.clock_text import parse_time, time_text
from .._common.durations import duration_text
from .._common.errors import InvalidInput
from .._common.naming import counted
from .._hunting.threats import any_of
from .._query.reader import Handed, Part, read_results
from .._query.rows import Row, canonical, is_counter

# Seconds after which a block is certainly in force. A FortiGate fetches a published feed only after some minutes, and
# FortiView counts in steps of minutes.
SETTLES = 300
# The shortest range that is measured, in seconds.
SHORTEST = 60
# The limit of a query. An address can have many rows, which differ in user, device or interface.
MOST_ROWS = 1000
VIEWS = {"source-threat": "srcip", "destination-threat": "dstip"}
THROUGH, STOPPED, NOTHING, UNKNOWN = "gets through", "stopped", "nothing", "not known"
# Parts of warnings of an empty result that proves nothing: the range begins after the newest log, a device may not
# exist in the ADOM, or FortiAnalyzer never reported the end of the task.
UNPROVEN = (
    "newest log",
    "device that this ADOM does not have",
    "counts as no rows",
    "cannot be repeated with another device",
)
STATES = (THROUGH, STOPPED, NOTHING, UNKNOWN)

Data = dict[str, t.Any]
Results = t.Mapping[str, t.Any]


class _Block(t.NamedTuple):
    """The block of an address in one place of one FortiGate."""

    host: str
    serial: str
    row: t.Mapping[str, t.Any]

    @property
    def list(self) -> tuple[str, str, str, str]:
        return self.host, str(self.row["vdom"]), str(self.row["method"]), str(self.row["list"])


class _Seen(t.NamedTuple):
    """The counters of FortiView for an address. `gaps` are the reasons why rows may be missing. With gaps, the
    counters are lower bounds."""

    blocked: int
    detected: int
    devices: tuple[str, ...]
    gaps: tuple[str, ...]


def effect_queries(results: Results, adoms: t.Sequence[str], last: int, now: float) -> Data:
    """The queries for the blocked addresses, and the start of their time range. The start is None if no block is old
    enough. An ADOM needs at most two queries for about 200 addresses. `last` is the longest range in seconds. Raises
    InvalidInput."""
    if not adoms:
        raise InvalidInput("adoms must contain at least one ADOM that the FortiGates log to")
    if last < SHORTEST:
        raise InvalidInput(f"last must be at least {duration_text(SHORTEST)}, not {duration_text(last)}")
    blocks = _blocks(results)
    start = _start([_settled(found) for found in blocks.values()], last, now)
    if start is None:
        return {"start": None, "queries": []}
    # The length of the range is rounded down to minutes, so that the range does not begin before the chosen start.
    minutes = int((now - start) // 60)
    hosts = {address: found for address, found in blocks.items() if _is_measured(address)}
    wanted = {view: [address for address, found in hosts.items() if view in _views(found)] for view in VIEWS}
    queries = [
        {"view": view, "adom": adom, "filter": text, "limit": MOST_ROWS, "time_range": {"last": f"{minutes}m"}}
        for adom in adoms
        for view, field in VIEWS.items()
        for text in any_of(field, wanted[view])
    ]
    return {"start": time_text(now - 60 * minutes), "queries": queries}


def effect_of(results: Results, asked: object, start: t.Optional[str], expected: t.Sequence[str], now: float) -> Data:
    """`results` are the results of fortigate_block_info with hits, by host name. `asked` is the registered result of
    the task that sent the queries.

    Raises InvalidInput if `asked` is not a result.
    """
    handed = read_results(asked, "block_effect", partial=True) if asked and start else Handed([], [])
    measured = _Measured(results, handed, parse_time(start) if start else None)
    base = {row["address"]: row for row in block_rows(results)}
    rows = [measured.row(address, found, base[address]) for address, found in _blocks(results).items()]
    unread = sorted(host for host in {*results, *expected} if not _is_read(results.get(host)))
    rows.sort(key=lambda row: (STATES.index(row["state"]), -(row["blocked"] or 0), address_order(row["address"])))
    return {
        "start": start,
        "end": time_text(now),
        "rows": rows,
        "totals": {state: sum(1 for row in rows if row["state"] == state) for state in STATES},
        "policies": [{"host": host, **one} for host, result in sorted(results.items()) for one in _policies(result)],
        "gaps": [str(gap) for gap in handed.gaps],
        "unread": unread,
        "notes": [*_left_out(unread, base.values())],
    }


def _left_out(unread: t.Iterable[str], rows: t.Iterable[Data]) -> t.Iterator[str]:
    """Notes on FortiGates and blocks that are not measured."""
    for host in unread:
        yield f"{host} was not read, so its blocks and counters are not included."
    others = sum(1 for row in rows if row["ours"] == "no")
    if others:
        yield f"The blocks of {counted(others, 'address')} are not measured, because no run is known to have created them."


def _is_read(result: object) -> bool:
    return isinstance(result, t.Mapping) and "blocks" in result and not result.get("failed")


def _policies(result: object) -> t.Sequence[t.Mapping[str, t.Any]]:
    return (result.get("policies") or ()) if isinstance(result, t.Mapping) else ()


def _blocks(results: Results) -> dict[str, list[_Block]]:
    """The blocks that runs of this collection created, by address."""
    found: dict[str, list[_Block]] = {}
    for host, result in sorted(results.items()):
        for row in (result.get("blocks") or ()) if isinstance(result, t.Mapping) else ():
            if row["ours"]:
                found.setdefault(str(row["address"]), []).append(_Block(host, str(result.get("serial") or ""), row))
    return {address: found[address] for address in sorted(found, key=address_order)}


def _list_of(row: t.Mapping[str, t.Any]) -> str:
    return f"the {'address group' if row['method'] == 'addrgrp' else 'threat feed'} {row['list']}"


def _is_measured(address: str) -> bool:
    network = parse_target(address)
    return network is not None and is_host(network)


def _views(found: t.Iterable[_Block]) -> list[str]:
    """The views to query. For bans, only sources are queried, because a ban does not stop traffic to an address."""
    return list(VIEWS) if any(one.row["method"] != "ban" for one in found) else ["source-threat"]


def _settled(found: t.Sequence[_Block]) -> t.Optional[float]:
    """The time from which all blocks of the address are in force. None if one of the times is not known."""
    times = [one.row.get("blocked_at") for one in found]
    return None if None in times else max(parse_time(one) for one in times) + SETTLES


def _start(settled: t.Sequence[t.Optional[float]], last: int, now: float) -> t.Optional[float]:
    """The start of the range. None if no block is old enough. The chosen start maximizes the length of the range times
    the number of addresses that were blocked by then."""
    times = sorted(max(one, now - last) for one in settled if one is not None and one <= now - SHORTEST)
    return max(times, key=lambda one: (now - one) * sum(each <= one for each in times), default=None)


class _Measured:
    def __init__(self, results: Results, handed: Handed, start: t.Optional[float]) -> None:
        self._results = results
        self._start = start
        self._seen: dict[str, _Seen] = {}
        answer = _Result(handed)
        # Places whose hits are known to be logged, because FortiView shows blocked incidents of their addresses.
        self._logged: set[tuple[str, str, str, str]] = set()
        for address, found in _blocks(results).items():
            self._seen[address] = seen = answer.about(address, _views(found))
            if seen.blocked:
                self._logged |= {one.list for one in found if not seen.devices or self._is_of(one, seen.devices)}

    @staticmethod
    def _is_of(one: _Block, devices: t.Collection[str]) -> bool:
        return one.serial in devices or one.host in devices

    def row(self, address: str, found: t.Sequence[_Block], base: Data) -> Data:
        seen = self._seen[address]
        state, notes = self._state(address, found, seen)
        names = {name for one in found for name in (one.serial, one.host)}
        asked = self._start is not None and _is_measured(address)
        return {
            "list_hits": None,
            "list_last_hit": None,
            **base,
            "state": state,
            "blocked": seen.blocked if asked and not (seen.gaps and not seen.blocked) else None,
            "detected": seen.detected if asked and not (seen.gaps and not seen.detected) else None,
            "devices": list(seen.devices),
            "devices_without_block": [one for one in seen.devices if one not in names],
            "notes": notes,
        }

    def _policies_of(self, block: _Block) -> list[t.Mapping[str, t.Any]]:
        return policies_of(self._results.get(block.host), block.row)

    def _state(self, address: str, found: t.Sequence[_Block], seen: _Seen) -> tuple[str, list[str]]:
        # This is one function, because the order of the cases matters. A case applies only if no earlier case does.
        settled = _settled(found)
        if not _is_measured(address):
            return UNKNOWN, ["FortiView is not queried for networks"]
        if self._start is None:
            return UNKNOWN, ["No block is old enough to be measured"]
        since = time_text(self._start)
        begun = settled is not None and settled <= self._start
        if begun and seen.detected:
            return THROUGH, self._ways(found, seen)
        if seen.gaps:
            return UNKNOWN, list(seen.gaps)
        if not begun and (seen.detected or seen.blocked):
            return UNKNOWN, [
                f"The address is not known to have been blocked since {since}, so the incidents may be older than the block"
            ]
        if seen.blocked:
            return STOPPED, []
        doubts = list(dict.fromkeys(why for one in found for why in self._doubts(one)))
        if doubts:
            return UNKNOWN, doubts
        idle = [one for one in found if not self._policies_of(one)]
        return NOTHING, [f"No deny policy of {one.host} uses {_list_of(one.row)}" for one in idle]

    def _ways(self, found: t.Sequence[_Block], seen: _Seen) -> list[str]:
        names = {name for one in found for name in (one.serial, one.host)}
        without = [one for one in seen.devices if one not in names]
        if without:
            return [f"Incidents were logged by {', '.join(without)}, but the block is not known to exist there"]
        if seen.devices:
            return [
                "FortiGates with the block logged the incidents: run list_blocks with this address to check whether the block is in force"
            ]
        return ["FortiView does not report which FortiGate logged the incidents"]

    def _doubts(self, block: _Block) -> t.Iterator[str]:
        """The reasons why this block may have stopped traffic although there are no incidents."""
        if block.row["method"] == "ban":
            yield "No incident was logged, and a FortiGate does not count the traffic that a ban stops"
        elif block.row["method"] == "feed_file":
            yield "No incident was logged, and the policies of FortiGates that fetch the file were not read"
        elif "policies" not in self._results[block.host]:
            yield f"The counters of {block.host} were not read"
        for one in self._policies_of(block):
            number = one["policyid"]
            named = f"policy {number} of {block.host}"
            if one.get("hits") is None:
                of = named if number is not None else f"the policies of {block.host}"
                yield f"The counters of {of} could not be read: {one.get('why') or 'no reason was given'}"
            elif self._was_hit(one) and one.get("logs") is False:
                yield f"P{named[1:]} was hit, but does not log the traffic that it denies"
            elif self._was_hit(one) and block.list not in self._logged:
                yield f"P{named[1:]} was hit, but FortiView shows no incident that it blocked: check that the FortiGate logs to one of the queried ADOMs"

    def _was_hit(self, policy: t.Mapping[str, t.Any]) -> bool:
        """Whether the policy was hit in the range, or at an unknown time."""
        if not policy["hits"] or self._start is None:
            return False
        last = policy.get("last_hit")
        return last is None or parse_time(last) >= self._start


class _Result:
    """The rows of all results of FortiView, by address."""

    def __init__(self, handed: Handed) -> None:
        self.gaps = [str(gap) for gap in handed.gaps]
        self.views: set[str] = set()
        self._rows: dict[str, list[tuple[str, Row]]] = {}
        for part in handed.parts:
            result = part.result or {}
            view = str(result.get("view"))
            field = VIEWS.get(view, "")
            self.views.add(view)
            self.gaps += _gaps(part, view, field)
            for row in map(canonical, part.rows):
                network = parse_target(row.get(field))
                if network is not None:
                    self._rows.setdefault(text_of(network), []).append((part.adom, row))

    def about(self, address: str, views: t.Collection[str]) -> _Seen:
        counters = {"blocked": 0, "detected": 0}
        devices: dict[str, None] = {}
        gaps = [*self.gaps, *(f"FortiView was not queried for {view}" for view in views if view not in self.views)]
        for adom, row in self._rows.get(address, ()):
            for name in counters:
                value = row.get(name)
                if is_counter(value):
                    counters[name] += int(t.cast("float", value))
                else:
                    gaps.append(f"FortiView does not report the number of {name} incidents in ADOM {adom}")
            devices.update(dict.fromkeys(str(one) for one in row.get("devices") or ()))
        return _Seen(counters["blocked"], counters["detected"], tuple(devices), tuple(dict.fromkeys(gaps)))


def _gaps(part: Part, view: str, field: str) -> t.Iterator[str]:
    """The reasons why rows may be missing."""
    result = part.result or {}
    if field in result.get("masked_fields", ()):
        yield f"The administrator's profile masks {field} in ADOM {part.adom}"
    if len(part.rows) >= MOST_ROWS:
        yield f"{view} in ADOM {part.adom} returned {counted(len(part.rows), 'row')}, and may have more"
    yield from unproven(result)


def unproven(result: t.Mapping[str, t.Any]) -> list[str]:
    """The warnings of a result that say why an absence of rows proves nothing."""
    return [str(one) for one in result.get("warnings") or () if any(mark in str(one) for mark in UNPROVEN)]
