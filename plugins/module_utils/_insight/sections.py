# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lays out the sections of a report about periods, ADOMs, blocks and their effect."""

from __future__ import annotations

import typing as t
from collections import Counter

from .._common.naming import agree
from .._query.rows import Row
from . import units
from .counts import MINUS
from .grids import Cell, Column, counter, grid, has, number, text, volume, words
from .page_zone import PageZone
from .provenance import time_range
from .widespread import Shared, overlap

# The symbols before the text of a change, so that the change is visible without colour.
SIGNS = {"new": "✚", "rising": "▲", "steady": "▬", "falling": "▼", "gone": "✖"}
MEANINGS = {
    "new": "in no earlier period",
    "rising": "more than in the previous period",
    "steady": "about the same as in the previous period",
    "falling": "less than in the previous period",
    "gone": "not in the last period",
}
# The order of changes on the page.
ORDER = ("new", "rising", "gone", "falling", "steady")
MOST_ADOMS = 12
MOST_SHARED = 100
STEPS = 5

Section = dict[str, t.Any]


def trend_section(changes: dict[str, t.Any], top: int) -> Section:
    """New, rising, gone, falling and steady entries, with a column for each period. In each group, the entry with the greatest change is first."""
    measure, periods = changes["by"], changes["periods"]
    columns = [
        text("subject", "Threat" if changes["key"] == ["threat"] else "Entry", "name"),
        *([text("severity", kind="severity")] if has(changes["entries"], "severity") else []),
        Column("Change", "change", _change),
        Column("Trend", "spark", lambda entry: _course(entry, periods, measure)),
        *[_period_column(place, period["name"], changes) for place, period in enumerate(periods)],
        Column("Difference", "number", lambda entry: _difference(entry, measure)),
        Column("Seen in", "text", lambda entry: _seen(entry, len(periods))),
    ]
    entries = sorted(
        changes["entries"],
        key=lambda entry: (ORDER.index(entry["trend"]), -abs(entry["change"] or 0), entry["subject"]),
    )
    made = grid(columns, entries, top, len(entries), ranked=False)
    made.update(id="trend-entries", title="Threats by change", file="trend.csv", behind=None, legend=False)
    tallies = [
        {"word": word, "sign": SIGNS[word], "count": units.exact(len(changes[word])), "meaning": MEANINGS[word]}
        for word in ORDER
    ]
    return {
        "tallies": tallies,
        "periods": [_period(period) for period in periods],
        "notes": _trend_notes(changes),
        "grid": made,
    }


def adom_section(everything: t.Sequence[Shared], shared: t.Sequence[Shared], top: int) -> Section:
    """Threats that ADOMs share, as a matrix of pairs and as rows with the counters of each ADOM."""
    sizes = Counter(adom for one in everything for adom in one["adoms"])
    adoms = [adom for adom, dummy in sorted(sizes.items(), key=lambda one: (-one[1], one[0]))]
    left_out = adoms[MOST_ADOMS:]
    adoms = sorted(adoms[:MOST_ADOMS])
    columns = [
        text("threat", "Threat", "name"),
        *([text("severity", kind="severity")] if has(shared, "severity") else []),
        number("adom_count", "ADOMs"),
        *[_adom_column(adom) for adom in adoms],
        number("incidents"),
    ]
    made = grid(columns, shared, top, max(top, MOST_SHARED), ranked=False)
    made.update(id="widespread", title="Threats in several ADOMs", file="widespread.csv", behind=None)
    made["empty"] = "No threat is in two or more of these ADOMs."
    incomplete = sum(1 for one in shared if one["without_number"])
    notes = [f"Not in the matrix: {', '.join(left_out)}."] if left_out else []
    if incomplete:
        have = agree(
            incomplete, "has rows without a number, so its sum is", "have rows without a number, so their sums are"
        )
        notes.append(f"{incomplete} of {units.many(len(shared), 'threat')} {have} too low.")
    return {"adoms": adoms, "cells": _cells(overlap(everything, adoms)), "grid": made, "notes": notes}


def _cells(counts: t.Sequence[t.Sequence[int]]) -> list[list[dict[str, t.Any]]]:
    """The cells of the matrix. `step` is the shade of a pair, from 0 to STEPS for the pair with the highest count."""
    most = max((count for place, row in enumerate(counts) for count in row[place + 1 :]), default=0) or 1
    return [
        [
            {"count": count, "own": left == right, "step": 0 if left == right else -(-count * STEPS // most)}
            for right, count in enumerate(row)
        ]
        for left, row in enumerate(counts)
    ]


def block_section(found: dict[str, t.Any], top: int, most: int, zone: PageZone) -> Section:
    """A table for each state of a block, with the addresses and the reasons."""
    columns = [
        text("address", "Address", "name"),
        text("result", "Result"),
        text("places", "FortiGates"),
        Column("Until", "text", lambda row: words(zone(row.get("until")))),
        text("why", "Why"),
        text("evidence", "Evidence"),
    ]
    titles = {
        "blocked": "Blocked",
        "failed": "Not changed, because the change failed",
        "ended": "Expired blocks",
        "undone": "Rolled back, because the change could not be verified",
        "refused": "Refused",
        "unblocked": "Unblocked, or removed after they expired",
        "untouched": "Not changed",
    }
    grids = []
    for state, title in titles.items():
        rows: list[Row] = [one for one in found["addresses"] if one["state"] == state]
        if rows:
            wanted = [column for column in columns if column.title != "Until" or has(rows, "until")]
            made = grid(wanted, rows, top, most, ranked=False)
            made.update(id=f"blocks-{state}", title=title, file="blocks.csv", behind=None)
            grids.append(made)
    return {"grids": grids, "unreadable": found["unreadable"]}


def effect_section(found: dict[str, t.Any], top: int, most: int, zone: PageZone) -> Section:
    """The effect of blocks. An unknown value is shown as a hyphen, with the reason as a note."""
    rows: list[Row] = found["rows"]
    columns = [
        text("address", "Address", "name"),
        text("state", "State"),
        number("blocked"),
        number("detected"),
        number("list_hits", "Policy hits"),
        Column("Last hit", "text", lambda row: words(zone(row.get("list_last_hit")))),
        text("fortigates", "FortiGates"),
        *(
            [text("devices_without_block", "FortiGates without the block")]
            if has(rows, "devices_without_block")
            else []
        ),
        Column("Blocked since", "text", lambda row: words(zone(row.get("since")))),
        text("notes", "Note"),
    ]
    made = grid(columns, rows, top, most, ranked=False)
    made.update(id="effect-addresses", title="Blocked addresses", file="effect.csv", behind=None)
    made["empty"] = "No run is known to have blocked an address."
    counted = ", ".join(f"{state}: {units.exact(count)}" for state, count in found["totals"].items())
    begun = f"Incidents from {zone(found['start'])} to {zone(found['end'])}. " if found["start"] else ""
    notes = [
        f"{begun}{counted}.",
        "Policy hits include all addresses of a threat feed or address group since the counters were last cleared. A FortiGate does not "
        "report when it cleared the counters.",
    ]
    return {"grid": made, "notes": [*notes, *found["gaps"], *found["notes"]]}


def _adom_column(adom: str) -> Column:
    return Column(adom, "number", lambda one: counter(one["counters"].get(adom)))


def _period_column(place: int, name: str, changes: t.Mapping[str, t.Any]) -> Column:
    """The compared counter of a period. The rank is shown on hover, and also the total if counters per day are compared."""
    measure, per_day = changes["by"], changes["basis"] == "per_day"

    def cell(entry: Row) -> Cell:
        if entry["rates"][place] is None:
            return Cell("-")
        total = f"{_amount(entry['counters'][place], measure).text} in all, " if per_day else ""
        return Cell(_amount(entry["rates"][place], measure).text, f"{total}rank {entry['ranks'][place]}")

    return Column(f"{name}, per day" if per_day else name, "number", cell)


def _amount(value: t.Any, measure: str) -> Cell:
    return volume(value) if measure in ("bytes", "bandwidth") else counter(value)


def _change(entry: Row) -> Cell:
    said = f"{SIGNS[entry['trend']]} {entry['trend']}"
    return (
        Cell(f"{said} ?", "a counter or a result is missing, or the entry may be below the last row that was requested")
        if entry["uncertain"]
        else Cell(said)
    )


def _difference(entry: Row, measure: str) -> Cell:
    if entry["change_percent"] is not None:
        share = entry["change_percent"]
        sign = "+" if share > 0 else MINUS if share < 0 else ""
        return Cell(f"{sign}{units.exact(round(abs(share)))} %")
    return Cell(f"+{_amount(entry['change'], measure).text}" if entry["change"] else "-")


def _seen(entry: Row, periods: int) -> Cell:
    return Cell("every period" if entry["persistent"] else f"{entry['seen']} of {periods}")


def _course(entry: Row, periods: t.Sequence[t.Mapping[str, t.Any]], measure: str) -> Cell:
    """One bar for each period. Each entry has a separate scale, because the bars show the trend, and other columns show the counters."""
    most = max(rate or 0 for rate in entry["rates"]) or 1
    parts = tuple(
        ("last" if place == len(periods) - 1 else "earlier", place, round(100 * (rate or 0) / most, 1))
        for place, rate in enumerate(entry["rates"])
    )
    said = ", ".join(
        f"{period['name']} {_amount(rate, measure).text if rate is not None else 'none'}"
        for period, rate in zip(periods, entry["rates"])
    )
    return Cell(said, "", parts)


def _period(period: t.Mapping[str, t.Any]) -> dict[str, str]:
    length = units.span(period["hours"])
    return {
        "name": period["name"],
        "range": time_range(dict(period)),
        "length": length,
        "subjects": units.exact(period["subjects"]),
    }


def _trend_notes(changes: t.Mapping[str, t.Any]) -> list[str]:
    last, before = changes["periods"][-1]["name"], changes["periods"][-2]["name"]
    how = "counters per day, because the periods have different lengths" if changes["basis"] == "per_day" else "totals"
    notes = [
        f'"{last}" is compared with "{before}" by {how}. Rising and falling mean a change of at least {changes["threshold"]:g} %.'
    ]
    if len(changes["periods"]) > 2:
        count = units.many(len(changes["persistent"]), "threat" if changes["key"] == ["threat"] else "entry")
        notes.append(f"{count} {agree(len(changes['persistent']))} in each of the {len(changes['periods'])} periods.")
    cut = [period["name"] for period in changes["periods"] if period["truncated"]]
    if cut:
        notes.append(
            f"The ranking may be cut at its limit in {', '.join(cut)}. An entry that is missing there may be below the limit."
            ' Such an entry is marked with "?".'
        )
    unread = [
        f"In {period['name']}, {units.no_number(period['without_number'], period['rows'], changes['by'])}."
        for period in changes["periods"]
        if period["without_number"]
    ]
    if changes["gaps"]:
        notes.append(
            "Some queries failed, as listed above. An entry that is missing in a period may be in the result of a failed query."
        )
    return notes + unread
