# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A threat that spreads is reported when it is in enough ADOMs."""

from __future__ import annotations

import pathlib
import typing as t

import yaml

from automation.eda.support import hostile, polls, write_vars
from simulators.fortianalyzer import FortiAnalyzer
from support.attacks import attack

RULEBOOK = "secops.fortiview.report_widespread"


def test_a_spreading_threat_is_reported(
    folder: pathlib.Path, faz: FortiAnalyzer, start: t.Callable[..., t.Any]
) -> None:
    inventory = folder / "inventory.yml"
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {"localhost": {"ansible_connection": "local"}}}}))
    options = write_vars(
        folder, adoms=["root", "Branch_Office"], min_adoms=2, interval=1, state_file=str(folder / "state.json")
    )
    rulebook = start(faz, "--rulebook", RULEBOOK, "--inventory", str(inventory), "--vars", options)
    rulebook.wait_for(lambda: polls(faz, "Branch_Office") >= 1, "first poll")
    attack(faz, hostile(folder), "198.51.100.7")
    attack(faz, "Elsewhere", "198.51.100.8", "Branch_Office")
    before = polls(faz)
    rulebook.wait_for(lambda: polls(faz) >= before + 2, "two polls")
    assert rulebook.plays == 0

    attack(faz, hostile(folder), "198.51.100.9", "Branch_Office")
    rulebook.wait_for(lambda: rulebook.plays == 1, "the report")
    report = rulebook.text
    assert "lookup('ansible.builtin.pipe'" in report
    assert "Elsewhere" not in report
    assert not (folder / "evaluated").exists(), "the name of a threat was evaluated"
    before = polls(faz)
    rulebook.wait_for(lambda: polls(faz) >= before + 2, "two more polls")
    assert rulebook.plays == 1
