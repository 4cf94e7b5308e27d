# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions, keys, permissions and TLS (protocol_fortianalyzer.rst, "Authentication")."""

from __future__ import annotations

import ssl

import pytest
import requests

STATUS = "/sys/status"


def code(reply):
    result = reply["result"]
    return (result[0] if isinstance(result, list) else result)["status"]["code"]


def test_login_gives_a_session_and_logout_ends_it(faz, caller):
    assert faz.open_sessions == [caller.session]
    assert code(caller.call("get", STATUS)) == 0
    assert code(caller.logout()) == 0
    assert faz.open_sessions == []
    assert code(caller.call("get", STATUS)) == -11
    assert faz.check() == []


def test_login_takes_the_forms_of_the_official_plugin(faz, stranger):
    client = stranger()
    data = {"user": faz.username, "passwd": faz.password}
    body = {**client.body("exec", "sys/login/user", data=data), "session": None, "verbose": 1}
    client.session = client.post(body).json()["session"]
    junk = {"Authorization": "Bearer None"}
    status = {**client.body("get", STATUS), "verbose": 1}
    assert code(client.post(status, headers=junk).json()) == 0


def test_the_official_plugin_reads_the_release_after_its_login(faz, caller, stranger):
    faz.switches.version = "v7.4.5-build2553 240919 (GA.M)"
    call = caller.body("get", "/cli/global/system/status")
    data = caller.post(call).json()["result"][0]["data"]
    assert [data[part] for part in ("Major", "Minor", "Patch")] == [7, 4, 5]
    assert code(stranger().call("get", "/cli/global/system/status")) == -11


@pytest.mark.parametrize(("refusal", "text"), [(-22, "Login fail"), (-11, "Invalid user name or password")])
def test_wrong_password_is_refused_in_the_list_form(faz, stranger, refusal, text):
    faz.switches.login_refusal_code = refusal
    reply = stranger().login("wrong")
    assert reply["result"] == [{"status": {"code": refusal, "message": text}, "url": "/sys/login/user"}]
    assert "session" not in reply


def test_three_wrong_passwords_lock_out_the_right_one_for_a_while(faz, stranger, clock):
    client = stranger()
    for _attempt in range(3):
        client.login("wrong")
    assert code(client.login()) == -22
    clock.advance(61)
    assert code(client.login()) == 0


def test_a_password_that_is_no_string_is_wrong(faz, stranger):
    client = stranger()
    reply = client.call("exec", "/sys/login/user", data={"user": faz.username, "passwd": 12345})
    assert code(reply) == -22


def test_idle_session_goes_stale_and_heals_by_one_login(faz, caller, clock):
    clock.advance(901)
    refused = caller.submit("top-threats")
    assert refused["result"]["status"]["code"] == -11
    assert faz.open_sessions == []
    caller.login()
    assert "tid" in caller.submit("top-threats")["result"]


def test_session_cap(faz, caller, stranger):
    faz.switches.session_cap = 1
    assert code(stranger().login()) == -1
    caller.logout()
    assert code(stranger().login()) == 0


def bearer(faz, token=None):
    return {"Authorization": f"Bearer {token or faz.api_token}"}


def test_api_key_in_the_header(faz, stranger):
    client = stranger()
    assert code(client.post(client.body("get", STATUS), headers=bearer(faz)).json()) == 0


@pytest.mark.parametrize("session", [None, "placeholder"])
def test_api_key_beside_a_session_member_is_refused(faz, stranger, session):
    client = stranger()
    body = {**client.body("get", STATUS), "session": session}
    assert code(client.post(body, headers=bearer(faz)).json()) == -11


def test_null_session_with_a_key_can_be_allowed(faz, stranger):
    faz.switches.null_session_with_key_accepted = True
    client = stranger()
    assert code(client.post({**client.body("get", STATUS), "session": None}, headers=bearer(faz)).json()) == 0


@pytest.mark.parametrize(
    ("refusal", "http", "status"),
    [("http401", 401, None), ("http403", 403, None), ("code-11", 200, -11), ("status401", 200, 401)],
)
def test_rejected_keys(faz, stranger, refusal, http, status):
    client = stranger()
    faz.switches.api_token_refusal = refusal
    for token in ("wrong", faz.api_token):
        faz.switches.api_token_accepted = token == "wrong"
        response = client.post(client.body("get", STATUS), headers=bearer(faz, token))
        assert response.status_code == http
        if status is not None:
            assert code(response.json()) == status


def test_other_places_for_a_key(faz, stranger):
    client = stranger()
    assert code(client.post(client.body("get", STATUS), headers={"X-API-Key": faz.api_token}).json()) == -11
    url = f"{faz.url}?access_token={faz.api_token}"
    assert code(client.post(client.body("get", STATUS), url).json()) == -11
    faz.switches.access_token_query_accepted = True
    assert code(client.post(client.body("get", STATUS), url).json()) == 0
    assert any("API key is in the query" in problem for problem in faz.check())


def test_an_administrator_without_rpc_permit_cannot_log_in(faz, stranger):
    """The captured reply: the login itself is refused, and by another code than a wrong password."""
    faz.switches.rpc_permit = "none"
    client = stranger()
    reply = client.login()
    assert reply["result"] == [
        {"status": {"code": -11, "message": "No permission for the resource"}, "url": "/sys/login/user"}
    ]
    assert "session" not in reply and faz.open_sessions == []
    assert code(client.login("wrong")) == -22
    refused = client.post(client.body("get", STATUS), headers=bearer(faz)).json()
    assert code(refused) == -11


def test_an_rpc_permit_that_is_taken_away_ends_an_open_session_s_rights(faz, caller):
    faz.switches.rpc_permit = "none"
    assert code(caller.call("get", STATUS)) == -11
    assert caller.submit("top-threats")["result"]["status"]["code"] == -11
    assert code(caller.logout()) == 0


def test_permit_read_allows_searching_unless_add_needs_write(faz, caller):
    faz.switches.rpc_permit = "read"
    assert "tid" in caller.submit("top-threats")["result"]
    faz.switches.add_needs_write = True
    assert caller.submit("top-threats")["result"]["status"]["code"] == -11


@pytest.mark.parametrize("shape", ["object", "list", "error"])
def test_shapes_of_a_permission_error(faz, caller, shape):
    faz.switches.permission_error_shape = shape
    faz.switches.forbidden_adoms = ["Branch_Office"]
    reply = caller.submit("top-threats", adom="Branch_Office")
    found = {
        "object": lambda: reply["result"]["status"],
        "list": lambda: reply["result"][0]["status"],
        "error": lambda: reply["error"],
    }
    assert found[shape]()["code"] == -11


def test_cloud_login(faz, stranger):
    client = stranger()
    url = f"https://{faz.host}:{faz.port}/p/forticloud_jsonrpc_login/"
    assert client.post({"access_token": "wrong"}, url).status_code == 401
    client.session = client.post({"access_token": faz.cloud_token}, url).json()["session"]
    assert "tid" in client.submit("top-sources")["result"]
    assert client.submit("top-sources", adom="Branch_Office")["result"]["status"]["code"] == -11
    assert code(client.logout()) == 0


def test_no_other_path_is_served(faz, stranger):
    """Neither rpc with a slash nor the cloud login without its own."""
    for path in ("jsonrpc/", "p/forticloud_jsonrpc_login", "api/v2/"):
        assert (
            stranger().post({"access_token": faz.cloud_token}, f"https://{faz.host}:{faz.port}/{path}").status_code
            == 404
        )


@pytest.mark.parametrize("secret", ["password", "api_token", "session"])
@pytest.mark.parametrize("place", ["filter", "id"])
def test_check_names_a_secret_in_a_body(faz, caller, secret, place):
    value = caller.session if secret == "session" else getattr(faz, secret)
    body = (
        caller.body("get", STATUS, filter=value) if place == "filter" else {**caller.body("get", STATUS), "id": value}
    )
    caller.post(body)
    caller.logout()
    (problem,) = faz.check()
    assert "in the body of POST /jsonrpc get /sys/status" in problem and value not in problem


def test_status_tells_zone_and_skewed_time(faz, caller):
    data = caller.call("get", STATUS)["result"][0]["data"]
    assert data["TZ"] == "Europe/Berlin"
    assert data["Current Time"] == "Sun Mar  1 13:00:00 CET 2026"
    faz.switches.update({"status_zone_key": "Time Zone", "clock_skew": 90, "time_zone": "US/Pacific"})
    data = caller.call("get", STATUS)["result"][0]["data"]
    assert data["Time Zone"] == "US/Pacific" and "TZ" not in data
    assert data["Current Time"] == "Sun Mar  1 04:01:30 PST 2026"
    faz.switches.update({"status_zone_missing": True, "status_lower_case": True})
    data = caller.call("get", STATUS)["result"][0]["data"]
    assert "time zone" not in data and data["version"].startswith("v7.6.7")


def test_tls_is_verifiable_and_not_self_evident(faz):
    with pytest.raises(requests.exceptions.SSLError), requests.Session() as http:
        http.trust_env = False
        http.get(f"https://{faz.host}:{faz.port}/", verify=ssl.get_default_verify_paths().openssl_cafile, timeout=5)
    with requests.Session() as http:
        http.trust_env = False
        assert http.get(f"https://localhost:{faz.port}/", verify=faz.ca_path, timeout=5).status_code == 404


def test_check_names_a_session_that_was_left_open(faz, caller, clock):
    assert faz.check() == [f"session {caller.session[:6]}... was never logged out"]
    clock.advance(901)
    assert len(faz.check()) == 1
    caller.call("get", STATUS)
    assert faz.check() == []
