# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job templates around the workflow, through ansible-runner: what each leaves on the FortiGate."""

from __future__ import annotations

import contextlib
import sqlite3
import typing as t
from pathlib import Path

import pytest

from automation.awx.boxes import Site, site
from automation.awx.launch import USER

pytestmark = pytest.mark.timeout(600)
ATTACKER, OTHER = "203.0.113.77", "2001:db8:bad:9::9"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Site]:
    with site(tmp_path_factory.mktemp("templates"), by_password=True) as found:
        yield found


def test_a_dry_run_plans_and_writes_nothing(here: Site) -> None:
    job = here.launcher.run(
        "FortiView dry run",
        {"threat_hunt_time_range": "last=24h", "threat_hunt_adoms": "root,Branch_Office", "fortigate_block_ttl": "15m"},
    )
    assert job.successful, job.stdout
    assert "Plan: nothing was written" in job.stdout
    planned = {one["address"] for one in job.artifacts["threat_hunt_offenders"]}
    assert len(planned) > 5 and not [address for address in planned if address not in job.stdout]
    assert job.hosts_changed == {"fgt-hq"}
    assert here.fortigate.writes == [] and here.audit == []


def test_bans_are_made_listed_and_removed(here: Site) -> None:
    """Addresses as people enter them; what is on the exclusion list of the site cannot be given by a survey."""
    blocked = here.launcher.run(
        "FortiView block",
        {
            "fortigate_block_targets": f"{ATTACKER}\n{OTHER}, 203.0.113.78 203.0.113.79 203.0.113.80 198.51.100.7",
            "fortigate_block_ttl": "2h",
            "fortigate_block_on_protected": "skip",
            "fortigate_block_vdoms": "root, guest",
            "fortigate_block_ticket": "CHG0030007",
            "fortigate_block_approver": "",
        },
    )
    assert blocked.successful, blocked.stdout
    lines = [line for line in here.audit if line["run_id"] == str(blocked.number)]
    assert {(line["ticket"], line["approver"], line["job_user"]) for line in lines} == {("CHG0030007", "", USER)}
    assert here.banned == {ATTACKER, OTHER, "203.0.113.78", "203.0.113.79", "203.0.113.80"}
    assert {ban["ip_address"] for ban in here.fortigate.bans("guest")} == here.banned
    assert not here.passes(ATTACKER) and here.passes("198.51.100.7")

    listed = here.launcher.run("FortiView list blocks")
    assert listed.successful and ATTACKER in listed.stdout and str(blocked.number) in listed.stdout
    assert "CHG0030007" in listed.stdout

    measured = here.launcher.run("FortiView block effect")
    assert measured.successful and ATTACKER in measured.stdout, measured.stdout
    assert (here.reports / "block_effect" / "report.json").is_file()

    unblocked = here.launcher.run(
        "FortiView unblock", {"fortigate_block_targets": ATTACKER, "fortigate_block_vdoms": "root,guest"}
    )
    assert unblocked.successful, unblocked.stdout
    assert here.passes(ATTACKER) and not here.passes(OTHER)


def test_lists_are_made_filled_and_emptied_in_time(here: Site) -> None:
    made = here.launcher.run("FortiView bootstrap")
    assert made.successful, made.stdout
    assert {policy["policyid"] for policy in here.fortigate.objects("firewall/policy")} >= {9001, 9002}

    blocked = here.launcher.run(
        "FortiView block",
        {"fortigate_block_targets": f"{ATTACKER}", "fortigate_block_method": "feed_push", "fortigate_block_ttl": "1h"},
    )
    assert blocked.successful, blocked.stdout
    assert not here.passes(ATTACKER)

    early = here.launcher.run("FortiView reconcile blocks")
    assert early.successful and not here.passes(ATTACKER), early.stdout
    an_hour_passes(here.registry)
    expired = here.launcher.run("FortiView reconcile blocks")
    assert expired.successful, expired.stdout
    assert here.passes(ATTACKER)
    assert here.audit[-1]["result"] == "expired" and here.audit[-1]["run_id"] == str(expired.number)


def test_without_its_registry_reconcile_fails(here: Site) -> None:
    """The feed has an entry, and no registry knows it: a job that ends well would leave it there for ever."""
    blocked = here.launcher.run(
        "FortiView block",
        {"fortigate_block_targets": OTHER, "fortigate_block_method": "feed_push", "fortigate_block_ttl": "1h"},
    )
    assert blocked.successful, blocked.stdout
    kept = here.registry.rename(here.registry.with_suffix(".kept"))
    lost = here.launcher.run("FortiView reconcile blocks")
    kept.replace(here.registry)
    assert not lost.successful
    assert not here.passes(OTHER)


def an_hour_passes(registry: Path) -> None:
    """For the controller, that is: what the registry says was to end by then has ended."""
    with contextlib.closing(sqlite3.connect(registry)) as connection:
        connection.execute(
            "UPDATE fortiview_claims SET expires_at = expires_at - 3601 WHERE ended_at IS NULL AND method = 'feed_push'"
        )
        connection.commit()


def test_the_daily_report_makes_a_page(here: Site) -> None:
    job = here.launcher.run("FortiView daily report")
    assert job.successful, job.stdout
    assert [path for path in here.reports.rglob("*") if path.is_file() and path.stat().st_size > 100]


def test_respond_keeps_one_incident_that_is_closed_after_its_blocks(here: Site) -> None:
    answers = {
        "threat_hunt_time_range": "last=24h",
        "fortigate_block_on_protected": "skip",
        "fortigate_block_approver": "",
        "incident_name": "Job of a controller",
        "incident_category": "CAT3",
    }
    before = here.banned
    first = here.launcher.run("FortiView respond", answers)
    assert first.successful, first.stdout
    (one,) = here.faz.incidents
    assert (one.adom, one.fields["name"], one.fields["category"]) == ("root", "Job of a controller", "CAT3")
    assert f"run {first.number}: " in one.fields["description"]
    blocked = here.banned - before
    assert len(blocked) > 5 and not [address for address in blocked if here.passes(address)]

    again = here.launcher.run("FortiView respond", answers)
    assert again.successful and again.hosts_changed == set(), again.stdout
    assert len(here.faz.incidents) == 1

    closing = {"incident_name": "Job of a controller", "fortigate_block_ticket": "", "removed_fortigates": ""}
    early = here.launcher.run("FortiView close incident", closing)
    assert early.successful and one.fields["status"] == "analysis", early.stdout
    assert "The incident stays open. Still blocked: " in early.stdout
    removed = here.launcher.run("FortiView unblock", {"fortigate_block_targets": "\n".join(here.banned)})
    assert removed.successful and here.banned == set(), removed.stdout
    late = here.launcher.run("FortiView close incident", closing)
    assert late.successful and one.fields["status"] == "closed", late.stdout
    printed = "".join(job.stdout + str(job.events) for job in (first, again, early, late))
    assert not [secret for secret in here.secrets() if secret in printed]
