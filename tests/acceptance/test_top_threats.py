# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from support.playbooks import Controller


def test_a_query_returns_rows_and_the_playbook_shows_them(controller: Controller) -> None:
    run = controller.playbook("secops.fortiview.top_threats", "-e", "limit=3")
    assert run.code == 0, run.output
    rows = run.of("Ask for the top threats")["results"][0]["rows"]
    assert len(rows) == 3
    assert all(str(row["threat"]) in run.output for row in rows)
