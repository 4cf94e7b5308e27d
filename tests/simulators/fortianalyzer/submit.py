# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validation of a submit: what is refused, and what is ignored without an error.

See protocol_fortianalyzer.rst, "Submit".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import filters
from .call import Call
from .devices import Selection, select
from .errors import (
    filter_not_supported,
    invalid_params,
    missing_column,
    view_not_found,
)
from .inventory import Device
from .switches import Switches
from .time_ranges import Window, read_window
from .views import DOCUMENTED_FIELDS, View, find_view

_DOCUMENTED_LIMITS = {"top-sources": 10, "top-threats": 50, "top-applications": 100, "sdwan-*": 10, "*": 100}


@dataclass(frozen=True)
class Scope:
    """Where a query runs: an ADOM, or one vdom of one firewall."""

    adom: str
    serial: str = ""
    vdom: str = ""


@dataclass(frozen=True)
class Query:
    """A submit after validation."""

    scope: Scope
    view: View
    devices: Selection
    filter: filters.Node | None
    filter_text: str
    case_sensitive: bool
    limit: int
    offset: int
    sort_field: str | None
    descending: bool
    window: Window
    count_total: bool
    live: bool


def read_query(
    call: Call, scope: Scope, view_name: str, firewalls: Sequence[Device], switches: Switches, now: float
) -> Query:
    """Validate in the order of a FortiAnalyzer: version, view, numbers, sort, filter, time, devices."""
    params = call.params
    view = usable_view(view_name, switches)
    window = read_window(params, switches, scope.adom, now, call.live)
    sort_field, descending = _sort(params.get("sort-by"), view, call.live)
    text = params.get("filter") or ""
    if not isinstance(text, str):
        raise invalid_params("filter must be a string")
    if scope.serial:
        devices = Selection(pairs=frozenset({(scope.serial, scope.vdom)}))
    else:
        local = [device for device in firewalls if device.adom == scope.adom]
        devices = select(params.get("device"), local, switches.all_words)
    return Query(
        scope=scope,
        view=view,
        devices=devices,
        filter=_filter(text, view, switches, call.live),
        filter_text=text,
        case_sensitive=bool(params.get("case-sensitive", False)),
        limit=whole_number(params, "limit", default_limit(view.name, switches, call.live), 1, switches.limit_max),
        offset=whole_number(params, "offset", 0, 0, None),
        sort_field=sort_field,
        descending=descending,
        window=window,
        count_total=bool(params.get("count-total", False)),
        live=call.live,
    )


def default_limit(view: str, switches: Switches, live: bool) -> int:
    """How many rows a query gets that names no limit: each release and view has a number of its own."""
    given = switches.default_limits
    if given is None:
        given = {"*": switches.limit_max} if live else _DOCUMENTED_LIMITS
    by_family = given.get("sdwan-*") if view.startswith("sdwan-") else None
    return min(given.get(view) or by_family or given.get("*", switches.limit_max), switches.limit_max)


def usable_view(name: str, switches: Switches) -> View:
    view = None if name in switches.missing_views else find_view(name)
    if view is None:
        raise view_not_found(name)
    return view


def whole_number(params: dict[str, Any], name: str, default: int, least: int, most: int | None) -> int:
    value = params.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid_params(f"{name} must be an integer")
    if most is not None and value > most:
        raise invalid_params(f"{name}: {value} is bigger than max value {most}")
    if value < least:
        raise invalid_params(f"{name}: {value} is smaller than min value {least}")
    return value


def _sort(given: Any, view: View, live: bool) -> tuple[str | None, bool]:
    """One field; without an order it is ascending, without a field there is no order at all."""
    if given is None or given == []:
        return None, False
    if not isinstance(given, list) or not isinstance(given[0], dict):
        raise invalid_params("sort-by must be a list of objects")
    if len(given) > 1:
        raise invalid_params("sort-by: only one field is supported")
    field, order = given[0].get("field") or None, given[0].get("order", "asc")
    if order not in ("asc", "desc"):
        raise invalid_params(f"sort-by: order '{order}' not supported")
    if field is not None and field not in view.sortable(live):
        raise missing_column(str(field))
    return field, order == "desc"


def _filter(text: str, view: View, switches: Switches, live: bool) -> filters.Node | None:
    node = filters.parse(text)
    accepted = view.filters | frozenset(switches.accepted_filter_fields.get(view.name, ()))
    if not live:
        accepted |= DOCUMENTED_FIELDS
    accepted -= frozenset(switches.rejected_filter_fields.get(view.name, ()))
    for name in node.fields() if node is not None else ():
        # Dotted names of the log view are let through and match nothing.
        if name not in accepted and "." not in name:
            raise filter_not_supported(name)
    return node
