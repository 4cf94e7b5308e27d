# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of one watch: the time ranges that are due, the rows to report, and the reported rows.

Times are epoch seconds. A row that stays in the results is reported once. A row that was absent for longer than
`overlap` is new when it returns. A row is remembered only after it was reported, so that a crash can repeat events
but never lose them.
"""

from __future__ import annotations

import datetime
import typing as t

from .._query.queries import Query
from .._query.results import Result
from .._query.time_ranges import TimeRange
from .findings import Finding, event_of, has_worsened, identifier_of, known_of, values_of
from .memory import Known, Memory
from .options import FORTIANALYZER_LIMIT, LONGEST_WINDOW, Options


class Watch:
    """`host` is the name of the FortiAnalyzer, a part of every identifier. A poll calls `due_queries`, `findings`, `reported` for
    each finding, and `ended`."""

    def __init__(self, host: str, queries: t.Sequence[Query], options: Options, memory: Memory) -> None:
        self.queries = list(queries)
        self.memory = memory
        self._host = host
        self._options = options

    def due_queries(self, now: float) -> list[Query]:
        """The queries, each with the time range that is due."""
        return [
            query._replace(time_range=TimeRange(last=datetime.timedelta(seconds=self._span(query, now))))
            for query in self.queries
        ]

    def _span(self, query: Query, now: float) -> int:
        """The length of the time range in seconds: the time since the last result, plus `overlap` for late logs, but at
        least `window`."""
        since = now - self.memory.asked.get(query.name, now)
        return int(min(LONGEST_WINDOW, max(self._options.window, since + self._options.overlap)) + 0.999)

    def findings(self, results: t.Sequence[t.Optional[Result]], now: float) -> list[Finding]:
        """The findings to report. `results` contains the result of each query, or None for a failed query. Known rows are
        marked as seen."""
        rounds = [(query, result) for query, result in zip(self.queries, results) if result is not None]
        adoms: dict[tuple[str, ...], list[str]] = {}
        for query, result in rounds:
            for key, dummy in self._rows(query, result):
                having = adoms.setdefault((query.view_name, *key), [])
                if query.adom not in having:
                    having.append(query.adom)
        found = []
        for query, result in rounds:
            silent = query.name not in self.memory.asked and not self._options.initial
            for key, row in self._rows(query, result):
                finding = self._judge(query, result, row, key, now)
                if finding is None:
                    continue
                if silent:
                    self.reported(finding)
                    continue
                having = adoms[(query.view_name, *key)]
                finding.event.update(adoms=having, adom_count=len(having))
                found.append(finding)
        return found

    def reported(self, finding: Finding) -> None:
        self.memory.put(finding.identifier, finding.known)

    def ended(self, results: t.Sequence[t.Optional[Result]], now: float) -> None:
        """Record that all findings of this poll were reported. The next poll continues from `now`, the time at which the
        queries were sent."""
        for query, result in zip(self.queries, results):
            if result is None:
                continue
            self.memory.asked[query.name] = now
            # If a result reached its limit, rows that are not in the result may still exist.
            if len(result.rows) < (query.limit or FORTIANALYZER_LIMIT):
                self.memory.forget(query.name, now - self._options.overlap)

    def _rows(self, query: Query, result: Result) -> t.Iterator[tuple[list[str], dict[str, t.Any]]]:
        """Yield each key once, with the first row that has the key."""
        columns = self._options.key or query.view.identity
        seen = set()
        for row in result.rows:
            key = values_of(row, columns)
            if key is not None and tuple(key) not in seen:
                seen.add(tuple(key))
                yield key, row

    def _judge(
        self, query: Query, result: Result, row: dict[str, t.Any], key: list[str], now: float
    ) -> t.Optional[Finding]:
        identifier = identifier_of(self._host, query.name, query.adom, query.view_name, *key)
        known = known_of(query, row, self._options.worsened_by, now)
        before = self.memory.get(identifier)
        if before is not None:
            worsened = has_worsened(before, known, self._options.worsened_by)
            # A row is marked as seen even if its report fails. Otherwise it would be forgotten, and later reported as
            # new.
            self.memory.put(identifier, before._replace(seen=now) if worsened else _with_more(before, known))
            if not worsened:
                return None
        return Finding(identifier, known, event_of(self._host, query, result, row, key, known, before))


def _with_more(before: Known, now: Known) -> Known:
    """The state after a result that is not worse. The reported values remain the reference, and unknown values are added."""
    return Known(before.query, before.severity or now.severity, {**now.counters, **before.counters}, now.seen)
