# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support.playbooks import Controller


@pytest.mark.core
def test_a_query_returns_rows_and_the_playbook_shows_them(controller: Controller) -> None:
    run = controller.playbook("secops.fortiview.top_threats", "-e", "limit=3")
    assert run.code == 0, run.output
    rows = run.of("Query FortiAnalyzer")["results"][0]["rows"]
    assert len(rows) == 3
    assert all(str(row["threat"]) in run.output for row in rows)


def test_progress_shows_also_where_ansible_names_a_task_at_its_end(controller: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.task_seconds = 2.0
    controller.write("ansible.cfg", "[defaults]\ndisplay_skipped_hosts = false\n")
    run = controller.playbook("secops.fortiview.top_threats", "-v", "-e", "limit=3")
    assert run.code == 0, run.output
    before, _banner, after = run.output.partition("TASK [Query FortiAnalyzer]")
    lines = [line for line in before.splitlines() if line.startswith("top-threats root tid ")]
    assert after and len(lines) > 2
    assert lines[-2].endswith(" 100 %") and ": done, 3 rows in " in lines[-1]
