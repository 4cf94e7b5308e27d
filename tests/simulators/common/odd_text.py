# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that a device returns as an attacker or an old client wrote it: bytes that are no clean JSON."""

from __future__ import annotations

import json
from typing import Any

# What a text may have in its middle, as the bytes of a reply.
ODD_TEXTS = {
    "latin-1": b"\xe4",
    "control": b"\x1b\t",
    "nul": b"\0",
    "half pair": rb"\ud800",
    "odd escape": rb"\x41",
    "quote": b'"',
}
# Stand in for the bytes until the reply is encoded. Nothing else in a reply is of the private use area.
_MARKS = {kind: chr(0xE0F0 + number) for number, kind in enumerate(ODD_TEXTS)}


def marked(text: str, kind: str) -> str:
    """The text with odd bytes in its middle."""
    half = len(text) // 2
    return text[:half] + _MARKS[kind] + text[half:]


def encoded(body: Any) -> bytes:
    text = json.dumps(body).encode()
    for kind, mark in _MARKS.items():
        text = text.replace(json.dumps(mark)[1:-1].encode(), ODD_TEXTS[kind])
    return text


def check(switch: dict[str, str]) -> None:
    if not set(switch.values()) <= set(ODD_TEXTS):
        raise ValueError(f"odd_text takes {', '.join(ODD_TEXTS)} by column, not {switch!r}")
