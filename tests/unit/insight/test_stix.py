# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""STIX bundles: what the OASIS validator says of them, what a repeated import meets, and what attackers put into names."""

from __future__ import annotations

import json
import sys
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.offenders import offenders
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters.to_stix import to_stix
from hypothesis import given, settings
from hypothesis import strategies as st
from stix2validator import ValidationOptions, validate_string

from simulators.fortianalyzer.catalogue import HOSTILE_THREAT_NAMES

SQL = {
    "address": "198.51.100.9",
    "role": "attacker",
    "threats": ["SQL.Injection"],
    "severity": "critical",
    "incidents": 42,
    "detected": 3,
    "bytes": 9000,
    "victims": ["203.0.113.10"],
    "devices": ["FG100FTK20000001"],
    "adoms": ["Headquarters"],
}
SIX = {"address": "2606:4700::1", "role": "attacker", "threats": ["udp_flood"], "sessions": 7}
VICTIM = {"address": "10.1.1.20", "role": "victim", "threats": ["SQL.Injection"], "incidents": 1}
# Version 5 is the version of ids that are made of a name, which the standard allows and the check for best practice does not know.
OPTIONS = ValidationOptions(version="2.1", strict=True, enforce_refs=True, strict_properties=True, disabled="103")


def bundle(value: t.Any, **options: t.Any) -> dict[str, t.Any]:
    made = to_stix(value, **{"identity": "Example SOC", **options})
    outcome = validate_string(json.dumps(made), OPTIONS)
    assert outcome.is_valid, [str(one) for one in (*outcome.errors, *outcome.warnings)]
    return dict(made)


def of(made: t.Mapping[str, t.Any], kind: str) -> list[dict[str, t.Any]]:
    return [one for one in made["objects"] if one["type"] == kind]


def result(**more: t.Any) -> dict[str, t.Any]:
    row = {"srcip": "198.51.100.9", "threat": "SQL.Injection", "threattype": "ips", "severity": "high", "incidents": 5}
    return {
        "name": "attacks",
        "adom": "root",
        "view": "threat-src-dst",
        "complete": True,
        "rows": [row],
        "replied_at": "2026-03-02T09:00:01Z",
        "time_range": {"start": "2026-03-01 10:00:00", "end": "2026-03-02 10:00:00", "timezone": "Europe/Berlin"},
        **more,
    }


def test_an_attacker_is_an_indicator_a_sighting_and_a_note() -> None:
    judged = offenders([SQL, SIX, VICTIM])
    made = bundle(
        judged,
        valid_from="2026-03-02T09:00:00Z",
        valid_until="24h",
        first_seen="2026-03-01T09:00:00Z",
        last_seen="2026-03-02T10:00:00+01:00",
        tlp="amber",
    )
    assert [one["type"] for one in made["objects"]] == [
        "identity",
        *("indicator", "sighting", "note") * 2,
        "grouping",
        "marking-definition",
    ]
    four, six = of(made, "indicator")
    assert (four["pattern"], six["pattern"]) == (
        "[ipv4-addr:value = '198.51.100.9']",
        "[ipv6-addr:value = '2606:4700::1']",
    )
    assert (four["valid_from"], four["valid_until"]) == ("2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z")
    assert four["description"] == "severity critical, 42 incidents, 3 detected, 9000 bytes; threats: SQL.Injection"
    seen, without_incidents = of(made, "sighting")
    assert (seen["count"], seen["summary"], seen["sighting_of_ref"]) == (42, True, four["id"])
    assert (seen["first_seen"], seen["last_seen"]) == ("2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z")
    # MISP drops a sighting of which it does not know who made it.
    assert seen["where_sighted_refs"] == [of(made, "identity")[0]["id"]]
    assert "count" not in without_incidents
    note = of(made, "note")[0]
    assert note["content"].splitlines() == [
        "first_seen: 2026-03-01T09:00:00Z",
        "last_seen: 2026-03-02T09:00:00Z",
        "severity: critical",
        "incidents: 42",
        "detected: 3",
        "bytes: 9000",
        "threat: SQL.Injection",
    ]
    # With more than one object MISP gives the note another id at each import.
    assert note["object_refs"] == [four["id"]]
    marked = [one for one in made["objects"] if one["type"] not in ("identity", "marking-definition")]
    assert {tuple(one["object_marking_refs"]) for one in marked} == {(made["objects"][-1]["id"],)}


def test_nothing_of_the_own_network_is_in_it() -> None:
    text = json.dumps(bundle([SQL, VICTIM]))
    assert not [own for own in ("203.0.113.10", "10.1.1.20", "FG100FTK20000001", "Headquarters") if own in text]


def test_a_repeated_export_is_a_newer_version_of_the_same_objects() -> None:
    window = {"first_seen": "2026-03-01T09:00:00Z", "last_seen": "2026-03-02T09:00:00Z"}
    first, again = bundle([SQL, SIX], **window), bundle([SIX, SQL], **window)
    ids = [one["id"] for one in first["objects"]]
    assert (first["id"], ids) == (again["id"], [one["id"] for one in again["objects"]])
    # The part after the type is by itself different for each object.
    assert len({one.partition("--")[2] for one in ids}) == len(ids)
    for old, new in zip(first["objects"], again["objects"]):
        assert old["created"] == new["created"]
        assert old["modified"] < new["modified"] or old == new
    tomorrow = bundle([SQL, SIX], first_seen=window["last_seen"], last_seen="2026-03-03T09:00:00Z")
    changed = {one.partition("--")[0] for one in {*ids} ^ {one["id"] for one in tomorrow["objects"]}}
    assert changed == {"sighting"}
    assert not {*ids} & {one["id"] for one in bundle([SQL], identity="Another SOC")["objects"]}


@pytest.mark.parametrize(
    ("told", "window"),
    [
        ({}, ("2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z")),
        (
            {
                "time_range": {
                    "start": "2026-03-01T09:00:00+00:00",
                    "end": "2026-03-02T09:00:00+00:00",
                    "timezone": None,
                }
            },
            ("2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z"),
        ),
        # In a zone that nobody named, or of a task that is known by its id alone.
        (
            {"time_range": {"start": "2026-03-01 10:00:00", "end": "2026-03-02 10:00:00", "timezone": None}},
            (None, None),
        ),
        ({"time_range": None}, (None, None)),
    ],
)
def test_a_result_says_when_it_was_answered_and_which_window_was_asked(
    told: dict[str, t.Any], window: tuple[t.Optional[str], t.Optional[str]]
) -> None:
    made = bundle(result(**told))
    assert of(made, "indicator")[0]["valid_from"] == "2026-03-02T09:00:01Z"
    seen = of(made, "sighting")[0]
    assert (seen.get("first_seen"), seen.get("last_seen")) == window


def test_several_results_are_as_old_and_as_wide_as_all_of_them() -> None:
    wider = {"start": "2026-02-28 10:00:00", "end": "2026-03-02 11:00:00", "timezone": "Europe/Berlin"}
    other = result(adom="branch", time_range=wider, replied_at="2026-03-02T08:00:00Z")
    made = bundle({"changed": False, "results": [result(), other]})
    seen = of(made, "sighting")[0]
    assert (seen["first_seen"], seen["last_seen"]) == ("2026-02-28T09:00:00Z", "2026-03-02T10:00:00Z")
    assert of(made, "indicator")[0]["valid_from"] == "2026-03-02T08:00:00Z"
    unknown = bundle([result(), dict(other, time_range=None)])
    assert "first_seen" not in of(unknown, "sighting")[0]


@pytest.mark.parametrize("addresses", [["198.51.100.9", "2606:4700::1", "198.51.100.9"], "2606:4700::1, 198.51.100.9"])
def test_of_addresses_alone_nothing_is_claimed(addresses: t.Any) -> None:
    made = bundle(addresses, valid_until="never")
    assert [one["type"] for one in made["objects"]] == ["identity", "indicator", "indicator", "grouping"]
    assert [one["name"] for one in of(made, "indicator")] == ["198.51.100.9", "2606:4700::1"]
    assert not [one for one in of(made, "indicator") if "valid_until" in one]
    assert [one["id"] for one in of(made, "indicator")] == [one["id"] for one in of(bundle([SQL, SIX]), "indicator")]


@pytest.mark.parametrize("nothing", [[], [VICTIM], {"offenders": [], "refused": [], "gaps": []}])
def test_without_attackers_there_is_the_identity_alone(nothing: t.Any) -> None:
    assert [one["type"] for one in bundle(nothing)["objects"]] == ["identity"]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(), min_size=1, max_size=8))
def test_names_of_attackers_stay_text(names: list[str]) -> None:
    made = bundle([dict(SQL, threats=[*names, *HOSTILE_THREAT_NAMES, "a\nincidents: 1", "x'] OR [a:b = 'c", "\ud800"])])
    json.dumps(made, ensure_ascii=False).encode()
    assert of(made, "indicator")[0]["pattern"] == "[ipv4-addr:value = '198.51.100.9']"
    assert "labels" not in json.dumps([list(one) for one in made["objects"]])
    lines = of(made, "note")[0]["content"].split("\n")
    assert [line for line in lines if line.startswith("incidents:")] == ["incidents: 42"]
    assert all(line.isprintable() for line in lines)
    assert all(len(one["description"]) <= 255 for one in of(made, "sighting"))


@pytest.mark.parametrize(
    ("value", "options", "says"),
    [
        ([SQL], {"identity": ""}, "identity is missing"),
        ([SQL], {"identity": None}, "identity is missing"),
        ([SQL], {"valid_from": "2026-03-01 10:00"}, "valid_from must be a time with its time zone"),
        ([SQL], {"valid_until": "tomorrow"}, "valid_until must be a number of seconds, or a duration such as"),
        (
            [SQL],
            {"valid_until": "2020-01-01T00:00:00Z"},
            r"valid_until \(2020-01-01T00:00:00Z\) must be after valid_from",
        ),
        ([SQL], {"first_seen": "2026-03-02T00:00:00Z", "last_seen": "2026-03-01T00:00:00Z"}, "must not be before"),
        ([SQL], {"tlp": "purple"}, "tlp must be one of white, green, amber, red"),
        ([SQL], {"valid_util": "7d"}, "valid_util is not a key of to_stix. Did you mean valid_until"),
        (["fgt.example.com"], {}, "'fgt.example.com' cannot be an indicator: not an address. Remove it"),
        (["10.1.1.1"], {}, "private address"),
        (["198.51.100.0/24"], {}, "a network"),
        ([dict(SQL, address="10.1.1.1")], {}, "this address is not an offender. 10.1.1.1: private address"),
        ([{"srcip": "198.51.100.9", "sessions": 5}], {}, "FortiAnalyzer reports no threat for it"),
        ([{"threat": "SQL.Injection", "incidents": 5}], {}, "none of these rows has an address"),
        (result(complete=False), {}, "to_stix requires complete results"),
        (
            {"offenders": [SQL], "refused": [], "gaps": [{"name": "branch", "msg": "no reply"}]},
            {},
            "'branch': no reply",
        ),
        (5, {}, "to_stix accepts a result"),
    ],
)
def test_what_cannot_be_meant_is_refused(value: t.Any, options: dict[str, t.Any], says: str) -> None:
    with pytest.raises(AnsibleFilterError, match=says):
        to_stix(value, **{"identity": "Example SOC", **options})


def test_private_addresses_and_parts_where_the_caller_wants_them() -> None:
    assert of(bundle(["10.1.1.1"], allow_private="yes"), "indicator")
    gap = {"offenders": [SQL], "refused": [], "gaps": [{"name": "branch", "msg": "no reply"}]}
    assert of(bundle(gap, partial=True), "indicator")


def test_without_the_library_the_error_names_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "stix2", None)
    with pytest.raises(AnsibleFilterError, match=f"not installed for {sys.executable} .*pip install stix2"):
        to_stix([SQL], identity="Example SOC")
