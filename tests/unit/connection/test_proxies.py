# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a proxy comes from, and what its errors name."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._connection.proxies import (
    Proxy,
    broken_proxy,
    environment_proxy,
    option_proxy,
)

BASE = "https://faz.example.com:8443"
NAMES = ("https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("environment", "origin"),
    [
        ({"HTTPS_PROXY": "http://a:1"}, "HTTPS_PROXY"),
        ({"https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:1"}, "https_proxy"),
        ({"ALL_PROXY": "http://a:1", "https_proxy": ""}, "ALL_PROXY"),
        ({"all_proxy": "http://a:1"}, "all_proxy"),
        ({"ALL_PROXY": "http://b:1", "HTTPS_PROXY": "http://a:1"}, "HTTPS_PROXY"),
        ({"Https_Proxy": "http://a:1"}, "Https_Proxy"),
        ({"HTTPS_PROXY": "a:1"}, "HTTPS_PROXY"),
    ],
)
def test_the_variable_is_named(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], origin: str) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    proxy = environment_proxy(BASE)
    assert proxy is not None
    proxy.check()
    assert (proxy.origin, proxy.place) == (origin, "a:1")
    assert str(proxy) == f"a:1, from the environment variable {origin}"


@pytest.mark.parametrize("excepted", ["faz.example.com", ".example.com", "*"])
def test_no_proxy_excepts_the_host(monkeypatch: pytest.MonkeyPatch, excepted: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://a:1")
    monkeypatch.setenv("NO_PROXY", excepted)
    assert environment_proxy(BASE) is None


@pytest.mark.parametrize("url", ["http://u:p@ss@a:1", "u:p@a:1", "socks5://u:p@a:1"])
def test_the_user_is_not_part_of_the_place(url: str) -> None:
    proxy = Proxy(url, "ALL_PROXY", from_environment=True)
    proxy.check()
    assert proxy.place == "a:1" and proxy.has_user
    assert "p" in [secret[:1] for secret in proxy.secrets]


@pytest.mark.parametrize("url", ["http://u:2024#x@a:1", "http://u:1/x@a:1", "http://u:1?x@a:1", "http://", "a:x"])
def test_a_password_that_ends_the_host_is_refused(url: str) -> None:
    """Else its first half would be taken for the port, and shown."""
    with pytest.raises(InvalidInput, match="must look like") as caught:
        Proxy(url, "HTTPS_PROXY", from_environment=True).check()
    assert "2024" not in str(caught.value)


def test_an_option_takes_no_socks() -> None:
    with pytest.raises(InvalidInput, match="the option proxy must look like"):
        option_proxy("socks5://a:1").check()


@pytest.mark.parametrize(
    ("text", "said", "cure"),
    [
        ("Tunnel connection failed: 504 Gateway Timeout", "replied with HTTP 504 Gateway Timeout", "cannot reach faz"),
        ("Tunnel connection failed: 405 ", "replied with HTTP 405.", "permit CONNECT to faz"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] x", "certificate of the proxy a:1", "ca_path"),
        ("Missing dependencies for SOCKS support.", "cannot be used", "PySocks"),
        ("Remote end closed connection without response", "could not be reached", "Check the proxy in HTTPS_PROXY"),
    ],
)
def test_errors_of_a_proxy(text: str, said: str, cure: str) -> None:
    error = broken_proxy(text, Proxy("a:1", "HTTPS_PROXY", from_environment=True), "faz", "faz:443")
    assert said in str(error) and cure in error.next_step
    assert "add faz to NO_PROXY" in error.next_step
    assert not error.processed
