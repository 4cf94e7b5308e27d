# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state file beside the playbook that ansible-rulebook copies for each run, with all that is in its folder."""

from __future__ import annotations

import pathlib
import typing as t

from automation.eda.support import polls
from simulators.fortianalyzer import FortiAnalyzer
from support.attacks import attack

RULEBOOK = """
- name: Beside the playbook
  hosts: localhost
  # One playbook for each event at the same time, so that folders are copied while the state is written.
  execution_strategy: parallel
  sources:
    - secops.fortiview.fortiview:
        view: top-threats
        interval: 1
        limit: 100
        initial: true
        state_file: project/state.json
  rules:
    - name: Run it
      condition: event.kind == "new"
      action:
        run_playbook:
          name: project/play.yml
          extra_vars:
            threat: "{{ event.row.threat }}"
"""
PLAYBOOK = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.debug:
        msg: "acted on {{ threat }}."
"""
NUMBER = 8


def test_every_event_has_its_playbook(folder: pathlib.Path, faz: FortiAnalyzer, start: t.Callable[..., t.Any]) -> None:
    project = folder / "project"
    project.mkdir()
    # Copied one after the other, which takes a while.
    for number in range(500):
        (project / f"file{number}").write_text("x" * 1000)
    (project / "play.yml").write_text(PLAYBOOK)
    (folder / "rulebook.yml").write_text(RULEBOOK)
    (folder / "inventory.yml").write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n")
    rulebook = start(faz, "--rulebook", "rulebook.yml", "--inventory", "inventory.yml")
    for number in range(NUMBER):
        before = polls(faz)
        attack(faz, f"Threat{number}", f"198.51.100.{number}")
        rulebook.wait_for(lambda before=before: polls(faz) > before, "the next poll")
    for number in range(NUMBER):
        line = f"acted on Threat{number}."
        rulebook.wait_for(lambda line=line: line in rulebook.text, line)
    assert "Errno" not in rulebook.text

    rulebook.wait_for(lambda: rulebook.plays == NUMBER, "the end of all playbooks")
    state = project / "state.json"
    before = polls(faz)
    rulebook.wait_for(lambda: polls(faz) > before, "a poll after which nothing is new")
    written = state.stat().st_mtime_ns
    before = polls(faz)
    rulebook.wait_for(lambda: polls(faz) > before + 2, "three polls in which nothing changed")
    assert state.stat().st_mtime_ns == written
    assert rulebook.stop() == 0
