# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connection options that cannot be used are refused before anything is sent."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import FortiViewError, InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._connection.session import Connection
from ansible_collections.secops.fortiview.plugins.module_utils._connection.settings import settings_of

TOKEN = {"host": "faz.example.com", "api_token": "k3y"}


@pytest.mark.parametrize(
    "host, base",
    [
        ("faz.example.com", "https://faz.example.com:443"),
        ("192.0.2.7", "https://192.0.2.7:443"),
        ("2001:db8::7", "https://[2001:db8::7]:443"),
        ("[2001:db8::7]", "https://[2001:db8::7]:443"),
        (" faz ", "https://faz:443"),
    ],
)
def test_hosts(host: str, base: str) -> None:
    assert settings_of(dict(TOKEN, host=host)).base == base


@pytest.mark.parametrize(
    "change",
    [
        {"host": None},
        {"host": ""},
        {"host": "https://faz.example.com"},
        {"host": "faz.example.com/jsonrpc"},
        {"host": "user@faz.example.com"},
        {"host": "faz.example.com:8443"},
        {"host": "faz example"},
        {"host": "fe80::1%eth0"},
        {"host": "[fe80::1%eth0]"},
        {"host": "faz\r\nHost: evil"},
        {"api_token": None},
        {"api_token": "two words"},
        {"api_token": "line\nbreak"},
        {"username": "u"},
        {"username": "u", "password": "p"},
        {"api_token": None, "username": "u"},
        {"api_token": None, "password": "p"},
        {"forticloud_access_token": "t"},
        {"port": 0},
        {"port": 70000},
        {"request_timeout": 0},
        {"request_timeout": -1},
        {"ca_path": "/does/not/exist"},
    ],
)
def test_bad_settings(change: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        settings_of({**TOKEN, **change})
    assert "k3y" not in str(caught.value)


def test_a_url_in_place_of_a_host_is_told_apart() -> None:
    with pytest.raises(InvalidInput, match="without https://"):
        settings_of({**TOKEN, "host": "https://127.0.0.1/jsonrpc"})


def test_a_password_in_the_host_is_not_quoted() -> None:
    with pytest.raises(InvalidInput) as caught:
        settings_of({**TOKEN, "host": "https://admin:Secret123@faz"})
    assert "Secret123" not in str(caught.value.to_fail_json())


@pytest.mark.parametrize("how", ["option", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    "proxy",
    [
        "http://user:pa/Secret9@proxy.example:3128",
        "http://user:Secret9@[bad:3128",
        "http://user:Secret9@127.0.0.1:99999",
        "http://user:Se#cret9@127.0.0.1:1",
        "http://user:Sec%72et9@127.0.0.1:1",
        "user:Secret9@127.0.0.1:1",
    ],
)
def test_the_password_of_a_proxy_is_never_shown(monkeypatch: pytest.MonkeyPatch, how: str, proxy: str) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    options = dict(TOKEN, proxy=proxy) if how == "option" else TOKEN
    if how != "option":
        monkeypatch.setenv(how, proxy)
    with pytest.raises(FortiViewError) as caught, Connection(settings_of(options), sleep=lambda dummy: None) as box:
        box.call("get", {"url": "/sys/status"})
    told = str(caught.value.to_fail_json())
    assert "cret9" not in told and "et9" not in told
    assert caught.value.kind in ("input", "transport")


def test_a_proxy_of_the_environment_may_leave_out_its_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    with (
        pytest.raises(FortiViewError, match=r"proxy 127\.0\.0\.1:1, from .* HTTPS_PROXY, could not be reached"),
        Connection(settings_of(TOKEN)) as box,
    ):
        box.call("add", {"url": "/x"})
