# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A correct client leaves no task, no session and no secret behind.

See protocol_fortianalyzer.rst, "Requirements for a simulator".
"""

from __future__ import annotations

import json

from ..common.leaks import leaks
from .journal import Entry
from .state import CLOUD_LOGIN, FortiAnalyzerState

PROPER_HEADERS = ("authorization", "x-api-key")


def problems(state: FortiAnalyzerState) -> list[str]:
    """Sessions not logged out, tasks neither read to their end nor deleted, secrets in the wrong places."""
    found = [f"session {sid[:6]}... was never logged out" for sid in state.sessions.left_behind()]
    for task in state.tasks.all():
        if not task.settled:
            place = task.query.scope.serial or task.query.scope.adom
            found.append(f"task {task.tid} ({task.query.view.name}, {place}) was neither read to its end nor deleted")
    secrets = {"the password": state.password, "the API key": state.api_token, "the cloud token": state.cloud_token}
    for number, sid in enumerate(state.sessions.known(), 1):
        secrets[f"session id {number}"] = sid
    return found + leaks(list(state.journal), secrets, PROPER_HEADERS, _places)


def _places(entry: Entry) -> dict[str, str]:
    return {"the rpc url": entry.url or "", "the body": _rest(entry)}


def _rest(entry: Entry) -> str:
    """The body without the members that a secret belongs in: the session id, the password and token of a login."""
    if not isinstance(entry.body, dict):
        return json.dumps(entry.body)
    body = {name: value for name, value in entry.body.items() if name != "session"}
    if entry.path.startswith(CLOUD_LOGIN):
        body.pop("access_token", None)
    if (entry.url or "").strip("/") == "sys/login/user":
        body["params"] = [
            {**one, "data": {**one["data"], "passwd": ""}} if isinstance(one.get("data"), dict) else one
            for one in entry.params or ()
        ]
    return json.dumps(body)
