# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulated FortiGate for each module, as new for each test; a module that needs other switches has its own `switches`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulators.fortigate import FortiGate, ManualClock, Switches
from support.fortigate_client import Client

NOW = 1772366400


@pytest.fixture(scope="module")
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture(scope="module")
def switches() -> Switches:
    return Switches()


@pytest.fixture(scope="module")
def shared(switches: Switches, clock: ManualClock) -> Iterator[FortiGate]:
    with FortiGate(switches, clock=clock) as fortigate:
        yield fortigate


@pytest.fixture
def fortigate(shared: FortiGate, clock: ManualClock) -> FortiGate:
    clock.advance(NOW - clock.now())
    shared.reset()
    return shared


@pytest.fixture
def client(fortigate: FortiGate) -> Iterator[Client]:
    with Client(fortigate) as client:
        yield client
