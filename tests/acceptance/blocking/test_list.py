# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook list_blocks on a fleet: one row for each address, and whether one address is blocked, which packets decide."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import typing as t
from contextlib import ExitStack
from pathlib import Path

import pytest

from simulators.fortigate import FortiGate
from support.blocking import PREPARED
from support.playbook_fleet import PlaybookFleet
from support.playbooks import Controller
from support.servers import refused_port

NAMES = ("fgt-hq", "fgt-branch", "fgt-lab")
ATTACKER, OTHER, SERVER = "203.0.114.77", "203.0.114.9", "203.0.113.10"


@pytest.fixture
def fleet() -> t.Iterator[PlaybookFleet]:
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="fv-") as folder:
        boxes = {name: stack.enter_context(FortiGate(serial=f"FGT-{name}", hostname=name)) for name in NAMES}
        for box in boxes.values():
            box.switches.update(PREPARED)
        yield PlaybookFleet(Controller(Path(folder)), boxes)
        assert {name: box.check() for name, box in boxes.items() if box.check()} == {}


def table(output: str) -> str:
    return output[output.index("TASK [Print the table]") : output.index("PLAY RECAP")]


def test_one_row_for_each_address_and_files_that_name_what_was_not_read(fleet: PlaybookFleet) -> None:
    """By two methods, on two of three FortiGates; the third one is off."""
    fleet.block("fgt-hq", {"address": ATTACKER, "reasons": ["=cmd()"]}, method="feed_push")
    fleet.block("fgt-branch", ATTACKER, OTHER, method="ban", run_id="4712")
    fleet.off["fgt-lab"] = refused_port()
    run = fleet.play("list_blocks", csv_file="blocks.csv", json_file="blocks.json")
    assert (
        run.code != 0
        and "1 of 3 FortiGates could not be read. Check the following, and run the playbook again: fgt-lab" in run.flat
    )
    (line,) = [one for one in table(run.output).splitlines() if ATTACKER in one]
    for word in ("feed_push, ban", "fgt-branch, fgt-hq", "4711", "4712"):
        assert word in line or ", ".join(reversed(word.split(", "))) in line, line
    assert "Not read: fgt-lab" in run.flat

    found = json.loads((fleet.controller.folder / "blocks.json").read_text())
    assert [row["address"] for row in found["blocks"]] == [OTHER, ATTACKER]
    assert found["blocks"][1]["fortigates"] == ["fgt-branch", "fgt-hq"] and set(found["not_read"]) == {"fgt-lab"}
    text = (fleet.controller.folder / "blocks.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["address"] for row in rows] == [OTHER, ATTACKER, ""] and rows[2]["gap"].startswith("fgt-lab: ")
    assert "'=cmd()" in rows[1]["why"] and "\n=" not in text and ",=" not in text


def test_is_an_address_blocked(fleet: PlaybookFleet) -> None:
    """By a network of somebody else, by a list that no deny policy uses, and not at all."""
    push = {"commands": [{"name": "soc-block", "command": "add", "entries": ["203.0.114.0/24"]}]}
    fleet.fortigates["fgt-hq"].other_administrator("POST", "monitor/system/external-resource/dynamic?vdom=root", push)
    fleet.block("fgt-branch", {"address": ATTACKER, "reasons": ["3 incidents"]}, method="feed_push")
    idle = [{"policyid": number, "status": "disable"} for number in (9001, 9002)]
    fleet.fortigates["fgt-branch"].configure("firewall/policy", idle)
    assert not fleet.fortigates["fgt-hq"].passes(ATTACKER, SERVER)
    run = fleet.play("list_blocks", "-e", f"address={ATTACKER}", hits=True, json_file="found.json")
    assert run.code == 0, run.output
    (row,) = json.loads((fleet.controller.folder / "found.json").read_text())["blocks"]
    blocked = {name for name, box in fleet.fortigates.items() if not box.passes(ATTACKER, SERVER)}
    assert blocked == {"fgt-hq"} and row["blocked"] == "partly" and row["not_on"] == ["fgt-branch", "fgt-lab"]
    assert row["entries"] == [ATTACKER, "203.0.114.0/24"] and row["ours"] == "partly" and row["since"]
    assert row["list_hits"] == 1 and row["list_last_hit"]
    assert "3 incidents" in row["why"] and "no policy denies the addresses in soc-block" in " ".join(row["notes"])
    assert "partly" in table(run.output) and "203.0.114.0/24" in table(run.output)


def test_an_address_that_is_not_blocked_has_a_no(fleet: PlaybookFleet) -> None:
    run = fleet.play("list_blocks", address=[ATTACKER, OTHER], csv_file="found.csv")
    assert run.code == 0, run.output
    text = (fleet.controller.folder / "found.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["address"], row["blocked"]) for row in rows] == [(OTHER, "no"), (ATTACKER, "no")]


def test_nothing_is_blocked(fleet: PlaybookFleet) -> None:
    run = fleet.play("list_blocks", csv_file="empty.csv")
    assert run.code == 0 and "No address is blocked." in run.flat
    assert (fleet.controller.folder / "empty.csv").read_text(encoding="utf-8-sig").startswith("address,methods,")
