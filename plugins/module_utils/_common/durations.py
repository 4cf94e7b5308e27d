# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads durations, which are seconds or text such as `90s`, `30m`, `4h` or `7d`, and writes seconds as text."""

from __future__ import annotations

import re

from .errors import InvalidInput

UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_TEXT = re.compile(r"(?P<seconds>[0-9]{1,9}(?:\.[0-9]{1,20})?)|(?P<number>[0-9]{1,9})\s*(?P<unit>[smhd])", re.I)


def parse_seconds(option: str, value: object) -> float:
    """The duration in seconds. A value without a unit may have a fraction. Raises InvalidInput."""
    found = _TEXT.fullmatch(str(value).strip())
    if isinstance(value, bool) or found is None:
        raise InvalidInput(
            f"{option} must be a number of seconds, or a duration such as 90s, 30m, 4h or 7d, not {str(value)[:40]!r}"
        )
    return float(found["seconds"]) if found["seconds"] else float(found["number"]) * UNITS[found["unit"].lower()]


def parse_duration(option: str, value: object) -> int:
    """The duration in whole seconds. Raises InvalidInput."""
    seconds = parse_seconds(option, value)
    if not seconds.is_integer():
        raise InvalidInput(
            f"{option} must be a whole number of seconds, or a duration such as 90s, 30m, 4h or 7d, not {str(value)[:40]!r}"
        )
    return int(seconds)


def duration_text(seconds: float) -> str:
    """A duration as text, with at most two units: `4h`, `1h 30m`, `45s`."""
    left, parts = max(0, round(seconds)), []
    for unit, size in UNITS.items():
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number}{unit}")
    return " ".join(parts[:2]) or "0s"
