# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints by id and filter, and their statistics (protocol_fortianalyzer.rst, "Endpoints")."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from . import dialects, endpoints, filters
from .call import Answer, Call
from .endpoints import Endpoint
from .errors import StatusError, filter_not_supported, invalid_params, missing_column
from .routes import route
from .state import FortiAnalyzerState
from .submit import whole_number
from .time_ranges import Window, read_window


def listing(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """Endpoints in the detail asked for."""
    params = call.params
    level = params.get("detail-level", "standard")
    if level not in endpoints.LEVELS:
        raise invalid_params(f"detail-level '{level}' not supported")
    chosen = _filtered(_chosen(state, call, found["adom"]), params.get("filter") or "")
    _sort(chosen, params.get("sort-by"))
    limit = whole_number(params, "limit", 1000, 1, None)
    offset = whole_number(params, "offset", 0, 0, None)
    page = chosen[offset : offset + limit]
    if call.live:
        return _answer(state, call, [endpoints.live_row(endpoint, level) for endpoint in page])
    return _answer(state, call, [endpoints.documented_row(endpoint, state.now()) for endpoint in page])


def stats(state: FortiAnalyzerState, call: Call, found: re.Match[str]) -> Answer:
    """How many endpoints were active, by operating system; without a window there is no answer."""
    if "time-range" not in call.params:
        raise invalid_params("time-range is required")
    systems = Counter(endpoint.host.osname for endpoint in _chosen(state, call, found["adom"]))
    return _answer(state, call, [{"osname": name, "count": number} for name, number in sorted(systems.items())])


def _chosen(state: FortiAnalyzerState, call: Call, name: str) -> list[Endpoint]:
    """By id, by activity within `time-range`, by first activity within `firstseen-time-range`."""
    params = call.params
    adom = state.scope(name).adom
    seen = state.events.between(adom, float("-inf"), float("inf"), state.now())
    found = endpoints.known_endpoints(adom, state.devices, seen)
    active, first = (_window(state, call, adom, key) for key in ("time-range", "firstseen-time-range"))
    epids = params.get("epids")
    if epids is not None:
        wanted = {str(epid) for epid in epids} if isinstance(epids, list) else {str(epids)}
        found = [endpoint for endpoint in found if str(endpoint.host.epid) in wanted]
    if active is not None:
        found = [item for item in found if any(active.start <= time <= active.end for time in item.times)]
    if first is not None:
        found = [item for item in found if first.start <= item.first_seen <= first.end]
    return found


def _window(state: FortiAnalyzerState, call: Call, adom: str, key: str) -> Window | None:
    if key not in call.params:
        return None
    params = {**call.params, "time-range": call.params[key]}
    return read_window(params, state.switches, adom, state.device_time(), call.live)


def _filtered(items: list[Endpoint], text: Any) -> list[Endpoint]:
    if not isinstance(text, str):
        raise invalid_params("filter must be a string")
    node = filters.parse(text)
    if node is None:
        return items
    for name in node.fields():
        if name not in endpoints.FIELDS:
            raise filter_not_supported(name)
    test = filters.compile_node(node)
    return [item for item in items if test(lambda name, item=item: endpoints.value_of(item, name))]  # type: ignore[misc]


def _sort(items: list[Endpoint], given: Any) -> None:
    if not given:
        return
    name = given[0].get("field")
    if name not in endpoints.FIELDS:
        raise missing_column(str(name))
    items.sort(key=lambda item: endpoints.value_of(item, name), reverse=given[0].get("order") == "desc")


def _answer(state: FortiAnalyzerState, call: Call, rows: list[dict[str, Any]]) -> Answer:
    """No rows are an error to the documentation and nothing at all to some devices; the shape varies too."""
    if not rows and not call.live:
        raise StatusError(-2, "No data available")
    if not rows and state.switches.omit_result_when_empty:
        return Answer(None)
    shape = state.switches.ueba_shape
    result = {"status": dialects.OK, "data": dialects.present(rows, state.switches, call.live)}
    return Answer(result, listed=None if shape is None else shape == "list")


_PLACE = r"/ueba/adom/(?P<adom>[^/]+)/endpoints"
ROUTES = (
    route("get", _PLACE + r"/?", listing),
    route("get", _PLACE + r"/stats/?", stats),
)
