# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks of the collection on simulated FortiGates, with one registry."""

from __future__ import annotations

import json
import typing as t

from simulators.fortigate import FortiGate
from support.blocking import Line, operate
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
