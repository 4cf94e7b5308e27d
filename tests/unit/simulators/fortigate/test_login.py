# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens, passwords, rights, and secrets in the wrong places (protocol_fortigate.rst, "Login", "Rights")."""

from __future__ import annotations

import base64

import pytest

from simulators.fortigate import FortiGate
from support.fortigate_client import Client

NOW = 1772366400
STATUS = "monitor/system/status"


@pytest.fixture
def stranger(fortigate):
    with Client(fortigate, token=None) as client:
        yield client


def login(client, password=None, **more):
    body = {
        "username": client.fortigate.username, "secretkey": password or client.fortigate.password,
        "password": password or client.fortigate.password, "ack_post_disclaimer": True, "ack_pre_disclaimer": True,
        "request_key": True, **more,
    }  # fmt: skip
    return client.post("authentication", body)


def basic(fortigate):
    return "Basic " + base64.b64encode(f"{fortigate.username}:{fortigate.password}".encode()).decode()


def test_token_in_the_header(fortigate, client):
    reply = client.get(STATUS)
    assert (reply["version"], reply["serial"], reply["build"]) == ("v7.4.8", fortigate.serial, 2795)
    assert reply["results"]["hostname"] == "fgt-hq" and reply["results"]["model_name"]
    assert client.send("POST", "/logout").status_code == 200
    assert fortigate.writes == [] and fortigate.check() == []
    assert [entry.admin for entry in fortigate.journal] == ["ansible", None]


def test_chunked_get_with_an_empty_body(client):
    assert client.http.get(f"{client.fortigate.url}/api/v2/{STATUS}", data=iter(()), timeout=10).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"access_token": "TOKEN"}, {"Authorization": "BASIC"}]
)
def test_strangers(fortigate, stranger, headers):
    values = {"TOKEN": fortigate.token, "BASIC": basic(fortigate)}
    headers = {name: values.get(value, value) for name, value in headers.items()}
    for method, path in (("GET", STATUS), ("POST", "monitor/user/banned/add_users"), ("GET", "cmdb/nonsense")):
        reply = stranger.send(method, path, headers=headers)
        assert reply.status_code == 401
        assert "version" not in reply.json() and reply.json()["status"] == "error"
    assert stranger.send("POST", "/logout").status_code == 200
    assert stranger.send("GET", "/logincheck").status_code == 200


def test_tokens_belong_to_one_box(client):
    with FortiGate(serial="FG100FTK20000002", hostname="fgt-branch") as other:
        assert other.token != client.fortigate.token and other.port != client.fortigate.port
        with Client(other, token=client.fortigate.token) as lost:
            assert lost.send("GET", STATUS).status_code == 401
        with Client(other) as found:
            assert found.get(STATUS)["serial"] == "FG100FTK20000002"


def test_password_login_gives_a_bearer_key(fortigate, stranger, clock):
    stranger.http.headers["Authorization"] = basic(fortigate)
    reply = login(stranger)
    found = reply.json()
    assert (found["status_code"], found["status_message"]) == (5, "LOGIN_SUCCESS")
    stranger.http.headers["Authorization"] = f"Bearer {found['session_key']}"
    assert stranger.get(STATUS)["status"] == "success"
    assert fortigate.open_sessions == [found["session_key"]] and fortigate.writes == []
    stranger.send("DELETE", "authentication")
    assert fortigate.open_sessions == [] and stranger.send("GET", STATUS).status_code == 401


def test_sessions_end_when_idle_and_by_reboot(fortigate, stranger, clock):
    for end in (lambda: clock.advance(301), fortigate.reboot, fortigate.ha_failover):
        stranger.http.headers["Authorization"] = f"Bearer {login(stranger).json()['session_key']}"
        assert stranger.send("GET", STATUS).status_code == 200
        end()
        assert stranger.send("GET", STATUS).status_code == 401


def test_wrong_passwords_lock_out_the_right_one(fortigate, stranger, clock):
    assert login(stranger, "wrong").status_code == 401
    fortigate.switches.login_refusal = "status200"
    reply = login(stranger, "wrong")
    assert reply.status_code == 200 and "LOGIN_SUCCESS" not in reply.text
    fortigate.switches.login_refusal = "http401"
    assert login(stranger, "wrong").status_code == 429
    assert login(stranger).status_code == 429
    clock.advance(61)
    assert login(stranger).status_code == 200


def test_browser_login_needs_its_csrf_token_for_writing(fortigate, stranger):
    fortigate.switches.api_login = False
    assert login(stranger).status_code == 404
    form = f"username={fortigate.username}&secretkey=wrong&ajax=1"
    assert stranger.post("/logincheck", form).text == "0"
    reply = stranger.post("/logincheck", form.replace("wrong", fortigate.password))
    assert reply.text.startswith("1") and "ccsrftoken" in reply.cookies
    assert stranger.send("GET", STATUS).status_code == 200
    assert stranger.ban("198.51.100.7").status_code == 403
    stranger.http.headers["x-csrftoken"] = reply.cookies["ccsrftoken"].strip('"')
    assert stranger.ban("198.51.100.7").status_code == 200
    stranger.send("POST", "/logout")
    assert stranger.send("GET", STATUS).status_code == 401


def test_read_only_profile(fortigate, client):
    with Client(fortigate, token=fortigate.read_only_token) as reader:
        assert reader.banned() == []
        reply = reader.ban("198.51.100.7")
        assert reply.status_code == 403 and reply.json()["http_status"] == 403
    fortigate.switches.update({"read_only": True, "forbidden_form": "html"})
    reply = client.ban("198.51.100.7")
    assert reply.status_code == 403 and reply.text.startswith("<!DOCTYPE html>")
    assert fortigate.bans() == [] and len(fortigate.writes) == 2


def test_rights_by_path_and_by_vdom(fortigate, client):
    fortigate.switches.update({"denied": ["system/status"], "vdoms_allowed": ["guest"]})
    assert client.send("GET", f"{STATUS}?vdom=guest").status_code == 403
    assert client.ban("198.51.100.7", vdom="guest").status_code == 200
    assert client.ban("198.51.100.7", vdom="root").status_code == 403
    assert client.send("GET", "cmdb/system/interface?scope=global").status_code == 403
    fortigate.switches.vdoms_allowed = None
    assert client.send("GET", "monitor/user/banned?vdom=nowhere").status_code == 403


@pytest.mark.parametrize(("version", "status"), [("v7.4.4", 200), ("v7.4.5", 401), ("v7.6.6", 401)])
def test_tokens_in_urls(fortigate, stranger, version, status):
    fortigate.switches.version = version
    assert stranger.send("GET", f"{STATUS}?access_token={fortigate.token}").status_code == status
    assert fortigate.check() == [f"the token is in the query of GET /api/v2/{STATUS}"]


def test_check_finds_a_token_in_a_body(fortigate, client):
    client.post("cmdb/firewall/address", {"name": "x", "comment": fortigate.token})
    assert fortigate.check() == ["the token is in the body of POST /api/v2/cmdb/firewall/address"]


def test_who_names_no_vdom_is_answered_in_his_own(fortigate, client):
    fortigate.switches.vdoms_allowed = ["guest"]
    reply = client.send("GET", "monitor/system/status")
    assert (reply.status_code, reply.json()["vdom"]) == (200, "guest")
    assert client.send("GET", "monitor/system/status?vdom=root").status_code == 403


def test_check_finds_session_keys_and_passwords_too(fortigate, stranger):
    key = login(stranger).json()["session_key"]
    stranger.send("GET", f"monitor/{key}", headers={"X-Debug": fortigate.password})
    problems = fortigate.check()
    assert any("session key 1 is in the path" in problem for problem in problems)
    assert any("the password is in a header" in problem for problem in problems)


@pytest.mark.parametrize("version", ["", "v6.4.9", "v7.0.17", "v7.2.10", "v7.4.8", "v7.6.6", "v8.0.0"])
def test_versions(fortigate, client, version):
    fortigate.switches.version = version
    assert client.get(STATUS).get("version", "") == version
    pushes = client.push("add", ["192.0.2.1"])["http_status"]
    assert pushes == (404 if version in ("v6.4.9", "v7.0.17") else 200)


def test_switches_refuse_nonsense(fortigate):
    with pytest.raises(ValueError, match="version takes forms"):
        fortigate.switches.version = "7.4"
    with pytest.raises(AttributeError, match="no switch named"):
        fortigate.switches.versoin = "v7.4.8"


def test_current_admins(fortigate, client):
    found = client.results("monitor/system/current-admins?vdom=root")
    assert [(item["admin"], item["srcaddr"], item["from"]) for item in found] == [
        ("admin", "10.1.1.50", "https(10.1.1.50)"), ("noc", "192.0.2.200", "ssh(192.0.2.200)")
    ]  # fmt: skip
    fortigate.switches.current_admins = [{"admin": "me", "srcaddr": "2001:db8::5"}]
    assert [item["srcaddr"] for item in client.results("monitor/system/current-admins")] == ["2001:db8::5"]


def test_tokens_of_one_vdom_each(fortigate):
    """Each is answered in its own VDOM, whoever asks for the status of another is refused."""
    for vdom, other in (("root", "guest"), ("guest", "root")):
        with Client(fortigate, token=fortigate.vdom_tokens[vdom]) as client:
            assert client.get(STATUS)["vdom"] == vdom
            assert client.send("GET", f"{STATUS}?vdom={other}").status_code == 403
            assert client.send("GET", "cmdb/system/interface?scope=global").status_code == 403
            body = {"ip_addresses": ["198.51.100.7"], "expiry": 3600}
            assert client.post("monitor/user/banned/add_users", body).status_code == 200
            assert client.ban("198.51.100.8", vdom=other).status_code == 403
            assert [ban["ip_address"] for ban in fortigate.bans(vdom)] == ["198.51.100.7"]
    assert {entry.admin for entry in fortigate.journal} == {"ansible-root", "ansible-guest"}
    assert fortigate.check() == []


def test_what_belongs_to_the_whole_box(fortigate):
    with Client(fortigate, token=fortigate.vdom_tokens["guest"]) as client:
        assert client.send("GET", "cmdb/system/dns").status_code == 200
        fortigate.switches.vdom_admin_reads_global = False
        assert client.send("GET", "cmdb/system/dns").status_code == 403
        assert {item["vdom"] for item in client.results("cmdb/system/interface")} == {"guest"}
        assert client.send("GET", "cmdb/firewall/address").status_code == 200


def test_check_finds_the_token_of_a_vdom(fortigate, client):
    client.post("cmdb/firewall/address", {"name": "x", "comment": fortigate.vdom_tokens["guest"]})
    assert fortigate.check() == ["the token of VDOM guest is in the body of POST /api/v2/cmdb/firewall/address"]
