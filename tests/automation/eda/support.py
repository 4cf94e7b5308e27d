# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real ansible-rulebook against both simulators."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import time
import typing as t

import yaml

from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortigate import FortiGate
from support.fortigates import inventory
from support.playbooks import access

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Seconds; an idle machine needs a tenth of them.
PATIENCE = 120.0
PUBLISHED = "203.0.113.10"


def wait_for(reached: t.Callable[[], t.Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, f"not within {PATIENCE:g} s: {what}"
        time.sleep(0.05)


def hostile(folder: pathlib.Path) -> str:
    """The name of a threat that leaves a file where it is evaluated."""
    return f"{{{{ lookup('ansible.builtin.pipe', 'touch {folder}/evaluated') }}}}"


def polls(faz: FortiAnalyzer, adom: str = "root") -> int:
    """Queries for the top threats so far: one for each poll, and one for each hunt of a playbook."""
    return sum(1 for params in faz.submits if params["url"] == f"/fortiview/adom/{adom}/top-threats/run")


class Rulebook:
    """A running ansible-rulebook; `log` has all that it and its playbooks print."""

    def __init__(self, folder: pathlib.Path, faz: FortiAnalyzer, *arguments: str, **environment: str) -> None:
        self.log = folder / f"rulebook-{time.monotonic_ns()}.log"
        places = {
            "HOME": str(folder),
            "ANSIBLE_PERSISTENT_CONTROL_PATH_DIR": str(folder / "pc"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
        }
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                ["ansible-rulebook", *arguments],
                cwd=folder,
                env={**os.environ, **access(faz), **places, **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def text(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def plays(self) -> int:
        """Playbooks that ran to their end."""
        return self.text.count("PLAY RECAP")

    def wait_for(self, reached: t.Callable[[], t.Any], what: str) -> None:
        def done() -> bool:
            if reached():
                return True
            assert self.process.poll() is None, f"ansible-rulebook ended: {self.text[-3000:]}"
            return False

        try:
            wait_for(done, what)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.text[-6000:]}") from None

    def stop(self) -> int:
        """As a service manager does it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()


def write_inventory(folder: pathlib.Path, fortigate: FortiGate) -> str:
    path = folder / "inventory.yml"
    places = {
        "fortigate_block_registry": str(folder / "blocks.sqlite"),
        "fortigate_block_audit_dest": str(folder / "audit.jsonl"),
    }
    path.write_text(yaml.safe_dump(inventory({"hq": fortigate}, **places)))
    return str(path)


def write_vars(folder: pathlib.Path, **values: t.Any) -> str:
    path = folder / "vars.yml"
    path.write_text(yaml.safe_dump(values))
    return str(path)


def audit(folder: pathlib.Path) -> list[dict[str, t.Any]]:
    path = folder / "audit.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]
