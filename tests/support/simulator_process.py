# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator as a separate process, as a user starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
# Seconds until it must have started.
PATIENCE = 20
Running = tuple["subprocess.Popen[bytes]", dict[str, Any]]


def start(module: str, directory: Path, *arguments: str) -> Running:
    """The process of a module in this checkout, and what it wrote into settings.json."""
    return launch([sys.executable, "-m", module], directory, *arguments, PYTHONPATH=str(TESTS))


def launch(command: list[str], directory: Path, *arguments: str, **environment: str) -> Running:
    words = [*command, "--directory", str(directory), *arguments]
    process = subprocess.Popen(words, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE
    settings = directory / "settings.json"
    while not settings.exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    return process, json.loads(settings.read_text())
