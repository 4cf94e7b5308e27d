# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the event log holds (protocol_fortianalyzer.rst, "Requirements for a simulator")."""

from __future__ import annotations

import time

import pytest

from simulators.fortianalyzer import FortiAnalyzer, ManualClock
from simulators.fortianalyzer.generation import make_log
from support.addresses import is_address

ANCHOR = 1772366400
DAY = 86400


@pytest.fixture(scope="module")
def log():
    return list(make_log(ANCHOR))


def test_size_speed_and_determinism(log):
    started = time.perf_counter()
    again = list(make_log(ANCHOR))
    assert time.perf_counter() - started < 2
    assert again == log and 8000 <= len(log) <= 15000
    moved = list(make_log(ANCHOR + DAY))
    assert [event.time - DAY for event in moved] == [event.time for event in log]


def test_span_and_late_arrivals(log):
    assert min(event.time for event in log) < ANCHOR - 29 * DAY
    assert ANCHOR < max(event.time for event in log) <= ANCHOR + 6 * 3600
    assert all(event.itime >= event.time for event in log)
    assert sum(event.itime - event.time >= 300 for event in log) > 100


def test_addresses(log):
    sources = {event.srcip for event in log if event.srcip}
    targets = {event.dstip for event in log if event.dstip}
    assert any(":" in address for address in sources) and any(address.startswith("198.51.100.") for address in sources)
    assert {address for address in sources if not is_address(address)} and "cnc.zeus.example.net" in targets
    outgoing = [event for event in log if event.threat == "Mirai.Botnet"]
    assert all(event.srcip.startswith(("10.", "2001:db8:10:")) for event in outgoing)
    assert {event.dstip.startswith(("192.0.2.", "2001:")) for event in outgoing} == {True}
    assert any(event.srcname == ".self" for event in log)


def test_threats_worth_hunting(log):
    root = [event for event in log if event.adom == "root" and event.threat and event.time > ANCHOR - DAY]
    assert len({event.threat for event in root}) > 15
    passed = {event.threat for event in log if event.threat and not event.blocked}
    blocked = {event.threat for event in log if event.threat and event.blocked}
    assert len(passed - blocked) >= 4 and blocked - passed and passed & blocked
    places = {adom: {event.threat for event in log if event.adom == adom and event.threat} for adom in
              ("root", "Branch_Office", "Data_Center")}  # fmt: skip
    assert len(set.intersection(*places.values())) >= 4
    # Something new, and something that is over.
    recent = {event.threat for event in log if event.time > ANCHOR - DAY}
    old = {event.threat for event in log if event.time < ANCHOR - 2 * DAY}
    assert "Spring.Cloud.Function.SpEL.Code.Injection" in recent - old
    assert "Dasan.GPON.Remote.Code.Execution" in old - recent


def test_hostile_strings(log):
    threats = {event.threat for event in log}
    assert {"{{ lookup('pipe','id') }}", "=cmd|' /C calc'!A0", "<script>alert(1)</script>"} <= threats
    assert any("\u202e" in name for name in threats) and any(len(name) == 4096 for name in threats)
    assert any(event.srcname == "{{ 7 * 7 }}" for event in log)
    assert any(event.srcname.startswith("LAPTOP-USER01") for event in log)


def test_default_anchor_is_the_hour():
    simulator = FortiAnalyzer(clock=ManualClock(ANCHOR + 1234))
    assert simulator.anchor == ANCHOR
