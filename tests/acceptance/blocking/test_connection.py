# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections that give the token away are refused (protocol_fortigate.rst, "Connection in the inventory")."""

from __future__ import annotations

import socket
import threading
import typing as t

import pytest

from acceptance.blocking.fleet import Fleet, Run

MODULE = {"secops.fortiview.fortigate_ban": {"addresses": ["198.51.100.7"], "access_token": "{{ fortigate_token }}"}}
METHODS = ("ban", "addrgrp")


@pytest.fixture(scope="module")
def listener() -> t.Iterator[tuple[int, list[bytes]]]:
    """A port that speaks no TLS, and what came in there."""
    heard: list[bytes] = []

    def answer() -> None:
        while True:
            try:
                caller = server.accept()[0]
            except OSError:
                return
            with caller:
                caller.settimeout(5)
                heard.append(caller.recv(65536))
                caller.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1], heard


@pytest.fixture(scope="module")
def runs(fleet: Fleet, listener: tuple[int, list[bytes]]) -> list[Run]:
    """The role and the module, on hosts without the line about TLS, and on one whose certificate is not verified."""
    # Hosts with the same name and port would share a connection, which is refused for its own reason.
    for method, name in zip(METHODS, ("127.0.0.1", "localhost")):
        fleet.box(f"clear-{method}", method=method)
        fleet.connect(
            f"clear-{method}", ansible_host=name, ansible_httpapi_port=listener[0], ansible_httpapi_use_ssl=False
        )
    for port, method in enumerate(METHODS, 1):
        fleet.box(f"down-{method}", method=method)
        # Nobody listens at the lowest of all ports.
        fleet.connect(f"down-{method}", ansible_httpapi_port=port)
    fleet.box("unverified")
    fleet.connect("unverified", ansible_httpapi_validate_certs=False)
    options = {"targets": ["198.51.100.7"]}
    return [fleet.play(**options), fleet.play(only="clear-ban,unverified", task=MODULE)]


def test_a_token_never_goes_out_in_clear(runs: list[Run], listener: tuple[int, list[bytes]]) -> None:
    for run in runs:
        for name, outcome in run.outcomes.items():
            assert outcome.failed == (name != "unverified")
            assert ("ansible_httpapi_use_ssl" in outcome.said) == name.startswith("clear")
    assert listener[1] == []


def test_a_certificate_that_is_not_verified_is_told(runs: list[Run]) -> None:
    for run in runs:
        assert "ansible_httpapi_validate_certs is false" in run.output


def test_of_a_box_that_is_down_the_cause_is_told(runs: list[Run]) -> None:
    for method in METHODS:
        assert "refused" in runs[0].outcomes[f"down-{method}"].said
