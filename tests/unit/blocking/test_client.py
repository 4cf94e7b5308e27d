# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an error of the connection is caused by, and the cure for this cause."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate, FortiGateError

# As the official connection plugin, requests and OpenSSL word them.
WORDS = {
    "Could not connect to https://192.0.2.1:443: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure (_ssl.c:1000)": "no cipher",
    "[SSL: NO_CIPHERS_AVAILABLE] no ciphers available (_ssl.c:1000)": "an evaluation licence: check ansible_httpapi_ciphers",
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate": "ansible_httpapi_ca_path",
    "Could not connect to https://192.0.2.1:443: [Errno 111] Connection refused": "ansible_httpapi_port",
    "Please provide access token or user name and password": "Set fortigate_token",
    "something that nobody has seen": "Try again later",
}


@pytest.mark.parametrize("words, cure", WORDS.items())
def test_the_cause_is_named(words: str, cure: str) -> None:
    def send(*_request: object) -> tuple[int, str]:
        raise ConnectionError(words)

    with pytest.raises(FortiGateError) as caught:
        FortiGate(send, "fgt", lambda _seconds: None).vdom("root").read("monitor/user/banned")
    assert cure in str(caught.value)


@pytest.mark.parametrize(
    "status, cure", [(429, "limits requests"), (503, "Try again later"), (403, "User & Device (authgrp)")]
)
def test_a_status_is_asked_again_three_times_and_named(status: int, cure: str) -> None:
    slept: list[float] = []
    sent: list[str] = []

    def send(url: str, *_request: object) -> tuple[int, str]:
        sent.append(url)
        return status, "<html></html>" if status != 403 else '{"status": "error", "http_status": 403}'

    with pytest.raises(FortiGateError) as caught:
        FortiGate(send, "fgt", slept.append).vdom("root").read("monitor/user/banned")
    assert cure in str(caught.value)
    assert (len(sent), len(slept)) == ((4, 3) if status != 403 else (1, 0))
