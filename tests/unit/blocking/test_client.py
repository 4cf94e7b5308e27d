# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an error of the connection is caused by, and the cure for this cause."""

from __future__ import annotations

import json

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import FortiGate, FortiGateError

# As the official connection plugin, requests and OpenSSL word them.
WORDS = {
    "Could not connect to https://192.0.2.1:443: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure (_ssl.c:1000)": "no cipher",
    "[SSL: NO_CIPHERS_AVAILABLE] no ciphers available (_ssl.c:1000)": "an evaluation licence: check ansible_httpapi_ciphers",
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate": "ansible_httpapi_ca_path",
    "Could not connect to https://192.0.2.1:40123/api/v2/: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed": "ansible_httpapi_ca_path",
    "Could not connect to https://credentials.example/api/v2/: [Errno 111] Connection refused": "ansible_httpapi_port",
    "HTTP Error 401: Unauthorized": "trusted hosts",
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


PEERS = "cmdb/vpn.ipsec/phase1"


def _reply(vdom: str, *names: str, **more: object) -> dict[str, object]:
    return {"vdom": vdom, "status": "success", "results": [{"name": name} for name in names], **more}


def _read_after(first: object) -> tuple[list[str], dict[str, list[str]]]:
    """VDOMs of the requests, and what is then known of root and guest, where the first request is answered so."""
    sent: list[str] = []

    def send(_url: str, _method: str, query: dict[str, str], _body: object) -> tuple[int, str]:
        sent.append(query["vdom"])
        return 200, json.dumps(first if len(sent) == 1 else _reply(query["vdom"], "alone", serial="FGT1"))

    fortigate = FortiGate(send, "fgt", lambda _seconds: None)
    fortigate.serial = "FGT1"
    fortigate.read_ahead(["root", "guest"], PEERS)
    known = {vdom: fortigate.vdom(vdom).once(PEERS) or [] for vdom in ("root", "guest")}
    return sent, {vdom: [str(one["name"]) for one in objects] for vdom, objects in known.items()}


def test_one_request_for_several_vdoms() -> None:
    assert _read_after([_reply("root", "a"), _reply("guest")]) == (["*"], {"root": ["a"], "guest": []})


@pytest.mark.parametrize(
    "reply",
    [
        [_reply("root", "a")],
        [_reply("root", "a"), _reply("guest", status="error")],
        [_reply("root", "a"), _reply("guest", http_status=404)],
        [_reply("root", "a"), {"vdom": "guest", "status": "success"}],
        [_reply("root", "a"), {"vdom": "guest", "status": "success", "results": ["text"]}],
        [_reply("root", "a"), "guest"],
    ],
)
def test_what_a_reply_for_several_does_not_prove_is_read_alone(reply: object) -> None:
    assert _read_after(reply) == (["*", "guest"], {"root": ["a"], "guest": ["alone"]})


@pytest.mark.parametrize(
    "reply", [_reply("root", "a"), [], [_reply("root"), _reply("root", "b"), _reply("guest")], "text", None]
)
def test_a_reply_that_is_no_list_of_vdoms_proves_nothing(reply: object) -> None:
    assert _read_after(reply) == (["*", "root", "guest"], {"root": ["alone"], "guest": ["alone"]})


def test_a_reply_of_another_fortigate_for_several() -> None:
    with pytest.raises(FortiGateError, match="a reply from 'FGT2'"):
        _read_after([_reply("root", serial="FGT2"), _reply("guest", serial="FGT2")])


def test_several_are_asked_for_no_more_where_that_does_not_work() -> None:
    sent: list[str] = []

    def send(_url: str, _method: str, query: dict[str, str], _body: object) -> tuple[int, str]:
        sent.append(query["vdom"])
        raise ConnectionError("something")

    fortigate = FortiGate(send, "fgt", lambda _seconds: None)
    for path in (PEERS, "cmdb/router/bgp"):
        fortigate.read_ahead(["root", "guest"], path)
    assert sent == ["*"]
