# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What attackers, careless inventories and cut-off runs try on the way from rows to targets."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._hunting.policy import judge, parse_policy, sighted_in
from ansible_collections.secops.fortiview.plugins.module_utils._hunting.sightings import sightings


def roles(row: dict[str, t.Any], masked: t.Sequence[str] = ()) -> dict[str, t.Optional[str]]:
    return {one.address: one.role for one in sightings(row, "threat-src-dst", "root", masked, "way")}


@pytest.mark.parametrize("kind", ["virus", "Malicious Websites", "phishing"])
def test_who_fetches_from_our_server_is_no_attacker(kind: str) -> None:
    row = {"threat": "EICAR", "threattype": kind, "srcip": "198.51.100.9", "dstip": "172.16.1.10"}
    assert roles(row)["198.51.100.9"] != "attacker"


@pytest.mark.parametrize(
    "row, masked, address",
    [
        (
            {"threat": "EICAR", "threattype": "virus", "srcip": "10.9.9.9", "dstip": "198.51.100.9"},
            "srcip",
            "198.51.100.9",
        ),
        (
            {"threat": "SQL.Injection", "threattype": "ips", "srcip": "198.51.100.9", "dstip": "10.9.9.9"},
            "dstip",
            "198.51.100.9",
        ),
    ],
)
def test_a_pseudonym_decides_no_role(row: dict[str, str], masked: str, address: str) -> None:
    assert roles(row, [masked])[address] is None


def test_a_mask_counts_for_every_spelling_of_the_column() -> None:
    row = {"threat": "SQL.Injection", "threattype": "ips", "src_ip": "198.51.100.9"}
    assert [one.network for one in sightings(row, "x", "root", ["srcip"], "way")] == [None]


def test_a_name_from_the_attacker_makes_no_botnet() -> None:
    row = {
        "threat": "botnet.cdn.example.net",
        "threattype": "Unrated",
        "obf_url": "x",
        "srcip": "10.1.2.3",
        "dstip": "198.51.100.9",
    }
    assert roles(row)["198.51.100.9"] is None


@pytest.mark.parametrize(
    "row",
    [
        {"srcip": "198.51.100.9", "sessions": 5, "incidents": 0, "threatweight": 0},
        {"srcip": "198.51.100.9", "action": "accept"},
    ],
)
def test_without_a_threat_nobody_attacked(row: dict[str, t.Any]) -> None:
    assert judge(sighted_in([row]).sightings, parse_policy({}))["offenders"] == []


def test_volume_alone_makes_an_offender_only_where_it_is_asked_for() -> None:
    row = {"srcip": "198.51.100.9", "sessions": 5000, "incidents": 0}
    assert judge(sighted_in([row]).sightings, parse_policy({"min_incidents": 0}))["offenders"] == []
    assert judge(sighted_in([row]).sightings, parse_policy({"min_sessions": 1000}))["offenders"]
