# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is right, from the simulator's event log: it knows neither rankings nor the client."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from simulators.fortianalyzer import FortiAnalyzer
from support.addresses import is_address

from .fortianalyzer_cases import Case

THREAT = "Apache.Log4j.Error.Log.Remote.Code.Execution"
PRIVATE = [
    ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10")
]
Result = Mapping[str, Any]


def wrong(part: str, case: Case, faz: FortiAnalyzer, window: tuple[int, int], found: Result) -> list[str]:
    """What is wrong with a result: rows that are not those of the log, or an error that does not say what happened."""
    if found.get("failed"):
        return _error(case, found) + ([] if _is_data(found.get("error"), part) else ["the error is not there as data"])
    truth = _Truth(faz, window)
    if part == "threat_report":
        return _report(truth, case, found)
    if part == "threat_hunt":
        return _rows(truth, case, found["threats"], {THREAT}) + _addresses(truth, case, found, capped=True)
    if part == "faz_threat_sources_info":
        return _addresses(truth, case, found, capped=False)
    if not found["result"]["complete"]:
        return ["called done, and not complete"]
    return _rows(truth, case, found["result"]["rows"], None)


class _Truth:
    """Sums over the events of ADOM root in a window, in seconds of the epoch, both ends included."""

    def __init__(self, faz: FortiAnalyzer, window: tuple[int, int]) -> None:
        now = faz.clock.now()
        events = [
            one
            for one in faz.events.of("root")
            if window[0] <= one.time <= window[1] and one.itime <= now and one.threat
        ]
        self.incidents: Counter[str] = Counter()
        self.by_source: Counter[str] = Counter()
        for event in events:
            self.incidents[event.threat] += event.incidents
            if event.threat == THREAT and is_address(event.srcip):
                self.by_source[str(ipaddress.ip_address(event.srcip))] += event.incidents


def _error(case: Case, found: Result) -> list[str]:
    said = str(found.get("msg", ""))
    if not case.error:
        return [f"failed, where the right answer was to be had: {said}"]
    problems = (
        [] if re.search(case.error, said, re.I) else [f"the error does not name what happened ({case.error}): {said}"]
    )
    if "127.0.0.1" not in said:
        problems.append(f"the error does not name the appliance: {said}")
    return problems


def _is_data(error: object, part: str) -> bool:
    """Errors of a module are data, with what is to be done next; those of a filter are text."""
    return part == "threat_report" or (isinstance(error, Mapping) and len(str(error.get("next_step", ""))) > 10)


def _report(truth: _Truth, case: Case, found: Result) -> list[str]:
    """The rows of the log, or a report that says first what it lacks and why."""
    results = {one["name"]: one["rows"] for one in found["report"]["results"]}
    failed = {one["name"]: one for one in found["failed_queries"]}
    problems = [] if {*results, *failed} == {"threats", "sources"} else ["a question without an answer"]
    if "threats" in results:
        problems += _rows(truth, case, results["threats"], None)
    for one in failed.values():
        problems += _error(case, one)
    said = " ".join(found["report"]["summary"])
    if failed and ("not complete" not in said or "Not in this report" not in found["page"]):
        problems.append("a report that does not say that it is incomplete")
    if "No threats were seen" in said and (truth.incidents or failed):
        problems.append("threats, or a failure, told as no threats")
    return problems


def _rows(truth: _Truth, case: Case, rows: Iterable[Result], only: set[str] | None) -> list[str]:
    if case.rows is not None:
        counted = len(list(rows))
        return [] if counted == case.rows or only else [f"{counted} rows of {case.rows}"]
    told: Counter[str] = Counter()
    order = []
    for row in rows:
        told[row["threat"]] += row["incidents"]
        order.append(row["incidents"])
    right = {name: count for name, count in truth.incidents.items() if only is None or name in only}
    problems = [] if order == sorted(order, reverse=True) else ["rows out of order"]
    if dict(told) != right:
        differing = {name for name in {*told, *right} if told.get(name) != right.get(name)}
        problems.append(f"{len(told)} threats of {len(right)}, {len(differing)} of them other than in the log")
    return problems


def _addresses(truth: _Truth, case: Case, found: Result, capped: bool) -> list[str]:
    attackers = {one["address"]: one for one in found["offenders"]}
    if any(one.get("role") != "attacker" for one in found["offenders"]):
        return ["an offender that is no attacker"]
    if case.rows is not None:
        return [] if set(attackers) <= set(truth.by_source) else ["an address that is not in the log"]
    if case.masked:
        problems = ["an address out of masked columns"] if found["offenders"] or found.get("victims") else []
        return problems + ([] if found["missing"] else ["masked, and nobody is told"])
    right = {address for address in truth.by_source if not capped or not _is_private(address)}
    problems = []
    if not attackers and any(one["threat"] == THREAT for one in found["missing"]):
        return []  # nothing found, and that is said
    if set(attackers) != right:
        problems.append(f"attackers {sorted(set(attackers) ^ right)} differ from the log")
    for address, one in attackers.items():
        if "incidents" in one and one["incidents"] != truth.by_source[address]:
            problems.append(f"{address} has {one['incidents']} incidents, in the log {truth.by_source[address]}")
    return problems


def _is_private(address: str) -> bool:
    return any(ipaddress.ip_address(address) in network for network in PRIVATE)
