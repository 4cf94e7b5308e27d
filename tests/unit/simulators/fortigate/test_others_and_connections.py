# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that end, pages of a busy FortiGate, and another administrator at the same time."""

from __future__ import annotations

import time

import pytest
import requests

from simulators.fortigate import Switches

ATTACKER, SERVER = "198.51.100.7", "203.0.113.10"
LIST = "monitor/user/banned"
ADD = f"{LIST}/add_users"


@pytest.fixture(scope="module")
def switches():
    return Switches(with_feed=True, with_group=True, with_policies=True)


def test_a_connection_that_was_idle_is_reset(fortigate, client, clock):
    fortigate.switches.keep_alive_seconds = 5.0
    assert client.banned() == []
    clock.advance(5)
    assert client.banned() == [] and fortigate.connections == 1
    clock.advance(6)
    with pytest.raises(requests.exceptions.ConnectionError):
        client.ban(ATTACKER)
    assert fortigate.bans() == [] and fortigate.journal[-1].fault == "connection_gone"
    assert client.ban(ATTACKER).status_code == 200 and fortigate.connections == 2


def test_a_connection_carries_so_many_requests(fortigate, client):
    fortigate.switches.keep_alive_requests = 2
    assert [client.banned() for _number in range(2)] == [[], []]
    with pytest.raises(requests.exceptions.ConnectionError):
        client.banned()
    assert client.banned() == []


def test_a_connection_is_closed_in_good_order(fortigate, client):
    """A client that looks before it sends opens another one."""
    fortigate.switches.update({"keep_alive_requests": 1, "keep_alive_end": "closed"})
    for _number in range(3):
        assert client.banned() == []
        time.sleep(0.05)
    assert fortigate.connections == 3


def test_a_connection_is_closed_when_it_was_idle(fortigate, client):
    fortigate.switches.update({"keep_alive_seconds": 0.05, "keep_alive_end": "closed"})
    assert client.banned() == client.banned() == [] and fortigate.connections == 1
    time.sleep(0.2)
    assert client.banned() == [] and fortigate.connections == 2


@pytest.mark.parametrize(("kind", "status"), [("too_many", 429), ("unavailable", 503)])
@pytest.mark.parametrize("wait", [None, 7])
def test_pages_of_a_busy_box(fortigate, client, kind, status, wait):
    for method in ("GET", "POST"):
        fortigate.fault(kind, method=method, path=LIST, **({} if wait is None else {"retry_after": wait}))
    for reply in (client.send("GET", LIST), client.ban(ATTACKER)):
        assert reply.status_code == status and reply.headers["content-type"].startswith("text/html")
        assert "<html>" in reply.text and reply.headers.get("Retry-After") == (None if wait is None else "7")
    assert fortigate.bans() == [] and client.ban(ATTACKER).status_code == 200


def test_somebody_else_adds_the_same_object_first(fortigate, client):
    body = {"name": "blk-7", "subnet": f"{ATTACKER}/32"}
    fortigate.fault(
        "meanwhile", method="POST", path="firewall/address", do=[{"path": "cmdb/firewall/address", "body": body}]
    )
    reply = client.post("cmdb/firewall/address", body)
    assert (reply.status_code, reply.json()["error"]) == (500, -5)
    assert len(fortigate.writes) == 1 and fortigate.check() == []


def test_somebody_else_takes_the_member_out_afterwards(fortigate, client):
    client.post("cmdb/firewall/address", {"name": "blk-7", "subnet": f"{ATTACKER}/32"})
    member = "cmdb/firewall/addrgrp/SOC-BLOCK/member"
    fortigate.fault("meanwhile", "POST", "/member", do=[{"method": "DELETE", "path": f"{member}/blk-7"}], when="after")
    assert client.post(member, {"name": "blk-7"}).json()["status"] == "success"
    assert fortigate.passes(ATTACKER, SERVER) and fortigate.members("SOC-BLOCK") == ["blk-placeholder"]


def test_somebody_else_removes_the_ban_before_the_read(fortigate, client):
    client.ban(ATTACKER)
    step = {"path": f"{LIST}/clear_users?vdom=root", "body": {"ip_addresses": [ATTACKER]}}
    fortigate.fault("meanwhile", method="GET", path=LIST, after=1, do=[step])
    assert client.banned() == [ATTACKER] and not fortigate.passes(ATTACKER, SERVER)
    assert client.banned() == [] and fortigate.passes(ATTACKER, SERVER)


def test_a_step_that_is_refused_is_an_alarm(fortigate, client):
    fortigate.fault("meanwhile", path=LIST, do=[{"method": "DELETE", "path": "cmdb/firewall/address/nobody"}])
    assert client.banned() == []
    assert "the other administrator was refused" in fortigate.alarms[0]
    with pytest.raises(ValueError, match="meanwhile needs do"):
        fortigate.fault("meanwhile", path=LIST)


def test_another_administrator_at_once(fortigate, client):
    fortigate.other_administrator("POST", f"{ADD}?vdom=root", {"ip_addresses": [ATTACKER], "expiry": 60})
    assert client.banned() == [ATTACKER] and not fortigate.passes(ATTACKER, SERVER) and fortigate.writes == []
    with pytest.raises(ValueError, match="HTTP 404"):
        fortigate.other_administrator("DELETE", "cmdb/firewall/address/nobody")
    step = {"method": "POST", "path": f"{LIST}/clear_users", "body": {"ip_addresses": [ATTACKER]}}
    url = f"{fortigate.url}/_simulator/other_administrator"
    assert requests.post(url, json=step, verify=fortigate.ca_path, timeout=10).status_code == 200
    assert requests.post(url, json={**step, "path": "nothing"}, verify=fortigate.ca_path, timeout=10).status_code == 400
    assert fortigate.passes(ATTACKER, SERVER)
