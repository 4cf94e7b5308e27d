# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations and moments as people write and read them."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.clock_text import parse_time, time_text
from ansible_collections.secops.fortiview.plugins.module_utils._common.durations import (
    duration_text,
    parse_duration,
    parse_seconds,
)
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput


@pytest.mark.parametrize(
    "text, seconds", [("90s", 90), ("30m", 1800), ("4h", 14400), ("7d", 604800), (3600, 3600), (" 5 M ", 300)]
)
def test_durations_are_read(text: object, seconds: int) -> None:
    assert parse_duration("ttl", text) == seconds


def test_a_part_of_a_second_may_have_all_digits_of_a_number() -> None:
    assert parse_seconds("wait_timeout", 12 * 0.8 - 2) == 12 * 0.8 - 2
    assert parse_seconds("wait_timeout", 0.1 + 0.2) == 0.1 + 0.2


@pytest.mark.parametrize("text", ["", "soon", "1.5h", "-3600", True, "4w", "1h30m", None])
def test_what_is_no_duration_is_an_error(text: object) -> None:
    with pytest.raises(InvalidInput, match="ttl must be"):
        parse_duration("ttl", text)


@pytest.mark.parametrize(
    "seconds, text", [(14400, "4h"), (5400, "1h 30m"), (45, "45s"), (0, "0s"), (90061, "1d 1h"), (-5, "0s")]
)
def test_durations_are_written(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_moments_are_in_utc() -> None:
    assert time_text(parse_time("2026-03-01T14:30:00Z")) == "2026-03-01T14:30:00Z"
    with pytest.raises(ValueError):
        parse_time("2026-03-01 14:30")
