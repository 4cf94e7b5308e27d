# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of threats, which attackers choose, from rows to the filters that search for them."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._hunting.threats import (
    LONGEST_FILTER,
    Threat,
    any_of,
    is_about,
    log_row,
    log_searches,
    quoted,
    row_of,
    threat_parts,
    threats_in,
)
from hypothesis import given
from hypothesis import strategies as st


def read(*values: object) -> list[Threat]:
    return threats_in(threat_parts(values))


def result(*rows: dict[str, t.Any], **more: t.Any) -> dict[str, t.Any]:
    return {"name": "threats", "view": "top-threats", "adom": "root", "complete": True, "rows": list(rows), **more}


def test_names_rows_and_results_are_threats() -> None:
    row = {"threat": "Evil", "threattype": "IPS", "severity": "High", "incidents": 3}
    assert read("Evil") == [Threat("Evil")]
    assert read(row) == [Threat("Evil", "ips", "high")]
    assert read(result(row)) == [Threat("Evil", "ips", "high", adoms=("root",))]


def test_a_threat_of_several_adoms_is_searched_for_in_each() -> None:
    found = read(result({"threat": "Evil"}), result({"threat": "Evil"}, adom="branch"), result({"threat": "Evil"}))
    assert [one.adoms for one in found] == [("root",), ("branch",)]


def test_what_rows_contradict_each_other_about_is_not_known() -> None:
    rows = [
        {"threat": "Evil", "threattype": "ips", "severity": "high"},
        {"threat": "Evil", "threattype": "botnet", "severity": "high"},
        {"threat": "Evil", "threattype": "ips", "severity": "low"},
    ]
    assert read(*rows[:2]) == [Threat("Evil", "", "high")]
    assert read(*rows) == [Threat("Evil", "", "")]


def test_a_severity_that_is_not_known_is_none() -> None:
    assert read({"threat": "Evil", "severity": "apocalyptic"})[0].severity == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "must be a name"),
        (None, "not NoneType"),
        (7, "not int"),
        ({"srcip": "198.51.100.7"}, "threat"),
        ({"threat": ""}, "threat"),
        (result({"threat": "Evil"}, complete=False), "not complete"),
        ({**result({"threat": "Evil"}), "complete": None}, "not complete"),
        (result({"threat": "Evil"}, adom="a/../b"), "adom"),
    ],
)
def test_what_names_no_threat_is_refused(value: object, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read(value)


@given(st.text(max_size=40))
def test_no_name_leaves_its_quotation_marks(name: str) -> None:
    value = quoted(name)
    if value is None:
        return
    inner = value[1:-1]
    assert value[0] == value[-1] == '"' and re.fullmatch(r'(?:[^"\\]|\\.)*', inner, re.S)
    assert re.sub(r"\\(.)", r"\1", inner, flags=re.S) == name


@pytest.mark.parametrize("name", ["a\x00b", "a\nb", "a\u2028b", "x" * 5001])
def test_a_name_that_a_filter_cannot_contain_is_left_out(name: str) -> None:
    assert quoted(name) is None and any_of("threat", [name]) == []
    assert any_of("threat", [name, "Evil"]) == ['threat=="Evil"']


def test_many_names_are_split_into_filters_of_bounded_length() -> None:
    names = [f"name-{number:04}" for number in range(1000)]
    filters = any_of("threat", names)
    assert max(map(len, filters)) <= LONGEST_FILTER and len(filters) < 10
    assert [clause for one in filters for clause in one.split(" or ")] == [f'threat=="{name}"' for name in names]
    assert any_of("threat", []) == []


@pytest.mark.parametrize(
    ("threat", "searches"),
    [
        (Threat("evil.example.com", "botnet", domain=True), [("webfilter", "hostname")]),
        (Threat("Tor", "proxy", application=True), [("app-ctrl", "app")]),
        (Threat("a.exe", "malware-detected"), [("virus", "filename"), ("virus", "virus")]),
        (Threat("SQL.Injection", "ips"), [("attack", "attack")]),
        (Threat("X", ""), [("attack", "attack"), ("virus", "virus"), ("virus", "filename")]),
        (Threat("blocked-connection"), []),
        (Threat("X", "blocked-connection"), []),
        (Threat("a\x00"), []),
    ],
)
def test_the_logs_of_a_threat(threat: Threat, searches: list[tuple[str, str]]) -> None:
    assert log_searches(threat) == searches


@pytest.mark.parametrize(
    ("action", "blocked"), [("Dropped", 1), ("clear_session", 1), ("detected", 0), (None, 0), ("x", 0)]
)
def test_a_log_line_is_one_incident_that_was_blocked_only_where_it_says_so(action: object, blocked: int) -> None:
    row = log_row({"srcip": "198.51.100.7", "action": action, "subtype": "ips"}, Threat("Evil"))
    assert (row["incidents"], row["blocked"], row["detected"]) == (1, blocked, 1 - blocked)
    assert (row["threat"], row["threattype"]) == ("Evil", "ips")


def test_a_line_belongs_to_the_threat_of_its_whole_name() -> None:
    evil = Threat("Straße")
    assert is_about({"attack": "STRASSE"}, "attack", evil)
    assert not is_about({"attack": "Straße 2"}, "attack", evil) and not is_about({}, "attack", Threat("Evil"))


def test_a_row_keeps_its_own_class_and_severity() -> None:
    threat = Threat("Evil", "botnet", "critical")
    assert row_of({"threat": "evil", "severity": "low"}, threat) == {
        "threat": "evil",
        "severity": "low",
        "threattype": "botnet",
    }
    assert row_of({"x": 1}, None) == {"x": 1}
