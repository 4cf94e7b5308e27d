# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs ansible-playbook as a user does, in a folder of its own, and reads back what each task returned.

Which ansible-core runs is decided by PATH, so that tools/matrix.py can run the same tests on every release.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import yaml

from simulators.fortianalyzer import FortiAnalyzer

PLUGINS = Path(__file__).resolve().parent / "callback_plugins"
TARGETS = Path(__file__).resolve().parents[1] / "integration" / "targets"
# Longest that one playbook may take, in seconds: far more than it needs on a busy machine.
PATIENCE = 300
# Otherwise ansible-playbook asks a thousand times a second whether a task is done, which keeps a processor busy.
SETTINGS = "[defaults]\ninternal_poll_interval = 0.02\n"
LOCAL = "localhost ansible_connection=local ansible_python_interpreter={{ansible_playbook_python}}\n"

Data = dict[str, t.Any]


def access(faz: FortiAnalyzer) -> dict[str, str]:
    """The environment that says where the simulator is and how to log in."""
    return {
        "FAZ_HOST": faz.host,
        "FAZ_PORT": str(faz.port),
        "FAZ_USERNAME": faz.username,
        "FAZ_PASSWORD": faz.password,
        "FAZ_CA_PATH": faz.ca_path,
    }


class Recorded(t.NamedTuple):
    """`status` is ok, failed, ignored, skipped or unreachable."""

    status: str
    task: str
    host: str
    result: Data


class Run(t.NamedTuple):
    """What one ansible-playbook printed and what its tasks returned, in order."""

    code: int
    output: str
    results: list[Recorded]

    def of(self, task: str, host: t.Optional[str] = None) -> Data:
        """The last result of the task of this name."""
        found = [one for one in self.results if one.task == task and host in (None, one.host)]
        assert found, f"no task {task!r} was run:\n{self.output}"
        return found[-1].result

    @property
    def failure(self) -> Data:
        """The result of the first task that failed."""
        found = [one.result for one in self.results if one.status in ("failed", "unreachable")]
        assert found, f"nothing failed:\n{self.output}"
        return found[0]

    @property
    def said(self) -> str:
        """The message of the first task that failed."""
        return str(self.failure.get("msg", ""))

    @property
    def flat(self) -> str:
        """The output in one line with single spaces, because Ansible wraps warnings and messages."""
        return " ".join(self.output.split())


class Started(t.NamedTuple):
    """A running ansible-playbook."""

    process: subprocess.Popen[bytes]
    output: Path
    record: Path

    def wait(self) -> Run:
        code = self.process.wait(PATIENCE)
        lines = self.record.read_text().splitlines() if self.record.exists() else []
        return Run(code, self.output.read_text(errors="replace"), [Recorded(**json.loads(line)) for line in lines])


class Inventory(t.NamedTuple):
    """What ansible-inventory printed. `said` is what it wrote to standard error, in one line with single spaces."""

    code: int
    said: str
    groups: Data
    variables: dict[str, Data]

    def hosts(self, group: str) -> list[str]:
        """Of the group and of the groups in it."""
        found = self.groups.get(group, {})
        below = [host for child in found.get("children", []) for host in self.hosts(child)]
        return sorted({*found.get("hosts", []), *below})


class Controller:
    """The machine and the folder that playbooks run from. With a simulator, its address and login are in the environment."""

    def __init__(self, folder: Path, faz: t.Optional[FortiAnalyzer] = None) -> None:
        self.folder = folder
        self.environment = access(faz) if faz is not None else {}
        self.write("ansible.cfg", SETTINGS)

    def write(self, name: str, content: object) -> Path:
        """A file in the folder: text as it is, anything else as YAML."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False))
        return path

    def tasks(self, tasks: t.Sequence[Data], *arguments: str, variables: t.Optional[Data] = None, **more: str) -> Run:
        """Run these tasks on localhost, over the local connection."""
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": variables or {}}
        return self.play([dict(play, tasks=list(tasks))], *arguments, **more)

    def play(self, plays: t.Sequence[Data], *arguments: str, **environment: str) -> Run:
        return self.playbook(str(self.write("play.yml", list(plays))), *arguments, **environment)

    def inventory(self, *sources: Path, arguments: t.Sequence[str] = (), **environment: str) -> Inventory:
        """What these sources give, by ansible-inventory."""
        done = subprocess.run(
            ["ansible-inventory", "--list", *arguments, *(f"-i{source}" for source in sources)],
            cwd=self.folder,
            env=self._environment(self.folder / "results.jsonl", environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        groups = json.loads(done.stdout or "{}", object_hook=_unmarked)
        variables = groups.pop("_meta", {}).get("hostvars", {})
        return Inventory(done.returncode, " ".join(done.stderr.split()), groups, variables)

    def playbook(self, playbook: str, *arguments: str, **environment: str) -> Run:
        """Run a playbook by path, or by name as secops.fortiview.top_threats. Without -i the inventory is localhost alone."""
        started = self.start(playbook, *arguments, **environment)
        try:
            return started.wait()
        finally:
            started.process.kill()

    def start(self, playbook: str, *arguments: str, **environment: str) -> Started:
        """The same, without waiting for its end. It has a process group of its own, as a terminal gives it one."""
        if not any(word == "-i" or word.startswith(("-i", "--inventory")) for word in arguments):
            arguments = ("-i", str(self.write("localhost.ini", LOCAL)), *arguments)
        record, output = self.folder / "results.jsonl", self.folder / "output"
        record.unlink(missing_ok=True)
        with output.open("w") as file:
            process = subprocess.Popen(
                ["ansible-playbook", playbook, *arguments],
                cwd=self.folder,
                env=self._environment(record, environment),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Started(process, output, record)

    def _environment(self, record: Path, more: t.Mapping[str, str]) -> dict[str, str]:
        inherited = {
            key: value for key, value in os.environ.items() if not key.startswith(("FAZ_", "FORTIOS_", "ANSIBLE_"))
        }
        kept = {key: os.environ[key] for key in ("ANSIBLE_COLLECTIONS_PATH", "ANSIBLE_HOME") if key in os.environ}
        kept.setdefault("ANSIBLE_COLLECTIONS_PATH", str(PLUGINS.parents[2] / ".build"))
        kept.setdefault("ANSIBLE_HOME", str(PLUGINS.parents[2] / ".build" / "ansible-home"))
        # The ansible-playbook beside this Python, where PATH does not name one first.
        path = f"{os.environ['PATH']}:{Path(sys.executable).parent}"
        return {
            **inherited,
            **kept,
            "PATH": path,
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.folder),
            # As a shell would have it: playbooks take relative paths from here.
            "PWD": str(self.folder),
            "RECORDER_DEST": str(record),
            "ANSIBLE_CALLBACK_PLUGINS": str(PLUGINS),
            "ANSIBLE_CALLBACKS_ENABLED": "recorder",
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_ASYNC_DIR": str(self.folder / "async"),
            "ANSIBLE_PERSISTENT_CONTROL_PATH_DIR": str(self.folder / "pc"),
            **self.environment,
            **more,
        }


def _unmarked(value: Data) -> t.Any:
    """Text that is marked as unsafe is an object in the output of ansible-inventory."""
    return value.get("__ansible_unsafe", value)
