# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A playbook with the examples of all modules and filters, and what an example takes from elsewhere.

It is one playbook because the start of ansible-playbook takes longer than most examples.
"""

from __future__ import annotations

import datetime
import typing as t
from contextlib import ExitStack

from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortigate import FortiGate
from support.examples import FILTERS, MODULES, ROOT, Data, names, of_plugin
from support.servers import refused_port

FAZ_MODULES = [name for name in names(MODULES, ".py") if name.startswith("faz_")]
FORTIGATE_MODULES = [name for name in names(MODULES, ".py") if name.startswith("fortigate_")]
OTHER_MODULES = [name for name in names(MODULES, ".py") if not name.startswith(("faz_", "fortigate_"))]
FILTER_NAMES = names(FILTERS, ".yml")
# These write the tickets and the facts that others read.
FIRST = ("faz_fortiview_task", "faz_fortiview_result")

# FortiGates, by the modules whose examples are played on them. A feed that is pushed cannot become one that is fetched.
HOSTS = {"fortigate_block_info": ["fortigate_block"], "fortigate_block_policy": ["policy_0", "policy_1"]}
PREPARED = {"with_feed": True, "with_policies": True}
SWITCHES: dict[str, Data] = {"policy_0": {}, "policy_1": {}}
REMOVED, KEPT, CONTACTED = "203.0.113.77", "203.0.113.78", "203.0.113.79"


def task(name: str, module: str, register: str = "", **options: t.Any) -> Data:
    return {"name": name, f"secops.fortiview.{module}": options, **({"register": register} if register else {})}


def day(ago: int) -> Data:
    """A calendar day."""
    date = datetime.date.today() - datetime.timedelta(days=ago)
    return {"start": f"{date} 00:00:00", "end": f"{date} 23:59:59"}


def submitted() -> list[Data]:
    """Tasks 12450 and 12451 of top-sources, and those up to 12460 of top-threats. Task 12452 is none of the former."""
    return [
        task(
            view, "faz_fortiview_task", view=view, time_range={"last": "24h"}, queries=[{"name": f"t{n}"} for n in many]
        )
        for view, many in (("top-sources", range(2)), ("top-threats", range(9)))
    ]


def asked() -> list[Data]:
    """What the examples of filters say that tasks have registered."""
    one = {"view": "top-threats", "wait": True}
    two_days = [{"name": "yesterday", "time_range": day(2)}, {"name": "today", "time_range": day(1)}]
    adoms = [{"adom": adom, "name": adom} for adom in ("root", "Branch_Office", "Data_Center")]
    return [
        task("one", "faz_fortiview_task", "of_one", **one, time_range={"last": "24h"}),
        task("days", "faz_fortiview_task", "of_days", **one, queries=two_days),
        task("adoms", "faz_fortiview_task", "of_adoms", **one, time_range={"last": "7d"}, queries=adoms),
        task("hunt", "faz_threat_sources_info", "hunt", severities=["critical", "high"], time_range={"last": "1h"}),
    ]


LISTED = "{{ {'fortigate_block': hostvars['fortigate_block'].listed} }}"
# What the examples of a filter take, where it is not what one query registered.
INPUTS: dict[str, Data] = {
    "trend": {"asked": "{{ of_days }}"},
    "widespread": {"asked": "{{ of_adoms }}"},
    "block_rows": {"listed": "{{ hostvars['fortigate_block'].listed }}"},
    "block_effect": {"listed": LISTED, "wanted": {"start": None}},
    "effect_queries": {"listed": LISTED},
    "block_end": {"listed": LISTED},
    "block_response": {"blocked": "{{ hostvars['fortigate_block'].fortigate_block_0 }}"},
    "block_summary": {"blocked": "{{ hostvars['fortigate_block'].fortigate_block_0 }}"},
    "report_files": {"role_path": str(ROOT / "roles" / "threat_report")},
}


class Examples:
    """The playbook with all examples, and the FortiGates of its inventory."""

    def __init__(self, faz: FortiAnalyzer, stack: ExitStack) -> None:
        self.fortigates: dict[str, FortiGate] = {}
        self._places = {
            "faz.example.com": faz.host,
            "smtp.example.com": "127.0.0.1",
            "2025-11-09": day(1)["start"][:10],
            "10.1.2.3": infected(faz, "FG100FTK20000001"),
        }
        self._stack = stack
        sources = [offender(REMOVED, "attacker", "source"), offender(KEPT, "attacker", "source")]
        servers = [offender(CONTACTED, "destination", "destination")]
        self._variables: Data = {
            "vault_faz_api_token": faz.api_token,
            "feed_password": "of the feed",
            # Nothing listens there: a notification that is not delivered is no failure.
            **dict.fromkeys(("slack_webhook_url", "teams_workflow_url"), f"https://127.0.0.1:{refused_port()}/"),
            "smtp_password": "of the mail",
            "our_networks": ["192.0.2.128/28"],
            "threat_hunt_offenders": sources,
            "candidates": {"offenders": [*sources, *servers], "refused": [], "gaps": []},
        }

    def plays(self) -> list[Data]:
        ordered = sorted(FAZ_MODULES, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
        queries = [example for name in ordered for example in self._tasks(name)]
        return [
            self._play("localhost", [*submitted(), *queries]),
            *(self._play(host, tasks) for name in FORTIGATE_MODULES for host, tasks in self._hosts(name)),
            self._play("localhost", [example for name in OTHER_MODULES for example in self._tasks(name)]),
            self._play("localhost", [*asked(), *map(self._filter, FILTER_NAMES)]),
        ]

    def _play(self, hosts: str, tasks: t.Sequence[Data]) -> Data:
        # One that fails hides no other.
        return {"hosts": hosts, "gather_facts": False, "ignore_errors": True, "vars": self._variables, "tasks": tasks}

    def _tasks(self, module: str) -> list[Data]:
        found = of_plugin(MODULES / f"{module}.py", self._places)
        return [
            {"register": f"{module}_{number}", **example, "name": f"{module}: {example['name']}"}
            for number, example in enumerate(found)
        ]

    def _hosts(self, module: str) -> t.Iterator[tuple[str, list[Data]]]:
        """Each host with the tasks that are played on it, in turn where there are several."""
        tasks, hosts = self._tasks(module), HOSTS.get(module, [module])
        for number, host in enumerate(hosts):
            if host not in self.fortigates:
                fortigate = self._stack.enter_context(FortiGate(serial=f"FG-{host}", hostname=host))
                fortigate.switches.update(SWITCHES.get(host, PREPARED))
                self.fortigates[host] = fortigate
            yield host, tasks[number :: len(hosts)]

    def _filter(self, name: str) -> Data:
        found = of_plugin(FILTERS / f"{name}.yml", self._places)
        shown = {key: f"{{{{ {key} }}}}" for key in found}
        taken = {"asked": "{{ of_one }}", **INPUTS.get(name, {})}
        return {"name": f"{name}: all", "ansible.builtin.debug": {"msg": shown}, "vars": {**taken, **found}}


def infected(faz: FortiAnalyzer, serial: str) -> str:
    """A host of this FortiGate that was infected in the last 24 hours."""
    events = faz.events.between("root", faz.anchor - 86400, faz.anchor, faz.anchor)
    return next(event.srcip for event in events if event.infection and event.devid == serial)


def offender(address: str, role: str, side: str) -> Data:
    return {
        "address": address,
        "version": 4,
        "role": role,
        "side": side,
        "threats": ["SQL.Injection"],
        "severity": "high",
    }
