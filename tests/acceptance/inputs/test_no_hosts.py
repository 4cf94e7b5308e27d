# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A playbook that has nothing to ask and nobody to act on fails: Ansible alone skips plays without hosts and reports success."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest
import yaml

from simulators.fortianalyzer import FortiAnalyzer
from support.fortigates import CONNECTION
from support.playbooks import Controller, Run

FOLDER = Path(__file__).resolve().parents[3] / "playbooks"
PLAYBOOKS = sorted(path.stem for path in FOLDER.glob("*.yml"))
# What a playbook asks for besides hosts, so that it fails for no other reason.
GIVEN: dict[str, tuple[str, ...]] = {
    "batch_results": ("-e", "tids=1"),
    "block_targets": ("-e", "fortigate_block_targets=203.0.113.77"),
    "csv_export": ("-e", "csv_file=rows.csv"),
    "incident_window": ("-e", '{"alert": "2026-03-01 14:30"}'),
    "one_device": ("-e", "device=FGT-A"),
    "unblock": ("-e", "everything=true"),
    "widespread_threats": ("-e", "adoms=root,Branch_Office"),
}
AUDIT = ("-e", "fortigate_block_audit_dest=/nonexistent/audit.jsonl", "-e", "fortigate_block_never_extra=[]")


def source(name: str) -> str:
    return (FOLDER / f"{name}.yml").read_text()


def hosts_of(name: str) -> set[str]:
    """What the plays of a playbook run on, those of a playbook that it imports included."""
    found = set()
    for play in yaml.safe_load(source(name)):
        imported = play.get("ansible.builtin.import_playbook", "")
        if imported and "/" not in imported:
            found |= hosts_of(imported.removesuffix(".yml"))
        elif not imported:
            found.add(play["hosts"])
    return found


def group_of(name: str) -> str:
    """The group that a playbook needs; localhost where it runs there alone."""
    hosts = hosts_of(name)
    groups = set(re.findall(r"default\('(\w+)'\)", str(hosts)))
    assert len(groups) == 1 or hosts == {"localhost"}, name
    return groups.pop() if groups else "localhost"


REPORTS = [name for name in PLAYBOOKS if group_of(name) == "localhost"]
GROUPED = [name for name in PLAYBOOKS if name not in REPORTS]
WITH_ADOMS = [name for name in PLAYBOOKS if re.search(r"^#   adoms +list", source(name), re.M)]
OTHER: dict[str, t.Any] = {
    "all": {"children": {"others": {"hosts": {"fgt-hq": {**CONNECTION, "ansible_host": "127.0.0.1"}}}}}
}


def play(controller: Controller, name: str, *arguments: str) -> Run:
    return controller.playbook(f"secops.fortiview.{name}", *GIVEN.get(name, ()), *AUDIT, *arguments)


def nothing_asked(run: Run, faz: FortiAnalyzer) -> None:
    assert run.code != 0, run.output
    assert len(faz.journal) == 0
    assert "No query was sent and nothing was changed" in run.flat


def test_all_kinds_of_playbooks_are_met() -> None:
    assert {"top_threats", "awx_setup", "approval_gate"} < set(REPORTS)
    assert {group_of(name) for name in GROUPED} == {"fortigates", "fortianalyzer_adoms"}
    assert {"block_offenders", "hunt_adoms", "list_blocks", "unblock", "dry_run"} < set(GROUPED)
    assert {"block_offenders", "csv_export", "scheduled_intel"} < set(WITH_ADOMS)


@pytest.mark.parametrize("name", GROUPED)
def test_a_missing_group_is_named(controller: Controller, faz: FortiAnalyzer, name: str) -> None:
    run = play(controller, name, "-i", "localhost,")
    nothing_asked(run, faz)
    group = group_of(name)
    assert f'no host of the inventory matches "{group}"' in run.said and "-i" in run.said and f"-e {group}=" in run.said


@pytest.mark.parametrize("name", REPORTS)
def test_a_limit_that_leaves_out_localhost_is_named(controller: Controller, faz: FortiAnalyzer, name: str) -> None:
    run = play(controller, name, "-i", str(controller.write("inventory.yml", OTHER)), "--limit", "fgt-hq")
    nothing_asked(run, faz)
    assert "--limit fgt-hq excludes localhost" in run.said


@pytest.mark.parametrize("name", ["block_offenders", "hunt_adoms"])
def test_a_limit_that_leaves_out_the_group_is_named(controller: Controller, faz: FortiAnalyzer, name: str) -> None:
    group = {"hosts": {"fgt-branch": {"ansible_connection": "local"}, "fgt-lab": {"ansible_connection": "local"}}}
    inventory = {"all": {"hosts": {"web": None}, "children": {group_of(name): group}}}
    run = play(controller, name, "-i", str(controller.write("inventory.yml", inventory)), "--limit", "web")
    nothing_asked(run, faz)
    assert "--limit web excludes fgt-branch, fgt-lab" in run.said


@pytest.mark.parametrize("name", ["list_blocks", "hunt_adoms"])
@pytest.mark.parametrize("members", [None, {}])
def test_a_group_without_hosts_is_a_missing_one(
    controller: Controller, faz: FortiAnalyzer, name: str, members: t.Optional[dict[str, t.Any]]
) -> None:
    inventory = {"all": {"hosts": {"localhost": None}, "children": {group_of(name): {"hosts": members}}}}
    run = play(controller, name, "-i", str(controller.write("inventory.yml", inventory)))
    nothing_asked(run, faz)
    assert f'no host of the inventory matches "{group_of(name)}"' in run.said


@pytest.mark.parametrize(
    ("name", "variable", "value"),
    [
        ("list_blocks", "fortigates", ""),
        ("unblock", "fortigates", "fgt-hq:!fgt-hq"),
        ("hunt_adoms", "fortianalyzer_adoms", "nobody"),
    ],
)
def test_hosts_that_are_not_there_are_named(
    controller: Controller, faz: FortiAnalyzer, name: str, variable: str, value: str
) -> None:
    run = play(controller, name, "-i", str(controller.write("inventory.yml", OTHER)), "-e", f"{variable}={value}")
    nothing_asked(run, faz)
    assert f'no host of the inventory matches "{value}"' in run.said


@pytest.mark.parametrize(("name", "variable"), [("list_blocks", "fortigates"), ("hunt_adoms", "fortianalyzer_adoms")])
def test_a_choice_in_the_inventory_is_refused(
    controller: Controller, faz: FortiAnalyzer, name: str, variable: str
) -> None:
    """Ansible does not look there for the hosts of a play: others would be asked, or none."""
    inventory = {"all": {**OTHER["all"], "vars": {variable: "others"}}}
    run = play(controller, name, "-i", str(controller.write("inventory.yml", inventory)))
    nothing_asked(run, faz)
    assert f"-e {variable}=others" in run.said


@pytest.mark.parametrize(
    ("name", "inventory"),
    [("top_threats", "empty.ini"), ("block_offenders", "empty.ini"), ("hunt_adoms", "localhost,")],
)
def test_a_limit_that_matches_nothing_is_an_error(
    controller: Controller, faz: FortiAnalyzer, name: str, inventory: str
) -> None:
    controller.write("empty.ini", "")
    run = play(controller, name, "-i", inventory, "--limit", "fgt-hq")
    assert run.code != 0, run.output
    assert "--limit" in run.flat and len(faz.journal) == 0


@pytest.mark.parametrize(
    ("inventory", "limit"),
    [("localhost,fgt-hq,", "localhost"), ("localhost,fgt-hq,", "fgt-*,local*"), ("empty.ini", "localhost")],
)
def test_a_limit_with_localhost_is_enough_for_a_report(
    controller: Controller, faz: FortiAnalyzer, inventory: str, limit: str
) -> None:
    controller.write("empty.ini", "")
    run = play(controller, "top_threats", "-i", inventory, "--limit", limit)
    assert run.code == 0, run.output
    assert run.of("Query FortiAnalyzer")["results"][0]["rows"]
    assert len(faz.submits) == 1


@pytest.mark.parametrize(
    ("name", "adoms"),
    [
        *((name, '""') for name in WITH_ADOMS),
        ("scheduled_intel", "[]"),
        ("block_offenders", "[]"),
        ("block_offenders", '" , "'),
    ],
)
def test_no_adom_is_nothing_to_ask(controller: Controller, faz: FortiAnalyzer, name: str, adoms: str) -> None:
    group = {group_of(name): {"hosts": {"fgt-hq": {"ansible_connection": "local"}}}}
    inventory = {"all": {"hosts": {"localhost": {"ansible_connection": "local"}}, "children": group}}
    place = str(
        controller.write("inventory.yml", inventory if group_of(name) != "localhost" else {"all": inventory["all"]})
    )
    run = play(controller, name, "-i", place, "-e", f'{{"adoms": {adoms}}}')
    assert run.code != 0, run.output
    assert faz.submits == [], run.output
    assert "adom" in run.said
