# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked is asked for real with --check, and what is written is not."""

from __future__ import annotations

from simulators.fortianalyzer import FortiAnalyzer
from support.playbooks import Controller


def test_no_task_is_left_without_its_ticket(controller: Controller, faz: FortiAnalyzer) -> None:
    run = controller.playbook("secops.fortiview.submit_tasks", "--check", "-e", "tickets_file=tickets.json")
    assert run.code != 0 and "No query was submitted" in run.flat, run.output
    assert faz.submits == [] and faz.live_tasks == []
    assert controller.playbook("secops.fortiview.submit_tasks", "--check").code == 0
