# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes text from attackers safe to read, without invisible characters and changes of the writing direction."""

from __future__ import annotations

import unicodedata

# Categories of Unicode: control characters, invisible and direction-changing characters, halves of surrogate pairs,
# private and unassigned characters, and ends of lines and paragraphs.
HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def visible(text: str) -> str:
    """The text with each invisible character written out, as in [U+202E]. Unusual blanks become plain blanks."""
    if text.isprintable() and text.isascii():
        return text
    return "".join(_sign(sign) for sign in text)


def harmless(text: str) -> str:
    """The text with a "?" instead of each invisible character, which keeps lines short."""
    if text.isprintable():
        return text
    return "".join("?" if unicodedata.category(sign) in HIDDEN else _sign(sign) for sign in text)


def _sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in HIDDEN:
        return f"[U+{ord(sign):04X}]"
    return " " if category == "Zs" else sign


def shortened(text: str, longest: int) -> str:
    """The text with at most `longest` characters. A text that was cut ends with an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
