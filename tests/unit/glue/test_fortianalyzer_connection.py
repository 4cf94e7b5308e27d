# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which options of a task count over the httpapi connection, and what is handed over before the first call."""

from __future__ import annotations

import typing as t

import pytest
from ansible.module_utils.connection import ConnectionError as RpcError
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    AuthenticationError,
    InvalidInput,
    TransportError,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue import fortianalyzer_connection as glue
from ansible_collections.secops.fortiview.plugins.module_utils._glue.arguments import (
    connection_arguments,
    task_arguments,
)
from ansible_collections.secops.fortiview.plugins.module_utils._glue.checking import checked

OPTIONS = {
    "network_os": "fortinet.fortianalyzer.fortianalyzer",
    "host": "faz.example.com",
    "port": 8443,
    "use_ssl": True,
    "validate_certs": True,
    "remote_user": "soar",
    "password": "c4nary-password",
    "session_key": None,
    "ca_path": None,
}


class Persistent:
    """A persistent process as its JSON-RPC shows it. `calls` are those that reach the FortiAnalyzer, and what is handed over."""

    def __init__(self, **options: t.Any) -> None:
        self.options = {**OPTIONS, **options}
        self.tokens: dict[str, str] = {}
        self.taken = ("access_token", "forticloud_access_token")
        self.session = self.is_connected = False
        self.calls: list[str] = []

    def get_option(self, name: str) -> t.Any:
        if name not in self.options:
            raise RpcError("No such option", code=-32603)
        return self.options[name]

    def get_access_token(self) -> t.Optional[str]:
        return self.tokens.get("access_token")

    def get_forticloud_access_token(self) -> t.Optional[str]:
        return self.tokens.get("forticloud_access_token")

    def set_customer_option(self, key: str, value: str) -> None:
        self.calls.append(f"set {key}")
        if key in self.taken:
            self.tokens[key] = value

    def connected(self) -> t.Any:
        raise RpcError("'bool' object is not callable", code=-32603 if self.is_connected else -32601)

    def login(self, username: t.Any, password: t.Any) -> None:
        self.calls.append(f"login {username}")

    def logout(self) -> t.Any:
        self.calls.append("logout")
        return [0, {}] if self.session else None

    def send_request(self, method: str, params: t.Any, jsonrpc2: bool) -> t.Any:
        self.calls.append(method)
        return 0, {"status": {"code": 0}, "data": {}}


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Persistent:
    made = Persistent()
    monkeypatch.setattr(glue, "Connection", lambda socket_path: made)
    return made


def connect(given: t.Mapping[str, t.Any], **more: t.Any) -> t.Any:
    connection = glue.shared_connection("/socket", given, **more)
    assert connection is not None
    return connection


def test_explicit_options_are_told_from_the_environment_and_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZ_HOST", "elsewhere")
    monkeypatch.setenv("FAZ_API_TOKEN", "c4nary")
    args = {"view": "top-threats", "access_token": "key", "validate_certs": False, "ca_path": None, "proxy": ""}
    params, _secrets, problem = checked(task_arguments(), args)
    assert not problem
    assert params["host"] == "elsewhere"
    assert glue.explicit(params, args) == {"api_token": "key", "validate_certs": False}


def test_every_connection_option_is_used_or_refused(process: Persistent) -> None:
    assert set(connection_arguments()) == {*glue.IN_INVENTORY, *glue.TOKENS}
    for name, variable in glue.IN_INVENTORY.items():
        with pytest.raises(InvalidInput, match=name) as caught:
            connect({name: False})
        assert variable in str(caught.value)
    assert process.calls == []


@pytest.mark.parametrize("options", [{"network_os": "fortinet.fortios.fortios"}, {"network_os": None}])
def test_another_connection_is_none_of_a_fortianalyzer(process: Persistent, options: dict[str, t.Any]) -> None:
    process.options.update(options)
    assert glue.shared_connection("/socket", {"host": "faz"}) is None


def test_a_connection_without_a_network_os_is_none_either(process: Persistent) -> None:
    del process.options["network_os"]
    assert glue.shared_connection("/socket", {}) is None


def test_a_connection_that_ended_is_an_error(process: Persistent, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no reason to look for a host of the task's own."""

    def gone(name: str) -> t.Any:
        raise RpcError("socket path /tmp/pc/1a does not exist or cannot be found.")

    monkeypatch.setattr(process, "get_option", gone)
    with pytest.raises(TransportError, match="The persistent connection ended"):
        glue.shared_connection("/socket", {})


def test_a_ca_that_is_not_there_is_named(process: Persistent) -> None:
    process.options["ca_path"] = "/nonexistent/ca.pem"
    with pytest.raises(InvalidInput, match=r"ansible_httpapi_ca_path /nonexistent/ca\.pem"):
        connect({})


def test_a_token_that_no_header_can_carry_is_refused(process: Persistent) -> None:
    with pytest.raises(InvalidInput, match="line break") as caught:
        connect({"api_token": "c4nary\n"})
    assert "c4nary" not in str(caught.value)
    assert process.calls == []


@pytest.mark.parametrize(
    ("options", "tokens", "enough"),
    [
        ({}, {}, True),
        ({"password": None}, {}, False),
        ({"remote_user": None}, {}, False),
        ({"remote_user": "", "password": ""}, {}, False),
        ({"remote_user": None}, {"access_token": "key"}, True),
        ({"remote_user": None}, {"forticloud_access_token": "key"}, True),
        ({"remote_user": None, "session_key": {"Authorization": "Bearer key"}}, {}, True),
    ],
)
def test_nothing_is_sent_without_credentials(
    process: Persistent, options: dict[str, t.Any], tokens: dict[str, str], enough: bool
) -> None:
    process.options.update(options)
    process.tokens.update(tokens)
    if enough:
        connect({}).__enter__()
    else:
        with pytest.raises(InvalidInput, match="ansible_user and ansible_password"):
            connect({}).__enter__()
    assert process.calls == []


@pytest.mark.parametrize("option", ["api_token", "forticloud_access_token"])
def test_a_token_is_handed_over_once(process: Persistent, option: str) -> None:
    for dummy in range(2):
        connect({option: "key"}).__enter__()
    assert process.calls == [f"set {glue.TOKENS[option]}"]


def test_a_token_ends_the_session_that_is_open(process: Persistent) -> None:
    process.is_connected = process.session = True
    connect({"api_token": "key"}).__enter__()
    # Never with a user, whose login would be tried if the plugin overlooked the token.
    assert process.calls == ["set access_token", "logout", "login "]


def test_a_token_that_is_not_taken_is_an_error(process: Persistent) -> None:
    process.taken = ()
    with pytest.raises(InvalidInput, match=r"did not accept the token.*1\.8\.1"):
        connect({"api_token": "key"}).__enter__()
    assert process.calls == ["set access_token"]


def test_another_token_is_refused_before_and_after(process: Persistent) -> None:
    with connect({"api_token": "mine"}) as connection:
        process.tokens["access_token"] = "theirs"
        with pytest.raises(InvalidInput, match="in use with another token"):
            connection.call("get", {"url": "/sys/status"})
    with pytest.raises(InvalidInput, match="in use with another token"):
        connect({"api_token": "mine"}).__enter__()


def test_two_tokens_are_refused(process: Persistent) -> None:
    with pytest.raises(InvalidInput, match="cannot be used together"):
        connect({"api_token": "a", "forticloud_access_token": "b"})


def test_a_connection_that_leads_elsewhere_is_refused(process: Persistent) -> None:
    """The options of a persistent process are those of the host whose task began last."""
    mine = Persistent(port=9443)
    with pytest.raises(
        InvalidInput, match=r"to faz\.example\.com:9443 now leads to faz\.example\.com:8443.*set ansible_port"
    ):
        connect({}, options=mine).__enter__()
    with connect({}) as connection:
        process.options["port"] = 9443
        with pytest.raises(InvalidInput, match="set ansible_port"):
            connection.call("get", {"url": "/sys/status"})


@pytest.mark.parametrize(
    ("port", "key", "fits"), [(443, None, True), (None, None, True), (8443, 8443, True), (8443, None, False)]
)
def test_async_needs_a_connection_of_its_own(port: t.Optional[int], key: t.Optional[int], fits: bool) -> None:
    options = Persistent(port=port)
    if fits:
        glue.refuse_shared_key(options, key)
    else:
        with pytest.raises(InvalidInput, match="set ansible_port"):
            glue.refuse_shared_key(options, key)


def test_nothing_goes_out_in_clear(process: Persistent) -> None:
    process.options["use_ssl"] = False
    with pytest.raises(InvalidInput, match="ansible_httpapi_use_ssl"):
        connect({})


def plugin(process: Persistent, **tokens: str) -> glue.Plugin:
    return glue.Plugin(t.cast(t.Any, process), tokens, ("faz.example.com", 8443))


def test_a_session_is_renewed_with_the_credentials_of_the_connection(process: Persistent) -> None:
    process.session = True
    one = plugin(process)
    assert one.renew() == ""
    assert process.calls == ["logout", "login soar"]
    assert one.without_secrets("Received 'c4nary-password'") == "Received '********'"


def test_a_key_cannot_be_renewed(process: Persistent) -> None:
    process.tokens["access_token"] = "key"
    assert "ansible_user to an empty string" in plugin(process).renew()
    process.options["remote_user"] = ""
    assert plugin(process).renew() == glue.KEY_REFUSED
    assert process.calls == ["logout", "logout"]


def test_a_login_that_failed_before_is_not_tried_again(process: Persistent) -> None:
    with pytest.raises(AuthenticationError, match="because an earlier login was refused"):
        plugin(process).renew()
    assert process.calls == ["logout"]
