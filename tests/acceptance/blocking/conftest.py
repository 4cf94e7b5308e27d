# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
import typing as t

import pytest

from acceptance.blocking.fleet import Fleet
from simulators.fortigate import FortiGate, ManualClock


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Fleet]:
    """No box at first. The clock stands at the present: the role runs on real time."""
    with Fleet(tmp_path_factory.mktemp("fleet"), ManualClock(time.time())) as boxes:
        yield boxes
        assert {name: problems for name, box in boxes.boxes.items() if (problems := box.check())} == {}


@pytest.fixture(scope="module")
def fortigate() -> t.Iterator[FortiGate]:
    """One for the tests of a file, each of which begins anew on it. The clock stands at the present."""
    with FortiGate(clock=ManualClock(time.time())) as box:
        yield box
