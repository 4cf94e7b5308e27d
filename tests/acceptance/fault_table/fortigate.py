# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults and switches of a FortiGate, met by fortigate_ban, fortigate_feed and by each method of the role fortigate_block."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from acceptance.blocking.faults import ATTACKERS, BEFORE, CALLS, CONDITIONS, KINDS, PREPARED, message, prepare, problems
from acceptance.blocking.fleet import Fleet, Run
from simulators.fortigate import ManualClock, pull

from .rows import Row, shortened

# What each module does in one task, with the method of the role that it carries out.
COMMON = {"access_token": "{{ fortigate_token }}", "verify_delay": 0, "verify_retries": 1}
MODULES: dict[str, tuple[str, dict[str, Any]]] = {
    "fortigate_ban": ("ban", {**COMMON, "addresses": ATTACKERS}),
    "fortigate_feed": ("feed_push", {**COMMON, "entries": ATTACKERS, "name": "soc-block"}),
}
READS = {"ban": ("GET", "user/banned"), "feed_push": ("GET", "external-resource")}
# Every switch, with the values that depart from the usual.
SWITCHES: dict[str, tuple[Any, ...]] = {
    "version": ("", "v6.4.9", "v7.0.17", "v7.2.10", "v7.6.6", "v8.0.0"),
    "build": (1,),
    "model": ("FGT60F",),
    "vdoms": (["root"],),
    "managed_by": ("FortiManager",),
    "current_admins": ([],),
    "admin_vdom": ("root",),
    "api_user_from": ("192.0.2.201",),
    "live_addresses": ({"wan1": "192.0.2.202/24"},),
    "ssl_vpn_users": ([{"user_name": "eve", "remote_host": "192.0.2.203"}],),
    "ipsec_tunnels": ([{"name": "dialup_0", "rgwy": "192.0.2.204"}],),
    "ha_members": ([{"serial_no": "FG100FTK20000002", "hostname": "fgt-b"}],),
    "ha_peer_alone": ("itself", "not_found"),
    "names": ({"partner.example.com": ["192.0.2.205"]},),
    "countries": ({"198.51.100.0/24": "CN"},),
    "internet_services": ({"192.0.2.0/24": [{"id": 1, "name": "Example-CDN"}]},),
    "internet_service_parameters": ("older", "newer"),
    "internet_service_lookup": ("failed_dependency",),
    "policy_lookup": ("forbidden", "not_found", "failed_dependency", "no_route"),
    "policy_lookup_sees_feeds": (False,),
    "with_feed": (False,),
    "with_group": (False,),
    "with_policies": (False,),
    "with_local_in": (True,),
    "read_only": (True,),
    "profile": ({"sysgrp": "read", "netgrp": "read"},),
    "feed_right": ("secfabgrp",),
    "vdoms_allowed": (["guest"],),
    "several_vdoms": ("short", "refused", "ignored"),
    "denied": (["monitor/user/banned", "monitor/system/external-resource"],),
    "missing": (["monitor/user/banned", "monitor/system/external-resource"],),
    "vdom_admin_reads_global": (False,),
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
    "unknown_attributes": ("refuse",),
    "odd_text": ({"alias": "latin-1"}, {"alias": "control"}, {"alias": "quote"}),
    "ban_cap": (2,),
    "ban_source": ("Manual",),
    "ban_again": ("extend", "ignore"),
    "ban_bad_address": ("skip",),
    "ban_number_strings": (True,),
    "ban_forever_form": ("null", "missing", "indefinite"),
    "ban_check": (True, False),
    "ban_lost_on_failover": (False,),
    "engine_bans_return": (0.0,),
    "feed_errors": ("http424",),
    "feed_cap": (2,),
    "feed_overflow_told": (True,),
    "feed_kept_on_reboot": (False,),
    "feed_ca": ("/nowhere/ca.pem",),
    "clock_skew": (7200.0, -7200.0),
    "latency": (0.5,),
    "keep_alive_seconds": (0.0,),
    "keep_alive_requests": (1,),
    "keep_alive_end": ("closed",),
}
# Faults that only the modules meet: a busy page, and another administrator who does the same at the same moment.
BUSY: dict[str, dict[str, Any]] = {"unavailable": {"retry_after": 1}}
MEANWHILE: dict[str, dict[str, Any]] = {
    "ban": {"path": "monitor/user/banned/add_users", "body": {"ip_addresses": ATTACKERS, "expiry": 3600}},
    "feed_push": {
        "path": "monitor/system/external-resource/dynamic",
        "body": {"commands": [{"name": "soc-block", "command": "add", "entries": ATTACKERS[:1]}]},
    },
}


# Of these a box is made; they say nothing once it has its configuration.
MADE_OF = {"vdoms", "admin_vdom", "with_feed", "with_group", "with_policies", "with_local_in", "clock_skew"}
# What nobody sees who only writes a list: that no policy of the box denies by it, or that the box takes less of a file.
BLIND = {
    "fortigate_feed": {"with_policies"},
    "fortigate_block, feed_file": {"with_feed", "with_policies", "feed_cap"},
}


class Case(NamedTuple):
    """`where` is what is broken: "switch", "read" or "write"; `details` are those of the switch or fault."""

    name: str
    setting: str
    where: str
    details: Mapping[str, Any]


def module_cases(method: str) -> list[Case]:
    found = _switches()
    for kind, details in {**KINDS, **BUSY}.items():
        found.append(Case(kind, "the read, always", "read", {**details, "times": 99}))
        found.append(Case(kind, "the write, twice", "write", {**details, "times": 2}))
    found.append(Case("meanwhile", "the same, just before the write", "write", {"do": [MEANWHILE[method]]}))
    return [*found, Case("partial", "the write, one address less", "write", {"missing": 1})]


def role_cases(method: str) -> list[Case]:
    """Every fault of a write, and every switch by ban; by the lists, which take far longer, the switches of the role's own tests."""
    call = "the question which box this is, twice" if method == "feed_file" else "the write, twice"
    found = [Case(kind, call, "write", {**details, "times": 2}) for kind, details in KINDS.items()]
    if method in READS:
        found.append(Case("partial", "the write, one address less", "write", {"missing": 1}))
    felt = {name for switches in CONDITIONS.values() for name in switches}
    return [case for case in _switches() if method == "ban" or case.name in felt] + found


def modules(batch: int, only: Sequence[str] = ()) -> list[Row]:
    rows = []
    for subject, (method, options) in MODULES.items():
        cases = [case for case in module_cases(method) if _wanted(case, only)]
        task = {"name": subject, f"secops.fortiview.{subject}": dict(options)}
        rows += _in_batches(subject, method, cases, batch, task)
    return rows


def methods(batch: int, method: str, only: Sequence[str] = ()) -> list[Row]:
    """The role fortigate_block by one method."""
    cases = [case for case in role_cases(method) if _wanted(case, only)]
    return _in_batches(f"fortigate_block, {method}", method, cases, batch)


def _switches() -> list[Case]:
    return [
        Case(name, json.dumps(value), "switch", {name: value}) for name, values in SWITCHES.items() for value in values
    ]


def _wanted(case: Case, only: Sequence[str]) -> bool:
    return not only or any(word in f"{case.name} {case.setting}" for word in only)


def _in_batches(
    subject: str, method: str, cases: Sequence[Case], batch: int, task: Mapping[str, Any] | None = None
) -> list[Row]:
    rows: list[Row] = []
    for start in range(0, len(cases), batch):
        rows += _batch(subject, method, cases[start : start + batch], task)
        print(f"{subject}: {len(rows)} of {len(cases)} rows", flush=True)
    return rows


def _batch(subject: str, method: str, cases: Sequence[Case], task: Mapping[str, Any] | None) -> list[Row]:
    """Boxes side by side in one play; without a task, the role."""
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as directory,
        Fleet(Path(directory), ManualClock(time.time())) as fleet,
    ):
        hosts = {f"box{number:03d}": case for number, case in enumerate(cases)}
        for host, case in hosts.items():
            _prepared(fleet, host, method, case)
        # A file is written once for all boxes of a play, and each case has a file of its own.
        apart = list(hosts) if method == "feed_file" else ["boxes"]
        runs = [_play(fleet, only, task) for only in apart]
        outcomes = {host: outcome for run in runs for host, outcome in run.outcomes.items()}
        rows = []
        for host, case in hosts.items():
            box, outcome = fleet.boxes[host], outcomes[host]
            lines = None if method != "feed_file" else _fetched(fleet, host)
            blind = case.name in BLIND.get(subject, ()) and not outcome.failed
            listed = None if lines is None else set(lines) - {BEFORE}
            wrong = problems(box, method, outcome.failed, outcome.said, not blind, listed)
            if lines is not None and BEFORE not in lines:
                wrong.append("an entry of others was taken away")
            results = {line["result"] for line in fleet.lines(host)}
            if task is None and not results <= ({"rolled_back"} if outcome.failed else {"blocked", "published"}):
                wrong.append(f"the audit says {sorted(results)}")
            word = "failed" if outcome.failed else "not noticeable" if blind else "blocked"
            left = [f"session {sid[:6]}…" for sid in box.open_sessions]
            says = shortened(message(outcome.said))
            rows.append(Row(subject, case.name, case.setting, word, says, len(box.journal), left, wrong + left))
        written = "".join(run.output for run in runs) + (fleet.audit.read_text() if fleet.audit.exists() else "")
        if any(secret in written for secret in fleet.secrets()):
            rows[0].wrong.append("a secret is printed or written by this run")
        return rows


def _prepared(fleet: Fleet, host: str, method: str, case: Case) -> None:
    switches = case.details if case.where == "switch" else {}
    made_of = {name: value for name, value in switches.items() if name in MADE_OF}
    file = _file(fleet, host)
    box = fleet.box(host, {**PREPARED, **made_of}, method=method, feed_file=str(file))
    prepare(box, method, "none")
    if method == "feed_file":
        file.write_text(f"{BEFORE}\n")
    box.switches.update(switches)
    if case.where != "switch":
        verb, path = READS[method] if case.where == "read" else CALLS[method]
        box.fault(case.name, method=verb, path=path, **case.details)


def _play(fleet: Fleet, only: str, task: Mapping[str, Any] | None) -> Run:
    if task is not None:
        return fleet.play("-vvv", only=only, task=task)
    targets = [{"ip": ip, "reasons": ["test"], "threats": ["alert 17"]} for ip in ATTACKERS]
    return fleet.play("-vvv", only=only, targets=targets, protect_infra=False, verify_retries=1)


def _file(fleet: Fleet, host: str) -> Path:
    return fleet.directory / f"{host}.txt"


def _fetched(fleet: Fleet, host: str) -> list[str]:
    """The lines of the file, once the box has fetched it into its feed, as it does by itself every few minutes."""
    box = fleet.boxes[host].state
    connectors = box.config.objects("system/external-resource", box.switches.vdoms[0])
    if "soc-block" in connectors:
        connector = {**connectors["soc-block"], "resource": _file(fleet, host).as_uri()}
        asyncio.run(pull.update(box, box.switches.vdoms[0], connector))
    return _file(fleet, host).read_text().splitlines()
