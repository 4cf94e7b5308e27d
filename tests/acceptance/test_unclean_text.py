# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks whose replies hold text as an attacker or an old client wrote it."""

from __future__ import annotations

import datetime as dt

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from support.playbooks import Controller


def day(faz: FortiAnalyzer) -> dict[str, str]:
    """One that is over, so that it has the same logs however late it is asked for."""
    ends = (dt.datetime.fromtimestamp(faz.anchor - hours * 3600, dt.timezone.utc) for hours in (27, 3))
    return dict(zip(("start", "end"), (end.isoformat() for end in ends)))


def ask(faz: FortiAnalyzer) -> dict[str, object]:
    asked = {"view": "top-threats", "time_range": day(faz), "limit": 1000, "wait": True}
    return {"name": "Ask", "secops.fortiview.faz_fortiview_task": asked}


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("latin-1", "\ufffd"), ("control", "\x1b\t"), ("odd escape", "\\x41"), ("half pair", "\ufffd")],
)
def test_the_rows_are_kept_and_the_warning_names_the_view(
    controller: Controller, faz: FortiAnalyzer, kind: str, shown: str
) -> None:
    faz.switches.update({"odd_text": {"threat": kind}, "task_seconds": 2.0})
    run = controller.tasks([ask(faz)])
    assert run.code == 0, run.output
    result = run.of("Ask")["result"]
    faz.switches.odd_text = {}
    clean = controller.tasks([ask(faz)]).of("Ask")["result"]
    assert result["complete"]
    assert [row["incidents"] for row in result["rows"]] == [row["incidents"] for row in clean["rows"]]
    name = clean["rows"][0]["threat"]
    assert result["rows"][0]["threat"] == name[: len(name) // 2] + shown + name[len(name) // 2 :]
    (said,) = [text for text in result["warnings"] if "invalid text" in text]
    assert "top-threats" in said and "ADOM root" in said
    assert clean["warnings"] == []


def test_a_shipped_playbook_shows_the_rows_and_the_warning(controller: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.odd_text = {"threat": "latin-1"}
    run = controller.playbook("secops.fortiview.top_threats", "-e", "limit=3")
    assert run.code == 0, run.output
    rows = run.of("Query FortiAnalyzer")["results"][0]["rows"]
    assert len(rows) == 3
    assert all(str(row["threat"]) in run.output for row in rows)
    assert "invalid text" in run.flat and "view top-threats" in run.flat


def test_a_hunt_goes_on(controller: Controller, faz: FortiAnalyzer) -> None:
    """An address with a lost byte is none, and all others are found."""
    role = {
        "ansible.builtin.include_role": {"name": "secops.fortiview.threat_hunt"},
        "vars": {"threat_hunt_time_range": day(faz)},
    }
    shown = {"name": "Offenders", "ansible.builtin.debug": {"var": "threat_hunt_offenders"}}
    clean = controller.tasks([role, shown]).of("Offenders")["threat_hunt_offenders"]
    faz.switches.odd_text = {"srcip": "latin-1", "threattype": "latin-1"}
    run = controller.tasks([role, shown])
    assert run.code == 0, run.output
    found = {one["address"] for one in run.of("Offenders")["threat_hunt_offenders"]}
    assert found and found <= {one["address"] for one in clean}


def test_what_is_no_json_is_named_with_its_place(controller: Controller, faz: FortiAnalyzer) -> None:
    faz.switches.odd_text = {"threat": "quote"}
    run = controller.tasks([ask(faz)])
    assert run.code == 2
    assert run.failure["error"]["kind"] == "garbled"
    for word in ("view top-threats", "ADOM root", faz.host, "at byte ", "filter"):
        assert word in run.said
    assert faz.password not in run.output
