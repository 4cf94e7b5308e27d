# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rulebook and a playbook that use what is in an event as careless people do."""

from __future__ import annotations

import pathlib
import typing as t

from automation.eda.support import hostile
from simulators.fortianalyzer import FortiAnalyzer
from support.attacks import attack

RULEBOOK = """
- name: Careless
  hosts: localhost
  sources:
    - secops.fortiview.fortiview:
        view: top-threats
        initial: true
  rules:
    - name: Hand it on
      condition: event.kind == "new"
      action:
        run_playbook:
          name: careless/play.yml
          extra_vars:
            name_of_threat: "{{ event.row.threat }}"
"""
PLAYBOOK = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.debug:
        msg: "By variable {{ name_of_threat }}, by event {{ ansible_eda.event.row.threat }}."
"""


def test_a_name_is_never_evaluated(folder: pathlib.Path, faz: FortiAnalyzer, start: t.Callable[..., t.Any]) -> None:
    # All that lies beside a playbook is copied for each run.
    (folder / "careless").mkdir()
    (folder / "careless" / "play.yml").write_text(PLAYBOOK)
    (folder / "rulebook.yml").write_text(RULEBOOK)
    (folder / "inventory.yml").write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n")
    attack(faz, hostile(folder), "198.51.100.7")
    rulebook = start(faz, "--rulebook", "rulebook.yml", "--inventory", "inventory.yml")
    rulebook.wait_for(lambda: rulebook.plays == 1, "end of the playbook")
    assert "By variable { { lookup('ansible.builtin.pipe'" in rulebook.text
    assert "by event { { lookup('ansible.builtin.pipe'" in rulebook.text
    assert not (folder / "evaluated").exists()
