# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes a report as plain data for the templates of the role threat_report."""

from __future__ import annotations

import typing as t

from . import sections
from .findings import Findings, Given, Source, findings_of
from .grids import columns_of, grid
from .headline import bridge, cautions, headline, lede, severities, sums_of, uncounted
from .highlights import Known, highlights
from .page_zone import PageZone
from .places import adoms_section, countries_section, fortigates_section
from .provenance import behind, time_range
from .timeline import timeline_section
from .who import attacker_section, attention_section

# The terms of the page, with their meanings.
TERMS = (
    ("Incident", "an event that FortiAnalyzer counts for a threat in its logs, not a case that a person works on"),
    (
        "Got through",
        "a FortiGate logged the incident and did not block it (FortiAnalyzer calls such an incident detected)",
    ),
    ("ADOM", "an administrative domain of FortiAnalyzer, such as a site or a customer"),
)
HEADINGS = {"threats": "Threats", "sources": "Top talkers", "other": "Other views"}


class Report(t.NamedTuple):
    """`shown` is the data for templates. `found` is the data for CSV and JSON."""

    found: Findings
    shown: dict[str, t.Any]


class Layout(t.NamedTuple):
    """A table shows `top` rows. Its other rows, up to row `most`, can be unfolded."""

    top: int
    most: int
    zone: PageZone


def make_report(given: Given, title: str, top: int = 10, most: int = 1000) -> Report:
    """Read all results and lay out the report. Raises InvalidInput if there is nothing to report or, without `partial`, if a result is not complete."""
    found = findings_of(given)
    ranges = [source.result.get("time_range") for source in found.sources]
    layout = Layout(top, most, found.zone)
    shown = {
        "title": title,
        "zone": layout.zone.note,
        "ranges": list(dict.fromkeys(time_range(one, layout.zone.zone is not None) for one in ranges)),
        "verdict": found.verdict,
        "highlights": _highlights(found, layout.zone),
        "terms": TERMS if found.threats else [],
        "failed": found.failed,
        **_numbers(found),
        **_sections(found, layout),
    }
    return Report(found, shown)


def _highlights(found: Findings, zone: PageZone) -> list[dict[str, str]]:
    facts = found.facts
    if not found.verdict:
        return []
    covered = set(found.timeline["adoms"]) if found.timeline else set()
    whole = not found.verdict["doubts"] and covered >= {table.adom for table in facts.threats}
    undecided = found.verdict["undecided"]
    return highlights(Known(found.attention, facts.attackers, facts.states, found.timeline, whole, undecided), zone)


def _numbers(found: Findings) -> dict[str, t.Any]:
    threats, sums = found.threats, sums_of(found.threats)
    # If the report has a verdict, its sentences already describe the blocks.
    blocked = None if found.verdict else found.blocks
    return {
        "lede": lede(threats, sums, found.trend, blocked, len(found.failed)) + uncounted(threats),
        "context": [
            *cautions(threats, sums, len(found.failed)),
            *bridge(found.facts.counts, len({one["threat"] for one in found.attention})),
            *uncounted(threats),
        ],
        "headline": headline(threats, sums, found.trend, found.blocks, found.facts.counts, found.facts.before),
        "severities": severities(threats),
    }


def _sections(found: Findings, layout: Layout) -> dict[str, t.Any]:
    """The sections of the page. A section without data is None or empty."""
    top, most, zone = layout
    doubtful = bool(found.verdict and found.verdict["doubts"])
    attackers = found.facts.attackers
    return {
        "attention": attention_section(found.attention, attackers, doubtful, top) if found.verdict else None,
        "attackers": None if found.attackers is None else attacker_section(found.attackers, attackers, top, most),
        "timeline": timeline_section(found.timeline, zone) if found.timeline else None,
        "trend": sections.trend_section(found.trend, top) if found.trend else None,
        "places": _places(found, layout),
        "adoms": sections.adom_section(found.spread, found.shared, top) if found.spread else None,
        "blocks": sections.block_section(found.blocks, top, most, zone) if found.blocks else None,
        "effect": sections.effect_section(found.effect, top, most, zone) if found.effect else None,
        "tables": [_tables_of_kind(kind, found.sources, layout) for kind in HEADINGS if _of_kind(found.sources, kind)],
    }


def _places(found: Findings, layout: Layout) -> list[dict[str, t.Any]]:
    made = [adoms_section(found.adoms)] if found.adoms else []
    made += [countries_section(found.countries, layout.top, layout.most)] if found.countries else []
    # A table of one FortiGate would only repeat the sums.
    return made + ([fortigates_section(found.fortigates, layout.top, layout.most)] if len(found.fortigates) > 1 else [])


def _of_kind(sources: t.Sequence[Source], kind: str) -> list[Source]:
    return [source for source in sources if source.kind == kind]


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
