# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one hunt hands on is an extra variable of the next job of a workflow, where a hunt cannot replace it."""

from __future__ import annotations

import json

import pytest

from support.playbooks import Controller

OLD = {"address": "198.51.100.99", "role": "attacker", "threats": ["Old"], "reasons": ["yesterday"]}


@pytest.mark.parametrize(
    "earlier",
    [
        {"threat_hunt_threats": []},
        {"threat_hunt_offenders": []},
        {"threat_hunt_offenders": [OLD]},
        {"threat_hunt_refused": [OLD]},
    ],
)
def test_a_hunt_never_shows_what_an_earlier_one_has_found(controller: Controller, earlier: dict[str, object]) -> None:
    run = controller.playbook("secops.fortiview.threats_not_blocked", "-e", "partly=true", "-e", json.dumps(earlier))
    assert run.code != 0, run.output
    assert f"would replace these results of this hunt: {next(iter(earlier))}. Omit" in " ".join(run.output.split())
    assert OLD["address"] not in run.output and "No threat" not in run.output


def test_a_hunt_after_a_hunt_in_one_play(controller: Controller) -> None:
    role = {
        "ansible.builtin.include_role": {"name": "secops.fortiview.threat_hunt"},
        "vars": {"threat_hunt_severities": "{{ item }}"},
        "loop": [["critical"], ["info"], ["critical", "high"]],
    }
    play = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [role]}]
    run = controller.playbook(str(controller.write("two.yml", play)))
    assert run.code == 0, run.output
