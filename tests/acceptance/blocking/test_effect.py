# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook block_effect: what the blocks have stopped, as packets, counters of policies and FortiView show it."""

from __future__ import annotations

import csv
import io
import json
import time
import typing as t
from pathlib import Path

import jsonschema
import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support.attacks import attack
from support.playbook_fleet import PlaybookFleet, fleet_of_fortianalyzer
from support.playbooks import Run
from support.servers import refused_port

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs" / "threat_report.schema.json").read_text())
SERVER = "203.0.113.10"
STOPPED, THROUGH, QUIET, BANNED, EARLY = (f"203.0.114.{number}" for number in (11, 12, 13, 14, 15))
HOUR = 3600


class Bench(t.NamedTuple):
    fleet: PlaybookFleet
    faz: FortiAnalyzer

    def block(self, host: str, *targets: str, ago: float, method: str = "feed_push", **options: t.Any) -> None:
        given = {"method": method, "ttl": "1d", "max_per_run": 500, "now": lambda: time.time() - ago, **options}
        self.fleet.block(host, *targets, **given)

    def incident(self, address: str, host: str, ago: int, blocked: bool, incidents: int = 3) -> None:
        """As FortiAnalyzer has it of this FortiGate."""
        attack(self.faz, "SSH.Brute.Force", address, ago=ago, incidents=incidents)
        event = self.faz.events.of("root")[-1]
        event.devid, event.devname, event.blocked = self.fleet.fortigates[host].serial, host, blocked

    def data(self, name: str = "report/report.json") -> dict[str, t.Any]:
        return t.cast("dict[str, t.Any]", json.loads((self.fleet.controller.folder / name).read_text()))

    def counters_asked(self) -> int:
        paths = [entry.path for box in self.fleet.fortigates.values() for entry in box.journal]
        return sum(path.endswith("monitor/firewall/policy") for path in paths)


@pytest.fixture
def bench() -> t.Iterator[Bench]:
    with fleet_of_fortianalyzer() as (fleet, faz):
        yield Bench(fleet, faz)


def states(data: dict[str, t.Any]) -> dict[str, str]:
    return {row["address"]: row["state"] for row in data["effect"]["rows"]}


def table(run: Run) -> str:
    return run.output[run.output.index("Effect of the blocks") : run.output.index("PLAY RECAP")]


def test_what_the_blocks_have_stopped(bench: Bench) -> None:
    hq, dmz = bench.fleet.fortigates
    bench.block(hq, STOPPED, THROUGH, QUIET, ago=2 * HOUR, run_id="4711")
    bench.block(hq, BANNED, ago=2 * HOUR, method="ban", run_id="4712")
    bench.block(hq, EARLY, ago=HOUR, run_id="4713")
    # What FortiAnalyzer logs of the packets that follow.
    box = bench.fleet.fortigates[hq]
    assert [box.passes(STOPPED, SERVER) for _packet in range(3)] == [False] * 3
    bench.incident(STOPPED, hq, 600, blocked=True)
    assert bench.fleet.fortigates[dmz].passes(THROUGH, SERVER)
    bench.incident(THROUGH, dmz, 600, blocked=False, incidents=4)
    # Both before the block: within the range, and before it.
    bench.incident(EARLY, hq, 5400, blocked=False)
    bench.incident(QUIET, hq, 3 * HOUR, blocked=False)

    run = bench.fleet.play("block_effect", csv_file="effect.csv", report_dest="report")
    assert run.code == 0, run.output
    data = bench.data()
    jsonschema.validate(data, SCHEMA)
    assert states(data) == {
        THROUGH: "gets through", STOPPED: "stopped", QUIET: "nothing", BANNED: "not known", EARLY: "not known"
    }  # fmt: skip
    rows = {row["address"]: row for row in data["effect"]["rows"]}
    assert (rows[STOPPED]["blocked"], rows[STOPPED]["list_hits"], rows[STOPPED]["runs"]) == (3, 3, ["4711"])
    assert rows[THROUGH]["detected"] == 4
    assert rows[THROUGH]["devices_without_block"] == [bench.fleet.fortigates[dmz].serial]
    assert "a ban stops" in rows[BANNED]["notes"][0] and "older than the block" in rows[EARLY]["notes"][0]
    assert {one["hits"] for one in data["effect"]["policies"]} == {3, 0}

    for word in ("gets through: 1, stopped: 1, nothing: 1, not known: 2", "were last cleared", THROUGH):
        assert word in " ".join(table(run).split()), word
    text = (bench.fleet.controller.folder / "effect.csv").read_text(encoding="utf-8-sig")
    assert {row["address"]: row["state"] for row in csv.DictReader(io.StringIO(text, newline=""))} == states(data)
    page = (bench.fleet.controller.folder / "report" / "report.html").read_text()
    assert "Effect of the blocks" in page and THROUGH in page.replace("<wbr>", "")
    assert not any(entry.writes for box in bench.fleet.fortigates.values() for entry in list(box.journal)[-5:])


def test_two_tasks_for_an_adom_and_one_request_for_each_policy(bench: Bench) -> None:
    """With 200 blocks on each of two FortiGates."""
    many = [f"203.0.{114 + number // 100}.{number % 100 + 1}" for number in range(200)]
    for host in bench.fleet.fortigates:
        bench.block(host, *many, ago=2 * HOUR)
    for adom in ("root", "Branch_Office"):
        attack(bench.faz, "SSH.Brute.Force", many[0], adom, ago=600)
        attack(bench.faz, "Zeus.Botnet", "10.1.100.99", adom, ago=600)
        bench.faz.events.of(adom)[-1].dstip = many[1]
    assert bench.counters_asked() == 0
    run = bench.fleet.play("block_effect", adoms="root,Branch_Office", report_dest="report")
    assert run.code == 0, run.output
    assert len(bench.faz.submits) == 4 and bench.counters_asked() == 4
    data = bench.data()
    assert data["effect"]["totals"] == {"gets through": 2, "stopped": 0, "nothing": 198, "not known": 0}
    assert len(data["effect"]["policies"]) == 4


def test_what_was_not_answered_is_named_and_never_nothing(bench: Bench) -> None:
    hq, dmz = bench.fleet.fortigates
    bench.block(hq, QUIET, ago=2 * HOUR)
    bench.faz.fault("error", url="source-threat", times=99, code=-32603, message="internal error")
    bench.fleet.off[dmz] = refused_port()
    run = bench.fleet.play("block_effect", csv_file="effect.csv", report_dest="report", wait_timeout=20)
    assert run.code != 0 and "The report is not complete" in run.flat
    (said,) = [str(one.result["msg"]) for one in run.results if one.task == "Fail if a result is missing"]
    assert f"{dmz}: " in said and "source-threat" in said
    data = bench.data()
    assert states(data) == {QUIET: "not known"} and data["effect"]["unread"] == [dmz]
    assert data["effect"]["rows"][0]["blocked"] is None
    text = (bench.fleet.controller.folder / "effect.csv").read_text(encoding="utf-8-sig")
    assert dmz in text and "source-threat" in text
