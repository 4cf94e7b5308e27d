# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""FortiGates behind one address, and ansible-playbook with the role fortigate_block on all of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import typing as t
from contextlib import ExitStack
from pathlib import Path

import yaml

from simulators.fortigate import FortiGate, ManualClock

Variables = t.Mapping[str, t.Any]
RECAP = re.compile(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.M)
# Else ansible-playbook asks a thousand times a second whether a task is done, which keeps a processor busy.
PATIENT = "[defaults]\ninternal_poll_interval = 0.02\n"
# Longest that one playbook may take, in seconds: far more than it needs on a busy machine.
PATIENCE = 1800
# Who runs the playbooks.
CALLER = "soc"
BUILD = Path(__file__).resolve().parents[3] / ".build"

# What a user writes into the inventory.
CONNECTION = {
    "ansible_connection": "ansible.netcommon.httpapi",
    "ansible_network_os": "fortinet.fortios.fortios",
    "ansible_httpapi_use_ssl": True,
    "ansible_httpapi_use_proxy": False,
    "ansible_port": "{{ ansible_httpapi_port }}",
    # Else the user of -u would displace the token.
    "ansible_user": "",
    "ansible_command_timeout": 30,
    "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    "fortigate_block_verify_delay": 0,
}


class Outcome(t.NamedTuple):
    """What ansible-playbook made of one box. `said` is the message of the task that failed."""

    changed: int
    failed: bool
    said: str


class Run(t.NamedTuple):
    outcomes: dict[str, Outcome]
    output: str


class Fleet:
    """Boxes by name, all on one clock, each with variables of its own."""

    def __init__(self, directory: Path, clock: ManualClock) -> None:
        self.clock = clock
        self.boxes: dict[str, FortiGate] = {}
        self.audit = directory / "audit.jsonl"
        self.directory = directory
        self._variables: dict[str, dict[str, t.Any]] = {}
        self._strangers: dict[str, dict[str, t.Any]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Fleet:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def box(self, name: str, switches: t.Optional[Variables] = None, **variables: t.Any) -> FortiGate:
        """One more FortiGate; `variables` are of the role, without its prefix."""
        box = self._stack.enter_context(FortiGate(clock=self.clock, serial=f"FGT-{name}", hostname=name))
        box.switches.update(dict(switches or {}))
        self.boxes[name] = box
        self._variables[name] = {
            "ansible_host": box.host,
            "ansible_httpapi_port": box.port,
            "ansible_httpapi_ca_path": str(box.ca_path),
            "fortigate_token": box.token,
            "fortigate_block_never_extra": [],
            **{f"fortigate_block_{key}": value for key, value in variables.items()},
        }
        return box

    def connect(self, name: str, **variables: t.Any) -> None:
        """Other variables of the connection to a box than those that it has."""
        self._variables[name].update(variables)

    def forget(self, name: str, *variables: str) -> None:
        """Variables of the role that a box has no longer."""
        for variable in variables:
            self._variables[name].pop(f"fortigate_block_{variable}", None)

    def alias(self, name: str, of: str, **variables: t.Any) -> None:
        """A further host of the inventory for the same FortiGate; `variables` are of the role, without its prefix."""
        given = {f"fortigate_block_{key}": value for key, value in variables.items()}
        self._variables[name] = {**self._variables[of], **given}

    def stranger(self, name: str, address: str) -> None:
        """A host of the inventory that nothing is played on."""
        self._strangers[name] = {"ansible_host": address}

    def play(
        self,
        *arguments: str,
        entry: str = "main",
        only: str = "boxes",
        task: t.Optional[Variables] = None,
        play: t.Optional[Variables] = None,
        **variables: t.Any,
    ) -> Run:
        """Run the role's entry point, or the given task, once on all boxes. `variables` are extra variables of the role, `play` has keywords of
        the play."""
        work = self.directory
        (work / "ansible.cfg").write_text(PATIENT)
        (work / "inventory.json").write_text(json.dumps(self._inventory()))
        (work / "play.yml").write_text(yaml.safe_dump(_playbook(task or _role(entry), play or {})))
        given = {f"fortigate_block_{key}": value for key, value in variables.items()}
        given.setdefault("fortigate_block_audit_dest", str(self.audit))
        given.setdefault("fortigate_block_registry", str(self.directory / "blocks.sqlite"))
        (work / "variables.json").write_text(json.dumps(given))
        command = ["ansible-playbook", "-i", "inventory.json", "-e", "@variables.json", "-u", "someone", "-f", "5"]
        done = subprocess.run(
            [*command, "-l", only, *arguments, "play.yml"],
            cwd=work,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        output = done.stdout + done.stderr
        outcomes = {
            name: Outcome(int(changed), failed != "0" or unreachable != "0", _said(name, done.stdout))
            for name, changed, unreachable, failed in RECAP.findall(done.stdout)
        }
        assert outcomes, output
        return Run(outcomes, output)

    def lines(self, name: str) -> list[dict[str, t.Any]]:
        """Lines of the audit log about one box."""
        if not self.audit.exists():
            return []
        found = map(json.loads, filter(None, self.audit.read_text().splitlines()))
        return [one for one in found if one["host"] == name]

    def secrets(self) -> list[str]:
        return [secret for box in self.boxes.values() for secret in (box.token, box.password)]

    def _inventory(self) -> dict[str, t.Any]:
        return {"boxes": {"hosts": self._variables, "vars": CONNECTION}, "others": {"hosts": self._strangers}}

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "ANSIBLE_COLLECTIONS_PATH": os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(BUILD)),
            # The path of a socket may not be long, and the folder of a test is.
            "ANSIBLE_PERSISTENT_CONTROL_PATH_DIR": f"/tmp/fgt-blocking-{os.getpid()}",
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
            "ANSIBLE_CALLBACK_FORMAT_PRETTY": "false",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "no_proxy": "127.0.0.1",
            # As cron does it.
            "USER": "",
            "LOGNAME": CALLER,
        }


def _role(entry: str) -> Variables:
    role = {"name": "secops.fortiview.fortigate_block", "tasks_from": entry}
    return {"name": "The role", "ansible.builtin.include_role": role}


def _playbook(task: Variables, play: Variables) -> list[dict[str, t.Any]]:
    return [{"name": "Boxes", "hosts": "boxes", "gather_facts": False, **play, "tasks": [dict(task)]}]


def _said(name: str, output: str) -> str:
    """The last failure of this host, or of an item: a rescued one stands before it."""
    found = re.findall(rf"^(?:fatal|failed): \[{re.escape(name)}\](?:: FAILED!| \(item=.*?\)) => (.*)$", output, re.M)
    return str(found[-1]) if found else ""
