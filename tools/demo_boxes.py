# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Queries the simulators of the demo, and filters the output of playbooks: demo_boxes.py DIRECTORY COMMAND

The state of the devices is read from the control interface of their simulators, which no playbook uses.
"""

from __future__ import annotations

import json
import re
import shlex
import ssl
import sys
import typing as t
import urllib.error
import urllib.request
from pathlib import Path

BOXES = ("hq", "branch")
SERVER = "203.0.113.10"
# An address on the exclusion list of the demo, and an address that is not an offender. The traffic of both continues.
PROTECTED = ("198.51.100.77", "192.0.2.10")
HEADING = re.compile(r"^(PLAY|TASK|RUNNING HANDLER) \[")


class Boxes:
    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def settings(self, name: str) -> dict[str, t.Any]:
        return dict(json.loads((self.directory / name / "settings.json").read_text(encoding="utf-8")))

    def ask(self, name: str, what: str) -> t.Any:
        settings = self.settings(name)
        trusted = ssl.create_default_context(cafile=settings["ca_path"])
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusted)
        )
        try:
            with opener.open(f"https://{settings['host']}:{settings['port']}/_simulator/{what}", timeout=30) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as refusal:
            return json.load(refusal)

    def blocked(self) -> list[str]:
        """The addresses with the result `blocked` in the audit log, in the order of the log."""
        lines = (self.directory / "blocks.jsonl").read_text(encoding="utf-8").splitlines()
        found = (json.loads(line) for line in lines if line)
        return list(dict.fromkeys(one["address"] for one in found if one["result"] == "blocked"))

    def passes(self, name: str, source: str) -> bool:
        return bool(self.ask(name, f"passes?src={source}&dst={SERVER}")["passes"])


def environment(boxes: Boxes) -> int:
    settings = boxes.settings("faz")
    for name in ("host", "port", "username", "password", "ca_path"):
        print(f"export FAZ_{name.upper()}={shlex.quote(str(settings[name]))}")
    return 0


def shorten(boxes: Boxes) -> int:
    """Print only the readable part of the output of a playbook: tables, failures, warnings and the recap."""
    shown = False
    for line in sys.stdin:
        if HEADING.match(line):
            shown = False
        elif line.startswith(("PLAY RECAP", "fatal:", "failed:", "ERROR", "[WARNING]", "[ERROR]")) or "msg: |-" in line:
            shown = True
        elif line.startswith(("ok:", "changed:", "included:")) and "=>" not in line:
            shown = False
        if shown and "msg: |-" not in line:
            print(line, end="", flush=True)
    return 0


def effect(boxes: Boxes) -> int:
    """Print whether packets pass each FortiGate. Returns 1 if a packet of an offender passes, or if a packet of another
    address is dropped."""
    offenders = [ip for ip in boxes.blocked() if "." in ip]
    wrong = len(offenders) == 0
    for name in BOXES:
        for source, expected in [*((ip, False) for ip in offenders[:3]), *((ip, True) for ip in PROTECTED)]:
            passed = boxes.passes(name, source)
            who = "protected" if expected else "offender"
            print(f"   {name:<8} {who:<10} {source:<16} -> {SERVER}:443  {'passes' if passed else 'DROPPED'}")
            wrong = wrong or passed != expected
    return int(wrong)


def undone(boxes: Boxes) -> int:
    still = [(name, ip) for name in BOXES for ip in boxes.blocked() if "." in ip and not boxes.passes(name, ip)]
    print("   " + (f"Still dropped: {still}" if still else "Every packet passes again on both FortiGates."))
    return int(bool(still))


def left(boxes: Boxes) -> int:
    state = boxes.ask("faz", "state")
    problems = [f"Session {sid[:6]}... is still open." for sid in state["open_sessions"]]
    problems += [f"Task {task['tid']} was not deleted." for task in state["live_tasks"]]
    for name in ("faz", *BOXES):
        problems += boxes.ask(name, "check")["problems"]
    for name in BOXES:
        problems += [
            f"{ban['ip_address']} is still banned on {name}." for ban in boxes.ask(name, "state")["bans"]["root"]
        ]
    print(
        "   "
        + ("\n   ".join(problems) or "No session, task or ban remains on the devices, and no URL contained a secret.")
    )
    return int(bool(problems))


ANSWERS: dict[str, t.Callable[[Boxes], int]] = {
    function.__name__: function for function in (environment, shorten, effect, undone, left)
}

if __name__ == "__main__":
    sys.exit(ANSWERS[sys.argv[2]](Boxes(Path(sys.argv[1]))))
