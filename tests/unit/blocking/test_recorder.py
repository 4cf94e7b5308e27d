# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the audit log of a run says, also of one that failed."""

from __future__ import annotations

import json
import pathlib

from ansible_collections.secops.fortiview.plugins.module_utils._blocking.changes import RolledBack
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.guardrails import Refused
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.planning import ADD, EXTEND, Step
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.recorder import Recorder
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.records import Place
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.targets import Target, parse_targets
from unit.blocking.support import ADDRESS, HOST, NOW, OTHER, SERIAL, SIX, options

ROOT, GUEST = (
    Place(serial=SERIAL, host=HOST, vdom=vdom, method="feed_push", list="soc-block") for vdom in ("root", "guest")
)


def target(address: str) -> Target:
    (found,) = parse_targets([address])
    return found


def step(address: str, action: str = ADD) -> Step:
    return Step(action, address, "root", target(address))


def results(path: pathlib.Path) -> list[tuple[str, str]]:
    return [(line["address"], line["result"]) for line in map(json.loads, path.read_text().splitlines())]


def test_after_a_roll_back_each_address_has_its_own_outcome(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "audit.jsonl"
    recorder = Recorder(options(audit_log=str(path)), lambda: NOW)
    steps = [(ROOT, step(ADDRESS)), (ROOT, step(OTHER)), (ROOT, step(SIX, EXTEND)), (GUEST, step(ADDRESS))]
    recorder.failure(steps, {ROOT: RolledBack([OTHER], [])})
    assert results(path) == [(ADDRESS, "rolled_back"), (OTHER, "left"), (SIX, "failed"), (ADDRESS, "rolled_back")]


def test_a_refusal_is_recorded_for_each_list(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "audit.jsonl"
    recorder = Recorder(options(audit_log=str(path)), lambda: NOW)
    recorder.refusals([ROOT, GUEST], [Refused(target("10.1.1.1"), ("private address",))])
    assert results(path) == [("10.1.1.1", "refused")] * 2
    assert [line["vdom"] for line in recorder.lines] == ["root", "guest"]


def test_a_log_that_cannot_be_written_loses_no_line_and_stops_nothing(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "log"
    path = folder / "audit.jsonl"
    recorder = Recorder(options(audit_log=str(path)), lambda: NOW)
    recorder.steps([(ROOT, step(ADDRESS), "blocked")])
    assert "fortigate_block_audit_dest" in recorder.notices[0] and len(recorder.lines) == 1
    folder.mkdir()
    recorder.steps([(ROOT, step(OTHER), "blocked")])
    assert results(path) == [(ADDRESS, "blocked"), (OTHER, "blocked")] and len(recorder.notices) == 1
