# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clock of a FortiAnalyzer whose zone has no IANA name. How queries use it is tested in test_clocks.py."""

from __future__ import annotations

import datetime as dt
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._query.clock_readings import (
    in_zone,
    shown,
    without_zone,
)
from hypothesis import given
from hypothesis import strategies as st

NOW = dt.datetime(2026, 1, 14, 10, 0, tzinfo=dt.timezone.utc)


@pytest.mark.parametrize(
    "text, local, word",
    [
        ("Tue Jan 14 10:00:00 UTC 2026", dt.datetime(2026, 1, 14, 10), "UTC"),
        ("Tue Jan  4 10:00:00 +0530 2026", dt.datetime(2026, 1, 4, 10), "+0530"),
        ("Tue Jan 14 10:00:00 2026", dt.datetime(2026, 1, 14, 10), ""),
        ("Tue Foo 14 10:00:00 UTC 2026", None, ""),
        ("Tue Feb 30 10:00:00 UTC 2026", None, ""),
        ("Tue Jan 14 10:00:00 UTC 0001", None, ""),
        ("2026-01-14 10:00:00", None, ""),
    ],
)
def test_a_clock_as_it_is_shown(text: str, local: t.Optional[dt.datetime], word: str) -> None:
    assert shown(text) == (local, word)


@given(st.text())
def test_any_text_is_no_crash(text: str) -> None:
    shown(text)


@pytest.mark.parametrize("word", ["UTC", "GMT"])
def test_a_clock_in_utc(word: str) -> None:
    zone = dt.timezone(dt.timedelta(hours=5))
    assert in_zone(dt.datetime(2026, 1, 14, 10), word, zone, NOW) == NOW


@given(st.integers(-48, 56), st.integers(0, 59), st.sampled_from(["", "ABC", "IST"]))
def test_no_reading_of_an_unknown_zone_is_after_now(quarters: int, seconds: int, word: str) -> None:
    """Of several readings the earliest counts, so that no range ends in the future of FortiAnalyzer."""
    local = (NOW + dt.timedelta(minutes=15 * quarters, seconds=-seconds)).replace(tzinfo=None)
    instant, is_sure = without_zone(local, word, "", "", NOW)
    assert instant <= NOW and not is_sure


def test_a_clock_with_its_offset_has_one_reading() -> None:
    assert without_zone(dt.datetime(2026, 1, 14, 15, 30), "+0530", "", "", NOW) == (NOW, True)
