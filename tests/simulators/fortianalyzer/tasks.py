# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task: registration, progress, reading, expiry, slots (protocol_fortianalyzer.rst, "Task life cycle")."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .errors import invalid_tid, no_permission, no_slot
from .rankings import LateRanking, PartialRanking, Ranking
from .submit import Query
from .switches import Switches


@dataclass
class Task:
    """One submitted query; the flags say what its client did with it or was told about it."""

    tid: int
    query: Query
    ranking: Ranking
    submitted_at: float
    last_used: float
    duration: float
    progress: str
    outcome: str
    empty: bool = False
    exists: bool = True
    read_to_end: bool = False
    deleted: bool = False
    told_gone: bool = False
    told_failed: bool = False
    reply_lost: bool = False

    def percentage(self, now: float) -> int:
        """A pure function of the share of its time that has passed."""
        share = 1.0 if self.duration <= 0 else min(max((now - self.submitted_at) / self.duration, 0.0), 1.0)
        if self.progress == "steps":
            percentage = math.floor(share * 4) * 25
        elif self.progress == "stalled":
            percentage = 100 if share >= 1 else 40
        else:
            percentage = math.floor(share * 100)
        return min(percentage, 73) if self.outcome == "never" else percentage

    def rows(self, percentage: int) -> Ranking:
        return self.ranking if percentage >= 100 else PartialRanking(self.ranking, percentage / 100)

    @property
    def settled(self) -> bool:
        """Whether nothing is left that its client should have done."""
        return self.deleted or self.read_to_end or self.told_gone or self.told_failed or self.reply_lost


class TaskTable:
    """All tasks since the last reset, dead ones too."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._tasks: dict[int, Task] = {}
        self._repeats: dict[tuple[object, ...], int] = {}
        self._disturbed = 0

    def create(self, query: Query, ranking: Ranking, now: float) -> Task:
        switches = self._switches
        if switches.slots is not None and len(self.live(now)) >= switches.slots:
            raise no_slot()
        number = len(self._tasks)
        # Log searches have switches of their own: a test of the way to them wants its FortiView answers sound.
        counter = "logsearch_empty_complete" if query.view.raw else "empty_complete"
        empty = bool(getattr(switches, counter) and query.count_total and len(ranking) > query.offset)
        if empty:
            setattr(switches, counter, getattr(switches, counter) - 1)
        seconds = switches.task_seconds
        if query.view.raw and switches.logsearch_seconds is not None:
            seconds = switches.logsearch_seconds
        turn = seconds[number % len(seconds)] if isinstance(seconds, list) else seconds
        tid = 1543503873 + number * 1000003 % 600000000 if query.live else 12450 + number
        task = Task(
            tid=tid,
            query=query,
            ranking=self._with_late_logs(query, ranking),
            submitted_at=now,
            last_used=now,
            duration=turn,
            progress=switches.progress,
            outcome=switches.task_outcome,
            empty=empty,
        )
        self._tasks[tid] = task
        return task

    def find(self, tid: int, query_place: tuple[object, ...], now: float) -> Task:
        """The task that a fetch means; unregistered, expired, foreign and wrong ones are all the same to the FortiAnalyzer."""
        task = self._tasks.get(tid)
        if task is None:
            raise invalid_tid(tid)
        self._expire(task, now)
        if (task.query.scope, task.query.view.name) != query_place:
            raise invalid_tid(tid)
        if not task.exists:
            task.told_gone = True
            raise invalid_tid(tid)
        if now - task.submitted_at < self._switches.registration_delay:
            raise invalid_tid(tid)
        self._disturb(tid, now)
        task.last_used = now
        return task

    def delete(self, tid: int, query_place: tuple[object, ...]) -> None:
        """Idempotent: what is not there cannot be deleted twice."""
        task = self._tasks.get(tid)
        if task is not None and (task.query.scope, task.query.view.name) == query_place:
            task.exists = False
            task.deleted = True

    def live(self, now: float) -> list[Task]:
        tasks = list(self._tasks.values())
        for task in tasks:
            self._expire(task, now)
        return [task for task in tasks if task.exists]

    def all(self) -> list[Task]:
        return list(self._tasks.values())

    def forgive(self, tid: int) -> None:
        """The reply that carried this task id never arrived."""
        self._tasks[tid].reply_lost = True

    def _disturb(self, tid: int, now: float) -> None:
        """Searches beside each other: every second read is refused, by one of two errors that are not true."""
        most = self._switches.concurrent_searches
        if most is None or sum(task.percentage(now) < 100 for task in self.live(now)) <= most:
            return
        self._disturbed += 1
        if self._disturbed % 2:
            raise no_permission() if self._disturbed % 4 == 1 else invalid_tid(tid)

    def _expire(self, task: Task, now: float) -> None:
        if now - task.last_used > self._switches.task_lifetime:
            task.exists = False

    def _with_late_logs(self, query: Query, ranking: Ranking) -> Ranking:
        if not self._switches.late_logs or query.view.raw:
            return ranking
        key = (query.scope, query.view.name, query.window, query.filter_text, query.sort_field)
        self._repeats[key] = self._repeats.get(key, -1) + 1
        return LateRanking(ranking, self._repeats[key])
