# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a block of a command and control server stops that our hosts call.

See protocol_fortigate.rst, "Blocking mechanisms".
"""

from __future__ import annotations

import pytest

from blocking.fleet import Fleet, Run

INSIDE, C2, SCANNER, UNTOLD = "10.1.1.20", "203.0.114.66", "198.51.100.7", "192.0.2.77"
OFFENDERS = [
    {"address": C2, "role": "attacker", "side": "destination", "threats": ["Zeus"], "reasons": []},
    {"address": SCANNER, "role": "attacker", "side": "source", "threats": ["Scan"], "reasons": []},
    {"ip": UNTOLD},
]
LISTS = ("feed_push", "addrgrp")


@pytest.fixture(scope="module")
def run(fleet: Fleet) -> Run:
    for method in ("ban", *LISTS):
        fleet.box(
            method, {"with_feed": True, "with_group": True, "with_policies": True}, method=method, targets=OFFENDERS
        )
    fleet.box("only-called", method="ban", targets=OFFENDERS[:1])
    return fleet.play(protect_infra=False)


def test_a_ban_of_it_is_refused_and_the_others_are_banned(fleet: Fleet, run: Run) -> None:
    assert not run.outcomes["ban"].failed
    assert [one["ip_address"] for one in fleet.boxes["ban"].bans()] == [UNTOLD, SCANNER]
    (line,) = [line for line in fleet.lines("ban") if line["address"] == C2]
    assert line["result"] == "refused" and "feed_push" in line["refusals"][0]


def test_where_nothing_is_left_to_ban_the_run_fails(fleet: Fleet, run: Run) -> None:
    assert run.outcomes["only-called"].failed and "feed_push" in run.outcomes["only-called"].said
    assert fleet.boxes["only-called"].writes == []


def test_a_ban_of_it_would_stop_nothing(fleet: Fleet, run: Run) -> None:
    box = fleet.boxes["only-called"]
    assert box.bans() == []
    box.seed_bans([{"ip_address": C2, "source": "Administrative"}])
    assert box.passes(INSIDE, C2) and not box.passes(C2, "203.0.113.10")


@pytest.mark.parametrize("method", LISTS)
def test_lists_stop_it(fleet: Fleet, run: Run, method: str) -> None:
    assert not run.outcomes[method].failed
    assert not fleet.boxes[method].passes(INSIDE, C2)
    assert fleet.boxes[method].passes(INSIDE, "203.0.114.67")


@pytest.mark.parametrize("method", LISTS)
def test_sessions_are_closed_on_the_side_of_each(fleet: Fleet, run: Run, method: str) -> None:
    """Of one whose side nobody tells, on both."""
    closed = [
        (key, one[key]) for one in fleet.boxes[method].closed_sessions for key in ("saddr", "daddr") if key in one
    ]
    assert sorted(closed) == [("daddr", UNTOLD), ("daddr", C2), ("saddr", UNTOLD), ("saddr", SCANNER)]
