# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A hunt in many ADOMs, cut into slices as a controller does: each asks for its share, and the parts come together again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from automation.awx.boxes import site
from automation.awx.launch import Job
from simulators.fortianalyzer import Switches

pytestmark = pytest.mark.timeout(600)
ADOMS = ["root", "Branch_Office", "Data_Center", "ADOM_001", "ADOM_002"]
LAST = {"threat_hunt_time_range": "last=7d", "threat_hunt_severities": ["critical", "high", "medium"]}


def test_slices_share_the_adoms_and_their_offenders_meet_again(tmp_path: Path) -> None:
    switches = Switches(task_seconds=0.1, extra_adoms=2)
    with site(tmp_path, faz=switches, by_password=True, fortiview_adoms=ADOMS, fortiview_hunt_slices=2) as here:

        def hunt(number: int) -> Job:
            return here.launcher.run("FortiView hunt", LAST, part=(number, 2))

        with ThreadPoolExecutor(2) as pool:
            slices = list(pool.map(hunt, (1, 2)))
        asked = {entry["url"].split("/adom/")[1].split("/")[0] for entry in here.faz.submits}
        assert asked == set(ADOMS)
        logins = [entry for entry in here.faz.journal if entry.url == "/sys/login/user"]
        assert 0 < len(logins) <= 2 * 2, "one session for each task, not for each ADOM"

        together: dict[str, object] = {}
        found = set()
        for job in slices:
            assert job.successful, job.stdout
            together.update(job.artifacts)
            found |= {one["address"] for one in job.artifacts[f"threat_hunt_offenders_{job.number}"]}
        assert len(together) == 4, "the parts have names of their own"
        gate = here.launcher.run("FortiView approval gate", artifacts={**together, "approval_above": len(found)})
        assert gate.successful, gate.stdout
        stricter = here.launcher.run(
            "FortiView approval gate", artifacts={**together, "approval_above": len(found) - 1}
        )
        assert (
            not stricter.successful
            and f"Addresses to block: {len(found)}. The limit approval_above is" in stricter.stdout
        )

        one = here.launcher.run("FortiView hunt", LAST, limit="Branch_Office")
        assert one.successful
        assert {adom for each in one.artifacts[f"threat_hunt_offenders_{one.number}"] for adom in each["adoms"]} <= {
            "Branch_Office"
        }
