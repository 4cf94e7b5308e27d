# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""--limit, canary and dry run of the playbooks that act on FortiGates, read off the FortiGates: three behind one address."""

from __future__ import annotations

import json
import re
import typing as t
from contextlib import ExitStack
from pathlib import Path

import pytest

from simulators.fortianalyzer import FortiAnalyzer
from simulators.fortigate import FortiGate
from support.fortigate_client import Client
from support.fortigates import inventory
from support.playbooks import Controller, Data, Run

NAMES = ("fgt-hq", "fgt-branch", "fgt-lab")
HUNT, BLOCK = "secops.fortiview.threat_hunt", "secops.fortiview.fortigate_block"
ATTACKER, PUBLISHED = "203.0.113.77", "203.0.113.10"
FOLDER = Path(__file__).resolve().parents[2] / "playbooks"
ACTING = {path.stem for path in FOLDER.glob("*.yml") if re.search(r"^#   fortigates +text", path.read_text(), re.M)} | {
    "dry_run"
}


class Site:
    """FortiGates by name, and the playbooks of the collection on them."""

    def __init__(self, controller: Controller, faz: FortiAnalyzer, fortigates: dict[str, FortiGate]) -> None:
        self.controller = controller
        self.faz = faz
        self.fortigates = fortigates
        self.audit = controller.folder / "audit.jsonl"
        self.registry = controller.folder / "blocks.sqlite"
        self.localhost: Data = {}

    def play(self, name: str, *arguments: str, **environment: str) -> Run:
        found = inventory(self.fortigates)
        found["all"]["hosts"]["localhost"].update({"fortigate_block_never_extra": [], **self.localhost})
        place = str(self.controller.write("inventory.yml", found))
        given = (
            "-e",
            f"fortigate_block_audit_dest={self.audit}",
            "-e",
            "fortigate_block_verify_delay=0",
            "-e",
            f"fortigate_block_registry={self.registry}",
        )
        return self.controller.playbook(f"secops.fortiview.{name}", "-i", place, *given, *arguments, **environment)

    def banned(self, name: str) -> set[str]:
        return {ban["ip_address"] for ban in self.fortigates[name].bans()}

    def untouched(self, *names: str) -> bool:
        """Whether these were not even asked."""
        return all(len(self.fortigates[name].journal) == 0 for name in names)

    def forget(self) -> None:
        for fortigate in self.fortigates.values():
            fortigate.journal.clear()

    @property
    def hunts(self) -> int:
        return sum(1 for params in self.faz.submits if params["url"].endswith("/top-threats/run"))


@pytest.fixture
def site(controller: Controller, faz: FortiAnalyzer) -> t.Iterator[Site]:
    with ExitStack() as stack:
        fortigates = {name: stack.enter_context(FortiGate(serial=f"FGT-{name}", hostname=name)) for name in NAMES}
        yield Site(controller, faz, fortigates)
        for fortigate in fortigates.values():
            assert fortigate.check() == [] and fortigate.alarms == []


def offenders(run: Run) -> set[str]:
    return {
        one["address"]
        for one in run.of(f"{HUNT} : Decide which addresses are offenders")["ansible_facts"]["threat_hunt_offenders"]
    }


def hosts_of(run: Run, task: str) -> list[str]:
    return [one.host for one in run.results if one.task == task]


def test_every_acting_playbook_is_met_here() -> None:
    text = Path(__file__).read_text()
    assert len(ACTING) >= 7
    assert [name for name in sorted(ACTING) if f'play("{name}"' not in text] == []


def test_a_hunt_blocks_within_the_limit_alone(site: Site) -> None:
    run = site.play("block_offenders", "-e", "last=24h", "--limit", "fgt-hq")
    assert run.code == 0, run.output
    assert len(site.banned("fgt-hq")) > 5
    assert site.banned("fgt-hq") <= offenders(run)
    assert site.untouched("fgt-branch", "fgt-lab")
    assert site.hunts == 1
    assert "Threats that were found" in run.output
    assert "What was done" in run.output and "fgt-hq" in run.output
    assert {json.loads(line)["host"] for line in site.audit.read_text().splitlines()} == {"fgt-hq"}


def test_a_hunt_without_a_limit_is_one_for_all_batches(site: Site) -> None:
    run = site.play("block_offenders", "-e", "last=24h", ANSIBLE_STRATEGY="free")
    assert run.code == 0, run.output
    assert len({frozenset(site.banned(name)) for name in NAMES}) == 1 and len(site.banned("fgt-hq")) > 5
    assert site.hunts == 1
    assert run.output.count("PLAY [Block the offenders]") > 1
    assert hosts_of(run, f"{BLOCK} : Block the targets") == list(NAMES)
    assert hosts_of(run, f"{HUNT} : Find threats and the addresses behind them") == ["localhost"]


def test_the_canary_holds_back_the_others(site: Site) -> None:
    site.fortigates["fgt-hq"].switches.read_only = True
    run = site.play("block_offenders", "-e", "last=24h", "--limit", "fgt-hq,fgt-branch")
    assert run.code != 0
    assert all(fortigate.bans() == [] for fortigate in site.fortigates.values())
    assert site.fortigates["fgt-branch"].writes == site.fortigates["fgt-lab"].writes == []
    assert "another FortiGate had failed before" in run.flat
    assert site.hunts == 1


def test_a_hunt_that_fails_blocks_nothing(site: Site) -> None:
    run = site.play("block_offenders", "-e", "adoms=Nowhere", "--limit", "fgt-hq")
    assert run.code != 0 and "Nowhere" in run.said
    assert site.untouched(*NAMES)


def test_no_offenders_are_said_with_a_limit_too(site: Site) -> None:
    run = site.play("block_offenders", "-e", "names=no.such.threat", "-e", "last=24h", "--limit", "fgt-hq")
    assert run.code == 0, run.output
    assert "There are no offenders to block." in run.output
    assert site.hunts == 1 and site.untouched(*NAMES)


def test_check_mode_plans_within_the_limit(site: Site) -> None:
    run = site.play("block_offenders", "-e", "last=24h", "--limit", "fgt-hq", "--check")
    assert run.code == 0, run.output
    assert "Plan: nothing was written" in run.output and "fgt-hq" in run.output
    assert site.fortigates["fgt-hq"].writes == [] and site.untouched("fgt-branch", "fgt-lab")
    assert not site.audit.exists()


@pytest.mark.parametrize("arguments", [(), ("--limit", "fgt-hq", "-e", "__fortiview_dry_run=false")])
def test_a_dry_run_writes_nothing_without_check_mode(site: Site, arguments: tuple[str, ...]) -> None:
    run = site.play("dry_run", "-e", "last=24h", *arguments)
    assert run.code == 0, run.output
    assert "Plan: nothing was written" in run.output
    assert len(offenders(run)) > 5
    assert all(fortigate.writes == [] for fortigate in site.fortigates.values())
    assert len(site.fortigates["fgt-hq"].journal) > 0
    assert site.untouched("fgt-branch", "fgt-lab") == ("--limit" in arguments)
    assert not site.audit.exists()


def test_the_exclusion_list_of_localhost_counts_whatever_the_limit(site: Site) -> None:
    site.localhost["fortigate_block_never_extra"] = ["198.51.100.0/24"]
    run = site.play("block_offenders", "-e", "last=24h", "--limit", "fgt-hq")
    assert run.code == 0, run.output
    assert "on the exclusion list (198.51.100.0/24)" in run.flat
    assert site.banned("fgt-hq") and not [one for one in site.banned("fgt-hq") if one.startswith("198.51.100.")]


def test_given_targets_are_blocked_listed_and_unblocked_within_the_limit(site: Site) -> None:
    limit = ("--limit", "fgt-hq")
    blocked = site.play("block_targets", "-e", f"fortigate_block_targets={ATTACKER}", *limit)
    assert blocked.code == 0, blocked.output
    assert "What was done" in blocked.output
    assert not site.fortigates["fgt-hq"].passes(ATTACKER, PUBLISHED)
    assert site.untouched("fgt-branch", "fgt-lab")

    listed = site.play("list_blocks", *limit)
    assert listed.code == 0 and ATTACKER in listed.output
    assert site.untouched("fgt-branch", "fgt-lab")

    # The block is of now, so that FortiView has nothing about it yet.
    measured = site.play("block_effect", *limit)
    assert measured.code == 0, measured.output
    assert ATTACKER in measured.output and "No block is old enough to be measured" in measured.flat
    assert site.faz.submits == [] and site.untouched("fgt-branch", "fgt-lab")

    closed = site.play("close_incident", *limit)
    assert closed.code == 0, closed.output
    assert site.untouched("fgt-branch", "fgt-lab")

    lifted = site.play("unblock", "-e", f"fortigate_block_targets={ATTACKER}", *limit)
    assert lifted.code == 0, lifted.output
    assert site.fortigates["fgt-hq"].passes(ATTACKER, PUBLISHED)
    assert site.untouched("fgt-branch", "fgt-lab")


def test_what_nobody_knows_is_adopted_within_the_limit(site: Site) -> None:
    for fortigate in site.fortigates.values():
        fortigate.seed_bans([{"ip_address": ATTACKER, "source": "Administrative"}])
    adopted = site.play("adopt_blocks", "-e", "everything=true", "--limit", "fgt-hq")
    assert adopted.code == 0, adopted.output
    assert ATTACKER in adopted.output and site.untouched("fgt-branch", "fgt-lab")


def test_handed_on_targets_are_blocked_within_the_limit(site: Site) -> None:
    found = [{"address": ATTACKER, "reasons": ["severity critical"], "threats": ["Test.Threat"]}]
    handed_on = ("-e", json.dumps({"threat_hunt_offenders_1": found}))
    limited = site.play("block_targets", *handed_on, "--limit", "fgt-branch")
    assert limited.code == 0, limited.output
    assert site.banned("fgt-branch") == {ATTACKER}
    assert site.untouched("fgt-hq", "fgt-lab")

    everywhere = site.play("block_targets", *handed_on)
    assert everywhere.code == 0, everywhere.output
    assert all(site.banned(name) == {ATTACKER} for name in NAMES)


def test_without_targets_nothing_is_touched(site: Site) -> None:
    run = site.play("block_targets")
    assert run.code != 0 and "There are no offenders, because no hunt has passed on threat_hunt_offenders." in run.said
    assert site.untouched(*NAMES)


def test_lists_are_made_and_expire_within_the_limit(site: Site) -> None:
    limit = ("--limit", "fgt-hq")
    made = site.play("bootstrap_policies", *limit)
    assert made.code == 0, made.output
    assert {policy["policyid"] for policy in site.fortigates["fgt-hq"].objects("firewall/policy")} >= {9001, 9002}

    target = ("-e", f"fortigate_block_targets={ATTACKER}", "-e", "fortigate_block_method=feed_push")
    blocked = site.play("block_targets", *target, *limit)
    assert blocked.code == 0, blocked.output
    assert not site.fortigates["fgt-hq"].passes(ATTACKER, PUBLISHED)

    expired = site.play("reconcile_blocks", "-e", "fortigate_block_expired_by=2999-01-01T00:00:00Z", *limit)
    assert expired.code == 0, expired.output
    assert site.fortigates["fgt-hq"].passes(ATTACKER, PUBLISHED)
    assert site.untouched("fgt-branch", "fgt-lab")


def test_blocks_are_adopted_within_the_limit(site: Site) -> None:
    limit = ("--limit", "fgt-hq")
    for name in ("fgt-hq", "fgt-branch"):
        with Client(site.fortigates[name]) as client:
            client.ban(ATTACKER)
        site.forget()
    adopted = site.play("adopt_blocks", "-e", "everything=true", *limit)
    assert adopted.code == 0, adopted.output
    assert site.untouched("fgt-branch", "fgt-lab")

    lifted = site.play("unblock", "-e", "everything=true", *limit)
    assert lifted.code == 0, lifted.output
    assert site.banned("fgt-hq") == set() and site.banned("fgt-branch") == {ATTACKER}


def test_a_hunt_in_adoms_asks_within_the_limit(controller: Controller, faz: FortiAnalyzer) -> None:
    hosts = {name: {"ansible_connection": "local"} for name in ("root", "Branch_Office")}
    place = controller.write("adoms.yml", {"all": {"children": {"fortianalyzer_adoms": {"hosts": hosts}}}})
    run = controller.playbook("secops.fortiview.hunt_adoms", "-i", str(place), "--limit", "Branch_Office")
    assert run.code == 0, run.output
    assert {params["url"].split("/")[3] for params in faz.submits} == {"Branch_Office"}


def test_a_host_without_the_name_of_an_adom_has_its_own(controller: Controller, faz: FortiAnalyzer) -> None:
    """An empty name is none; left to the module it would be the ADOM root."""
    hosts = {"Branch_Office": {"ansible_connection": "local", "fortianalyzer_adom": ""}}
    place = controller.write("adoms.yml", {"all": {"children": {"fortianalyzer_adoms": {"hosts": hosts}}}})
    run = controller.playbook("secops.fortiview.hunt_adoms", "-i", str(place))
    assert run.code == 0, run.output
    assert {params["url"].split("/")[3] for params in faz.submits} == {"Branch_Office"}
