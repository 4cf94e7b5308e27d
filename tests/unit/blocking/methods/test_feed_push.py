# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A feed counts only as far as the FortiGate says that it applies it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.methods.feed_push import not_applied


@pytest.mark.parametrize(
    "content, broken",
    [
        ({"status": "enable", "accepted_count": 3}, False),
        ({"status": "disable"}, True),
        ({"resource_file_status": "Missing"}, True),
        ({"accepted_count": "2"}, True),
        ({"overflow": True}, True),
    ],
)
def test_a_feed_that_is_not_applied(content: dict[str, t.Any], broken: bool) -> None:
    assert bool(not_applied(content, 3)) == broken
