# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way in which a write to a FortiGate fails, and what must be true afterwards.

See protocol_fortigate.rst, "Requirements for a simulator", "Replies".
"""

from __future__ import annotations

import json
import re
import typing as t

from simulators.fortigate import FortiGate
from support.fortigate_client import Client

ATTACKERS = ["198.51.100.7", "203.0.113.77", "2001:db8:bad::7"]
PREPARED = {"with_feed": True, "with_group": True, "with_policies": True}
FOREIGN = {"198.51.100.200": "IPS", "198.51.100.201": "AV", "198.51.100.202": "DOS", "198.51.100.203": "APP"}
BEFORE = "198.51.100.1"
# Characters of an error that says more than that there is one.
SHORTEST = 40
# What an error that tells what to do next has in it.
NEXT_STEP = r"\b([Cc]heck|[Tt]ry|[Ss]et|permits|makes such)\b"
# Every fault of a write that the simulator has, by its name there.
KINDS: dict[str, dict[str, t.Any]] = {
    "malformed": {},
    "unauthorized": {},
    "forbidden": {},
    "forbidden_html": {},
    "not_json": {},
    "empty": {},
    "status_error": {},
    "redirect": {"location": "/login"},
    "not_found": {},
    "not_allowed": {},
    "bad_attribute": {},
    "too_large": {},
    "too_many": {},
    "device_error": {},
    "table_full": {},
    "duplicate": {},
    "in_use": {},
    "http": {"status": 503},
    "truncated": {},
    "cut_before": {},
    "cut_after": {},
    # Carried out, with a reply that comes late: the box was slow to begin, or to answer.
    "slow": {"seconds": 8},
    "delay": {"seconds": 8},
    # Another box for the time of one call.
    "switches": {"values": {"read_only": True}},
}
# The write of each method: method and part of the path. Members are what an address group blocks by.
WRITES = {
    "ban": ("POST", "user/banned/add_users"),
    "feed_push": ("POST", "external-resource/dynamic"),
    "addrgrp": ("POST", "addrgrp/SOC-BLOCK/member"),
}
# The call that a fault meets. A file is not written to the box, which is only asked who it is.
CALLS = {**WRITES, "feed_file": ("GET", "system/status")}
# What the box is like, in place of a fault.
CONDITIONS: dict[str, dict[str, t.Any]] = {
    "read_only": {"read_only": True},
    "other_vdom_only": {"vdoms_allowed": ["guest"]},
    "clock_ahead": {"clock_skew": 7200.0},
    "clock_behind": {"clock_skew": -7200.0},
    "no_version": {"version": ""},
    "v6.4.9": {"version": "v6.4.9"},
    "v7.0.17": {"version": "v7.0.17"},
    "v7.2.10": {"version": "v7.2.10"},
    "v7.6.6": {"version": "v7.6.6"},
    "v8.0.0": {"version": "v8.0.0"},
}


def prepare(box: FortiGate, method: str, kind: str) -> None:
    """Bans that others made, an entry that was there, and the fault. `kind` is of KINDS or CONDITIONS, "partial" or "none"."""
    if method == "feed_push" and box.switches.with_feed:
        with Client(box) as client:
            client.push("add", [BEFORE])
    box.switches.update(CONDITIONS.get(kind, {}))
    # By the clock that the box has now, or they would be over.
    box.seed_bans([{"ip_address": ip, "source": source} for ip, source in FOREIGN.items()])
    verb, path = CALLS[method]
    if kind == "partial":
        box.fault("partial", method=verb, path=path, missing=1)
    elif kind in KINDS:
        # Twice: a member is put and then posted, and a write that is tried again must not be what saves it.
        box.fault(kind, method=verb, path=path, times=2, **KINDS[kind])


def problems(
    box: FortiGate, method: str, failed: bool, said: str, effective: bool = True, listed: set[str] | None = None
) -> list[str]:
    """What is wrong with how it ended: in force, or failed with a message and nothing left, and nobody else touched.

    Not `effective`: whoever keeps the list cannot see that this box makes nothing of it. `listed` is what the list holds, where
    the box does not have it.
    """
    blocked, made = _blocked(method, box) if listed is None else listed, _made(box)
    found = []
    if failed and (blocked or made):
        found.append(f"failed, and left {sorted(blocked | made)}")
    if failed and len(message(said)) < SHORTEST:
        found.append(f"the error does not say what happened: {said[:200]}")
    if failed and not re.search(NEXT_STEP, message(said)):
        found.append(f"the error does not say what to do next: {message(said)}")
    if not failed and blocked != set(ATTACKERS):
        found.append(f"called done, and in force are {sorted(blocked)}")
    # And what only a packet to a published server can tell.
    if effective and {box.passes(ip, "203.0.113.10") for ip in ATTACKERS if "." in ip} != {failed}:
        found.append("packets of the attackers " + ("are stopped" if failed else "pass"))
    if {ban["ip_address"]: ban["source"] for ban in box.bans() if ban["source"] != "Administrative"} != FOREIGN:
        found.append("bans of others were touched")
    if method == "feed_push" and box.switches.with_feed and BEFORE not in box.feed("soc-block"):
        found.append("an entry of others was taken away")
    return found + box.check()


def message(said: str) -> str:
    """What a failed task tells a person, out of the JSON in which the playbook shows it."""
    try:
        return str(json.loads(said).get("msg", said))
    except ValueError:
        found = re.search(r'"msg": "(.*?)"[,}]', said)
        return found.group(1) if found else said


def _blocked(method: str, box: FortiGate) -> set[str]:
    """What the method's own list holds."""
    if method == "ban":
        return {str(ban["ip_address"]) for ban in box.bans() if ban["source"] == "Administrative"}
    if method == "feed_push":
        return set(box.feed("soc-block")) - {BEFORE} if box.switches.with_feed else set()
    names = [name for group in ("SOC-BLOCK", "SOC-BLOCK6") for name in box.members(group) if name != "blk-placeholder"]
    return {name.removeprefix("blk-").replace("_", ":") for name in names}


def _made(box: FortiGate) -> set[str]:
    """Address objects that a run has left."""
    tables = ("firewall/address", "firewall/address6")
    names = {one["name"] for table in tables for one in box.objects(table)}
    return {name for name in names if name.startswith("blk-") and name != "blk-placeholder"}
