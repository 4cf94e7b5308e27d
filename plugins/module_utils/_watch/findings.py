# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds new and worse rows in a result, and makes their events (protocol_fortianalyzer.rst, "Clocks and late logs")."""

from __future__ import annotations

import json
import re
import typing as t
import uuid

from .._common.validation import CONTROL
from .._query.queries import Query
from .._query.results import Result
from .._query.rows import Row, is_counter
from .memory import SEVERITIES, Known
from .options import Growth

NEW, WORSENED = "new", "worsened"
# An arbitrary constant, so that identifiers of this event source never equal identifiers of another program.
NAMESPACE = uuid.UUID("6f1c8a52-4b0e-5d7a-9d3e-2a7c50c1f3b8")


class Finding(t.NamedTuple):
    """A row to report. `known` is the state of the row that is remembered after the report."""

    identifier: str
    known: Known
    event: dict[str, t.Any]


def values_of(row: Row, columns: t.Sequence[str]) -> t.Optional[list[str]]:
    """The values of these columns. None if the row has none of the columns."""
    return [str(row.get(column, "")) for column in columns] if any(column in row for column in columns) else None


def identifier_of(*words: object) -> str:
    """A digest of the values. It is the same in every process and on every machine."""
    return str(uuid.uuid5(NAMESPACE, json.dumps(words)))


def known_of(query: Query, row: Row, fields: t.Iterable[str], now: float) -> Known:
    """The state of the row. Counters that are not numbers are omitted, because an absent counter is not 0."""
    counters = {field: row[field] for field in fields if is_counter(row.get(field))}
    severity = str(row.get("severity", ""))
    return Known(query.name, severity if severity in SEVERITIES else "", counters, now)


def has_worsened(before: Known, now: Known, rules: t.Mapping[str, Growth]) -> bool:
    """Whether the severity rose, or a counter grew by at least the amount in its rule."""
    if before.severity and SEVERITIES.index(now.severity) > SEVERITIES.index(before.severity):
        return True
    return any(
        rule.reached(before.counters[field], now.counters[field])
        for field, rule in rules.items()
        if field in before.counters and field in now.counters
    )


def event_of(
    host: str, query: Query, result: Result, row: Row, key: t.Sequence[str], known: Known, before: t.Optional[Known]
) -> dict[str, t.Any]:
    """The event about a row. `before` is the last reported state of the row. None for a new row."""
    identifier = identifier_of(host, query.name, query.adom, query.view_name, *key)
    previous: dict[str, t.Any] = {}
    if before is not None:
        previous = dict(before.counters, **({"severity": before.severity} if before.severity else {}))
        identifier = identifier_of(identifier, known.severity, sorted(known.counters.items()))
    event = {
        "kind": NEW if before is None else WORSENED,
        "id": identifier,
        "host": host,
        "name": query.name,
        "view": query.view_name,
        "adom": query.adom,
        "key": " | ".join(key),
        "row": row,
        "masked_fields": result.masked_fields,
        "time_range": result.ticket.request.time_range,
        "previous": previous,
    }
    return t.cast("dict[str, t.Any]", inert(event))


def inert(value: t.Any) -> t.Any:
    """The value without text that Jinja would evaluate, without control characters, and without halves of surrogate
    pairs, which cannot be encoded.

    Rulebooks pass whole events to playbooks as extra variables, which Ansible evaluates as templates. The name of a
    threat, which an attacker may choose, must not become a template. A text that begins with `#jinja2:` could even
    change the delimiters of templates.
    """
    if isinstance(value, str):
        text = CONTROL.sub("?", value.encode("utf-8", "replace").decode("utf-8"))
        return re.sub(r"\{(?=[{%#])", "{ ", text).replace("#jinja2:", "# jinja2:")
    if isinstance(value, dict):
        return {inert(key): inert(inner) for key, inner in value.items()}
    return [inert(inner) for inner in value] if isinstance(value, (list, tuple)) else value
