# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter offenders: every option, the merging, and what is not believed."""

from __future__ import annotations

import datetime as dt
import itertools
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.offenders import OPTIONS, offenders

THREAT = {"threat": "SQL.Injection", "threattype": "ips"}
ONE, TWO, THREE, SIX = "198.51.100.1", "198.51.100.2", "198.51.100.3", "2001:db8:bad::6"
Judged = dict[str, list[dict[str, t.Any]]]


def judge(value: object, **options: t.Any) -> Judged:
    found: Judged = offenders(value, **options)
    return found


def row(address: object, **more: t.Any) -> dict[str, t.Any]:
    return {**THREAT, "srcip": address, **more}


def result(*rows: dict[str, t.Any], **more: t.Any) -> dict[str, t.Any]:
    now = dt.datetime.now(dt.timezone.utc).isoformat()
    about = {"name": "pairs", "view": "threat-src-dst", "adom": "root", "complete": True, "replied_at": now}
    return {**about, "rows": list(rows), **more}


def taken(judged: Judged) -> list[str]:
    return [one["address"] for one in judged["offenders"]]


def refused(judged: Judged) -> dict[str, str]:
    return {one["address"]: ", ".join(one["reasons"]) for one in judged["refused"]}


# Each option: what it takes, what it refuses, and why.
RANKED = [
    row(ONE, severity="critical", incidents=50, detected=5, sessions=10, bandwidth=1000, bytes=2000),
    row(TWO, severity="low", incidents=5, detected=0, sessions=100, bandwidth=10, bytes=20),
    row(THREE),
]


@pytest.mark.parametrize(
    "options, expected, reasons",
    [
        ({}, [ONE, TWO, THREE], {}),
        (
            {"severities": ["critical", "High"]},
            [ONE],
            {TWO: "severity low is not selected", THREE: "severity unknown is not selected"},
        ),
        (
            {"unblocked_only": True},
            [ONE],
            dict.fromkeys((TWO, THREE), "none of its incidents is known to have got through"),
        ),
        (
            {"min_incidents": 10},
            [ONE],
            {TWO: "incidents 5 is below 10", THREE: "incidents unknown is below 10"},
        ),
        ({"min_incidents": 0}, [ONE, TWO], {THREE: "incidents unknown is below 0"}),
        ({"min_sessions": 50}, [TWO], {ONE: "sessions 10 is below 50", THREE: "sessions unknown is below 50"}),
        (
            {"min_bandwidth": "11"},
            [ONE],
            {TWO: "bandwidth 10 is below 11", THREE: "bandwidth unknown is below 11"},
        ),
        ({"min_bytes": 20.5}, [ONE], {TWO: "bytes 20 is below 20.5", THREE: "bytes unknown is below 20.5"}),
        (
            {"never": ["198.51.100.2", "198.51.100.3/32"]},
            [ONE],
            {TWO: "on the exclusion list (198.51.100.2)", THREE: "on the exclusion list (198.51.100.3)"},
        ),
        ({"roles": ["victim"]}, [], dict.fromkeys((ONE, TWO, THREE), "its role is attacker")),
        ({"roles": ["victim", "attacker"]}, [ONE, TWO, THREE], {}),
        ({"cap": 1}, [ONE], dict.fromkeys((TWO, THREE), "the limit cap=1 was reached")),
        ({"cap": "2"}, [ONE, TWO], {THREE: "the limit cap=2 was reached"}),
        ({"cap": 0}, [], dict.fromkeys((ONE, TWO, THREE), "the limit cap=0 was reached")),
        # All options that were left open in a survey.
        (dict.fromkeys(OPTIONS), [ONE, TWO, THREE], {}),
    ],
)
def test_each_option(options: dict[str, t.Any], expected: list[str], reasons: dict[str, str]) -> None:
    judged = judge(RANKED, **options)
    assert (taken(judged), refused(judged)) == (expected, reasons)


def test_all_reasons_are_told_at_once() -> None:
    judged = judge(
        [{"address": "10.1.1.1", "role": "victim", "severity": "low", "incidents": 1}],
        severities=["high"],
        unblocked_only=True,
        min_incidents=2,
    )
    assert [one["reasons"] for one in judged["refused"]] == [
        [
            "private address",
            "its role is victim",
            "severity low is not selected",
            "none of its incidents is known to have got through",
            "incidents 1 is below 2",
        ]
    ]


def test_an_offender_says_why_it_is_one() -> None:
    (one,) = judge(RANKED[:1])["offenders"]
    assert one == {
        "address": ONE,
        "version": 4,
        "role": "attacker",
        "side": "source",
        "severity": "critical",
        "threats": ["SQL.Injection"],
        "incidents": 50,
        "detected": 5,
        "sessions": 10,
        "bytes": 2000,
        "bandwidth": 1000,
        "devices": [],
        "adoms": [],
        "method": "rows",
        "reasons": [
            "severity critical",
            "50 incidents",
            "5 detected",
            "10 sessions",
            "2000 bytes",
            "1000 bandwidth",
        ],
    }


CALLED = {"threat": "Zeus", "threattype": "botnet", "severity": "critical", "incidents": 5}


@pytest.mark.parametrize(
    "rows, side",
    [
        ([row(ONE)], "source"),
        ([{**CALLED, "srcip": "10.1.1.1", "dstip": ONE}], "destination"),
        ([{**CALLED, "dstip": ONE}], "destination"),
        ([row(ONE), {**CALLED, "srcip": "10.1.1.1", "dstip": ONE}], "both"),
        ([{"address": ONE, "role": "attacker", "side": "both"}], "both"),
        ([{"address": ONE, "role": "attacker", "side": "north"}], None),
        ([{"address": ONE, "role": "attacker"}], None),
        ([{"address": ONE, "role": "attacker", "side": "source"}, {**CALLED, "dstip": ONE}], "both"),
    ],
)
def test_an_offender_tells_on_which_side_it_stood(rows: list[dict[str, t.Any]], side: t.Optional[str]) -> None:
    (one,) = [one for one in judge(rows)["offenders"] if one["address"] == ONE]
    assert one.get("side") == side


def test_private_addresses_need_permission_and_special_ones_get_none() -> None:
    addresses = ["10.1.1.1", "100.64.0.1", "172.31.255.255", "192.168.0.1", "fd00::1"]
    special = ["0.0.0.0", "127.0.0.1", "169.254.1.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "ff02::1"]
    given_ones = [{"address": address, "role": "attacker"} for address in addresses + special]
    assert taken(judge(given_ones)) == []
    judged = judge(given_ones, allow_private=True)
    assert sorted(taken(judged)) == sorted(addresses)
    assert set(refused(judged)) == set(special)


@pytest.mark.parametrize("network", ["198.51.100.0/24", "2001:db8:bad::/48", "198.51.100.0/31"])
def test_a_network_is_no_offender(network: str) -> None:
    assert refused(judge([{"address": network, "role": "attacker"}])) == {network: "a network, not a host"}


# Merging


def test_rows_of_one_view_add_up_and_other_views_count_the_same_events() -> None:
    judged = judge(
        [
            result(row(ONE, incidents=3, devid="FGT1"), row(ONE, incidents=4, devid="FGT2", threat="udp_flood")),
            result(row(ONE, incidents=10, detected=1), adom="Branch_Office"),
            result(row(ONE, incidents=12, sessions=7), view="source-threat"),
        ]
    )
    (one,) = judged["offenders"]
    assert (one["incidents"], one["detected"], one["sessions"]) == (17, 1, 7)
    assert one["threats"] == ["SQL.Injection", "udp_flood"]
    assert one["devices"] == ["FGT1", "FGT2"]
    assert one["adoms"] == ["Branch_Office", "root"]
    assert one["method"] == "source-threat, threat-src-dst"


def test_fractions_add_up_to_the_same_in_any_order() -> None:
    rows = [row(ONE, sessions=number) for number in (0.1, 0.2, 0.3)]
    totals = {judge(list(order))["offenders"][0]["sessions"] for order in itertools.permutations(rows)}
    assert len(totals) == 1


def test_the_worst_severity_counts() -> None:
    rows = [row(ONE, severity="low"), row(ONE, severity="critical"), row(ONE), row(ONE, severity="medium")]
    assert judge(rows)["offenders"][0]["severity"] == "critical"


def test_results_of_one_view_and_adom_may_count_the_same_events() -> None:
    results = [result(row(ONE, incidents=3)), result(row(ONE, incidents=3), row(ONE, incidents=1))]
    assert judge(results)["offenders"][0]["incidents"] == 4


def test_spellings_of_one_address_are_one_address() -> None:
    four = [row(ONE, incidents=1), row(f"::ffff:{ONE}", incidents=1), row("::FFFF:C633:6401", incidents=1)]
    six = [row(text, incidents=1) for text in (SIX, SIX.upper(), "2001:0db8:0bad:0000:0:0:0:0006")]
    judged = judge([result(*four, *six)])
    assert [(one["address"], one["incidents"]) for one in judged["offenders"]] == [(ONE, 3), (SIX, 3)]


def test_offenders_go_through_again_unchanged() -> None:
    judged = judge([result(*RANKED)])
    again = judge(judged["offenders"])
    assert again == judged
    assert taken(judge(judged["offenders"], never=[ONE])) == [TWO, THREE]


def test_order_is_by_severity_incidents_sessions_and_address() -> None:
    rows = [
        row("198.51.100.10"),
        row("198.51.100.9"),
        row(SIX),
        row("203.0.113.1", severity="low", incidents=1000),
        row("203.0.113.2", severity="critical", incidents=1),
        row("203.0.113.3", severity="critical", incidents=1, sessions=2),
        row("203.0.113.4", severity="critical", incidents=2),
    ]
    expected = ["203.0.113.4", "203.0.113.3", "203.0.113.2", "203.0.113.1", "198.51.100.9", "198.51.100.10", SIX]
    assert taken(judge(rows)) == expected


# What is not believed


@pytest.mark.parametrize("state", [False, None, "true", 1])
def test_a_result_that_is_not_complete_is_refused(state: object) -> None:
    with pytest.raises(
        AnsibleFilterError,
        match=r"query 'pairs' \(view threat-src-dst, ADOM root\): the result 'pairs' is not complete",
    ):
        judge([result(row(ONE)), result(row(TWO), complete=state)])


@pytest.mark.parametrize("style", ["198.51.100.77", "masked-1", "0f3a99"])
def test_masked_columns_give_nobody(style: str) -> None:
    masked = result({**THREAT, "srcip": style, "dstip": "10.1.1.1"}, masked_fields=["srcip", "dstip"])
    judged = judge(masked, allow_private=True, roles=["attacker", "victim"])
    assert taken(judged) == []
    assert all("masked" in reason for reason in refused(judged).values())


@pytest.mark.parametrize("value", [None, "198.51.100.1", 5, ["198.51.100.1"], [None]])
def test_what_is_neither_result_nor_row_is_an_error(value: object) -> None:
    with pytest.raises(AnsibleFilterError, match="accepts a result"):
        judge(value)


@pytest.mark.parametrize(
    "options, says",
    [
        ({"severities": ["worst"]}, "info, not 'worst'"),
        ({"severities": '["critical"'}, "severities is text that cannot be read as a list"),
        ({"roles": ["bystander"]}, "roles"),
        ({"min_incidents": "many"}, "min_incidents must be a number"),
        ({"min_bytes": -1}, "min_bytes must be a number of at least 0"),
        ({"min_sessions": float("nan")}, "min_sessions"),
        ({"cap": "all"}, "cap"),
        ({"never": ["198.051.100.1"]}, "leading zeros"),
        ({"never": ["the office"]}, "exclusion list entry 'the office'"),
        ({"never": [None]}, "never has the entry None"),
        ({"nevre": ["198.51.100.1"]}, "unknown options: nevre"),
    ],
)
def test_options_that_cannot_be_meant(options: dict[str, t.Any], says: str) -> None:
    with pytest.raises(AnsibleFilterError, match=says):
        judge(RANKED, **options)


def test_hostile_names_are_only_text() -> None:
    name = "{{ lookup('pipe','id') }} <script> =cmd|' /C calc'!A0 \u202e" + "A" * 4096
    (one,) = judge([{**row(ONE), "threat": name}])["offenders"]
    assert one["threats"] == [name]


def test_figures_that_are_none_reach_nothing() -> None:
    rows = [{"address": ONE, "role": "attacker", "incidents": value} for value in (float("nan"), True, "many", None)]
    assert taken(judge(rows, min_incidents=1)) == []


def test_the_word_false_is_no_permission() -> None:
    private = [{"address": "10.1.1.1", "role": "attacker"}]
    assert taken(judge(private, allow_private="false")) == []
    assert taken(judge(private, allow_private="yes")) == ["10.1.1.1"]


def test_who_is_a_victim_elsewhere_may_be_one_of_ours() -> None:
    rows = [
        {"address": ONE, "role": "attacker"},
        {"address": ONE, "role": "victim"},
        {"address": TWO, "role": "attacker"},
    ]
    assert taken(judge(rows)) == [TWO]
    assert "it is a victim in other rows" in str(judge(rows)["refused"])
    assert taken(judge(rows, roles=["attacker", "victim"])) == [ONE, ONE, TWO]


def test_who_was_refused_stays_refused() -> None:
    first = judge(RANKED, never=[ONE])
    again = judge(first["offenders"] + first["refused"])
    assert taken(again) == [TWO, THREE]
    assert "already refused: on the exclusion list" in refused(again)[ONE]


def test_a_registered_hunt_is_taken_as_it_is() -> None:
    hunt = {"offenders": judge(RANKED)["offenders"], "refused": [], "changed": False}
    assert taken(judge(hunt)) == [ONE, TWO, THREE]
    assert taken(judge({"results": [result(row(ONE))]})) == [ONE]


def test_rows_that_name_nobody_are_no_empty_list() -> None:
    with pytest.raises(AnsibleFilterError, match="use faz_threat_sources_info"):
        judge([{**THREAT, "sources": 17}])
    assert judge([result()]) == {"offenders": [], "refused": [], "gaps": []}


def test_victims_of_all_rows_are_kept() -> None:
    """All of them: one can be a FortiGate, which a ban does not protect."""
    rows = [row(ONE, dstip=f"10.1.1.{number}") for number in range(20, 0, -1)]
    offender = judge([*rows, row(TWO)])["offenders"]
    (found,) = [one for one in offender if one["address"] == ONE]
    assert found["victims"] == [f"10.1.1.{number}" for number in range(1, 21)]
    assert not any("victims" in one for one in offender if one["address"] == TWO)
    again = judge([dict(found, victims=[*found["victims"][:2], "no address", "{{ 1 }}"])])["offenders"]
    assert again[0]["victims"] == ["10.1.1.1", "10.1.1.2"]
