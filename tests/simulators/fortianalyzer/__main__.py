# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a FortiAnalyzer for playbooks: python -m simulators.fortianalyzer --directory DIR"""

from __future__ import annotations

import argparse
import json
import os
import signal
import tempfile
import threading
from pathlib import Path
from typing import Any

import yaml

from .simulator import Simulator
from .switches import Switches


def main() -> None:
    arguments = _arguments()
    switches = Switches()
    try:
        switches.update(dict(arguments.set))
    except (AttributeError, TypeError, ValueError) as error:
        raise SystemExit(f"--set: {error}") from error
    directory = arguments.directory or Path(tempfile.mkdtemp(prefix="faz-simulator-"))
    directory.mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with Simulator(switches, port=arguments.port, anchor=arguments.anchor, directory=directory) as faz:
        settings = _write_settings(directory, faz)
        print(f"FortiAnalyzer simulator at {faz.url}, settings in {settings}", flush=True)
        while not stop.wait(0.5):
            if arguments.parent and not _lives(arguments.parent):
                break
        settings.unlink(missing_ok=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulators.fortianalyzer", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1, a free one by default")
    parser.add_argument("--directory", type=Path, help="where ca.pem and settings.json go, a new one by default")
    parser.add_argument(
        "--set", action="append", default=[], type=_assignment, metavar="NAME=VALUE",
        help="a switch, its value as YAML or JSON; repeatable",
    )  # fmt: skip
    parser.add_argument("--anchor", type=float, help="epoch seconds that the event log is relative to")
    parser.add_argument("--parent", type=int, metavar="PID", help="exit when this process disappears")
    return parser.parse_args()


def _assignment(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, yaml.safe_load(value)


def _write_settings(directory: Path, faz: Simulator) -> Path:
    """Written under another name first: whoever waits for the file never reads half of it."""
    settings = {
        "host": faz.host,
        "port": faz.port,
        "ca_path": faz.ca_path,
        "username": faz.username,
        "password": faz.password,
        "api_token": faz.api_token,
        "cloud_token": faz.cloud_token,
        "pid": os.getpid(),
        "anchor": faz.anchor,
    }
    draft = directory / ".settings.json"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(settings, indent=2) + "\n")
    final = directory / "settings.json"
    draft.replace(final)
    return final


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


if __name__ == "__main__":
    main()
