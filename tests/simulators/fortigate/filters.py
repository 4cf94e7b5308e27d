# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading parts of a table: filter, format, start and count (protocol_fortigate.rst, "Configuration tables")."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .call import Call
from .errors import malformed
from .table import Obj

_TERM = re.compile(r"([\w.-]+)(==|!=|=@|!@|<=|>=|<|>)(.*)", re.DOTALL)


def select(objects: Iterable[Obj], call: Call) -> list[Obj]:
    """Several filters must all hold; within one, commas separate alternatives."""
    found = list(objects)
    for text in call.query.get("filter", []):
        terms = _terms(text)
        found = [item for item in found if any(_holds(item, *term) for term in terms)]
    start, count = _number(call, "start"), _number(call, "count")
    found = found[start or 0 :]
    found = found if count is None else found[:count]
    return [formatted(item, call) for item in found]


def formatted(item: Obj, call: Call) -> Obj:
    """Only the attributes that were asked for; the origin key is always there."""
    names = (call.first("format") or "").split("|")
    if names == [""]:
        return item
    return {name: value for name, value in item.items() if name in names or name == "q_origin_key"}


def _terms(text: str) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for part in text.split(","):
        match = _TERM.fullmatch(part)
        if match is not None:
            found.append((match[1], match[2], match[3]))
        elif found:
            # A further value for the same attribute.
            found.append((*found[-1][:2], part))
        else:
            raise malformed(f"filter {part!r} cannot be read")
    return found


def _holds(item: Obj, name: str, operator: str, wanted: str) -> bool:
    values = [str(value).lower() for value in _values(item.get(name))]
    wanted = wanted.lower()
    if operator in ("!=", "!@"):
        return not _holds(item, name, "==" if operator == "!=" else "=@", wanted)
    if operator == "==":
        return wanted in values
    if operator == "=@":
        return any(wanted in value for value in values)
    return any(_compare(value, operator, wanted) for value in values)


def _values(value: Any) -> list[Any]:
    """A list of objects is looked at by its keys."""
    if isinstance(value, list):
        return [item.get("q_origin_key") if isinstance(item, dict) else item for item in value]
    return [] if value is None else [value]


def _compare(value: str, operator: str, wanted: str) -> bool:
    try:
        pair: tuple[Any, Any] = (float(value), float(wanted))
    except ValueError:
        pair = (value, wanted)
    left, right = pair
    return bool({"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator])


def _number(call: Call, name: str) -> int | None:
    text = call.first(name)
    if text is None:
        return None
    if not text.isdecimal():
        raise malformed(f"{name} must be a number")
    return int(text)
