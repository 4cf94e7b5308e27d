# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tests that need a PostgreSQL server: they fail without one, unless the user leaves them out, which the summary says."""

from __future__ import annotations

import os
import typing as t

import pytest

from support.postgresql import PostgresMissing, postgresql

WITHOUT = "SECOPS_WITHOUT_POSTGRESQL"
LEFT_OUT = pytest.StashKey[int]()


@pytest.fixture(scope="session")
def postgresql_url() -> t.Iterator[str]:
    """One server for the whole run; whoever uses it empties it."""
    try:
        with postgresql() as url:
            yield url
    except PostgresMissing as missing:
        pytest.fail(str(missing), pytrace=False)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get(WITHOUT) != "1":
        return
    left_out = [item for item in items if item.get_closest_marker("postgresql")]
    items[:] = [item for item in items if not item.get_closest_marker("postgresql")]
    config.hook.pytest_deselected(items=left_out)
    config.stash[LEFT_OUT] = len(left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(
            f"{config.stash[LEFT_OUT]} tests with PostgreSQL were left out: {WITHOUT}=1 is set."
        )
