# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that an appliance hands on as an attacker or an old client wrote it: rows with bytes that are no clean JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from .switches import ODD_TEXTS, Switches

Row = dict[str, Any]

# Stand in for the bytes until the reply is encoded. Nothing else in a reply is of the private use area.
_MARKS = {kind: chr(0xE0F0 + number) for number, kind in enumerate(ODD_TEXTS)}


def marked(rows: Iterable[Row], switches: Switches) -> list[Row]:
    """In the first row, the columns that are to have odd text have it in their middle."""
    found = list(rows)
    for column, kind in switches.odd_text.items():
        if found and isinstance(found[0].get(column), str):
            half = len(found[0][column]) // 2
            found[0] = {**found[0], column: found[0][column][:half] + _MARKS[kind] + found[0][column][half:]}
    return found


def encoded(body: Any) -> bytes:
    text = json.dumps(body).encode()
    for kind, mark in _MARKS.items():
        text = text.replace(json.dumps(mark)[1:-1].encode(), ODD_TEXTS[kind])
    return text
