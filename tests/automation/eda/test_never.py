# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rulebook that blocks starts only with a stated exclusion list, and its playbook keeps to that list."""

from __future__ import annotations

import pathlib
import typing as t

import pytest

from automation.eda.support import PUBLISHED, polls, wait_for, write_inventory, write_vars
from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortigate import FortiGate
from support.attacks import attack

RULEBOOK = "secops.fortiview.block_critical_threats"
ATTACKER, PARTNER = "198.51.100.77", "198.51.100.200"


def variables(folder: pathlib.Path, **more: t.Any) -> str:
    return write_vars(folder, interval=1, state_file=str(folder / "state.json"), **more)


@pytest.mark.parametrize("stated", [{}, {"never": None}, {"never": ["198.51.100.0/33"]}], ids=["none", "null", "wrong"])
def test_it_does_not_start_without(
    folder: pathlib.Path,
    faz: FortiAnalyzer,
    fortigate: FortiGate,
    start: t.Callable[..., t.Any],
    stated: dict[str, t.Any],
) -> None:
    attack(faz, "SQL.Injection", ATTACKER)
    inventory = write_inventory(folder, fortigate)
    rulebook = start(faz, "--rulebook", RULEBOOK, "--inventory", inventory, "--vars", variables(folder, **stated))
    wait_for(lambda: rulebook.process.poll() is not None, "the end")
    assert rulebook.process.returncode == 1
    assert "never" in rulebook.text
    assert faz.journal == []
    assert not (folder / "state.json").exists()
    assert fortigate.passes(ATTACKER, PUBLISHED)


def test_an_address_on_it_is_not_blocked(
    folder: pathlib.Path, faz: FortiAnalyzer, fortigate: FortiGate, start: t.Callable[..., t.Any]
) -> None:
    attack(faz, "SQL.Injection", ATTACKER)
    attack(faz, "SQL.Injection", PARTNER)
    inventory = write_inventory(folder, fortigate)
    values = variables(folder, never=[f"{PARTNER}/32"])
    rulebook = start(faz, "--rulebook", RULEBOOK, "--inventory", inventory, "--vars", values)
    rulebook.wait_for(lambda: rulebook.plays == 1, "the end of the playbook")
    assert polls(faz) >= 1
    assert not fortigate.passes(ATTACKER, PUBLISHED)
    assert fortigate.passes(PARTNER, PUBLISHED)
    assert {ban["ip_address"] for ban in fortigate.bans()} == {ATTACKER}
