# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each cause of the page "Error messages" is produced by a playbook, and its message reads as the page says.

One playbook asks once for each cause, each time another server, proxy or certificate.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import sys
import tempfile
import typing as t
from pathlib import Path

import pytest

from support.certificates import Authority, Issued
from support.playbooks import Controller, Data
from support.servers import HOST, TASK, USUAL, Reply, Scripted, answering, error, refused_port, serving, status

PAGE = Path(__file__).resolve().parents[2] / "docs" / "docsite" / "rst" / "errors.rst"
PASSWORD = "pa55word-of-the-test"
PROXY_PASSWORD = "pr0xy-pass-of-the-test"
LOGIN = {"username": "soar", "password": PASSWORD}
# Whether Python refuses certificates that do not follow RFC 5280 to the letter.
STRICT = sys.version_info >= (3, 13)
PROXIES = [name for word in ("https_proxy", "all_proxy", "no_proxy") for name in (word, word.upper())]

Text = t.Union[bytes, str]


@dataclasses.dataclass
class Case:
    """What a task is given. `asked`: what the server must have seen, None where that does not matter."""

    options: Data
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    server: t.Optional[Scripted] = None
    asked: t.Optional[list[str]] = None
    succeeds: bool = False


class Bench:
    """Makes servers, proxies and files that live as long as the playbook runs."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        self.folder = folder
        self._stack = stack
        self.authority = Authority(folder, "authority")
        self.issued = self.authority.issue("faz")

    def query(
        self,
        replies: t.Optional[t.Mapping[str, t.Union[Reply, list[Reply]]]] = None,
        asked: t.Optional[list[str]] = None,
        issued: t.Optional[Issued] = None,
        login: t.Optional[t.Mapping[str, t.Any]] = None,
        succeeds: bool = False,
        **options: t.Any,
    ) -> Case:
        server = Scripted(replies or {})
        port = self._stack.enter_context(serving(server, issued or self.issued))
        usual = {"host": HOST, "port": port, "ca_path": str(self.authority.path)}
        return Case({**usual, **(LOGIN if login is None else login), **options}, {}, server, asked, succeeds=succeeds)

    def plain(self) -> int:
        """The port of a FortiAnalyzer without TLS."""
        return self._stack.enter_context(serving(Scripted({}), None))

    def closing(self) -> int:
        return self._stack.enter_context(answering(b""))

    def file(self, name: str, content: Text) -> str:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def proxy(self, answer: Text) -> str:
        text = answer if isinstance(answer, bytes) else f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n".encode()
        return f"127.0.0.1:{self._stack.enter_context(answering(text))}"

    def through(self, environment: dict[str, str], **options: t.Any) -> Case:
        return dataclasses.replace(self.query(asked=[], **options), environment=environment)

    def another(self, port: int, **options: t.Any) -> Case:
        return Case({"host": HOST, "port": port, "ca_path": str(self.authority.path), **LOGIN, **options})


REFUSED = status(-11, "No permission for the resource")
# Captured: the login of an administrator as created.
RPC_PERMIT_NONE = {
    "id": 1,
    "result": [
        {"status": {"code": -11, "message": "No permission for the resource"}, "url": "/sys/login/user"},
    ],
}
READY = ["login", "status", "submit"]
CUT = b'{"jsonrpc": "2.0", "id": 1, "result": {"percentage": 100, "data": [{"threat": "Sig'
FOLLOWED = b'{"jsonrpc": "2.0", "id": 1, "result": {"percentage": 100, "data": []}}<!-- inspected -->'
# The end of each line is missing.
DAMAGED = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ\nAKBggqhkjOPQQDAjAU\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----\n"
PKCS7 = "-----BEGIN PKCS7-----\nMIIBszCCAVmgAwIBAgIUQ\n-----END PKCS7-----\n"


def with_ca(content: Text) -> t.Callable[[Bench, str], Case]:
    """With this file as ca_path; nothing is sent."""
    return lambda bench, name: bench.query(asked=[], ca_path=bench.file(f"{name}.ca", content))


def folder_of_certificates(bench: Bench) -> str:
    folder = bench.folder / "folder of CAs"
    folder.mkdir()
    (folder / "authority.pem").write_bytes(bench.authority.path.read_bytes())
    return str(folder)


def odd_authority(bench: Bench, name: str, **options: bool) -> Case:
    authority = Authority(bench.folder, name, **options)
    issued = authority.issue(f"{name} server")
    return bench.query(
        issued=issued, asked=None if not STRICT else [], ca_path=str(authority.path), succeeds=not STRICT
    )


Make = t.Callable[[Bench, str], Case]
CAUSES: dict[str, Make] = {
    # Credentials and rights
    "rpc-permit is none": lambda bench, name: bench.query({"login": RPC_PERMIT_NONE}, ["login"]),
    "Wrong password": lambda bench, name: bench.query({"login": status(-22, "Login fail")}, ["login"]),
    "Wrong password, with another code": lambda bench, name: bench.query(
        {"login": status(-11, "Invalid user name or password")}, ["login"]
    ),
    "Login refused for another reason": lambda bench, name: bench.query(
        {"login": status(-1, "Internal error")}, ["login"]
    ),
    "Login from a host that is not trusted": lambda bench, name: bench.query({"login": 403}, ["login"]),
    "FortiCloud token refused": lambda bench, name: bench.query(
        {"login": 401}, ["login"], login={"forticloud_access_token": PASSWORD}
    ),
    "API key refused": lambda bench, name: bench.query(
        {"status": 401, "submit": 401}, ["status", "submit"], login={"api_token": PASSWORD}
    ),
    "No credentials": lambda bench, name: bench.query(asked=[], login={}),
    "Credentials of two kinds": lambda bench, name: bench.query(asked=[], login={**LOGIN, "api_token": PASSWORD}),
    "User without password": lambda bench, name: bench.query(asked=[], login={"username": "soar"}),
    "Missing right": lambda bench, name: bench.query(
        {"submit": REFUSED}, [*READY, "logout", "login", "submit", "logout"]
    ),
    "Session that ends immediately": lambda bench, name: bench.query({"submit": status(-2, "Invalid session")}),
    # Queries
    "Unknown ADOM": lambda bench, name: bench.query(
        {"submit": status(-3, "Object does not exist")}, [*READY, "logout"], adom="Brnach"
    ),
    "Unknown request path": lambda bench, name: bench.query(
        {"submit": status(-6, "Invalid url")}, [*READY, "logout"], view="top-thraets"
    ),
    "Parameter that is not accepted": lambda bench, name: bench.query(
        {"submit": status(-10, "The data is invalid for selected url")}, [*READY, "logout"]
    ),
    "Unknown view": lambda bench, name: bench.query(
        {"submit": error(-32602, "Invalid params: Cannot find FortiView 'top-threat'")},
        [*READY, "logout"],
        view="top-threat",
    ),
    "Unknown sort column": lambda bench, name: bench.query(
        {"submit": error(-32005, "Server error: Missing columns: 'sesions'")},
        [*READY, "logout"],
        sort_by=[{"field": "sesions"}],
    ),
    "Unknown filter column": lambda bench, name: bench.query(
        {"submit": error(-32602, "Invalid params: filter 'hostname' not supported")},
        [*READY, "logout"],
        filter='hostname=="a"',
    ),
    "Unknown device": lambda bench, name: bench.query(
        {"submit": error(-32602, "Invalid params: None of the device(s) can be found")},
        device=["fgt-nowhere"],
    ),
    # Proxy
    "Proxy that cannot be reached": lambda bench, name: bench.through(
        {"HTTPS_PROXY": f"http://user:{PROXY_PASSWORD}@127.0.0.1:{refused_port()}"}
    ),
    "Proxy that requires credentials": lambda bench, name: bench.through(
        {"https_proxy": f"http://{bench.proxy('407 Proxy Authentication Required')}"}
    ),
    "Proxy that refuses the connection": lambda bench, name: bench.through(
        {"ALL_PROXY": f"http://user:{PROXY_PASSWORD}@{bench.proxy('403 Forbidden')}"}
    ),
    "Proxy that does not reach FortiAnalyzer": lambda bench, name: bench.through(
        {"all_proxy": f"http://user:{PROXY_PASSWORD}@{bench.proxy('502 Bad Gateway')}"}
    ),
    "Proxy of the option": lambda bench, name: bench.through(
        {}, proxy=f"http://{bench.proxy('407 Proxy Authentication Required')}"
    ),
    "Credentials that the proxy refuses": lambda bench, name: bench.through(
        {}, proxy=f"http://user:{PROXY_PASSWORD}@{bench.proxy('407 Proxy Authentication Required')}"
    ),
    "Proxy without TLS": lambda bench, name: bench.through(
        {}, proxy=f"https://user:{PROXY_PASSWORD}@{bench.proxy('400 Bad Request')}"
    ),
    "Proxy that cannot be read": lambda bench, name: bench.through(
        {"HTTPS_PROXY": f"http://user:2024#{PROXY_PASSWORD}@127.0.0.1:3128"}
    ),
    # Certificates
    "CA file that does not exist": lambda bench, name: bench.query(asked=[], ca_path="/no/such/file.pem"),
    "CA file in DER format": lambda bench, name: with_ca(bench.authority.der)(bench, name),
    "CA file in PKCS#7 format": with_ca(PKCS7),
    "Empty CA file": with_ca("\n"),
    "CA file without a certificate": with_ca(KEY),
    "CA file with a damaged certificate": with_ca(DAMAGED),
    # The system refuses to read this to root too.
    "CA file that cannot be read": lambda bench, name: bench.query(asked=[], ca_path="/proc/self/mem"),
    "Folder without hashed certificates": lambda bench, name: bench.query(
        asked=[], ca_path=folder_of_certificates(bench)
    ),
    "Unknown CA": lambda bench, name: bench.query(asked=[], ca_path=""),
    "Another CA": lambda bench, name: bench.query(
        asked=[], ca_path=str(Authority(bench.folder, "another authority").path)
    ),
    "Self-signed certificate": lambda bench, name: bench.query(
        asked=[], ca_path="", issued=bench.authority.issue("factory", self_signed=True, authority_key=False)
    ),
    "Certificate for another name": lambda bench, name: bench.query(
        asked=[], issued=bench.authority.issue("elsewhere", address="192.0.2.1")
    ),
    "Expired certificate": lambda bench, name: bench.query(
        asked=[], issued=bench.authority.issue("old", life=(-20, -10))
    ),
    "Certificate that is not valid yet": lambda bench, name: bench.query(
        asked=[], issued=bench.authority.issue("early", life=(10, 20))
    ),
    "Server certificate without key identifier": lambda bench, name: bench.query(
        asked=[] if STRICT else None,
        issued=bench.authority.issue("no identifier", authority_key=False),
        succeeds=not STRICT,
    ),
    "CA certificate with constraints that are not critical": lambda bench, name: odd_authority(
        bench, "not critical", critical=False
    ),
    "CA certificate without key usage": lambda bench, name: odd_authority(bench, "no usage", usage=False),
    # Network and replies
    "Plain HTTP": lambda bench, name: bench.another(bench.plain(), request_timeout=10),
    "Connection closed in the handshake": lambda bench, name: bench.another(bench.closing(), request_timeout=10),
    "Name that cannot be resolved": lambda bench, name: bench.another(443, host="no-such-host.invalid"),
    "Port where nothing listens": lambda bench, name: bench.another(refused_port()),
    "Reply that is cut off": lambda bench, name: bench.query({"poll": CUT}, [*READY, *["poll"] * 3, "logout"]),
    "Reply with text after the JSON": lambda bench, name: bench.query(
        {"poll": FOLLOWED}, [*READY, *["poll"] * 3, "logout"]
    ),
    "Empty reply": lambda bench, name: bench.query({"poll": b""}, [*READY, *["poll"] * 3, "logout"]),
    "Another service": lambda bench, name: bench.query({"login": b"<!DOCTYPE html><html>Portal</html>"}, ["login"]),
}
# What an ordinary fault of the same kind does not end.
SURVIVED: dict[str, Make] = {
    "a read that was cut off once": lambda bench, name: bench.query({"poll": [CUT, USUAL["poll"]]}, succeeds=True),
    "a read that was followed by something once": lambda bench, name: bench.query(
        {"poll": [FOLLOWED, USUAL["poll"]]}, succeeds=True
    ),
    "a submit whose reply was empty": lambda bench, name: bench.query(
        {"submit": [b"", {"jsonrpc": "2.0", "id": 1, "result": TASK}]}, succeeds=True
    ),
    "a session that timed out": lambda bench, name: bench.query(
        {"submit": [status(-10, "Session timeout"), USUAL["submit"]]}, succeeds=True
    ),
}


class Row(t.NamedTuple):
    """Of the page: what the message has of the cause, and of the cure."""

    message: list[str]
    cure: list[str]


def rows() -> dict[str, Row]:
    text = PAGE.read_text(encoding="utf-8")
    found = {}
    for entry in re.findall(r"^   \* - (.*?)(?=^   \* - |^\S|\Z)", text, re.M | re.S):
        cells = [" ".join(cell.split()) for cell in entry.split("\n     - ")]
        # The kinds of errors have a table of two columns.
        if len(cells) == 4 and cells[0] != "Cause":
            found[cells[0]] = Row(re.findall("``(.+?)``", cells[1]), re.findall("``(.+?)``", cells[3]))
    return found


ROWS = rows()


class Outcome(t.NamedTuple):
    case: Case
    result: Data


@pytest.fixture(scope="module")
def outcomes() -> t.Iterator[dict[str, Outcome]]:
    with tempfile.TemporaryDirectory(prefix="fv-") as name, contextlib.ExitStack() as stack:
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        for variable in PROXIES:
            environment.delenv(variable, raising=False)
        bench = Bench(Path(name), stack)
        cases = {name: make(bench, name.replace(" ", "_")) for name, make in {**CAUSES, **SURVIVED}.items()}
        run = Controller(bench.folder).tasks([task(name, case) for name, case in cases.items()])
        yield {name: Outcome(case, run.of(name)) for name, case in cases.items()}


def task(name: str, case: Case) -> Data:
    usual = {"view": "top-threats", "device": ["fgt-hq"], "time_range": {"last": "1h"}, "wait": True}
    return {
        "name": name,
        "secops.fortiview.faz_fortiview_task": {**usual, **case.options},
        "environment": case.environment,
        "ignore_errors": True,
    }


@pytest.mark.parametrize("name", [*CAUSES])
def test_the_message_reads_as_the_page_says(outcomes: dict[str, Outcome], name: str) -> None:
    case, result = outcomes[name]
    if case.succeeds:
        assert result["result"]["rows"], result
        return
    said = result["msg"]
    row = ROWS[name]
    assert row.message and row.cure
    assert [phrase for phrase in (*row.message, *row.cure) if phrase not in said] == [], said
    if case.asked is not None and case.server is not None:
        assert case.server.asked == case.asked, said


@pytest.mark.parametrize("name", [*SURVIVED])
def test_what_passes_is_no_error(outcomes: dict[str, Outcome], name: str) -> None:
    assert outcomes[name].result["result"]["rows"], outcomes[name].result


def test_every_row_of_the_page_was_produced() -> None:
    assert set(ROWS) == set(CAUSES)


def test_a_cause_gets_no_advice_about_another(outcomes: dict[str, Outcome]) -> None:
    def said(name: str) -> str:
        return str(outcomes[name].result.get("msg", ""))

    assert "password" not in said("rpc-permit is none")
    assert "rpc-permit" not in said("Wrong password")
    assert "API key" not in said("Parameter that is not accepted")
    assert "ca_path" not in said("Expired certificate") + said("Certificate that is not valid yet")
    assert "ca_path" not in said("Certificate for another name") + said("Plain HTTP")
    assert "NO_PROXY" not in said("Proxy of the option")
    for name in CAUSES:
        assert "validate_certs" not in said(name)
        assert "docs:" not in said(name)


def test_no_result_shows_a_secret(outcomes: dict[str, Outcome]) -> None:
    for name, (_case, result) in outcomes.items():
        for secret in (PASSWORD, PROXY_PASSWORD):
            assert secret not in json.dumps(result), name
