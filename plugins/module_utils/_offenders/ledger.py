# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was done to whom, one JSON line for each address and box, and what follows from these lines (blocking contract section 5,
rails 9 and 11).

A line is written for everything that was planned, so that the last line of an address tells whether it is ours.
"""

from __future__ import annotations

import datetime
import json
import typing as t

from .._protocol.errors import InvalidInput
from .addresses import parse_target, text_of

Record = dict[str, t.Any]
# One list on one box that addresses are blocked by.
PLACE = ("serial", "vdom", "method", "list")
# Results after which an address stands on a list because of us, and those after which it does not.
OURS = ("blocked", "extended")
GONE = ("removed", "expired", "rolled_back", "absent")
# What each step of a plan is called when it went well.
DONE = {"add": "blocked", "extend": "extended", "keep": "unchanged", "foreign": "foreign", "remove": "removed", "absent": "absent"}
TIME = "%Y-%m-%dT%H:%M:%SZ"


def parse_time(text: object) -> datetime.datetime:
    """UTC in the one form in which it is written here. Raises InvalidInput."""
    try:
        return datetime.datetime.strptime(str(text), TIME).replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        raise InvalidInput(f"{str(text)[:40]!r} is no time of the form YYYY-MM-DDTHH:MM:SSZ") from None


def time_after(now: str, seconds: int) -> t.Optional[str]:
    """When something that begins now ends; None for never."""
    if not seconds:
        return None
    return (parse_time(now) + datetime.timedelta(seconds=seconds)).strftime(TIME)


def records(steps: t.Iterable[Record], job: Record, result: t.Optional[str], after: t.Mapping[str, Record]) -> list[Record]:
    """Lines for the steps of a plan.

    `job` is what all lines have in common, `result` what became of the steps that wanted a change where it is not what was
    planned, and `after` by VDOM and address what was read back.
    """
    found = []
    for step in steps:
        wanted = step["action"] not in ("keep", "foreign", "absent")
        done = result if result and wanted else DONE[step["action"]]
        blocking = step["action"] in ("add", "extend", "keep")
        found.append(
            {
                **job,
                "vdom": step["vdom"],
                "ip": step["ip"],
                "ttl": step.get("ttl") if blocking else None,
                # A block that is kept ends when it did; only what is set anew is given a date.
                "expires": time_after(job["time"], step["ttl"]) if done in OURS else None,
                "reason": step.get("reason", ""),
                "evidence": step.get("evidence", ""),
                "before": step.get("before"),
                "after": after.get(step["vdom"], {}).get(step["ip"]),
                "result": done,
            }
        )
    return found


def refusals(refused: t.Iterable[Record], vdoms: t.Iterable[str], job: Record) -> list[Record]:
    """Lines for what is not blocked, with the reasons."""
    return [
        {
            **job,
            "vdom": vdom,
            "ip": one["ip"],
            "ttl": None,
            "expires": None,
            "reason": one["reason"],
            "evidence": one["evidence"],
            "before": None,
            "after": None,
            "result": "refused",
            "refusals": one["reasons"],
        }
        for vdom in vdoms
        for one in refused
    ]


def lines_of(found: t.Iterable[Record]) -> str:
    """ASCII, so that no sign of a threat's name can end a line or turn the direction of writing."""
    return "".join(json.dumps(record, sort_keys=True) + "\n" for record in found)


def read_lines(text: t.Optional[str]) -> tuple[list[Record], int]:
    """Records in their order, and how many lines are none."""
    found, unreadable = [], 0
    for line in (text or "").splitlines():
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        if isinstance(record, dict) and isinstance(record.get("ip"), str) and record.get("result"):
            found.append(record)
        else:
            unreadable += 1
    return found, unreadable


def ours(found: t.Iterable[Record], place: t.Mapping[str, t.Any]) -> dict[str, Record]:
    """By address the line that put it on the list in question, for those that no later line took off it."""
    standing: dict[str, Record] = {}
    for record in found:
        if any(record.get(key) != place[key] for key in PLACE):
            continue
        if record["result"] in OURS:
            standing[record["ip"]] = record
        elif record["result"] in GONE:
            standing.pop(record["ip"], None)
    return standing


def expired(standing: t.Mapping[str, Record], now: str) -> list[str]:
    """Addresses whose time is over."""
    moment = parse_time(now)
    return [ip for ip, record in standing.items() if record.get("expires") and parse_time(record["expires"]) <= moment]


def lifting(
    wanted: t.Iterable[Record], vdom: str, present: t.Mapping[str, t.Any], standing: t.Mapping[str, Record], force: bool
) -> tuple[list[Record], list[Record]]:
    """Steps that take addresses off a list, and what is refused because it is on the list and not ours.

    `present` has what stands on the list, by address, with `foreign` where somebody else owns it for certain.
    """
    steps, refused = [], []
    for target in wanted:
        ip = target["ip"]
        step = {**target, "vdom": vdom, "before": present.get(ip)}
        if ip not in present:
            steps.append({**step, "action": "absent"})
        elif isinstance(present[ip], t.Mapping) and present[ip].get("foreign"):
            steps.append({**step, "action": "foreign"})
        elif ip in standing or force:
            steps.append({**step, "action": "remove"})
        else:
            refused.append({**target, "vdom": vdom, "reasons": ["it was not blocked by a run that the audit file knows"]})
    return steps, refused


def canonical(address: object) -> str:
    network = parse_target(address)
    return text_of(network) if network is not None else str(address)
