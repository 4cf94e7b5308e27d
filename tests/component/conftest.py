# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One simulator for all tests of a file, as new for each; every test ends with the check of what was left behind."""

from __future__ import annotations

import typing as t

import pytest

from component.support import START, Client
from simulators.fortianalyzer import FortiAnalyzer, ManualClock
from simulators.fortigate import FortiGate


@pytest.fixture(scope="module")
def box() -> t.Iterator[tuple[FortiAnalyzer, ManualClock]]:
    clock = ManualClock(START)
    with FortiAnalyzer(clock=clock, anchor=START) as faz:
        yield faz, clock


@pytest.fixture
def faz(box: tuple[FortiAnalyzer, ManualClock]) -> t.Iterator[FortiAnalyzer]:
    simulator = box[0]
    simulator.reset()
    yield simulator
    assert simulator.open_sessions == []
    assert [problem for problem in simulator.check() if "never logged out" in problem or " is in " in problem] == []


@pytest.fixture
def client(faz: FortiAnalyzer, box: tuple[FortiAnalyzer, ManualClock]) -> Client:
    return Client(faz, box[1])


@pytest.fixture(scope="module")
def pair() -> t.Iterator[tuple[FortiGate, FortiGate, ManualClock]]:
    """Two FortiGates on one clock."""
    clock = ManualClock(1762862400.0)
    with (
        FortiGate(clock=clock, serial="FGT1", hostname="one") as one,
        FortiGate(clock=clock, serial="FGT2", hostname="two") as two,
    ):
        yield one, two, clock


@pytest.fixture(params=["live", "documented"])
def dialect(request: pytest.FixtureRequest, faz: FortiAnalyzer) -> str:
    faz.switches.dialect = request.param
    return str(request.param)
