# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A hunt whose job is cut off while it polls: nothing is left on the appliance, and the job can be repeated."""

from __future__ import annotations

import signal
import time
import typing as t
from pathlib import Path

import pytest

from automation.awx.boxes import site
from simulators.fortianalyzer import Switches

PATIENCE = 60.0
pytestmark = pytest.mark.timeout(400)


def wait_for(reached: t.Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_job_that_is_cut_off_leaves_no_session_and_can_be_repeated(tmp_path: Path) -> None:
    with site(tmp_path, faz=Switches(task_seconds=600.0), by_password=True) as here:
        process, _number, _folder = here.launcher.start("FortiView hunt", {"threat_hunt_time_range": "last=24h"})
        try:
            wait_for(lambda: len(here.faz.fetches) > 1)
            assert here.faz.open_sessions and here.faz.live_tasks
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) != 0
        finally:
            process.kill()
        wait_for(lambda: not here.faz.open_sessions)
        assert here.faz.live_tasks == []

        here.faz.switches.task_seconds = 0.1
        again = here.launcher.run("FortiView hunt", {"threat_hunt_time_range": "last=24h"})
        assert again.successful, again.stdout
        assert again.artifacts[f"threat_hunt_offenders_{again.number}"]
