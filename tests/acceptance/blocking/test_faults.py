# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role on FortiGates that lie or break while it writes, one fault each: in force, or failed and nothing left.

See protocol_fortigate.rst, "Requirements for a simulator".
"""

from __future__ import annotations

import os

import pytest

from acceptance.blocking.faults import ATTACKERS, CONDITIONS, KINDS, PREPARED, WRITES, prepare, problems
from acceptance.blocking.fleet import Fleet, Run

# Every fault with every method: minutes of work for two processors.
ALL = [
    *((method, kind) for method in WRITES for kind in (*KINDS, *CONDITIONS)),
    ("ban", "partial"),
    ("feed_push", "partial"),
]
# Of each way to go wrong one. What the role does about a fault of a ban is what it does about one of a feed, and the modules
# below go through all of them in tests/component. All of them meet the role in the fault table.
USUAL = [
    *(("ban", kind) for kind in ("forbidden_html", "cut_after", "partial", "read_only", "other_vdom_only")),
    ("feed_push", "forbidden_html"),
    *(("addrgrp", kind) for kind in ("duplicate", "cut_after")),
]
CASES = ALL if os.environ.get("FAULTS") == "all" else USUAL


def _name(method: str, kind: str) -> str:
    return f"{method}-{kind}".replace(".", "-").replace("_", "-")


@pytest.fixture(scope="module")
def run(fleet: Fleet) -> Run:
    """One play for all cases."""
    for method, kind in CASES:
        prepare(fleet.box(_name(method, kind), PREPARED, method=method), method, kind)
    return fleet.play(
        targets=[{"ip": ip, "reasons": ["test"], "threats": ["alert 17"]} for ip in ATTACKERS],
        # Reading what to protect is another subject.
        protect_infra=False,
        verify_retries=1,
    )


@pytest.mark.parametrize("method, kind", CASES, ids=[_name(*case) for case in CASES])
def test_in_force_or_failed_and_nothing_left(fleet: Fleet, run: Run, method: str, kind: str) -> None:
    name = _name(method, kind)
    outcome = run.outcomes[name]
    assert problems(fleet.boxes[name], method, outcome.failed, outcome.said) == []
    results = {line["address"]: line["result"] for line in fleet.lines(name)}
    if outcome.failed:
        assert set(results.values()) <= {"rolled_back"}
    else:
        assert results == dict.fromkeys(ATTACKERS, "blocked")


def test_refusals_fail(run: Run) -> None:
    """What cannot have been carried out must not be reported as done."""
    certain = ("forbidden", "forbidden_html", "redirect", "read_only", "other_vdom_only", "partial")
    asked = {_name(method, kind) for method, kind in CASES if kind in certain}
    assert asked and asked == {name for name in asked if run.outcomes[name].failed}
