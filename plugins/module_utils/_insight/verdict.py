# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the report says first: whether action is needed, as one term and at most two sentences.

"Under control" needs proof. Data that was not answered, was cut off or has no number is a doubt. With a doubt,
the absence of a threat proves nothing.
"""

from __future__ import annotations

import typing as t

from .._query.rows import is_counter
from . import units
from .attackers import Attackers
from .block_state import BlockStates
from .counts import SEVERE, Before, Counts, change_text, got_through
from .effect import THROUGH, unproven
from .tables import Table

ACTION, CONTROL, UNKNOWN = "action", "control", "unknown"
WORDS = {ACTION: "Action needed", CONTROL: "Under control", UNKNOWN: "Unknown: data incomplete"}

Line = t.Mapping[str, t.Any]
Data = t.Optional[Line]


class Facts(t.NamedTuple):
    """What a verdict is made of. `failed` is the number of queries without an answer, `others` are further rankings of the same ADOMs."""

    threats: t.Sequence[Table]
    failed: int
    counts: Counts
    before: t.Optional[Before]
    attention: list[dict[str, t.Any]]
    attackers: Attackers
    states: BlockStates
    blocked: Data
    effect: Data
    others: t.Sequence[Table] = ()


def verdict(facts: Facts) -> dict[str, t.Any]:
    """`level`, `word`, `sentences`, and `doubts`, which say what is missing."""
    doubts = _doubts(facts)
    open_addresses = list(dict.fromkeys(address for one in facts.attention for address in one["undecided"]))
    nameless = [one for one in facts.attention if one["unexplained"]]
    through = _still_through(facts)
    failed = _failed(facts.blocked)
    act = bool(open_addresses or nameless or through or failed)
    level = ACTION if act else UNKNOWN if doubts else CONTROL
    return {
        "level": level,
        "word": WORDS[level],
        "sentences": [
            _what_got_through(facts, bool(doubts)),
            _what_was_done(facts, failed, {*open_addresses, *through}),
        ],
        "doubts": doubts,
        "got_through": facts.counts.severe,
        "addresses": sorted({address for one in facts.attention for address in one["attackers"]}),
        "undecided": sorted({*open_addresses, *through}),
    }


def _doubts(facts: Facts) -> list[str]:
    """Why there may be more than the report shows."""
    said = []
    if facts.failed:
        said.append(f"{units.many(facts.failed, 'query')} failed.")
    if not facts.threats:
        said.append("The report has no ranking of threats.")
    for table in facts.threats:
        said += _lacks(table)
    for table in facts.others:
        known = {one["threat"] for one in facts.attention if one["adom"] == table.adom}
        rows = [row for row in table.rows if row.get("severity") in SEVERE and got_through(row)]
        missing = {str(row.get("threat") or "-") for row in rows} - known
        if missing:
            said.append(
                f"Another ranking of threats{_in_adom(table)} has {units.many(len(missing), 'threat')} that got through and that this one does not have."
            )
    return said


def _lacks(table: Table) -> t.Iterator[str]:
    """What a ranking of threats does not show."""
    where, result = _in_adom(table), table.result or {}
    if table.truncated:
        yield f"The ranking of threats{where} is cut after {units.many(len(table.rows), 'row')}."
    without = sum(not is_counter(row.get("detected")) for row in table.rows)
    if without:
        yield f"{units.many(without, 'threat')}{where} without a number of detected incidents."
    unrated = sum(got_through(row) and not row.get("severity") for row in table.rows)
    if unrated:
        yield f"{units.many(unrated, 'threat')}{where} got through, without a severity."
    query = result.get("query")
    before = query.get("offset") if isinstance(query, t.Mapping) else 0
    if before:
        yield f"The ranking of threats{where} begins after {units.many(before, 'row')}."
    yield from unproven(result)


def _in_adom(table: Table) -> str:
    return f" in {table.adom}" if table.adom else ""


def _still_through(facts: Facts) -> list[str]:
    """Addresses that were blocked and still get through."""
    return [str(row["address"]) for row in (facts.effect or {}).get("rows", ()) if row["state"] == THROUGH]


def _failed(blocked: Data) -> list[Line]:
    return [one for one in (blocked or {}).get("addresses", ()) if one["state"] == "failed"]


def _what_got_through(facts: Facts, doubtful: bool) -> str:
    names = {one["threat"] for one in facts.attention}
    if not names:
        if doubtful:
            return "Whether a critical or high threat got through is not known, because the data is incomplete."
        return f"No critical or high threat got through{_compared(facts)}."
    severities = [word for word in SEVERE if any(one["severity"] == word for one in facts.attention)]
    counted = units.exact(facts.counts.severe or 0)
    return (
        f"{units.many(len(names), ' and '.join(severities) + ' threat')} got through in {counted} incident{'' if facts.counts.severe == 1 else 's'}"
        f"{_compared(facts)}{_sources(facts)}."
    )


def _sources(facts: Facts) -> str:
    addresses = {address for one in facts.attention for address in one["attackers"]}
    if not addresses:
        return ""
    asked = all(one["adom"] in facts.attackers.adoms for one in facts.attention)
    unexplained = any(one["unexplained"] for one in facts.attention)
    least = "" if asked and not facts.attackers.gaps and not unexplained else "at least "
    return f", from {least}{units.many(len(addresses), 'address')}"


def _compared(facts: Facts) -> str:
    if facts.before is None:
        return ""
    then = facts.before.counts.severe
    if then is None:
        return ""
    change = change_text(facts.counts.severe or 0, then, facts.before)
    return f" ({facts.before.name}: {units.exact(then)}; {change})"


def _what_was_done(facts: Facts, failed: t.Sequence[Line], undecided: set[str]) -> str:
    held = _held(facts)
    wanted = [_decision(undecided, {str(one["address"]) for one in held})] if undecided else []
    wanted += _nameless(facts)
    if not wanted and failed:
        wanted = ["the failed changes need a decision"]
    return f"{'; '.join([_done(facts, held, failed), *wanted])}."


def _decision(undecided: set[str], held: set[str]) -> str:
    """Says how many of them are among the blocked addresses, because these numbers do not add up otherwise."""
    needs, both = "needs" if len(undecided) == 1 else "need", len(undecided & held)
    if not held:
        return f"{units.many(len(undecided), 'address')} {needs} a decision"
    if not both:
        return f"{units.many(len(undecided), 'other address')} {needs} a decision"
    return f"{units.many(len(undecided), 'address')} {needs} a decision, {units.exact(both)} of them blocked, but not everywhere or not with effect"


def _nameless(facts: Facts) -> list[str]:
    """Threats with incidents of which no attacker is known."""
    nameless = {one["threat"] for one in facts.attention if one["unexplained"]}
    if not nameless:
        return []
    every = len({one["threat"] for one in facts.attention})
    among = f"for {units.exact(len(nameless))} of the {units.many(every, 'threat')}, " if every > 1 else ""
    return [f"{among}some or all attackers are not known"]


def _held(facts: Facts) -> list[Line]:
    if facts.blocked is None:
        return [row for row in (facts.effect or {"rows": ()})["rows"] if row["fortigates"]]
    return [one for one in facts.blocked["addresses"] if one["state"] == "blocked"]


def _done(facts: Facts, held: t.Sequence[Line], failed: t.Sequence[Line]) -> str:
    if facts.blocked is None and facts.effect is None:
        return "What was blocked is not in this report"
    is_word = "is" if len(held) == 1 else "are"
    said = f"{units.many(len(held), 'address')} {is_word} blocked{_on(held)}"
    if failed:
        said += f", {units.many(len(failed), 'address')} could not be changed{_on(failed)}"
    refused = sum(one["state"] == "refused" for one in (facts.blocked or {"addresses": ()})["addresses"])
    return (
        f"{said}, {units.exact(refused)} {'was' if refused == 1 else 'were'} refused by a guardrail"
        if refused
        else said
    )


def _on(addresses: t.Sequence[Line]) -> str:
    # The effect of blocks names VDOMs too.
    fortigates = {name.partition("/")[0] for one in addresses for name in one["fortigates"]}
    return f" on {units.many(len(fortigates), 'FortiGate')}" if fortigates else ""
