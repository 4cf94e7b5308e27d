# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a block of a command and control server stops that our hosts call.

See protocol_fortigate.rst, "Blocking mechanisms".
"""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from acceptance.blocking.cases import clock_of
from simulators.fortigate import FortiGate
from support.blocking import PREPARED, Ended, Line, attempt

INSIDE, C2, SCANNER, NO_TIME_ZONE = "10.1.1.20", "203.0.114.66", "198.51.100.7", "192.0.2.77"
OFFENDERS = (
    {"address": C2, "role": "attacker", "side": "destination", "threats": ["Zeus"], "reasons": []},
    {"address": SCANNER, "role": "attacker", "side": "source", "threats": ["Scan"], "reasons": []},
    {"ip": NO_TIME_ZONE},
)
LISTS = ("feed_push", "addrgrp")


class Site:
    def __init__(self, box: FortiGate, folder: Path) -> None:
        box.reset()
        box.switches.update(PREPARED)
        self.box, self.folder = box, folder

    def block(self, method: str, targets: t.Sequence[t.Any] = OFFENDERS) -> Ended:
        usual = {"registry": str(self.folder / "blocks.sqlite"), "audit_log": str(self.folder / "audit.jsonl")}
        clock = clock_of(self.box)
        return attempt(Line.of(self.box), None, clock.now, clock.advance, method=method, targets=list(targets), **usual)


@pytest.fixture
def site(fortigate: FortiGate, tmp_path: Path) -> t.Iterator[Site]:
    yield Site(fortigate, tmp_path)
    assert fortigate.check() == []


def test_a_ban_of_it_is_refused_and_the_others_are_banned(site: Site) -> None:
    assert not site.block("ban").failed
    assert [one["ip_address"] for one in site.box.bans()] == [NO_TIME_ZONE, SCANNER]
    lines = map(json.loads, (site.folder / "audit.jsonl").read_text().splitlines())
    (line,) = [line for line in lines if line["address"] == C2]
    assert line["result"] == "refused" and "feed_push" in line["refusals"][0]


def test_where_nothing_is_left_to_ban_the_run_fails(site: Site) -> None:
    ended = site.block("ban", OFFENDERS[:1])
    assert ended.failed and "feed_push" in ended.said
    assert site.box.writes == [] and site.box.bans() == []


def test_a_ban_of_it_would_stop_nothing(site: Site) -> None:
    assert site.box.passes(INSIDE, C2) and site.box.passes(C2, "203.0.113.10")
    site.box.seed_bans([{"ip_address": C2, "source": "Administrative"}])
    assert site.box.passes(INSIDE, C2) and not site.box.passes(C2, "203.0.113.10")


@pytest.mark.parametrize("method", LISTS)
def test_lists_stop_it(site: Site, method: str) -> None:
    assert site.box.passes(INSIDE, C2)
    assert not site.block(method).failed
    assert not site.box.passes(INSIDE, C2)
    assert site.box.passes(INSIDE, "203.0.114.67")


@pytest.mark.parametrize("method", LISTS)
def test_sessions_are_closed_on_the_side_of_each(site: Site, method: str) -> None:
    """Of one whose side nobody tells, on both."""
    assert not site.block(method).failed
    closed = [(key, one[key]) for one in site.box.closed_sessions for key in ("saddr", "daddr") if key in one]
    assert sorted(closed) == [("daddr", NO_TIME_ZONE), ("daddr", C2), ("saddr", NO_TIME_ZONE), ("saddr", SCANNER)]
