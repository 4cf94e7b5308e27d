# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both simulators, and a folder whose path is short enough for the sockets of persistent connections."""

from __future__ import annotations

import pathlib
import tempfile
import typing as t

import pytest

from automation.eda.support import Rulebook
from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortigate import FortiGate
from support.attacks import silence


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each starts several programs, and the machine may be busy with others."""
    for item in items:
        item.add_marker(pytest.mark.timeout(600))


@pytest.fixture
def folder() -> t.Iterator[pathlib.Path]:
    with tempfile.TemporaryDirectory(prefix="eda-") as name:
        yield pathlib.Path(name)


@pytest.fixture
def faz() -> t.Iterator[FortiAnalyzer]:
    with FortiAnalyzer() as simulator:
        silence(simulator)
        yield simulator


@pytest.fixture
def fortigate() -> t.Iterator[FortiGate]:
    with FortiGate() as simulator:
        yield simulator


@pytest.fixture
def start(folder: pathlib.Path) -> t.Iterator[t.Callable[..., Rulebook]]:
    started: list[Rulebook] = []

    def start_one(faz: FortiAnalyzer, *arguments: str, **environment: str) -> Rulebook:
        started.append(Rulebook(folder, faz, *arguments, **environment))
        return started[-1]

    yield start_one
    for rulebook in started:
        rulebook.stop()
