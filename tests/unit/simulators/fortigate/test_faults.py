# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every planned fault, by path and limited in number."""

from __future__ import annotations

import time

import pytest
import requests

from simulators.fortigate import Switches

ATTACKER = "198.51.100.7"
ADD = "user/banned/add_users"


@pytest.fixture(scope="module")
def switches():
    return Switches(with_feed=True, with_group=True)


@pytest.mark.parametrize(
    ("kind", "status", "number"),
    [("malformed", 400, None), ("unauthorized", 401, None), ("forbidden", 403, None), ("not_found", 404, -3),
     ("not_allowed", 405, None), ("too_large", 413, None), ("bad_attribute", 424, None),
     ("device_error", 500, None), ("table_full", 500, -4), ("duplicate", 500, -5), ("in_use", 500, -23)],
)  # fmt: skip
def test_refusals(fortigate, client, kind, status, number):
    fortigate.fault(kind, method="POST", path=ADD, times=2)
    for _attempt in range(2):
        reply = client.ban(ATTACKER)
        found = reply.json()
        assert reply.status_code == found["http_status"] == status
        assert found["status"] == "error" and found.get("error") == number
        assert fortigate.bans() == []
    assert client.ban(ATTACKER).status_code == 200 and len(fortigate.bans()) == 1
    assert [entry.fault for entry in fortigate.journal] == [kind, kind, None]


def test_replies_that_look_like_success(fortigate, client):
    fortigate.fault("not_json", path=ADD)
    fortigate.fault("empty", path=ADD)
    fortigate.fault("status_error", path=ADD)
    html, empty, error = (client.ban(ATTACKER) for _attempt in range(3))
    assert [reply.status_code for reply in (html, empty, error)] == [200, 200, 200]
    assert html.text.startswith("<!DOCTYPE html>") and html.headers["content-type"].startswith("text/html")
    assert empty.text == ""
    assert (error.json()["status"], error.json()["http_status"]) == ("error", 200)
    assert fortigate.bans() == [] and len(fortigate.writes) == 3


def test_forbidden_html_and_redirect_to_the_login_page(fortigate, client):
    fortigate.fault("forbidden_html", path="/member")
    reply = client.post("cmdb/firewall/addrgrp/SOC-BLOCK/member", {"name": "all"})
    assert reply.status_code == 403 and "<html>" in reply.text
    fortigate.fault("redirect", path="banned")
    reply = client.send("GET", "monitor/user/banned")
    assert (reply.status_code, reply.headers["location"]) == (302, "/login")
    assert client.send("GET", "/login").status_code == 200


def test_put_of_a_member_is_not_allowed(fortigate, client):
    fortigate.fault("not_allowed", method="PUT", path="/SOC-BLOCK/member/")
    path = "cmdb/firewall/addrgrp/SOC-BLOCK/member/blk-placeholder"
    assert client.send("GET", path).status_code == 200
    assert [client.put(path, {"name": "blk-placeholder"}).status_code for _attempt in range(2)] == [405, 200]


def test_delay_after_the_write_was_applied(fortigate, client):
    fortigate.fault("delay", path=ADD, seconds=1.0)
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.send("POST", f"monitor/{ADD}", {"ip_addresses": [ATTACKER]}, timeout=0.3)
    assert [ban["ip_address"] for ban in fortigate.bans()] == [ATTACKER]


def test_slow_before_it_is_applied(fortigate, client):
    fortigate.fault("slow", path=ADD, seconds=0.2)
    start = time.monotonic()
    assert client.ban(ATTACKER).status_code == 200 and time.monotonic() - start >= 0.2


@pytest.mark.parametrize(("kind", "applied"), [("cut_before", False), ("cut_after", True), ("truncated", True)])
def test_dropped_connections(fortigate, client, kind, applied):
    fortigate.fault(kind, path=ADD)
    with pytest.raises(requests.exceptions.RequestException):
        client.ban(ATTACKER)
    assert bool(fortigate.bans()) is applied
    assert client.ban(ATTACKER).status_code == 200


def test_partial_ban_tells_nobody(fortigate, client):
    fortigate.fault("partial", missing=2)
    reply = client.ban(ATTACKER, "198.51.100.8", "198.51.100.9")
    assert reply.json()["status"] == "success"
    assert client.banned() == [ATTACKER]
    fortigate.fault("partial", path="clear_users", missing=5)
    client.unban(ATTACKER)
    assert client.banned() == [ATTACKER]


def test_partial_feed(fortigate, client):
    fortigate.fault("partial", path="dynamic", missing=1)
    (result,) = client.push("add", [ATTACKER, "198.51.100.8"])["results"]
    assert result["status"] == "success" and fortigate.feed("soc-block") == [ATTACKER]


def test_another_box_for_one_call(fortigate, client):
    status = "monitor/system/status"
    fortigate.fault("switches", path="system/status", values={"version": ""})
    assert "version" not in client.get(status) and client.get(status)["version"] == "v7.4.8"
    fortigate.fault("switches", path=ADD, values={"read_only": True})
    assert [client.ban(ATTACKER).status_code for _attempt in range(2)] == [403, 200]
    fortigate.fault("switches", path=ADD, values={"vdoms_allowed": ["guest"]}, after=1)
    assert [client.ban(ATTACKER).status_code for _attempt in range(3)] == [200, 403, 200]
    fortigate.fault("switches", method="GET", path="banned", values={"clock_skew": 7200.0})
    assert (client.banned(), fortigate.switches.clock_skew) == ([], 0.0)


def test_without_a_path_logins_are_spared(fortigate, client):
    fortigate.fault("device_error")
    assert client.send("POST", "/logout").status_code == 200
    assert client.post("authentication", {}).status_code == 401
    assert client.send("GET", "monitor/system/status").status_code == 500
    fortigate.fault("http", path="/logout", status=503)
    assert client.send("POST", "/logout").status_code == 503


def test_by_method_and_vdom(fortigate, client):
    fortigate.fault("too_many", method="POST", path="vdom=guest")
    assert client.ban(ATTACKER).status_code == 200
    reply = client.ban(ATTACKER, vdom="guest")
    assert reply.status_code == 429 and reply.text.startswith("<!DOCTYPE html>")


def test_only_the_configuration_explains_its_refusals(fortigate, client):
    """The monitor tree gives a status and a number; whoever wants a reason must know it."""
    assert "cli_error" not in client.ban("no address").json()
    assert "cli_error" not in client.push("add", ["192.0.2.1"], name="nobody")
    assert "cli_error" not in client.send("GET", "cmdb/firewall/address/nobody").json()
    assert "subnet" in client.post("cmdb/firewall/address", {"name": "x", "subnet": "nonsense"}).json()["cli_error"]


def test_misspelt_faults(fortigate):
    with pytest.raises(ValueError, match="no fault named"):
        fortigate.fault("typo")
    with pytest.raises(AttributeError, match="no switch named"):
        fortigate.fault("switches", values={"typo": 1})


def test_global_scope_is_a_list_even_when_it_fails(fortigate, client):
    fortigate.fault("forbidden", path="scope=global")
    reply = client.send("GET", "cmdb/system/interface?scope=global")
    assert reply.status_code == 403 and reply.json()[0]["status"] == "error"


def test_patience_of_reset(fortigate, client):
    fortigate.fault("delay", path=ADD)
    fortigate.switches.version = "v8.0.0"
    client.post("cmdb/firewall/address", {"name": "a"})
    client.delete("cmdb/firewall/address")
    fortigate.reset()
    assert (fortigate.switches.version, fortigate.journal, fortigate.alarms, fortigate.check()) == (
        "v7.4.8",
        [],
        [],
        [],
    )
    assert "a" not in [item["name"] for item in fortigate.objects("firewall/address")]
    start = time.monotonic()
    client.ban(ATTACKER)
    assert time.monotonic() - start < 0.9
