# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The persistent connection to a FortiAnalyzer, which the plugin of the collection fortinet.fortianalyzer keeps open.

This module decides which options of a task apply to the connection. _connection/shared.py sends the calls.
"""

from __future__ import annotations

import os
import time
import typing as t

from ansible.module_utils.connection import Connection
from ansible.module_utils.connection import ConnectionError as RpcError

from .._common.errors import AuthenticationError, InvalidInput, redacted
from .._common.naming import agree
from .._connection.settings import check_token
from .._connection.shared import OWN_CONNECTION, SharedConnection, broken
from .arguments import connection_arguments

FORTIANALYZER = "fortinet.fortianalyzer.fortianalyzer"
# The inventory variables that replace the options of a task.
IN_INVENTORY = {
    "host": "ansible_host",
    "port": "ansible_port and ansible_httpapi_port",
    "username": "ansible_user",
    "password": "ansible_password",
    "validate_certs": "ansible_httpapi_validate_certs",
    "ca_path": "ansible_httpapi_ca_path",
    "request_timeout": "ansible_command_timeout",
    "proxy": "ansible_httpapi_use_proxy, and HTTPS_PROXY in the environment",
}
# The options of a task that are tokens, and the names that the plugin uses for these tokens.
TOKENS = {"api_token": "access_token", "forticloud_access_token": "forticloud_access_token"}
# The error code of a persistent connection for an unknown method name.
METHOD_NOT_FOUND = -32601

IN_CLEAR = (
    "The httpapi connection is not encrypted, so nothing was sent",
    "Set ansible_httpapi_use_ssl=true for this host.",
)
NO_CREDENTIALS = (
    "The httpapi connection has no credentials, so nothing was sent",
    "Set ansible_user and ansible_password in the inventory, or api_token or forticloud_access_token in the task. "
    "FAZ_API_TOKEN and the other environment variables are not used over this connection.",
)
TWO_TOKENS = ("api_token and forticloud_access_token cannot be used together", "Set only one of them.")
ONE_CONNECTION = "Ansible uses one connection for each combination of ansible_host, ansible_port and ansible_user: "
OTHER_TOKEN = (
    "The persistent connection is in use with another token",
    f"{ONE_CONNECTION}run `meta: reset_connection` before the other token is used, or {OWN_CONNECTION}.",
)
NOT_TAKEN = (
    "The connection plugin did not accept the token, so nothing was sent",
    f"Release 1.8.1 of fortinet.fortianalyzer accepts the token. Set ansible_user and ansible_password, or {OWN_CONNECTION}.",
)
SET_PORT = f"{ONE_CONNECTION}set ansible_port of each host to its HTTPS port, as in ansible_httpapi_port."
RESET = "then run `meta: reset_connection`, so that the connection plugin logs in again."
KEY_REFUSED = f"Check the API key, its trusted hosts and rpc-permit, and that it may query this ADOM, {RESET}"
KEY_IN_URL = (
    "ansible_user is set, so the connection plugin sends the API key only in the URL, which some releases "
    "refuse: set ansible_user to an empty string. "
)
CLOUD_REFUSED = f"Get a new forticloud_access_token (it expires after an hour), {RESET}"
LOGIN_REFUSED = (
    "The login was not tried again, so that the administrator is not locked out. Check ansible_user and "
    f"ansible_password, the trusted hosts and rpc-permit of the administrator, {RESET}"
)
NO_SESSION = "The httpapi connection has no session, because an earlier login was refused"

HTTPS = 443
Place = tuple[str, int]


class Options(t.Protocol):
    """A connection plugin, or the persistent process of a connection plugin."""

    def get_option(self, name: str) -> t.Any:
        """The value of an option of the connection."""


def explicit(params: t.Mapping[str, t.Any], args: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The connection options in `params` that come from the task or from module_defaults, not from the environment or a
    default."""
    return {
        name: params[name]
        for name, option in connection_arguments().items()
        if any(args.get(word) not in (None, "") for word in (name, *option.get("aliases", ())))
    }


def shared_connection(
    socket_path: str,
    given: t.Mapping[str, t.Any],
    options: t.Optional[Options] = None,
    sleep: t.Callable[[float], t.Any] = time.sleep,
) -> t.Optional[SharedConnection]:
    """The connection behind the socket. None if it does not lead to a FortiAnalyzer. Raises InvalidInput for options
    that the connection cannot use.

    `given` contains the explicit connection options of the task. `options` contains the connection options of the
    task's host, if the caller has them. The connection itself may have the options of another host.
    """
    connection = Connection(socket_path)
    try:
        if _network_os(connection) != FORTIANALYZER:
            return None
        return _connection(connection, given, options or connection, sleep)
    except RpcError as exc:
        raise broken(str(exc), exc) from None


def _network_os(connection: Connection) -> t.Any:
    try:
        return connection.get_option("network_os")
    except RpcError as exc:
        if getattr(exc, "code", None) is None:  # the connection did not reply
            raise
        return None  # another connection plugin, without this option


def refuse_shared_key(options: Options, port: t.Optional[int]) -> None:
    """Refuse a connection that hosts may share, because a module process cannot detect this. `port` is the port by
    which Ansible identifies the connection."""
    if _place(options)[1] != (port or HTTPS):
        raise _refusal("An async task over an httpapi connection requires ansible_port", SET_PORT)


def _connection(
    connection: Connection,
    given: t.Mapping[str, t.Any],
    options: Options,
    sleep: t.Callable[[float], t.Any],
) -> SharedConnection:
    refused = {name: IN_INVENTORY[name] for name in given if name in IN_INVENTORY}
    if refused:
        raise _refusal(
            f"The httpapi connection of this host cannot use {', '.join(refused)} of the task, so nothing was sent",
            f"Remove {agree(len(refused), 'this option', 'these options')} from the task and from module_defaults, and set the following in the inventory: "
            f"{'; '.join(refused.values())}. Alternatively, {OWN_CONNECTION}.",
        )
    if not connection.get_option("use_ssl"):
        raise _refusal(*IN_CLEAR)
    tokens = {name: str(given[name]) for name in given if name in TOKENS}
    if len(tokens) > 1:
        raise _refusal(*TWO_TOKENS)
    for name, token in tokens.items():
        check_token(name, token)
    verified = bool(connection.get_option("validate_certs"))
    ca_path = connection.get_option("ca_path")
    if verified and ca_path and not os.path.exists(ca_path):
        raise InvalidInput(f"ansible_httpapi_ca_path {ca_path} does not exist on the controller: correct the path")
    plugin = Plugin(connection, {TOKENS[name]: token for name, token in tokens.items()}, _place(options))
    return SharedConnection(plugin, plugin.host, verified=verified, sleep=sleep)


class Plugin:
    """The connection plugin with the interface Official. `token` maps the name of the token in the plugin to the token of
    this task. It is empty if the task has no token."""

    def __init__(self, connection: Connection, token: dict[str, str], place: Place) -> None:
        self.host = place[0]
        self._connection = connection
        self._token = token
        self._place = place
        self._secrets = list(token.values())

    def log_in(self) -> None:
        """Pass the token before the first call. Otherwise the plugin would log in with user and password."""
        self._check_place()
        if not self._token:
            self._refuse_without_credentials()
            return
        if self._held() == self._token:
            return
        self._refuse_other_token()
        for key, value in self._token.items():
            self._connection.set_customer_option(key, value)
        if self._held() != self._token:
            raise _refusal(*NOT_TAKEN)
        if self._is_connected():
            # The plugin reads the token only when it logs in.
            self._connection.logout()
            self._connection.login("", "")

    def send(self, method: str, params: list[dict[str, t.Any]], jsonrpc2: bool) -> t.Any:
        """See Official."""
        try:
            dummy, reply = self._connection.send_request(method, params, jsonrpc2=jsonrpc2)
        finally:
            # The task of another host may use the same connection at the same time, and change its host or token.
            self._check_place()
            self._refuse_other_token()
        return reply

    def renew(self) -> str:
        """See Official."""
        if self._connection.logout() is None:
            if self._uses_key():
                return self.refused()
            raise AuthenticationError(NO_SESSION)
        password = self._option("password")
        self._secrets += [str(password)] if password else []
        self._connection.login(self._option("remote_user"), password)
        return ""

    def refused(self) -> str:
        """See Official."""
        if "forticloud_access_token" in self._held():
            return CLOUD_REFUSED
        if self._uses_key():
            return (KEY_IN_URL if self._option("remote_user") else "") + KEY_REFUSED
        return LOGIN_REFUSED

    def without_secrets(self, text: str) -> str:
        """See Official."""
        return redacted(text, self._secrets)

    def _option(self, name: str) -> t.Any:
        return self._connection.get_option(name)

    def _held(self) -> dict[str, str]:
        """The tokens that the plugin uses, from this task or another task."""
        found = {
            "access_token": self._connection.get_access_token(),
            "forticloud_access_token": self._connection.get_forticloud_access_token(),
        }
        return {key: value for key, value in found.items() if value}

    def _uses_key(self) -> bool:
        return "access_token" in self._held() or bool(self._option("session_key"))

    def _is_connected(self) -> bool:
        """Whether the plugin is connected. `connected` is a property, and the persistent connection reports a false
        property as an unknown method."""
        try:
            return bool(self._connection.connected())
        except RpcError as exc:
            return getattr(exc, "code", None) != METHOD_NOT_FOUND

    def _refuse_without_credentials(self) -> None:
        """Refuse the task if the plugin has no credentials, because the plugin would still try to log in."""
        complete = self._option("remote_user") and self._option("password")
        if not (complete or self._held() or self._option("session_key")):
            raise _refusal(*NO_CREDENTIALS)

    def _refuse_other_token(self) -> None:
        held = self._held() if self._token else {}
        if held and held != self._token:
            raise _refusal(*OTHER_TOKEN)

    def _check_place(self) -> None:
        found = _place(self._connection)
        if found != self._place:
            wanted, now = (f"{host}:{port}" for host, port in (self._place, found))
            raise _refusal(f"The persistent connection of this host to {wanted} now leads to {now}", SET_PORT)


def _refusal(said: str, next_step: str) -> InvalidInput:
    return InvalidInput(said, next_step=next_step)


def _place(options: Options) -> Place:
    return str(options.get_option("host")), int(options.get_option("port") or HTTPS)
