# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hunts on a FortiAnalyzer that a test answers for: what is not about the threat, or not whole, gives no offender."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import ApiError, Incomplete

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
    assert any(text.startswith("Skipped rows of ") and text.endswith(": 2.") for text in found["warnings"])


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
    assert any(text.startswith("Skipped rows of ") and text.endswith(": 2.") for text in found["warnings"])
    right = box_of([{**line, "srcip": "198.51.100.7", field: "evil"}]).find(
        threats=[threat], lookup_methods=["logsearch"]
    )
    assert "198.51.100.7" in {one["address"] for one in right["offenders"] + right["victims"] + right["refused"]}


def test_a_part_of_an_answer_ends_the_hunt() -> None:
    part = documented(status="done", percentage=100, total=45, threats=[pair("Evil", "198.51.100.7")])
    with pytest.raises(Incomplete, match="counts 45"):
        Scripted(lambda params, poll: part).find(threats=["Evil"])


def test_a_part_of_an_answer_without_a_total_ends_the_hunt() -> None:
    rows = [pair("Evil", f"198.51.100.{number}") for number in range(100)]
    part = documented(status="done", percentage=100, threats=rows)
    with pytest.raises(Incomplete, match="returned 100 rows, but may have more rows"):
        Scripted(lambda params, poll: part).find(threats=["Evil"], max_rows=1000)


def test_a_row_with_its_attacker_needs_no_query() -> None:
    box = box_of([])
    found = box.find(threats=[pair("Evil", "198.51.100.7")])
    assert attackers(found) == ["198.51.100.7"] and found["missing"] == []
    assert (box.submits, found["tasks_used"], found["time_range"]) == ([], 0, None)
    assert found["lookup_methods"] == [{"adom": "root", "method": "rows", "threats": 1}]


def test_a_masked_row_is_searched_for_and_gives_no_address_itself() -> None:
    masked = {**pair("Evil", "198.51.100.7"), "masked_fields": ["srcip"]}
    box = box_of([pair("Evil", "198.51.100.8")])
    found = box.find(threats=[masked], lookup_methods=["rows", "threat-src-dst"])
    assert attackers(found) == ["198.51.100.8"] and len(box.submits) == 1


def test_the_limit_of_tasks_is_no_silent_end() -> None:
    box = box_of([])
    found = box.find(threats=["A", "B", "C"], lookup_methods=["source-threat"], max_tasks=2)
    # An empty answer is asked for in another request format too.
    assert len({one["filter"] for one in box.submits}) == found["tasks_used"] == 2
    assert any("max_tasks (2) is reached" in text for text in found["warnings"])
    assert {one["threat"] for one in found["missing"]} == {"A", "B", "C"}


def test_threats_below_a_full_page_are_asked_for_once_more() -> None:
    """One loud threat may fill the page, and says nothing of the others."""

    def fetch(params: Params, poll: int) -> Params:
        rows = [pair("Loud", "198.51.100.7")] if poll == 1 else [pair("Quiet", "198.51.100.8")]
        return live(percentage=100, data=rows)

    box = Scripted(fetch)
    found = box.find(threats=["Loud", "Quiet"], lookup_methods=["threat-src-dst"], max_rows=1)
    assert attackers(found) == ["198.51.100.7", "198.51.100.8"]
    assert "Loud" not in box.submits[1]["filter"] and "Quiet" in box.submits[1]["filter"]
    assert any("returned 1 row, which is the limit, so " in text for text in found["warnings"])


def without(*views: str) -> Scripted:
    """A release that does not have these views."""
    box = box_of([{"srcip": "198.51.100.7", "incidents": "5"}])
    submitted = box.submitted

    def refusing(params: Params) -> t.Any:
        gone = next((view for view in views if f"/{view}/" in params["url"]), None)
        return {"error": {"code": -1, "message": f"cannot find fortiview '{gone}'"}} if gone else submitted(params)

    box.submitted = refusing  # type: ignore[method-assign]
    return box


def test_a_lookup_method_that_the_release_does_not_have_is_skipped_and_said() -> None:
    found = without("threat-src-dst").find(threats=["Evil"], lookup_methods=["threat-src-dst", "source-threat"])
    assert "198.51.100.7" in str([found["offenders"], found["victims"], found["refused"]])
    assert any(text.startswith("The lookup method threat-src-dst is not available") for text in found["warnings"])


def test_without_any_lookup_method_nothing_is_known_and_that_is_an_error() -> None:
    with pytest.raises(ApiError, match="no addresses of these threats are known"):
        without("threat-src-dst").find(threats=["Evil"], lookup_methods=["threat-src-dst"])


def test_another_refusal_is_not_taken_for_a_missing_method() -> None:
    box = box_of([])
    box.submitted = lambda params: {"error": {"code": -32000, "message": "Internal"}}  # type: ignore[method-assign]
    with pytest.raises(ApiError, match="Internal"):
        box.find(threats=["Evil"], lookup_methods=["threat-src-dst", "source-threat"])


def test_a_name_with_a_lost_byte_is_said_to_be_one_that_cannot_be_searched_for() -> None:
    found = box_of([]).find(threats=["M\ufffdrz"], lookup_methods=["threat-src-dst"])
    assert found["missing"] == [{"adom": "root", "threat": "M\ufffdrz"}]
    assert any("has a byte that could not be read" in text for text in found["warnings"])
