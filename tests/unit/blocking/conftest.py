# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated FortiGate that bootstrap has prepared, with an empty registry, on a clock that both share."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry
from unit.blocking.support import NOW, Simulated

from simulators.common.clock import ManualClock


@pytest.fixture
def fortigate(tmp_path: pathlib.Path) -> t.Iterator[Simulated]:
    clock = ManualClock(NOW)
    with open_registry(str(tmp_path / "blocks.sqlite"), clock.now, clock.advance) as registry:
        yield Simulated(registry, clock)
