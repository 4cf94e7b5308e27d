# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows with text that an attacker or an old client wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..common import odd_text
from .switches import Switches

Row = dict[str, Any]


def marked(rows: Iterable[Row], switches: Switches) -> list[Row]:
    """In the first row, the columns that are to have odd text have it in their middle."""
    found = list(rows)
    for column, kind in switches.odd_text.items():
        if found and isinstance(found[0].get(column), str):
            found[0] = {**found[0], column: odd_text.marked(found[0][column], kind)}
    return found
