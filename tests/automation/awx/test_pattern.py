# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Job templates as Automation Platform makes them from meta/pattern.json: job type run, and no variables but the answers."""

from __future__ import annotations

import json
import typing as t

import pytest

from automation.awx.boxes import Site, site
from automation.awx.support import PATTERN, ROOT
from simulators.controller.errors import Refused

pytestmark = pytest.mark.timeout(600)
ATTACKERS = {f"203.0.113.{number}" for number in range(77, 82)}
PARTNER = "198.51.100.7"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Site]:
    with site(tmp_path_factory.mktemp("pattern")) as found:
        templates = found.launcher.data["controller_templates"]
        pattern = json.loads((PATTERN / "meta" / "pattern.json").read_text())
        for made in pattern["aap_resources"]["controller_job_templates"]:
            (kept,) = [one for one in templates if one["name"] == made["name"]]
            launched = {key: kept[key] for key in ("name", "inventory", "credentials")}
            folder = PATTERN.relative_to(ROOT) / "playbooks"
            templates[templates.index(kept)] = {
                **launched,
                "job_type": "run",
                "playbook": str(folder / made["playbook"]),
                "survey_spec": made.get("survey", {}),
            }
        yield found


def answers(here: Site, **more: t.Any) -> dict[str, t.Any]:
    return {
        "fortigate_block_never_extra": "192.0.2.0/24\n198.51.100.0/24",
        "fortigate_block_registry": str(here.registry),
        **more,
    }


def test_a_dry_run_that_is_launched_as_a_run_writes_nothing(here: Site) -> None:
    job = here.launcher.run("FortiView dry run", answers(here, threat_hunt_time_range="last=24h"))
    assert job.successful, job.stdout
    assert "Plan: nothing was written" in job.stdout and "on the exclusion list (198.51.100.0/24)" in job.stdout
    assert "on the exclusion list (192.0.2.0/24)" in job.stdout
    assert len(job.artifacts["threat_hunt_offenders"]) > 5
    assert here.fortigate.writes == []


def test_the_exclusion_list_and_the_registry_come_from_the_answers(here: Site) -> None:
    targets = "\n".join([*ATTACKERS, PARTNER])
    more = answers(here, fortigate_block_targets=targets, fortigate_block_on_protected="skip")
    job = here.launcher.run("FortiView block", more)
    assert job.successful, job.stdout
    assert here.banned == ATTACKERS and here.passes(PARTNER)
    assert {line["address"]: line["result"] for line in job.artifacts["fortigate_block_audit"]} == {
        **dict.fromkeys(ATTACKERS, "blocked"),
        PARTNER: "refused",
    }
    assert here.registry.exists()
    unblocked = here.launcher.run(
        "FortiView unblock",
        {"fortigate_block_registry": str(here.registry), "fortigate_block_targets": ",".join(ATTACKERS)},
    )
    assert unblocked.successful, unblocked.stdout
    assert here.banned == set()


def test_an_empty_exclusion_list_is_stated_by_brackets(here: Site) -> None:
    job = here.launcher.run("FortiView dry run", answers(here, fortigate_block_never_extra="[]"))
    assert job.successful, job.stdout
    assert "Plan: nothing was written" in job.stdout


def test_a_hunt_reads_its_exclusion_list_by_lines(here: Site) -> None:
    given = {"threat_hunt_never": "192.0.2.0/24\n198.51.100.0/24", "threat_hunt_time_range": "last=24h"}
    job = here.launcher.run("FortiView hunt", given)
    assert job.successful, job.stdout
    found = {one["address"] for one in job.artifacts[f"threat_hunt_offenders_{job.number}"]}
    assert found and not [one for one in found if one.startswith(("192.0.2.", "198.51.100."))]


@pytest.mark.parametrize("answer", ["3", 3.5, None, [3]])
def test_a_number_that_is_none_is_refused_before_a_job_starts(here: Site, answer: t.Any) -> None:
    with pytest.raises(Refused, match="threat_hunt_min_incidents"):
        here.launcher.run("FortiView dry run", answers(here, threat_hunt_min_incidents=answer))


def test_a_variable_that_no_survey_asks_for_is_refused(here: Site) -> None:
    with pytest.raises(Refused, match="fortigate_block_infra"):
        here.launcher.run("FortiView list blocks", {"fortigate_block_infra": "203.0.113.0/24"})
