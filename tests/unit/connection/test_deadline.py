# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An appliance, or something in between, that sends a byte now and then holds nobody beyond the time of a request."""

from __future__ import annotations

import contextlib
import pathlib
import socket
import ssl
import threading
import time
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import TransportError
from ansible_collections.secops.fortiview.plugins.module_utils._connection.session import Connection
from ansible_collections.secops.fortiview.plugins.module_utils._connection.settings import settings_of

from simulators.common.certificates import Certificates, write_certificates

HEADERS = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
STARTS = {"headers": HEADERS + b"X-Drip: ", "body": HEADERS + b"Content-Length: 1000\r\n\r\n"}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return write_certificates(pathlib.Path(tmp_path_factory.mktemp("certificates")), "faz")


@contextlib.contextmanager
def serving(handle: t.Callable[[socket.socket], None]) -> t.Iterator[int]:
    """A port whose every connection is handled by a thread of its own."""

    def answer(client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:
            handle(client)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def dripping(certificates: Certificates, start: bytes) -> t.Callable[[socket.socket], None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.chain, certificates.key)

    def drip(client: socket.socket) -> None:
        with context.wrap_socket(client, server_side=True) as secure:
            secure.recv(65536)
            secure.sendall(start)
            for dummy in range(300):
                secure.sendall(b"1")
                time.sleep(0.1)

    return drip


def tunnel(client: socket.socket) -> None:
    """A proxy: CONNECT to whatever is asked for."""
    port = int(client.recv(65536).split()[1].rpartition(b":")[2])
    with socket.create_connection(("127.0.0.1", port)) as far:
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        back = threading.Thread(target=pump, args=(far, client), daemon=True)
        back.start()
        pump(client, far)


def pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            piece = source.recv(65536)
            target.sendall(piece)
            if not piece:
                return


@pytest.mark.parametrize("through_proxy", [False, True], ids=["direct", "proxy"])
@pytest.mark.parametrize("what", STARTS)
def test_a_reply_that_drips_ends(certificates: Certificates, what: str, through_proxy: bool) -> None:
    with serving(dripping(certificates, STARTS[what])) as port, serving(tunnel) as proxy:
        options: dict[str, t.Any] = {"host": "127.0.0.1", "port": port, "api_token": "key", "request_timeout": 1.0}
        options["ca_path"] = str(certificates.ca)
        if through_proxy:
            options["proxy"] = f"http://127.0.0.1:{proxy}"
        before = time.monotonic()
        with Connection(settings_of(options)) as connection, pytest.raises(TransportError, match="did not end within"):
            connection.call("add", {"url": "/x"})
        assert time.monotonic() - before < 15
