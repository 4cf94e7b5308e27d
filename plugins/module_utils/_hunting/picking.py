# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Picks the threats of a hunt from rankings.

The wanted threats may be anywhere in a ranking, so up to `max_threats` rows are read. If no wanted threat was found,
the hunt fails if the ranking may have further rows, or if none of its rows has a value in a needed column.
"""

from __future__ import annotations

import typing as t

from .._common.errors import Incomplete, InvalidInput
from .._common.naming import agree, counted, noun_for
from .._common.validation import count, path_segment, plain_text, texts
from .._query.queries import limit_of
from .._query.rows import RANKED_SEVERITIES, is_counter

ANY, UNBLOCKED, NEVER_BLOCKED = "any", "unblocked", "never_blocked"
OUTCOMES = (ANY, UNBLOCKED, NEVER_BLOCKED)
# The option that compares the values of each column.
OPTIONS = {"severity": "severities", "incidents": "min_incidents", "detected": "outcome", "blocked": "outcome"}
Row = dict[str, t.Any]


class Wanted(t.NamedTuple):
    """The threats to pick. Empty `names` and `severities` select every threat. If every threat is wanted, at most
    `limit` threats are read, otherwise at most `max_threats` threats."""

    view: str = "top-threats"
    filter: str = ""
    names: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    outcome: str = ANY
    min_incidents: int = 0
    limit: int = 50
    max_threats: int = 10000

    @property
    def picks(self) -> bool:
        """Whether only some of the threats are wanted."""
        return bool(self.names or self.severities or self.outcome != ANY or self.min_incidents)

    @property
    def rows_to_read(self) -> int:
        return self.max_threats if self.picks else self.limit

    @property
    def needed(self) -> list[str]:
        """The columns by which threats are picked."""
        found = ["severity"] if self.severities else []
        found += ["incidents"] if self.min_incidents else []
        found += ["detected"] if self.outcome != ANY else []
        return found + (["blocked"] if self.outcome == NEVER_BLOCKED else [])


class Ranking(t.NamedTuple):
    """The threats of one ADOM that were read. `total` is the number of threats that FortiAnalyzer counts, or None."""

    adom: str
    rows: t.Sequence[Row]
    total: t.Optional[int]

    def is_cut(self, wanted: Wanted) -> bool:
        """Whether further threats are possible below the last row. Without a count, further threats are possible if the
        maximum number of rows was read."""
        if self.total is not None:
            return self.total > len(self.rows)
        return len(self.rows) >= wanted.rows_to_read


class Picked(t.NamedTuple):
    """The picked threats. `rows` contains their rows by ADOM. `not_found` contains the wanted names that are in no
    ranking."""

    rows: dict[str, list[Row]]
    not_found: list[str]
    warnings: list[str]


def parse_wanted(options: t.Mapping[str, t.Any]) -> Wanted:
    """Parse the options that pick threats. Raises InvalidInput."""
    severities = [word.strip().lower() for word in texts("severities", options.get("severities"))]
    for word in severities:
        if word not in RANKED_SEVERITIES:
            raise InvalidInput(f"severities must contain only {', '.join(RANKED_SEVERITIES)}, not {word[:60]!r}")
    outcome = str(options.get("outcome") or ANY)
    if outcome not in OUTCOMES:
        raise InvalidInput(f"outcome must be {', '.join(OUTCOMES[:-1])} or {OUTCOMES[-1]}, not {outcome[:40]!r}")
    wanted = Wanted(
        view=path_segment("view", options.get("view") or Wanted().view),
        filter=plain_text("threats_filter", options.get("threats_filter") or ""),
        names=tuple(texts("names", options.get("names"))),
        severities=tuple(severities),
        outcome=outcome,
        min_incidents=count("min_incidents", options.get("min_incidents") or 0, 0),
        limit=limit_of(options.get("limit") or Wanted().limit),
        max_threats=count("max_threats", options.get("max_threats") or Wanted().max_threats, 1),
    )
    if options.get("threats") is not None and (wanted.picks or wanted.filter):
        raise InvalidInput(
            "threats lists the threats to hunt, and threats_filter, names, severities, outcome and min_incidents "
            "select threats from a ranking. Set either threats or the other options"
        )
    return wanted


def pick(rankings: t.Sequence[Ranking], wanted: Wanted) -> Picked:
    """Pick the wanted threats. Raises Incomplete if none was found but a wanted threat is possible."""
    rows = {one.adom: [row for row in one.rows if row.get("threat") and _is_wanted(row, wanted)] for one in rankings}
    cut = [_cut(one, wanted) for one in rankings if wanted.picks and one.is_cut(wanted)]
    incomplete = list(_incomplete(rankings, wanted))
    doubts = cut + [_reported(number, one, column) for number, one, column in incomplete]
    if not any(rows.values()) and (cut or any(number == len(one.rows) for number, one, _column in incomplete)):
        raise Incomplete(f"It is not known whether any threat matches: {' '.join(doubts)}")
    not_found, left_out = _unmet(rankings, rows, wanted)
    if not_found:
        doubts.append(
            f"No threat in the ranking has {agree(len(not_found), 'this name', 'one of these names')}: {', '.join(not_found)}."
        )
    if left_out:
        doubts.append(
            f"Skipped the named {noun_for(len(left_out), 'threat')} whose severity, outcome or number of incidents does not match: {', '.join(left_out)}."
        )
    return Picked(rows, not_found, doubts)


def _incomplete(rankings: t.Iterable[Ranking], wanted: Wanted) -> t.Iterator[tuple[int, Ranking, str]]:
    """The number of rows without a value, the ranking and the column, for each column by which threats are picked. A
    column in which every row has a value is omitted."""
    for one in rankings:
        for column in wanted.needed:
            number = _without(one, column)
            if number:
                yield number, one, column


def _is_wanted(row: Row, wanted: Wanted) -> bool:
    """Whether the threat in this row is wanted. An absent counter does not reach a threshold."""
    names = {name.lower() for name in wanted.names}
    return (
        (not names or str(row["threat"]).lower() in names)
        and (not wanted.severities or row.get("severity") in wanted.severities)
        and (not wanted.min_incidents or _counter(row, "incidents", 0) >= wanted.min_incidents)
        and (wanted.outcome == ANY or _counter(row, "detected", 0) > 0)
        and (wanted.outcome != NEVER_BLOCKED or _counter(row, "blocked", 1) == 0)
    )


def _counter(row: Row, name: str, otherwise: float) -> float:
    value = row.get(name)
    return t.cast("float", value) if is_counter(value) else otherwise


def _cut(one: Ranking, wanted: Wanted) -> str:
    total = f" (FortiAnalyzer counts {one.total})" if one.total is not None else ""
    return (
        f"Only the top {counted(len(one.rows), 'threat')} of ADOM {one.adom} {agree(len(one.rows), 'was', 'were')} read{total}, and threats "
        "with a lower rank may also match: raise max_threats, or threat_hunt_max_threats in the role."
    )


def _without(one: Ranking, column: str) -> int:
    """The number of rows without a severity, or without a number in a column that contains counters."""
    return sum(1 for row in one.rows if not (row.get(column) if column == "severity" else is_counter(row.get(column))))


def _reported(number: int, one: Ranking, column: str) -> str:
    what = "severity" if column == "severity" else f"number in {column}"
    return (
        f"Skipped threats in ADOM {one.adom}: {number} of {len(one.rows)}. FortiAnalyzer returned no {what} for "
        f"{agree(number, 'this threat', 'these threats')}, so the option {OPTIONS[column]} cannot be applied."
    )


def _unmet(
    rankings: t.Iterable[Ranking], taken: t.Mapping[str, t.Sequence[Row]], wanted: Wanted
) -> tuple[list[str], list[str]]:
    """The wanted names that are in no row, and the wanted names whose rows were all skipped."""
    there = {str(row.get("threat")).lower() for one in rankings for row in one.rows}
    kept = {str(row.get("threat")).lower() for rows in taken.values() for row in rows}
    names = list({name.lower(): name for name in wanted.names}.values())
    return [one for one in names if one.lower() not in there], [one for one in names if one.lower() in there - kept]
