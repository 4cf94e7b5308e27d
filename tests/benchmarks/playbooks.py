# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of ansible-playbook, timed from the outside."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .machine import LAUNCHER, used
from .report import Failed

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


class Trees:
    """Two copies of the collection below `directory`: as it is, and without its action plugins, so that every task
    starts a module process. Copies, because a change in the checkout must not meet a run that is being measured."""

    def __init__(self, directory: Path) -> None:
        self.whole = directory / "whole"
        self.modules_only = directory / "modules-only"
        for tree in (self.whole, self.modules_only):
            collection = tree / "ansible_collections" / "secops" / "fortiview"
            for part in ("plugins", "meta", "roles"):
                shutil.copytree(ROOT / part, collection / part, ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copy(ROOT / "galaxy.yml", collection)
            if tree is self.modules_only:
                shutil.rmtree(collection / "plugins" / "action")


class Usage(NamedTuple):
    """`processor` counts ansible-playbook and its workers, but for the process of a persistent connection; `peak` is the most memory of one
    of them."""

    seconds: float
    processor: float
    peak: float


class Runner:
    """ansible-playbook with a home of its own and without the settings of the user's shell."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._command = Path(sys.executable).parent / "ansible-playbook"

    def seconds(self, playbook: str, tree: Path, settings: Mapping[str, Any], *arguments: str) -> float:
        """Wall time of one run of a playbook in the folder `playbooks`. Raises Failed where the run failed.

        The settings of the connection travel in FAZ_* variables, everything else as extra variables.
        """
        return self._run(playbook, tree, settings, arguments)[0]

    def usage(self, playbook: str, tree: Path, settings: Mapping[str, Any], *arguments: str) -> Usage:
        """As `seconds`, with what else the run needed."""
        seconds, said = self._run(playbook, tree, settings, arguments, sys.executable, "-c", LAUNCHER)
        return Usage(seconds, *used(said))

    def _run(
        self, playbook: str, tree: Path, settings: Mapping[str, Any], arguments: tuple[str, ...], *launcher: str
    ) -> tuple[float, str]:
        variables = {name: value for name, value in settings.items() if name not in CONNECTION}
        # An argument may not be longer than 128 kB.
        file = self._directory / "variables.json"
        file.write_text(json.dumps(variables))
        command = [*launcher, str(self._command), "-i", "localhost,", "-e", f"@{file}", *arguments]
        command.append(str(HERE / "playbooks" / f"{playbook}.yml"))
        started = time.monotonic()
        run = subprocess.run(
            command,
            cwd=self._directory,
            env=self._environment(tree, settings),
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - started
        if run.returncode:
            raise Failed(f"{playbook}.yml failed:\n{run.stdout}\n{run.stderr}")
        return seconds, run.stderr

    def start_up(self, tree: Path, times: int) -> float:
        """Median wall time of a playbook without tasks."""
        return statistics.median(self.seconds("empty", tree, {}) for dummy in range(times))

    def _environment(self, tree: Path, settings: Mapping[str, Any]) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ANSIBLE_", "FAZ_")) and not name.lower().endswith("_proxy")
        }
        connection = {f"FAZ_{name.upper()}": str(settings[name]) for name in CONNECTION if name in settings}
        return {
            **kept,
            **connection,
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_HOME": str(self._directory / "home"),
            "ANSIBLE_COLLECTIONS_PATH": str(tree),
            # Looking for an interpreter would be a cost of the first module alone.
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        }


CONNECTION = ("host", "port", "ca_path", "username", "password")
