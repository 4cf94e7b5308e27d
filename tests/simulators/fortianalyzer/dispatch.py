# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the handler of a URL. Each part of FortiAnalyzer brings its own routes.

See protocol_fortianalyzer.rst, "Transport and requests".
"""

from __future__ import annotations

from . import device_manager, eventmgmt, fortiview, incidentmgmt, ioc, log_state, logsearch, system, ueba
from .call import Answer, Call
from .errors import invalid_params, method_not_supported
from .routes import Route
from .state import FortiAnalyzerState

ROUTES: tuple[Route, ...] = (
    *system.ROUTES,
    *device_manager.ROUTES,
    *fortiview.ROUTES,
    *logsearch.ROUTES,
    *log_state.ROUTES,
    *eventmgmt.ROUTES,
    *incidentmgmt.ROUTES,
    *ueba.ROUTES,
    *ioc.ROUTES,
)
METHODS = frozenset("add get delete exec set update replace clone move execute".split())


def dispatch(state: FortiAnalyzerState, call: Call) -> Answer:
    """Authenticate, then hand over to the first route that fits."""
    if call.method not in METHODS:
        raise method_not_supported(call.method)
    fitting = [(route, found) for route in ROUTES if (found := route.pattern.fullmatch(call.url)) is not None]
    chosen = next(((route, found) for route, found in fitting if route.method == call.method), None)
    if chosen is None or chosen[0].needs_permission:
        state.authenticate(call)
    if chosen is None:
        raise method_not_supported(call.method) if fitting else state.unknown_path(call.url)
    if call.is_v3:
        _check_apiver(state, call)
    route, found = chosen
    return route.handler(state, call, found)


def _check_apiver(state: FortiAnalyzerState, call: Call) -> None:
    """The schema demands it of every request to these daemons, polls too; the documentation leaves it out here and there."""
    required = state.switches.apiver_required
    if "apiver" not in call.params:
        if call.live if required is None else required:
            raise invalid_params("apiver is required")
    elif call.params["apiver"] != 3:
        raise invalid_params(f"apiver {call.params['apiver']} not supported")
