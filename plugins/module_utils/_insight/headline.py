# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the summary of a report: one paragraph, a few counters, and the incidents by severity."""

from __future__ import annotations

import typing as t

from .._common.naming import agree
from .._query.rows import RANKED_SEVERITIES, is_counter
from . import units
from .blocks import in_state, on_fortigates
from .counts import MINUS, Before, Counts, change_text, got_through
from .tables import Table, total_of, without_number
from .visible import shortened

# Maximum number of characters of a name in a tile.
LONGEST_NAME = 45
# The outcomes of a new threat, the worst first.
OUTCOMES = THROUGH, NOT_KNOWN, BLOCKED = "got through", "outcome not known", "all blocked"

Tile = dict[str, t.Any]
Rows = t.Sequence[t.Mapping[str, t.Any]]
Data = t.Optional[t.Mapping[str, t.Any]]


class HasTable(t.Protocol):
    @property
    def table(self) -> Table:
        """The table with the rows of the source."""


Sources = t.Sequence[HasTable]


class Sums(t.NamedTuple):
    """The sums of rankings of threats. A sum is None if no row contains the counter. `cut` is True if a ranking may have more rows."""

    names: int
    incidents: t.Optional[float]
    stopped: t.Optional[float]
    passed: t.Optional[float]
    cut: bool

    @property
    def threats(self) -> str:
        if not self.cut:
            return units.many(self.names, "threat")
        return "the top threat" if self.names == 1 else f"the top {units.many(self.names, 'threat')}"


def sums_of(threats: Sources) -> Sums:
    rows = _rows(threats)
    incidents, stopped, passed = (
        total_of(row.get(name) for row in rows) for name in ("incidents", "blocked", "detected")
    )
    return Sums(
        names=len(_names(rows)),
        incidents=incidents,
        stopped=stopped,
        passed=passed,
        cut=any(source.table.truncated for source in threats),
    )


def lede(threats: Sources, sums: Sums, changes: Data, blocked: Data, failed: int = 0) -> list[str]:
    """The sentences of the summary. `failed` is the number of failed queries."""
    said = cautions(threats, sums, failed)
    if sums.incidents is not None:
        said.append(_caused(sums, sums.incidents, {source.table.adom for source in threats} - {""}))
    if sums.passed is not None and sums.stopped is not None and sums.passed + sums.stopped:
        said.append(_share(sums, sums.stopped, sums.passed))
    said += [_compared(changes)] if changes else []
    return said + (_about_addresses(blocked) if blocked else [])


def _compared(changes: t.Mapping[str, t.Any]) -> str:
    new, before = len(changes["new"]), changes["periods"][-2]["name"]
    return (
        f"Compared with {before}, {units.many(new, 'threat' if changes['key'] == ['threat'] else 'entry')}"
        f" {agree(new)} new and {units.exact(len(changes['rising']))} rising."
    )


def _caused(sums: Sums, incidents: float, adoms: t.Collection[str]) -> str:
    where = f" in {units.many(len(adoms), 'ADOM')}" if len(adoms) > 1 else ""
    said = f"{sums.threats} caused {units.many(incidents, 'incident')}{where}."
    return said[:1].upper() + said[1:]


def _share(sums: Sums, stopped: float, passed: float) -> str:
    among = "these" if sums.cut else "the"
    rest = f"{units.exact(passed) if passed else 'none'} got through"
    return f"{units.percent(stopped, passed + stopped)} of {among} incidents were blocked, and {rest}."


def cautions(threats: Sources, sums: Sums, failed: int) -> list[str]:
    """Sentences about failed queries, and about rankings without threats."""
    said = [f"This report is not complete: {units.many(failed, 'query')} failed."] if failed else []
    if threats and not sums.names and not sums.cut:
        said.append(f"No threats were seen{' in the other results' if failed else ''}.")
    return said


def bridge(counts: Counts, threats: int) -> list[str]:
    """A sentence that explains why the counters have more incidents than the verdict. `threats` is the number of critical and high threats that got
    through."""
    if not counts.detected or not counts.severe:
        return []
    of = (
        "the critical or high threat that needs"
        if threats == 1
        else f"the {units.exact(threats)} critical and high threats that need"
    )
    severe = f"{units.exact(counts.severe)} {agree(counts.severe, 'belongs', 'belong')} to {of} attention"
    rest = counts.detected - counts.severe
    more = (
        f", and {units.exact(rest)} {agree(rest, 'belongs', 'belong')} to threats of another severity" if rest else ""
    )
    return [f"Of the {units.many(counts.detected, 'incident')} that got through, {severe}{more}."]


def _about_addresses(blocked: t.Mapping[str, t.Any]) -> list[str]:
    """The numbers of blocked and failed addresses. An address that is blocked on only some FortiGates is in both sentences."""
    held, failed = (in_state(blocked, state) for state in ("blocked", "failed"))
    said = [f"{units.many(len(held), 'address')} {agree(len(held))} blocked{_on(held)}."]
    if failed:
        said.append(f"{units.many(len(failed), 'address')} could not be changed{_on(failed)}.")
    return said


def _on(addresses: t.Sequence[t.Mapping[str, t.Any]]) -> str:
    return on_fortigates(name for one in addresses for name in one["fortigates"])


def uncounted(threats: Sources) -> list[str]:
    """A sentence for each column whose sum omits rows without a number."""
    said = []
    rows = _rows(threats)
    for column in ("incidents", "blocked", "detected"):
        missing = without_number(rows, column)
        if missing:
            said.append(f"The sums do not include all threats: {units.no_number(missing, len(rows), column)}.")
    return said


def headline(
    threats: Sources, sums: Sums, changes: Data, blocked: Data, counts: Counts, before: t.Optional[Before]
) -> list[Tile]:
    """The counters, each with a label, a note on its meaning, and its change."""
    found = [
        *_about_threats(_rows(threats), sums),
        *_about_changes(changes, _rows(threats)),
        *_about_blocks(blocked),
    ]
    changed = _changed(counts, before)
    return [{**one, "change": changed.get(one["label"], "")} for one in found]


def _changed(now: Counts, before: t.Optional[Before]) -> dict[str, str]:
    """The change of each counter since the previous period, by label."""
    if before is None:
        return {}
    then = before.counts
    pairs = {
        "Incidents": (now.incidents, then.incidents),
        "Critical got through": (now.critical, then.critical),
        "Got through": (now.detected, then.detected),
    }
    found = {label: change_text(*pair, before) for label, pair in pairs.items()}
    if now.share is not None and then.share is not None:
        points = round(now.share) - round(then.share)
        sign = "+" if points > 0 else MINUS if points < 0 else ""
        found["Incidents blocked"] = f"{sign}{units.many(abs(points), 'point')}{'' if before.certain else ' ?'}"
    return {label: f"{text} vs {before.name}" for label, text in found.items() if text}


def severities(threats: Sources) -> t.Optional[dict[str, t.Any]]:
    """Incidents by severity, with start and width in percent for a bar. None if no severity has incidents."""
    rows = _rows(threats)
    sums = {
        word: total_of(row.get("incidents") for row in rows if row.get("severity") == word) or 0
        for word in RANKED_SEVERITIES
    }
    total = sum(sums.values())
    if not total:
        return None
    start, parts = 0.0, []
    for word, counter in sums.items():
        width = 100 * counter / total
        if counter:
            share = units.percent(counter, total)
            parts.append(
                {
                    "severity": word,
                    "value": units.exact(counter),
                    "share": share,
                    "x": round(start, 2),
                    "width": round(width, 2),
                }
            )
        start += width
    return {"total": units.exact(total), "parts": parts}


def _about_threats(rows: t.Sequence[t.Mapping[str, t.Any]], sums: Sums) -> list[Tile]:
    found: list[Tile] = []
    if sums.incidents is not None:
        of = f"of {sums.threats}{_without_number(rows, 'incidents')}"
        found += [_tile("Incidents", units.exact(sums.incidents), of), _critical(rows, sums)]
    if sums.stopped is not None and sums.passed is not None:
        share = units.percent(sums.stopped, sums.stopped + sums.passed)
        gap = _without_number(rows, "blocked")
        found.append(_tile("Incidents blocked", share, f"{units.many(sums.stopped, 'incident')}{gap}"))
        passed = units.many(len(_names(filter(got_through, rows))), "threat")
        note = f"incidents of {passed}{_without_number(rows, 'detected')}"
        found.append(_tile("Got through", units.exact(sums.passed), note, sums.passed > 0))
    return found


def _critical(rows: t.Sequence[t.Mapping[str, t.Any]], sums: Sums) -> Tile:
    critical = [row for row in rows if row.get("severity") == "critical"]
    passed = _names(filter(got_through, critical))
    among = f"{units.many(len(_names(critical)), 'critical threat')}{' among the top' if sums.cut else ''}"
    unknown = any(not is_counter(row.get("detected")) for row in critical)
    high = len(_names(row for row in rows if row.get("severity") == "high" and got_through(row)))
    also = f"; {units.exact(high)} high also got through" if high else ""
    note = f"of {among}{_without_number(critical, 'detected')}{also}"
    return _tile("Critical got through", units.exact(len(passed)), note, bool(passed) or unknown)


def _names(rows: t.Iterable[t.Mapping[str, t.Any]]) -> set[str]:
    return {str(row.get("threat")) for row in rows}


def _about_changes(changes: Data, rows: Rows) -> list[Tile]:
    if not changes:
        return []
    count = units.exact(len(changes["new"]))
    if changes["key"] != ["threat"]:
        return [_tile("New", count, f"not in {changes['periods'][-2]['name']}")]
    if not changes["new"]:
        return [_tile("New threats", count, "all threats were in an earlier period")]
    outcomes = {name: _outcome([row for row in rows if str(row.get("threat")) == name]) for name in changes["new"]}
    named = min(outcomes, key=lambda name: OUTCOMES.index(outcomes[name]))
    more = f" and {units.exact(len(outcomes) - 1)} more" if len(outcomes) > 1 else ""
    note = f"{shortened(named, LONGEST_NAME)} ({outcomes[named]}){more}"
    return [_tile("New threats", count, note, outcomes[named] != BLOCKED)]


def _outcome(rows: Rows) -> str:
    if any(map(got_through, rows)):
        return THROUGH
    return BLOCKED if rows and all(is_counter(row.get("detected")) for row in rows) else NOT_KNOWN


def _about_blocks(blocked: Data) -> list[Tile]:
    if not blocked:
        return []
    totals = blocked["totals"]
    failed = f"{units.exact(totals['failed'])} failed, " if totals["failed"] else ""
    note = f"{failed}{units.exact(totals['refused'])} refused"
    return [_tile("Addresses blocked", units.exact(totals["blocked"]), note, bool(totals["failed"]))]


def _without_number(rows: t.Sequence[t.Mapping[str, t.Any]], column: str) -> str:
    missing = without_number(rows, column)
    return f"; {units.no_number(missing, len(rows))}" if missing else ""


def _tile(label: str, value: str, note: str, alarming: bool = False) -> Tile:
    return {"label": label, "value": value, "note": note, "alarming": alarming}


def _rows(sources: Sources) -> list[dict[str, t.Any]]:
    return [row for source in sources for row in source.table.rows]
