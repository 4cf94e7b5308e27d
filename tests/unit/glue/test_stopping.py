# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker whose controller was killed goes home; tests/automation/awx/test_stopping.py sees it happen."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._glue.stopping import while_parent_lives


def test_sleeps_as_long_as_the_parent_is_there() -> None:
    slept: list[float] = []
    sleep = while_parent_lives(slept.append, lambda: 42)
    sleep(0.5)
    sleep(1.5)
    assert slept == [0.5, 1.5]


def test_ends_where_the_parent_went_meanwhile() -> None:
    parents = iter([42, 42, 1])
    slept: list[float] = []
    sleep = while_parent_lives(slept.append, lambda: next(parents))
    sleep(0.5)
    with pytest.raises(SystemExit) as stopped:
        sleep(1.5)
    assert slept == [0.5, 1.5] and stopped.value.code == 143
