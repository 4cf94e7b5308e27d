# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The audit log, which several jobs write and a SIEM reads line by line."""

from __future__ import annotations

import json
import pathlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking import audit
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.guardrails import Refused
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.base import Entry
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.planning import ADD, EXTEND, Step
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Place
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import parse_targets
from unit.blocking.support import ADDRESS, HOST, NOW, SERIAL, options

PLACE = Place(serial=SERIAL, host=HOST, vdom="guest", method="feed_push", list="soc-block")
HOSTILE = ']]>\n{"time": 0}\u202e\u2028\x1b[31m\U0001f4a5'


def test_a_hostile_threat_stays_in_one_line_of_ascii(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "audit.jsonl"
    (target,) = parse_targets([{"address": ADDRESS, "threats": [HOSTILE], "ticket": "CHG-7"}])
    step = Step(ADD, ADDRESS, "guest", target, ttl=3600, expires_at=NOW + 3600)
    audit.append(str(path), [audit.line_of(options(), PLACE, NOW, step, "blocked")])
    (line,) = path.read_bytes().splitlines()
    assert all(32 <= byte < 127 for byte in line)
    found = json.loads(line)
    assert found["threats"] == [HOSTILE] and found["ticket"] == "CHG-7"
    assert (found["time"], found["expires"]) == ("2026-03-01T14:30:00Z", "2026-03-01T15:30:00Z")
    assert (found["host"], found["serial"], found["vdom"], found["list"]) == (HOST, SERIAL, "guest", "soc-block")


def test_an_extended_block_keeps_what_was_there_before() -> None:
    (target,) = parse_targets([ADDRESS])
    before = Entry(ADDRESS, ADDRESS, source="Administrative", expires_at=NOW + 60)
    found = audit.line_of(options(), PLACE, NOW, Step(EXTEND, ADDRESS, "root", target, before=before), "extended")
    assert found["before"]["expires_at"] == NOW + 60 and found["expires"] is None


def test_a_refusal_has_all_its_reasons() -> None:
    (target,) = parse_targets(["10.1.1.1"])
    found = audit.refusal_of(options(), PLACE, NOW, Refused(target, ("private address", "protected: interface lan")))
    assert found["result"] == "refused" and found["refusals"] == ["private address", "protected: interface lan"]
    assert found["vdom"] == "guest"


def test_no_log_is_wanted(tmp_path: pathlib.Path) -> None:
    audit.check_writable("")
    audit.append("", [{"a": 1}])
    assert list(tmp_path.iterdir()) == []


def test_lines_of_many_jobs_are_whole(tmp_path: pathlib.Path) -> None:
    path = str(tmp_path / "audit.jsonl")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: audit.append(path, [{"number": number, "text": "x" * 9000}] * 3), range(40)))
    lines = pathlib.Path(path).read_text().splitlines()
    assert sorted(json.loads(line)["number"] for line in lines) == sorted([*range(40)] * 3)
    assert pathlib.Path(path).stat().st_mode & 0o777 == 0o600
    with pytest.raises(audit.AuditError, match="fortigate_block_audit_dest"):
        audit.check_writable("/nonexistent/audit.jsonl")
