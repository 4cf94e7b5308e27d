# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon the end of a task is noticed, and with how many polls; the tasks layer alone, without Ansible."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.secops.fortiview.plugins.module_utils._connection.session import Connection
from ansible_collections.secops.fortiview.plugins.module_utils._connection.settings import Settings
from ansible_collections.secops.fortiview.plugins.module_utils._query.queries import parse_queries
from ansible_collections.secops.fortiview.plugins.module_utils._query.results import Result
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.fortiview import Context, Limits, ask_all

from simulators.fortianalyzer import FortiAnalyzer, ManualClock, Switches

from .report import Failed, Figure, Report
from .simulated import SimulatedFortiAnalyzer

Progress = dict[str, Any]
LINEAR, STEPS = {"progress": "linear"}, {"progress": "steps"}
STALLED = {"progress": "stalled"}
NONE = {"dialect": "documented", "percentage_form": "missing"}
REAL: tuple[tuple[float, Progress], ...] = ((2.3, LINEAR), (3.0, LINEAR), (3.7, LINEAR), (3.0, STEPS))
# Half a second to two minutes: no single duration may look good by luck.
SWEEP = [0.5 * 1.14**step for step in range(42)]
MOST_POLLS = {3.0: 12, 60.0: 25}
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.timezone.utc).timestamp()


def run(directory: Path) -> Report:
    figures: list[Figure] = []
    with SimulatedFortiAnalyzer(directory) as fortianalyzer:
        _ask(fortianalyzer.settings, Context())  # the simulator makes its event log for the first query
        for duration, progress in REAL:
            fortianalyzer.reset(task_seconds=duration, **progress)
            answer = _ask(fortianalyzer.settings, Context())
            fortianalyzer.assert_clean()
            name = f"real clock, {_words(progress)}, task of {duration:g} s"
            late = answer.elapsed - duration
            figures.append(Figure(f"{name}: end noticed after", late, most=_permitted(duration)))
            figures.append(Figure(f"{name}: polls", answer.polls, "polls", MOST_POLLS.get(duration)))
    for progress in (LINEAR, STEPS):
        figures += _swept(progress, aimed=True)
    # Without a figure that moves, few polls and a small delay exclude each other: shown, but no target.
    for progress in (STALLED, NONE):
        figures += _swept(progress, aimed=False)
    return Report("Polling", figures)


def _permitted(duration: float) -> float:
    """How late the end may be noticed."""
    return max(0.25, 0.05 * duration)


def _words(progress: Progress) -> str:
    return "no progress data" if progress is NONE else f"{progress['progress']} progress"


def _swept(progress: Progress, aimed: bool) -> list[Figure]:
    durations = [*SWEEP, *MOST_POLLS]
    answers = dict(zip(durations, _ask_by_manual_clock(durations, progress)))
    worst = max((answer.elapsed - duration) / _permitted(duration) for duration, answer in answers.items())
    name = f"injected clock, {_words(progress)}"
    return [
        Figure(f"{name}: delay / permitted, worst of {len(answers)} durations", worst, "", 1.0 if aimed else None),
        *(
            Figure(f"{name}, task of {duration:g} s: polls", answers[duration].polls, "polls", most if aimed else None)
            for duration, most in MOST_POLLS.items()
        ),
    ]


def _ask_by_manual_clock(durations: Sequence[float], progress: Progress) -> list[Result]:
    """One task for each duration. Appliance and client share a clock that only the client's pauses move."""
    clock = ManualClock(NOON)
    context = Context(
        clock=clock.now,
        sleep=clock.advance,
        now=lambda: datetime.datetime.fromtimestamp(clock.now(), datetime.timezone.utc),
    )
    with FortiAnalyzer(Switches(task_seconds=list(durations), **progress), clock=clock) as faz:
        settings = {name: getattr(faz, name) for name in ("host", "port", "ca_path", "username", "password")}
        return [_ask(settings, context) for dummy in durations]


def _ask(settings: Mapping[str, Any], context: Context) -> Result:
    """`elapsed` of the answer also holds submit and deletion: the end was noticed a little sooner than it says."""
    queries = parse_queries({"view": "top-sources", "time_range": {"last": "24h"}})
    with Connection(Settings(**settings), context.clock, context.sleep) as connection:
        (answer,) = ask_all(connection, queries, Limits(wait_timeout=600), context)
    if not isinstance(answer, Result) or not answer.rows:
        raise Failed(f"no rows: {answer}")
    return answer
