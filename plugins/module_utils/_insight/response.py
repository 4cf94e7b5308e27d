# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describes the result of a blocking run as the text of an incident in each ADOM, and as a notification.

Names of threats come from attackers. A name becomes one line of text and is never evaluated.
"""

from __future__ import annotations

import typing as t
from collections import Counter

from .._blocking.planning import ADD, ENGINE, EXTEND, KEEP
from .._blocking.summary import earliest, in_brief, place_of, summary
from .._common.addresses import address_order
from .._common.clock_text import time_text
from .._common.errors import printable
from .._common.naming import listed
from .._query.rows import RANKED_SEVERITIES
from . import units

# Maximum numbers of entries in the text of an incident, so that people can read it.
MOST_ADDRESSES, MOST_THREATS, MOST_REFUSED, MOST_FAILED = 25, 3, 10, 10
LONGEST_THREAT, LONGEST_REASON = 60, 200
IN_FORCE = ("blocked", "extended", "")
NOT_WRITTEN = "not written"
NOT_EXTENDED, PERHAPS = "blocked already, not extended", "perhaps blocked"
DEFAULT_SEVERITY = "medium"
UNCHANGED, CHANGED = "never", "note"

Data = dict[str, t.Any]
Results = t.Mapping[str, t.Any]


class _At(t.NamedTuple):
    """The action of one FortiGate for one address. `stands` is True if the address is blocked after the action,
    or would be blocked without dry run."""

    place: str
    said: str
    until: str
    stands: bool


class _Run:
    """The actions of all FortiGates in a run."""

    def __init__(self, results: Results, expected: t.Sequence[str]) -> None:
        self.summary = summary(results, expected)
        self._results = {host: one for host, one in sorted(results.items()) if isinstance(one, t.Mapping)}
        self.hosts = sorted({*self._results, *expected})
        self.found: dict[str, list[_At]] = {}
        self.threats: dict[str, list[str]] = {}
        for host, result in self._results.items():
            for step in result.get("steps") or ():
                address = str(step["address"])
                self.found.setdefault(address, []).append(self._at(host, step))
                self.threats.setdefault(address, []).extend(
                    printable(one, LONGEST_THREAT) for one in step.get("threats") or step.get("reasons") or ()
                )

    @property
    def run_id(self) -> str:
        """The run id of a changed FortiGate. If no FortiGate was changed, the run id of any FortiGate."""
        found = [one for one in self._results.values() if one.get("run_id")]
        return next((str(one["run_id"]) for one in [*(o for o in found if o.get("changed")), *found]), "")

    def _at(self, host: str, step: t.Mapping[str, t.Any]) -> _At:
        # This is one function, because the order of the cases matters. A case applies only if no earlier case does.
        place = place_of(host, str(step.get("vdom") or ""))
        action, until = step.get("action"), str(step.get("expires") or "")
        why = printable(step.get("why") or "", LONGEST_REASON)
        result = str(step.get("result") or "")
        if action == KEEP:
            return _At(place, "blocked already", until, True)
        if action == ENGINE:
            return _At(place, "banned by the FortiGate itself", until, True)
        if action not in (ADD, EXTEND):
            return _At(place, f"not blocked ({action}{f': {why}' if why else ''})", "", False)
        if self.summary.dry_run:
            return _At(place, "to be blocked", until, True)
        if not result and action == EXTEND:
            # The extension was not written, or was rolled back. The earlier block remains.
            return _At(place, NOT_EXTENDED, "", True)
        if host in self.summary.failed:
            left = str(step["address"]) in _left(self._results.get(host, {}).get("error"))
            return _At(place, PERHAPS if left else "not blocked", "", False)
        if not result:
            return _At(place, NOT_WRITTEN, "", False)
        return _At(place, "blocked" if result in IN_FORCE else result, until, True)

    def standing(self, address: str) -> bool:
        return any(one.stands for one in self.found.get(address, ()))

    def state(self, address: str) -> str:
        """The states of the address as text, such as `blocked on a, b until X; not blocked on c`. Blocks come first."""
        groups: dict[str, list[_At]] = {}
        for one in sorted(self.found.get(address, ()), key=lambda one: not one.stands):
            groups.setdefault(one.said, []).append(one)
        parts = []
        for said, many in groups.items():
            ends = {one.until for one in many if one.until}
            parts.append(
                f"{said} on {in_brief([one.place for one in many])}{f' until {earliest(ends)}' if ends else ''}"
            )
        return "; ".join(parts)

    def named(self, address: str) -> str:
        names = list(dict.fromkeys(one for one in self.threats.get(address, ()) if one))
        return listed(names, MOST_THREATS)


def response_of(
    results: Results,
    offenders: t.Sequence[t.Any],
    adoms: t.Sequence[str],
    expected: t.Sequence[str],
    name: str,
    now: float,
    kept: t.Sequence[t.Any] = (),
) -> Data:
    """Returns `incidents`, one for each ADOM, and a `notification`. They name the addresses that are blocked. If a
    FortiGate failed, they name all addresses of the run. `kept` are the results of faz_incident in a loop over
    `incidents`. The notification names the incidents that were written."""
    run = _Run(results, expected)
    known = {str(one.get("address")): one for one in offenders if isinstance(one, t.Mapping)}
    concerned = [
        address for address in sorted(run.found, key=address_order) if run.standing(address) or run.summary.failed
    ]
    by_adom: dict[str, list[str]] = {}
    for address in concerned:
        for adom in _texts(known.get(address, {}).get("adoms")) or list(adoms)[:1] or ["root"]:
            by_adom.setdefault(adom, []).append(address)
    return {
        "changed": run.summary.changed,
        "failed": bool(run.summary.failed),
        "dry_run": run.summary.dry_run,
        "incidents": [_incident(run, adom, found, known, now) for adom, found in sorted(by_adom.items())],
        "notification": _notification(run, concerned, name, kept),
    }


def _incident(run: _Run, adom: str, addresses: t.Sequence[str], known: t.Mapping[str, t.Any], now: float) -> Data:
    offenders = [known[address] for address in addresses if address in known]
    victims = Counter(victim for one in offenders for victim in _texts(one.get("victims")))
    attacked = sorted(victims, key=lambda one: (-victims[one], address_order(one)))
    severities = [one.get("severity") for one in offenders if one.get("severity") in RANKED_SEVERITIES]
    return {
        "adom": adom,
        "severity": min(severities, key=RANKED_SEVERITIES.index, default=DEFAULT_SEVERITY),
        "endpoint": next(iter([*attacked, *addresses])),
        "note": "\n".join(_note(run, addresses, now)),
        "mode": CHANGED if run.summary.changed else UNCHANGED,
    }


def _note(run: _Run, addresses: t.Sequence[str], now: float) -> t.Iterator[str]:
    standing = [address for address in addresses if run.standing(address)]
    word = "to be blocked" if run.summary.dry_run else "blocked"
    said = f"{units.many(len(standing), 'address')} {word}"
    yield f"{time_text(now)}, run {run.run_id or 'without a number'}: {said}, {units.many(len(run.hosts), 'FortiGate')}."
    for address in addresses[:MOST_ADDRESSES]:
        names = run.named(address)
        yield f"- {address}{f' ({names})' if names else ''}: {run.state(address)}"
    if len(addresses) > MOST_ADDRESSES:
        yield f"- and {units.many(len(addresses) - MOST_ADDRESSES, 'more address')}"
    failed = list(run.summary.failed.items())
    for host, message in failed[:MOST_FAILED]:
        yield f"Failed: {host}: {printable(message, LONGEST_REASON)}"
    if len(failed) > MOST_FAILED:
        yield f"Failed: {units.many(len(failed) - MOST_FAILED, 'more FortiGate')}"
    refused = run.summary.refused
    for row in refused[:MOST_REFUSED]:
        yield f"Refused: {row['address']}: {printable(row['why'], LONGEST_REASON)}"
    if len(refused) > MOST_REFUSED:
        yield f"Refused: {units.many(len(refused) - MOST_REFUSED, 'more address')}"


def _notification(run: _Run, addresses: t.Sequence[str], name: str, kept: t.Sequence[t.Any]) -> Data:
    standing = [address for address in addresses if run.standing(address)]
    failed = run.summary.failed
    written, refused = _incidents(kept)
    return {
        "title": f"{name}: {units.many(len(standing), 'address')} blocked"
        + (f", {units.many(len(failed), 'FortiGate')} failed" if failed else ""),
        "level": "critical" if failed or refused else "warning" if standing else "info",
        "facts": [
            {"name": "Addresses blocked", "value": str(len(standing))},
            {"name": "FortiGates", "value": in_brief(run.hosts)},
            *([{"name": "Incident", "value": in_brief(written)}] if written else []),
            *([{"name": "Run", "value": run.run_id}] if run.run_id else []),
            *(
                {"name": f"No incident in {place}", "value": printable(why, LONGEST_REASON)}
                for place, why in refused.items()
            ),
            *({"name": f"Failed: {host}", "value": printable(why, LONGEST_REASON)} for host, why in failed.items()),
        ],
        "rows": [
            {"address": address, "threats": run.named(address), "state": run.state(address)} for address in addresses
        ],
        "key": f"response-{run.run_id}" if run.run_id else "",
    }


def _incidents(kept: t.Sequence[t.Any]) -> tuple[list[str], dict[str, str]]:
    """The written incidents, and, by ADOM, the reasons why an incident was not written."""
    written, refused = [], {}
    for one in kept:
        place = f"ADOM {one['item']['adom']}"
        if one.get("failed"):
            refused[place] = str(one.get("msg") or "unknown reason")
        elif one.get("incident"):
            written.append(f"{one['incident']['incid']} in {place}")
    return written, refused


def _left(error: object) -> list[str]:
    """Addresses that a failed run may have left on the FortiGate, because it could not remove them."""
    return _texts(error.get("left")) if isinstance(error, t.Mapping) else []


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, (list, tuple)) else []
