# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Receivers of notifications on 127.0.0.1: webhooks over HTTPS and mail over SMTP. They keep what arrives."""

from __future__ import annotations

import base64
import contextlib
import email
import email.message
import email.policy
import json
import socket
import socketserver
import ssl
import threading
import typing as t
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from support.certificates import Authority, Issued

HOST = "127.0.0.1"
# The path of a webhook, which is a secret.
SECRET = "/services/T00000000/B00000000/sEcReTsEcReTsEcReT"
PROXY = {"no_proxy": HOST, "NO_PROXY": HOST}


Self = t.TypeVar("Self", bound="Receiver")


class Receiver:
    """Receives in a thread while its context lasts."""

    _server: socketserver.BaseServer

    def __enter__(self: Self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *dummy: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Posted(t.NamedTuple):
    path: str
    headers: dict[str, str]
    body: t.Any


class Webhooks(Receiver):
    """`answers` are status and text of each request in turn; the last one stays."""

    def __init__(self, issued: Issued, *answers: tuple[int, str]) -> None:
        self.posted: list[Posted] = []
        self.answers = list(answers or [(200, "ok")])
        self.headers: dict[str, str] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.posted.append(Posted(self.path, dict(self.headers), body))
                answers = receiver.answers
                status, text = answers.pop(0) if len(answers) > 1 else answers[0]
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text.replace("{path}", self.path).encode())

            def log_message(self, *dummy: object) -> None:
                """Not on the screen of the test."""

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(issued.certificate, issued.key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self._server.server_port

    def url(self, path: str) -> str:
        return f"https://{HOST}:{self.port}{path}"


class Mailed(t.NamedTuple):
    """`secret` says whether the message came over TLS; `login` is user and password."""

    sender: str
    recipients: list[str]
    message: email.message.EmailMessage
    secret: bool
    login: t.Optional[tuple[str, str]]


class MailServer(Receiver):
    """An SMTP server with STARTTLS and AUTH PLAIN. `answers` are what the end of each message is answered with; the last one stays."""

    def __init__(self, issued: Issued, *answers: str, starttls: bool = True) -> None:
        self.mailed: list[Mailed] = []
        self.attempts = 0
        self.answers = list(answers or ["250 taken"])
        self.refused: dict[str, str] = {}
        self.starttls = starttls
        self.farewell = "221 bye"
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(issued.certificate, issued.key)
        mail_server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    Dialogue(mail_server, self.request).run()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self._server = Server((HOST, 0), Handler)
        self.port = int(self._server.server_address[1])


class Dialogue:
    """One connection."""

    def __init__(self, server: MailServer, connection: socket.socket) -> None:
        self._server = server
        self._use(connection)
        self._secret = False
        self._login: t.Optional[tuple[str, str]] = None
        self._sender, self._recipients = "", [""]

    def _use(self, connection: socket.socket) -> None:
        self._connection = connection
        self._file = connection.makefile("rb")

    def run(self) -> None:
        self._say("220 mail.example.com")
        while line := self._file.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            answer = getattr(self, f"_on_{verb.lower()}", self._unknown)(line)
            if answer:
                self._say(answer)
            if verb == "STARTTLS" and self._server.starttls:
                self._use(self._server.context.wrap_socket(self._connection, server_side=True))
                self._secret = True
            if verb == "QUIT":
                return

    def _say(self, text: str) -> None:
        self._connection.sendall(text.encode() + b"\r\n")

    def _unknown(self, dummy: str) -> str:
        return "500 unknown"

    def _on_ehlo(self, dummy: str) -> str:
        offered = [
            "mail.example.com",
            *(["STARTTLS"] if self._server.starttls and not self._secret else []),
            "AUTH PLAIN",
        ]
        return "\r\n".join([*(f"250-{one}" for one in offered), "250 8BITMIME"])

    def _on_starttls(self, dummy: str) -> str:
        return "220 go ahead" if self._server.starttls else "502 no"

    def _on_auth(self, line: str) -> str:
        words = base64.b64decode(line.split(" ")[2]).decode().split("\0")
        self._login = (words[1], words[2])
        # As some servers do, with what was sent.
        return "235 welcome" if words[2] != "wrong-password" else f"535 no such login: {words[2]}"

    def _on_mail(self, line: str) -> str:
        self._sender, self._recipients = line.partition("<")[2].partition(">")[0], []
        return "250 ok"

    def _on_rcpt(self, line: str) -> str:
        address = line.partition("<")[2].partition(">")[0]
        if address in self._server.refused:
            return self._server.refused[address]
        self._recipients.append(address)
        return "250 ok"

    def _on_data(self, dummy: str) -> str:
        self._say("354 go on")
        lines = []
        while (line := self._file.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        self._server.attempts += 1
        answers = self._server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer.startswith("250"):
            message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
            assert isinstance(message, email.message.EmailMessage)
            self._server.mailed.append(Mailed(self._sender, self._recipients, message, self._secret, self._login))
        return answer

    def _on_rset(self, dummy: str) -> str:
        return "250 ok"

    def _on_quit(self, dummy: str) -> str:
        return self._server.farewell


class Receivers:
    """Any number of them, with certificates of one authority and the channels that lead to them."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        self.authority = Authority(folder, "receivers")
        self._issued: Issued = self.authority.issue("receiver")
        self._stack = stack

    def webhooks(self, *answers: tuple[int, str]) -> Webhooks:
        return self._stack.enter_context(Webhooks(self._issued, *answers))

    def mail(self) -> MailServer:
        return self._stack.enter_context(MailServer(self._issued))

    def channel(self, kind: str, receiver: Webhooks) -> dict[str, t.Any]:
        return {"channel": kind, "url": receiver.url(SECRET), "ca_path": str(self.authority.path)}

    def mailbox(self, server: MailServer) -> dict[str, t.Any]:
        return {
            "channel": "mail",
            "server": HOST,
            "port": server.port,
            "from": "soc@example.com",
            "to": ["ciso@example.com", "soc@example.com"],
            "username": "soc",
            "password": "pass of soc",
            "ca_path": str(self.authority.path),
        }
