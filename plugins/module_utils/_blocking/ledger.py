# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was done to whom, one JSON line for each address and box, and what follows from these lines:
which blocks are ours and may be removed.

A line is written for everything that was planned, so that the last line of an address tells whether it is ours.
"""

from __future__ import annotations

import datetime
import json
import typing as t

from .._common.errors import InvalidInput

Record = dict[str, t.Any]
# One list on one box that addresses are blocked by.
PLACE = ("vdom", "method", "list")
# Results after which an address stands on a list because of us, and those after which it does not.
# Before a write everything is attempted, so that a run that is cut off leaves no block that is nobody's; what could not be taken
# back is left.
OURS = ("blocked", "extended", "attempted", "left")
GONE = ("removed", "expired", "rolled_back", "absent")
# What each step of a plan is called when it went well.
DONE = {
    "add": "blocked",
    "extend": "extended",
    "keep": "unchanged",
    "foreign": "foreign",
    "remove": "removed",
    "absent": "absent",
}
TIME = "%Y-%m-%dT%H:%M:%SZ"


def parse_time(text: object) -> datetime.datetime:
    """UTC in the one form in which it is written here. Raises InvalidInput."""
    try:
        return datetime.datetime.strptime(str(text), TIME).replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        raise InvalidInput(f"{str(text)[:40]!r} is no time of the form YYYY-MM-DDTHH:MM:SSZ") from None


def time_of(seconds: float) -> str:
    """From seconds since the epoch."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime(TIME)


def time_after(now: str, seconds: int) -> t.Optional[str]:
    """When something that begins now ends; None for never."""
    if not seconds:
        return None
    return (parse_time(now) + datetime.timedelta(seconds=seconds)).strftime(TIME)


def records(
    steps: t.Iterable[Record], job: Record, outcome: t.Mapping[str, str], after: t.Mapping[str, t.Mapping[str, t.Any]]
) -> list[Record]:
    """Lines for the steps of a plan.

    `job` is what all lines have in common, `outcome` what became of each kind of step where that is not what was planned, and
    `after` by VDOM and address what was read back.
    """
    words = {**DONE, **outcome}
    found = []
    for step in steps:
        done = words[step["action"]]
        changing = step["action"] in ("add", "extend", "remove")
        found.append(
            {
                **job,
                "vdom": step["vdom"],
                "ip": step["ip"],
                "ttl": step.get("ttl") if step["action"] in ("add", "extend", "keep") else None,
                # A block that is kept ends when it did; only what is set anew is given a date.
                "expires": time_after(job["time"], step["ttl"]) if done in OURS else None,
                "reason": step.get("reason", ""),
                "evidence": step.get("evidence", ""),
                "before": step.get("before"),
                "after": after.get(step["vdom"], {}).get(step["ip"]) if changing else step.get("before"),
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
    """ASCII, so that no sign of a threat's name can end a line or turn the direction of writing.

    The line break before them keeps releases of Ansible from taking a lone record for data; it does not get into the file.
    """
    lines = "".join(json.dumps(record, sort_keys=True) + "\n" for record in found)
    return f"\n{lines}" if lines else ""


def read_lines(text: t.Union[str, t.Sequence[str], None]) -> tuple[list[Record], int]:
    """Records in their order, and how many lines are none; from a text or its lines."""
    found, unreadable = [], 0
    for line in text.splitlines() if isinstance(text, str) else text or []:
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if _is_record(record):
            found.append(record)
        else:
            unreadable += 1
    return found, unreadable


def _is_record(record: object) -> bool:
    if not isinstance(record, dict) or not isinstance(record.get("ip"), str) or not record.get("result"):
        return False
    try:
        return record.get("expires") is None or bool(parse_time(record["expires"]))
    except InvalidInput:
        return False


def is_of_box(record: Record, place: t.Mapping[str, t.Any]) -> bool:
    """By its serial number, which a renamed box keeps, or its name in the inventory, which a cluster keeps after a failover and
    a replaced box as well."""
    return record.get("serial") == place["serial"] or bool(place["host"] and record.get("host") == place["host"])


def ours(found: t.Iterable[Record], place: t.Mapping[str, t.Any], now: str) -> dict[str, Record]:
    """By address the line that put it on the list in question, for those that no later line took off it.

    A ban ends by itself: one that is there after that was made by somebody else.
    """
    standing: dict[str, Record] = {}
    for record in found:
        if not is_of_box(record, place) or any(record.get(key) != place[key] for key in PLACE):
            continue
        if record["result"] in OURS:
            standing[record["ip"]] = record
        elif record["result"] in GONE:
            standing.pop(record["ip"], None)
    if place["method"] == "ban":
        for ip in expired(standing, now):
            del standing[ip]
    return standing


def expired(standing: t.Mapping[str, Record], now: str) -> list[str]:
    """Addresses whose time is over. One that tells no time is not; see `timeless`."""
    moment = parse_time(now)
    ends = {ip: _end(record) for ip, record in standing.items()}
    return [ip for ip, end in ends.items() if end is not None and end <= moment]


def timeless(standing: t.Mapping[str, Record]) -> list[str]:
    """Addresses that are to end at something that is no time, as somebody may have written into a comment."""
    return [ip for ip, record in standing.items() if record.get("expires") and _end(record) is None]


def _end(record: Record) -> t.Optional[datetime.datetime]:
    try:
        return parse_time(record["expires"]) if record.get("expires") else None
    except InvalidInput:
        return None


def is_due(record: t.Optional[Record], ttl: int, now: str) -> bool:
    """Whether a block that we made has so little time left that asking for it again prolongs it.

    Only below half of what is asked for, so that a second run changes nothing.
    """
    if record is None or not record.get("expires"):
        return False
    end = _end(record)
    if not ttl or end is None:
        return True
    return (end - parse_time(now)).total_seconds() < ttl / 2
