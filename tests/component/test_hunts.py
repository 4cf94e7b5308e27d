# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunts on an appliance that answers something else than it was asked: nothing of it becomes an offender."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import Incomplete

from component.scripted import Params, Scripted, documented, live


def pair(threat: str, source: str) -> Params:
    return {"threat": threat, "threattype": "ips", "srcip": source, "dstip": "10.0.0.1", "incidents": "5"}


def box_of(rows: t.Sequence[Params]) -> Scripted:
    return Scripted(lambda params, poll: live(percentage=100, data=list(rows)))


def attackers(found: dict[str, t.Any]) -> list[str]:
    assert {one["role"] for one in found["offenders"]} <= {"attacker"}
    return [one["address"] for one in found["offenders"]]


def test_pairs_of_a_threat_that_nobody_asked_for_are_left_out() -> None:
    rows = [pair("EVIL", "198.51.100.7"), pair("Harmless", "203.0.113.9"), {"srcip": "203.0.113.8", "incidents": "1"}]
    found = box_of(rows).find(threats=["Evil"])
    assert attackers(found) == ["198.51.100.7"]
    assert {one["address"] for one in found["offenders"] + found["victims"] + found["refused"]} == {
        "198.51.100.7",
        "10.0.0.1",
    }
    assert any(
        text.startswith("Skipped rows about other threats") and text.endswith(": 2.") for text in found["warnings"]
    )


@pytest.mark.parametrize(
    "threat, field",
    [
        ({"threat": "Evil", "threattype": "ips"}, "attack"),
        ({"threat": "Evil", "threattype": "virus"}, "filename"),
        ({"threat": "Evil", "threattype": "Phishing", "obf_url": "Evil"}, "hostname"),
        ({"threat": "Evil", "threattype": "Proxy", "appid": "7"}, "app"),
    ],
)
def test_log_lines_about_something_else_are_left_out(threat: Params, field: str) -> None:
    line = {"dstip": "10.0.0.5", "direction": "incoming"}
    lines = [{**line, "srcip": "203.0.113.9", field: "Another"}, {**line, "srcip": "203.0.113.8"}]
    found = box_of(lines).find(threats=[threat], lookup_methods=["logsearch"])
    assert (found["offenders"], found["refused"]) == ([], [])
    assert found["missing"] == [{"adom": "root", "threat": "Evil"}]
    assert any(
        text.startswith("Skipped rows about other threats") and text.endswith(": 2.") for text in found["warnings"]
    )
    right = box_of([{**line, "srcip": "198.51.100.7", field: "evil"}]).find(
        threats=[threat], lookup_methods=["logsearch"]
    )
    assert "198.51.100.7" in {one["address"] for one in right["offenders"] + right["victims"] + right["refused"]}


def test_a_part_of_an_answer_ends_the_hunt() -> None:
    part = documented(status="done", percentage=100, total=45, threats=[pair("Evil", "198.51.100.7")])
    with pytest.raises(Incomplete, match="counts 45"):
        Scripted(lambda params, poll: part).find(threats=["Evil"])
