# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is believed of a reply, and what an error of the connection is caused by."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.client import (
    FortiGate,
    FortiGateError,
    WrongVdom,
)

# As the official connection plugin, requests and OpenSSL word them.
WORDS = {
    "Could not connect to https://192.0.2.1:443: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure (_ssl.c:1000)": "no cipher",
    "[SSL: NO_CIPHERS_AVAILABLE] no ciphers available (_ssl.c:1000)": "an evaluation licence. Check ansible_httpapi_ciphers",
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
    "status, cure", [(429, "limits the rate of requests"), (503, "Try again later"), (403, "User & Device (authgrp)")]
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
    with pytest.raises(FortiGateError, match="the reply is from 'FGT2'"):
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


OK = {"status": "success", "http_status": 200, "vdom": "root", "serial": "FGT1", "results": []}


class Replies:
    """A FortiGate that gives these replies, one after the other: a whole reply, text, or an error. The last one stays."""

    def __init__(self, *replies: t.Any) -> None:
        self._replies = list(replies)
        self.sent: list[tuple[str, dict[str, str]]] = []
        self.slept: list[float] = []
        self.device = FortiGate(self._send, "fgt", self.slept.append)
        self.vdom = self.device.vdom("root")

    def _send(self, _url: str, method: str, query: dict[str, str], _body: object) -> tuple[int, str]:
        self.sent.append((method, query))
        reply = self._replies[0] if len(self._replies) == 1 else self._replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return 200, reply if isinstance(reply, str) else json.dumps(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "", "null", "[]", "7", "<html>login</html>", '{"status": "success"', {**OK, "status": "error"}, {**OK, "http_status": 500},
        [OK, OK], {**OK, "status": None}, {key: value for key, value in OK.items() if key != "results"},
    ],
)  # fmt: skip
def test_a_reply_that_does_not_say_success_is_none(reply: t.Any) -> None:
    with pytest.raises(FortiGateError):
        Replies(reply).vdom.read("monitor/user/banned")


def test_a_write_needs_a_confirmation_and_a_read_only_its_results() -> None:
    bare = {"results": []}
    assert Replies(bare).vdom.read("monitor/user/banned") == []
    with pytest.raises(FortiGateError, match="does not confirm success"):
        Replies(bare).vdom.write("POST", "monitor/user/banned/add_users", {})


@pytest.mark.parametrize("results", ["text", 7, None, [1], [{}, "x"], [[]]])
def test_results_that_are_no_objects_are_not_an_empty_table(results: t.Any) -> None:
    with pytest.raises(FortiGateError, match="results in the reply are not objects"):
        Replies({**OK, "results": results}).vdom.objects("cmdb/firewall/policy")
    assert Replies({**OK, "results": {"a": 1}}).vdom.objects("cmdb/system/dns") == [{"a": 1}]


def test_a_reply_about_another_vdom_or_from_another_fortigate_proves_nothing() -> None:
    with pytest.raises(WrongVdom) as caught:
        Replies({**OK, "vdom": "guest"}).vdom.write("POST", "monitor/user/banned/add_users", {})
    assert caught.value.vdom == "guest"
    other = Replies(OK, {**OK, "serial": "FGT2"})
    other.vdom.read("monitor/user/banned")
    with pytest.raises(FortiGateError, match="the reply is from 'FGT2', although the last reply was from 'FGT1'"):
        other.vdom.read("monitor/user/banned")


def test_the_next_step_about_a_full_table_is_only_for_a_write() -> None:
    vdom = Replies(OK).vdom
    assert "configuration table" in str(vdom.doubt("POST", "cmdb/firewall/address", "the FortiGate reported success"))
    read = str(vdom.doubt("GET", "cmdb/system/interface", "the reply has no interfaces"))
    assert "access profile" in read and "full" not in read
    assert vdom.doubt("GET", "cmdb/system/interface", "x", "Do this.").next_step == "Do this."


def test_a_closed_connection_is_opened_again_for_a_read_only() -> None:
    closed = ConnectionError("Remote end closed connection without response")
    read = Replies(closed, OK)
    assert read.vdom.read("monitor/user/banned") == [] and len(read.sent) == 2
    write = Replies(closed, OK)
    with pytest.raises(FortiGateError):
        write.vdom.write("POST", "monitor/user/banned/add_users", {})
    assert len(write.sent) == 1, "the first one may have had an effect"


@pytest.mark.parametrize(
    "path", ["cmdb/firewall/address", "cmdb/firewall/address/", "cmdb/firewall/addrgrp/SOC/member", "cmdb/firewall//x"]
)
def test_a_table_is_never_deleted(path: str) -> None:
    fortigate = Replies(OK)
    with pytest.raises(ValueError, match="names no object"):
        fortigate.vdom.write("DELETE", path)
    assert fortigate.sent == []


def test_what_is_asked_for_stays_one_value_of_the_query() -> None:
    fortigate = Replies({**OK, "vdom": "a&vdom=b"})
    fortigate.device.vdom("a&vdom=b").read("cmdb/firewall/address", filter="name==x&scope=global")
    assert fortigate.sent == [("GET", {"vdom": "a%26vdom%3Db", "filter": "name%3D%3Dx%26scope%3Dglobal"})]


def test_a_table_that_does_not_exist_is_none_and_not_empty() -> None:
    missing = {**OK, "status": "error", "http_status": 404}
    assert Replies(missing).vdom.found("cmdb/user/fsso") is None
    once = Replies(missing)
    assert once.vdom.once("cmdb/user/fsso") is once.vdom.once("cmdb/user/fsso") is None and len(once.sent) == 1


def test_hostile_text_of_a_fortigate_stays_in_one_line() -> None:
    with pytest.raises(FortiGateError) as caught:
        Replies({**OK, "vdom": "{{ x }}\n\u202e\x1b[31m" + "A" * 999}).vdom.read("monitor/user/banned")
    assert str(caught.value).isprintable() and len(str(caught.value)) < 500


@pytest.mark.parametrize("status", [429, 503])
def test_a_write_to_a_busy_fortigate_is_sent_once(status: int) -> None:
    sent: list[str] = []

    def send(_url: str, method: str, *_rest: object) -> tuple[int, str]:
        sent.append(method)
        return status, ""

    with pytest.raises(FortiGateError):
        FortiGate(send, "fgt", lambda _seconds: None).vdom("root").write("POST", "monitor/user/banned/add_users", {})
    assert sent == ["POST"]


@pytest.mark.parametrize(
    "status, unwell", [(400, False), (404, False), (405, False), (413, True), (424, True), (500, True), (502, True)]
)
def test_a_status_of_the_fortigate_is_not_blamed_on_the_token(status: int, unwell: bool) -> None:
    with pytest.raises(FortiGateError) as caught:
        Replies({**OK, "status": "error", "http_status": status}).vdom.read("monitor/user/banned")
    assert ("Try again later" in str(caught.value)) == unwell and (
        "Check fortigate_token" in str(caught.value)
    ) != unwell
