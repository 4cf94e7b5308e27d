# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ADOMs, countries and FortiGates of a report: what cannot be divided is not divided, and nothing is counted twice."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._insight.places import (
    adoms_of,
    adoms_section,
    countries_of,
    countries_section,
    fortigates_of,
    fortigates_section,
)
from ansible_collections.secops.fortiview.plugins.module_utils._insight.tables import Table
from ansible_collections.secops.fortiview.plugins.module_utils._insight.trend import Period

Row = dict[str, t.Any]


def threat(detected: t.Any = 1, severity: str = "critical", **more: t.Any) -> Row:
    return {"threat": "a", "severity": severity, "incidents": 4, "blocked": 3, "detected": detected, **more}


def attacker(country: str, incidents: int, detected: t.Any = 1) -> Row:
    return {"country": country, "incidents": incidents, "detected": detected}


def texts(section: Row) -> list[list[str]]:
    return [[cell.text for cell in cells] for cells in section["rows"]]


def test_the_adom_with_most_open_critical_threats_comes_first() -> None:
    tables = [
        Table([threat(9, "low")], adom="a"),
        Table([threat()], adom="c"),
        Table([threat()], adom="b"),
        Table([], adom=""),
    ]
    rows = adoms_of(tables, [])
    assert [row["adom"] for row in rows] == ["b", "c", "a", "-"]
    assert rows[-1]["incidents"] is None and rows[-1]["blocked_share"] is None and rows[-1]["change"] == ""


def test_each_adom_is_compared_with_its_own_period_before() -> None:
    now = [Table([threat()], adom="a"), Table([threat()], adom="b")]
    then = [Table([threat(), threat(threat="x")], adom="a")]
    periods = [Period(name, tables, [], None, None, None, 24.0) for name, tables in (("then", then), ("now", now))]
    rows = {row["adom"]: row for row in adoms_of(now, periods)}
    assert (rows["a"]["incidents_before"], rows["a"]["change"]) == (8, "\u22124")
    assert (rows["b"]["incidents_before"], rows["b"]["change"]) == (None, "")
    titles = [column["title"] for column in adoms_section(list(rows.values()))["columns"]]
    assert "Change" in titles
    assert "Change" not in [column["title"] for column in adoms_section(adoms_of(now, []))["columns"]]


def test_a_share_that_is_not_known_is_a_hyphen() -> None:
    rows = adoms_of([Table([{"threat": "a", "incidents": 4, "blocked": 4}], adom="a")], [])
    assert texts(adoms_section(rows))[0][:4] == ["a", "4", "-", "-"]
    assert texts(adoms_section(adoms_of([Table([threat()], adom="a")], [])))[0][:5] == ["a", "4", "75 %", "1", "1"]


def test_countries() -> None:
    rows = countries_of([attacker("Chile", 2), attacker("", 5), attacker("Chile", 2, None), attacker("Austria", 4)])
    assert rows == [
        {"country": "not known", "addresses": 1, "incidents": 5, "detected": 1},
        {"country": "Austria", "addresses": 1, "incidents": 4, "detected": 1},
        {"country": "Chile", "addresses": 2, "incidents": 4, "detected": 1},
    ]
    assert countries_of([attacker("", 5)]) == [] == countries_of([])
    section = countries_section(rows, 1, 2)
    assert (len(section["rows"]), len(section["rest"]), section["left_out"]) == (1, 1, 1)


def test_a_row_that_several_fortigates_have_logged_counts_once() -> None:
    rows = fortigates_of(
        [Table([threat(devices=["B", "A"]), threat(devices=["A"]), threat(devices=["A", "B"]), threat()])]
    )
    assert [(row["devices"], row["incidents"]) for row in rows] == [(["A", "B"], 8), (["A"], 4)]
    assert texts(fortigates_section(rows, 9, 9))[0][0] == "A, B"


def test_devices_that_are_no_text_do_not_break_a_report() -> None:
    rows = fortigates_of([Table([threat(devices=[2, "1"], detected="x"), threat(devices=None)])])
    assert [(row["devices"], row["detected"]) for row in rows] == [(["1", "2"], None)]
