# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls over the persistent connection to a FortiGate, which the official collection's plugin holds."""

from __future__ import annotations

import typing as t

from ansible.module_utils.connection import Connection

from .._blocking.client import Send
from .._common.errors import FortiViewError, InvalidInput

HTTPS = 443
IN_CLEAR = "The token would go out in clear: set ansible_httpapi_use_ssl=true for the FortiGate. Nothing was sent"
SHARED = (
    "ansible_port must be the same as ansible_httpapi_port: the connection is kept by address and ansible_port, so that FortiGates behind one "
    "address get each other's calls. Nothing was sent"
)
UNVERIFIED = "The certificate of the FortiGate is not verified (ansible_httpapi_validate_certs is false)."


def refuse_shared_key(port: object, ansible_port: object) -> None:
    """`port` is that of the FortiGate, `ansible_port` the one by which the connection is kept. Raises InvalidInput where they differ."""
    if int(str(port or HTTPS)) != int(str(ansible_port or HTTPS)):
        raise InvalidInput(SHARED)


def sender(socket_path: str, access_token: t.Optional[str]) -> tuple[Send, list[str]]:
    """What sends one request and returns HTTP status and text, and warnings about the connection. It raises whatever the
    connection raises. Raises InvalidInput for a connection that encrypts nothing, as is the official default."""
    connection = Connection(socket_path)
    if not connection.get_option("use_ssl"):
        raise InvalidInput(IN_CLEAR)
    warnings = [] if connection.get_option("validate_certs") else [UNVERIFIED]
    if access_token:
        connection.set_custom_option("access_token", access_token)
    # No call needs the version, whose probe a narrow profile would refuse.
    connection.set_custom_option("check_system_status", False)

    def send(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        status, text = connection.send_request(url=url, method=method, params=params, data=body)
        return int(status), str(text)

    return send, warnings


def failure_of(error: FortiViewError) -> dict[str, t.Any]:
    """As data for a failed task, which has changed something only where it could not be rolled back, or where a part was removed."""
    removed = error.kind == "still_blocked" and bool(error.outcome.get("changed"))
    return {**error.to_fail_json(), "changed": error.context.get("rolled_back") is False or removed}
