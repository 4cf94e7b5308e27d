# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of an appliance: run until stopped, tell others how to reach it."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import yaml

from .appliance import Appliance
from .switches import Switchboard


def parser(package: str, description: str | None) -> argparse.ArgumentParser:
    """The options that all devices have."""
    program = Path(sys.argv[0]).name
    # Only from Python 3.14 does argparse know how a package was run.
    found = argparse.ArgumentParser(
        prog=f"python -m {package}" if program == "__main__.py" else program, description=description
    )
    found.add_argument("--port", type=int, default=0, help="port on 127.0.0.1, a free one by default")
    found.add_argument("--directory", type=Path, help="where ca.pem and settings.json go, a new one by default")
    found.add_argument(
        "--set", action="append", default=[], type=_assignment, metavar="NAME=VALUE",
        help="a switch, its value as YAML or JSON; repeatable",
    )  # fmt: skip
    found.add_argument("--parent", type=int, metavar="PID", help="exit when this process disappears")
    return found


def apply(switches: Switchboard, assignments: list[tuple[str, Any]]) -> None:
    try:
        switches.update(dict(assignments))
    except (AttributeError, TypeError, ValueError) as error:
        raise SystemExit(f"--set: {error}") from error


def directory_of(arguments: argparse.Namespace, prefix: str) -> Path:
    directory: Path = arguments.directory or Path(tempfile.mkdtemp(prefix=prefix))
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def serve(appliance: Appliance[Any], name: str, directory: Path, parent: int | None, told: tuple[str, ...]) -> None:
    """Until a signal, or until the parent is gone; `told` are the attributes that settings.json holds."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with appliance:
        settings = _write_settings(directory, {item: getattr(appliance, item) for item in told})
        print(f"{name} at https://{appliance.host}:{appliance.port}, settings in {settings}", flush=True)
        while not stop.wait(0.5):
            if parent and not _lives(parent):
                break
        settings.unlink(missing_ok=True)


def _assignment(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, yaml.safe_load(value)


def _write_settings(directory: Path, settings: dict[str, Any]) -> Path:
    """Written under another name first: whoever waits for the file never reads half of it."""
    draft = directory / ".settings.json"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps({**settings, "pid": os.getpid()}, indent=2) + "\n")
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
