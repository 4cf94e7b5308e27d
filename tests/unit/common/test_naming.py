# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A message names the first ten of many."""

from __future__ import annotations

from ansible_collections.secops.fortiview.plugins.module_utils._common.naming import agree, counted, listed, sentence


def test_all_names_up_to_ten_and_a_count_of_the_others() -> None:
    names = [f"n{number}" for number in range(1, 2001)]
    assert listed([]) == ""
    assert listed(names[:1]) == "n1"
    assert listed(names[:10]).endswith("n9, n10")
    assert listed(names[:11]).endswith("n10 and 1 more")
    assert listed(names).endswith("n10 and 1990 more")
    assert listed(names[:3], 2) == "n1, n2 and 1 more"


def test_a_word_agrees_with_its_number() -> None:
    assert [agree(count) for count in (0, 1, 2)] == ["are", "is", "are"]
    assert [agree(count, "has", "have") for count in (0, 1, 1.5)] == ["have", "has", "have"]


def test_a_number_has_its_noun() -> None:
    assert [counted(number, "row") for number in (0, 1, 2000)] == ["0 rows", "1 row", "2000 rows"]
    assert [counted(2, noun) for noun in ("entry", "address", "different row")] == [
        "2 entries",
        "2 addresses",
        "2 different rows",
    ]


def test_a_sentence_has_one_end() -> None:
    assert [sentence(text) for text in ("off", "off.", "off?", "cut …")] == ["off.", "off.", "off?", "cut …"]
