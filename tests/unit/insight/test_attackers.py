# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One attack for each threat, ADOM and attacking address, and no address from a row that does not show who attacked."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._insight.attackers import (
    Attack,
    Attackers,
    attackers_of,
    countries_in,
)
from ansible_collections.secops.fortiview.plugins.module_utils._insight.tables import Table

Row = dict[str, t.Any]


def pair(address: str = "198.51.100.1", threat: str = "SQL.Injection", target: str = "10.0.0.1", **more: t.Any) -> Row:
    return {"threat": threat, "threattype": "ips", "srcip": address, "dstip": target, "incidents": 5, **more}


def found(*rows: Row, adom: str = "root", **more: t.Any) -> Attackers:
    table = Table(list(rows), view="threat-src-dst", adom=adom, **more)
    return attackers_of([table], {("root", "SQL.Injection"): "critical"}, {"198.51.100.1": "China"})


def only(attackers: Attackers) -> Attack:
    (one,) = attackers.attacks
    return one


def test_rows_of_one_attacker_add_up() -> None:
    one = only(
        found(pair(blocked=1, devices=["B"]), pair(target="10.0.0.2", detected=2, blocked=3, devices=["A", "B"]))
    )
    assert (one.incidents, one.blocked, one.detected, one.devices) == (10, 4, 2, ("A", "B"))
    assert (one.severity, one.country, one.contacted) == ("critical", "China", False)


def test_what_no_row_counts_is_not_0() -> None:
    one = only(found(pair(incidents="many")))
    assert (one.incidents, one.blocked, one.detected) == (0, None, None)


def test_an_address_that_was_contacted_is_the_attacker_of_a_botnet() -> None:
    one = only(found(pair("10.0.0.1", "Mirai", "198.51.100.1", threattype="botnet", srccountry="Reserved")))
    assert (one.address, one.contacted, one.country) == ("198.51.100.1", True, "China")


def test_the_country_of_the_victim_is_not_that_of_the_attacker() -> None:
    one = only(found(pair("10.0.0.1", "Mirai", "203.0.113.9", threattype="botnet", srccountry="Germany")))
    assert one.country == ""


def test_a_row_that_does_not_show_who_attacked_is_counted_and_gives_no_address() -> None:
    rows = [pair(), pair("192.0.2.1", target="192.0.2.2"), pair("host.example.com")]
    attackers = found(*rows)
    assert [one.address for one in attackers.attacks] == ["198.51.100.1"]
    assert attackers.gaps == ["FortiAnalyzer does not show which address attacked in 10 of 15 incidents (67 %)."]
    assert found(*rows[:2]).gaps == ["FortiAnalyzer does not show which address attacked in 5 of 10 incidents (50 %)."]


def test_a_masked_column_has_no_address() -> None:
    attackers = found(pair(), result={"masked_fields": ["srcip"]})
    assert attackers.attacks == [] and attackers.gaps


def test_a_ranking_that_is_cut_may_have_more_attackers() -> None:
    assert found(pair(), truncated=True).gaps == ["The ranking of attackers in root may be cut after 1 row."]


def test_threats_of_two_adoms_are_two_attacks() -> None:
    tables = [Table([pair()], view="threat-src-dst", adom=adom) for adom in ("root", "branch")]
    attackers = attackers_of(tables, {}, {})
    assert attackers.adoms == ("root", "branch")
    assert [one.adom for one in attackers.behind("SQL.Injection", "branch")] == ["branch"]
    assert attackers.behind("sql.injection", "branch") == []


def test_countries_are_of_sources_and_never_a_word_for_none() -> None:
    rows = [
        {"srcip": "198.51.100.1", "country": "Reserved", "srccountry": "China"},
        {"srcip": "198.51.100.1", "srccountry": "France"},
        {"srcip": "198.51.100.2", "country": "N/A"},
        {"srcip": ["198.51.100.3"], "country": "Peru"},
        {"dstip": "198.51.100.4", "country": "Peru"},
    ]
    assert countries_in([Table(rows)]) == {"198.51.100.1": "China"}
