# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers on 127.0.0.1 that a test scripts byte by byte: a FortiAnalyzer over TLS, and proxies in front of it."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
import typing as t
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support.certificates import Issued

HOST = "127.0.0.1"
OK = {"code": 0, "message": "OK"}
TASK = {"tid": 7}
ROWS = {"percentage": 100, "status": OK, "return-lines": 1, "data": [{"threat": "Sig.A", "incidents": "1"}]}

# A JSON document, its bytes as they are sent, or the HTTP status of a reply without a body.
Reply = t.Union[dict[str, t.Any], bytes, int]


def status(code: int, message: str) -> dict[str, t.Any]:
    """A refusal as a status in the list form."""
    return {"id": 1, "result": [{"status": {"code": code, "message": message}}]}


def error(code: int, message: str) -> dict[str, t.Any]:
    """A refusal as an error member."""
    return {"jsonrpc": "2.0", "id": 1, "error": {"code": code, "message": message}}


USUAL: dict[str, Reply] = {
    "login": {"id": 1, "result": [{"status": OK, "url": "/sys/login/user"}], "session": "s3ss1on-of-the-test"},
    "logout": status(0, "OK"),
    "status": {"id": 1, "result": [{"status": OK, "data": {"TZ": "UTC"}}]},
    "submit": {"jsonrpc": "2.0", "id": 1, "result": TASK},
    "poll": {"jsonrpc": "2.0", "id": 1, "result": ROWS},
    "delete": {"jsonrpc": "2.0", "id": 1, "result": {"status": OK}},
}


class Scripted:
    """A FortiAnalyzer whose replies are those given for login, logout, status, submit, poll and delete, else the usual ones.

    A list of replies is used up one by one; the last one stays.
    """

    def __init__(self, replies: t.Mapping[str, t.Union[Reply, list[Reply]]]) -> None:
        self.asked: list[str] = []
        self._replies = {
            step: list(found) if isinstance(found, list) else [found] for step, found in {**USUAL, **replies}.items()
        }

    def answer(self, step: str) -> Reply:
        self.asked.append(step)
        replies = self._replies[step]
        return replies.pop(0) if len(replies) > 1 else replies[0]


def step_of(path: str, body: t.Any) -> str:
    if path != "/jsonrpc":
        return "login"
    url = body["params"][0]["url"]
    named = {"/sys/login/user": "login", "/sys/logout": "logout", "/sys/status": "status"}
    return named.get(url) or {"add": "submit", "get": "poll", "delete": "delete"}[body["method"]]


@contextlib.contextmanager
def serving(scripted: Scripted, issued: t.Optional[Issued]) -> t.Iterator[int]:
    """The port of this FortiAnalyzer, over TLS with this certificate, or in plain HTTP without one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = scripted.answer(step_of(self.path, body))
            status, content = (reply, b"") if isinstance(reply, int) else (200, reply)
            encoded = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        def log_message(self, *dummy: object) -> None:
            """Not on the screen of the test."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *dummy: object) -> None:
            """A client that breaks off the handshake is what many tests want."""

    server = Server((HOST, 0), Handler)
    if issued is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(issued.certificate, issued.key)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def answering(answer: bytes) -> t.Iterator[int]:
    """A port that takes what comes, sends this, and closes: a proxy that refuses, or something else than a FortiAnalyzer."""

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client = listener.accept()[0]
                with contextlib.suppress(OSError), client:
                    client.recv(65536)
                    client.sendall(answer)

    with socket.create_server((HOST, 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def refused_port() -> int:
    """A port where nothing listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def refusing(context: ssl.SSLContext) -> t.Iterator[int]:
    """The port of a server that takes connections with this context, and says nothing over them."""

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client = listener.accept()[0]
                with contextlib.suppress(OSError), context.wrap_socket(client, server_side=True):
                    pass

    with socket.create_server((HOST, 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
