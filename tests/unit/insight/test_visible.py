# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text from attackers, as a reader may see it."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._insight.visible import harmless, shortened, visible


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


def test_in_a_short_line_each_of_these_is_one_sign() -> None:
    assert harmless("invoice_\u202efdp\x1b.exe\u3000\ud800") == "invoice_?fdp?.exe ?"
    assert harmless("Überweisung 株式会社") == "Überweisung 株式会社"


def test_shortened() -> None:
    assert (shortened("abcd", 4), shortened("abcde", 4)) == ("abcd", "abc…")
