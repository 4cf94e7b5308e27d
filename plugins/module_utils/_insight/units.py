# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Formats numbers for people."""

from __future__ import annotations

import typing as t

from .._common.naming import agree, counted, noun_for

STEP = 1024
UNITS = ("bytes", "KB", "MB", "GB", "TB", "PB", "EB")


def volume(size: float) -> str:
    """Bytes in steps of 1024, with three digits: 1.21 GB."""
    amount, unit = float(size), 0
    while abs(amount) >= 999.5 and unit < len(UNITS) - 1:
        amount, unit = amount / STEP, unit + 1
    if not unit:
        return f"{amount:.0f} {UNITS[0]}"
    return f"{amount:.{2 if abs(amount) < 9.995 else 1 if abs(amount) < 99.95 else 0}f} {UNITS[unit]}"


def exact(counter: float) -> str:
    """A number with all digits, in groups of three: 1,234,567."""
    return f"{counter:,}" if isinstance(counter, int) or not float(counter).is_integer() else f"{int(counter):,}"


def percent(part: float, whole: float) -> str:
    """A share in whole percent. Small shares are "under 1 %", and shares near 100 % are "over 99 %"."""
    if not whole:
        return "-"
    share = 100 * part / whole
    if 0 < share < 1:
        return "under 1 %"
    return "over 99 %" if 99 < share < 100 else f"{share:.0f} %"


def span(hours: t.Optional[float]) -> str:
    """A length of time: 24 hours, 7 days."""
    if not hours:
        return ""
    if hours >= 48 and not hours % 24:
        return f"{hours / 24:.0f} days"
    if hours < 1:
        minutes = round(hours * 60)
        return f"{minutes} {noun_for(minutes, 'minute')}"
    return f"{hours:g} {noun_for(hours, 'hour')}"


def many(count: float, one: str) -> str:
    """A number with its noun: 1 address, 2,000 addresses."""
    return f"{exact(count)} {noun_for(count, one)}"


def series(first: t.Sequence[str], count: int) -> str:
    """The first names, and the number of further names: a, b and 3 more."""
    more = count - len(first)
    parts = [*first, f"{exact(more)} more"] if more else list(first)
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]


def no_number(missing: int, rows: int, column: str = "here") -> str:
    """The number of rows that a sum omits: 3 of 20 rows have no number in bytes."""
    where = column if column == "here" else f"in {column}"
    return f"{missing} of {counted(rows, 'row')} {agree(missing, 'has', 'have')} no number {where}"
