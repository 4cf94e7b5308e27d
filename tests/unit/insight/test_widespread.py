# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ADOMs have in common, on figures that can be checked by eye."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._insight import widespread as insight
from ansible_collections.secops.fortiview.plugins.module_utils._insight.widespread import overlap


def widespread(results: object, **options: t.Any) -> list[dict[str, t.Any]]:
    found = insight.widespread(results, **options)
    assert found["gaps"] == []
    return list(found["entries"])


def result(adom: str, **incidents: int) -> dict[str, t.Any]:
    rows = [
        {"threat": name, "threattype": "ips", "level_s": "High", "incidents": counter, "incident_block": 1}
        for name, counter in incidents.items()
    ]
    return {"name": adom, "adom": adom, "view": "top-threats", "complete": True, "rows": rows}


GIVEN = [result("C", all=1, some=9), result("A", all=2, alone=50), result("B", all=3, some=4, All=1)]


def test_the_most_widespread_first() -> None:
    found = widespread(GIVEN)
    assert [(one["subject"], one["adom_count"]) for one in found] == [("all", 3), ("some", 2)]
    assert found[0] == {
        "threat": "all",
        "subject": "all",
        "threattype": "ips",
        "severity": "high",
        "adoms": ["A", "B", "C"],
        "adom_count": 3,
        "counters": {"A": 2, "B": 3, "C": 1},
        "incidents": 6,
        "blocked": 3,
        "without_number": {},
    }


def test_least_number_of_adoms() -> None:
    assert [one["subject"] for one in widespread(GIVEN, min_adoms="3")] == ["all"]
    assert {one["subject"] for one in widespread(GIVEN, min_adoms=1)} == {"all", "some", "alone", "All"}
    for wrong in (0, "two", -1):
        with pytest.raises(InvalidInput, match="min_adoms"):
            widespread(GIVEN, min_adoms=wrong)


def test_rows_say_their_adom() -> None:
    rows = [{"srcip": "10.0.0.1", "sessions": 5, "adom": adom} for adom in ("A", "B")]
    assert widespread(rows)[0]["counters"] == {"A": 5, "B": 5}
    with pytest.raises(InvalidInput, match="does not contain its ADOM"):
        widespread([{"srcip": "10.0.0.1", "sessions": 5}])


def test_two_results_of_one_adom_are_one_adom() -> None:
    assert widespread([result("A", x=1), result("A", x=2)]) == []
    assert widespread([result("A", x=1), result("A", x=2)], min_adoms=1)[0]["counters"] == {"A": 3}


def test_incomplete_results_are_refused() -> None:
    with pytest.raises(InvalidInput, match="'B' is not complete"):
        widespread([result("A", x=1), {**result("B", x=1), "complete": False}])


def test_overlap() -> None:
    assert overlap(widespread(GIVEN, min_adoms=1), ["A", "B", "C"]) == [[2, 1, 1], [1, 3, 2], [1, 2, 2]]


def test_absent_figures_are_not_invented() -> None:
    found = widespread([{"threat": "x", "adom": "A", "incidents": 1}, {"threat": "x", "adom": "B"}])
    assert (found[0]["counters"], "blocked" in found[0]) == ({"A": 1, "B": None}, False)
    assert found[0]["without_number"] == {"incidents": 1}
