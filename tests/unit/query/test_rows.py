# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows in canonical form (protocol_fortianalyzer.rst, "Views")."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._query.rows import canonical, counter
from hypothesis import given
from hypothesis import strategies as st

LIVE_THREAT = {
    "threat": "udp_flood",
    "threattype": "ips",
    "threatlevel": "3",
    "level_s": "High",
    "threatweight": "1260",
    "incidents": "42",
    "incident_block": "40",
    "incident_pass": "2",
    "fortigate": "FG100FTK20000001,FG100FTK20000002",
    "appid": "0",
}


def test_a_live_threat() -> None:
    row = canonical(LIVE_THREAT)
    assert (row["severity"], row["incidents"], row["blocked"], row["detected"]) == ("high", 42, 40, 2)
    assert row["devices"] == ["FG100FTK20000001", "FG100FTK20000002"]
    assert row["level_s"] == "High" and row["appid"] == "0"
    assert set(LIVE_THREAT) <= set(row)


def test_a_documented_threat_is_already_canonical() -> None:
    row = {"threat": "SQL.Injection", "severity": "critical", "incidents": 3, "sources": 2, "blocked": 3, "detected": 0}
    assert canonical(row) == row


def test_a_live_source_has_its_volume_as_bytes() -> None:
    row = canonical({"srcip": "10.9.1.4", "srcip_hostname": "pc4", "sessions": "991", "bandwidth": "73400320"})
    assert (row["sessions"], row["bandwidth"], row["bytes"], row["hostname"]) == (991, 73400320, 73400320, "pc4")


def test_an_address_in_the_place_of_a_name_is_no_name() -> None:
    assert "hostname" not in canonical({"srcip": "10.9.1.4", "srcip_hostname": "10.9.1.4"})


def test_absent_figures_stay_absent() -> None:
    row = canonical({"threat": "x", "threatlevel": "3"})
    assert not {"severity", "incidents", "blocked", "detected", "bytes", "sessions"} & set(row)


def test_a_list_of_sources_stays_a_list() -> None:
    assert canonical({"threat": "x", "sources": ["10.0.0.1"]})["sources"] == ["10.0.0.1"]


@pytest.mark.parametrize(
    "value, expected",
    [
        ("991", 991),
        ("-1", -1),
        ("12.5", 12.5),
        ("", ""),
        ("1e5", 100000),
        ("4.5e+10", 45000000000),
        ("1.25E1", 12.5),
        ("1e20", 1e20),
        ("1e999", "1e999"),
        ("e5", "e5"),
        ("1,234", "1,234"),
        ("12.5 MB", "12.5 MB"),
        ("nan", "nan"),
        ("0x10", "0x10"),
        ("١٢", "١٢"),
        ("9" * 31, "9" * 31),
        (None, None),
        (7, 7),
    ],
)
def test_figure(value: t.Any, expected: t.Any) -> None:
    assert counter(value) == expected
    assert type(counter(value)) is type(expected)


@given(st.dictionaries(st.sampled_from([*LIVE_THREAT, "bytes", "severity", "x"]), st.text(max_size=8) | st.integers()))
def test_no_field_is_ever_lost_and_words_stay_words(row: dict[str, t.Any]) -> None:
    shaped = canonical(row)
    for key, value in row.items():
        assert str(shaped[key]) == str(value) or float(shaped[key]) == float(value) or key == "severity"
