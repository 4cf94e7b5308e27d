# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of the plugins for Event-Driven Ansible, in this process: ansible-rulebook would add nothing but its start."""

from __future__ import annotations

import asyncio
import runpy
import typing as t
from pathlib import Path

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortianalyzer.alerts import alert_row, known_alerts
from support.examples import EDA, ROOT, Data, of_plugin
from support.playbooks import access


def eda_plugin(kind: str, name: str) -> t.Any:
    """Its function main, from where the collection is installed."""
    installed = ROOT / ".build" / "ansible_collections" / "secops" / "fortiview" / EDA.relative_to(ROOT)
    return runpy.run_path(str(installed / kind / f"{name}.py"))["main"]


async def first_event(options: Data) -> Data:
    queue: asyncio.Queue[Data] = asyncio.Queue()
    # Else there is none before the next poll finds something new.
    source = asyncio.create_task(eda_plugin("event_source", "fortiview")(queue, {**options, "initial": True}))
    found = asyncio.create_task(queue.get())
    await asyncio.wait({source, found}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
    source.cancel()
    await asyncio.wait({source})
    return await found if found.done() else source.result()


def test_each_event_source_reports_something(faz: FortiAnalyzer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in access(faz).items():
        monkeypatch.setenv(name, value)
    places = {
        "faz.example.com": faz.host,
        "{{ FAZ_USERNAME }}": faz.username,
        "{{ FAZ_PASSWORD }}": faz.password,
        "/var/lib/eda": str(folder),
    }
    for example in of_plugin(EDA / "event_source" / "fortiview.py", places):
        options = example["secops.fortiview.fortiview"]
        event = asyncio.run(first_event(options))
        assert (event["kind"], event["view"]) == ("new", options["view"])


def test_the_event_filter_takes_an_alert(faz: FortiAnalyzer) -> None:
    for example in of_plugin(EDA / "event_filter" / "normalize_webhook.py", {}):
        (options,) = (one["secops.fortiview.normalize_webhook"] for one in example["filters"])
        alert = alert_row(known_alerts(faz.events, "root", faz.clock.now())[0])
        (event,) = eda_plugin("event_filter", "normalize_webhook")({"payload": alert}, **options)
        assert (event["kind"], event["adom"]) == ("new", options["adom"])
