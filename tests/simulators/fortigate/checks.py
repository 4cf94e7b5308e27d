# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a correct client never does: purge a table, remove all bans, put a secret into a URL.

See protocol_fortigate.rst, "What a simulator has to do".
"""

from __future__ import annotations

import json

from ..common.leaks import leaks
from .box import Box
from .journal import Entry
from .login import AUTHENTICATION

PROPER_HEADERS = ("authorization", "access_token", "cookie", "x-csrftoken", "x-admin-passwd")


def problems(box: Box) -> list[str]:
    """Alarms, and secrets in the wrong places."""
    given = box.credentials
    secrets = {"the password": given.password, "the token": given.token, "the read-only token": given.read_only_token}
    secrets |= {f"the token of VDOM {vdom}": token for vdom, token in box.vdom_tokens.items()}
    for number, key in enumerate(box.admins.known_keys(), 1):
        secrets[f"session key {number}"] = key
    found = list(box.alarms)
    for entry in list(box.journal):
        found += [
            f"{name} stands in {place} of {entry.http_method} {entry.path}"
            for name, place in leaks(entry, secrets, PROPER_HEADERS, {"the body": _body(entry)})
        ]
    return found


def _body(entry: Entry) -> str:
    """Of everything but a login."""
    return "" if entry.path.rstrip("/") in (AUTHENTICATION, "/logincheck") else json.dumps(entry.body)
