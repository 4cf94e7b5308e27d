# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._insight.sums import sums

ROWS = [
    {"srcip": "10.0.0.1", "bytes": 5},
    {"srcip": "10.0.0.2", "bytes": 9},
    {"srcip": "10.0.0.1", "bytes": 6},
    {"srcip": "10.0.0.3", "bytes": "many"},
    {"bytes": 7},
    {"srcip": "", "bytes": 7},
]


def result(name: str, rows: t.Sequence[t.Any], **more: t.Any) -> dict[str, t.Any]:
    return {"name": name, "adom": "root", "view": "top-sources", "complete": True, "rows": list(rows), **more}


def test_the_greatest_sum_comes_first_and_nothing_is_left_out_in_silence() -> None:
    found = sums(ROWS, "srcip", "bytes")
    assert found["entries"] == [
        {"key": "10.0.0.1", "count": 2, "sum": 11},
        {"key": "10.0.0.2", "count": 1, "sum": 9},
    ]
    assert (found["rows"], found["without_key"], found["without_number"]) == (6, 2, 1)


def test_rows_of_several_results_are_added_up() -> None:
    found = sums({"results": [result("a", ROWS[:1]), result("b", ROWS[:1])]}, "srcip", "bytes")
    assert found["entries"] == [{"key": "10.0.0.1", "count": 2, "sum": 10}]


def test_a_result_that_is_not_complete_is_an_error_or_a_gap() -> None:
    handed = [result("a", ROWS), result("b", [], complete=False)]
    with pytest.raises(InvalidInput, match="'b'"):
        sums(handed, "srcip", "bytes")
    assert [gap["name"] for gap in sums(handed, "srcip", "bytes", partial=True)["gaps"]] == ["b"]


@pytest.mark.parametrize("key", [["srcip"], {}, True])
def test_a_column_is_one_name(key: object) -> None:
    with pytest.raises(InvalidInput, match="key must be text"):
        sums(ROWS, key, "bytes")
