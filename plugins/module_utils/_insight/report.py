# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report as plain data: what the templates of the role threat_report show, in their order."""

from __future__ import annotations

import re
import typing as t

from .._common.errors import InvalidInput
from .._common.validation import NAME
from .._query.queries import distinct_names
from . import sections
from .attackers import attackers_of, countries_in
from .attention import attention_of
from .block_state import BlockStates
from .blocks import blocks
from .counts import before_of, counts_of
from .grids import columns_of, grid, kind_of
from .headline import headline, lede, severities, sums_of, uncounted
from .page_zone import PageZone, page_zone
from .provenance import behind, time_range
from .tables import Table, tables_of
from .trend import Period, read_periods, trend
from .verdict import Facts, verdict
from .who import attacker_section, attackers_seen, attention_section
from .widespread import shared_in

# Names of files that are no results.
TAKEN = ("report", "attention", "attackers", "trend", "widespread", "blocks", "effect", "failed_queries")
HEADINGS = {"threats": "Threats", "sources": "Sources", "other": "Other views"}

Result = dict[str, t.Any]


class Source(t.NamedTuple):
    """One result with its rows in canonical form; `name` is unique in the report."""

    name: str
    result: Result
    table: Table
    kind: str


class Report(t.NamedTuple):
    """The whole report. `shown` is for templates, the others are the data for CSV and JSON."""

    sources: list[Source]
    failed: list[dict[str, str]]
    verdict: t.Optional[dict[str, t.Any]]
    attention: list[dict[str, t.Any]]
    attackers: list[dict[str, t.Any]]
    trend: t.Optional[dict[str, t.Any]]
    shared: list[dict[str, t.Any]]
    blocks: t.Optional[dict[str, t.Any]]
    effect: t.Optional[dict[str, t.Any]]
    shown: dict[str, t.Any]


class Layout(t.NamedTuple):
    """`top` rows of a table are open to see, up to `most` can be unfolded."""

    top: int
    most: int
    zone: PageZone


def make_report(
    results: object,
    title: str,
    periods: object = None,
    audit: object = None,
    audit_since: t.Optional[str] = None,
    top: int = 10,
    most: int = 1000,
    now: t.Optional[str] = None,
    partial: bool = False,
    effect: object = None,
    attackers: object = None,
) -> Report:
    """Read everything and lay it out. `now` decides which bans of the audit have ended. `effect` is what the filter block_effect returns,
    `attackers` are results of threat-src-dst. With `partial` the report names the queries whose rows it has not.

    Raises InvalidInput on results that are not complete, and where there is nothing to report.
    """
    tables, gaps = tables_of([] if results in (None, "") else results, "threat_report", partial)
    pairs, more = tables_of([] if attackers in (None, "") else attackers, "threat_report_attackers", partial)
    sources = _sources(tables)
    changes = trend(periods, partial=partial) if periods else None
    # A period of the trend is often one of the results too.
    failed = _without_repeats([*(gap._asdict() for gap in (*gaps, *more)), *(changes["gaps"] if changes else [])])
    blocked = blocks(audit, audit_since, now)
    stopped = _effect(effect)
    if not sources and changes is None and blocked is None and stopped is None:
        why = " ".join(one["msg"] for one in failed) or "give results, periods, an audit or an effect"
        raise InvalidInput(f"nothing to report: {why}")
    threats = _one_of_each_adom(sources, "threats")
    facts = _facts(
        threats,
        read_periods(periods, partial=partial)[0] if periods else [],
        sources,
        pairs,
        len(failed),
        blocked,
        stopped,
    )
    found = verdict(facts) if threats or failed else None
    everything = shared_in([source.table for source in threats], 1) if len(threats) > 1 else []
    shared = [one for one in everything if one["adom_count"] > 1]
    sums = sums_of(threats)
    zone = page_zone([source.result.get("time_range") for source in sources] + (changes["periods"] if changes else []))
    layout = Layout(top, most, zone)
    attacking = attackers_seen(facts.attackers, facts.states)
    shown = {
        "title": title,
        "zone": zone.note,
        "ranges": list(dict.fromkeys(time_range(source.result.get("time_range")) for source in sources)),
        "verdict": found,
        "lede": lede(threats, sums, changes, None if found else blocked, len(failed)) + uncounted(threats),
        "failed": failed,
        "headline": headline(threats, sums, changes, blocked, facts.counts, facts.before),
        "attention": attention_section(facts.attention, facts.attackers, bool(found["doubts"]), top, most)
        if found
        else None,
        "attackers": attacker_section(attacking, facts.attackers, top, most) if pairs else None,
        "severities": severities(threats),
        "trend": sections.trend_section(changes, top) if changes else None,
        "tables": [_tables_of_kind(kind, sources, layout) for kind in HEADINGS if _of_kind(sources, kind)],
        "adoms": sections.adom_section(everything, shared, top) if everything else None,
        "blocks": sections.block_section(blocked, top, most, zone) if blocked else None,
        "effect": sections.effect_section(stopped, top, most, zone) if stopped else None,
    }
    return Report(sources, failed, found, facts.attention, attacking, changes, shared, blocked, stopped, shown)


def _facts(
    threats: t.Sequence[Source],
    periods: t.Sequence[Period],
    sources: t.Sequence[Source],
    pairs: t.Sequence[Table],
    failed: int,
    blocked: t.Optional[dict[str, t.Any]],
    effect: t.Optional[dict[str, t.Any]],
) -> Facts:
    tables = [source.table for source in threats]
    severity = {
        (table.adom, str(row.get("threat"))): row["severity"]
        for table in tables
        for row in table.rows
        if row.get("severity")
    }
    attackers = attackers_of(pairs, severity, countries_in([*pairs, *(source.table for source in sources)]))
    states = BlockStates(blocked, effect)
    counts = counts_of([row for table in tables for row in table.rows])
    attention = attention_of(tables, attackers, states)
    return Facts(tables, failed, counts, before_of(tables, periods), attention, attackers, states, blocked, effect)


def _without_repeats(gaps: t.Sequence[dict[str, str]]) -> list[dict[str, str]]:
    return [gap for place, gap in enumerate(gaps) if gap not in gaps[:place]]


def _effect(effect: object) -> t.Optional[dict[str, t.Any]]:
    if effect in (None, "", {}):
        return None
    if not isinstance(effect, t.Mapping) or not isinstance(effect.get("rows"), (list, tuple)):
        raise InvalidInput("the effect must be what the filter block_effect returns")
    return dict(effect)


def _sources(tables: t.Sequence[Table]) -> list[Source]:
    subjects = [_subject(table) for table in tables]
    # Two of one view and ADOM are told apart by the names that the user gave them.
    bases = [
        _file_name(subject if subjects.count(subject) == 1 else table.name or subject)
        for subject, table in zip(subjects, tables)
    ]
    names = distinct_names([(base, table.adom or "x") for base, table in zip(bases, tables)], TAKEN)
    return [
        Source(name, dict(table.result or {}, rows=table.rows), table, kind_of(table))
        for name, table in zip(names, tables)
    ]


def _subject(table: Table) -> str:
    """threats_root for the view top-threats of the ADOM root; the name of rows of which nothing else is known."""
    if not table.view:
        return table.name or "rows"
    return "_".join(filter(None, [re.sub("^top-", "", table.view), table.adom]))


def _file_name(text: str) -> str:
    name = re.sub(r"[^A-Za-z0-9_]", "_", text)[:100]
    return name if NAME.fullmatch(name) else f"result_{name}"


def _of_kind(sources: t.Sequence[Source], kind: str) -> list[Source]:
    return [source for source in sources if source.kind == kind]


def _one_of_each_adom(sources: t.Sequence[Source], kind: str) -> list[Source]:
    """The first result of each ADOM: two of one ADOM may count the same events twice."""
    first: dict[str, Source] = {}
    for source in _of_kind(sources, kind):
        first.setdefault(source.table.adom, source)
    return list(first.values())


def _tables_of_kind(kind: str, sources: t.Sequence[Source], layout: Layout) -> dict[str, t.Any]:
    grids = []
    for source in _of_kind(sources, kind):
        made = grid(columns_of(source.table), source.table.rows, layout.top, layout.most)
        made.update(
            id=source.name, title=_title(source), file=f"{source.name}.csv", behind=behind(source.result, layout.zone)
        )
        grids.append(made)
    return {"id": kind, "title": HEADINGS[kind], "grids": grids}


def _title(source: Source) -> str:
    view = (source.table.view or source.name).replace("-", " ").capitalize()
    return f"{view} in {source.table.adom}" if source.table.adom else view
