# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pushed threat feed: add, remove, or set its whole content (protocol_fortigate.rst, "Threat feeds")."""

from __future__ import annotations

import typing as t

from .._common.addresses import parse_target, text_of
from .._common.errors import printable
from .._common.validation import flag
from .changes import Step, Verification, carry_out
from .client import Api

READ, PUSH = "system/external-resource/entry-list", "system/external-resource/dynamic"
USABLE = "On the box the feed must be there, enabled, and small enough."
NOT_ENFORCED = ("disable", "disabled", "error", "missing")


class Plan(t.NamedTuple):
    add: list[str]
    remove: list[str]
    unchanged: list[str]


def read_feed(api: Api, name: str, enforced: bool = False) -> list[str]:
    """The valid entries in canonical form, sorted. `enforced` asks that the box says it applies them, too.

    Raises FortiGateError where the content is not known.
    """
    found = api.read(READ, mkey=name)
    if not isinstance(found, dict):
        found = {}
    entries = [] if found.get("valid_count") == 0 and "entries" not in found else found.get("entries")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise api.doubt("GET", READ, f"the content of feed {name} cannot be read", USABLE)
    states = ("status", "resource_file_status")
    broken = [f"{key} {found[key]}" for key in states if str(found.get(key)).strip().lower() in NOT_ENFORCED]
    valid = [str(entry.get("entry")) for entry in entries if flag("valid", entry.get("valid", True))]
    accepted = str(found.get("accepted_count", "")).strip()
    if accepted.isdecimal() and int(accepted) < len(valid):
        # What was added last is what the box leaves out, and its overflow flag does not always say so.
        broken.append(f"accepted_count {accepted} of {len(valid)}")
    if enforced and (broken or flag("overflow", found.get("overflow"))):
        told = ", ".join(broken) or "overflow"
        raise api.doubt("GET", READ, f"the box does not apply feed {name}: {told}", USABLE)
    return sorted(map(_canonical, valid))


def _canonical(text: str) -> str:
    network = parse_target(text)
    return text_of(network) if network is not None else text


def plan(state: str, present: t.Sequence[str], wanted: t.Sequence[str]) -> Plan:
    """`state` is present, absent or exact."""
    have, want = set(present), set(wanted)
    if state == "absent":
        return Plan([], sorted(want & have), sorted(want - have))
    remove = sorted(have - want) if state == "exact" else []
    return Plan(sorted(want - have), remove, sorted(want & have))


def apply(
    api: Api,
    name: str,
    before: t.Sequence[str],
    planned: Plan,
    verification: Verification,
    sleep: t.Callable[[float], t.Any],
) -> tuple[list[str], t.Optional[str]]:
    """Carry the plan out in one call. Returns the entries afterwards and a warning. Raises FortiGateError."""
    commands = [
        {"name": name, "command": command, "entries": entries}
        for command, entries in (("add", planned.add), ("remove", planned.remove))
        if entries
    ]

    def send(commands: list[dict[str, t.Any]]) -> None:
        results = api.write(PUSH, {"commands": commands}).get("results")
        for result in results if isinstance(results, list) else []:
            if isinstance(result, dict) and (
                result.get("status") not in (None, "success") or result.get("invalidEntries") or result.get("error")
            ):
                raise api.doubt("POST", PUSH, f"feed {name}: {printable(result)}")

    def lacking(entries: list[str]) -> list[str]:
        now = set(entries)
        return [entry for entry in planned.add if entry not in now] + [
            entry for entry in planned.remove if entry in now
        ]

    def left(entries: list[str]) -> list[str]:
        now = set(entries)
        return [entry for entry in planned.add if entry in now] + [
            entry for entry in planned.remove if entry not in now
        ]

    def undo() -> None:
        back = [("remove", planned.add), ("add", planned.remove)]
        send([{"name": name, "command": command, "entries": entries} for command, entries in back if entries])

    unheeded = api.doubt("POST", PUSH, "the box answered success")
    step = Step(lambda: send(commands), undo, lacking, left, unheeded, planned.add)
    return carry_out(step, lambda: read_feed(api, name, enforced=bool(planned.add)), verification, sleep)
