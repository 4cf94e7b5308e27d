# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends calls over the persistent connection to a FortiGate, which the official collection's plugin keeps open."""

from __future__ import annotations

import typing as t

from ansible.module_utils.connection import Connection

from .._blocking.client import Send
from .._common.errors import FortiViewError, InvalidInput

HTTPS = 443
IN_CLEAR = (
    "The token would be sent without encryption: set ansible_httpapi_use_ssl=true for the FortiGate. Nothing was sent"
)
SHARED = (
    "ansible_port must be the same as ansible_httpapi_port: Ansible identifies the connection by address and "
    "ansible_port, so calls for one FortiGate could be sent to another FortiGate behind the same address. Nothing was sent"
)
NO_TOKEN = "fortigate_block_vdom_tokens has no token for VDOM {}: add this token, or set fortigate_token"
NO_TOKEN_FOR_ALL = "fortigate_block_vdom_tokens has only tokens of VDOMs, but this request is for the whole FortiGate: set fortigate_token"
# The path of a read that is permitted with every token.
SPENT = "/api/v2/monitor/system/status"
UNVERIFIED = "The certificate of the FortiGate is not verified (ansible_httpapi_validate_certs is false)."


def refuse_shared_key(port: object, ansible_port: object) -> None:
    """Raise InvalidInput if the ports differ. `port` is the port of the FortiGate. `ansible_port` is the port by which
    Ansible identifies the connection."""
    if int(str(port or HTTPS)) != int(str(ansible_port or HTTPS)):
        raise InvalidInput(SHARED)


def sender(
    socket_path: str, access_token: t.Optional[str], vdom_tokens: t.Optional[t.Mapping[str, t.Any]] = None
) -> tuple[Send, list[str]]:
    """A send function, and warnings about the connection. The send function sends one request and returns the HTTP
    status and the text of the reply, or raises an exception of the connection. Raises InvalidInput for a connection
    without encryption, which is the default of the official plugin."""
    connection = Connection(socket_path)
    if not connection.get_option("use_ssl"):
        raise InvalidInput(IN_CLEAR)
    warnings = [] if connection.get_option("validate_certs") else [UNVERIFIED]
    if access_token:
        connection.set_custom_option("access_token", access_token)
    # The plugin must not read the version, because calls do not need it and a restricted profile does not permit it.
    connection.set_custom_option("check_system_status", False)
    tokens = _Tokens(connection, access_token or "", vdom_tokens) if vdom_tokens else None

    def send(url: str, method: str, params: dict[str, str], body: t.Optional[str]) -> tuple[int, str]:
        if tokens is not None:
            tokens.use(params.get("vdom", ""))
        status, text = connection.send_request(url=url, method=method, params=params, data=body)
        return int(status), str(text)

    return send, warnings


class _Tokens:
    """Selects the token of each VDOM on one connection. VDOMs without a token use the common token `other`."""

    def __init__(self, connection: t.Any, other: str, tokens: t.Mapping[str, t.Any]) -> None:
        self._connection = connection
        self._other = other
        self._tokens = {str(vdom): str(token or "") for vdom, token in tokens.items()}
        self._used = ""
        self._vdom = ""

    def use(self, vdom: str) -> None:
        """Use the token of this VDOM for the next request. Raises InvalidInput and exceptions of the connection."""
        token = self._tokens.get(vdom) or self._other
        if not token:
            raise InvalidInput(NO_TOKEN.format(vdom) if vdom else NO_TOKEN_FOR_ALL)
        if token == self._used:
            return
        self._connection.set_custom_option("access_token", token)
        # The connection sends the next request with the header of its last reply, and so with the earlier token.
        # Therefore one extra read is sent, and its reply is ignored.
        before, self._used = self._vdom or vdom, ""
        self._connection.send_request(url=SPENT, method="GET", params={"vdom": before} if before else {})
        self._used, self._vdom = token, vdom


def failure_of(error: FortiViewError) -> dict[str, t.Any]:
    """The error as data for a failed task. `changed` is True only if the rollback failed or some targets were
    removed."""
    removed = error.kind == "still_blocked" and bool(error.outcome.get("changed"))
    return {**error.to_fail_json(), "changed": error.context.get("rolled_back") is False or removed}
