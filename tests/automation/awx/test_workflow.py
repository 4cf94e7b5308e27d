# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflow that hunts and blocks, through ansible-runner: what is in force on the FortiGate at the end of each way."""

from __future__ import annotations

import typing as t

import pytest

from automation.awx.boxes import Site, site
from automation.awx.launch import Launcher
from automation.awx.support import Data, named
from automation.awx.workflow import Walk

pytestmark = pytest.mark.timeout(600)
ANSWERS: Data = {
    "threat_hunt_time_range": "last=24h",
    "threat_hunt_severities": ["critical", "high"],
    "threat_hunt_outcome": "unblocked",
    "threat_hunt_min_incidents": 3,
    "fortigate_block_method": "ban",
    "fortigate_block_ttl": "4h",
    "fortigate_block_vdoms": "root",
    "fortigate_block_on_protected": "skip",
    "approval_above": 1000,
    "incident": "true",
    "incident_name": "Job of a workflow",
    "incident_category": "CAT2",
}


class Walked(t.NamedTuple):
    here: Site
    denied: Walk
    writes_when_denied: int
    banned_when_denied: set[str]
    incidents_when_denied: int
    approved: Walk
    writes_when_approved: int
    unasked: Walk


def walk(launcher: Launcher, approve: bool, limit: int, **how: t.Any) -> Walk:
    walked = Walk(launcher, named(launcher.data["controller_workflows"], "FortiView hunt and block"))
    walked.go({**ANSWERS, "approval_above": limit}, approve, **how)
    return walked


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Walked]:
    """Above the limit, denied, and then approved instead; and below the limit: one after the other on the same box."""
    with site(tmp_path_factory.mktemp("workflow")) as here:
        denied = walk(here.launcher, approve=False, limit=1)
        after_denied = len(here.fortigate.writes), here.banned, len(here.faz.incidents)
        approved = walk(here.launcher, approve=True, limit=1, ended=denied.jobs)
        writes = len(here.fortigate.writes)
        unasked = walk(here.launcher, approve=False, limit=1000, without=["report"])
        yield Walked(here, denied, *after_denied, approved, writes, unasked)


def test_above_the_limit_nothing_is_blocked_unless_somebody_approves(walked: Walked) -> None:
    assert walked.denied.outcomes == {"hunt": "successful", "gate": "failed", "approval": "denied"}
    assert "Approve the blocks in the workflow." in walked.denied.jobs["gate"].stdout
    assert walked.writes_when_denied == 0 and walked.banned_when_denied == set() and walked.incidents_when_denied == 0


def test_what_was_approved_is_blocked_and_nothing_else(walked: Walked) -> None:
    order = [name for name in walked.approved.outcomes if name != "report"]
    assert order == ["hunt", "gate", "approval", "block"]
    assert walked.approved.outcomes["block"] == "successful"
    hunt = walked.approved.jobs["hunt"]
    found = hunt.artifacts[f"threat_hunt_offenders_{hunt.number}"]
    # A ban stops nothing that goes to an address.
    sources = {one["address"] for one in found if one["side"] != "destination"}
    assert 5 < len(sources) < len(found)
    assert walked.here.banned == sources
    assert not [address for address in sources if walked.here.passes(address)]
    assert walked.here.passes("198.51.100.77")


def test_one_incident_in_each_adom_says_what_was_approved(walked: Walked) -> None:
    """Also after the second run of the workflow."""
    block = walked.approved.jobs["block"]
    found = {one.adom: one.fields for one in walked.here.faz.incidents}
    assert found and len(found) == len(walked.here.faz.incidents)
    for fields in found.values():
        assert (fields["name"], fields["category"], fields["status"]) == ("Job of a workflow", "CAT2", "analysis")
        assert f"run {block.number}: " in fields["description"]


def test_the_audit_travels_and_names_the_job_and_its_user(walked: Walked) -> None:
    block = walked.approved.jobs["block"]
    handed_on = block.artifacts["fortigate_block_audit"]
    written = [line for line in walked.here.audit if line["run_id"] == str(block.number)]
    assert handed_on == written
    assert {line["result"] for line in written} == {"blocked", "refused"}
    assert {line["address"] for line in written if line["result"] == "blocked"} == walked.here.banned
    assert {line["job_user"] for line in written} == {"operator"}


def test_below_the_limit_nobody_is_asked_and_a_second_run_changes_nothing(walked: Walked) -> None:
    assert walked.unasked.outcomes == {"hunt": "successful", "gate": "successful", "block": "successful"}
    assert walked.unasked.jobs["block"].hosts_changed == set()
    assert len(walked.here.fortigate.writes) == walked.writes_when_approved


def test_the_workflow_ends_with_a_report(walked: Walked) -> None:
    assert walked.approved.outcomes["report"] == "successful", walked.approved.jobs["report"].stdout
    assert [path for path in walked.here.reports.rglob("*") if path.is_file() and path.stat().st_size > 100]


def test_no_secret_is_printed_or_handed_on(walked: Walked) -> None:
    for walk_of in (walked.denied, walked.approved, walked.unasked):
        for job in walk_of.jobs.values():
            told = job.stdout + str(job.events)
            assert not [secret for secret in walked.here.secrets() if secret in told]
