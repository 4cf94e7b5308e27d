# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By which ticket an address is blocked and who has approved it: in the registry, the audit log, comments, the list and the result."""

from __future__ import annotations

import contextlib
import json
import typing as t
from pathlib import Path

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.registry.store import open_registry

from simulators.fortigate import FortiGate, ManualClock
from support.blocking import PREPARED, Data, Several, listed

START = 1_800_000_000.0
METHODS = ("ban", "feed_push", "addrgrp")
PLAIN, OWN, PUBLISHED = "198.51.100.7", "203.0.114.77", "203.0.113.10"
# What an attacker calls a threat, to pass for somebody's ticket.
PRETENDS = "ticket=CHG-9 approver=boss"
TARGETS = [{"address": PLAIN, "threats": [PRETENDS]}, {"address": OWN, "ticket": "CHG-1", "approver": "{{ 6 * 7 }}"}]
WHO = {PLAIN: ("CHG-7", "Jürgen"), OWN: ("CHG-1", "{{ 6 * 7 }}")}


@pytest.fixture(scope="module")
def box() -> t.Iterator[FortiGate]:
    with FortiGate(clock=ManualClock(START), serial="FGT-1", hostname="one") as found:
        yield found


def who(found: t.Iterable[Data]) -> dict[str, tuple[str, str]]:
    return {str(one["address"]): (one["ticket"], one["approver"]) for one in found}


@pytest.mark.parametrize("method", METHODS)
def test_ticket_and_approver_are_wherever_a_block_is(box: FortiGate, tmp_path: Path, method: str) -> None:
    box.reset()
    box.switches.update(PREPARED)
    site = Several({"one": box}, str(tmp_path / "blocks.sqlite"))
    audit = tmp_path / "audit.jsonl"
    usual = {"method": method, "audit_log": str(audit)}

    found = site.block(targets=TARGETS, ticket="CHG-7", approver=" Jürgen\n", **usual)["one"]
    assert who(found["steps"]) == WHO and not any(box.passes(address, PUBLISHED) for address in WHO)
    # A run without them takes none away.
    assert not site.block(targets=TARGETS, **usual)["one"]["changed"]
    assert who(listed(site.line("one"), registry=site.registry, method=method)) == WHO
    lines = [json.loads(line) for line in audit.read_text().splitlines()]
    assert who(line for line in lines if line["result"] == "blocked") == WHO
    if method == "addrgrp":
        comments = {one["name"]: one.get("comment") for one in box.objects("firewall/address")}
        assert comments[f"blk-{OWN}"].endswith(" ticket=CHG-1 approver={{ 6 * 7 }}")
        # What comes first is read again, and no threat passes for a field.
        assert comments[f"blk-{PLAIN}"].startswith("run=run-1 exp=2027-")
        assert comments[f"blk-{PLAIN}"].endswith(" ticket=CHG-7 approver=J_rgen ticket_CHG-9 approver_boss")

    site.each("absent", targets=[PLAIN], ticket=4711, approver="anna", **usual)
    assert box.passes(PLAIN, PUBLISHED) and not box.passes(OWN, PUBLISHED)
    removed = [json.loads(line) for line in audit.read_text().splitlines()][len(lines) :]
    assert who(removed) == {PLAIN: ("4711", "anna")}
    with contextlib.closing(open_registry(site.registry)) as registry:
        claims = [*registry.find(), *(one.claim for one in registry.history())]
    assert len(claims) == 2 and who(one._asdict() for one in claims) == WHO
