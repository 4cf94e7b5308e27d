# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing is used that ansible-core announces to remove. `make matrix ARGS="--cores next --steps acceptance"` asks the newest one."""

from __future__ import annotations

import typing as t

import pytest

from automation.eda.support import ROOT, write_inventory
from simulators.fortigate import FortiGate
from support.playbooks import Controller, Run

MODULE = "secops.fortiview.faz_fortiview_task"
QUERY = {"view": "top-threats", "limit": 1, "time_range": {"last": "1h"}, "wait": True}


# fortinet.fortios 2.6.0 imports this; the collection does not.
OFFICIAL = "`ansible.module_utils.six`"


def deprecations(run: Run) -> list[str]:
    return [line for line in run.output.splitlines() if "DEPRECAT" in line and OFFICIAL not in line]


def test_what_is_let_pass_is_not_ours() -> None:
    assert [path for path in (ROOT / "plugins").rglob("*.py") if "module_utils.six" in path.read_text()] == []


@pytest.mark.parametrize("process", [{}, {"async": 60, "poll": 1}], ids=["in-process", "module-process"])
@pytest.mark.parametrize(("option", "code"), [({}, 0), ({"vieuw": "top-threats"}, 2)], ids=["right", "wrong"])
def test_a_task(controller: Controller, process: dict[str, t.Any], option: dict[str, t.Any], code: int) -> None:
    task = {MODULE: {**QUERY, **option}, "environment": {"FAZ_REQUEST_TIMEOUT": "20"}, **process}
    places = {"ANSIBLE_ASYNC_DIR": str(controller.folder / "async")}
    run = controller.tasks([task], ANSIBLE_DEPRECATION_WARNINGS="true", **places)
    assert run.code == code, run.output
    assert deprecations(run) == []


@pytest.mark.parametrize("playbook", ["threat_trend", "csv_export", "executive_report"])
def test_a_playbook(controller: Controller, playbook: str) -> None:
    run = controller.playbook(
        f"secops.fortiview.{playbook}", "-e", "csv_file=rows.csv", ANSIBLE_DEPRECATION_WARNINGS="true"
    )
    assert run.code == 0, run.output
    assert deprecations(run) == []


@pytest.mark.parametrize("method", ["ban", "addrgrp", "feed_push"])
def test_a_block(controller: Controller, method: str) -> None:
    variables = {
        "fortigate_block_targets": ["198.51.100.77"],
        "fortigate_block_method": method,
        "fortigate_block_never_extra": [],
        "fortigate_block_audit_dest": str(controller.folder / "audit.jsonl"),
    }
    extra = controller.write("extra.yml", variables)
    with FortiGate() as fortigate:
        inventory = write_inventory(controller.folder, fortigate)
        for playbook in ("bootstrap_policies", "block_targets", "unblock"):
            if (playbook, method) == ("bootstrap_policies", "ban"):
                continue
            run = controller.playbook(
                f"secops.fortiview.{playbook}",
                *("-i", inventory, "-e", f"@{extra}"),
                ANSIBLE_DEPRECATION_WARNINGS="true",
            )
            assert run.code == 0, run.output
            assert deprecations(run) == []
