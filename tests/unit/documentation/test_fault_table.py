# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of faults has a line for whatever the simulators can do, and none that ends badly."""

from __future__ import annotations

import dataclasses
import pathlib
import re

import pytest

from blocking.faults import CONDITIONS, KINDS, PREPARED
from fault_table import fortianalyzer_cases, fortigate, page, rows
from simulators.fortianalyzer.box import FAULTS as FORTIANALYZER_FAULTS
from simulators.fortianalyzer.switches import Switches as FortiAnalyzerSwitches
from simulators.fortigate.box import FAULTS as FORTIGATE_FAULTS
from simulators.fortigate.switches import Switches as FortiGateSwitches

PAGE = (pathlib.Path(__file__).resolve().parents[3] / "docs" / "faults.md").read_text(encoding="utf-8")
FORTIANALYZER, FORTIGATE = PAGE.split("\n## FortiAnalyzer\n")[1].split("\n## FortiGate\n")


def names(switches: type) -> set[str]:
    return {field.name for field in dataclasses.fields(switches)}


@pytest.mark.parametrize(
    ("part", "wanted"),
    [
        (FORTIANALYZER, names(FortiAnalyzerSwitches) | FORTIANALYZER_FAULTS),
        (FORTIGATE, names(FortiGateSwitches) | FORTIGATE_FAULTS),
    ],
    ids=["FortiAnalyzer", "FortiGate"],
)
def test_every_switch_and_fault_has_a_line(part: str, wanted: set[str]) -> None:
    assert wanted - page.names(part) == set()


def test_every_case_has_a_line() -> None:
    """A case that was added is not in the table before that was made again."""
    for case in fortianalyzer_cases.CASES:
        assert case.name in page.names(FORTIANALYZER)
    for method, _options in fortigate.MODULES.values():
        assert {case.name for case in fortigate.module_cases(method)} <= page.names(FORTIGATE)


def test_every_switch_is_a_case() -> None:
    """And none that leaves a FortiGate as it is, which would prove nothing."""
    usual = {**FortiGateSwitches().as_dict(), **PREPARED}
    assert set(fortigate.SWITCHES) == set(usual)
    assert [name for name, values in fortigate.SWITCHES.items() if usual[name] in values] == []
    tried = {name for case in fortianalyzer_cases.CASES for name in case.switches}
    assert tried == names(FortiAnalyzerSwitches)


def test_every_condition_of_the_blocking_tests_is_among_them() -> None:
    for switches in CONDITIONS.values():
        for name, value in switches.items():
            assert value in fortigate.SWITCHES[name]


@pytest.mark.parametrize("method", fortigate.CALLS)
def test_the_role_meets_every_switch_and_fault(method: str) -> None:
    cases = fortigate.role_cases(method)
    switches = fortigate.SWITCHES if method == "ban" else {name for one in CONDITIONS.values() for name in one}
    assert {*switches, *KINDS} <= {case.name for case in cases}
    who = f"fortigate_block, {method}"
    assert len(re.findall(rf"\b{re.escape(who)} \d", PAGE)) == len(cases)


def test_what_is_left_is_explained() -> None:
    explained, lines = PAGE.split("\n## FortiAnalyzer\n")
    for words in (
        rows.HANDED_ON,
        rows.NOT_DELETED,
        rows.NO_SESSION,
        rows.ID_LOST,
        rows.TOLD_SESSION,
        rows.SESSION_LOST,
    ):
        assert f"\n| {words} | " in explained
        lines = lines.replace(words, "")
    assert {line.split(" | ")[3].strip(", ") for line in lines.splitlines() if line.startswith("| `")} <= {
        "nothing",
        "",
    }


@pytest.mark.parametrize(
    "who", [*page.FORTIANALYZER, *fortigate.MODULES, *(f"fortigate_block, {one}" for one in fortigate.CALLS)]
)
def test_everybody_met_them(who: str) -> None:
    assert len(re.findall(rf"\b{re.escape(who)} \d", PAGE)) >= 25


def test_no_line_ends_badly() -> None:
    assert "none of them wrong" in PAGE
