# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a well-behaved client leaves behind: nothing (contract section 11, request journal)."""

from __future__ import annotations

import json
from urllib.parse import unquote_plus

from .box import Box
from .journal import Entry


def problems(box: Box) -> list[str]:
    """Sessions not logged out, tasks neither read to their end nor deleted, secrets in the wrong places."""
    found = [f"session {sid[:6]}... was never logged out" for sid in box.sessions.left_behind()]
    for task in box.tasks.all():
        if not task.settled:
            place = task.query.scope.serial or task.query.scope.adom
            found.append(f"task {task.tid} ({task.query.view.name}, {place}) was neither read to its end nor deleted")
    secrets = {"the password": box.password, "the API key": box.api_token, "the cloud token": box.cloud_token}
    for number, sid in enumerate(box.sessions.known(), 1):
        secrets[f"session id {number}"] = sid
    for entry in list(box.journal):
        found += [f"{name} stands in {place} of {_title(entry)}" for name, place in _leaks(entry, secrets)]
    return found


def _leaks(entry: Entry, secrets: dict[str, str]) -> list[tuple[str, str]]:
    headers = {
        name: value for name, value in entry.headers.items() if name.lower() not in ("authorization", "x-api-key")
    }
    places = {
        "the path": unquote_plus(entry.path),
        "the query": unquote_plus(entry.query),
        "the rpc url": entry.url or "",
        "a header": json.dumps(headers),
    }
    raw = {"the query": entry.query, "the path": entry.path}
    return [
        (name, place)
        for name, secret in secrets.items()
        for place, text in places.items()
        if secret in text or secret in raw.get(place, "")
    ]


def _title(entry: Entry) -> str:
    return f"{entry.http_method} {entry.path.split('?')[0]} {entry.method or ''} {entry.url or ''}".strip()
