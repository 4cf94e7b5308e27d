# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of tests of blocking as a playbook: ansible-playbook, the module, and the official connection to each FortiGate.

With PLAYED=1 in the environment, `support.blocking` runs them so. Otherwise they run in the process of the test, which takes a tenth of the time.
"""

from __future__ import annotations

import os
import tempfile
import typing as t
from pathlib import Path
from urllib.parse import urlsplit

from support.fortigates import CONNECTION
from support.playbooks import Controller

if t.TYPE_CHECKING:
    from support.blocking import Line

Data = dict[str, t.Any]
MODULE = "secops.fortiview.fortigate_block"
WANTED = os.environ.get("PLAYED", "") not in ("", "0")


def play(hosts: t.Mapping[str, tuple[Line, Data]], steps: t.Sequence[Data]) -> dict[str, Data]:
    """By host, what the last task returned that ran there. After a failure or a plan without changes no further step runs."""
    with tempfile.TemporaryDirectory() as folder:
        controller = Controller(Path(folder))
        inventory = {"all": {"hosts": {name: _host(line, options) for name, (line, options) in hosts.items()}}}
        place = controller.write("inventory.yml", inventory)
        run = controller.play(
            [
                {
                    "hosts": "all",
                    "gather_facts": False,
                    "tasks": [_task(number, step) for number, step in enumerate(steps)],
                }
            ],
            *("-i", str(place)),
        )
        ran = [one for one in run.results if one.status != "skipped"]
        found = {one.host: {**one.result, "failed": one.status in ("failed", "ignored", "unreachable")} for one in ran}
        assert found.keys() == hosts.keys(), run.output
        return found


def _task(number: int, step: Data) -> Data:
    return {
        "name": f"Step {number}",
        MODULE: step,
        "module_defaults": {MODULE: "{{ given }}"},
        "check_mode": "{{ in_check_mode }}",
        "register": "found",
        "when": "found is undefined or (found is success and found.pending | default(false))",
    }


def _host(line: Line, options: Data) -> Data:
    address = urlsplit(line.url)
    return {
        **CONNECTION,
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "ansible_host": address.hostname,
        "ansible_httpapi_port": address.port,
        "ansible_port": address.port,
        "ansible_httpapi_ca_path": line.ca_path,
        "given": {
            "access_token": line.token,
            **{key: value for key, value in options.items() if key not in ("host", "check_mode")},
        },
        "in_check_mode": bool(options.get("check_mode", False)),
    }
