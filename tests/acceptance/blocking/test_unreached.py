# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes in the inventory: what the role says where it does not get through to a box at all."""

from __future__ import annotations

import socket
import ssl
import typing as t
from pathlib import Path

import certifi
import pytest

from acceptance.blocking.fleet import Fleet, Run
from support.certificates import Authority
from support.servers import refusing

TARGETS = [{"ip": "203.0.113.77"}]
# The mistake, and what must be said of it.
MISTAKES = {
    "token": ({"fortigate_token": "no-such-token"}, "Invalid access token", "fortigate_token"),
    "authority": ({"ansible_httpapi_ca_path": certifi.where()}, "certificate", "ansible_httpapi_ca_path"),
    "port": ({}, "Connection refused", "ansible_httpapi_port"),
    "ciphers": ({}, "handshake failure", "ansible_httpapi_ciphers"),
    "name": ({"ansible_host": "fgt.invalid"}, "fgt.invalid", "ansible_host"),
    "vault": ({"fortigate_token": "{{ vault_that_is_missing }}"}, "provide access token", "fortigate_token"),
}
# Blocking reads what must be protected; lifting asks only which box this is.
ENTRIES = ("main", "unblock")


@pytest.fixture(scope="module")
def without_ciphers(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[int]:
    """The port of a server that has no cipher for its key, as a FortiGate with an evaluation licence has none that Python takes."""
    folder: Path = tmp_path_factory.mktemp("ciphers")
    issued = Authority(folder, "authority").issue("fgt")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.certificate, issued.key)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-RSA-AES256-GCM-SHA384")
    with refusing(context) as port:
        yield port


@pytest.fixture(scope="module", params=ENTRIES)
def run(request: pytest.FixtureRequest, fleet: Fleet, without_ciphers: int) -> Run:
    for name, (mistake, _said, _cure) in MISTAKES.items():
        if name not in fleet.boxes:
            fleet.box(name)
            fleet.connect(name, **mistake)
    fleet.connect("ciphers", ansible_httpapi_port=without_ciphers)
    with socket.socket() as nobody:
        # Bound and not listening: nobody else gets this port meanwhile.
        nobody.bind(("127.0.0.1", 0))
        fleet.connect("port", ansible_httpapi_port=nobody.getsockname()[1])
        # A name without an address is another mistake.
        return fleet.play(entry=request.param, targets=TARGETS, on_unresolved="skip")


@pytest.mark.parametrize("name", MISTAKES)
def test_the_cause_and_what_to_check_are_said(fleet: Fleet, run: Run, name: str) -> None:
    outcome = run.outcomes[name]
    assert outcome.failed
    assert MISTAKES[name][1] in outcome.said
    assert outcome.changed == 0
    assert MISTAKES[name][2] in outcome.said
    assert fleet.lines(name) == []
    assert [one for one in fleet.secrets() if one in run.output] == []
