# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pushed and pulled feeds (protocol_fortigate.rst, "Threat feeds")."""

from __future__ import annotations

import base64
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from simulators.fortigate import Switches

NOW = 1772366400
CONNECTOR = "cmdb/system/external-resource"
PUSH = {"name": "soc-block", "type": "address", "status": "enable", "update-method": "push"}
REFRESH = "monitor/system/external-resource/refresh"


@pytest.fixture(scope="module")
def switches():
    return Switches(with_feed=True, with_policies=True, with_local_in=True)


def test_add_remove_snapshot(fortigate, client):
    (result,) = client.push("add", ["198.51.100.7", "2001:db8:bad::/48", "192.0.2.1-192.0.2.9", "198.51.100.7"])[
        "results"
    ]
    assert result == {"name": "soc-block", "command": "add", "status": "success", "error": "", "invalidEntries": []}
    assert fortigate.feed("soc-block") == ["198.51.100.7", "2001:db8:bad::/48", "192.0.2.1-192.0.2.9"]
    client.push("remove", ["198.51.100.7", "203.0.113.99"])
    assert fortigate.feed("soc-block") == ["2001:db8:bad::/48", "192.0.2.1-192.0.2.9"]
    client.push("snapshot", ["198.51.100.8"])
    assert fortigate.feed("soc-block") == ["198.51.100.8"] and fortigate.feed("soc-block", vdom="guest") == []
    client.push("snapshot", [])
    assert fortigate.feed("soc-block") == []


def test_several_commands_at_once(fortigate, client):
    steps = [("add", "192.0.2.1"), ("remove", "192.0.2.1"), ("add", "192.0.2.2")]
    commands = [{"name": "soc-block", "command": word, "entries": [entry]} for word, entry in steps]
    client.post("monitor/system/external-resource/dynamic", {"commands": commands})
    assert fortigate.feed("soc-block") == ["192.0.2.2"] and len(fortigate.writes) == 1


def test_content(fortigate, client):
    assert client.entries()["resource_file_status"] == "not-exist"
    client.push("add", ["198.51.100.7"])
    assert client.entries() == {
        "status": "success", "resource_file_status": "exists", "last_content_update_time": NOW,
        "entries": [{"entry": "198.51.100.7", "valid": True}], "valid_count": 1, "invalid_count": 0,
        "accepted_count": 1, "accepted_limit": 300000, "overflow": False,
    }  # fmt: skip
    assert client.entries(where="include_notes=true")["entries"][0]["notes"] == ""
    for mkey, status in (("nobody", 404), ("", 424)):
        assert client.send("GET", f"monitor/system/external-resource/entry-list?mkey={mkey}").status_code == status


def test_invalid_entries_are_told_and_left_out(fortigate, client):
    (result,) = client.push("add", ["198.51.100.7", "bogus", "10.0.0.0/33", "9.9.9.9-1.1.1.1"])["results"]
    assert result["status"] == "success"
    assert result["invalidEntries"] == ["bogus", "10.0.0.0/33", "9.9.9.9-1.1.1.1"]
    assert fortigate.feed("soc-block") == ["198.51.100.7"]


@pytest.mark.parametrize(
    ("name", "word", "entries"),
    [("nobody", "add", []), ("pulled", "add", []), ("soc-block", "append", []), ("soc-block", "add", "192.0.2.1")],
)
def test_refused_commands_tell_so_in_their_result(fortigate, client, name, word, entries):
    assert (
        client.post(CONNECTOR, {"name": "pulled", "type": "address", "resource": "http://192.0.2.3/"}).status_code
        == 200
    )
    body = {"commands": [{"name": name, "command": word, "entries": entries}]}
    reply = client.post("monitor/system/external-resource/dynamic", body).json()
    assert reply["status"] == "success" and reply["results"][0]["status"] == "error" and reply["results"][0]["error"]
    fortigate.switches.feed_errors = "http424"
    assert client.post("monitor/system/external-resource/dynamic", body).status_code == 424
    assert client.post("monitor/system/external-resource/dynamic", {"commands": {}}).status_code == 424


def test_releases_without_push(fortigate, client):
    fortigate.switches.version = "v7.2.0"
    assert client.push("add", ["192.0.2.1"])["http_status"] == 404
    reply = client.post(f"{CONNECTOR}?vdom=guest", {**PUSH, "name": "other"})
    assert (reply.status_code, reply.json()["error"]) == (500, -56)
    assert "update-method" not in client.results(CONNECTOR)[0]


@pytest.mark.parametrize(("version", "limit"), [("v7.4.3", 131_072), ("v7.4.4", 300_000)])
def test_limits(fortigate, client, version, limit):
    fortigate.switches.version = version
    assert client.entries()["accepted_limit"] == limit
    fortigate.switches.feed_cap = 2
    client.push("add", ["198.51.100.1", "198.51.100.2", "198.51.100.3"])
    found = client.entries()
    assert (found["valid_count"], found["accepted_count"], found["overflow"]) == (3, 2, False)
    fortigate.switches.feed_overflow_told = True
    assert client.entries()["overflow"] is True
    assert not fortigate.passes("198.51.100.2", "203.0.113.10") and fortigate.passes("198.51.100.3", "203.0.113.10")


def test_global_feeds(fortigate, client):
    assert client.post(f"{CONNECTOR}?scope=global", PUSH).status_code == 424
    assert client.post(CONNECTOR, {**PUSH, "name": "g-soc"}).status_code == 424
    assert client.post(f"{CONNECTOR}?scope=global", {**PUSH, "name": "g-soc"}).json()[0]["status"] == "success"
    client.push("add", ["198.51.100.7"], name="g-soc", where="scope=global")
    assert client.entries("g-soc", "vdom=guest")["valid_count"] == 1 and fortigate.feed("g-soc") == ["198.51.100.7"]
    assert fortigate.passes("198.51.100.7", "203.0.113.10")
    client.put("cmdb/firewall/policy/9001", {"srcaddr": [{"name": "g-soc"}]})
    assert not fortigate.passes("198.51.100.7", "203.0.113.10")
    assert client.delete(f"{CONNECTOR}/g-soc?scope=global").json()[0]["error"] == -23


def test_deleting_a_connector_forgets_its_entries(fortigate, client):
    client.push("add", ["198.51.100.7"])
    assert client.delete(f"{CONNECTOR}/soc-block").json()["error"] == -23
    for number in (9001, 9002):
        client.delete(f"cmdb/firewall/policy/{number}")
    client.delete("cmdb/firewall/local-in-policy/9001")
    assert client.delete(f"{CONNECTOR}/soc-block").status_code == 200
    client.post(CONNECTOR, PUSH)
    assert fortigate.feed("soc-block") == []


@pytest.mark.parametrize("kept", [True, False])
def test_reboot(fortigate, client, kept):
    fortigate.switches.feed_kept_on_reboot = kept
    client.push("add", ["198.51.100.7"])
    fortigate.reboot()
    assert bool(fortigate.feed("soc-block")) is kept


class Library(BaseHTTPRequestHandler):
    """Serves one file with a password and an ETag."""

    text, status = "", 200
    seen: list[tuple[int, str | None]] = []  # noqa: RUF012

    def do_GET(self):
        wanted = "Basic " + base64.b64encode(b"fgt:feed-password").decode()
        etag = f'"{hash(self.text)}"'
        status = 401 if self.headers["Authorization"] != wanted else self.status
        if status == 200 and self.headers["If-None-Match"] == etag:
            status = 304
        type(self).seen.append((status, self.headers["If-None-Match"]))
        self.send_response(status)
        self.send_header("ETag", etag)
        self.end_headers()
        if status == 200:
            self.wfile.write(self.text.encode())

    def log_message(self, *arguments):
        pass


@pytest.fixture
def library():
    Library.seen = []
    Library.status = 200
    server = ThreadingHTTPServer(("127.0.0.1", 0), Library)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/block.txt"
    server.shutdown()
    server.server_close()


def test_pull(fortigate, client, library):
    connector = {
        "name": "pulled",
        "type": "address",
        "resource": library,
        "username": "fgt",
        "password": "feed-password",
    }
    assert client.post(CONNECTOR, connector).status_code == 200
    assert client.results(f"{CONNECTOR}/pulled")[0]["password"] == "ENC XXXX"
    # A password that is set again is encrypted again, so such a connector is never idempotent.
    assert client.put(f"{CONNECTOR}/pulled", connector).json()["revision_changed"] is True
    assert client.put(f"{CONNECTOR}/pulled", {"password": "ENC XXXX"}).json()["revision_changed"] is False
    Library.text = "# comment\n198.51.100.7\n\nbogus\n198.51.100.16/28\n"
    assert client.post(REFRESH, {"mkey": "pulled"}).status_code == 200
    found = client.entries("pulled")
    assert (found["valid_count"], found["invalid_count"], found["accepted_count"]) == (2, 1, 2)
    client.post(REFRESH, {"mkey": "pulled"})
    assert [status for status, _etag in Library.seen] == [200, 304] and Library.seen[1][1]
    Library.text, Library.status = "", 503
    client.post(REFRESH, {"mkey": "pulled"})
    found = client.entries("pulled")
    assert (found["status"], found["valid_count"]) == ("error", 2)
    client.put(f"{CONNECTOR}/pulled", {"password": "wrong"})
    client.post(REFRESH, {"mkey": "pulled"})
    assert Library.seen[-1][0] == 401 and len(fortigate.feed("pulled")) == 3


def test_pull_needs_a_pull_feed_with_a_resource(client):
    assert client.post(CONNECTOR, {"name": "empty", "type": "address"}).json()["error"] == -56
    assert client.post(REFRESH, {"mkey": "soc-block"}).status_code == 424
    assert client.post(REFRESH, {"mkey": "nobody"}).status_code == 404


@pytest.mark.parametrize(
    ("check", "trusted", "status"), [("none", False, "success"), ("full", False, "error"), ("full", True, "success")]
)
def test_server_identity(fortigate, client, check, trusted, status):
    """The simulator's own login page is the file: all that counts is whether it could be had."""
    fortigate.switches.feed_ca = fortigate.ca_path if trusted else ""
    connector = {
        "name": "tls",
        "type": "address",
        "resource": f"{fortigate.url}/block.txt",
        "server-identity-check": check,
    }
    client.post(CONNECTOR, connector)
    client.post(REFRESH, {"mkey": "tls"})
    assert client.entries("tls")["status"] == status
