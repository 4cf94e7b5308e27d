# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why an exchange failed: told apart by what was seen."""

from __future__ import annotations

import socket
import ssl
import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import TransportError
from ansible_collections.secops.fortiview.plugins.module_utils._connection.session import Connection
from ansible_collections.secops.fortiview.plugins.module_utils._connection.settings import settings_of

from support.certificates import Authority
from support.servers import HOST, answering, refusing


def call(port: int, **options: t.Any) -> TransportError:
    usual = {"host": HOST, "port": port, "api_token": "k3y-of-the-test", "request_timeout": 1.0, **options}
    with (
        Connection(settings_of(usual), sleep=lambda dummy: None) as connection,
        pytest.raises(TransportError) as caught,
    ):
        connection.call("add", {"url": "/x"})
    return caught.value


def test_a_request_that_was_never_sent_may_be_repeated() -> None:
    with answering(b"") as port:
        error = call(port)
    assert "during the TLS handshake" in str(error)
    assert error.worth_repeating and not error.processed


def test_a_handshake_that_is_not_answered() -> None:
    with socket.create_server((HOST, 0)) as silent:
        error = call(silent.getsockname()[1])
    assert "No TLS handshake" in str(error) and "FAZ_PORT" in error.next_step
    assert not error.processed


def test_a_banner_of_another_service() -> None:
    with answering(b"SSH-2.0-OpenSSH_9.6\r\n") as port:
        error = call(port)
    assert "does not use TLS" in str(error) and error.kind == "tls"


def test_no_version_in_common(tmp_path: Path) -> None:
    """A server of the old kind takes nothing that this machine offers."""
    authority = Authority(tmp_path, "authority")
    issued = authority.issue("old")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.certificate, issued.key)
    context.set_ciphers("ECDHE-RSA-AES256-GCM-SHA384")
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    with refusing(context) as port:
        error = call(port, ca_path=str(authority.path))
    assert "No TLS with" in str(error) and "TLS 1.2" in error.next_step
