# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls over the persistent connection to a FortiGate: never in clear, and each VDOM with its own token."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError, InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._glue import fortigate_connection
from ansible_collections.secops.fortiview.plugins.module_utils._glue.fortigate_connection import (
    failure_of,
    refuse_shared_key,
    sender,
)


class Connection:
    """As the connection plugin: a token is used from the reply after the one that follows it on."""

    def __init__(self, **options: t.Any) -> None:
        self.options: dict[str, t.Any] = {"use_ssl": True, "validate_certs": True, **options}
        self.header: t.Optional[str] = None
        self.sent: list[tuple[str, t.Any, t.Optional[str]]] = []

    def get_option(self, name: str) -> t.Any:
        return self.options[name]

    def set_custom_option(self, name: str, value: t.Any) -> None:
        self.options[name] = value

    def send_request(self, url: str, method: str, params: dict[str, str], data: t.Any = None) -> tuple[str, str]:
        self.sent.append((url.rpartition("/")[2], params.get("vdom"), self.header or self.options.get("access_token")))
        self.header = self.options.get("access_token")
        return "200", "{}"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Connection:
    connection = Connection()
    monkeypatch.setattr(fortigate_connection, "Connection", lambda dummy: connection)
    return connection


def used(connection: Connection, send: t.Any, *vdoms: str) -> list[tuple[str, t.Optional[str]]]:
    """VDOM and token of the requests, without the reads that only make a token count."""
    for vdom in vdoms:
        send("/api/v2/monitor/user/banned", "GET", {"vdom": vdom} if vdom else {}, None)
    return [(vdom, token) for url, vdom, token in connection.sent if url == "banned"]


def test_a_connection_in_clear_gets_no_token(made: Connection) -> None:
    made.options["use_ssl"] = False
    with pytest.raises(InvalidInput, match="ansible_httpapi_use_ssl=true"):
        sender("/x", "t0ken")
    assert "access_token" not in made.options and made.sent == []


def test_a_certificate_that_is_not_verified_is_said(made: Connection) -> None:
    assert sender("/x", "t0ken")[1] == []
    made.options["validate_certs"] = False
    assert "not verified" in sender("/x", "t0ken")[1][0]


def test_status_and_text_are_plain(made: Connection) -> None:
    send, dummy = sender("/x", "t0ken")
    assert send("/api/v2/monitor/user/banned", "GET", {}, None) == (200, "{}")
    assert made.options["check_system_status"] is False and made.options["access_token"] == "t0ken"


def test_each_vdom_is_asked_with_its_token_and_others_with_the_common_one(made: Connection) -> None:
    send, dummy = sender("/x", "common", {"a": "of-a", "b": "of-b", "empty": ""})
    assert used(made, send, "a", "a", "b", "other", "empty", "") == [
        ("a", "of-a"),
        ("a", "of-a"),
        ("b", "of-b"),
        ("other", "common"),
        ("empty", "common"),
        (None, "common"),
    ]


def test_no_token_is_sent_to_a_vdom_that_it_is_not_for(made: Connection) -> None:
    """Also the read that only makes a token count is for the VDOM of the token that it is still sent with."""
    send, dummy = sender("/x", None, {"a": "of-a", "b": "of-b"})
    used(made, send, "a", "b", "a")
    assert {(vdom, token) for dummy_url, vdom, token in made.sent} <= {("a", "of-a"), ("b", "of-b")}


@pytest.mark.parametrize(("vdom", "said"), [("c", "has no token for VDOM c"), ("", "set fortigate_token")])
def test_a_vdom_without_a_token_is_not_asked(vdom: str, said: str, made: Connection) -> None:
    send, dummy = sender("/x", "", {"a": "of-a"})
    with pytest.raises(InvalidInput, match=said):
        used(made, send, vdom)
    assert made.sent == []


@pytest.mark.parametrize(
    ("port", "ansible_port"), [(None, None), ("443", None), (8443, "8443"), (None, 443), ("", "443")]
)
def test_ports_that_are_the_same(port: object, ansible_port: object) -> None:
    refuse_shared_key(port, ansible_port)


@pytest.mark.parametrize(("port", "ansible_port"), [(8443, None), (None, 8443), ("8443", "443")])
def test_fortigates_behind_one_address_would_share_a_connection(port: object, ansible_port: object) -> None:
    with pytest.raises(InvalidInput, match="ansible_httpapi_port"):
        refuse_shared_key(port, ansible_port)


def test_what_a_failure_has_changed() -> None:
    removed = FortiViewError("x")
    removed.kind, removed.outcome = "still_blocked", {"changed": True}
    assert failure_of(removed)["changed"] is True
    removed.outcome = {}
    assert failure_of(removed)["changed"] is False
    other = FortiViewError("x")
    other.outcome = {"changed": True}
    assert failure_of(other)["changed"] is False
