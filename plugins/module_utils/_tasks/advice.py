# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to do about a refused submit where that depends on the query and not on the refusal alone."""

from __future__ import annotations

import difflib
import typing as t

from .._common.errors import ApiError
from .._query.questions import Question
from .._query.views import ALIASES, CATALOGUE

NAMES = "The documentation of the option view lists the names that the collection knows."
RELEASE = "This release of FortiAnalyzer may not have this view."


def advice(error: ApiError, question: Question) -> t.Optional[str]:
    """The next step, None where that of the error is right."""
    if error.reason == "object":
        place = f"ADOM {question.adom}" if question.scope is None else "the device or VDOM in device_scope"
        option = "adom" if question.scope is None else "device_scope"
        return (
            f"Most often this means that FortiAnalyzer does not have {place}, or that the administrator has no access to it: "
            f"check {option}."
        )
    if error.reason == "path":
        return (
            f"FortiAnalyzer does not know the request path of view {question.view_name} in ADOM {question.adom}: check the "
            f"spelling of view and adom. {_similar(question.view_name)}{RELEASE}"
        )
    if error.reason == "view":
        return f"Check the spelling of view. {_similar(question.view_name)}{RELEASE} {NAMES}"
    return None


def _similar(view: str) -> str:
    close = difflib.get_close_matches(view, [name for name in (*CATALOGUE, *ALIASES) if name != view])
    return f"Similar names: {', '.join(close)}. " if close and view not in CATALOGUE else ""
