# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator as a process of its own, as whoever starts it by hand has it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[2]
# Seconds until it must have started.
PATIENCE = 20


def start(module: str, directory: Path, *arguments: str) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """The process and what it wrote into settings.json."""
    command = [sys.executable, "-m", module, "--directory", str(directory), *arguments]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(TESTS)}, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE
    settings = directory / "settings.json"
    while not settings.exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    return process, json.loads(settings.read_text())
