# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One read of several VDOMs: `vdom=*` or `vdom=a,b` (protocol_fortigate.rst, "VDOMs")."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from . import envelope
from .call import Answer, Call
from .dispatch import dispatch
from .errors import ApiError, forbidden
from .state import FortiGateState


def asked(state: FortiGateState, call: Call) -> list[str] | None:
    """The VDOMs of a read of several; None for any other call. A write names one VDOM."""
    given = call.first("vdom") or ""
    form = state.switches.several_vdoms
    if call.in_global or call.method != "GET" or not ("*" in given or "," in given) or form == "ignored":
        return None
    if form == "refused":
        raise forbidden("several VDOMs in one request", state.switches.forbidden_form)
    names = state.switches.vdoms if given == "*" else given.split(",")
    return names[:-1] if form == "short" else names


async def answered(state: FortiGateState, call: Call, admin: str, vdoms: list[str]) -> list[dict[str, Any]]:
    """One reply for each VDOM. Raises ApiError where the administrator may not read one of them."""
    calls = [replace(call, vdom=vdom) for vdom in vdoms]
    for one in calls:
        state.admins.authorize(admin, one)
    replies = []
    for one in calls:
        try:
            answer = dispatch(state, one)
            replies.append(envelope.success(state, one, answer if isinstance(answer, Answer) else await answer))
        except ApiError as error:
            replies.append(envelope.refusal(state, one, error))
    return replies
