# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The source in ansible-rulebook when the appliance goes away, and when it is told to stop."""

from __future__ import annotations

import os
import pathlib
import time
import typing as t

from automation.eda.support import polls, wait_for
from simulators.fortianalyzer import FortiAnalyzer, Switches
from support.attacks import attack, silence

# Seconds that the appliance stays away beyond the first poll that misses it: make eda OUTAGE=60
OUTAGE = float(os.environ.get("OUTAGE", "0"))
RULEBOOK = """
- name: Print
  hosts: all
  sources:
    - secops.fortiview.fortiview:
        view: top-threats
        limit: 100
        interval: 1
        request_timeout: 20
  rules:
    - name: Print
      condition: event.kind is defined
      action:
        debug:
          msg: "seen {{ event.kind }} {{ event.row.threat }}."
"""


def test_an_outage_and_the_end(folder: pathlib.Path, start: t.Callable[..., t.Any]) -> None:
    path = folder / "print.yml"
    path.write_text(RULEBOOK)
    certificates = folder / "faz"
    certificates.mkdir()
    with FortiAnalyzer(directory=certificates) as first:
        silence(first)
        attack(first, "Standing", "198.51.100.7")
        rulebook = start(first, "--rulebook", str(path))
        rulebook.wait_for(lambda: polls(first) >= 2, "two polls")
        attack(first, "Before", "198.51.100.8")
        rulebook.wait_for(lambda: "seen new Before." in rulebook.text, "the first event")
        assert first.password not in rulebook.text
        port = first.port
    rulebook.wait_for(lambda: "Failed queries" in rulebook.text, "the line that says so")
    time.sleep(OUTAGE)

    # The address is the same, and nothing is remembered of sessions and tasks.
    with FortiAnalyzer(Switches(), port=port, directory=certificates) as second:
        silence(second)
        attack(second, "Before", "198.51.100.8")
        attack(second, "Meanwhile", "198.51.100.9")
        rulebook.wait_for(lambda: "seen new Meanwhile." in rulebook.text, "what came meanwhile")
        before = polls(second)
        rulebook.wait_for(lambda: polls(second) >= before + 2, "two more polls")
        text = rulebook.text
        counts = {word: text.count(word) for word in ("Failed queries", "replies to all queries again")}
        assert counts == {"Failed queries": 1, "replies to all queries again": 1}
        assert [text.count(f"seen new {name}.") for name in ("Standing", "Before", "Meanwhile")] == [0, 1, 1]

        second.switches.task_seconds = 600.0
        rulebook.wait_for(lambda: second.open_sessions and second.live_tasks, "a poll that goes on")
        assert rulebook.stop() == 0
        assert second.open_sessions == []
        assert second.live_tasks == []
        assert second.check() == []


def test_a_refused_login_ends_it_at_once(folder: pathlib.Path, start: t.Callable[..., t.Any]) -> None:
    path = folder / "print.yml"
    path.write_text(RULEBOOK)
    with FortiAnalyzer() as faz:
        rulebook = start(faz, "--rulebook", str(path), FAZ_PASSWORD="wrong-c4nary")
        wait_for(lambda: rulebook.process.poll() is not None, "the end")
        assert rulebook.process.returncode == 1
        assert "AuthenticationError" in rulebook.text and "not tried again" in rulebook.text
        assert "wrong-c4nary" not in rulebook.text
        logins = [entry for entry in faz.journal if "login" in (entry.url or "")]
        assert len(logins) == 1
