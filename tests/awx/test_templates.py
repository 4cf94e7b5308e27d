# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job templates around the workflow, through ansible-runner: what each leaves on the FortiGate."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from awx.boxes import Site, site

pytestmark = pytest.mark.timeout(600)
ATTACKER, OTHER = "203.0.113.77", "2001:db8:bad:9::9"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Site]:
    with site(tmp_path_factory.mktemp("templates"), by_password=True) as found:
        yield found


def test_a_dry_run_plans_and_writes_nothing(here: Site) -> None:
    job = here.launcher.run(
        "FortiView dry run",
        {"threat_hunt_time_range": "last=24h", "threat_hunt_adoms": "root,Branch_Office", "fortigate_block_ttl": 900},
    )
    assert job.successful, job.stdout
    assert "Plan: nothing was written" in job.stdout
    planned = {one["address"] for one in job.artifacts["threat_hunt_offenders"]}
    assert len(planned) > 5 and not [address for address in planned if address not in job.stdout]
    assert job.hosts_changed == {"fgt-hq"}
    assert here.fortigate.writes == [] and here.audit == []


def test_bans_are_made_told_and_lifted(here: Site) -> None:
    """Addresses as people enter them; what is on the exclusion list of the site cannot be given by a survey."""
    blocked = here.launcher.run(
        "FortiView block",
        {
            "fortigate_block_targets": f"{ATTACKER}\n{OTHER}, 203.0.113.78 203.0.113.79 203.0.113.80 198.51.100.7",
            "fortigate_block_ttl": 7200,
            "fortigate_block_on_protected": "skip",
            "fortigate_block_vdoms": "root, guest",
        },
    )
    assert blocked.successful, blocked.stdout
    assert here.banned == {ATTACKER, OTHER, "203.0.113.78", "203.0.113.79", "203.0.113.80"}
    assert {ban["ip_address"] for ban in here.fortigate.bans("guest")} == here.banned
    assert not here.passes(ATTACKER) and here.passes("198.51.100.7")

    listed = here.launcher.run("FortiView list blocks")
    assert listed.successful and ATTACKER in listed.stdout and f'"run_id": "{blocked.number}"' in listed.stdout

    lifted = here.launcher.run(
        "FortiView unblock", {"fortigate_block_targets": ATTACKER, "fortigate_block_vdoms": "root,guest"}
    )
    assert lifted.successful, lifted.stdout
    assert here.passes(ATTACKER) and not here.passes(OTHER)


def test_lists_are_made_filled_and_emptied_in_time(here: Site) -> None:
    made = here.launcher.run("FortiView bootstrap")
    assert made.successful, made.stdout
    assert {policy["policyid"] for policy in here.fortigate.objects("firewall/policy")} >= {9001, 9002}

    blocked = here.launcher.run(
        "FortiView block",
        {"fortigate_block_targets": f"{ATTACKER}", "fortigate_block_method": "feed_push", "fortigate_block_ttl": 3600},
    )
    assert blocked.successful, blocked.stdout
    assert not here.passes(ATTACKER)

    an_hour_passes(here.audit_file)
    expired = here.launcher.run("FortiView expire blocks")
    assert expired.successful, expired.stdout
    assert here.passes(ATTACKER)
    assert here.audit[-1]["result"] == "expired" and here.audit[-1]["run_id"] == str(expired.number)


def an_hour_passes(audit: Path) -> None:
    """For the controller, that is: what the audit file says was to end then has ended."""
    lines = [line for line in map(json.loads, audit.read_text().splitlines()) if line["result"] != "attempted"]
    past = {"time": "2026-01-01T00:00:00Z", "expires": "2026-01-01T01:00:00Z"}
    old = [{**line, **past} if line["method"] == "feed_push" else line for line in lines]
    audit.write_text("".join(json.dumps(line) + "\n" for line in old))


def test_the_daily_report_makes_a_page(here: Site) -> None:
    job = here.launcher.run("FortiView daily report")
    assert job.successful, job.stdout
    assert [path for path in here.reports.rglob("*") if path.is_file() and path.stat().st_size > 100]
