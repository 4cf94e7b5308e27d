# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""5,000 addresses in a feed, the sessions of 50, and the memory that runs need however much was blocked before."""

from __future__ import annotations

import statistics
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.engines import Postgresql
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry

from support.fortigates import CONNECTION
from support.postgresql import postgresql

from . import registry
from .blocking import SimulatedFortiGate, tree_of
from .playbooks import Runner, Usage
from .report import Failed, Figure, Report

ADDRESSES = [f"198.51.{number // 250}.{number % 250 + 1}" for number in range(5000)]
VDOMS = ["root", "guest"]
ROUNDS = 3
MOST_SECONDS, MOST_SECONDS_OF_SESSIONS, MOST_MEGABYTES = 10, 5, 150
FEW = 50
# Addresses whose sessions are asked to be closed, on two sides.
MOST_CLOSED = 200


class Site:
    """One FortiGate, and playbooks of one task against it."""

    def __init__(self, directory: Path, box: SimulatedFortiGate) -> None:
        self._tree = tree_of(directory)
        self._runner = Runner(directory)
        self._inventory = directory / "inventory.yml"
        self.box = box
        host = {
            "ansible_host": box.settings["host"],
            "ansible_httpapi_port": box.settings["port"],
            "ansible_port": box.settings["port"],
            "ansible_httpapi_ca_path": box.settings["ca_path"],
            "fortigate_token": box.settings["token"],
        }
        self._inventory.write_text(
            yaml.safe_dump({"fortigates": {"hosts": {registry.PLACE.host: host}, "vars": CONNECTION}})
        )

    def run(
        self, where: str, state: str, addresses: list[str], vdoms: list[str], close_sessions: bool = False
    ) -> Usage:
        given: dict[str, Any] = {"state": state, "addresses": addresses, "vdoms": vdoms, "registry": where}
        given["close_sessions"] = close_sessions
        return self._runner.usage("blocking_many", self._tree, given, "-i", str(self._inventory))

    def feeds(self, addresses: list[str], vdoms: list[str]) -> None:
        found = self.box.state()["feeds"]
        if any(set(found[vdom]["soc-block"]) != set(addresses) for vdom in vdoms):
            raise Failed("the feed has other addresses")


def run(directory: Path) -> Report:
    with ExitStack() as stack:
        box = SimulatedFortiGate(directory / "hq", vdoms=VDOMS, with_feed=True, with_policies=True)
        site = Site(directory, stack.enter_context(box))
        url = stack.enter_context(postgresql())
        empty = str(directory / "empty.sqlite")
        site.run(empty, "present", [], VDOMS)  # cold files
        nothing = [site.run(empty, "present", [], VDOMS) for dummy in range(ROUNDS)]
        start = Usage(*(statistics.median(values) for values in zip(*nothing)))
        figures = [
            Figure("a run without addresses, the start of the playbook with it", start.seconds),
            Figure("a run without addresses: processor", start.processor),
            Figure("a run without addresses: peak memory", start.peak, "MB"),
        ]
        figures += _of_many(site, start, str(directory / "new.sqlite"), "no history")
        full = str(directory / "full.sqlite")
        for engine, where in (("SQLite", full), ("PostgreSQL", url)):
            with open_registry(where) as opened:
                registry.fill(engine, opened)
            if engine == "PostgreSQL":
                with Postgresql(where) as server:
                    server.run("VACUUM ANALYZE")
            figures += _of_many(site, start, where, f"{engine}, {registry.ENDED:,} ended claims")
        figures += _of_sessions(site, start, directory)
    return Report(f"{len(ADDRESSES):,} addresses in a feed of two VDOMs, by a task with fortigate_block", figures)


def _of_many(site: Site, start: Usage, where: str, name: str) -> list[Figure]:
    site.box.reset()
    found = {"first block": site.run(where, "present", ADDRESSES, VDOMS)}
    writes = site.box.state()["writes"]
    site.feeds(ADDRESSES, VDOMS)
    found["nothing to change"] = site.run(where, "present", ADDRESSES, VDOMS)
    found["list"] = site.run(where, "listed", [], VDOMS)
    found["expire"] = site.run(where, "expired", [], VDOMS)
    site.feeds([], VDOMS)
    figures = [Figure(f"{name}: writes of the first block", writes, "writes", len(VDOMS))]
    for what, used in found.items():
        most = MOST_SECONDS if what == "first block" else None
        figures += [
            Figure(f"{name}: {what}", used.seconds - start.seconds, "s", most),
            Figure(f"{name}: {what}, processor", used.processor - start.processor),
            Figure(f"{name}: {what}, memory above that", used.peak - start.peak, "MB", MOST_MEGABYTES),
        ]
    return figures


def _of_sessions(site: Site, start: Usage, directory: Path) -> list[Figure]:
    found = {}
    for closing in (False, True):
        site.box.reset()
        where = str(directory / f"sessions-{closing}.sqlite")
        found[closing] = site.run(where, "present", ADDRESSES[:FEW], ["root"], closing)
    if len(site.box.state()["closed_sessions"]) != 2 * FEW:
        raise Failed("not all sessions were closed")
    site.box.reset()
    many = site.run(str(directory / "many.sqlite"), "present", ADDRESSES, ["root"], True)
    if len(site.box.state()["closed_sessions"]) != 2 * MOST_CLOSED:
        raise Failed("not the permitted number of sessions was closed")
    closed = found[True].seconds - found[False].seconds
    processor = found[True].processor - found[False].processor
    return [
        Figure(f"closing the sessions of {FEW} addresses", closed, "s", MOST_SECONDS_OF_SESSIONS),
        Figure(f"closing the sessions of {FEW} addresses: processor", processor),
        Figure(f"one VDOM, sessions of {MOST_CLOSED} addresses closed: first block", many.seconds - start.seconds),
    ]
