# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Figures and names as people read them."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight import units


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1023, "1.00 KB"),
        (1024, "1.00 KB"),
        (1536, "1.50 KB"),
        (1024**2 - 1, "1.00 MB"),
        (1024**3, "1.00 GB"),
        (12.34 * 1024**3, "12.3 GB"),
        (123.4 * 1024**3, "123 GB"),
        (10 * 1024**7, "10240 EB"),
    ],
)
def test_volume(size: float, text: str) -> None:
    assert units.volume(size) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 3, "33 %"), (0, 9, "0 %"), (1, 1000, "under 1 %"), (999, 1000, "over 99 %"), (9, 9, "100 %"), (0, 0, "-")],
)
def test_percent(part: int, whole: int, text: str) -> None:
    assert units.percent(part, whole) == text


def test_exact_and_span() -> None:
    assert [units.exact(counter) for counter in (1234567, 12.0, 1234.5)] == ["1,234,567", "12", "1,234.5"]
    assert [units.span(hours) for hours in (None, 0.25, 1, 24, 48, 168, 50.5)] == [
        "",
        "15 minutes",
        "1 hour",
        "24 hours",
        "2 days",
        "7 days",
        "50.5 hours",
    ]


def test_a_number_agrees_with_its_noun() -> None:
    assert [units.many(count, "address") for count in (0, 1, 2000)] == ["0 addresses", "1 address", "2,000 addresses"]
    assert [units.many(2, one) for one in ("query", "row", "more address")] == [
        "2 queries",
        "2 rows",
        "2 more addresses",
    ]
    assert units.no_number(1, 1) == "1 of 1 row has no number here"
    assert units.no_number(3, 20, "bytes") == "3 of 20 rows have no number in bytes"
