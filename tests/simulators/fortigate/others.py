# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another administrator, who works on the FortiGate at the same time and is not in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .call import Answer, make_call
from .dispatch import dispatch
from .errors import ApiError
from .state import FortiGateState


def act(state: FortiGateState, method: str, path: str, body: Any = None) -> Answer:
    """One API call with all rights; the path begins with cmdb/ or monitor/. A refusal is an error of the test."""
    where, _mark, query = path.partition("?")
    call = make_call(method, where, query, body)
    call.admin = "colleague"
    try:
        answer = dispatch(state, call)
    except ApiError as error:
        raise ValueError(f"{method} {path}: HTTP {error.status} {error.text}") from error
    if not isinstance(answer, Answer):
        raise ValueError(f"{method} {path} is answered later, which cannot be awaited here")
    return answer


def act_in_between(state: FortiGateState, steps: Iterable[Mapping[str, Any]]) -> None:
    """Steps that were planned; one that is refused is an alarm, or the test would prove nothing."""
    for step in steps:
        try:
            act(state, step.get("method", "POST"), step["path"], step.get("body"))
        except ValueError as error:
            state.alarm(f"the other administrator was refused: {error}")
