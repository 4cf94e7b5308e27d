# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times of logs and registries, which are always in UTC."""

from __future__ import annotations

import time

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.clock_text import parse_time, time_text
from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(0, 253402300799))
def test_a_time_comes_back(seconds: int) -> None:
    assert parse_time(time_text(seconds)) == seconds


@given(st.lists(st.integers(0, 253402300799), max_size=5))
def test_texts_sort_as_times(seconds: list[int]) -> None:
    assert sorted(map(time_text, seconds)) == list(map(time_text, sorted(seconds)))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Pacific/Apia"])
def test_the_zone_of_the_machine_does_not_matter(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        # In the hour that the change to winter repeats in Berlin.
        assert parse_time("2026-10-25T00:30:00Z") == 1792888200
        assert time_text(1792888200 + 3600) == "2026-10-25T01:30:00Z"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "text",
    [
        None, "", "2026-03-01", "2026-03-01 14:30:00", "2026-03-01T14:30:00", "2026-03-01T14:30:00+00:00",
        "2026-02-29T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T14:30:00Z ", 1772323200,
    ],
)  # fmt: skip
def test_another_form_is_no_time(text: object) -> None:
    with pytest.raises(ValueError):
        parse_time(text)


def test_parts_of_a_second_are_dropped() -> None:
    assert time_text(1772375400.99) == "2026-03-01T14:30:00Z"
