# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP and TLS at their worst (protocol_fortianalyzer.rst, "Errors")."""

from __future__ import annotations

import pathlib
import socket
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import (
    FortiViewError,
    ProtocolError,
    Throttled,
    TlsError,
    TransportError,
)

from component.support import Client
from simulators.fortianalyzer import FortiAnalyzer

PASSING: list[dict[str, t.Any]] = [
    {"kind": "http", "status": 503},
    {"kind": "http", "status": 502},
    {"kind": "http", "status": 504},
    {"kind": "http", "status": 429},
    {"kind": "cut_before"},
    {"kind": "cut_after"},
    {"kind": "truncated"},
    {"kind": "empty_body"},
]


def named(fault: dict[str, t.Any]) -> str:
    return f"{fault['kind']}-{fault.get('status', '')}"


@pytest.mark.parametrize("fault", PASSING, ids=named)
def test_a_read_survives_two_passing_faults(
    client: Client, faz: FortiAnalyzer, dialect: str, fault: dict[str, t.Any]
) -> None:
    faz.fault(method="get", url="/run/", times=2, **fault)
    result = client.ask(view="top-threats")["result"]
    assert result["rows"] and len(faz.submits) == 1
    assert faz.live_tasks == []


@pytest.mark.parametrize("fault", [PASSING[1], PASSING[2], *PASSING[4:]], ids=named)
def test_a_submit_is_replayed_once_after_an_ambiguous_break_and_says_so(
    client: Client, faz: FortiAnalyzer, dialect: str, fault: dict[str, t.Any]
) -> None:
    faz.fault(method="add", **fault)
    result = client.ask(view="top-threats")["result"]
    assert result["rows"]
    assert "second time" in result["warnings"][0]
    assert len(faz.submits) == 2
    faz.reset()
    faz.fault(method="add", times=2, **fault)
    with pytest.raises(TransportError):
        client.ask(view="top-threats")
    assert len(faz.submits) == 2


@pytest.mark.parametrize("status", [429, 503])
def test_a_submit_that_was_turned_away_waits_its_turn(
    client: Client, faz: FortiAnalyzer, dialect: str, status: int
) -> None:
    faz.fault("http", method="add", status=status, times=5, retry_after=7)
    result = client.ask(view="top-threats")["result"]
    assert result["rows"] and result["warnings"] == []
    assert client.slept >= 5 * 7


def test_a_submit_that_is_always_turned_away_is_an_error_in_time(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("http", method="add", status=503, times=999)
    with pytest.raises(Throttled) as caught:
        client.ask(view="top-threats", wait_timeout=20.0)
    assert client.slept <= 21
    assert "503" in str(caught.value)


def test_the_wait_named_by_the_box_is_kept_within_bounds(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("http", method="get", url="/run/", status=429, retry_after=86400)
    assert client.ask(view="top-threats", wait_timeout=20.0)["result"]["rows"]
    assert client.slept <= 21


def test_a_read_gives_up_after_three_tries(client: Client, faz: FortiAnalyzer, dialect: str) -> None:
    faz.fault("cut_before", method="get", url="/run/", times=3)
    with pytest.raises(TransportError) as caught:
        client.ask(view="top-threats")
    failure = caught.value.to_fail_json()
    assert len(faz.fetches) == 3
    # The task is still there, and so is its ticket.
    assert client.read(tasks=failure["tasks"])["result"]["rows"]


@pytest.mark.parametrize("kind", ["not_json", "json_list", "redirect"])
@pytest.mark.parametrize("method", ["add", "get"])
def test_what_is_no_json_rpc_is_said_at_once(client: Client, faz: FortiAnalyzer, method: str, kind: str) -> None:
    faz.fault(kind, method=method, url="fortiview")
    with pytest.raises(ProtocolError) as caught:
        client.ask(view="top-threats")
    assert "administration interface" in str(caught.value)


def test_a_redirect_is_not_followed(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("redirect", url="/sys/login/user")
    with pytest.raises(ProtocolError, match="not followed"):
        client.ask(view="top-threats")
    assert len(faz.journal) == 1


def test_http_500_is_not_repeated(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("http", method="get", url="/run/", status=500)
    with pytest.raises(TransportError, match="500"):
        client.ask(view="top-threats")
    assert len(faz.fetches) == 1


def test_http_403_names_the_trusted_hosts(client: Client, faz: FortiAnalyzer) -> None:
    faz.fault("http", method="add", status=403)
    with pytest.raises(FortiViewError, match="trusted hosts"):
        client.ask(view="top-threats")


def test_a_slow_reply_runs_into_the_timeout(client: Client, faz: FortiAnalyzer) -> None:
    client.connection["request_timeout"] = 0.3
    faz.fault("slow", url="/sys/status", times=9, seconds=1.0)
    with pytest.raises(TransportError, match=r"within 0\.3 s"):
        client.ask(view="top-threats")


def test_an_unknown_certificate_is_refused(client: Client, faz: FortiAnalyzer) -> None:
    client.connection["ca_path"] = None
    with pytest.raises(TlsError) as caught:
        client.ask(view="top-threats")
    assert "ca_path" in str(caught.value)
    assert len(faz.journal) == 0


def test_a_certificate_for_another_name_is_refused(
    client: Client, faz: FortiAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda dummy, *rest, **options: look_up(faz.host, *rest, **options))
    client.connection["host"] = "faz.example.com"
    with pytest.raises(TlsError):
        client.ask(view="top-threats")
    assert len(faz.journal) == 0


def test_the_environment_cannot_replace_the_trusted_ca(
    client: Client, faz: FortiAnalyzer, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    """REQUESTS_CA_BUNDLE would override `verify`, and netrc would send credentials that nobody asked for."""
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {faz.host} login mallory password stolen\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(netrc))
    assert client.ask(view="top-threats")["result"]["rows"]
    assert all("authorization" not in entry.headers for entry in faz.journal)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", faz.ca_path)
    client.connection["ca_path"] = None
    with pytest.raises(TlsError):
        client.ask(view="top-threats")


def test_verification_can_be_switched_off_and_is_warned_about(client: Client, faz: FortiAnalyzer) -> None:
    client.connection.update(validate_certs=False, ca_path=None)
    answer = client.ask(view="top-threats")
    assert answer["result"]["rows"]
    assert "not verified" in answer["warnings"][-1]


@pytest.mark.parametrize(("host", "cure"), [("127.0.0.1", "FAZ_PORT"), ("no-such-host.invalid", "name resolution")])
def test_nobody_there(client: Client, faz: FortiAnalyzer, host: str, cure: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    client.connection.update(host=host, port=free)
    with pytest.raises(TransportError) as caught:
        client.ask(view="top-threats")
    assert host in str(caught.value)
    assert cure in str(caught.value)


def test_a_port_without_tls(client: Client, faz: FortiAnalyzer) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(5)
        client.connection.update(port=listener.getsockname()[1], request_timeout=0.5)
        with pytest.raises(TransportError):
            client.ask(view="top-threats")


def test_a_proxy_is_used_and_its_password_stays_secret(
    client: Client, faz: FortiAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    client.connection["proxy"] = f"http://me:pr0xy-pass@127.0.0.1:{free}"
    with pytest.raises(TransportError) as caught:
        client.ask(view="top-threats")
    assert "proxy" in str(caught.value).lower()
    assert "pr0xy-pass" not in str(caught.value.to_fail_json())
    client.connection["proxy"] = None
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free}")
    with pytest.raises(TransportError):
        client.ask(view="top-threats")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert client.ask(view="top-threats")["result"]["rows"]


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_a_limit_of_requests_leaves_no_session_behind(
    client: Client, faz: FortiAnalyzer, dialect: str, limit: int
) -> None:
    """The logout is turned away like any other request, and is sent once more."""
    faz.switches.requests_per_second = limit
    result = client.ask(view="top-threats")
    assert result["result"]["rows"]
    assert faz.open_sessions == []
    assert not any("log out" in text for text in result["warnings"])
