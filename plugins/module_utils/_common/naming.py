# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes names and numbers in messages. A list of names is shortened, because it may contain thousands of names."""

from __future__ import annotations

import typing as t

MOST = 10


def listed(names: t.Sequence[str], most: int = MOST) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def agree(count: float, one: str = "is", several: str = "are") -> str:
    """The noun or verb that agrees with this number."""
    return one if count == 1 else several


def sentence(text: str) -> str:
    """The text with a full stop, unless it already ends like a sentence or was cut."""
    return text if text.endswith((".", "…", "?")) else f"{text}."


def counted(count: float, noun: str) -> str:
    """A number with its noun: 1 row, 2000 rows."""
    return f"{count} {noun_for(count, noun)}"


def noun_for(count: float, noun: str) -> str:
    """The singular or plural of a noun: entry, entries."""
    return agree(
        count, noun, f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}es" if noun.endswith("s") else f"{noun}s"
    )
