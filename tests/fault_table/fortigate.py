# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults of a FortiGate, met by fortigate_ban, fortigate_feed and by each method of the role fortigate_block."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from blocking.faults import ATTACKERS, CONDITIONS, KINDS, PREPARED, WRITES, message, prepare, problems
from blocking.fleet import Fleet, Run
from simulators.fortigate import FortiGate, ManualClock

from .rows import Row, shortened

# What each module does in one task, with the method of the role that it carries out.
COMMON = {"access_token": "{{ fortigate_token }}", "verify_delay": 0, "verify_retries": 1}
MODULES: dict[str, tuple[str, dict[str, Any]]] = {
    "fortigate_ban": ("ban", {**COMMON, "addresses": ATTACKERS}),
    "fortigate_feed": ("feed_push", {**COMMON, "entries": ATTACKERS, "name": "soc-block"}),
}
READS = {"ban": ("GET", "user/banned"), "feed_push": ("GET", "external-resource")}
# Switches of which no fault of CONDITIONS makes use, each with the value that departs from the usual.
SWITCHES: dict[str, tuple[Any, ...]] = {
    "version": ("", "v6.4.9", "v7.0.17", "v7.2.10", "v7.6.6", "v8.0.0"),
    "build": (1,),
    "model": ("FGT60F",),
    "vdoms": (["root"],),
    "managed_by": ("FortiManager",),
    "current_admins": ([],),
    "with_feed": (False,),
    "with_group": (False,),
    "with_policies": (False,),
    "with_local_in": (True,),
    "read_only": (True,),
    "vdoms_allowed": (["guest"],),
    "denied": (["monitor/user/banned", "monitor/system/external-resource"],),
    "forbidden_form": ("html",),
    "token_in_url": (False,),
    "api_login": (False,),
    "login_refusal": ("status200",),
    "lockout_after": (1,),
    "lockout_seconds": (5.0,),
    "session_idle": (0.0,),
    "member_cap": (1,),
    "table_caps": ({"firewall/address": 1},),
    "error_revisions": (False,),
    "ban_cap": (2,),
    "ban_again": ("extend", "ignore"),
    "ban_bad_address": ("skip",),
    "ban_number_strings": (True,),
    "ban_forever_form": ("null", "missing", "indefinite"),
    "ban_check": (True, False),
    "ban_lost_on_failover": (False,),
    "feed_errors": ("http424",),
    "feed_cap": (2,),
    "feed_kept_on_reboot": (False,),
    "feed_ca": ("/nowhere/ca.pem",),
    "clock_skew": (7200.0, -7200.0),
    "latency": (0.5,),
}


def module_cases(method: str) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Name, setting as shown, what is broken ("switch", "read" or "write"), and details."""
    found = []
    for name, values in SWITCHES.items():
        found += [(name, json.dumps(value), "switch", {name: value}) for value in values]
    for kind, details in KINDS.items():
        found.append((kind, "the read, always", "read", {**details, "times": 99}))
        found.append((kind, "the write, twice", "write", {**details, "times": 2}))
    found.append(("partial", "the write, one address less", "write", {"missing": 1}))
    return found


def _wanted(name: str, setting: str, only: Sequence[str]) -> bool:
    return not only or any(word in f"{name} {setting}" for word in only)


def modules(batch: int, only: Sequence[str] = ()) -> list[Row]:
    rows = []
    for subject, (method, options) in MODULES.items():
        cases = [case for case in module_cases(method) if _wanted(case[0], case[1], only)]
        for start in range(0, len(cases), batch):
            rows += _modules(subject, method, options, cases[start : start + batch])
            print(f"{subject}: {len(rows)} rows", flush=True)
    return rows


def _modules(subject: str, method: str, options: Mapping[str, Any], cases: list[Any]) -> list[Row]:
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as directory,
        Fleet(Path(directory), ManualClock(time.time())) as fleet,
    ):
        for number, (name, _setting, where, details) in enumerate(cases):
            box = fleet.box(f"box{number:03d}", PREPARED)
            if where == "switch" and name == "clock_skew":
                box.switches.update(details)
            prepare(box, method, "none")
            if where == "switch":
                box.switches.update(details)
            else:
                verb, path = (READS if where == "read" else WRITES)[method]
                box.fault(name, method=verb, path=path, **details)
        run = fleet.play("-vvv", task={"name": subject, f"secops.fortiview.{subject}": dict(options)})
        rows = []
        for number, (name, setting, _where, _details) in enumerate(cases):
            host = f"box{number:03d}"
            rows.append(_row(subject, name, setting, method, fleet.boxes[host], host, run))
        _secrets(fleet, run, rows)
    return rows


def methods(batch: int, names: list[str], only: Sequence[str] = ()) -> list[Row]:
    """The role with each fault of a write; boxes come from the tests of the role."""
    cases = [(method, kind) for method in names for kind in (*KINDS, *CONDITIONS)]
    cases += [(method, "partial") for method in names if method != "addrgrp"]
    cases = [(method, kind) for method, kind in cases if _wanted(kind, "", only)]
    rows = []
    for start in range(0, len(cases), batch):
        rows += _methods(cases[start : start + batch])
        print(f"fortigate_block: {len(rows)} of {len(cases)} rows", flush=True)
    return rows


def _methods(cases: list[tuple[str, str]]) -> list[Row]:
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as directory,
        Fleet(Path(directory), ManualClock(time.time())) as fleet,
    ):
        for number, (method, kind) in enumerate(cases):
            prepare(fleet.box(f"box{number:03d}", PREPARED, method=method), method, kind)
        run = fleet.play(
            targets=[{"ip": ip, "reason": "test", "evidence": "alert 17"} for ip in ATTACKERS],
            protect_infra=False,
            verify_retries=1,
        )
        rows = []
        for number, (method, kind) in enumerate(cases):
            host = f"box{number:03d}"
            setting = "" if kind not in CONDITIONS else json.dumps(CONDITIONS[kind])
            row = _row(f"fortigate_block, {method}", kind, setting, method, fleet.boxes[host], host, run)
            results = {line["result"] for line in fleet.lines(host)}
            if not results <= ({"rolled_back"} if row.outcome == "failed" else {"blocked"}):
                row.wrong.append(f"the audit says {sorted(results)}")
            rows.append(row)
        _secrets(fleet, run, rows)
    return rows


def _row(subject: str, name: str, setting: str, method: str, box: FortiGate, host: str, run: Run) -> Row:
    outcome = run.outcomes[host]
    wrong = problems(box, method, outcome.failed, outcome.said)
    word = "failed" if outcome.failed else "blocked"
    left = [f"session {sid[:6]}…" for sid in box.open_sessions]
    return Row(subject, name, setting, word, shortened(message(outcome.said)), len(box.journal), left, wrong + left)


def _secrets(fleet: Fleet, run: Run, rows: list[Row]) -> None:
    written = run.output + (fleet.audit.read_text() if fleet.audit.exists() else "")
    if any(secret in written for secret in fleet.secrets()):
        rows[0].wrong.append("a secret is printed or written by this run")
