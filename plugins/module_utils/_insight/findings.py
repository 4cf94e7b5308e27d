# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the content of a report as data without layout. Every result is read and counted once."""

from __future__ import annotations

import re
import typing as t

from .._common.clock_text import parse_time
from .._common.errors import InvalidInput
from .._common.validation import NAME
from .._query.queries import distinct_names
from .._query.rows import Row
from .attackers import Attackers, attackers_of, countries_in
from .attention import attention_of
from .block_state import BlockStates
from .blocks import block_times, blocks
from .counts import before_of, counts_of
from .grids import kind_of
from .page_zone import PageZone, page_zone
from .places import adoms_of, countries_of, fortigates_of
from .tables import Table, tables_of
from .timeline import Timeline, timeline_of
from .trend import Period, read_periods, trend
from .verdict import Facts, verdict
from .who import attackers_seen
from .widespread import shared_in

# Names of the other files of a report, which no result can have.
TAKEN = (
    *("report", "attention", "attackers", "timeline", "adoms", "countries", "fortigates"),
    *("trend", "widespread", "blocks", "effect", "failed_queries"),
)

Result = dict[str, t.Any]
Data = t.Optional[dict[str, t.Any]]


class Source(t.NamedTuple):
    """One result with its rows in canonical form. `name` is unique in the report."""

    name: str
    result: Result
    table: Table
    kind: str


class Given(t.NamedTuple):
    """The input of a report, from the variables of the role threat_report."""

    results: object
    periods: object = None
    attackers: object = None
    timeline: object = None
    audit: object = None
    audit_since: t.Optional[str] = None
    effect: object = None
    now: t.Optional[str] = None
    partial: bool = False


class Findings(t.NamedTuple):
    """`threats` are the rankings from which incidents are counted, one for each ADOM. `spread` contains the ADOMs
    of each threat. `zone` is the time zone of all times on the page."""

    sources: list[Source]
    threats: list[Source]
    failed: list[dict[str, str]]
    zone: PageZone
    facts: Facts
    verdict: Data
    attention: list[Row]
    attackers: t.Optional[list[Row]]
    timeline: t.Optional[Timeline]
    adoms: list[Row]
    countries: list[Row]
    fortigates: list[Row]
    trend: Data
    spread: list[Row]
    blocks: Data
    effect: Data

    @property
    def shared(self) -> list[Row]:
        return [one for one in self.spread if one["adom_count"] > 1]


class _Read(t.NamedTuple):
    """The input as tables."""

    sources: list[Source]
    pairs: list[Table]
    lines: list[Table]
    periods: list[Period]
    failed: list[dict[str, str]]


def findings_of(given: Given) -> Findings:
    """Raises InvalidInput if there is nothing to report or, without `partial`, if a result is not complete."""
    read = _read(given)
    blocked, effect = blocks(given.audit, given.audit_since, given.now), _effect(given.effect)
    _require_any(read, blocked, effect)
    threats = _one_of_each_adom(read.sources)
    tables = [source.table for source in threats]
    trends = trend(given.periods, partial=given.partial) if read.periods else None
    zone = page_zone(
        [source.result.get("time_range") for source in read.sources] + (trends or {"periods": []})["periods"]
    )
    facts = _facts(tables, read, BlockStates(blocked, effect, not given.audit_since), blocked, effect)._replace(
        zone=zone, now=given.now
    )
    attackers = attackers_seen(facts.attackers, facts.states) if read.pairs else None
    return Findings(
        sources=read.sources,
        threats=threats,
        failed=read.failed,
        zone=zone,
        facts=facts,
        verdict=verdict(facts) if threats or read.failed else None,
        attention=facts.attention,
        attackers=attackers,
        timeline=timeline_of(read.lines, _block_times(given.audit, effect), tables),
        adoms=adoms_of(tables, read.periods) if len(tables) > 1 else [],
        countries=countries_of(attackers or []),
        fortigates=fortigates_of(read.pairs or tables),
        trend=trends,
        spread=shared_in(tables, 1) if len(tables) > 1 else [],
        blocks=blocked,
        effect=effect,
    )


def _require_any(read: _Read, blocked: Data, effect: Data) -> None:
    if not read.sources and not read.periods and blocked is None and effect is None:
        why = " ".join(one["msg"] for one in read.failed) or "Set results, periods, audit or effect"
        raise InvalidInput(f"there is nothing to report. {why}")


def _read(given: Given) -> _Read:
    results, pairs, lines = (
        tables_of([] if value in (None, "") else value, what, given.partial)
        for value, what in (
            (given.results, "threat_report"),
            (given.attackers, "threat_report_attackers"),
            (given.timeline, "threat_report_timeline"),
        )
    )
    periods, lost = read_periods(given.periods, partial=given.partial) if given.periods else ([], [])
    failed = [gap._asdict() for gap in (*results.gaps, *pairs.gaps, *lines.gaps, *lost)]
    # A period of the trend is often also one of the results, and would add its gaps twice.
    failed = [gap for place, gap in enumerate(failed) if gap not in failed[:place]]
    return _Read(
        sources=_sources(results.tables), pairs=pairs.tables, lines=lines.tables, periods=periods, failed=failed
    )


def _facts(tables: list[Table], read: _Read, states: BlockStates, blocked: Data, effect: Data) -> Facts:
    attackers = _attackers(tables, read)
    counts = counts_of([row for table in tables for row in table.rows])
    attention = attention_of(tables, attackers, states)
    before = before_of(tables, read.periods)
    rankings = [source.table for source in read.sources if source.kind == "threats"]
    return Facts(
        threats=tables,
        failed=len(read.failed),
        counts=counts,
        before=before,
        attention=attention,
        attackers=attackers,
        states=states,
        blocked=blocked,
        effect=effect,
        others=[table for table in rankings if not any(table is one for one in tables)],
    )


def _attackers(tables: t.Sequence[Table], read: _Read) -> Attackers:
    severity = {
        (table.adom, str(row.get("threat"))): row["severity"]
        for table in tables
        for row in table.rows
        if row.get("severity")
    }
    countries = countries_in([*read.pairs, *(source.table for source in read.sources)])
    return attackers_of(read.pairs, severity, countries)


def _block_times(audit: object, effect: Data) -> list[tuple[float, str]]:
    known = block_times(audit)
    if known or effect is None:
        return known
    return [(parse_time(row["since"]), str(row["address"])) for row in effect["rows"] if row.get("since")]


def _effect(effect: object) -> t.Optional[dict[str, t.Any]]:
    if effect in (None, "", {}):
        return None
    if not isinstance(effect, t.Mapping) or not isinstance(effect.get("rows"), (list, tuple)):
        raise InvalidInput("effect must be the result of the filter block_effect")
    return dict(effect)


def _sources(tables: t.Sequence[Table]) -> list[Source]:
    subjects = [_subject(table) for table in tables]
    # Results of the same view and ADOM get the names that the user gave them.
    bases = [
        _file_name(subject if subjects.count(subject) == 1 else table.name or subject)
        for subject, table in zip(subjects, tables)
    ]
    # Two names that differ only in their case would be one file on Windows and on macOS.
    places = [(base, table.adom or "x") for base, table in zip(bases, tables)]
    names = distinct_names(places, TAKEN, same=str.lower)
    return [
        Source(name, dict(table.result or {}, rows=table.rows), table, _section(table))
        for name, table in zip(names, tables)
    ]


def _section(table: Table) -> str:
    """The kind of section. Only the view top-sources ranks sources by traffic, as top talkers. Other views of sources are
    about threats or logins."""
    kind = kind_of(table)
    return "other" if kind == "sources" and table.view not in ("", "top-sources") else kind


def _subject(table: Table) -> str:
    """The view and the ADOM, such as threats_root for top-threats in root. If the view is not known, the name of the rows."""
    if not table.view:
        return table.name or "rows"
    return "_".join(filter(None, [re.sub("^top-", "", table.view), table.adom]))


def _file_name(text: str) -> str:
    name = re.sub(r"[^A-Za-z0-9_]", "_", text)[:100]
    return name if NAME.fullmatch(name) else f"result_{name}"


def _one_of_each_adom(sources: t.Sequence[Source]) -> list[Source]:
    """The first ranking of threats of each ADOM, because two rankings of one ADOM may count the same events twice."""
    first: dict[str, Source] = {}
    for source in sources:
        if source.kind == "threats":
            first.setdefault(source.table.adom, source)
    return list(first.values())
