# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report as plain data: what the templates of the role threat_report show, in their order."""

from __future__ import annotations

import re
import typing as t

from .._protocol.errors import InvalidInput
from .._query.queries import distinct_names
from .._query.words import NAME
from . import sections
from .blocks import blocks
from .grids import columns_of, grid, kind_of
from .headline import headline, lede, severities, sums_of
from .provenance import behind, time_range
from .tables import Table, tables_of
from .trend import trend
from .widespread import shared_in

# Names of files that are no results.
TAKEN = ("report", "trend", "widespread", "blocks")
HEADINGS = {"threats": "Threats", "sources": "Sources", "other": "Other views"}

Result = dict[str, t.Any]


class Source(t.NamedTuple):
    """One result with its rows in canonical form; `name` is unique in the report."""

    name: str
    result: Result
    table: Table
    kind: str


class Report(t.NamedTuple):
    """Everything that is told. `shown` is for templates, the others are the data for CSV and JSON."""

    sources: list[Source]
    failed: list[dict[str, str]]
    trend: t.Optional[dict[str, t.Any]]
    shared: list[dict[str, t.Any]]
    blocks: t.Optional[dict[str, t.Any]]
    shown: dict[str, t.Any]


def make_report(
    results: object,
    title: str,
    periods: object = None,
    audit: object = None,
    audit_since: t.Optional[str] = None,
    top: int = 10,
    most: int = 1000,
    now: t.Optional[str] = None,
) -> Report:
    """Read everything and lay it out. `top` rows of a table are open to see, up to `most` can be unfolded. `now` tells which
    bans of the audit have ended.

    Raises InvalidInput on results that are not complete, and where there is nothing to report.
    """
    sources, failed = _sources(results), _failed(results)
    changes = trend(periods) if periods else None
    blocked = blocks(audit, audit_since, now)
    if not sources and changes is None and blocked is None:
        why = " ".join(one["msg"] for one in failed) or "give results, periods or an audit"
        raise InvalidInput(f"nothing to report: {why}")
    threats = _one_of_each_adom(sources, "threats")
    talkers = _one_of_each_adom(sources, "sources")
    everything = shared_in([source.table for source in threats], 1) if len(threats) > 1 else []
    shared = [one for one in everything if one["adom_count"] > 1]
    sums = sums_of(threats)
    shown = {
        "title": title,
        "ranges": list(dict.fromkeys(time_range(source.result.get("time_range")) for source in sources)),
        "lede": lede(threats, sums, changes, blocked, len(failed)),
        "failed": failed,
        "headline": headline(threats, sums, talkers, changes, blocked),
        "severities": severities(threats),
        "trend": sections.trend_section(changes, top) if changes else None,
        "tables": [_tables_of_kind(kind, sources, top, most) for kind in HEADINGS if _of_kind(sources, kind)],
        "adoms": sections.adom_section(everything, shared, top) if everything else None,
        "blocks": sections.block_section(blocked, top, most) if blocked else None,
    }
    return Report(sources, failed, changes, shared, blocked, shown)


def _sources(results: object) -> list[Source]:
    listed = _listed(results)
    names = distinct_names([(_file_name(table), table.adom or "x") for _result, table in listed], TAKEN)
    return [Source(name, result, table, kind_of(table)) for name, (result, table) in zip(names, listed)]


def _failed(results: object) -> list[dict[str, str]]:
    """The queries without an answer, where it is told what a task has registered."""
    found = (results.get("failed_queries") or []) if isinstance(results, dict) else []
    if not isinstance(found, (list, tuple)) or not all(isinstance(one, dict) for one in found):
        raise InvalidInput("failed_queries must be a list of dicts, as a task has registered it")
    return [{key: str(one.get(key) or "") for key in ("name", "adom", "view", "msg")} for one in found]


def _listed(results: object) -> list[tuple[Result, Table]]:
    """Results with their tables, from one result, a list, what a task registered, a dict of results by name, or rows."""
    if isinstance(results, dict) and "rows" not in results and "results" not in results:
        if not all(isinstance(one, dict) and "rows" in one for one in results.values()):
            raise InvalidInput("threat_report takes results, or a dict of results by their names")
        results = [{**one, "name": str(name)} for name, one in results.items()]
    tables = tables_of(results or [], "threat_report")
    given = results.get("results", [results]) if isinstance(results, dict) else t.cast("list[Result]", results or [])
    if any("rows" not in one for one in given):
        given = [{"rows": table.rows} for table in tables]
    return [(dict(one), table) for one, table in zip(given, tables)]


def _file_name(table: Table) -> str:
    name = re.sub(r"[^A-Za-z0-9_]", "_", table.name or table.view or "rows")[:100]
    return name if NAME.fullmatch(name) else f"result_{name}"


def _of_kind(sources: t.Sequence[Source], kind: str) -> list[Source]:
    return [source for source in sources if source.kind == kind]


def _one_of_each_adom(sources: t.Sequence[Source], kind: str) -> list[Source]:
    """The first result of each ADOM: two of one ADOM may count the same events twice."""
    first: dict[str, Source] = {}
    for source in _of_kind(sources, kind):
        first.setdefault(source.table.adom, source)
    return list(first.values())


def _tables_of_kind(kind: str, sources: t.Sequence[Source], top: int, most: int) -> dict[str, t.Any]:
    grids = []
    for source in _of_kind(sources, kind):
        made = grid(columns_of(source.table), source.table.rows, top, most)
        made.update(id=source.name, title=_title(source), file=f"{source.name}.csv", behind=behind(source.result))
        grids.append(made)
    return {"id": kind, "title": HEADINGS[kind], "grids": grids}


def _title(source: Source) -> str:
    view = (source.table.view or source.name).replace("-", " ").capitalize()
    return f"{view} in {source.table.adom}" if source.table.adom else view
