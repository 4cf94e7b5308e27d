# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adds up the counters of threats, and compares the sums with those of the previous period."""

from __future__ import annotations

import typing as t

from .._query.rows import Row, is_counter
from . import units
from .tables import Table, total_of
from .trend import Period

# A threat of these severities needs attention if it was not always blocked.
SEVERE = ("critical", "high")
MINUS = "\u2212"


class Counts(t.NamedTuple):
    """A sum is None if no row contains a number. `severe` is the number of detected incidents of critical and high
    threats. `critical` is the number of critical threats with at least one detected incident."""

    incidents: t.Optional[float]
    blocked: t.Optional[float]
    detected: t.Optional[float]
    severe: t.Optional[float]
    critical: int

    @property
    def share(self) -> t.Optional[float]:
        """The share of the incidents that were blocked, in percent."""
        if self.blocked is None or self.detected is None or not self.blocked + self.detected:
            return None
        return 100 * self.blocked / (self.blocked + self.detected)


class Before(t.NamedTuple):
    """The counts of the previous period. `certain` is False if rows of one of the two periods may be missing."""

    name: str
    counts: Counts
    certain: bool


def counts_of(rows: t.Sequence[Row]) -> Counts:
    incidents, blocked, detected = (
        total_of(row.get(name) for row in rows) for name in ("incidents", "blocked", "detected")
    )
    severe = total_of(row.get("detected") for row in rows if row.get("severity") in SEVERE)
    critical = {str(row.get("threat")) for row in rows if row.get("severity") == "critical" and got_through(row)}
    return Counts(incidents=incidents, blocked=blocked, detected=detected, severe=severe, critical=len(critical))


def got_through(row: t.Mapping[str, t.Any]) -> bool:
    return is_counter(row.get("detected")) and row["detected"] > 0


def before_of(
    tables: t.Sequence[Table], periods: t.Sequence[Period], adom: t.Optional[str] = None
) -> t.Optional[Before]:
    """The counts of the previous period. None if the two periods differ in length, or if the counts of the last period
    differ from those of `tables`. A difference would then have no meaning. `adom` limits the comparison to one ADOM."""
    if len(periods) < 2 or periods[-1].hours != periods[-2].hours:
        return None
    now, then = (_of_adom(period, adom) for period in (periods[-1], periods[-2]))
    if counts_of(_rows(now)) != counts_of(_rows(tables)) or not then:
        return None
    certain = not any(period.gaps for period in periods[-2:]) and not any(table.truncated for table in (*now, *then))
    return Before(periods[-2].name, counts_of(_rows(then)), certain)


def change_text(now: t.Optional[float], then: t.Optional[float], before: t.Optional[Before]) -> str:
    """The difference in percent, or as a number if the earlier counter is below 10. Empty if a counter is not known. The
    text ends with "?" if rows may be missing."""
    if before is None or now is None or then is None:
        return ""
    doubt = "" if before.certain else " ?"
    if now == then:
        return f"no change{doubt}"
    sign = "+" if now > then else MINUS
    difference = abs(now - then)
    # A difference between small numbers is clearer than a percentage.
    return f"{sign}{units.exact(difference) if then < 10 else units.percent(difference, then)}{doubt}"


def _of_adom(period: Period, adom: t.Optional[str]) -> list[Table]:
    return [table for table in period.tables if adom is None or table.adom == adom]


def _rows(tables: t.Iterable[Table]) -> list[Row]:
    return [row for table in tables for row in table.rows]
