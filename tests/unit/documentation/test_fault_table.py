# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of faults has a case for whatever the simulators can do, and its page explains what is left behind."""

from __future__ import annotations

import dataclasses
import pathlib

import pytest

from acceptance.blocking.faults import CONDITIONS, KINDS, PREPARED
from acceptance.fault_table import fortianalyzer_cases, fortigate, rows
from simulators.fortianalyzer.state import FAULTS as FORTIANALYZER_FAULTS
from simulators.fortianalyzer.switches import Switches as FortiAnalyzerSwitches
from simulators.fortigate.state import FAULTS as FORTIGATE_FAULTS
from simulators.fortigate.switches import Switches as FortiGateSwitches

PAGE = (pathlib.Path(__file__).resolve().parents[3] / "docs" / "docsite" / "rst" / "faults.rst").read_text(
    encoding="utf-8"
)


def names(switches: type) -> set[str]:
    return {field.name for field in dataclasses.fields(switches)}


def test_every_fault_is_a_case() -> None:
    assert {case.name for case in fortianalyzer_cases.CASES} >= FORTIANALYZER_FAULTS
    met = {case.name for method, _options in fortigate.MODULES.values() for case in fortigate.module_cases(method)}
    met |= {case.name for method in fortigate.CALLS for case in fortigate.role_cases(method)}
    assert met >= FORTIGATE_FAULTS


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


def test_what_is_left_is_explained() -> None:
    for words in (
        rows.HANDED_ON,
        rows.NOT_DELETED,
        rows.NO_SESSION,
        rows.ID_LOST,
        rows.TOLD_SESSION,
        rows.SESSION_LOST,
    ):
        assert f"\n   * - {words}\n" in PAGE
