# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text from attackers as people can read it without being led astray."""

from __future__ import annotations

import unicodedata

# Controls, invisible and direction-changing signs, halves of pairs, signs that mean nothing, ends of lines and paragraphs.
HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def visible(text: str) -> str:
    """Every sign that cannot be seen is written out: [U+202E]. Odd blanks become plain ones."""
    if text.isprintable() and text.isascii():
        return text
    return "".join(_sign(sign) for sign in text)


def harmless(text: str) -> str:
    """The same where lines are to stay short: a "?" for each sign that cannot be seen."""
    if text.isprintable():
        return text
    return "".join("?" if unicodedata.category(sign) in HIDDEN else _sign(sign) for sign in text)


def _sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in HIDDEN:
        return f"[U+{ord(sign):04X}]"
    return " " if category == "Zs" else sign


def shortened(text: str, longest: int) -> str:
    """Cut to `longest` signs, of which the last shows that there was more."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
