# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon the end of a task is noticed, and with how many polls; the tasks layer alone, without Ansible."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.secops.fortiview.plugins.module_utils._connection.session import Connection
from ansible_collections.secops.fortiview.plugins.module_utils._connection.settings import Settings
from ansible_collections.secops.fortiview.plugins.module_utils._query.queries import parse_queries
from ansible_collections.secops.fortiview.plugins.module_utils._query.results import Answer
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import Limits, World, ask_all

from simulators.fortianalyzer import ManualClock, Simulator, Switches

from .appliance import Appliance
from .report import Failed, Figure, Report

REAL = ((2.3, "linear"), (3.0, "linear"), (3.7, "linear"), (3.0, "steps"), (3.0, "stalled"))
MANUAL = ((3.0, "linear"), (60.0, "linear"), (60.0, "steps"), (60.0, "stalled"), (300.0, "linear"))
MOST_POLLS = {3.0: 12, 60.0: 25}
# Where the figure of progress misleads, the contract's longest pause decides; shown, but without a target.
WITHOUT_TARGET = ((60.0, "stalled"),)
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.timezone.utc).timestamp()


def run(directory: Path) -> Report:
    figures: list[Figure] = []
    with Appliance(directory) as appliance:
        _ask(appliance.settings, World())  # the simulator makes its event log for the first query
        for duration, progress in REAL:
            appliance.reset(task_seconds=duration, progress=progress)
            answer = _ask(appliance.settings, World())
            appliance.assert_clean()
            figures += _figures(answer, duration, progress, "real clock")
    for duration, progress in MANUAL:
        answer = _ask_by_manual_clock(duration, progress)
        figures += _figures(answer, duration, progress, "clock of the test")
    return Report("Polling", figures)


def _ask_by_manual_clock(duration: float, progress: str) -> Answer:
    """Appliance and client share a clock that only the client's pauses move."""
    clock = ManualClock(NOON)
    world = World(
        clock=clock.now,
        sleep=clock.advance,
        now=lambda: datetime.datetime.fromtimestamp(clock.now(), datetime.timezone.utc),
    )
    with Simulator(Switches(task_seconds=duration, progress=progress), clock=clock) as faz:
        settings = {name: getattr(faz, name) for name in ("host", "port", "ca_path", "username", "password")}
        return _ask(settings, world)


def _ask(settings: Mapping[str, Any], world: World) -> Answer:
    queries = parse_queries({"view": "top-sources", "time_range": {"last": "24h"}})
    with Connection(Settings(**settings), world.clock, world.sleep) as connection:
        (answer,) = ask_all(connection, queries, Limits(wait_timeout=600), world)
    if not isinstance(answer, Answer) or not answer.rows:
        raise Failed(f"no rows: {answer}")
    return answer


def _figures(answer: Answer, duration: float, progress: str, clock: str) -> list[Figure]:
    """`elapsed` also holds the submit and the deletion, so the end was noticed a little sooner than is said here."""
    name = f"task of {duration:g} s, progress {progress}, {clock}"
    aimed = (duration, progress) not in WITHOUT_TARGET
    return [
        Figure(
            f"{name}: end noticed after", answer.elapsed - duration, most=max(0.25, 0.05 * duration) if aimed else None
        ),
        Figure(f"{name}: polls", answer.polls, "polls", MOST_POLLS.get(duration) if aimed else None),
    ]
