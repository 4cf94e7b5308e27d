# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a correct client never does: purge a table, remove all bans, put a secret into a URL.

See protocol_fortigate.rst, "Requirements for a simulator".
"""

from __future__ import annotations

import json

from ..common.leaks import leaks
from .journal import Entry
from .login import AUTHENTICATION
from .state import FortiGateState

PROPER_HEADERS = ("authorization", "access_token", "cookie", "x-csrftoken", "x-admin-passwd")


def problems(state: FortiGateState) -> list[str]:
    """Alarms, and secrets in the wrong places."""
    given = state.credentials
    secrets = {"the password": given.password, "the token": given.token, "the read-only token": given.read_only_token}
    secrets |= {f"the token of VDOM {vdom}": token for vdom, token in state.vdom_tokens.items()}
    for number, key in enumerate(state.admins.known_keys(), 1):
        secrets[f"session key {number}"] = key
    return state.alarms + leaks(list(state.journal), secrets, PROPER_HEADERS, _places)


def _places(entry: Entry) -> dict[str, str]:
    """The body of everything but a login."""
    return {} if entry.path.rstrip("/") in (AUTHENTICATION, "/logincheck") else {"the body": json.dumps(entry.body)}
