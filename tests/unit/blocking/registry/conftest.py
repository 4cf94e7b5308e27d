# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A registry on each engine, empty at the start of each test, with a clock that the test sets."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import Registry, open_registry

from support.registries import Clock, emptied


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def where(request: pytest.FixtureRequest, tmp_path: t.Any) -> str:
    """What is given to open_registry."""
    if request.param == "sqlite":
        return str(tmp_path / "registry.sqlite")
    return emptied(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def registry(where: str, clock: Clock) -> t.Iterator[Registry]:
    with open_registry(where, clock.now, clock.sleep) as opened:
        yield opened
