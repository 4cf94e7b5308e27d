# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Figures and names as people read them."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight import units
from ansible_collections.secops.fortiview.plugins.module_utils._insight.visible import shortened, visible


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("invoice_\u202efdp.exe", "invoice_[U+202E]fdp.exe"),
        ("a\x1b[31m\r\n", "a[U+001B][31m[U+000D][U+000A]"),
        ("zero\u200bwidth\ufeff", "zero[U+200B]width[U+FEFF]"),
        ("\ud800\ue000", "[U+D800][U+E000]"),
        ("a\u00a0b\u3000c", "a b c"),
        ("Überweisung_№42_株式会社.pdf", "Überweisung_№42_株式会社.pdf"),
        ("\U000e0041", "[U+E0041]"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_shortened() -> None:
    assert (shortened("abcd", 4), shortened("abcde", 4)) == ("abcd", "abc…")
