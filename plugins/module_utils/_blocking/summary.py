# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Summarizes runs on many FortiGates. Equal steps for an address become one row, which names the FortiGates."""

from __future__ import annotations

import collections
import typing as t

from .._common.addresses import address_order
from .._common.durations import duration_text
from .._common.naming import agree, counted, sentence
from .planning import ADD, ENGINE, EXTEND, KEEP, NOT_SEEN

NOT_WRITTEN = "nothing was written, because another FortiGate had failed before"
Data = dict[str, t.Any]
Results = t.Mapping[str, t.Any]
# Maximum numbers of FortiGate names in a row, and of notices. Further ones are only counted.
NAMED, NOTICES = 3, 12
MOST_ADDRESSES = 10
BLOCKED = (ADD, EXTEND, KEEP, ENGINE)


class Summary(t.NamedTuple):
    """`failed` has a message for each FortiGate whose run failed, wrote nothing because of another failure, or has no
    result. `notices` are the notices of all FortiGates without duplicates. `hosts` is the number of FortiGates with a
    result or an expected one."""

    rows: list[Data]
    refused: list[Data]
    notices: list[str]
    failed: dict[str, str]
    hosts: int
    changed: bool
    dry_run: bool

    def as_dict(self) -> Data:
        return {
            **self._asdict(),
            "failures": self.failures(),
            "failure_message": self.failure_message(),
            "notification": self.notification(),
        }

    def failures(self) -> list[str]:
        return [f"{host}: {said}" for host, said in self.failed.items()]

    def failure_message(self) -> str:
        """The error message of a playbook, such as "1 of 2 FortiGates failed: fgt1: no route to host."."""
        if not self.failed:
            return ""
        failures = " -- ".join(self.failures())
        return sentence(f"{len(self.failed)} of {counted(self.hosts, 'FortiGate')} failed: {failures}")

    def notification(self) -> Data:
        """The data of a notification without its title."""
        actions = collections.Counter(str(row["action"]) for row in self.rows)
        facts = {**actions, "refused": len(self.refused), "FortiGates failed": len(self.failed)}
        return {
            "level": "critical" if self.failed else "warning" if self.refused else "info",
            "text": "\n".join([*self.failures(), *self.notices]),
            "facts": [{"name": name, "value": count} for name, count in facts.items() if count],
            "rows": [*self.rows, *({**row, "action": "refused"} for row in self.refused)],
        }


def summary(results: Results, expected: t.Sequence[str] = ()) -> Summary:
    """`results` has the results of fortigate_block by host name. `expected` are the hosts that must have a result."""
    known = {host: one for host, one in sorted(results.items()) if isinstance(one, t.Mapping)}
    notices: dict[str, list[str]] = {}
    for host, one in known.items():
        for notice in one.get("notices") or ():
            notices.setdefault(str(notice), []).append(host)
    return Summary(
        rows=_rows(known, "steps"),
        refused=_rows(known, "refused"),
        notices=[*_totals(known), *_nowhere(known), *_shown(notices, len(known))],
        failed=_failed(known, expected),
        hosts=len({*known, *expected}),
        changed=any(bool(one.get("changed")) for one in known.values()),
        dry_run=any(bool(one.get("dry_run")) for one in known.values()),
    )


def earliest(ends: t.Collection[str]) -> str:
    """The earliest of these times, followed by "or later" if there are several."""
    return f"{min(ends)}{' or later' if len(ends) > 1 else ''}"


def _failed(known: Results, expected: t.Iterable[str]) -> dict[str, str]:
    failed = {host: _message(one) for host, one in known.items() if one.get("failed") or one.get("unreachable")}
    failed.update({host: NOT_WRITTEN for host, one in known.items() if host not in failed and _is_only_planned(one)})
    silent = (host for host in expected if host not in known or not (failed.get(host) or _ran(known[host])))
    failed.update(dict.fromkeys(silent, "the run has no result"))
    return failed


def _message(result: t.Mapping[str, t.Any]) -> str:
    return str(result.get("msg") or "the run failed")


def _is_only_planned(result: t.Mapping[str, t.Any]) -> bool:
    return bool(result.get("plan") and result.get("pending") and not result.get("dry_run"))


def _ran(result: t.Mapping[str, t.Any]) -> bool:
    return "steps" in result or "blocks" in result


def _rows(results: t.Mapping[str, t.Any], kind: str) -> list[Data]:
    """The rows of all FortiGates. Equal steps or refusals of several FortiGates become one row."""
    found: dict[tuple[str, ...], list[str]] = {}
    rows: dict[tuple[str, ...], Data] = {}
    ends: dict[tuple[str, ...], set[str]] = {}
    for host, result in results.items():
        for one in result.get(kind) or ():
            row = _step(one) if kind == "steps" else _refusal(one)
            key = tuple(str(value) for value in row.values())
            rows[key] = row
            places = found.setdefault(key, [])
            place = place_of(host, one.get("vdom", ""))
            if place not in places:
                places.append(place)
            if one.get("action") == "keep" and one.get("expires"):
                ends.setdefault(key, set()).add(str(one["expires"]))
    ordered = sorted(rows, key=lambda key: (*address_order(key[0]), key))
    return [
        {**rows[key], "why": _until(ends.get(key, set()), rows[key]["why"]), "fortigates": in_brief(found[key])}
        for key in ordered
    ]


def _until(ends: t.Collection[str], why: str) -> str:
    """The reason, with the earliest end of an existing block."""
    if not ends:
        return why
    return "; ".join(filter(None, [f"blocked already until {earliest(ends)}", why]))


def _step(step: t.Mapping[str, t.Any]) -> Data:
    ttl, action = step.get("ttl"), step.get("action")
    lasts = duration_text(ttl) if ttl else "permanent"
    reasons = ", ".join(step.get("reasons") or step.get("threats") or ())
    return {
        "address": step["address"],
        "action": step.get("result") or action,
        "for": lasts if action in ("add", "extend") else "",
        "why": "; ".join(filter(None, [step.get("why", ""), reasons])),
    }


def _totals(results: t.Mapping[str, t.Any]) -> list[str]:
    """A notice with the methods, and with the number of addresses for each result."""
    # Each step also names its method, because one run can use two methods.
    named = [one for result in results.values() for one in (result, *(result.get("steps") or ()))]
    methods = sorted({str(one["method"]) for one in named if one.get("method")})
    found: dict[str, set[str]] = {}
    for result in results.values():
        for step in result.get("steps") or ():
            found.setdefault(str(step.get("result") or step["action"]), set()).add(str(step["address"]))
        for one in result.get("refused") or ():
            found.setdefault("refused", set()).add(str(one["address"]))
    prefix = f"Method {', '.join(methods)}. " if methods else ""
    said = ", ".join(f"{len(addresses)} {action}" for action, addresses in found.items())
    return [f"{prefix}Addresses: {said}"] if said else []


def _nowhere(results: t.Mapping[str, t.Any]) -> list[str]:
    """A notice about addresses that no FortiGate blocks, because each FortiGate leaves them to another FortiGate."""
    steps = [step for result in results.values() for step in result.get("steps") or ()]
    blocked = {step["address"] for step in steps if step["action"] in BLOCKED}
    found = {
        step["address"]: step["why"] for step in steps if step["action"] == NOT_SEEN and step["address"] not in blocked
    }
    named = [f"{address} ({found[address]})" for address in sorted(found, key=address_order)]
    more = [f"{len(named) - MOST_ADDRESSES} more"] if len(named) > MOST_ADDRESSES else []
    return [f"Blocked on NO FortiGate of this run: {', '.join(named[:MOST_ADDRESSES] + more)}"] if named else []


def _refusal(one: t.Mapping[str, t.Any]) -> Data:
    return {"address": one["address"], "why": "; ".join(one.get("refusals") or ())}


def place_of(host: str, vdom: str) -> str:
    return f"{host} ({vdom})" if vdom not in ("", "root") else host


def in_brief(places: t.Sequence[str]) -> str:
    if len(places) <= NAMED:
        return ", ".join(places)
    return f"{', '.join(places[: NAMED - 1])} and {len(places) - NAMED + 1} more"


def _shown(notices: t.Mapping[str, t.Sequence[str]], hosts: int) -> list[str]:
    lines = [notice if len(where) == hosts else f"{in_brief(where)}: {notice}" for notice, where in notices.items()]
    left = len(lines) - NOTICES
    more = [f"{left} more {agree(left, 'notice is', 'notices are')} in the results"] if left > 0 else []
    return lines[:NOTICES] + more
