# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be blocked: the guardrails that need no look at the network."""

from __future__ import annotations

import ipaddress
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.guardrails import Rules, judge
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.options import parse_options
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.shared_infrastructure import shared_networks
from ansible_collections.secops.fortiview.plugins.module_utils._common.addresses import PRIVATE, SPECIAL, parse_never
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from hypothesis import given
from hypothesis import strategies as st

NEVER = [*PRIVATE, *SPECIAL]
HOSTILE = "{{ lookup('pipe','id') }} '; rm -rf / # \"$(id)\" `id`\n\u202e\u0000\u2028 \U0001f4a5" + "A" * 4096
GOOD = ["198.51.100.7", "198.51.100.8", "198.51.100.9", "198.51.100.10", "2001:db8:bad::7"]


def planned(
    wanted: t.Any, protected: t.Sequence[str] = (), source_only: bool = False, **options: t.Any
) -> dict[str, t.Any]:
    """What becomes of the targets under these options of the module."""
    given = {"run_id": "1", "method": "feed_push", "never": [], "targets": wanted, **options}
    read = parse_options(given, targets=True, statement=True)
    rules = Rules(
        never=read.never,
        protected=tuple((network, "interface wan1") for network in parse_never(protected)),
        shared=shared_networks(),
        allow_shared=read.allow_shared,
        allow_private=read.allow_private,
        allow_networks=read.allow_networks,
        max_per_run=read.max_per_run,
        ttl=read.ttl,
        on_protected=read.on_protected,
        source_only=source_only,
    )
    judged = judge(read.targets, rules)
    return {
        "accepted": [{**one.as_dict(), "ttl": read.ttl if one.ttl is None else one.ttl} for one in judged.accepted],
        "refused": [one.as_dict() for one in judged.refused],
        "notices": judged.notices,
        "verdict": judged.verdict,
    }


def addresses(found: dict[str, t.Any]) -> list[str]:
    return [one["address"] for one in found["accepted"]]


def test_targets_come_out_canonical_once_and_in_order() -> None:
    found = planned(["203.0.113.9", "::ffff:198.51.100.7", "2001:DB8:BAD:0::7", "198.51.100.7", "2001:db8:bad::7"])
    assert addresses(found) == ["198.51.100.7", "203.0.113.9", "2001:db8:bad::7"]
    assert found["verdict"] == "" and found["refused"] == []
    assert {one["ttl"] for one in found["accepted"]} == {3600}


@pytest.mark.parametrize(
    "wanted",
    [
        "198.51.100.7, 203.0.113.9",
        "198.51.100.7\n203.0.113.9\n",
        ["198.51.100.7", {"ip": "203.0.113.9"}],
        [{"address": "198.51.100.7", "role": "attacker"}, {"address": "203.0.113.9"}],
        {"offenders": [{"address": "198.51.100.7"}, {"address": "203.0.113.9"}], "refused": [{"address": "10.1.1.1"}]},
    ],
    ids=["survey", "lines", "mixed", "offenders", "filter"],
)
def test_every_form_of_a_list_is_taken(wanted: t.Any) -> None:
    assert addresses(planned(wanted)) == ["198.51.100.7", "203.0.113.9"]


def test_reasons_threats_and_ttl_belong_to_the_target() -> None:
    found = planned(
        [
            {"ip": "198.51.100.7", "reason": "C2", "evidence": "alert 17", "ttl": 600},
            {"ip": "::ffff:198.51.100.7", "reason": "scan", "evidence": "alert 17", "ttl": "2h"},
            {"address": "198.51.100.8", "reasons": ["severity critical", "12 incidents"], "threats": ["A", "B"]},
        ]
    )
    nobody = {"ticket": "", "approver": ""}
    assert found["accepted"] == [
        {"address": "198.51.100.7", "reasons": ["C2", "scan"], "threats": ["alert 17"], "ttl": 7200, **nobody},
        {
            "address": "198.51.100.8",
            "reasons": ["severity critical", "12 incidents"],
            "threats": ["A", "B"],
            "ttl": 3600,
            **nobody,
        },
    ]


C2 = {"ip": "203.0.113.66", "reason": "", "evidence": "", "side": "destination"}


def test_a_ban_is_not_taken_for_a_block_of_what_goes_to_an_address() -> None:
    found = planned(["198.51.100.7", C2], source_only=True)
    assert addresses(found) == ["198.51.100.7"]
    assert [one["address"] for one in found["refused"]] == ["203.0.113.66"]
    (why,) = found["refused"][0]["refusals"]
    assert "feed_push" in why and "addrgrp" in why
    # Neither a wrong list nor a protected address: the others are blocked all the same.
    assert found["verdict"] == ""
    assert addresses(planned(["198.51.100.7", C2])) == ["198.51.100.7", "203.0.113.66"]


def test_where_a_ban_stops_none_of_them_the_run_fails() -> None:
    assert "feed_push" in planned([C2], source_only=True, on_protected="skip")["verdict"]
    assert "feed_push" in planned([C2, "10.1.1.1"], source_only=True)["verdict"]
    assert planned([], source_only=True)["verdict"] == ""


def test_destinations_do_not_hide_a_wrong_list() -> None:
    many = [{**C2, "ip": f"203.0.113.{number}"} for number in range(60, 80)]
    found = planned([*many, *GOOD[:3], "10.1.1.1"], source_only=True, on_protected="skip")
    assert "more than 20 %" in found["verdict"]


@pytest.mark.parametrize("other", ["203.0.113.66", {"ip": "203.0.113.66", "side": "source"}, {**C2, "side": "both"}])
def test_who_stood_on_both_sides_is_banned_with_a_notice(other: t.Any) -> None:
    found = planned([C2, other], source_only=True)
    assert addresses(found) == ["203.0.113.66"] and "203.0.113.66" in found["notices"][0]
    assert planned([C2, other])["notices"] == []


def test_an_unknown_side_is_an_error() -> None:
    with pytest.raises(InvalidInput, match="side"):
        planned([{**C2, "side": "left"}])


def test_hostile_texts_stay_what_they_are() -> None:
    found = planned([{"ip": "198.51.100.7", "reason": HOSTILE, "evidence": HOSTILE}])
    assert found["accepted"][0]["reasons"] == [HOSTILE] and found["accepted"][0]["threats"] == [HOSTILE]


MALFORMED: list[t.Any] = [
    "laptop-7",
    "198.051.100.7",
    "198.51.100.7-198.51.100.9",
    "198.51.100.7/24",
    "198.51.100.7:443",
    "fe80::1%eth0",
    " 198.51.100.7",
    "198.51.100",
    "0x7f.1",
    "::ffff:198.51.100.7%1",
    "{{ 1 }}",
    HOSTILE,
    "",
    3325256711,
    None,
    True,
    ["198.51.100.7"],
    {"ip": None},
    {"name": "198.51.100.7"},
    {"ip": "198.51.100.7", "address": "198.51.100.8"},
    {"address": "198.51.100.7", "role": "victim"},
]
PROTECTED: list[t.Any] = [
    *(str(ipaddress.ip_network(text)[1 if "/128" not in text else 0]) for text in NEVER),
    "0.0.0.0",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.1.1.1",
    "::10.1.1.1",
    "64:ff9b::a01:101",
    "2002:a01:101::1",
    "203.0.113.1",
    "::ffff:203.0.113.1",
    "2001:db8:1::1",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "2001:db8:1::/64",
    "192.0.2.77",
]
OPTIONS: dict[str, t.Any] = {"never": ["192.0.2.64/26"], "protected": ["203.0.113.1", "2001:db8:1::1"]}


@pytest.mark.parametrize("target", [*MALFORMED, *PROTECTED], ids=lambda target: ascii(target)[:40])
@pytest.mark.parametrize("on_protected", ["fail", "skip"])
def test_what_must_not_be_blocked_is_refused_with_its_reason(target: t.Any, on_protected: str) -> None:
    found = planned([*GOOD, target], **OPTIONS, on_protected=on_protected)
    assert set(addresses(found)) <= set(GOOD)
    assert len(found["refused"]) == 1 and found["refused"][0]["refusals"]
    assert bool(found["verdict"]) == (on_protected == "fail")


def test_a_network_that_holds_a_protected_address_is_refused_even_where_networks_are_allowed() -> None:
    wanted = ["203.0.113.0/24", "198.51.100.0/24", "198.0.0.0/8", "2001:db8:1::/64", "2001:db8:2::/64", "2001:db8::/32"]
    found = planned(wanted, protected=OPTIONS["protected"], allow_networks=True, on_protected="skip")
    assert addresses(found) == ["198.51.100.0/24", "2001:db8:2::/64"]
    assert [one["address"] for one in found["refused"]] == [
        "198.0.0.0/8",
        "203.0.113.0/24",
        "2001:db8::/32",
        "2001:db8:1::/64",
    ]


def test_private_addresses_pass_when_allowed_and_protected_ones_still_do_not() -> None:
    options = {"allow_private": True, "on_protected": "skip", "protected": ["10.1.1.1"]}
    found = planned(["10.1.1.20", "10.1.1.21", "10.1.1.22", "10.1.1.23", "10.1.1.1"], **options)
    assert addresses(found) == ["10.1.1.20", "10.1.1.21", "10.1.1.22", "10.1.1.23"]
    # A range that the user wrote down is meant, private or not.
    assert addresses(planned(["10.1.1.20"], allow_private=True, never=["10.1.0.0/16"])) == []
    assert addresses(planned(["127.0.0.1"], allow_private=True)) == []


def test_the_word_false_is_no_permission() -> None:
    assert addresses(planned(["10.1.1.20"], allow_private="false")) == []
    assert addresses(planned(["10.1.1.20"], allow_private="yes")) == ["10.1.1.20"]


@pytest.mark.parametrize("ttl", [0, 59, 10**9, "soon"])
def test_a_ttl_of_a_target_is_judged_like_the_default(ttl: object) -> None:
    with pytest.raises(InvalidInput):
        planned([{"ip": "198.51.100.7", "ttl": ttl}])


def test_for_ever_needs_permission_and_wins_over_any_time() -> None:
    wanted = [{"ip": "198.51.100.7", "ttl": 0}, {"ip": "198.51.100.7", "ttl": 600}]
    assert planned(wanted, allow_permanent=True)["accepted"][0]["ttl"] == 0


@pytest.mark.parametrize("wanted", [None, 7, True, b"198.51.100.7"])
def test_what_is_no_list_is_an_error(wanted: object) -> None:
    with pytest.raises(InvalidInput):
        planned(wanted)


def test_too_many_are_none() -> None:
    many = [f"198.51.100.{number}" for number in range(1, 52)]
    assert "this run has 51 (51 after the guardrails)" in planned(many)["verdict"]
    assert planned(many[:50])["verdict"] == ""
    # Before filtering counts too: a list that long was not made with care.
    some = [f"10.1.1.{number}" for number in range(5)]
    assert "permits 50" in planned([*many[:46], *some], on_protected="skip")["verdict"]
    # The same address again is no further target.
    assert planned(many[:50] * 2)["verdict"] == ""


def test_a_long_list_with_more_than_a_fifth_refused_comes_from_a_bad_query() -> None:
    many, bad = [f"198.51.100.{number}" for number in range(1, 17)], [f"10.1.1.{number}" for number in range(1, 6)]
    assert planned([*many, *bad[:4]], on_protected="skip")["verdict"] == ""
    assert "more than 20 %" in planned([*many, *bad], on_protected="skip")["verdict"]


def test_one_spoofed_address_in_a_short_list_stops_nothing() -> None:
    found = planned([*GOOD[:3], "203.0.113.1"], protected=["203.0.113.1"], on_protected="skip")
    assert addresses(found) == GOOD[:3] and found["verdict"] == ""
    assert found["refused"][0]["refusals"] == ["protected: interface wan1"]


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "9.9.9.9", "2606:4700:4700::1111", "198.41.0.4", "104.16.1.1"]
)
def test_shared_infrastructure_is_refused_by_its_name(address: str) -> None:
    found = planned([*GOOD, address], on_protected="skip")
    assert address not in addresses(found) and "shared infrastructure" in found["refused"][0]["refusals"][0]
    assert address in addresses(planned([*GOOD, address], allow_shared=[address]))


def test_nothing_to_block_is_no_error() -> None:
    found = planned([])
    assert found["accepted"] == found["refused"] == [] and found["verdict"] == ""


def test_a_refusal_of_the_same_address_counts() -> None:
    wanted = [*GOOD, {"address": GOOD[0], "role": "victim"}]
    assert GOOD[0] not in addresses(planned(wanted, on_protected="skip"))


FOUR = st.integers(0, 2**32 - 1)
SHAPES: list[t.Callable[[int], t.Any]] = [
    lambda number: str(ipaddress.IPv4Address(number)),
    lambda number: f"::ffff:{ipaddress.IPv4Address(number)}",
    lambda number: f"::{ipaddress.IPv4Address(number)}",
    lambda number: ".".join(f"{byte:03}" for byte in number.to_bytes(4, "big")),
    lambda number: str(ipaddress.IPv6Address(0xFFFF << 32 | number)).upper(),
    lambda number: number,
    lambda number: {"address": str(ipaddress.IPv4Address(number)), "role": "attacker"},
    lambda number: str(ipaddress.ip_network((number, 24), strict=False)),
    lambda number: str(ipaddress.ip_network((number, 28), strict=False)),
]


@given(FOUR, st.sampled_from(SHAPES), st.integers(24, 32), st.booleans())
def test_no_shape_of_a_protected_address_is_ever_accepted(
    number: int, shape: t.Callable[[int], t.Any], length: int, as_never: bool
) -> None:
    protected = str(ipaddress.ip_network((number, length), strict=False))
    options: dict[str, t.Any] = {"never": [protected]} if as_never else {"protected": [protected]}
    found = planned([shape(number)], **options, allow_networks=True, allow_private=True, on_protected="skip")
    assert found["accepted"] == []


@given(st.text() | st.integers() | st.none() | st.binary() | st.dictionaries(st.text(), st.text()))
def test_whatever_is_accepted_is_an_address_that_is_in_no_special_range(target: object) -> None:
    for one in planned([target], on_protected="skip")["accepted"]:
        network = ipaddress.ip_network(one["address"])
        assert network.num_addresses == 1
        assert not any(
            network.version == other.version and network.subnet_of(other) for other in map(ipaddress.ip_network, NEVER)
        )  # type: ignore[arg-type]
