# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs on many FortiGates came to, for a person: one row for each address, with the FortiGates that it concerns."""

from __future__ import annotations

import typing as t

from .._common.addresses import address_order
from .._common.durations import duration_text

NOT_WRITTEN = "nothing was written, because another FortiGate had failed before"
Data = dict[str, t.Any]
Results = t.Mapping[str, t.Any]
# More names than these are counted; more notices than these are left out and counted.
NAMED, NOTICES = 3, 12


class Summary(t.NamedTuple):
    """`failed` has a message for each FortiGate whose run failed or that gave no result, and `notices` are those of all without doubles."""

    rows: list[Data]
    refused: list[Data]
    notices: list[str]
    failed: dict[str, str]
    changed: bool
    dry_run: bool

    def as_dict(self) -> Data:
        return self._asdict()


def summary(results: Results, expected: t.Sequence[str] = ()) -> Summary:
    """`results` by host name, as fortigate_block returns them; `expected` are hosts that must have one."""
    known = {host: one for host, one in sorted(results.items()) if isinstance(one, t.Mapping)}
    failed = {host: _message(one) for host, one in known.items() if one.get("failed") or one.get("unreachable")}
    failed.update({host: NOT_WRITTEN for host, one in known.items() if host not in failed and _is_only_planned(one)})
    failed.update(
        {
            host: "it has no result"
            for host in expected
            if host not in known or not (failed.get(host) or _ran(known[host]))
        }
    )
    notices: dict[str, list[str]] = {}
    for host, one in known.items():
        for notice in one.get("notices") or ():
            notices.setdefault(str(notice), []).append(host)
    return Summary(
        _rows(known, "steps"),
        _rows(known, "refused"),
        [*_totals(known), *_shown(notices, len(known))],
        failed,
        any(bool(one.get("changed")) for one in known.values()),
        any(bool(one.get("dry_run")) for one in known.values()),
    )


def blocks(results: Results) -> list[Data]:
    """One row for each address that is blocked, from what fortigate_block_info returns."""
    found: dict[tuple[str, ...], list[str]] = {}
    ends: dict[tuple[str, ...], set[str]] = {}
    rows: dict[tuple[str, ...], Data] = {}
    for host, one in sorted(results.items()):
        for block in one.get("blocks") or () if isinstance(one, t.Mapping) else ():
            row = {
                "address": block["address"],
                "method": block["method"],
                "ours": "yes" if block["ours"] else "no",
                "run": block["run_id"],
                "why": ", ".join(block["reasons"] or block["threats"] or [block["source"]]),
            }
            key = tuple(str(value) for value in row.values())
            rows[key] = row
            found.setdefault(key, []).append(_place(host, block["vdom"]))
            # An entry of a list that nobody knows says nothing about its end.
            forever = "permanent" if block["ours"] or block["method"] == "ban" else "unknown"
            ends.setdefault(key, set()).add(block["expires"] or forever)
    ordered = sorted(rows, key=lambda key: (*address_order(key[0]), key))
    return [{**rows[key], "until": _earliest(ends[key]), "fortigates": _places(found[key])} for key in ordered]


def _earliest(ends: t.Collection[str]) -> str:
    """Of the FortiGates on which the address is blocked."""
    return f"{min(ends)}{' or later' if len(ends) > 1 else ''}"


def _message(result: t.Mapping[str, t.Any]) -> str:
    return str(result.get("msg") or "it failed")


def _is_only_planned(result: t.Mapping[str, t.Any]) -> bool:
    return bool(result.get("plan") and result.get("pending") and not result.get("dry_run"))


def _ran(result: t.Mapping[str, t.Any]) -> bool:
    return "steps" in result or "blocks" in result


def _rows(results: t.Mapping[str, t.Any], kind: str) -> list[Data]:
    """Steps or refusals that say the same on several FortiGates are one row."""
    found: dict[tuple[str, ...], list[str]] = {}
    rows: dict[tuple[str, ...], Data] = {}
    ends: dict[tuple[str, ...], set[str]] = {}
    for host, result in results.items():
        for one in result.get(kind) or ():
            row = _step(one) if kind == "steps" else _refusal(one)
            key = tuple(str(value) for value in row.values())
            rows[key] = row
            places = found.setdefault(key, [])
            place = _place(host, one.get("vdom", ""))
            if place not in places:
                places.append(place)
            if one.get("action") == "keep" and one.get("expires"):
                ends.setdefault(key, set()).add(str(one["expires"]))
    ordered = sorted(rows, key=lambda key: (*address_order(key[0]), key))
    return [
        {**rows[key], "why": _until(ends.get(key, set()), rows[key]["why"]), "fortigates": _places(found[key])}
        for key in ordered
    ]


def _until(ends: t.Collection[str], why: str) -> str:
    """When what is blocked already ends, on the FortiGate where that is first."""
    if not ends:
        return why
    return "; ".join(filter(None, [f"blocked already until {_earliest(ends)}", why]))


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
    """The method, and how many addresses have each action somewhere."""
    # Steps name their method too, because one run can have two.
    named = [one for result in results.values() for one in (result, *(result.get("steps") or ()))]
    methods = sorted({str(one["method"]) for one in named if one.get("method")})
    found: dict[str, set[str]] = {}
    for result in results.values():
        for step in result.get("steps") or ():
            found.setdefault(str(step.get("result") or step["action"]), set()).add(str(step["address"]))
        for one in result.get("refused") or ():
            found.setdefault("refused", set()).add(str(one["address"]))
    prefix = f"Method {', '.join(methods)}. " if methods else ""
    counted = ", ".join(f"{len(addresses)} {action}" for action, addresses in found.items())
    return [f"{prefix}Addresses: {counted}"] if counted else []


def _refusal(one: t.Mapping[str, t.Any]) -> Data:
    return {"address": one["address"], "why": "; ".join(one.get("refusals") or ())}


def _place(host: str, vdom: str) -> str:
    return f"{host} ({vdom})" if vdom not in ("", "root") else host


def _places(places: t.Sequence[str]) -> str:
    if len(places) <= NAMED:
        return ", ".join(places)
    return f"{', '.join(places[: NAMED - 1])} and {len(places) - NAMED + 1} more"


def _shown(notices: t.Mapping[str, t.Sequence[str]], hosts: int) -> list[str]:
    lines = [notice if len(where) == hosts else f"{_places(where)}: {notice}" for notice, where in notices.items()]
    more = [f"{len(lines) - NOTICES} more notices are in the results"] if len(lines) > NOTICES else []
    return lines[:NOTICES] + more
