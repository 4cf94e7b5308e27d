# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks of the collection on simulated FortiGates, with one registry."""

from __future__ import annotations

import contextlib
import json
import tempfile
import typing as t
from pathlib import Path

from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortigate import FortiGate
from support.attacks import silence
from support.blocking import PREPARED, Line, operate
from support.fortigates import inventory
from support.playbooks import Controller, Run


class PlaybookFleet:
    """`off` are ports in place of those of FortiGates that do not answer, `of_host` further variables of each host."""

    def __init__(self, controller: Controller, fortigates: dict[str, FortiGate]) -> None:
        self.controller = controller
        self.fortigates = fortigates
        self.registry = str(controller.folder / "blocks.sqlite")
        self.off: dict[str, int] = {}
        self.of_host: dict[str, dict[str, t.Any]] = {}

    def play(self, name: str, *arguments: str, **given: t.Any) -> Run:
        found = inventory(self.fortigates)
        for host, port in self.off.items():
            found["all"]["children"]["fortigates"]["hosts"][host].update(ansible_httpapi_port=port, ansible_port=port)
        for host, more in self.of_host.items():
            found["all"]["children"]["fortigates"]["hosts"][host].update(more)
        place = self.controller.write("inventory.yml", found)
        variables = {
            "fortigate_block_registry": self.registry,
            "fortigate_block_never_extra": ["192.0.2.128/28"],
            "fortigate_block_verify_delay": 0,
            **given,
        }
        return self.controller.playbook(
            f"secops.fortiview.{name}", "-i", str(place), "-e", json.dumps(variables), *arguments
        )

    def block(self, host: str, *targets: t.Any, **options: t.Any) -> None:
        """Block on one FortiGate without a playbook, `now` being the clock of the controller."""
        given = {"targets": list(targets), "registry": self.registry, "run_id": "4711", **options}
        operate(Line.of(self.fortigates[host]), **given)


@contextlib.contextmanager
def fleet_of_fortianalyzer() -> t.Iterator[tuple[PlaybookFleet, FortiAnalyzer]]:
    """A FortiAnalyzer without attacks, and two FortiGates that log to its ADOM root. The runs leave no session and no problem behind."""
    with contextlib.ExitStack() as stack, tempfile.TemporaryDirectory(prefix="fv-") as folder:
        faz = stack.enter_context(FortiAnalyzer())
        devices = [one for one in faz.devices if one.adom == "root"][:2]
        boxes = {one.name: stack.enter_context(FortiGate(serial=one.serial, hostname=one.name)) for one in devices}
        for box in boxes.values():
            box.switches.update(PREPARED)
        silence(faz)
        yield PlaybookFleet(Controller(Path(folder), faz), boxes), faz
        assert faz.open_sessions == [] and {name: box.check() for name, box in boxes.items() if box.check()} == {}
