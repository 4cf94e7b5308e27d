# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alerts that are posted to ansible-rulebook's own webhook source."""

from __future__ import annotations

import pathlib
import socket
import time
import typing as t

import requests

from automation.eda.support import PATIENCE, wait_for
from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortianalyzer.alerts import alert_row, known_alerts
from support.attacks import attack

RULEBOOK = """
- name: Print
  hosts: all
  sources:
    - eda.builtin.webhook:
        host: 127.0.0.1
        port: {port}
        token: s3cret-c4nary
      filters:
        - secops.fortiview.normalize_webhook:
            adom: Branch_Office
  rules:
    - name: Normalised
      condition: event.kind == "new" and event.row.severity == "critical" and event.row.detected > 0
      action:
        debug:
          msg: "{{{{ event.adom }}}} {{{{ event.row.srcip }}}} {{{{ event.row.threat }}}} {{{{ event.time_range.end }}}}."
    - name: Unknown
      condition: event.kind == "unknown"
      action:
        debug:
          msg: "unknown {{{{ event.payload.note }}}}."
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_alerts_become_events(folder: pathlib.Path, faz: FortiAnalyzer, start: t.Callable[..., t.Any]) -> None:
    attack(faz, "Apache.Log4j", "198.51.100.7")
    attack(faz, "{{ 7 * 7 }}", "198.51.100.8")
    bodies: list[t.Any] = [alert_row(alert) for alert in known_alerts(faz.events, "root", time.time())]
    port = free_port()
    path = folder / "webhook.yml"
    path.write_text(RULEBOOK.format(port=port))
    rulebook = start(faz, "--rulebook", str(path))

    def posted(body: t.Any) -> bool:
        try:
            answer = requests.post(
                f"http://127.0.0.1:{port}/faz",
                json=body,
                headers={"Authorization": "Bearer s3cret-c4nary"},
                timeout=PATIENCE,
            )
        except requests.exceptions.ConnectionError:
            return False
        return answer.status_code == 200

    rulebook.wait_for(lambda: posted({"note": "nothing known"}), "the webhook")
    assert posted({"data": bodies})
    rulebook.wait_for(lambda: "unknown nothing known." in rulebook.text, "the body that is nothing known")
    for name, address in (("Apache.Log4j", "198.51.100.7"), ("{ { 7 * 7 }}", "198.51.100.8")):
        line = f"Branch_Office {address} {name} 20"
        wait_for(lambda line=line: line in rulebook.text, line)
    assert "49" not in [word for line in rulebook.text.splitlines() for word in line.split()]
