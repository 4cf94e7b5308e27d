# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A FortiAnalyzer simulator on real time, as new for each test, and a controller that can reach it."""

from __future__ import annotations

import tempfile
import typing as t
from pathlib import Path

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support import official
from support.playbooks import Controller


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each starts several programs, and the machine may be busy with others. Those of blocking have limits of their own."""
    for item in items:
        if "blocking" not in item.path.parts:
            item.add_marker(pytest.mark.timeout(600))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"The connection plugin of fortinet.fortianalyzer: {official.described()}")


@pytest.fixture(scope="module")
def appliance() -> t.Iterator[FortiAnalyzer]:
    with FortiAnalyzer() as simulator:
        yield simulator


@pytest.fixture
def faz(appliance: FortiAnalyzer) -> t.Iterator[FortiAnalyzer]:
    """Every test leaves no session behind."""
    appliance.reset()
    yield appliance
    assert appliance.open_sessions == []


@pytest.fixture
def folder() -> t.Iterator[Path]:
    """Its path is short enough for the sockets of persistent connections."""
    with tempfile.TemporaryDirectory(prefix="fv-") as name:
        yield Path(name)


@pytest.fixture
def controller(folder: Path, faz: FortiAnalyzer) -> Controller:
    return Controller(folder, faz)
