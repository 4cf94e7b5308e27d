# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the verdict of the report: whether action is needed, as one term and a few sentences.

"Under control" needs proof. Missing results, incomplete rankings and missing numbers are doubts. With a doubt,
the absence of a threat proves nothing.
"""

from __future__ import annotations

import typing as t

from .._common.addresses import is_ours, parse_target
from .._common.clock_text import parse_time, time_text
from .._common.naming import agree
from .._query.devices import ALL_FORTIGATES, asks_all
from .._query.rows import is_counter
from . import units
from .attackers import Attackers
from .block_state import BlockStates
from .blocks import in_state, on_fortigates
from .counts import SEVERE, Before, Counts, change_text, got_through
from .effect import THROUGH, unproven
from .page_zone import PageZone
from .provenance import devices
from .tables import Table, in_adom
from .visible import shortened

ACTION, CONTROL, UNKNOWN = "action", "control", "unknown"
WORDS = {ACTION: "Action needed", CONTROL: "Under control", UNKNOWN: "Unknown: data incomplete"}

# Maximum number of named addresses, and of characters of a reason.
MOST = 2
LONGEST_REASON = 60

Line = t.Mapping[str, t.Any]
Data = t.Optional[Line]


class Facts(t.NamedTuple):
    """The data for a verdict. `failed` is the number of failed queries. `others` are further rankings of the same ADOMs.
    `now` is the time at which the audit log was read."""

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
    zone: PageZone = PageZone()
    now: t.Optional[str] = None


def verdict(facts: Facts) -> dict[str, t.Any]:
    """The verdict, in the format of the report's schema. Its `doubts` are sentences about missing data."""
    doubts = _doubts(facts)
    undecided = {address for one in facts.attention for address in one["undecided"]} | _still_through(facts)
    nameless = any(one["unexplained"] for one in facts.attention)
    failed = in_state(facts.blocked, "failed")
    level = ACTION if undecided or nameless or failed else UNKNOWN if doubts else CONTROL
    return {
        "level": level,
        "word": WORDS[level],
        "sentences": [
            _what_got_through(facts, bool(doubts)) + _scope(facts),
            *_what_is_left(facts, failed, undecided),
            f"{_done(facts, _held(facts), failed)}.",
        ],
        "doubts": doubts,
        "got_through": facts.counts.severe,
        "addresses": sorted(_attacking(facts)),
        "undecided": sorted(undecided),
    }


def _doubts(facts: Facts) -> list[str]:
    """Reasons why there may be more threats than the report shows."""
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
                f"Another ranking of threats{in_adom(table)} shows that {units.many(len(missing), 'more critical or high threat')} got through."
            )
    return said


def _lacks(table: Table) -> t.Iterator[str]:
    """The gaps of a ranking of threats."""
    where, result = in_adom(table), table.result or {}
    query = result.get("query")
    query = query if isinstance(query, t.Mapping) else {}
    if query.get("filter"):
        yield f"The ranking of threats{where} has a filter, which can exclude threats."
    if table.truncated:
        yield f"The ranking of threats{where} may be cut after {units.many(len(table.rows), 'row')}."
    without = sum(not is_counter(row.get("detected")) for row in table.rows)
    if without:
        yield f"The number of detected incidents is missing for {units.many(without, 'threat')}{where}."
    unrated = sum(got_through(row) and not row.get("severity") for row in table.rows)
    if unrated:
        yield f"The severity of {units.many(unrated, 'threat')} that got through{where} is not known."
    if query.get("offset"):
        yield f"The ranking of threats{where} starts after {units.many(query['offset'], 'row')}."
    yield from unproven(result)


def _still_through(facts: Facts) -> set[str]:
    """The addresses that are blocked but still get through."""
    return {str(row["address"]) for row in (facts.effect or {}).get("rows", ()) if row["state"] == THROUGH}


def _what_got_through(facts: Facts, doubtful: bool) -> str:
    names = {one["threat"] for one in facts.attention}
    if not names:
        if doubtful:
            return "It is not known whether a critical or high threat got through, because the data is incomplete."
        return f"No critical or high threat got through{_compared(facts)}."
    severities = [word for word in SEVERE if any(one["severity"] == word for one in facts.attention)]
    return (
        f"{units.many(len(names), ' and '.join(severities) + ' threat')} got through in "
        f"{units.many(facts.counts.severe or 0, 'incident')}"
        f"{_compared(facts)}{_sources(facts)}."
    )


def _scope(facts: Facts) -> str:
    """A sentence with the devices that were queried. Empty if all devices were queried."""
    partly = {table.adom: named for table in facts.threats for named in [_some_devices(table)] if named}
    if not partly:
        return ""
    named = sorted({shortened(name, LONGEST_REASON) for names in partly.values() for name in names})
    adoms = sorted(partly)
    only = "Only" if len(partly) == len(facts.threats) else f"In {units.series(adoms[:MOST], len(adoms))}, only"
    return f" {only} these devices were queried: {units.series(named[:MOST], len(named))}."


def _some_devices(table: Table) -> list[str]:
    selection = (table.result or {}).get("device")
    everything = isinstance(selection, list) and (asks_all(selection) or selection == [ALL_FORTIGATES])
    return [] if everything else devices(selection)


def _sources(facts: Facts) -> str:
    addresses = _attacking(facts)
    if not addresses:
        return ""
    asked = all(one["adom"] in facts.attackers.adoms for one in facts.attention)
    unexplained = any(one["unexplained"] for one in facts.attention)
    least = "" if asked and not facts.attackers.gaps and not unexplained else "at least "
    return f", from {least}{units.many(len(addresses), 'attacking address')}"


def _attacking(facts: Facts) -> set[str]:
    return {address for one in facts.attention for address in one["attackers"]}


def _compared(facts: Facts) -> str:
    if facts.before is None:
        return ""
    then = facts.before.counts.severe
    if then is None:
        return ""
    change = change_text(facts.counts.severe or 0, then, facts.before)
    return f" ({facts.before.name}: {units.exact(then)}; {change})"


def _what_is_left(facts: Facts, failed: t.Sequence[Line], undecided: set[str]) -> list[str]:
    """The open decisions as one sentence, or no sentence."""
    nameless = _nameless(facts)
    said = [*_attackers(facts, undecided), *_others(undecided - _attacking(facts)), *nameless]
    if failed and not undecided and not nameless:
        said.append("the failed changes need a decision")
    text = "; ".join(said)
    return [f"{text[0].upper()}{text[1:]}."] if text else []


def _attackers(facts: Facts, undecided: set[str]) -> list[str]:
    """The numbers of attacking addresses that are blocked and that need a decision. Their sum is the number of all attacking addresses."""
    attacking = _attacking(facts)
    wanted = attacking & undecided
    blocked, count = len(attacking) - len(wanted), units.many(len(attacking), "attacking address")
    if not attacking:
        return []
    if not wanted:
        return ["the attacking address is blocked" if len(attacking) == 1 else f"all {count} are blocked"]
    needs = agree(len(wanted), "needs", "need")
    detail = _detail(facts, wanted)
    if blocked:
        return [
            f"of the {count}, {units.exact(blocked)} {agree(blocked)} blocked and {units.exact(len(wanted))} {needs} a decision{detail}"
        ]
    return [f"{'the attacking address' if len(attacking) == 1 else f'all {count}'} {needs} a decision{detail}"]


def _detail(facts: Facts, wanted: t.Iterable[str]) -> str:
    """The number of addresses that are blocked in some places, and the addresses that a guardrail refused."""
    if not facts.states.known:
        return ""
    states = {address: facts.states.of(address) for address in wanted}
    held = sum(state.held for state in states.values())
    refused = sorted(address for address, state in states.items() if state.refused)
    blocked = f"{units.exact(held)} blocked, but not on every FortiGate or without effect"
    said = [blocked if held else "none is known to be blocked"]
    if refused:
        said.append(f"{_few(refused) or units.exact(len(refused))} refused")
    return f" ({', '.join(said)})"


def _others(addresses: t.Collection[str]) -> list[str]:
    """The number of blocked addresses that still get through, but not with a critical or high threat."""
    if not addresses:
        return []
    return [
        f"{units.many(len(addresses), 'other address')} {agree(len(addresses))} blocked, but still {agree(len(addresses), 'gets', 'get')} through"
    ]


def _nameless(facts: Facts) -> list[str]:
    """The number of threats with detected incidents whose attacker is not known."""
    nameless = {one["threat"] for one in facts.attention if one["unexplained"]}
    if not nameless:
        return []
    every = len({one["threat"] for one in facts.attention})
    among = f"for {units.exact(len(nameless))} of the {units.many(every, 'threat')}, " if every > 1 else ""
    return [f"{among}some or all attackers are not known"]


def _held(facts: Facts) -> list[Line]:
    if facts.blocked is None:
        return [row for row in (facts.effect or {"rows": ()})["rows"] if row["fortigates"]]
    return in_state(facts.blocked, "blocked")


def _done(facts: Facts, held: t.Sequence[Line], failed: t.Sequence[Line]) -> str:
    if facts.blocked is None and facts.effect is None:
        return "This report contains no data about blocks"
    said = [_blocks(facts, held) if held else "No address is known to be blocked"]
    if failed:
        said.append(f"{units.many(len(failed), 'address')} could not be changed{_on(failed)}")
    return "; ".join([*said, *_refused(facts.blocked)])


def _blocks(facts: Facts, held: t.Sequence[Line]) -> str:
    # The states are compared instead of the addresses, because an attacker can be in a network that is blocked.
    attacking = _attacking(facts)
    others = attacking and not any(facts.states.of(address).held for address in attacking)
    counted = units.many(len(held), "other address" if others else "address")
    names = _few([one["address"] for one in held])
    return f"{counted} {agree(len(held))} blocked{_on(held)}{f': {names}' if names else ''}{_until(facts, held)}"


def _few(addresses: t.Sequence[str]) -> str:
    """The addresses as text. Empty if there are too many addresses for a sentence."""
    named = [shortened(address, LONGEST_REASON) for address in addresses]
    return units.series(named, len(named)) if 0 < len(named) <= MOST else ""


def _until(facts: Facts, held: t.Sequence[Line]) -> str:
    """The earliest known end in the future. A block without a known end may be permanent."""
    ends = list(filter(None, (_moment(one.get("until")) for one in held)))
    now = _moment(facts.now)
    # An entry of a threat feed or address group remains after its end, until it is removed.
    later = [one for one in ends if now is None or one > now]
    return f" (earliest known end: {facts.zone(time_text(int(min(later))))})" if later else ""


def _moment(text: object) -> t.Optional[float]:
    try:
        return parse_time(text)
    except ValueError:
        return None


def _refused(blocked: Data) -> list[str]:
    """A phrase about refused addresses. Internal addresses come first, because they can be infected hosts."""
    refused = in_state(blocked, "refused")
    if not refused:
        return []
    named = [_with_reason(one) for one in sorted(refused, key=lambda one: (not _is_ours(one), one["address"]))]
    text = units.series(named[:MOST], len(named))
    return [f"a guardrail refused to block {units.many(len(refused), 'address')}: {text}"]


def _is_ours(one: Line) -> bool:
    target = parse_target(one["address"])
    return target is not None and is_ours(target)


def _with_reason(one: Line) -> str:
    """The address with its reason, without details that are in the table of blocks."""
    why = "; ".join(reason.partition(" (")[0] for reason in str(one.get("why") or "").split("; "))
    return shortened(one["address"], LONGEST_REASON) + (f" ({shortened(why, LONGEST_REASON)})" if why else "")


def _on(addresses: t.Sequence[Line]) -> str:
    # Names in the effect of blocks include the VDOM.
    return on_fortigates(name.partition("/")[0] for one in addresses for name in one["fortigates"])
