# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plays and tasks of the pages that are read first, in one run of ansible-playbook. Names of servers and paths are replaced."""

from __future__ import annotations

import contextlib
import json
import threading
import typing as t
from http.server import BaseHTTPRequestHandler, HTTPServer

from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortigate import FortiGate
from support.examples import ROOT, Data, of_page
from support.fortigates import inventory
from support.playbooks import Controller

GUIDE = ROOT / "docs" / "docsite" / "rst" / "report.rst"
PAGES = [ROOT / "README.md", *sorted((ROOT / "roles").glob("*/README.md")), GUIDE]
REMOVED, KEPT = "203.0.113.77", "203.0.113.78"


class Collection(t.NamedTuple):
    """Of a TAXII server: its URL, and what was added to it."""

    url: str
    received: list[Data]


@contextlib.contextmanager
def collection() -> t.Iterator[Collection]:
    received: list[Data] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            is_taxii = self.headers["Content-Type"] == "application/taxii+json;version=2.1"
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(202 if is_taxii else 415)
            self.end_headers()

        def log_message(self, *dummy: t.Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Collection(f"http://127.0.0.1:{server.server_port}", received)
    finally:
        server.shutdown()
        server.server_close()


def test_the_pages_work(controller: Controller, faz: FortiAnalyzer) -> None:
    # Else ansible-playbook asks a thousand times a second whether a task is done, which keeps a processor busy.
    controller.write("blocks.jsonl", "")
    with collection() as taxii, FortiGate() as fortigate:
        here = {path: str(controller.folder) for path in ("/var/log/soc", "/var/lib/soc")}
        found = [of_page(path, {"https://taxii.example.com": taxii.url, **here}) for path in PAGES]
        assert all(found)
        place = str(controller.write("inventory.yml", inventory({"fgt-hq": fortigate})))
        run = controller.play(
            [play for page in found for play in page], "-i", place, "-e", "vault_taxii_password=of-the-server"
        )
        assert run.code == 0, run.output
        assert fortigate.passes(REMOVED, "203.0.113.10") and not fortigate.passes(KEPT, "203.0.113.10")
    assert run.of("Show the addresses of the offenders")["msg"]
    assert (controller.folder / "reports" / "today" / "report.html").exists()
    (envelope,) = taxii.received
    assert "indicator" in {one["type"] for one in envelope["objects"]}
