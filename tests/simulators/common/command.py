# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of a device: it runs until it is stopped, and writes settings.json with its address and credentials."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from .device import SimulatedDevice
from .switches import Switchboard


def parser(package: str, description: str | None) -> argparse.ArgumentParser:
    """The options that all devices have."""
    program = Path(sys.argv[0]).name
    # Only from Python 3.14 does argparse know how a package was run.
    found = argparse.ArgumentParser(
        prog=f"python -m {package}" if program == "__main__.py" else program, description=description
    )
    found.add_argument("--port", type=int, default=0, help="port on 127.0.0.1, a free one by default")
    found.add_argument("--directory", type=Path, help="where ca.pem and settings.json go, a new folder by default")
    found.add_argument(
        "--set", action="append", default=[], type=_assignment, metavar="NAME=VALUE",
        help="a switch, its value as YAML or JSON; repeatable",
    )  # fmt: skip
    found.add_argument("--parent", type=int, metavar="PID", help="exit when this process disappears")
    return found


def run(
    arguments: argparse.Namespace,
    switches: Switchboard,
    make: Callable[[argparse.Namespace, Path], SimulatedDevice[Any]],
    settings: tuple[str, ...],
) -> None:
    """Until a signal, or until the parent is gone; settings.json has the attributes `settings` of the device."""
    try:
        switches.update(dict(arguments.set))
    except (AttributeError, TypeError, ValueError) as error:
        raise SystemExit(f"--set: {error}") from error
    directory = arguments.directory or Path(tempfile.mkdtemp(prefix="simulator-"))
    directory.mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with make(arguments, directory) as device:
        written = _write_settings(directory, {name: getattr(device, name) for name in settings})
        print(f"{device.name} at https://{device.host}:{device.port}, settings in {written}", flush=True)
        while not stop.wait(0.5):
            if arguments.parent and not _lives(arguments.parent):
                break
        written.unlink(missing_ok=True)


def _assignment(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, yaml.safe_load(value)


def _write_settings(directory: Path, settings: dict[str, Any]) -> Path:
    """Written under another name first, so that a program that waits for the file never reads a part of it."""
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
