# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated boxes, each in a process of its own, so that they take no time from the client that is measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

from .report import Failed


class SimulatedFortiAnalyzer:
    """A FortiAnalyzer as a context manager. `settings` are what `TOLD` names, as the modules name it."""

    SIMULATOR = "fortianalyzer"
    TOLD: tuple[str, ...] = ("host", "port", "ca_path", "username", "password")

    def __init__(self, directory: Path, **switches: Any) -> None:
        self._directory = directory / "appliance"
        self._switches = switches
        self.settings: dict[str, Any] = {}

    def __enter__(self) -> SimulatedFortiAnalyzer:
        command = [sys.executable, "-m", f"simulators.{self.SIMULATOR}", "--directory", str(self._directory)]
        command += ["--parent", str(os.getpid())]
        for name, value in self._switches.items():
            command += ["--set", f"{name}={json.dumps(value)}"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        file = self._directory / "settings.json"
        deadline = time.monotonic() + 30
        while not file.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Failed("the simulator did not start")
            time.sleep(0.05)
        told = json.loads(file.read_text())
        self.settings = {name: told[name] for name in self.TOLD}
        self._control = requests.Session()
        self._control.trust_env = False
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.close()
        self.process.terminate()
        self.process.wait(10)

    def reset(self, **switches: Any) -> None:
        """Forget what has been, and change switches from those it was started with."""
        self._ask("POST", "reset")
        self._ask("PATCH", "switches", switches)

    def state(self) -> dict[str, Any]:
        """Open sessions, live tasks, and the TCP connections since the last reset."""
        found: dict[str, Any] = self._ask("GET", "state")
        return found

    def submits(self) -> int:
        return sum(1 for entry in self._ask("GET", "journal") if entry["method"] == "add")

    def requests(self) -> int:
        return len(self._ask("GET", "journal"))

    def assert_clean(self) -> None:
        """A client that left a session or a task behind saved time it should have spent."""
        problems = self._ask("GET", "check")["problems"]
        if problems:
            raise Failed(f"the client left work undone: {problems}")

    def _ask(self, method: str, what: str, body: Any = None) -> Any:
        url = f"https://{self.settings['host']}:{self.settings['port']}/_simulator/{what}"
        return self._control.request(method, url, json=body, verify=self.settings["ca_path"], timeout=30).json()
