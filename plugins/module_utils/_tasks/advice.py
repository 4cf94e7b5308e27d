# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the next step after a refused submit, if this step depends on the request."""

from __future__ import annotations

import difflib
import typing as t

from .._common.errors import ApiError
from .._query.request import Request
from .._query.views import ALIASES, CATALOGUE

NAMES = "The documentation of the option view lists common views."
RELEASE = "This release of FortiAnalyzer may not have this view."


def advice(error: ApiError, request: Request) -> t.Optional[str]:
    """The next step for a refused request. None if the next step in the error applies."""
    if error.reason == "object":
        place = f"ADOM {request.adom}" if request.scope is None else "the device or VDOM in device_scope"
        option = "adom" if request.scope is None else "device_scope"
        return (
            f"FortiAnalyzer probably does not have {place}, or the administrator has no access to it: check {option}."
        )
    if error.reason == "path":
        return (
            f"FortiAnalyzer does not accept the request path of view {request.view_name} in ADOM {request.adom}: check the "
            f"spelling of view and adom. {_similar(request.view_name)}{RELEASE}"
        )
    if error.reason == "view":
        return f"Check the spelling of view. {_similar(request.view_name)}{RELEASE} {NAMES}"
    return None


def _similar(view: str) -> str:
    close = difflib.get_close_matches(view, [name for name in (*CATALOGUE, *ALIASES) if name != view])
    return f"Similar names: {', '.join(close)}. " if close and view not in CATALOGUE else ""
