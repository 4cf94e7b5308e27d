# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a new threat on the FortiAnalyzer to a packet that the FortiGate drops, once."""

from __future__ import annotations

import pathlib
import typing as t

from automation.eda.support import PUBLISHED, audit, hostile, polls, write_inventory, write_vars
from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortigate import FortiGate
from support.attacks import attack

RULEBOOK = "secops.fortiview.block_critical_threats"
ATTACKER = "198.51.100.77"


def test_a_threat_is_blocked_once(
    folder: pathlib.Path, faz: FortiAnalyzer, fortigate: FortiGate, start: t.Callable[..., t.Any]
) -> None:
    def arguments(state_file: str) -> list[str]:
        options = {
            "never": [],
            "interval": 1,
            "state_file": str(folder / state_file),
        }
        inventory = write_inventory(folder, fortigate)
        return ["--rulebook", RULEBOOK, "--inventory", inventory, "--vars", write_vars(folder, **options)]

    rulebook = start(faz, *arguments("state.json"))
    rulebook.wait_for(lambda: polls(faz) >= 1, "first poll")
    assert fortigate.passes(ATTACKER, PUBLISHED)
    assert fortigate.writes == []

    attack(faz, hostile(folder), ATTACKER)
    rulebook.wait_for(lambda: not fortigate.passes(ATTACKER, PUBLISHED), "block in force")
    rulebook.wait_for(lambda: rulebook.plays == 1, "end of the playbook")
    writes = len(fortigate.writes)
    before = polls(faz)
    rulebook.wait_for(lambda: polls(faz) >= before + 3, "three more polls")
    assert rulebook.plays == 1
    assert len(fortigate.writes) == writes
    assert [line["address"] for line in audit(folder) if line["result"] == "blocked"] == [ATTACKER]
    assert hostile(folder) in str(audit(folder)[0])
    assert not (folder / "evaluated").exists(), "the name of a threat was evaluated"
    assert rulebook.stop() == 0
    assert faz.open_sessions == []

    again = start(faz, *arguments("state.json"))
    before = polls(faz)
    again.wait_for(lambda: polls(faz) >= before + 2, "two polls after the restart")
    assert again.plays == 0
    assert len(fortigate.writes) == writes
    assert again.stop() == 0

    # Without its state the source reports again, and the playbook finds the address blocked.
    forgetful = start(faz, *arguments("another.json"))
    forgetful.wait_for(lambda: forgetful.plays == 1, "end of the playbook")
    assert len(fortigate.writes) == writes
    assert [line["result"] for line in audit(folder)] == ["blocked"]
    assert not fortigate.passes(ATTACKER, PUBLISHED)


def test_one_incident_blocks_nobody_and_three_do(
    folder: pathlib.Path, faz: FortiAnalyzer, fortigate: FortiGate, start: t.Callable[..., t.Any]
) -> None:
    options = write_vars(folder, never=[], interval=1, state_file=str(folder / "state.json"))
    attack(faz, "SQL.Injection", ATTACKER, incidents=1)
    inventory = write_inventory(folder, fortigate)
    rulebook = start(faz, "--rulebook", RULEBOOK, "--inventory", inventory, "--vars", options)
    rulebook.wait_for(lambda: rulebook.plays == 1, "end of the playbook")
    assert fortigate.writes == [] and fortigate.passes(ATTACKER, PUBLISHED)

    attack(faz, "SQL.Injection", ATTACKER, incidents=2)
    rulebook.wait_for(lambda: rulebook.plays == 2, "end of the playbook for the threat that has worsened")
    assert not fortigate.passes(ATTACKER, PUBLISHED)
    assert rulebook.stop() == 0
